"""Run by test_power_cut: `type` fills in half an examination and dies, `return` opens the record again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.services import drafts
from tests.tour.day import PASSWORD, Day

FINDING = "Nhịp tim đều"


def type_and_die(day: Day) -> None:
    day.make_station()
    day.register()
    day.driver.press(Qt.Key.Key_F4)
    day.driver.until(lambda: day.record.in_exam and day.record.exam.entering, "the examination")
    day.driver.type("132/84 78")
    day.driver.enter()
    day.record.exam.board.go_to("cardiovascular")
    day.driver.type(FINDING)
    day.driver.until(lambda: FINDING in str(drafts.open_drafts(day.ctx)), "the draft saved by itself")
    os._exit(9)


def come_back(day: Day) -> None:
    day.program.start()
    day.fit(day.start)
    day.driver.fill(PASSWORD)
    day.driver.until(lambda: day.program.main_window, "the main window")
    day.fit(day.main)
    day.driver.press(Qt.Key.Key_F2)
    day.driver.type("hong dao")
    day.driver.until(lambda: day.main.omnibox.popup_open, "search results")
    day.driver.enter()
    day.driver.until(
        lambda: day.main.current == "record" and day.record.in_exam, "the unfinished examination"
    )
    exam = day.record.exam
    found = (exam.board.current, exam.state.value("systolic"), exam.state.text("cardiovascular"))
    sys.stdout.buffer.write("|".join(map(str, found)).encode())
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    place = Path(sys.argv[2])
    this_day = Day(QApplication(sys.argv[:1]), place, place / "paper", None)
    {"type": type_and_die, "return": come_back}[sys.argv[1]](this_day)
