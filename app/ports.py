"""What the use cases need from the outside. `app.store`, `app.printing` and `sync` implement it.

Store errors (disk full, locked, damaged) leave every method as `EnvironmentProblem`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.outbox import Claim, OutboxEntry, OutboxState, OutboxTotals, SyncState
from app.domain.people import PersonRow
from app.domain.records import ChangeSet, Draft, Record, RecordKind, RecordStatus, Revision
from app.domain.station import ChannelSettings, Station, User
from forms.model import Answers, FormDefinition, Json


class Clock(Protocol):
    def now(self) -> datetime:
        """Local time with its UTC offset. For people and the journal; never for ordering."""
        ...


class IdFactory(Protocol):
    def __call__(self) -> str:
        """A new UUID (text, lower case)."""
        ...


class FormPrinter(Protocol):
    def render(self, request: PrintRequest) -> bytes:
        """A PDF, in memory only."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRequest:
    form: FormDefinition
    station: Station
    person: Record | None
    """None prints the blank form."""
    exam: Record | None
    """None leaves part D blank (pre-filled form)."""
    printed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """What a save hands to the unit of work; the rest (number, digest, projections, outbox) follows."""

    record_id: str
    kind: RecordKind
    person_id: str
    form_code: str
    form_version: str
    status: RecordStatus
    base_revision: int
    """The revision the edit started from; 0 creates the record."""
    answers: Answers
    acknowledged: tuple[str, ...] = ()
    reason: str = ""
    user_id: str


class Records(Protocol):
    def get(self, kind: RecordKind, record_id: str) -> Record | None: ...

    def exams_of(self, person_id: str) -> Sequence[Record]:
        """Newest exam date first."""
        ...

    def person_ids(self) -> Iterator[str]:
        """In order of registration."""
        ...

    def history(self, record_id: str) -> Sequence[Revision]:
        """Oldest first."""
        ...

    def verify_chain(self) -> int:
        """Number of revisions whose digests were recomputed and fit; EnvironmentProblem if one does not."""
        ...


class People(Protocol):
    """Projections of part A."""

    def search(self, text: str, limit: int) -> Sequence[PersonRow]:
        """Folded words in any order: name parts, birth year (85 or 1985), village, household code, and the
        last 4 or more digits of an identifier. Best match first; an empty text gives the latest opened.
        """
        ...

    def row(self, person_id: str) -> PersonRow | None: ...

    def by_identifier(self, kind: str, value: str) -> Sequence[PersonRow]:
        """Active identifiers only; `kind` is a field key: citizen_id, old_id_card, insurance_number."""
        ...

    def by_birth_year(self, year: int, spread: int = 0) -> Sequence[PersonRow]: ...

    def count(self) -> int: ...

    def exams_on(self, day: str) -> Sequence[PersonRow]:
        """People with an exam on an ISO date, latest entry first."""
        ...


class Drafts(Protocol):
    def put(self, draft: Draft) -> None: ...

    def get(self, draft_id: str) -> Draft | None: ...

    def of_person(self, person_id: str) -> Sequence[Draft]: ...

    def of_user(self, user_id: str) -> Sequence[Draft]:
        """Latest first."""
        ...

    def remove(self, draft_id: str) -> None: ...


class Outbox(Protocol):
    def totals(self, channel: str) -> OutboxTotals: ...

    def entries(
        self, channel: str, states: Sequence[OutboxState] = (), limit: int = 500
    ) -> Sequence[OutboxEntry]: ...

    def states_of(self, record_ids: Sequence[str]) -> dict[str, SyncState]:
        """State of the newest revision of each record."""
        ...

    def claim(self, channel: str, *, skip: Sequence[int] = ()) -> Claim | None:
        """Take the next sendable row: unknown ones first, then pending in queue order.

        A record with a row in `sending` or an earlier row unsettled gives nothing, so order holds per
        record while other records flow past it. `skip` holds rows that wait for their next try.
        """
        ...

    def mark_sending(self, seq: int, request_id: str, message: bytes) -> None:
        """Freeze the bytes and count the attempt; must be committed before anything is sent."""
        ...

    def acknowledge(self, seq: int, receipt: str, code: str, at: datetime) -> bool:
        """Settle exactly this row, if it is `sending` or `unknown`; False if it is not."""
        ...

    def reject(self, seq: int, code: str, message: str) -> bool: ...

    def mark_unknown(self, seq: int, code: str) -> bool: ...

    def release(self, seq: int, code: str) -> bool:
        """Back to pending: certain that the portal did not apply it. The bytes stay frozen."""
        ...

    def recover(self) -> int:
        """At start-up: rows left `sending` become `unknown`. Returns how many."""
        ...

    def requeue(self, seq: int) -> bool:
        """A person decides to send a rejected revision again."""
        ...


class Settings(Protocol):
    def station(self) -> Station: ...

    def set_station(self, station: Station) -> None: ...

    def get(self, key: str) -> Json: ...

    def put(self, key: str, value: Json) -> None: ...

    def channel(self, name: str) -> ChannelSettings | None: ...

    def set_channel(self, settings: ChannelSettings, password: str | None) -> None:
        """Also enrols every record that has no outbox row for this channel yet."""
        ...

    def channel_password(self, name: str) -> str: ...

    def channels(self) -> Sequence[str]: ...


class Users(Protocol):
    def all(self) -> Sequence[User]: ...

    def get(self, user_id: str) -> User | None: ...

    def by_username(self, username: str) -> User | None: ...

    def add(self, user: User) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Rolls back unless `commit` was called; commit returns once it is durable."""

    @property
    def records(self) -> Records: ...

    @property
    def people(self) -> People: ...

    @property
    def drafts(self) -> Drafts: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def users(self) -> Users: ...

    def save(self, change: NewRevision) -> Record:
        """Record + projections + chained revision + outbox rows of every enabled channel.

        Raises StaleRevision when `base_revision` is not the current one.
        """
        ...

    def commit(self) -> None: ...


class Store(Protocol):
    """An unlocked store. Thread-safe: every unit of work takes its own connection."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A consistent snapshot; saving in it is a bug and raises."""
        ...

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """BEGIN IMMEDIATE."""
        ...

    @property
    def device_id(self) -> str: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every use case gets: the store, who acts, and the ports."""

    store: Store
    form: FormDefinition
    user: User
    clock: Clock
    new_id: IdFactory


class ChangeListener(Protocol):
    def __call__(self, changes: ChangeSet) -> None: ...
