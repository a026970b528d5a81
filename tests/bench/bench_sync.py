"""Examinations through the real channel into a real portal on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.domain.station import ChannelSettings
from app.services import stations, syncing, transfer
from app.services.synthetic import Population, lines
from sync.channels.qd831 import qd831_channels
from sync.worker import SyncWorker
from tests.bench.row import Row, timed
from tests.helpers.portal import STATION_CODE, running_portal
from tests.helpers.station import STATION, station

COUNT = 100


def rows(folder: Path) -> Iterator[Row]:
    with station(folder / "station") as ctx, running_portal(folder) as portal:
        stations.set_station(
            ctx, type(STATION)(code=STATION_CODE, name=STATION.name, commune=STATION.commune)
        )
        made = [json.loads(line) for line in lines(Population(count=60, today=date(2026, 11, 20)))]
        transfer.import_records(ctx, (json.dumps(line, ensure_ascii=False) for line in made))
        account = ChannelSettings(name=syncing.QD831, url=portal.url, user=portal.user)
        stations.set_channel(ctx, account, portal.password)
        worker = SyncWorker(store=ctx.store, factory=qd831_channels(ctx.form), clock=ctx.clock)
        spent = timed(lambda: worker.run_once(limit=COUNT)) / 1000
        sent = syncing.entries(ctx)
        size = sum(entry.message_bytes for entry in sent if entry.receipt) / COUNT
    yield Row("sync: messages per minute, loopback", COUNT / spent * 60, "", bar="-")
    yield Row("sync: bytes of one message before compression", size, "bytes", bar="-")
