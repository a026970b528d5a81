"""Keeping the projections equal to the answers: written with every save, rebuilt, and compared.

The full-text index has `person.tokens` as its external content, so it can always be checked and rebuilt
from that column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from app.domain.records import RecordStatus
from app.errors import EnvironmentProblem
from app.store.canonical import load
from app.store.connection import Sql
from app.store.problems import DAMAGE
from app.store.projection import (
    IDENTIFIER_KEYS,
    Identifier,
    PersonProjection,
    exam_projection,
    identifier_value,
    person_projection,
)
from forms.model import Answers

_PERSON_COLUMNS = (
    "id, active, full_name, sex, birth_date, birth_year, village, commune, household_code, id_last4, "
    "insurance_last4, touched, tokens"
)
_PERSON_MARKS = ", ".join("?" * 13)
_EXAM_COLUMNS = "person, exam_date, seq, active, diagnoses"
_FTS_ADD = "INSERT INTO people_fts (rowid, tokens) VALUES (?, ?)"
_FTS_REMOVE = "INSERT INTO people_fts (people_fts, rowid, tokens) VALUES ('delete', ?, ?)"
_BATCH = 1000
_ERROR = RecordStatus.ENTERED_IN_ERROR


def _person_values(
    record_id: str, status: RecordStatus, p: PersonProjection, touched: int
) -> tuple[object, ...]:
    active = status is not _ERROR
    return (
        record_id,
        int(active),
        p.full_name,
        p.sex,
        p.birth_date,
        p.birth_year,
        p.village,
        p.commune,
        p.household_code,
        p.last4("citizen_id", "old_id_card"),
        p.last4("insurance_number"),
        touched,
        # Nobody finds a person entered in error by searching.
        p.tokens if active else "",
    )


class Index:
    """Writes the projections of one record; `seq` is the record's row number, `head` the revision's."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def put_person(
        self, *, seq: int, record_id: str, status: RecordStatus, answers: Answers, head: int
    ) -> None:
        projection = person_projection(answers)
        values = _person_values(record_id, status, projection, head)
        tokens = values[-1]
        before = self._sql.value("SELECT tokens FROM person WHERE seq = ?", seq)
        if before is None:
            self._sql.run(
                f"INSERT INTO person (seq, {_PERSON_COLUMNS}) VALUES (?, {_PERSON_MARKS})", seq, *values
            )
        else:
            self._sql.run(
                f"UPDATE person SET ({_PERSON_COLUMNS}) = ({_PERSON_MARKS}) WHERE seq = ?", *values, seq
            )
        if before != tokens:
            if before is not None:
                self._sql.run(_FTS_REMOVE, seq, before)
            self._sql.run(_FTS_ADD, seq, tokens)
        self._put_identifiers(seq, projection, new=before is None)

    def _put_identifiers(self, seq: int, projection: PersonProjection, *, new: bool) -> None:
        """Numbers a person had before stay, inactive."""
        if not new:
            self._sql.run("UPDATE person_identifier SET active = 0 WHERE person = ?", seq)
        self._sql.run_many(
            "INSERT INTO person_identifier (person, kind, value, last4, active) VALUES (?, ?, ?, ?, 1) "
            "ON CONFLICT (person, kind, value) DO UPDATE SET active = 1",
            [(seq, i.kind, i.value, i.last4) for i in projection.identifiers],
        )

    def put_exam(
        self, *, seq: int, person: int, status: RecordStatus, answers: Answers, head: int, new: bool
    ) -> None:
        p = exam_projection(answers)
        if not new:
            self._sql.run("DELETE FROM exam WHERE person = ? AND seq = ?", person, seq)
        self._sql.run(
            f"INSERT INTO exam ({_EXAM_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
            person,
            p.exam_date,
            seq,
            int(status is not _ERROR),
            p.diagnoses,
        )
        self._sql.run(
            "UPDATE person SET touched = ?, (exam_count, last_exam) = "
            "(SELECT count(*), coalesce(max(exam_date), '') FROM exam WHERE person = ? AND active = 1) "
            "WHERE seq = ?",
            head,
            person,
            person,
        )


class Projected:
    """What every projection should hold, computed from the journal alone."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def people(self) -> Iterator[tuple[object, ...]]:
        """Rows of `person`: seq, its columns, then exam_count and last_exam."""
        exams = self._exam_summaries()
        touched = {
            row[0]: row[1] for row in self._sql.stream("SELECT person, max(head) FROM record GROUP BY person")
        }
        rows = self._sql.stream(
            "SELECT r.seq, r.id, r.status, v.answers FROM record r JOIN revision v ON v.seq = r.head "
            "WHERE r.kind = 'person' ORDER BY r.seq"
        )
        for seq, record_id, status, answers in rows:
            projection = person_projection(load(answers))
            values = _person_values(record_id, RecordStatus(status), projection, touched[seq])
            yield (seq, *values, *exams.get(seq, (0, "")))

    def _exam_summaries(self) -> dict[int, tuple[int, str]]:
        found: dict[int, tuple[int, str]] = {}
        for person, exam_date, _, active, _ in self._exams("r.seq"):
            if active:
                count, last = found.get(person, (0, ""))
                found[person] = (count + 1, max(last, exam_date))
        return found

    def exams(self) -> Iterator[tuple[int, str, int, int, str]]:
        """Rows of `exam`."""
        for _, group in groupby(self._exams("r.person, r.seq"), key=itemgetter(0)):
            yield from sorted(group)

    def _exams(self, order: str) -> Iterator[tuple[int, str, int, int, str]]:
        rows = self._sql.stream(
            "SELECT r.person, r.seq, r.status, v.answers FROM record r JOIN revision v ON v.seq = r.head "
            f"WHERE r.kind = 'exam' ORDER BY {order}"
        )
        for person, seq, status, answers in rows:
            p = exam_projection(load(answers))
            yield person, p.exam_date, seq, int(status != _ERROR), p.diagnoses

    def identifiers(self) -> Iterator[tuple[int, str, str, str, int]]:
        """Rows of `person_identifier`: of every revision, active if the newest has them."""
        rows = self._sql.stream(
            "SELECT v.person, v.answers, v.seq = r.head FROM revision v JOIN record r ON r.seq = v.person "
            "WHERE v.kind = 'person' ORDER BY v.person, v.seq"
        )
        for seq, revisions in groupby(rows, key=itemgetter(0)):
            found: dict[tuple[str, str], tuple[str, int]] = {}
            for _, answers, newest in revisions:
                for i in _identifiers(load(answers)):
                    found[i.kind, i.value] = (i.last4, newest)
            for (kind, value), (last4, active) in sorted(found.items()):
                yield seq, kind, value, last4, active


def _identifiers(answers: Answers) -> Iterator[Identifier]:
    for kind in IDENTIFIER_KEYS:
        text = answers.get(kind)
        value = identifier_value(kind, text) if isinstance(text, str) else ""
        if value:
            yield Identifier(kind, value)


@dataclass(frozen=True, slots=True)
class _Projection:
    table: str
    columns: str
    key: int
    """How many of the leading columns are the primary key."""
    rows: Callable[[Projected], Iterator[tuple[Any, ...]]]
    """In order of the primary key."""

    @property
    def insert(self) -> str:
        marks = ", ".join("?" * (self.columns.count(",") + 1))
        return f"INSERT INTO {self.table} ({self.columns}) VALUES ({marks})"

    @property
    def select(self) -> str:
        key = ", ".join(self.columns.split(", ")[: self.key])
        return f"SELECT {self.columns} FROM {self.table} ORDER BY {key}"


_PROJECTIONS = (
    _Projection("person", f"seq, {_PERSON_COLUMNS}, exam_count, last_exam", 1, Projected.people),
    _Projection("person_identifier", "person, kind, value, last4, active", 3, Projected.identifiers),
    _Projection("exam", _EXAM_COLUMNS, 3, Projected.exams),
)


def rebuild(sql: Sql) -> int:
    """Make every projection anew from the journal; returns the number of people and exams."""
    for projection in reversed(_PROJECTIONS):
        sql.run(f"DELETE FROM {projection.table}")
    projected = Projected(sql)
    for projection in _PROJECTIONS:
        rows = projection.rows(projected)
        while batch := list(islice(rows, _BATCH)):
            sql.run_many(projection.insert, batch)
    sql.run("INSERT INTO people_fts (people_fts) VALUES ('rebuild')")
    return int(sql.value("SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM exam)"))


def differences(sql: Sql) -> dict[str, int]:
    """Projection -> rows that are missing, surplus or not as the answers say. Empty when all is well.

    The full-text index is compared by `text_index_fits`.
    """
    projected = Projected(sql)
    found = {}
    for projection in _PROJECTIONS:
        present = (tuple(row) for row in sql.stream(projection.select))
        wrong = _mismatches(projection.rows(projected), present, projection.key)
        if wrong:
            found[projection.table] = wrong
    return found


def text_index_fits(sql: Sql) -> bool:
    """Whether the full-text index says what `person.tokens` says. Needs a writing transaction."""
    try:
        sql.run("INSERT INTO people_fts (people_fts, rank) VALUES ('integrity-check', 1)")
    except EnvironmentProblem as found:
        if found.code not in DAMAGE:
            raise
        return False
    return True


def _mismatches(
    wanted: Iterator[tuple[Any, ...]], present: Iterator[tuple[Any, ...]], key_columns: int
) -> int:
    """Both in order of their key: walked side by side, so nothing is held in memory."""
    wrong = 0
    one, other = next(wanted, None), next(present, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[:key_columns] < other[:key_columns]):
            wrong, one = wrong + 1, next(wanted, None)
        elif one is None or other[:key_columns] < one[:key_columns]:
            wrong, other = wrong + 1, next(present, None)
        else:
            wrong += one != other
            one, other = next(wanted, None), next(present, None)
    return wrong
