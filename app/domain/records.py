"""Records, their revisions, drafts, and what a save changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from forms.model import Answers


class RecordKind(StrEnum):
    """Also the prefix of the field ids of the form part that fills it."""

    PERSON = "person"
    EXAM = "exam"


class RecordStatus(StrEnum):
    FINAL = "final"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The current state of one record. `answers` is complete and authoritative."""

    id: str
    kind: RecordKind
    person_id: str
    """Equal to `id` for a person."""
    form_code: str
    form_version: str
    status: RecordStatus
    revision: int
    answers: Answers
    acknowledged: tuple[str, ...] = ()
    """Ids of warnings the user saw and confirmed."""
    created_at: datetime
    updated_at: datetime
    updated_by: str
    """User id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One row of the append-only journal; `digest` chains to the row before it."""

    seq: int
    record_id: str
    kind: RecordKind
    person_id: str
    revision: int
    status: RecordStatus
    answers: Answers
    acknowledged: tuple[str, ...]
    reason: str
    at: datetime
    """With the offset of the station's clock at that moment."""
    user_id: str
    device_id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed and not finished: one per (kind, record) and user. Never leaves the store."""

    id: str
    kind: RecordKind
    record_id: str
    """The record being entered or corrected; for a new one the id it will get."""
    person_id: str
    base_revision: int
    """0 for a new record."""
    answers: Answers
    typed: dict[str, str] = field(default_factory=dict)
    """Text of editors whose content could not be read as a value yet, by Field.key."""
    focus: str = ""
    """Field.key the cursor was in."""
    user_id: str = ""
    updated_at: datetime | None = None


class ChangeKind(StrEnum):
    PERSON = "person"
    EXAM = "exam"
    DRAFT = "draft"
    OUTBOX = "outbox"
    SETTINGS = "settings"
    USERS = "users"


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Which kinds of data a use case changed, and for whom. Screens refresh from this, not from guesses."""

    kinds: frozenset[ChangeKind] = frozenset()
    person_ids: frozenset[str] = frozenset()

    def __or__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(self.kinds | other.kinds, self.person_ids | other.person_ids)


@dataclass(frozen=True, slots=True)
class Saved:
    """Returned only after the transaction is durable on disk."""

    record: Record
    changes: ChangeSet
