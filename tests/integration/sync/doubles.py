"""A channel that answers by plan, a store whose writes fail, and time that a test holds in its hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from app.domain.outbox import Claim
from app.errors import EnvironmentProblem
from app.ports import Context, UnitOfWork
from forms.text import Text
from sync.outcome import Accepted, LoggedIn, LoginOutcome, Message, Outcome

FULL = EnvironmentProblem("disk-full", Text("Ổ đĩa đầy", "The disk is full"))


class Scripted:
    """A channel that answers by plan, then accepts; `factory` hands out this one object."""

    def __init__(self, *plan: Outcome | Exception, login: LoginOutcome | Exception | None = None) -> None:
        self.plan = list(plan)
        self.login_outcome = login or LoggedIn(None)
        self.sent: list[Message] = []
        self.unbuildable: set[str] = set()
        self.before_send: Callable[[], None] = lambda: None
        self.closed = threading.Event()

    def factory(self, *_: object) -> Scripted:
        return self

    def login(self) -> LoginOutcome:
        if isinstance(self.login_outcome, Exception):
            raise self.login_outcome
        return self.login_outcome

    def build(self, claim: Claim) -> Message:
        if claim.revision.record_id in self.unbuildable:
            raise KeyError("Lò Thị Mẫu 038185000042")
        key = f"{claim.revision.record_id}.{claim.revision.revision}"
        return Message(f"<{key} {len(self.sent)}>".encode(), key)

    def fits(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> Outcome:
        self.before_send()
        self.sent.append(message)
        outcome = self.plan.pop(0) if self.plan else Accepted(f"TN-{len(self.sent)}")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self) -> None:
        self.closed.set()


class FakeTime:
    """Waiting takes no time, unless somebody rings."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waits: list[float | None] = []

    def now(self) -> float:
        return self.at

    def wait_for(self, bell: threading.Condition, ready: Callable[[], bool], seconds: float | None) -> None:
        self.waits.append(seconds)
        if not ready():
            self.at += seconds or 0.0


class FaultyStore:
    """The real store, whose n-th next write fails before anything is done, or (-n) after it was committed."""

    def __init__(self, ctx: Context, *failures: int) -> None:
        self._store = ctx.store
        self._failures = set(failures)
        self._writes = 0
        self.device_id = ctx.store.device_id

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self._store.reading()

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        self._writes += 1
        if self._writes in self._failures:
            raise FULL
        with self._store.writing() as uow:
            yield uow
            if -self._writes in self._failures:
                raise FULL

    def close(self) -> None:
        self._store.close()


class SteppedTime(FakeTime):
    """Waits end when the test lets time pass, or when the bell rings."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = threading.Event()
        self._bell = threading.Condition()
        self._steps = 0

    def wait_for(self, bell: threading.Condition, ready: Callable[[], bool], seconds: float | None) -> None:
        self._bell = bell
        self._waiting.set()
        bell.wait_for(lambda: ready() or self._steps > 0)
        if self._steps:
            self._steps -= 1
            self.at += seconds or 0.0

    def let_pass(self) -> None:
        assert self._waiting.wait(10)
        with self._bell:
            self._steps += 1
            self._bell.notify_all()
