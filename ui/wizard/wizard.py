"""First start, step by step. Nothing is written until the recovery sheet is in somebody's hands."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.errors import AppError
from app.ports import Context
from forms.text import clean
from ui.bridge import NoticeKind
from ui.i18n import say, tr
from ui.services import NewStation, RecoverySheet, StoreDoor
from ui.start.paper import PaperWay
from ui.start.window import StartWindow
from ui.tasks import TaskRunner
from ui.wizard.pages import StationPage, UserPage, WelcomePage
from ui.wizard.recovery_page import RecoveryPage


class Wizard(QObject):
    """Leads through the pages in the start window.

    Signals:
        opened(Context): a station (or the demo station) is open.
    """

    opened = Signal(object)

    def __init__(self, window: StartWindow, door: StoreDoor, runner: TaskRunner, paper: PaperWay) -> None:
        super().__init__(window)
        self._window = window
        self._door = door
        self._runner = runner
        self._paper = paper
        self._sheet: RecoverySheet | None = None
        self._prepared_for: NewStation | None = None
        self.welcome = WelcomePage()
        self.station = StationPage()
        self.user = UserPage()
        self.recovery: RecoveryPage | None = None
        self.welcome.station_requested.connect(self._on_station_requested)
        self.welcome.demo_requested.connect(self._on_demo_requested)
        self.station.next_requested.connect(self._on_station_done)
        self.station.back_requested.connect(self.start)
        self.user.next_requested.connect(self._on_user_done)
        self.user.back_requested.connect(self._on_station_requested)

    @Slot()
    def start(self) -> None:
        self._window.show_page(self.welcome)

    @property
    def entered(self) -> NewStation:
        return NewStation(
            station=self.station.station,
            username=self.user.username.text().strip(),
            display_name=clean(self.user.display_name.text()),
            password=self.user.password.text(),
        )

    @Slot()
    def _on_station_requested(self) -> None:
        self._window.show_page(self.station)

    @Slot()
    def _on_station_done(self) -> None:
        self._window.show_page(self.user)

    @Slot()
    def _on_user_done(self) -> None:
        entered = self.entered
        if self.recovery is not None and entered == self._prepared_for:
            self._window.show_page(self.recovery)
            return
        self.user.next_button.setEnabled(False)
        work = partial(self._door.prepare, entered)
        self._runner.run(self, work).then(self._on_prepared, self._on_prepare_failed)

    @Slot(object)
    def _on_prepared(self, sheet: RecoverySheet) -> None:
        self.user.next_button.setEnabled(True)
        self._sheet = sheet
        self._prepared_for = self.entered
        # What was entered changed: an earlier sheet would name another station.
        self.recovery = RecoveryPage(sheet, self.entered.station, self._paper)
        self.recovery.next_requested.connect(self._on_create)
        self.recovery.back_requested.connect(self._on_station_done)
        self._window.show_page(self.recovery)

    @Slot()
    def _on_create(self) -> None:
        if self.recovery is None or self._sheet is None or self._prepared_for is None:
            return
        self.recovery.busy(tr("Đang tạo trạm…", "Making the station…"))
        work = partial(self._door.create, self._prepared_for, self._sheet.text)
        self._runner.run(self, work).then(self._on_opened, self._on_create_failed)

    @Slot()
    def _on_demo_requested(self) -> None:
        self.welcome.busy(tr("Đang dựng trạm mẫu…", "Setting up the demo station…"))
        self._runner.run(self, self._door.open_demo).then(self._on_opened, self._on_demo_failed)

    @Slot(object)
    def _on_opened(self, ctx: Context) -> None:
        self.opened.emit(ctx)

    def _on_prepare_failed(self, problem: Exception) -> None:
        self.user.next_button.setEnabled(True)
        self._show(problem)

    def _on_create_failed(self, problem: Exception) -> None:
        if self.recovery is not None:
            self.recovery.busy("")
        self._show(problem)

    def _on_demo_failed(self, problem: Exception) -> None:
        self.welcome.busy("")
        self._show(problem)

    def _show(self, problem: Exception) -> None:
        if isinstance(problem, AppError):
            self._window.show_text(say(problem.text), NoticeKind.DANGER)
        else:
            self._runner.failed.emit(problem)
