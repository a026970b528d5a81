"""The program from its first window to its last, with the real vault and stand-ins for the entry screens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.errors import EnvironmentProblem
from app.services import stations
from forms.text import Text
from tests.helpers.screens import (
    PLAIN_MAKERS,
    FakeConnect,
    FakePaper,
    PlainRecord,
    VaultDoor,
    register,
    texts,
)
from tests.helpers.station import PASSWORD, make_station
from tests.helpers.typing import press, type_text
from ui.app import Program, log_folder
from ui.crash import FAULT_FILE, CrashReporter
from ui.preferences import START_FILE, Preferences
from ui.shell.main_window import MainWindow
from ui.start.window import StartWindow

FULL = EnvironmentProblem("disk-full", Text("Ổ đĩa đã đầy.", "The disk is full."))


class Run:
    """One program over one folder, with what it was given."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, folder: Path) -> None:
        self.door = VaultDoor(folder)
        self.connect = FakeConnect()
        self.crash = CrashReporter(lambda: log_folder(folder))
        self.quits: list[None] = []
        self.program = Program(
            qapp,
            door=self.door,
            connect=self.connect,
            makers=PLAIN_MAKERS,
            crash=self.crash,
            paper=FakePaper(),
        )
        self.program.ended.connect(self._on_ended)
        self.qtbot = qtbot

    def _on_ended(self) -> None:
        self.quits.append(None)

    @property
    def start_window(self) -> StartWindow:
        window = self.program.start_window
        assert window is not None
        return window

    @property
    def main_window(self) -> MainWindow:
        window = self.program.main_window
        assert window is not None
        return window

    def begin(self) -> None:
        self.program.start()
        self.activate(self.start_window)

    def unlock(self) -> MainWindow:
        type_text(PASSWORD)
        press(Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: self.program.main_window is not None)
        self.activate(self.main_window)
        return self.main_window

    def activate(self, window: QWidget) -> None:
        window.activateWindow()
        self.qtbot.waitUntil(window.isActiveWindow)
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


@pytest.fixture
def run(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Run]:
    folder = tmp_path / "station"
    make_station(folder).store.close()
    made = Run(qtbot, qapp, folder)
    yield made
    if not made.quits:
        window = made.program.main_window
        if isinstance(window, MainWindow) and isinstance(window.current_screen, PlainRecord):
            window.current_screen.unsaved = False
        made.program.quit()
    made.crash.uninstall()
    made.program.deleteLater()


def test_unlock_work_and_quit_in_order(qtbot: QtBot, run: Run) -> None:
    run.begin()
    window = run.unlock()
    assert run.program.start_window is None
    assert window.current == "reception"
    ctx = run.connect.contexts[0]
    window.open_person(register(ctx, "Lò Thị Mẫu"))
    record = window.current_screen
    assert isinstance(record, PlainRecord)
    window.close()
    qtbot.waitUntil(lambda: run.quits == [None])
    assert record.flushed
    assert run.connect.sync.calls[-1] == "stop"
    assert run.program.main_window is None
    # The store is closed: it opens again, by nobody else held.
    run.door.unlock("thu", PASSWORD).store.close()


def test_closing_the_unlock_window_ends_the_program(qtbot: QtBot, run: Run) -> None:
    run.begin()
    run.start_window.close()
    qtbot.waitUntil(lambda: run.quits == [None])
    assert run.program.start_window is None


def test_locking_asks_for_the_password_again(qtbot: QtBot, run: Run) -> None:
    run.begin()
    window = run.unlock()
    window.status_bar.user_requested.emit()
    qtbot.waitUntil(lambda: run.program.start_window is not None)
    assert run.program.main_window is None
    run.activate(run.start_window)
    run.unlock()
    assert len(run.connect.contexts) == 2


def test_nothing_is_closed_while_something_typed_is_unsaved(qtbot: QtBot, run: Run) -> None:
    run.begin()
    window = run.unlock()
    window.open_person(register(run.connect.contexts[0], "Lò Thị Mẫu"))
    record = window.current_screen
    assert isinstance(record, PlainRecord)
    record.unsaved = True
    window.close()
    qtbot.waitUntil(lambda: "Còn chữ vừa gõ chưa lưu được" in window.problem)
    assert not run.quits
    window.status_bar.user_requested.emit()
    record.unsaved = False
    window.close()
    qtbot.waitUntil(lambda: run.quits == [None])


def test_a_second_close_gives_up_what_cannot_be_saved(qtbot: QtBot, run: Run) -> None:
    run.begin()
    window = run.unlock()
    window.open_person(register(run.connect.contexts[0], "Lò Thị Mẫu"))
    record = window.current_screen
    assert isinstance(record, PlainRecord)
    record.unsaved = True
    window.close()
    qtbot.waitUntil(lambda: bool(window.problem))
    window.close()
    qtbot.waitUntil(lambda: run.quits == [None])


def test_the_look_is_changed_at_once_and_remembered(qtbot: QtBot, run: Run) -> None:
    run.begin()
    first = run.unlock()
    person = register(run.connect.contexts[0], "Lò Thị Mẫu")
    first.open_person(person)
    first.preferences_chosen.emit(Preferences(language="en", scale=125, high_contrast=True))
    qtbot.waitUntil(lambda: run.program.main_window is not first)
    window = run.main_window
    assert window.current == "admin"
    assert "This station" in texts(window)
    assert window.open_person_id == person
    run.activate(window)
    window.close()
    qtbot.waitUntil(lambda: run.quits == [None])
    kept = json.loads((run.door.folder / START_FILE).read_text("utf-8"))
    assert kept == {"language": "en", "scale": 125, "high_contrast": True}
    ctx = run.door.unlock("thu", PASSWORD)
    assert stations.preference(ctx, "screen") == kept
    ctx.store.close()


def test_column_widths_survive_the_program(qtbot: QtBot, run: Run, qapp: QApplication) -> None:
    run.begin()
    window = run.unlock()
    table = window.screen_of("reception").table  # type: ignore[attr-defined]
    widths = table.widths()
    widths[3] = 123
    table.restore_widths(widths)
    window.close()
    qtbot.waitUntil(lambda: run.quits == [None])
    again = Run(qtbot, qapp, run.door.folder)
    again.begin()
    shown = again.unlock()
    assert shown.screen_of("reception").table.widths()[3] == 123  # type: ignore[attr-defined]
    shown.close()
    qtbot.waitUntil(lambda: again.quits == [None])
    again.crash.uninstall()
    again.program.deleteLater()


def test_the_language_of_the_unlock_screen_is_kept(qtbot: QtBot, run: Run) -> None:
    run.begin()
    before = run.start_window
    run.start_window.language_chosen.emit("en")
    qtbot.waitUntil(lambda: run.program.start_window is not before)
    assert "Open the station's records" in texts(run.start_window)
    assert json.loads((run.door.folder / START_FILE).read_text("utf-8"))["language"] == "en"


def test_a_forgotten_password_leads_to_the_sheet_and_back(qtbot: QtBot, run: Run) -> None:
    run.begin()
    run.start_window.current_page._forgot.click()  # type: ignore[attr-defined]
    assert "Mã trên phiếu khôi phục" in texts(run.start_window)
    press(Qt.Key.Key_Escape)
    assert "Mở hồ sơ của trạm" in texts(run.start_window)


def test_without_a_station_the_wizard_comes(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    run = Run(qtbot, qapp, tmp_path / "empty")
    run.begin()
    assert "Tạo trạm mới" in texts(run.start_window)
    run.start_window.close()
    qtbot.waitUntil(lambda: run.quits == [None])
    assert not (tmp_path / "empty").exists()
    run.program.deleteLater()


def test_a_failure_nobody_handles_is_shown_in_words(qtbot: QtBot, run: Run) -> None:
    run.begin()
    window = run.unlock()

    def fail() -> None:
        raise FULL

    run.program.runner.run(window, fail).then(print)
    qtbot.waitUntil(lambda: window.problem == "Ổ đĩa đã đầy.")


def test_a_bug_is_told_by_its_code_with_drafts_kept(qtbot: QtBot, run: Run) -> None:
    run.begin()
    window = run.unlock()
    window.open_person(register(run.connect.contexts[0], "Lò Thị Mẫu"))
    record = window.current_screen
    assert isinstance(record, PlainRecord)
    flushed = record.flushed

    def fail() -> None:
        raise ValueError("Lò Thị Mẫu 038185000123")

    run.program.runner.run(window, fail).then(print)
    qtbot.waitUntil(lambda: "Chương trình gặp lỗi, mã " in window.problem)
    assert record.flushed > flushed
    log = (run.door.folder / "logs" / "crash.log").read_text("utf-8")
    assert "ValueError" in log
    assert "Mẫu" not in log
    assert "038185" not in log


def test_an_abrupt_end_last_time_is_told(qtbot: QtBot, run: Run) -> None:
    logs = run.door.folder / "logs"
    logs.mkdir(exist_ok=True)
    (logs / FAULT_FILE).write_text("Fatal Python error: Segmentation fault\n\nCurrent thread\n")
    run.begin()
    assert "dừng đột ngột" in run.start_window.banner.text
    run.crash.uninstall()
    assert (logs / FAULT_FILE).read_text() == ""
