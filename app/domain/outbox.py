"""The outbox as people and the sync engine see it. Rules: architecture §6, field-lessons §1.8."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.records import RecordKind, Revision
from forms.text import Text


class OutboxState(StrEnum):
    """Of one (record, revision, channel)."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"  # sent, answer lost: resend the same bytes with the same request id
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"  # never attempted, and a later revision of the same record took its place


class SyncState(StrEnum):
    """What a person is told; NONE where no channel is set up yet or nothing is queued."""

    NONE = "none"
    HERE = "here"  # Trên máy
    SENDING = "sending"  # Đang gửi
    ACKNOWLEDGED = "acknowledged"  # Cổng đã nhận
    REJECTED = "rejected"  # Cổng từ chối
    UNKNOWN = "unknown"  # Không rõ


SYNC_LABELS: dict[SyncState, Text] = {
    SyncState.NONE: Text("Trên máy", "On this computer"),
    SyncState.HERE: Text("Trên máy", "On this computer"),
    SyncState.SENDING: Text("Đang gửi", "Sending"),
    SyncState.ACKNOWLEDGED: Text("Cổng đã nhận", "Received by the portal"),
    SyncState.REJECTED: Text("Cổng từ chối", "Rejected by the portal"),
    SyncState.UNKNOWN: Text("Không rõ", "Unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """One queued revision with its true state, for lists and `hoso831 outbox`."""

    seq: int
    channel: str
    kind: RecordKind
    record_id: str
    person_id: str
    person_name: str
    revision: int
    state: OutboxState
    attempts: int
    request_id: str
    """"" until the message was built."""
    message_bytes: int
    receipt: str
    acknowledged_at: datetime | None
    last_code: str
    """The portal's or the link's last answer code, "" if none."""
    last_message: str
    """The portal's own words about a rejection."""
    queued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxTotals:
    channel: str
    pending: int
    sending: int
    unknown: int
    acknowledged: int
    rejected: int
    waiting_bytes: int
    """Size of what is unsent: exact where the message is built, otherwise the mean of built messages."""
    last_acknowledged_at: datetime | None

    @property
    def unsent(self) -> int:
        return self.pending + self.sending + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One outbox row taken for sending: the exact revision, with the person it belongs to.

    `message` and `request_id` are filled when this revision was built before (an unknown outcome or a
    retry): those very bytes must be sent again.
    """

    seq: int
    channel: str
    revision: Revision
    person: Revision
    """The person's revision to put beside an exam; equal to `revision` for a person."""
    attempts: int
    request_id: str
    message: bytes | None
