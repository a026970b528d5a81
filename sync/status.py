"""What people see of sync: one status for the status bar, one report for `hoso831 sync --once`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.outbox import OutboxTotals
from forms.text import Text
from sync.engine import Action, Idle, Login, Send, Stop, Wait, WaitReason


class LinkState(StrEnum):
    """For the icon in the status bar. Offline is a normal state, not an error."""

    NOT_SET_UP = "not-set-up"
    READY = "ready"  # nothing waits
    SENDING = "sending"
    WAITING = "waiting"  # single rows wait, or the portal asked for a pause
    OFFLINE = "offline"
    STOPPED = "stopped"  # somebody has to do something: see message


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    channel: str
    link: LinkState
    message: Text
    code: str = ""
    """Of the last trouble, "" if none; stable, for support."""
    unsent: int = 0
    unknown: int = 0
    """Those of `unsent` whose answer was lost."""
    acknowledged: int = 0
    rejected: int = 0
    waiting_bytes: int = 0
    next_try_in: float | None = None
    """Seconds from the moment this status was made; None when no try is planned."""
    last_ack_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one synchronous run did. Counts are messages of this run, `left` is the queue afterwards."""

    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    unknown: int = 0
    """Rows whose last answer of this run was lost and that were not settled later in it."""
    left: int = 0
    code: str = ""
    """Why the run ended before the queue was empty, "" if it did not."""
    reason: Text | None = None

    @property
    def complete(self) -> bool:
        return self.left == 0

    def counts(self) -> dict[str, int]:
        """For `--json`; `acknowledged` is what the portal holds after this run, new or already there."""
        return {
            "acknowledged": self.accepted + self.duplicate,
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
            "unknown": self.unknown,
            "left": self.left,
        }


def status_of(action: Action, totals: OutboxTotals, *, set_up: bool) -> SyncStatus:
    link, message, code, next_try = _described(action, totals, set_up=set_up)
    return SyncStatus(
        channel=totals.channel,
        link=link,
        message=message,
        code=code,
        unsent=totals.unsent,
        unknown=totals.unknown,
        acknowledged=totals.acknowledged,
        rejected=totals.rejected,
        waiting_bytes=totals.waiting_bytes,
        next_try_in=next_try,
        last_ack_at=totals.last_acknowledged_at,
    )


def _described(
    action: Action, totals: OutboxTotals, *, set_up: bool
) -> tuple[LinkState, Text, str, float | None]:
    match action:
        case Stop(code, why, retry_in):
            return (LinkState.STOPPED if set_up else LinkState.NOT_SET_UP), why, code, retry_in
        case Wait(seconds, WaitReason.ROWS, code, _):
            return LinkState.WAITING, _ROWS_WAIT.format(n=totals.unsent), code, seconds
        case Wait(seconds, WaitReason.PACED, code, why):
            return LinkState.WAITING, why, code, seconds
        case Wait(seconds, WaitReason.LINK, code, why):
            return LinkState.OFFLINE, why, code, seconds
        case Wait(seconds, _, code, why):
            return LinkState.STOPPED, why, code, seconds
        case Login():
            return LinkState.SENDING, _LOGGING_IN, "", None
        case Send():
            return LinkState.SENDING, _SENDING.format(n=totals.unsent), "", None
        case Idle(recheck_in) if totals.unsent:
            return LinkState.WAITING, _ROWS_WAIT.format(n=totals.unsent), "", recheck_in
        case Idle():
            return LinkState.READY, _idle(totals), "", None


def _idle(totals: OutboxTotals) -> Text:
    if totals.rejected:
        return _TO_FIX.format(n=totals.rejected)
    return _ALL_SENT if totals.acknowledged else _NOTHING_YET


_LOGGING_IN = Text("Đang đăng nhập cổng", "Logging in to the portal")
_SENDING = Text("Đang gửi, còn {n} phiếu", "Sending, {n} left")
_ROWS_WAIT = Text("Còn {n} phiếu chờ gửi lại, máy sẽ tự gửi", "{n} wait to be sent again, by themselves")
_TO_FIX = Text("Cổng từ chối {n} phiếu, xem mục Cần sửa", "The portal rejected {n}, see To fix")
_ALL_SENT = Text("Cổng đã nhận hết", "The portal has received everything")
_NOTHING_YET = Text("Chưa có phiếu nào để gửi", "Nothing to send yet")
