"""Real widgets on the real form; screens over a real encrypted station."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.records import Draft, RecordKind
from app.ports import Context as ServiceContext
from app.printing import ReportlabPrinter
from app.services import exams, people
from forms.catalogue import form
from forms.model import Context, Json
from tests.helpers.screens import register, services_over
from tests.helpers.station import make_station
from tests.helpers.typing import press
from tests.unit.ui_entry.breakable import BreakableStore
from ui.entry.form_state import FormState
from ui.preferences import Preferences
from ui.record.exam_page import ExamPage
from ui.record.new_person import NewPersonScreen
from ui.record.record_screen import RecordScreen
from ui.services import Services
from ui.shell.main_window import MainWindow
from ui.shell.screens import ScreenMakers

TODAY = date(2026, 11, 22)
MakeState = Callable[..., FormState]


@pytest.fixture
def make_state() -> MakeState:
    """`make_state("exam", {answers}, typed={…}, person={…}, previous={…})`."""

    def make(
        prefix: str,
        answers: dict[str, Json] | None = None,
        *,
        typed: dict[str, str] | None = None,
        person: dict[str, Json] | None = None,
        previous: dict[str, Json] | None = None,
        base: int = 0,
        focus: str = "",
    ) -> FormState:
        definition = form()
        draft = Draft(
            id="draft-1", kind=RecordKind(prefix), record_id="record-1", person_id="person-1",
            base_revision=base, answers=answers or {}, typed=typed or {}, focus=focus,
        )  # fmt: skip
        return FormState(
            form=definition, part=definition.part(prefix), draft=draft, language="vi",
            context=Context(today=TODAY, person=person or {}), previous=previous or {},
        )  # fmt: skip

    return make


@pytest.fixture
def services(qtbot: QtBot, tmp_path: Path) -> Iterator[Services]:
    """A station with nobody registered, the real printer, and a store that can be made to fail."""
    ctx = make_station(tmp_path / "station")
    breakable = replace(ctx, store=BreakableStore(ctx.store))
    with services_over(breakable, printer=ReportlabPrinter()) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, services: Services) -> MainWindow:
    """The main window at the size of the reference station, active, with the real screens."""
    made = MainWindow(services, ScreenMakers(record=RecordScreen, new_person=NewPersonScreen), Preferences())
    made.allow_close()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def resident(services: Services) -> str:
    """Lò Thị Mẫu, with two examinations."""
    person_id = register(
        services.ctx, "Lò Thị Mẫu", birth_date="1985", citizen_id="038185012345", village="Bản Poọng",
        insurance_number="3812345678",
    )  # fmt: skip
    for day, systolic in (("2025-10-12", 152), ("2024-11-01", 140)):
        finish_exam(
            services.ctx,
            person_id,
            exam_date=day, systolic=systolic, diastolic=94, pulse=80, temperature=36.5, weight=58, height=160,
            cardiovascular="Nhịp đều", diagnoses=[{"code": "I10", "text": "Tăng huyết áp vô căn"}],
        )  # fmt: skip
    return person_id


def record_of(window: MainWindow) -> RecordScreen:
    screen = window.current_screen
    assert isinstance(screen, RecordScreen)
    return screen


def open_record(qtbot: QtBot, window: MainWindow, person_id: str) -> RecordScreen:
    """The record on screen, loaded, with the focus in its list."""
    window.open_person(person_id)
    screen = record_of(window)
    qtbot.waitUntil(lambda: screen.record is not None and screen.record.row.id == person_id)
    return screen


def begin(qtbot: QtBot, screen: RecordScreen) -> ExamPage:
    """F4, and the empty examination with the caret in the vitals line."""
    press(Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: screen.in_exam and screen.exam.entering)
    return screen.exam


def finish_exam(ctx: ServiceContext, person_id: str, **answers: Json) -> str:
    """A finished examination with whatever warnings it has confirmed; returns its id."""
    draft = exams.begin_exam(ctx, person_id)
    filled = replace(draft, answers={**draft.answers, **answers})
    person = people.open_person(ctx, person_id).person.answers
    rules = [f.rule for f in exams.check_exam(ctx, person, filled.answers)]
    return exams.finalise_exam(ctx, filled, rules).record.id
