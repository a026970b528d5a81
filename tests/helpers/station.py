"""A real encrypted station in a temporary folder, made quickly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from app.clock import new_uuid
from app.domain.station import Role, Station, User
from app.ports import Context
from app.store import vault
from app.store.keys import KdfCost
from forms.catalogue import form

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 22, 14, 7, 31, tzinfo=HANOI)
PASSWORD = "trạm-thử-831"
CHEAP = KdfCost(time_cost=1, memory_kib=8, parallelism=1)
STATION = Station(
    code="38T01",
    name="Trạm Y tế xã Tam Chung",
    commune="14848",
    health_department="Sở Y tế Thanh Hóa",
)
NURSE = User(id="user-1", username="thu", display_name="Hà Văn Thử", role=Role.HEAD)


class SetClock:
    """A clock that stands where a test puts it; each look moves it on by a second."""

    def __init__(self, start: datetime = NOW) -> None:
        self.at = start

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def make_station(folder: Path, *, clock: SetClock | None = None, station: Station = STATION) -> Context:
    clock = clock or SetClock()
    store = vault.create_store(
        folder,
        password=PASSWORD,
        user=NURSE,
        station=station,
        clock=clock,
        new_id=new_uuid,
        program_version="0.0.0",
        cost=CHEAP,
    )[0]
    return Context(store=store, form=form(), user=NURSE, clock=clock, new_id=new_uuid)


def reopen(folder: Path, *, clock: SetClock | None = None) -> Context:
    clock = clock or SetClock()
    store, user = vault.unlock(folder, NURSE.username, PASSWORD, clock=clock, new_id=new_uuid)
    return Context(store=store, form=form(), user=user, clock=clock, new_id=new_uuid)


@contextmanager
def station(folder: Path) -> Iterator[Context]:
    ctx = make_station(folder)
    try:
        yield ctx
    finally:
        ctx.store.close()
