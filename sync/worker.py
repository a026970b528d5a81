"""The sync thread: asks the engine what to do, does it, and tells what became of it.

The engine decides (sync.engine), `Delivery` acts (sync.delivery); this module keeps time, waits on a bell
instead of polling, and turns both into a status for people.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Protocol

from app.domain.outbox import OutboxTotals
from app.domain.records import ChangeSet
from app.errors import AppError
from app.ports import ChangeListener, Clock, Store
from forms.text import Text
from sync.channels.base import ChannelFactory
from sync.delivery import Delivery, bug_code
from sync.engine import (
    IDLE_RECHECK,
    Action,
    Answered,
    Event,
    Idle,
    LocalTrouble,
    Login,
    LoginDone,
    NotSetUp,
    Send,
    State,
    Stop,
    TimePassed,
    Wait,
    WaitReason,
    Wake,
    Woken,
    step,
)
from sync.outcome import Accepted, Duplicate, LoggedIn, Outcome, Rejected, Unknown
from sync.status import LinkState, RunReport, SyncStatus, status_of

_log = logging.getLogger(__name__)

QD831 = "qd831"
STATUS_EVERY = 1.0
"""Seconds between two counts of the outbox while rows are flowing; counting 200,000 rows is not free."""

_NOT_SET_UP = Text(
    "Chưa khai báo cổng nhận hồ sơ. Hồ sơ được giữ an toàn trên máy.",
    "No portal is set up. Records are kept safely on this computer.",
)
_BUG = Text(
    "Lỗi của phần mềm khi đồng bộ. Hồ sơ vẫn an toàn trên máy. Báo mã {code} cho người hỗ trợ.",
    "The program failed while syncing. Records are safe on this computer. Tell support the code {code}.",
)
_LIMIT = Text("Đã gửi đủ số phiếu của lần chạy này", "The limit of this run was reached")
_ELSEWHERE = Text(
    "Một chương trình khác trên máy này đang gửi các phiếu còn lại.",
    "Another program on this computer is sending the rest.",
)
_STARTING = Text("Đang mở kho hồ sơ", "Opening the store")


class StatusListener(Protocol):
    def __call__(self, status: SyncStatus) -> None: ...


class Timebase(Protocol):
    """Monotonic time and waiting; tests replace it to let hours pass at once."""

    def now(self) -> float: ...

    def wait_for(self, bell: threading.Condition, ready: Callable[[], bool], seconds: float | None) -> None:
        """Called with `bell` held: return when `ready()`, or after `seconds`."""
        ...


class RealTime:
    def now(self) -> float:
        return time.monotonic()

    def wait_for(self, bell: threading.Condition, ready: Callable[[], bool], seconds: float | None) -> None:
        bell.wait_for(ready, timeout=seconds)


class SyncWorker(threading.Thread):
    """Sends one channel's outbox rows in the background, or in the foreground with `run_once`.

    Listeners are called on this thread (or the caller's, in `run_once`), with frozen values, and must
    return quickly; whatever they raise is logged and ignored.
    """

    def __init__(
        self,
        *,
        store: Store,
        factory: ChannelFactory,
        clock: Clock,
        channel: str = QD831,
        portal_url: str = "",
        on_changes: ChangeListener | None = None,
        on_status: StatusListener | None = None,
        timebase: Timebase | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`portal_url` overrides the address in the settings (`hoso831 sync --once --portal URL`)."""
        super().__init__(name=f"sync-{channel}", daemon=True)
        self._on_changes = on_changes
        self._on_status = on_status
        self._time = timebase or RealTime()
        self._jitter = jitter
        self._delivery = Delivery(
            store=store,
            channel=channel,
            factory=factory,
            clock=clock,
            on_changes=self._tell_changes,
            on_settled=self._count,
            url=portal_url,
        )
        self._bell = threading.Condition()
        self._wakes: set[Wake] = set()
        self._stopping = False
        self._state = State()
        self._totals = OutboxTotals(
            channel=channel,
            pending=0,
            sending=0,
            unknown=0,
            acknowledged=0,
            rejected=0,
            waiting_bytes=0,
            last_acknowledged_at=None,
        )
        self._set_up = False
        self._counted_at = float("-inf")
        self._status = SyncStatus(channel=channel, link=LinkState.WAITING, message=_STARTING)
        self._outcomes: dict[int, Outcome] = {}
        self._sent = 0

    # --- called from any thread

    @property
    def status(self) -> SyncStatus:
        """The latest status that was told."""
        return self._status

    def wake(self) -> None:
        """Something was saved: look into the queue now."""
        self._ring(Wake.SAVED)

    def send_now(self) -> None:
        """A person asks: skip our own waiting (not a pause the portal asked for)."""
        self._ring(Wake.SEND_NOW)

    def network_changed(self) -> None:
        """The computer got another network, or woke up from sleep."""
        self._ring(Wake.NETWORK)

    def settings_changed(self) -> None:
        """Address, account or password changed: forget every earlier failure."""
        self._ring(Wake.SETTINGS)

    def stop(self, timeout: float = 5.0) -> bool:
        """End the thread; a call on the wire is cut and its row recovered later. True when it ended."""
        with self._bell:
            self._stopping = True
            self._bell.notify_all()
        self._delivery.abort()
        if self.is_alive():
            self.join(timeout)
        return not self.is_alive()

    # --- running

    def run(self) -> None:
        event: Event = TimePassed()
        while not self._stopping:
            action = self._decide(event)
            event = self._carry_out(action)
        self._delivery.close()

    def run_once(
        self, limit: int | None = None, *, patience: float = 10.0, longest: float = 120.0
    ) -> RunReport:
        """Send until nothing is left or nothing more can be done now; not while the thread runs.

        Short waits (single rows, a pause the portal asked for) of up to `patience` seconds are sat out,
        `longest` seconds in all; no link, a stop or a longer wait end the run with their reason.
        """
        if self.is_alive():
            raise RuntimeError("the sync thread is running: use send_now()")
        event: Event = TimePassed()
        self._outcomes.clear()
        self._sent = 0
        budget = longest
        while True:
            action = self._decide(event)
            match action:
                case Idle():
                    return self._report(*(("ELSEWHERE", _ELSEWHERE) if self._totals.unsent else ()))
                case Stop(code, why, _):
                    return self._report(code, why)
                case Wait(seconds, reason, code, why):
                    patient = reason in {WaitReason.ROWS, WaitReason.PACED}
                    if not patient or seconds > min(patience, budget) or self._stopping:
                        return self._report(code, why)
                    budget -= seconds
                case Send() if limit is not None and self._sent >= limit:
                    return self._report("LIMIT", _LIMIT)
                case _:
                    pass
            event = self._carry_out(action)

    def _decide(self, event: Event) -> Action:
        now = self._time.now()
        extra = self._look(now) if self._must_look(event, now) else None
        self._state, action = self._step(event, now)
        if extra is not None:
            self._state, action = self._step(extra, now)
        self._show(status_of(action, self._totals, set_up=self._set_up))
        return action

    def _step(self, event: Event, now: float) -> tuple[State, Action]:
        return step(self._state, event, now, self._jitter(), unsent=self._totals.unsent > 0)

    def _must_look(self, event: Event, now: float) -> bool:
        match event:
            case Answered(_, Accepted() | Duplicate() | Rejected()) | LoginDone(LoggedIn()):
                return now - self._counted_at >= STATUS_EVERY
            case _:
                return True

    def _look(self, now: float) -> Event | None:
        """Count the queue and re-read the settings; what the engine must hear about it, if anything."""
        try:
            look = self._delivery.look()
        except Exception as error:  # noqa: BLE001 - the thread must outlive any trouble of the store
            return _trouble(error)
        self._counted_at = now
        self._totals = look.totals
        self._set_up = look.set_up
        if not look.set_up:
            return NotSetUp(_NOT_SET_UP)
        return Woken(Wake.SETTINGS) if look.changed else None

    def _carry_out(self, action: Action) -> Event:
        try:
            match action:
                case Login():
                    return self._delivery.login()
                case Send(skip):
                    return self._delivery.send_next(skip)
                case Wait(seconds):
                    return self._pause(seconds)
                case Idle(recheck_in):
                    return self._pause(recheck_in)
                case Stop(retry_in=retry_in):
                    # Another process may repair the settings without being able to ring our bell.
                    return self._pause(IDLE_RECHECK if retry_in is None else min(retry_in, IDLE_RECHECK))
        except Exception as error:  # noqa: BLE001 - the thread must outlive any trouble of the store
            return _trouble(error)

    def _pause(self, seconds: float) -> Event:
        with self._bell:
            self._time.wait_for(self._bell, lambda: self._stopping or bool(self._wakes), seconds)
            rung = sorted(self._wakes, key=_URGENCY.index)
            self._wakes.clear()
        return Woken(rung[0]) if rung else TimePassed()

    def _ring(self, wake: Wake) -> None:
        with self._bell:
            self._wakes.add(wake)
            self._bell.notify_all()

    # --- telling

    def _count(self, seq: int, outcome: Outcome) -> None:
        self._sent += 1
        self._outcomes[seq] = outcome

    def _report(self, code: str = "", reason: Text | None = None) -> RunReport:
        self._look(self._time.now())
        self._delivery.close()
        last = list(self._outcomes.values())
        return RunReport(
            accepted=sum(isinstance(o, Accepted) for o in last),
            duplicate=sum(isinstance(o, Duplicate) for o in last),
            rejected=sum(isinstance(o, Rejected) for o in last),
            unknown=sum(isinstance(o, Unknown) for o in last),
            left=self._totals.unsent,
            code=code,
            reason=reason,
        )

    def _show(self, status: SyncStatus) -> None:
        if status == self._status:
            return
        self._status = status
        if self._on_status is None:
            return
        try:
            self._on_status(status)
        except Exception as error:  # noqa: BLE001 - a listener's bug must not stop the sending
            _log.error("status listener failed: %s (%s)", bug_code(error), type(error).__name__)

    def _tell_changes(self, changes: ChangeSet) -> None:
        if self._on_changes is None:
            return
        try:
            self._on_changes(changes)
        except Exception as error:  # noqa: BLE001 - a listener's bug must not stop the sending
            _log.error("change listener failed: %s (%s)", bug_code(error), type(error).__name__)


_URGENCY = (Wake.SETTINGS, Wake.SEND_NOW, Wake.NETWORK, Wake.SAVED)


def _trouble(error: Exception) -> LocalTrouble:
    if isinstance(error, AppError):
        _log.info("sync: the store is in trouble: %s", error.code)
        return LocalTrouble(error.code, error.text)
    code = bug_code(error)
    _log.error("sync failed: %s (%s)", code, type(error).__name__)
    return LocalTrouble(code, _BUG.format(code=code))
