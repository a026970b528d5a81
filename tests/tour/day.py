"""The working day: a station is made, a resident registered and examined, the form printed and sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app import bootstrap
from app.domain.outbox import SyncState
from app.domain.station import ChannelSettings
from app.ports import Context
from app.services import stations, syncing, transfer
from app.services.synthetic import Population, lines
from sync.intake.local import LocalPortal, local_portal
from tests.tour.driver import CTRL, SCREEN, Driver
from ui.app import Program, log_folder
from ui.crash import CrashReporter
from ui.preferences import Preferences
from ui.record.new_person import NewPersonScreen
from ui.record.record_screen import RecordScreen
from ui.shell.main_window import MainWindow
from ui.shell.screens import ScreenMakers
from ui.start.window import StartWindow
from ui.wizard.recovery_page import RecoveryPage

STATION_CODE = "38T01"
PASSWORD = "trạm mẫu 831"
RESIDENT = ("Lò Thị Hồng Đào", "05091985", "038185012345")
VITALS = "132/84 78 36,8 58,5 160"
RESIDENTS = 120


@dataclass
class Summary:
    residents: int = 0
    exam_keys: int = 0
    pdf: Path | None = None
    receipts: list[str] = field(default_factory=list)
    pictures: list[Path] = field(default_factory=list)


@dataclass
class QuietPaper:
    """Paper goes where the tour keeps its results; nothing waits for a dialog."""

    folder: Path

    def choose_file(self, _parent: QWidget, suggested: Path) -> Path | None:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / suggested.name

    def send_to_printer(self, _parent: QWidget, _pdf: bytes) -> bool:
        return True


class Day:
    """One program over one new station folder, driven by keys."""

    def __init__(self, app: QApplication, folder: Path, out: Path, pictures: Path | None) -> None:
        self.driver = Driver(app, pictures)
        self.out = out
        self.summary = Summary()
        self.door = bootstrap.StationDoor(folder / "station")
        self._stack = ExitStack()
        self._portal = folder / "portal.db"
        paper = QuietPaper(out)
        self.program = Program(
            app,
            door=self.door,
            connect=partial(bootstrap.connect, self._stack),
            makers=ScreenMakers(record=partial(RecordScreen, paper=paper), new_person=NewPersonScreen),
            crash=CrashReporter(partial(log_folder, self.door.folder)),
            paper=paper,
        )

    # --- what is on screen

    @property
    def start(self) -> StartWindow:
        window = self.program.start_window
        assert window is not None
        return window

    @property
    def main(self) -> MainWindow:
        window = self.program.main_window
        assert window is not None
        return window

    @property
    def record(self) -> RecordScreen:
        screen = self.main.current_screen
        assert isinstance(screen, RecordScreen)
        return screen

    @property
    def ctx(self) -> Context:
        assert self.program._services is not None
        return self.program._services.ctx

    def fit(self, window: QWidget) -> None:
        window.resize(*SCREEN)
        window.activateWindow()
        self.driver.settle()

    # --- the day

    def run(self) -> Summary:
        try:
            self.make_station()
            with self.portal():
                self.look_around()
                person = self.register()
                self.examine(person)
                self.print_form()
                self.stumble()
                self.wait_for_receipts()
                self.other_screens()
            self.other_looks()
            self.lock_and_unlock()
        finally:
            self.program.quit()
            self._stack.close()
        self.summary.pictures = self.driver.taken
        return self.summary

    def make_station(self) -> None:
        drive = self.driver
        self.program.start()
        self.fit(self.start)
        drive.shot(self.start, "welcome")
        drive.enter()
        drive.type("38T01")
        drive.enter()
        drive.type("Trạm Y tế xã Tam Chung")
        drive.enter()
        drive.type("tam chung")
        drive.shot(self.start, "wizard-station")
        drive.enter(2)
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.fill("Hà Văn Thử", "thu", PASSWORD)
        drive.type(PASSWORD)
        drive.shot(self.start, "wizard-user")
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.until(lambda: isinstance(self.start.current_page, RecoveryPage), "the recovery page")
        self.keep_sheet()
        drive.shot(self.start, "wizard-recovery-sheet")
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.until(lambda: self.program.main_window, "the main window")
        self.fit(self.main)
        drive.shot(self.main, "reception-empty")

    def keep_sheet(self) -> None:
        self.out.mkdir(parents=True, exist_ok=True)
        page = self.start.current_page
        assert isinstance(page, RecoveryPage)
        page.where.set_text(str(self.out / "recovery-sheet.pdf"))
        page.save()
        self.driver.until(lambda: page.kept, "the saved recovery sheet")

    @contextmanager
    def portal(self) -> Iterator[LocalPortal]:
        """A station that has been at work for a while: residents, and a portal to send to."""
        transfer.import_records(
            self.ctx, lines(Population(count=RESIDENTS, today=self.ctx.clock.now().date()))
        )
        self.summary.residents = RESIDENTS + 1
        with local_portal(self._portal, STATION_CODE) as portal:
            account = ChannelSettings(name=syncing.QD831, url=portal.url, user=portal.user)
            changes = stations.set_channel(self.ctx, account, portal.password)
            self.program.bridge.publish(changes)
            yield portal

    def look_around(self) -> None:
        drive = self.driver
        drive.press(Qt.Key.Key_F2)
        drive.type("dao lo")
        drive.until(lambda: self.main.omnibox.popup_open, "search results")
        drive.shot(self.main, "search")
        drive.press(Qt.Key.Key_Escape, times=2)

    def register(self) -> str:
        drive = self.driver
        name, birth, number = RESIDENT
        drive.press(Qt.Key.Key_F8)
        drive.until(lambda: self.main.current == "new-person", "the registration")
        screen = self.main.current_screen
        assert isinstance(screen, NewPersonScreen)
        focus = screen.form.board
        focus.go_to("full_name")
        drive.fill(name)
        focus.go_to("sex")
        drive.type("2")
        focus.go_to("birth_date")
        drive.fill(birth)
        focus.go_to("citizen_id")
        drive.fill(number)
        focus.go_to("village")
        drive.fill("Bản Poọng")
        drive.shot(self.main, "new-resident")
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.until(lambda: self.main.current == "record" and self.record.record, "the new record")
        drive.shot(self.main, "record-no-exams")
        return self.main.open_person_id

    def examine(self, person_id: str) -> None:
        """A follow-up as at the desk: search, new exam, vital signs, conclusion, finish; keys only."""
        drive = self.driver
        before = drive.keys
        drive.press(Qt.Key.Key_F2)
        drive.type("hong dao 85")
        drive.until(lambda: self.main.omnibox.popup_open, "search results")
        drive.enter()
        drive.until(lambda: self.record.record is not None, "the record")
        assert self.main.open_person_id == person_id
        drive.press(Qt.Key.Key_F4)
        drive.until(lambda: self.record.in_exam and self.record.exam.entering, "the examination")
        drive.type(VITALS)
        drive.shot(self.main, "exam-vitals")
        drive.enter()
        drive.press(Qt.Key.Key_B, CTRL)
        drive.type("i10")
        drive.shot(self.main, "exam-diagnosis")
        drive.enter()
        drive.shot(self.main, "exam-ready")
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.until(lambda: not self.record.in_exam, "the finished examination")
        self.summary.exam_keys = drive.keys - before
        drive.until(lambda: self.record.record and self.record.record.exams, "the list of examinations")
        drive.shot(self.main, "record-exams")
        drive.press(Qt.Key.Key_1, CTRL)
        drive.shot(self.main, "record-administrative")
        drive.press(Qt.Key.Key_2, CTRL)

    def print_form(self) -> None:
        drive = self.driver
        drive.press(Qt.Key.Key_F9)
        panel = self.record.printing
        drive.until(lambda: panel.page_count, "the printed pages")
        drive.shot(self.main, "print")
        panel.save()
        self.summary.pdf = drive.until(lambda: next(self.out.glob("*831*.pdf"), None), "the saved form")
        drive.press(Qt.Key.Key_Escape)

    def wait_for_receipts(self) -> None:
        totals = partial(syncing.overview, self.ctx)
        self.driver.until(lambda: totals() and not totals()[0].unsent, "everything acknowledged")
        entries = syncing.entries(self.ctx)
        self.summary.receipts = [entry.receipt for entry in entries if entry.receipt]
        record = self.record
        self.driver.until(
            lambda: record.record is not None and record.record.row.sync is SyncState.ACKNOWLEDGED,
            "the record shown as received",
        )
        self.driver.until(
            lambda: "không còn phiếu chờ" in self.main.status_bar.words, "the status bar telling the same"
        )
        self.driver.shot(self.main, "record-acknowledged")

    def other_screens(self) -> None:
        drive = self.driver
        for key, name in ((Qt.Key.Key_1, "reception"), (Qt.Key.Key_3, "sync"), (Qt.Key.Key_4, "admin")):
            drive.press(key, Qt.KeyboardModifier.AltModifier)
            drive.settle()
            drive.shot(self.main, name)
        drive.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
        drive.press(Qt.Key.Key_F1)
        drive.shot(self.main, "keys-help")
        drive.press(Qt.Key.Key_F1)
        drive.press(Qt.Key.Key_F12)
        drive.shot(self.main, "privacy")

    def stumble(self) -> None:
        """Values that are unusual, values that cannot be, and somebody who is registered already."""
        drive = self.driver
        drive.press(Qt.Key.Key_F4)
        drive.until(lambda: self.record.in_exam and self.record.exam.entering, "the examination")
        drive.type("186/112 104 39,4 58,5 160")
        drive.enter()
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.shot(self.main, "exam-unusual-values")
        self.record.exam.board.go_to("systolic")
        drive.press(Qt.Key.Key_A, CTRL)
        drive.fill("80")
        drive.press(Qt.Key.Key_Return, CTRL)
        drive.shot(self.main, "exam-impossible-value")
        self.record.exam.discard()
        drive.until(lambda: not self.record.in_exam, "the record again")
        drive.press(Qt.Key.Key_F8)
        drive.until(lambda: self.main.current == "new-person", "the registration")
        screen = self.main.current_screen
        assert isinstance(screen, NewPersonScreen)
        screen.form.board.go_to("full_name")
        drive.fill("Lo Thi Hong Dao")
        screen.form.board.go_to("citizen_id")
        drive.fill(RESIDENT[2])
        drive.until(lambda: screen.duplicates.hints, "the possible duplicate")
        drive.shot(self.main, "new-resident-duplicate")
        screen.form.discard()
        drive.until(lambda: self.main.current == "record", "the record again")

    def other_looks(self) -> None:
        """The same screens in English, at 150 %, and in high contrast."""
        person = self.main.open_person_id
        for name, look in (
            ("english", Preferences(language="en")),
            ("scale-150", Preferences(scale=150)),
            ("high-contrast", Preferences(high_contrast=True)),
        ):
            before = self.main
            before.preferences_chosen.emit(look)
            self.driver.until(partial(self._rebuilt, before), "the window in another look")
            self.fit(self.main)
            self.driver.shot(self.main, f"{name}-admin")
            self.main.open_person(person)
            self.driver.until(lambda: self.record.record is not None, "the record")
            self.driver.press(Qt.Key.Key_F4)
            self.driver.until(lambda: self.record.in_exam, "the examination")
            self.driver.type(VITALS)
            self.driver.shot(self.main, f"{name}-exam")
            self.record.exam.discard()
            self.driver.until(lambda: not self.record.in_exam, "the record again")

    def _rebuilt(self, before: MainWindow) -> bool:
        return self.program.main_window not in (None, before)

    def lock_and_unlock(self) -> None:
        drive = self.driver
        self.program.lock()
        self.fit(self.start)
        drive.type("không phải đâu")
        drive.enter()
        drive.until(lambda: self.start.current_page.password.error, "the refusal")  # type: ignore[attr-defined]
        drive.shot(self.start, "unlock-wrong-password")
