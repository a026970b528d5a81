"""The durable queue: one row per (channel, revision). Order is the row number, never a time of day.

Rules (architecture §6, field-lessons §1.8): settle exactly one row and only in the state it was sent in;
a new save supersedes only what was never attempted; a record with something on the wire gives nothing
else; bookkeeping here never touches a clinical revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from app.domain.outbox import Claim, OutboxEntry, OutboxState, OutboxTotals, SyncState
from app.domain.records import RecordKind, Revision
from app.ports import Clock
from app.store.canonical import moment
from app.store.connection import Sql
from app.store.journal import REVISION_COLUMNS, revision_from

TYPICAL_MESSAGE_BYTES = 4096
"""Assumed size of a message while none has been built yet on this channel."""

_TOLD = {
    "pending": SyncState.HERE,
    "sending": SyncState.SENDING,
    "unknown": SyncState.UNKNOWN,
    "acknowledged": SyncState.ACKNOWLEDGED,
    "rejected": SyncState.REJECTED,
}
_URGENCY = ("rejected", "unknown", "sending", "pending", "acknowledged")
"""Of several states the one a person must hear of."""
_RANKED = " ".join(f"WHEN '{state}' THEN {rank}" for rank, state in enumerate(_URGENCY))
MOST_URGENT_OF_PERSON = (
    f"(SELECT min(CASE o.state {_RANKED} END) FROM outbox o WHERE o.person = p.seq AND o.newest = 1)"
)
"""For a query over `person p`: what `told` turns into a state."""

_UNSETTLED = "o.state IN ('pending', 'sending', 'unknown')"
_IN_STATE = {
    state: f"o.state = '{state}'"
    + (f" AND {_UNSETTLED}" if state in {"pending", "sending", "unknown"} else "")
    for state in OutboxState
} | {OutboxState.REJECTED: "o.state = 'rejected' AND o.newest = 1"}
"""Spelled so that SQLite recognises its partial indexes, which it does by the text of their condition."""

_CLAIMABLE = """
SELECT o.seq, o.revision, o.person, o.attempts, o.request_id, o.message FROM outbox o
WHERE o.channel = ? AND {state} {skipped} AND NOT EXISTS (
  SELECT 1 FROM outbox e WHERE e.person = o.person AND e.record = o.record AND e.channel = o.channel
  AND e.seq <> o.seq AND (e.state = 'sending' OR (e.seq < o.seq AND e.state IN ('pending', 'unknown'))))
ORDER BY o.seq LIMIT 1
"""
_NEW_ROW = "INSERT INTO outbox (channel, record, person, revision, newest, state, queued_at)"
_ENTRY = """
SELECT o.seq, o.channel, r.kind, r.id, p.id, coalesce(n.full_name, ''), v.revision, o.state, o.attempts,
  o.request_id, o.message_bytes, o.receipt, o.acknowledged_at, o.last_code, o.last_message, o.queued_at
FROM outbox o JOIN record r ON r.seq = o.record JOIN record p ON p.seq = o.person
JOIN revision v ON v.seq = o.revision LEFT JOIN person n ON n.seq = o.person
WHERE o.channel = ? AND {state} ORDER BY o.seq DESC LIMIT ?
"""
_CHUNK = 500


def most_urgent(states: Sequence[str]) -> SyncState:
    """What to tell about several channels or records; NONE without any."""
    return next((_TOLD[state] for state in _URGENCY if state in states), SyncState.NONE)


def told(rank: int | None) -> SyncState:
    return SyncState.NONE if rank is None else _TOLD[_URGENCY[rank]]


class SqlOutbox:
    """Implements `app.ports.Outbox`; `enqueue` and `enrol` belong to the unit of work."""

    def __init__(self, sql: Sql, clock: Clock) -> None:
        self._sql = sql
        self._clock = clock

    # --- filling the queue

    def enqueue(self, *, record: int, person: int, revision: int, at: str, new: bool) -> None:
        """Queue a new revision for every channel; `record`, `person`, `revision` are row numbers."""
        channels = [row[0] for row in self._sql.all("SELECT name FROM channel")]
        if not channels:
            return
        if not new:
            self._sql.run(
                "UPDATE outbox SET newest = 0, "
                "state = CASE WHEN state = 'pending' AND attempts = 0 THEN 'superseded' ELSE state END "
                "WHERE person = ? AND record = ? AND newest = 1",
                person,
                record,
            )
        for name in channels:
            self._sql.run(
                f"{_NEW_ROW} VALUES (?, ?, ?, ?, 1, 'pending', ?)", name, record, person, revision, at
            )

    def enrol(self, channel: str) -> int:
        """Queue the newest revision of every record the channel has no row for, in order of registration.

        A record entered in error that the receiver never saw is none of its business.
        """
        return self._sql.run(
            f"{_NEW_ROW} SELECT ?, r.seq, r.person, r.head, 1, 'pending', ? FROM record r "
            "WHERE r.status <> 'entered-in-error' AND NOT EXISTS (SELECT 1 FROM outbox o "
            "WHERE o.person = r.person AND o.record = r.seq AND o.channel = ?) ORDER BY r.seq",
            channel,
            moment(self._clock.now()),
            channel,
        )

    # --- reading

    def totals(self, channel: str) -> OutboxTotals:
        waiting = {
            row[0]: row[1:]
            for row in self._sql.all(
                "SELECT o.state, count(*), sum(o.message_bytes), sum(o.message_bytes = 0) FROM outbox o "
                f"WHERE o.channel = ? AND {_UNSETTLED} GROUP BY o.state",
                channel,
            )
        }
        rejected = self._sql.value(
            "SELECT count(*) FROM outbox WHERE channel = ? AND state = 'rejected' AND newest = 1", channel
        )
        about = self._sql.one(
            "SELECT acknowledged, built_messages, built_bytes, last_acknowledged_at "
            "FROM channel WHERE name = ?",
            channel,
        )
        acknowledged, built, built_bytes, last = about or (0, 0, 0, None)
        mean = built_bytes // built if built else TYPICAL_MESSAGE_BYTES
        return OutboxTotals(
            channel=channel,
            pending=waiting.get("pending", (0,))[0],
            sending=waiting.get("sending", (0,))[0],
            unknown=waiting.get("unknown", (0,))[0],
            acknowledged=acknowledged,
            rejected=rejected,
            waiting_bytes=sum(size + unbuilt * mean for _, size, unbuilt in waiting.values()),
            last_acknowledged_at=datetime.fromisoformat(last) if last else None,
        )

    def entries(
        self, channel: str, states: Sequence[OutboxState] = (), limit: int = 500
    ) -> Sequence[OutboxEntry]:
        """Newest first. Asked for rejected rows, those that a later revision has answered are left out."""
        conditions = [_IN_STATE[state] for state in dict.fromkeys(states)] or ["o.seq > 0"]
        rows = [
            row for state in conditions for row in self._sql.all(_ENTRY.format(state=state), channel, limit)
        ]
        rows.sort(key=itemgetter(0), reverse=True)
        return [_entry_from(row) for row in rows[:limit]]

    def states_of(self, record_ids: Sequence[str]) -> dict[str, SyncState]:
        found: dict[str, list[str]] = {record_id: [] for record_id in record_ids}
        wanted = list(found)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            rows = self._sql.all(
                "SELECT r.id, o.state FROM record r "
                "JOIN outbox o ON o.person = r.person AND o.record = r.seq "
                f"WHERE o.newest = 1 AND r.id IN ({', '.join('?' * len(chunk))})",
                *chunk,
            )
            for record_id, state in rows:
                found[record_id].append(state)
        return {record_id: most_urgent(states) for record_id, states in found.items()}

    # --- sending

    def claim(self, channel: str, *, skip: Sequence[int] = ()) -> Claim | None:
        skipped = f"AND o.seq NOT IN ({', '.join('?' * len(skip))})" if skip else ""
        for state in (OutboxState.UNKNOWN, OutboxState.PENDING):
            row = self._sql.one(_CLAIMABLE.format(state=_IN_STATE[state], skipped=skipped), channel, *skip)
            if row is not None:
                return self._claim_from(channel, row)
        return None

    def _claim_from(self, channel: str, row: Any) -> Claim:
        revision = self._revision(row[1])
        head = self._sql.value("SELECT head FROM record WHERE seq = ?", row[2])
        return Claim(
            seq=row[0],
            channel=channel,
            revision=revision,
            person=revision if revision.kind is RecordKind.PERSON else self._revision(head),
            attempts=row[3],
            request_id=row[4],
            message=row[5],
        )

    def _revision(self, seq: int) -> Revision:
        row = self._sql.one(f"SELECT {REVISION_COLUMNS}, digest FROM revision WHERE seq = ?", seq)
        return revision_from(row)

    def mark_sending(self, seq: int, request_id: str, message: bytes) -> None:
        """Empty bytes mark a row that could not be built; ValueError if the row cannot be sent now, or if an
        unknown outcome would be sent again with other bytes.
        """
        row = self._sql.one(
            "SELECT channel, state, message_bytes, message_sha256, request_id FROM outbox WHERE seq = ?", seq
        )
        if row is None or row[1] not in {"pending", "unknown"}:
            raise ValueError(f"outbox row {seq} is not waiting to be sent")
        sha256 = hashlib.sha256(message).hexdigest() if message else ""
        if row[1] == "unknown" and (sha256, request_id) != (row[3], row[4]):
            raise ValueError(f"outbox row {seq} has an unknown outcome and must be resent unchanged")
        self._sql.run(
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1, request_id = ?, message = ?, "
            "message_bytes = ?, message_sha256 = ? WHERE seq = ?",
            request_id,
            message or None,
            len(message),
            sha256,
            seq,
        )
        if message:
            self._sql.run(
                "UPDATE channel SET built_messages = built_messages + ?, built_bytes = built_bytes + ? "
                "WHERE name = ?",
                0 if row[2] else 1,
                len(message) - row[2],
                row[0],
            )

    def acknowledge(self, seq: int, receipt: str, code: str, at: datetime) -> bool:
        """The bytes are dropped, their size and SHA-256 stay as proof of what the receipt is for."""
        settled = self._sql.run(
            "UPDATE outbox SET state = 'acknowledged', receipt = ?, last_code = ?, last_message = '', "
            "acknowledged_at = ?, message = NULL WHERE seq = ? AND state IN ('sending', 'unknown')",
            receipt,
            code,
            moment(at),
            seq,
        )
        if settled:
            self._sql.run(
                "UPDATE channel SET acknowledged = acknowledged + 1, last_acknowledged_at = ? "
                "WHERE name = (SELECT channel FROM outbox WHERE seq = ?)",
                moment(at),
                seq,
            )
        return bool(settled)

    def reject(self, seq: int, code: str, message: str) -> bool:
        return self._settle(seq, "rejected", code, message)

    def mark_unknown(self, seq: int, code: str) -> bool:
        return self._settle(seq, "unknown", code)

    def release(self, seq: int, code: str) -> bool:
        return self._settle(seq, "pending", code)

    def _settle(self, seq: int, state: str, code: str, message: str = "") -> bool:
        return bool(
            self._sql.run(
                "UPDATE outbox SET state = ?, last_code = ?, last_message = ? "
                "WHERE seq = ? AND state IN ('sending', 'unknown')",
                state,
                code,
                message,
                seq,
            )
        )

    def recover(self) -> int:
        return self._sql.run("UPDATE outbox SET state = 'unknown' WHERE state = 'sending'")

    def requeue(self, seq: int) -> bool:
        """Certainly not applied, so it starts afresh: the message is built anew (the mapping may have been
        repaired since) and a later save may supersede it. Only the newest revision of a record qualifies.
        """
        return bool(
            self._sql.run(
                "UPDATE outbox SET state = 'pending', attempts = 0, request_id = '', message = NULL, "
                "message_bytes = 0, message_sha256 = '' WHERE seq = ? AND state = 'rejected' AND newest = 1",
                seq,
            )
        )


def _entry_from(row: Any) -> OutboxEntry:
    return OutboxEntry(
        seq=row[0],
        channel=row[1],
        kind=RecordKind(row[2]),
        record_id=row[3],
        person_id=row[4],
        person_name=row[5],
        revision=row[6],
        state=OutboxState(row[7]),
        attempts=row[8],
        request_id=row[9],
        message_bytes=row[10],
        receipt=row[11],
        acknowledged_at=datetime.fromisoformat(row[12]) if row[12] else None,
        last_code=row[13],
        last_message=row[14],
        queued_at=datetime.fromisoformat(row[15]),
    )
