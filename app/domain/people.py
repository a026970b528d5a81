"""Read models about people: rows of lists and the banner, built from projections, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.outbox import SyncState
from app.domain.records import Draft, Record
from forms.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One line of a result list. Identifiers are masked to their last four characters."""

    id: str
    full_name: str
    sex: str
    birth_date: str
    """Partial ISO date or ""."""
    village: str
    commune: str
    """Five-digit code or ""."""
    household_code: str
    id_last4: str
    insurance_last4: str
    last_exam: date | None
    exam_count: int
    sync: SyncState


@dataclass(frozen=True, slots=True)
class SearchResult:
    rows: tuple[PersonRow, ...]
    truncated: bool
    """There were more than the limit."""


@dataclass(frozen=True, slots=True)
class DuplicateHint:
    """Somebody already registered who may be the person being registered, and why."""

    row: PersonRow
    reasons: tuple[Text, ...]
    certain: bool
    """The same active identifier: two people cannot share it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """Everything the record screen shows, read in one transaction."""

    row: PersonRow
    person: Record
    exams: tuple[Record, ...]
    """Newest exam date first; records entered in error are included and marked by their status."""
    drafts: tuple[Draft, ...]
    sync: dict[str, SyncState]
    """Record id -> state of its newest revision."""
