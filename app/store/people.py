"""Lists of people, read from projections only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.domain.people import PersonRow
from app.store.connection import Sql
from app.store.outbox import MOST_URGENT_OF_PERSON, told
from app.store.projection import identifier_value
from app.store.search import Search

_ROW = f"""
SELECT p.id, p.full_name, p.sex, p.birth_date, p.village, p.commune, p.household_code, p.id_last4,
  p.insurance_last4, p.last_exam, p.exam_count,
  {MOST_URGENT_OF_PERSON}, p.seq
FROM person p
"""


def person_row(row: Any) -> PersonRow:
    """From a row of the list query. `sync` is the most urgent state among the person and their exams."""
    return PersonRow(
        id=row[0],
        full_name=row[1],
        sex=row[2],
        birth_date=row[3],
        village=row[4],
        commune=row[5],
        household_code=row[6],
        id_last4=row[7],
        insurance_last4=row[8],
        last_exam=_day(row[9]),
        exam_count=row[10],
        sync=told(row[11]),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class SqlPeople:
    """Implements `app.ports.People`. People entered in error are found by id only."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def search(self, text: str, limit: int) -> Sequence[PersonRow]:
        if limit < 1:
            return []
        if not text.strip():
            return self._in_order(self._latest(limit))
        return self._in_order(Search(self._sql).best(text, limit))

    def _latest(self, limit: int) -> list[int]:
        """Row numbers of the people touched last, from the end of the journal."""
        found: dict[int, None] = {}
        for person, active in self._sql.stream(
            "SELECT v.person, p.active FROM revision v JOIN person p ON p.seq = v.person ORDER BY v.seq DESC"
        ):
            if active:
                found[person] = None
            if len(found) == limit:
                break
        return list(found)

    def _in_order(self, seqs: Sequence[int]) -> list[PersonRow]:
        rows = self._sql.all(f"{_ROW} WHERE p.seq IN ({', '.join(map(str, seqs))})")
        by_seq = {row[12]: row for row in rows}
        return [person_row(by_seq[seq]) for seq in seqs]

    def row(self, person_id: str) -> PersonRow | None:
        row = self._sql.one(_ROW + "WHERE p.seq = (SELECT seq FROM record WHERE id = ?)", person_id)
        return person_row(row) if row else None

    def by_identifier(self, kind: str, value: str) -> Sequence[PersonRow]:
        rows = self._sql.all(
            _ROW + "JOIN person_identifier i ON i.person = p.seq "
            "WHERE i.kind = ? AND i.value = ? AND i.active = 1 AND p.active = 1 ORDER BY p.seq",
            kind,
            identifier_value(kind, value),
        )
        return [person_row(row) for row in rows]

    def by_birth_year(self, year: int, spread: int = 0) -> Sequence[PersonRow]:
        rows = self._sql.all(
            _ROW + "WHERE p.birth_year BETWEEN ? AND ? AND p.active = 1 ORDER BY p.seq",
            year - spread,
            year + spread,
        )
        return [person_row(row) for row in rows]

    def count(self) -> int:
        return int(self._sql.value("SELECT count(*) FROM person WHERE active = 1"))

    def exams_on(self, day: str) -> Sequence[PersonRow]:
        rows = self._sql.all(
            _ROW + "JOIN (SELECT person, max(seq) AS latest FROM exam WHERE exam_date = ? AND active = 1 "
            "GROUP BY person) e ON e.person = p.seq WHERE p.active = 1 ORDER BY e.latest DESC",
            day,
        )
        return [person_row(row) for row in rows]
