"""The hands of the sync worker: claim, send, settle. Two short transactions round one HTTP call.

    tx 1: claim + build + mark_sending      HTTP, no transaction open      tx 2: settle exactly that row

Not thread-safe; the worker's thread is its only user. Store problems leave as EnvironmentProblem.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.outbox import Claim, OutboxState, OutboxTotals
from app.domain.records import ChangeKind, ChangeSet
from app.domain.station import ChannelSettings, Station
from app.ports import ChangeListener, Clock, Store, UnitOfWork
from forms.text import Text
from sync.channels.base import Channel, ChannelFactory
from sync.engine import Answered, Event, LoginDone, NothingToSend, TimePassed
from sync.outcome import (
    Accepted,
    Duplicate,
    LoginOutcome,
    Message,
    Outcome,
    Rejected,
    Retry,
    Scope,
    Unknown,
)

_log = logging.getLogger(__name__)

_BUILD_BUG = Text(
    "Phần mềm không lập được bản tin cho phiếu này. Phiếu vẫn an toàn trên máy. "
    "Báo mã {code} cho người hỗ trợ.",
    "The program could not build the message for this record. The record is safe on this computer. "
    "Tell support the code {code}.",
)
_SEND_BUG = Text(
    "Lỗi của phần mềm khi gửi. Phiếu vẫn an toàn trên máy. Báo mã {code} cho người hỗ trợ.",
    "The program failed while sending. The record is safe on this computer. Tell support the code {code}.",
)


def bug_code(error: BaseException) -> str:
    """Short, stable for one place in the code, and free of anything a message of `error` may quote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else ""
    digest = hashlib.sha256(f"{type(error).__name__}:{place}".encode()).hexdigest()
    return f"BUG-{digest[:6].upper()}"


@dataclass(frozen=True, slots=True)
class Look:
    """What the store says before a decision."""

    totals: OutboxTotals
    set_up: bool
    changed: bool
    """The receiver's address, account or the station is not what it was at the last look."""


@dataclass(frozen=True, slots=True)
class _Receiver:
    settings: ChannelSettings
    password: str
    station: Station


class Delivery:
    """Claims, sends and settles the rows of one channel."""

    def __init__(
        self,
        *,
        store: Store,
        channel: str,
        factory: ChannelFactory,
        clock: Clock,
        on_changes: ChangeListener,
        on_settled: Callable[[int, Outcome], None],
        url: str = "",
    ) -> None:
        self._store = store
        self._name = channel
        self._factory = factory
        self._clock = clock
        self._on_changes = on_changes
        self._on_settled = on_settled
        self._url = url
        self._receiver: _Receiver | None = None
        self._channel: Channel | None = None
        self._recovered = False
        self._unsettled: tuple[Claim, Outcome, bool] | None = None

    def look(self) -> Look:
        """Read settings and totals; the first look also recovers rows a crash left on the wire."""
        if not self._recovered:
            self._recover()
        with self._store.reading() as uow:
            receiver = self._read_receiver(uow)
            totals = uow.outbox.totals(self._name)
        changed = receiver != self._receiver
        if changed:
            self.close()
            self._receiver = receiver
            if receiver is not None:
                self._channel = self._factory(receiver.settings, receiver.password, receiver.station)
        return Look(totals, receiver is not None, changed)

    def login(self) -> LoginDone:
        return LoginDone(self._guarded_login(self._ready_channel()))

    def send_next(self, skip: frozenset[int]) -> Event:
        """Send one row. An answer that could not be written down last time is written down first.

        After trouble with the store the next look recovers the rows on the wire again: a commit that
        failed may have reached the disk all the same.
        """
        self._recovered = False
        if self._unsettled is not None:
            event: Event = self._settle(*self._unsettled)
        else:
            event = self._send_next(skip)
        self._recovered = True
        return event

    def _send_next(self, skip: frozenset[int]) -> Event:
        channel = self._ready_channel()
        with self._store.writing() as uow:
            claim = uow.outbox.claim(self._name, skip=tuple(sorted(skip)))
            if claim is None:
                return NothingToSend()
            was_unknown = self._was_unknown(uow, claim)
            message = self._message(channel, claim, was_unknown=was_unknown)
            if isinstance(message, Rejected):
                return self._park_bug(uow, claim, message)
            uow.outbox.mark_sending(claim.seq, message.request_id, message.body)
            uow.commit()
        self._changed(claim)
        outcome = self._guarded_send(channel, message)
        return self._settle(claim, outcome, was_unknown)

    def abort(self) -> None:
        """End a call under way; may be called from any thread."""
        channel = self._channel
        if channel is not None:
            channel.close()

    def close(self) -> None:
        channel, self._channel, self._receiver = self._channel, None, None
        if channel is not None:
            channel.close()

    # --- reading

    def _recover(self) -> None:
        with self._store.writing() as uow:
            recovered = uow.outbox.recover()
            uow.commit()
        self._recovered = True
        if recovered:
            _log.info("outbox: %d rows were on the wire when the program ended; fate unknown", recovered)
            self._on_changes(ChangeSet(frozenset({ChangeKind.OUTBOX})))

    def _read_receiver(self, uow: UnitOfWork) -> _Receiver | None:
        settings = uow.settings.channel(self._name)
        if settings is None:
            return None
        if self._url:
            settings = replace(settings, url=self._url)
        if not settings.url:
            return None
        return _Receiver(settings, uow.settings.channel_password(self._name), uow.settings.station())

    def _ready_channel(self) -> Channel:
        if self._channel is None:
            raise RuntimeError("look() found no receiver, so there is nothing to send to")
        return self._channel

    def _was_unknown(self, uow: UnitOfWork, claim: Claim) -> bool:
        if not claim.message:
            return False
        unknown = uow.outbox.entries(self._name, (OutboxState.UNKNOWN,), limit=1_000_000)
        return any(entry.seq == claim.seq for entry in unknown)

    # --- one row

    def _message(self, channel: Channel, claim: Claim, *, was_unknown: bool) -> Message | Rejected:
        frozen = Message(claim.message, claim.request_id) if claim.message else None
        if frozen is not None and (was_unknown or channel.fits(frozen)):
            return frozen
        try:
            return channel.build(claim)
        except Exception as error:  # noqa: BLE001 - one record we cannot map must not stop the others
            code = bug_code(error)
            _log.error("outbox row %d could not be built: %s (%s)", claim.seq, code, type(error).__name__)
            return Rejected(code, _BUILD_BUG.format(code=code).vi)

    def _park_bug(self, uow: UnitOfWork, claim: Claim, refusal: Rejected) -> Event:
        # Only rows on the wire can be settled; no bytes are frozen, so a repaired program builds it anew.
        uow.outbox.mark_sending(claim.seq, "", b"")
        uow.outbox.reject(claim.seq, refusal.code, refusal.message)
        uow.commit()
        self._on_settled(claim.seq, refusal)
        self._changed(claim)
        return TimePassed()

    def _settle(self, claim: Claim, outcome: Outcome, was_unknown: bool) -> Answered:
        self._unsettled = (claim, outcome, was_unknown)
        with self._store.writing() as uow:
            outbox = uow.outbox
            match outcome:
                case Accepted(receipt, code) | Duplicate(receipt, code):
                    outbox.acknowledge(claim.seq, receipt, code, self._clock.now())
                case Rejected(code, message):
                    outbox.reject(claim.seq, code, message)
                case Unknown(code, _):
                    outbox.mark_unknown(claim.seq, code)
                case _ if was_unknown:
                    # This try did not arrive, but an earlier one may have: the row stays unknown.
                    outbox.mark_unknown(claim.seq, outcome.code)
                case _:
                    outbox.release(claim.seq, outcome.code)
            uow.commit()
        self._unsettled = None
        _log.info("outbox row %d: %s %s", claim.seq, type(outcome).__name__, outcome.code)
        self._on_settled(claim.seq, outcome)
        self._changed(claim)
        return Answered(claim.seq, outcome)

    def _changed(self, claim: Claim) -> None:
        kinds = frozenset({ChangeKind.OUTBOX})
        self._on_changes(ChangeSet(kinds, frozenset({claim.revision.person_id})))

    @staticmethod
    def _guarded_login(channel: Channel) -> LoginOutcome:
        try:
            return channel.login()
        except Exception as error:  # noqa: BLE001 - a bug in a channel must not end the thread
            code = bug_code(error)
            _log.error("login failed: %s (%s)", code, type(error).__name__)
            return Retry(code, _SEND_BUG.format(code=code), Scope.LINK)

    @staticmethod
    def _guarded_send(channel: Channel, message: Message) -> Outcome:
        try:
            return channel.send(message)
        except Exception as error:  # noqa: BLE001 - a bug in a channel must not end the thread
            code = bug_code(error)
            _log.error("sending failed: %s (%s)", code, type(error).__name__)
            return Unknown(code, _SEND_BUG.format(code=code))
