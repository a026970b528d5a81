"""The append-only journal of revisions and the records that point into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from app.domain.records import Record, RecordKind, RecordStatus, Revision
from app.store.canonical import FIRST_DIGEST, digest, load
from app.store.connection import Sql
from app.store.problems import problem

REVISION_COLUMNS = (
    "seq, record_id, kind, person_id, revision, form_code, form_version, status, answers, acknowledged, "
    "reason, at, user_id, device_id, before"
)
"""In the order they are hashed; `digest` follows them in the table."""

_RECORD = (
    "SELECT r.id, v.kind, v.person_id, v.form_code, v.form_version, v.status, v.revision, v.answers, "
    "v.acknowledged, r.created_at, v.at, v.user_id FROM record r JOIN revision v ON v.seq = r.head "
)


def revision_from(row: Any) -> Revision:
    """From a row of REVISION_COLUMNS followed by digest."""
    return Revision(
        seq=row[0],
        record_id=row[1],
        kind=RecordKind(row[2]),
        person_id=row[3],
        revision=row[4],
        status=RecordStatus(row[7]),
        answers=load(row[8]),
        acknowledged=tuple(load(row[9])),
        reason=row[10],
        at=datetime.fromisoformat(row[11]),
        user_id=row[12],
        device_id=row[13],
        digest=row[15],
    )


def _record_from(row: Any) -> Record:
    return Record(
        id=row[0],
        kind=RecordKind(row[1]),
        person_id=row[2],
        form_code=row[3],
        form_version=row[4],
        status=RecordStatus(row[5]),
        revision=row[6],
        answers=load(row[7]),
        acknowledged=tuple(load(row[8])),
        created_at=datetime.fromisoformat(row[9]),
        updated_at=datetime.fromisoformat(row[10]),
        updated_by=row[11],
    )


class SqlRecords:
    """Implements `app.ports.Records`."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def get(self, kind: RecordKind, record_id: str) -> Record | None:
        row = self._sql.one(_RECORD + "WHERE r.id = ? AND r.kind = ?", record_id, kind.value)
        return _record_from(row) if row else None

    def exams_of(self, person_id: str) -> Sequence[Record]:
        rows = self._sql.all(
            _RECORD
            + "JOIN exam e ON e.seq = r.seq WHERE e.person = (SELECT seq FROM record WHERE id = ?) "
            + "ORDER BY e.exam_date DESC, e.seq DESC",
            person_id,
        )
        return [_record_from(row) for row in rows]

    def person_ids(self) -> Iterator[str]:
        return iter(
            [row[0] for row in self._sql.all("SELECT id FROM record WHERE kind = 'person' ORDER BY seq")]
        )

    def history(self, record_id: str) -> Sequence[Revision]:
        rows = self._sql.all(
            "WITH RECURSIVE past(at_seq) AS (SELECT head FROM record WHERE id = ? UNION ALL "
            "SELECT v.before FROM past JOIN revision v ON v.seq = past.at_seq WHERE v.before > 0) "
            f"SELECT {REVISION_COLUMNS}, digest FROM past JOIN revision ON seq = at_seq ORDER BY seq",
            record_id,
        )
        return [revision_from(row) for row in rows]

    def verify_chain(self) -> int:
        previous, expected = FIRST_DIGEST, 1
        for row in self._sql.stream(f"SELECT {REVISION_COLUMNS}, digest FROM revision ORDER BY seq"):
            if row[0] != expected or digest(previous, tuple(row[:-1])) != row[-1]:
                raise problem("chain-broken", seq=expected)
            previous = row[-1]
            expected += 1
        lost = self._sql.value(
            "SELECT max(head) FROM record r WHERE NOT EXISTS (SELECT 1 FROM revision v WHERE v.seq = r.head "
            "AND v.record_id = r.id AND v.revision = r.revision)"
        )
        if lost is not None:
            raise problem("chain-broken", seq=lost)
        return expected - 1
