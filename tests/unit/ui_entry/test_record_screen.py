"""The record of one person: banner, list of examinations, tabs, paper."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.services import people
from tests.helpers.screens import FakePaper, register
from tests.helpers.typing import press, type_text
from tests.unit.ui_entry.conftest import begin, finish_exam, open_record, record_of
from ui.record.exam_list import ExamListModel
from ui.record.record_screen import RecordScreen
from ui.services import Services
from ui.shell.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_banner_says_who_it_is_and_masks_the_numbers(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    banner = open_record(qtbot, window, resident).banner
    assert banner.name.text() == "LÒ THỊ MẪU"
    assert banner.facts.text() == "Nữ · 1985 (41 tuổi) · Bản Poọng · CCCD …2345 · BHYT …5678"
    assert banner.pressure.text() == "HA 152/94 (12/10/2025)"
    assert banner.sync.text == "Trên máy"
    banner.eye.click()
    assert "038185012345" in banner.facts.text()
    banner.eye.click()
    assert "038185012345" not in banner.facts.text()


def test_numbers_are_masked_again_for_the_next_person(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    other = register(services.ctx, "Hà Văn Khác", sex="male", birth_date="1990", citizen_id="038090000123")
    screen = open_record(qtbot, window, resident)
    screen.banner.eye.click()
    open_record(qtbot, window, other)
    assert "038090000123" not in screen.banner.facts.text()
    assert not screen.banner.numbers_shown


def test_a_child_has_its_age_in_months_and_days(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    child = register(services.ctx, "Vàng Thị Bé", birth_date="2026-06-10")
    assert "(5 tháng 12 ngày)" in open_record(qtbot, window, child).banner.facts.text()


def test_the_list_shows_the_newest_first(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    assert screen.tabs.tabText(1) == "D  Khám (2)"
    assert screen.exams_tab.rows == 2
    exam = screen.exams_tab.current_exam
    assert exam is not None
    assert exam.answers["exam_date"] == "2025-10-12"


def test_the_list_is_a_sound_model(
    qtbot: QtBot, qtmodeltester: ModelTester, services: Services, resident: str
) -> None:
    model = ExamListModel()
    model.show_record(people.open_person(services.ctx, resident))
    qtmodeltester.check(model)


def test_nobody_examined_yet_says_what_to_do(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    person = register(services.ctx, "Hà Văn Khác", sex="male", birth_date="1990")
    screen = open_record(qtbot, window, person)
    assert screen.exams_tab.rows == 0
    begin(qtbot, screen)
    assert screen.exam.sheet.vitals.previous.isHidden()


def test_escape_goes_back_step_by_step(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    press(Qt.Key.Key_1, CTRL)
    press(Qt.Key.Key_Escape)
    assert screen.tabs.currentIndex() == 1
    press(Qt.Key.Key_Escape)
    assert window.current == "reception"


def test_a_missing_record_is_said_plainly(qtbot: QtBot, window: MainWindow) -> None:
    window.open_person("00000000-0000-4000-8000-000000000000")
    screen = record_of(window)
    qtbot.waitUntil(lambda: "Không có hồ sơ này" in screen.note.text)


def test_changes_from_elsewhere_show_without_disturbing_the_sheet(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("132/84")
    finish_exam(services.ctx, resident, exam_date="2026-01-05", systolic=130, diastolic=80)
    screen.apply_changes(_changed(resident))
    qtbot.waitUntil(lambda: screen.exams_tab.rows == 3)
    assert page.sheet.vitals.line.text() == "132/84"
    assert page.entering


def _changed(person_id: str) -> object:
    from app.domain.records import ChangeKind, ChangeSet

    return ChangeSet(frozenset({ChangeKind.EXAM}), frozenset({person_id}))


# Paper


@pytest.fixture
def printing(
    qtbot: QtBot, services: Services, resident: str, tmp_path: Path
) -> tuple[RecordScreen, FakePaper]:
    paper = FakePaper(tmp_path / "phieu.pdf")
    screen = RecordScreen(services, paper)
    qtbot.addWidget(screen)
    screen.resize(1280, 700)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    screen.open_person(resident)
    qtbot.waitUntil(lambda: screen.record is not None)
    return screen, paper


def test_f9_shows_the_pages_and_prints_them(qtbot: QtBot, printing: tuple[RecordScreen, FakePaper]) -> None:
    screen, paper = printing
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: screen.printing.page_count > 0)
    assert QApplication.focusWidget() is screen.printing.print_button
    press(Qt.Key.Key_Return)
    assert len(paper.printed) == 1
    assert paper.printed[0].startswith(b"%PDF")
    assert screen.printing.isHidden()


def test_the_pdf_goes_only_where_the_user_says(
    qtbot: QtBot, printing: tuple[RecordScreen, FakePaper], tmp_path: Path
) -> None:
    screen, paper = printing
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: screen.printing.page_count > 0)
    screen.printing.save()
    qtbot.waitUntil(lambda: "phieu.pdf" in screen.printing.note.text)
    assert paper.answer is not None
    text = "".join(page.extract_text() for page in pypdf.PdfReader(paper.answer).pages)
    assert "Lò Thị Mẫu" in text
    assert "152/94" in text
    assert sorted(p.name for p in tmp_path.iterdir()) == ["phieu.pdf", "station"]


def test_a_place_that_cannot_be_written_to_is_said_plainly(
    qtbot: QtBot, printing: tuple[RecordScreen, FakePaper], tmp_path: Path
) -> None:
    screen, paper = printing
    paper.answer = tmp_path / "không có" / "phieu.pdf"
    press(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: screen.printing.page_count > 0)
    screen.printing.save()
    qtbot.waitUntil(lambda: "Chưa lưu được" in screen.printing.note.text)


def test_an_unfinished_form_is_not_printed(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    begin(qtbot, screen)
    press(Qt.Key.Key_F9)
    assert screen.printing.isHidden()
    qtbot.waitUntil(lambda: any("chưa in được" in t.text for t in window.toasts.toasts))


def test_no_part_of_a_screen_ever_flashes_up_as_a_window(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    class Watch(QObject):
        windows: list[str] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.windows.append(type(watched).__name__)
            return False

    watch = Watch()
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    try:
        screen = open_record(qtbot, window, resident)
        begin(qtbot, screen)
        press(Qt.Key.Key_1, CTRL)
        press(Qt.Key.Key_F8)
    finally:
        app.removeEventFilter(watch)
    assert watch.windows == []
