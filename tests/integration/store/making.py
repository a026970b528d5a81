"""A small real store for tests, without the form catalogue, and what is put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path

from app.domain.records import Record, RecordKind, RecordStatus
from app.domain.station import ChannelSettings, Role, Station, User
from app.ports import NewRevision
from app.store import vault
from app.store.keys import KdfCost
from app.store.recovery import RecoveryKey
from app.store.store import SqlStore
from forms.model import Json

CHEAP = KdfCost(time_cost=1, memory_kib=8, parallelism=1)
PASSWORD = "mật khẩu thử 831"
HEAD = User(id="user-1", username="thu", display_name="Hà Văn Thử", role=Role.HEAD)
STATION = Station(code="38T01", name="Trạm Y tế xã Tam Chung", commune="14848")
CHANNEL = ChannelSettings(name="qd831", url="http://127.0.0.1:9/", user="tram")
HANOI = timezone(timedelta(hours=7))
DAO: dict[str, Json] = {
    "full_name": "Nguyễn Thị Hồng Đào",
    "sex": "female",
    "birth_date": "1985-09-05",
    "citizen_id": "038185012345",
    "insurance_number": "DT2383812345678",
    "mobile_phone": "0912345678",
    "household_code": "000417",
    "village": "Bản Poọng",
    "permanent_commune": "14848",
}


class SteppingClock:
    """Each look is a second later; `at` may be set anywhere, also backwards."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 14, 7, 31, tzinfo=HANOI)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def counting_ids(prefix: str = "id") -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers):08d}"


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    store: SqlStore
    recovery: RecoveryKey
    clock: SteppingClock = field(default_factory=SteppingClock)

    def save(self, change: NewRevision) -> Record:
        with self.store.writing() as uow:
            record = uow.save(change)
            uow.commit()
        return record

    def add_channel(self) -> None:
        with self.store.writing() as uow:
            uow.settings.set_channel(CHANNEL, "bí mật")
            uow.commit()


def make(folder: Path) -> Made:
    clock = SteppingClock()
    store, recovery = vault.create_store(
        folder,
        password=PASSWORD,
        user=HEAD,
        station=STATION,
        clock=clock,
        new_id=counting_ids(),
        program_version="0.0.0",
        cost=CHEAP,
    )
    return Made(folder, store, recovery, clock)


def person(record_id: str = "p1", base: int = 0, **answers: Json) -> NewRevision:
    return NewRevision(
        record_id=record_id,
        kind=RecordKind.PERSON,
        person_id=record_id,
        form_code="QD831",
        form_version="2017",
        status=RecordStatus.AMENDED if base else RecordStatus.FINAL,
        base_revision=base,
        answers={**DAO, **answers},
        user_id=HEAD.id,
    )


def exam(
    record_id: str = "e1",
    person_id: str = "p1",
    base: int = 0,
    status: RecordStatus | None = None,
    reason: str = "",
    **answers: Json,
) -> NewRevision:
    return NewRevision(
        record_id=record_id,
        kind=RecordKind.EXAM,
        person_id=person_id,
        form_code="QD831",
        form_version="2017",
        status=status or (RecordStatus.AMENDED if base else RecordStatus.FINAL),
        base_revision=base,
        answers={
            "exam_date": "2026-11-22",
            "systolic": 132,
            "diastolic": 84,
            "diagnoses": [{"code": "I10", "text": "Tăng huyết áp"}],
            **answers,
        },
        reason=reason,
        user_id=HEAD.id,
    )


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file below a folder and the SHA-256 of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
