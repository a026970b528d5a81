"""Bugs: where they surface, what is written down, what is not."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qWarning
from pytestqt.qtbot import QtBot

from ui.crash import LOG_FILE, CrashReporter, code_of

SECRET = "Nguyễn Thị Canary 038185000123"


@pytest.fixture
def reporter(qtbot: QtBot, tmp_path: Path) -> Iterator[CrashReporter]:
    made = CrashReporter(lambda: tmp_path / "logs")
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    made.install()
    yield made
    made.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    made.deleteLater()


def broken(text: str = SECRET) -> None:
    raise ValueError(text)


def raised(text: str = SECRET) -> ValueError:
    try:
        broken(text)
    except ValueError as error:
        return error
    raise AssertionError


def log_of(tmp_path: Path) -> str:
    return (tmp_path / "logs" / LOG_FILE).read_text("utf-8")


def test_a_fault_is_told_once_with_a_short_code(
    qtbot: QtBot, reporter: CrashReporter, tmp_path: Path
) -> None:
    told: list[str] = []
    reporter.reported.connect(told.append)
    code = reporter.report(raised())
    assert reporter.report(raised("another text")) == code
    qtbot.waitUntil(lambda: told == [code])
    assert len(code) == 7
    assert log_of(tmp_path).count(code) == 1


def test_the_log_has_places_and_no_words(reporter: CrashReporter, tmp_path: Path) -> None:
    reporter.report(raised())
    log = log_of(tmp_path)
    assert "ValueError" in log
    assert "ui/test_crash.py" in log
    for word in SECRET.split():
        assert word not in log
    assert str(tmp_path) not in log


def test_different_faults_have_different_codes() -> None:
    def other() -> None:
        raise KeyError

    with pytest.raises(KeyError) as caught:
        other()
    assert code_of(caught.value) != code_of(raised())


def test_faults_of_every_thread_are_caught(qtbot: QtBot, reporter: CrashReporter, tmp_path: Path) -> None:
    told: list[str] = []
    reporter.reported.connect(told.append)
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert "ValueError" in log_of(tmp_path)


def test_faults_in_slots_are_caught(qtbot: QtBot, reporter: CrashReporter) -> None:
    told: list[str] = []
    reporter.reported.connect(told.append)
    with qtbot.captureExceptions() as caught:
        # pytest-qt holds the hook while a test runs; the reporter's own is called as Qt would call it.
        QTimer.singleShot(0, broken)
        qtbot.waitUntil(lambda: bool(caught))
    reporter._on_exception(*caught[0])
    qtbot.waitUntil(lambda: len(told) == 1)


def test_words_of_qt_are_not_written_down(reporter: CrashReporter, tmp_path: Path) -> None:
    qWarning(f"QLineEdit::setText: {SECRET}")
    qWarning(SECRET)
    log = log_of(tmp_path)
    assert "QLineEdit::setText" in log
    assert "Canary" not in log


def test_a_keyboard_interrupt_is_not_a_fault(
    reporter: CrashReporter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reporter._on_exception(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not (tmp_path / "logs" / LOG_FILE).exists()


def test_before_there_is_a_folder_it_goes_to_stderr(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    reporter = CrashReporter(lambda: None)
    code = reporter.report(raised())
    assert code in capsys.readouterr().err
    assert reporter.watch_faults() is None


def test_a_folder_that_cannot_be_written_loses_only_the_line(qtbot: QtBot, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    reporter = CrashReporter(lambda: blocked / "logs")
    assert reporter.report(raised())
    assert reporter.watch_faults() is None


def test_the_log_does_not_grow_without_end(reporter: CrashReporter, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / LOG_FILE).write_bytes(b"x" * 300_000)
    reporter.report(raised())
    assert (logs / LOG_FILE).stat().st_size < 2000
    assert sorted(p.name for p in logs.iterdir()) == ["crash.log", "crash.old.log"]
