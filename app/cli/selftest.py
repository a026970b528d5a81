"""`self-test`: the whole chain once, in a temporary folder, also inside the frozen program."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from app import bootstrap
from app.cli.output import Output
from app.cli.parser import Commands
from app.domain.station import ChannelSettings, Station
from app.errors import AppError
from app.ports import Context
from app.services import exams, people, printing, searching, stations
from app.services.syncing import QD831
from forms.model import Json
from forms.text import Text

_STATION = Station(code="38T99", name="Trạm tự kiểm", commune="14848", demo=True)
_PERSON: dict[str, Json] = {"full_name": "Nguyễn Thị Hồng Đào", "sex": "female", "birth_date": "1985-09-05"}
_VITALS: dict[str, Json] = {"systolic": 132, "diastolic": 84, "weight": 58.5, "height": 160}


def register(commands: Commands) -> None:
    commands.add("self-test", self_test, "opens, saves, prints and syncs in a temporary folder")


def self_test(_arguments: argparse.Namespace, out: Output) -> int:
    done: list[str] = []
    with tempfile.TemporaryDirectory(prefix="hoso831-") as folder:
        for name, passed in _steps(Path(folder)):
            done.append(name)
            if not passed:
                raise AppError(
                    "self-test-failed",
                    Text(f"Tự kiểm dừng ở bước “{name}”.", f"The self-test stopped at “{name}”."),
                )
    out.result({"ok": True, "steps": done}, [f"✓ {name}" for name in done])
    return 0


def _steps(folder: Path) -> Iterator[tuple[str, bool]]:
    recovery = bootstrap.new_recovery_key()
    password = os.urandom(12).hex()
    store = folder / "station"
    ctx = bootstrap.create_station(store, _STATION, "tu-kiem", "Tự kiểm", password, recovery)
    ctx.store.close()
    with ExitStack() as stack:
        ctx = bootstrap.open_station(store, None, password)
        stack.callback(ctx.store.close)
        yield "create and open", True
        person_id, exam_id = _save(ctx)
        found = searching.search_people(ctx, "dao 85").rows
        yield "save and search", [row.id for row in found] == [person_id]
        pdf = printing.print_form(ctx, bootstrap.printer(), person_id, exam_id)
        yield "print", pdf.startswith(b"%PDF-") and len(pdf) > 10_000
        sheet = bootstrap.recovery_sheet(_STATION, "tu-kiem", recovery)
        yield "recovery sheet", sheet.startswith(b"%PDF-")
        portal = stack.enter_context(bootstrap.loopback_portal(folder / "portal.db", _STATION.code))
        stations.set_channel(
            ctx, ChannelSettings(name=QD831, url=portal.url, user=portal.user), portal.password
        )
        report = bootstrap.sync_once(ctx)
        yield "sync", report.accepted == 2 and report.left == 0
        yield "integrity", bootstrap.examine(ctx).healthy
    yield "window", bootstrap.window_opens()


def _save(ctx: Context) -> tuple[str, str]:
    person_id = people.register_person(ctx, _PERSON).record.id
    draft = exams.begin_exam(ctx, person_id)
    finished = exams.finalise_exam(ctx, replace(draft, answers={**draft.answers, **_VITALS}))
    return person_id, finished.record.id
