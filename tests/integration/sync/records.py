"""Synthetic residents and examinations saved straight into a real store, and workers for it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.outbox import OutboxEntry, OutboxState, OutboxTotals
from app.domain.records import ChangeSet, Record, RecordKind, RecordStatus
from app.domain.station import ChannelSettings, Station
from app.ports import Context, NewRevision
from sync.channels.base import ChannelFactory
from sync.channels.http import Timeouts
from sync.channels.qd831 import qd831_channels
from sync.status import SyncStatus
from sync.worker import SyncWorker
from tests.helpers.portal import PASSWORD, STATION_CODE, STATION_NAME, USER
from tests.helpers.station import make_station

CHANNEL = "qd831"
STATION = Station(code=STATION_CODE, name=STATION_NAME, commune="14848")
QUICK = Timeouts(connect=5.0, stall=10.0)


def station_with_channel(folder: Path, url: str, **settings: str) -> Context:
    ctx = make_station(folder, station=STATION)
    set_channel(ctx, url, **settings)
    return ctx


def set_channel(ctx: Context, url: str, *, user: str = USER, password: str = PASSWORD) -> None:
    with ctx.store.writing() as uow:
        uow.settings.set_channel(ChannelSettings(name=CHANNEL, url=url, user=user), password)
        uow.commit()


def save(ctx: Context, kind: RecordKind, answers: dict[str, Any], **given: Any) -> Record:
    record_id = given.pop("record_id", "") or str(uuid.uuid4())
    change = NewRevision(
        record_id=record_id,
        kind=kind,
        person_id=given.pop("person_id", record_id),
        form_code="QD831",
        form_version="2017",
        status=given.pop("status", RecordStatus.FINAL),
        base_revision=given.pop("base", 0),
        answers=answers,
        user_id=ctx.user.id,
        **given,
    )
    with ctx.store.writing() as uow:
        record = uow.save(change)
        uow.commit()
    return record


def person(ctx: Context, name: str = "Lò Thị Mẫu", **answers: Any) -> Record:
    return save(ctx, RecordKind.PERSON, {"full_name": name, "sex": "female", "birth_date": "1985", **answers})


def exam(ctx: Context, person_id: str, **answers: Any) -> Record:
    full = {"exam_date": "2026-11-20", "systolic": 132, "diastolic": 84, **answers}
    return save(ctx, RecordKind.EXAM, full, person_id=person_id)


def amended(ctx: Context, record: Record, **answers: Any) -> Record:
    return save(
        ctx,
        record.kind,
        {**record.answers, **answers},
        record_id=record.id,
        person_id=record.person_id,
        base=record.revision,
        status=RecordStatus.AMENDED,
        reason="sửa số đo",
    )


def totals(ctx: Context) -> OutboxTotals:
    with ctx.store.reading() as uow:
        return uow.outbox.totals(CHANNEL)


def entries(ctx: Context, *states: OutboxState) -> list[OutboxEntry]:
    with ctx.store.reading() as uow:
        return list(uow.outbox.entries(CHANNEL, states, limit=10_000))


class Told:
    """Listens to a worker; `wait_for` returns once a status satisfies the question."""

    def __init__(self) -> None:
        self.statuses: list[SyncStatus] = []
        self.changes: list[ChangeSet] = []
        self._bell = threading.Condition()

    def status(self, status: SyncStatus) -> None:
        with self._bell:
            self.statuses.append(status)
            self._bell.notify_all()

    def changed(self, changes: ChangeSet) -> None:
        with self._bell:
            self.changes.append(changes)
            self._bell.notify_all()

    def wait_for(self, wanted: Callable[[SyncStatus], bool], seconds: float = 30.0) -> SyncStatus:
        """The first status, from the first one told on, that is as wanted."""
        with self._bell:
            found = self._bell.wait_for(lambda: next(filter(wanted, self.statuses), None), seconds)
        assert found is not None, f"never told; last: {self.statuses[-1:]}"
        return found

    def forget(self) -> None:
        with self._bell:
            self.statuses.clear()
            self.changes.clear()


def worker(ctx: Context, told: Told | None = None, **given: Any) -> SyncWorker:
    factory: ChannelFactory = given.pop("factory", None) or qd831_channels(ctx.form, QUICK)
    listener = told or Told()
    return SyncWorker(
        store=ctx.store,
        factory=factory,
        clock=ctx.clock,
        on_changes=listener.changed,
        on_status=listener.status,
        jitter=given.pop("jitter", lambda: 0.0),
        **given,
    )
