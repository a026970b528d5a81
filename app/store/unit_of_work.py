"""One transaction over the station store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.records import Record, RecordKind
from app.errors import StaleRevision
from app.ports import Clock, NewRevision
from app.store.canonical import FIRST_DIGEST, digest, dump, moment
from app.store.connection import Sql
from app.store.drafts import SqlDrafts
from app.store.index import Index
from app.store.journal import REVISION_COLUMNS, SqlRecords
from app.store.outbox import SqlOutbox
from app.store.people import SqlPeople
from app.store.settings import SqlSettings, SqlUsers

_ADD_REVISION = f"INSERT INTO revision ({REVISION_COLUMNS}, digest, person) VALUES ({', '.join('?' * 17)})"
_PLACE = """
SELECT r.seq, p.seq, r.revision, r.head, r.created_at, r.kind, r.person, v.seq, v.digest,
  (SELECT coalesce(max(seq), 0) FROM record)
FROM (SELECT 1) LEFT JOIN record p ON p.id = ? AND p.kind = 'person' LEFT JOIN record r ON r.id = ?
LEFT JOIN revision v ON v.seq = (SELECT max(seq) FROM revision)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a record stands before a save, and where the journal ends. Numbers are row numbers."""

    seq: int
    new: bool
    person: int
    revision: int
    head: int
    """The journal row of the record's current revision; 0 for a new record."""
    created_at: str
    last_seq: int
    last_digest: str


class SqlUnitOfWork:
    """Implements `app.ports.UnitOfWork`. Built by `SqlStore.reading` and `SqlStore.writing`."""

    def __init__(self, sql: Sql, *, clock: Clock, device_id: str, writable: bool) -> None:
        self._clock = clock
        self._device_id = device_id
        self._writable = writable
        self.sql = sql
        self.records = SqlRecords(self.sql)
        self.people = SqlPeople(self.sql)
        self.drafts = SqlDrafts(self.sql)
        self.outbox = SqlOutbox(self.sql, clock)
        self.settings = SqlSettings(self.sql, self.outbox.enrol)
        self.users = SqlUsers(self.sql)
        self._index = Index(self.sql)

    def save(self, change: NewRevision) -> Record:
        """See `app.ports.UnitOfWork.save`. ValueError if kind or person do not fit the stored record, or an
        exam's person is not in the store: the caller's mistake, not the user's.
        """
        if not self._writable:
            raise RuntimeError("saving needs Store.writing()")
        place = self._place_of(change)
        if change.base_revision != place.revision:
            raise StaleRevision(change.record_id, change.base_revision, place.revision)
        at = self._clock.now()
        stamp = moment(at)
        head = self._append(change, place, stamp)
        self._point_record(change, place, head, stamp)
        if change.kind is RecordKind.PERSON:
            self._index.put_person(
                seq=place.seq,
                record_id=change.record_id,
                status=change.status,
                answers=change.answers,
                head=head,
            )
        else:
            self._index.put_exam(
                seq=place.seq,
                person=place.person,
                status=change.status,
                answers=change.answers,
                head=head,
                new=place.new,
            )
        self.outbox.enqueue(record=place.seq, person=place.person, revision=head, at=stamp, new=place.new)
        return Record(
            id=change.record_id,
            kind=change.kind,
            person_id=change.person_id,
            form_code=change.form_code,
            form_version=change.form_version,
            status=change.status,
            revision=place.revision + 1,
            answers=dict(change.answers),
            acknowledged=change.acknowledged,
            created_at=at if place.new else datetime.fromisoformat(place.created_at),
            updated_at=at,
            updated_by=change.user_id,
        )

    def commit(self) -> None:
        self.sql.commit()

    def _place_of(self, change: NewRevision) -> _Place:
        seq, person, revision, head, created_at, kind, person_of, last_seq, last_digest, last_record = (
            self.sql.one(_PLACE, change.person_id, change.record_id)
        )
        if seq is not None and (kind != change.kind.value or person_of != person):
            raise ValueError("kind and person of a record never change")
        if change.kind is RecordKind.PERSON:
            if change.person_id != change.record_id:
                raise ValueError("a person's record is its own person")
        elif person is None:
            raise ValueError("the person of an exam must be saved first")
        return _Place(
            seq=seq or last_record + 1,
            new=seq is None,
            person=person or last_record + 1,
            revision=revision or 0,
            head=head or 0,
            created_at=created_at or "",
            last_seq=last_seq or 0,
            last_digest=last_digest or FIRST_DIGEST,
        )

    def _append(self, change: NewRevision, place: _Place, at: str) -> int:
        """Returns the number of the new journal row."""
        row: tuple[object, ...] = (
            place.last_seq + 1,
            change.record_id,
            change.kind.value,
            change.person_id,
            place.revision + 1,
            change.form_code,
            change.form_version,
            change.status.value,
            dump(dict(change.answers)),
            dump(list(change.acknowledged)),
            change.reason,
            at,
            change.user_id,
            self._device_id,
            place.head,
        )
        self.sql.run(_ADD_REVISION, *row, digest(place.last_digest, row), place.person)
        return place.last_seq + 1

    def _point_record(self, change: NewRevision, place: _Place, head: int, at: str) -> None:
        if place.new:
            self.sql.run(
                "INSERT INTO record (seq, id, kind, person, head, revision, status, created_at) "
                "VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
                place.seq,
                change.record_id,
                change.kind.value,
                place.person,
                head,
                change.status.value,
                at,
            )
        else:
            self.sql.run(
                "UPDATE record SET head = ?, revision = ?, status = ? WHERE seq = ?",
                head,
                place.revision + 1,
                change.status.value,
                place.seq,
            )
