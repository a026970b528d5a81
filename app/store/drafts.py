"""Unfinished entries. A later `put` has the higher number, so "latest" never asks the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.records import Draft, RecordKind
from app.store.canonical import dump, load, moment
from app.store.connection import Sql

_COLUMNS = "id, kind, record_id, person_id, base_revision, answers, typed, focus, user_id, updated_at"


def _draft_from(row: Any) -> Draft:
    return Draft(
        id=row[0],
        kind=RecordKind(row[1]),
        record_id=row[2],
        person_id=row[3],
        base_revision=row[4],
        answers=load(row[5]),
        typed=load(row[6]),
        focus=row[7],
        user_id=row[8],
        updated_at=datetime.fromisoformat(row[9]) if row[9] else None,
    )


class SqlDrafts:
    """Implements `app.ports.Drafts`."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def put(self, draft: Draft) -> None:
        self._sql.run(
            f"INSERT OR REPLACE INTO draft ({_COLUMNS}, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "(SELECT coalesce(max(seq), 0) + 1 FROM draft))",
            draft.id,
            draft.kind.value,
            draft.record_id,
            draft.person_id,
            draft.base_revision,
            dump(dict(draft.answers)),
            dump(draft.typed),
            draft.focus,
            draft.user_id,
            moment(draft.updated_at) if draft.updated_at else None,
        )

    def get(self, draft_id: str) -> Draft | None:
        row = self._sql.one(f"SELECT {_COLUMNS} FROM draft WHERE id = ?", draft_id)
        return _draft_from(row) if row else None

    def of_person(self, person_id: str) -> Sequence[Draft]:
        return self._select("person_id", person_id)

    def of_user(self, user_id: str) -> Sequence[Draft]:
        return self._select("user_id", user_id)

    def remove(self, draft_id: str) -> None:
        self._sql.run("DELETE FROM draft WHERE id = ?", draft_id)

    def _select(self, column: str, value: str) -> list[Draft]:
        rows = self._sql.all(f"SELECT {_COLUMNS} FROM draft WHERE {column} = ? ORDER BY seq DESC", value)
        return [_draft_from(row) for row in rows]
