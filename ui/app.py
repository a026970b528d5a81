"""The window program from start to end: hooks, first start or unlocking, main window, ordered shutdown."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.station import Station
from app.errors import AppError
from app.ports import Context
from app.services import stations
from forms.model import Json
from forms.text import Language
from ui.bridge import AppBridge, NoticeKind
from ui.crash import CrashReporter
from ui.garbage import GuiGarbage
from ui.i18n import say, tr
from ui.icons import icon
from ui.keyboard import key_text
from ui.pieces.data_table import DataTable
from ui.pieces.focus_ring import FocusRing
from ui.preferences import PREFERENCE, Preferences, keep_start, load_start, show_in
from ui.services import Backend, Connect, Services, StoreDoor
from ui.shell.screens import ScreenMakers
from ui.start.paper import PaperWay, SystemPaper
from ui.start.unlock import RecoverPage, UnlockPage
from ui.start.window import StartWindow, show_language
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from ui.shell.main_window import MainWindow

_SYNC_SECONDS = 5.0
_LANE_SECONDS = 15.0
_WIDTHS = "table-widths"
"""Key of the user's preference: column widths by table."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is read in the lane right after the store opened."""

    ctx: Context
    station: Station
    preferences: Json
    widths: Json
    backend: Backend


def _open(ctx: Context, connect: Connect, bridge: AppBridge) -> _Opened:
    try:
        return _Opened(
            ctx=ctx,
            station=stations.station(ctx),
            preferences=stations.preference(ctx, PREFERENCE),
            widths=stations.preference(ctx, _WIDTHS),
            backend=connect(ctx, bridge),
        )
    except BaseException:
        ctx.store.close()
        raise


class Program(QObject):
    """One run of the window program over one store folder.

    Signals:
        ended(): everything is saved and closed; the event loop may end.
    """

    ended = Signal()

    def __init__(
        self,
        app: QApplication,
        *,
        door: StoreDoor,
        connect: Connect,
        makers: ScreenMakers,
        crash: CrashReporter,
        paper: PaperWay | None = None,
        language: Language | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._door = door
        self._connect = connect
        self._makers = makers
        self._crash = crash
        self._paper = paper or SystemPaper()
        self._preferences = load_start(door.folder, language)
        self._widths: dict[str, list[int]] = {}
        self.runner = TaskRunner(self)
        self.network = TaskRunner(self)
        self.bridge = AppBridge(self)
        self.start_window: StartWindow | None = None
        self.main_window: MainWindow | None = None
        self._services: Services | None = None
        self._backend: Backend | None = None
        self._trouble = ""
        self._warned_unsaved = False
        for lane in (self.runner, self.network):
            lane.failed.connect(self._on_failed)
        crash.reported.connect(self._on_bug)

    # --- before the store is open

    def start(self) -> None:
        show_in(self._app, self._preferences)
        FocusRing.install(self._app)
        self._app.setWindowIcon(QIcon(icon("logo", "primary")))
        earlier = self._crash.watch_faults()
        if earlier is not None:
            self._trouble = tr(
                "Lần trước chương trình dừng đột ngột. Những gì đã lưu vẫn còn; nháp mở lại ở Tiếp đón.",
                "The program ended abruptly last time. Saved work is there; drafts reopen under Reception.",
            )
        self._show_start()

    def _show_start(self) -> None:
        window = StartWindow()
        self.start_window = window
        window.language_chosen.connect(self._on_start_language)
        # Queued: a window must not be destroyed inside its own event.
        window.closed.connect(self.quit, Qt.ConnectionType.QueuedConnection)
        if self._door.exists():
            self._show_unlock()
        else:
            from ui.wizard.wizard import Wizard  # noqa: PLC0415 # only the first start needs it

            wizard = Wizard(window, self._door, self.runner, self._paper)
            wizard.opened.connect(self._on_store_opened)
            wizard.start()
        window.show()
        if self._trouble:
            window.show_text(self._trouble, NoticeKind.WARN)
            self._trouble = ""

    @Slot()
    def _show_unlock(self) -> None:
        if self.start_window is None:
            return
        unlock = UnlockPage(self._door, self.runner)
        unlock.opened.connect(self._on_store_opened)
        unlock.recovery_requested.connect(self._on_recovery_requested)
        self.start_window.show_page(unlock)

    @Slot(str)
    def _on_recovery_requested(self, username: str) -> None:
        if self.start_window is None:
            return
        recover = RecoverPage(self._door, self.runner, username)
        recover.opened.connect(self._on_store_opened)
        recover.back_requested.connect(self._show_unlock)
        self.start_window.show_page(recover)

    @Slot(str)
    def _on_start_language(self, code: str) -> None:
        chosen = self._preferences
        self._preferences = Preferences(
            language=show_language(code), scale=chosen.scale, high_contrast=chosen.high_contrast
        )
        keep_start(self._door.folder, self._preferences)
        # Rebuilding from inside the button's own signal would delete it under its feet.
        QTimer.singleShot(0, self, self._rebuild_start)

    @Slot()
    def _rebuild_start(self) -> None:
        self._close_start()
        show_in(self._app, self._preferences)
        self._show_start()

    def _close_start(self) -> None:
        if self.start_window is not None:
            self.start_window.leave()
            _destroy(self.start_window)
            self.start_window = None

    # --- the store is open

    @Slot(object)
    def _on_store_opened(self, ctx: Context) -> None:
        work = partial(_open, ctx, self._connect, self.bridge)
        self.runner.run(self, work).then(self._on_ready, self._on_failed)

    @Slot(object)
    def _on_ready(self, opened: _Opened) -> None:
        self._preferences = Preferences.from_json(opened.preferences, self._preferences)
        self._widths = _widths_from(opened.widths)
        backend = opened.backend
        self._backend = backend
        self._services = Services(
            ctx=opened.ctx,
            station=opened.station,
            runner=self.runner,
            network=self.network,
            bridge=self.bridge,
            printer=backend.printer,
            sync=backend.sync,
            check_portal=backend.check_portal,
            change_password=backend.change_password,
        )
        keep_start(self._door.folder, self._preferences)
        self._close_start()
        self._show_main("reception")

    def _show_main(self, screen_id: str) -> None:
        if self._services is None:
            return
        show_in(self._app, self._preferences)
        from ui.shell.main_window import MainWindow  # noqa: PLC0415 # the unlock window does not wait for it

        window = MainWindow(self._services, self._makers, self._preferences)
        self.main_window = window
        for table in window.findChildren(DataTable):
            table.restore_widths(self._widths.get(table.objectName(), []))
        window.preferences_chosen.connect(self._on_preferences_chosen)
        window.lock_requested.connect(self.lock, Qt.ConnectionType.QueuedConnection)
        window.close_requested.connect(self.quit, Qt.ConnectionType.QueuedConnection)
        window.show_rail_item(screen_id)
        room = window.screen().availableSize()
        if room.width() <= window.width() or room.height() <= window.height():
            window.showMaximized()
        else:
            window.show()

    @Slot(object)
    def _on_preferences_chosen(self, chosen: Preferences) -> None:
        self._preferences = chosen
        keep_start(self._door.folder, chosen)
        if self._services is not None:
            work = partial(stations.set_preference, self._services.ctx, PREFERENCE, chosen.as_json())
            self.runner.run(self, work).then(_nothing)
        QTimer.singleShot(0, self, self._rebuild_main)

    @Slot()
    def _rebuild_main(self) -> None:
        old = self.main_window
        if old is None or not self._everything_kept():
            return
        geometry, person_id = old.saveGeometry(), old.open_person_id
        self._close_main()
        self._show_main("admin")
        if self.main_window is not None:
            self.main_window.restoreGeometry(geometry)
            if person_id:
                self.main_window.open_person(person_id)
            self.main_window.show_look()

    def _everything_kept(self) -> bool:
        """Save what is typed; False, with a word to the user, if something could not be saved."""
        window = self.main_window
        if window is None:
            return True
        window.flush_drafts()
        done = self.runner.drain(_LANE_SECONDS)
        if done and not window.has_unsaved():
            return True
        if self._warned_unsaved:
            return True
        self._warned_unsaved = True
        window.show_problem(
            tr(
                "Còn chữ vừa gõ chưa lưu được, nên chưa đóng. Phiếu vẫn còn nguyên trên màn hình. "
                "Xoá bớt tệp cho trống ổ đĩa rồi bấm {key}. Đóng lần nữa sẽ bỏ phần chưa lưu.",
                "Something typed could not be saved, so nothing was closed. It is still on the screen. "
                "Free some disk space, then press {key}. Closing again gives up what is unsaved.",
                key=key_text("keep-draft"),
            )
        )
        return False

    def _close_main(self) -> None:
        window = self.main_window
        if window is None:
            return
        self._warned_unsaved = False
        self._widths = {table.objectName(): table.widths() for table in window.findChildren(DataTable)}
        window.allow_close()
        window.close()
        _destroy(window)
        self.main_window = None

    # --- the end, in order: input, drafts, sync, lane, store

    @Slot()
    def lock(self) -> None:
        """End this session and ask for a password again."""
        if self._everything_kept():
            self._end_session()
            self._show_start()

    @Slot()
    def quit(self) -> None:
        """End everything in order; each step has a time limit."""
        if not self._everything_kept():
            return
        self._end_session()
        self._close_start()
        for lane in (self.runner, self.network):
            lane.close()
        self.ended.emit()

    def _end_session(self) -> None:
        services, backend = self._services, self._backend
        self._close_main()
        if services is None or backend is None:
            return
        widths: dict[str, Json] = {name: list(columns) for name, columns in self._widths.items()}
        work = partial(stations.set_preference, services.ctx, _WIDTHS, widths)
        self.runner.run(self, work).then(_nothing)
        if backend.sync is not None:
            backend.sync.stop(_SYNC_SECONDS)
        self.runner.drain(_LANE_SECONDS)
        self._services = self._backend = None
        services.ctx.store.close()

    # --- trouble

    @Slot(object)
    def _on_failed(self, problem: Exception) -> None:
        """The one presenter of failures that no screen handles itself."""
        if isinstance(problem, AppError):
            self._show_trouble(say(problem.text))
        else:
            self._crash.report(problem)

    @Slot(str)
    def _on_bug(self, code: str) -> None:
        if self.main_window is not None:
            self.main_window.flush_drafts()
        self._show_trouble(
            tr(
                "Chương trình gặp lỗi, mã {code}. Những gì đã lưu vẫn an toàn, nháp đã được giữ. "
                "Cứ làm tiếp; nếu lặp lại, báo mã này cho người hỗ trợ.",
                "The program failed, code {code}. Saved work is safe, drafts are kept. Go on; if it happens "
                "again, tell support this code.",
                code=code,
            )
        )

    def _show_trouble(self, text: str) -> None:
        if self.main_window is not None:
            self.main_window.show_problem(text)
        elif self.start_window is not None:
            self.start_window.show_text(text)
        else:
            self._trouble = text


def _destroy(window: QWidget) -> None:
    """At once, with its timers: nothing of it may ask a closed lane for work."""
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def _nothing(_result: object) -> None:
    """For work whose result nobody waits for; failures still reach the presenter."""


def _widths_from(value: Json) -> dict[str, list[int]]:
    if not isinstance(value, dict):
        return {}
    return {
        name: [w for w in widths if isinstance(w, int)]
        for name, widths in value.items()
        if isinstance(widths, list)
    }


def log_folder(folder: Path) -> Path | None:
    """Beside the store, once there is a station: a folder without one stays untouched."""
    return folder / "logs" if folder.is_dir() else None


def run(
    argv: Sequence[str],
    *,
    door: StoreDoor,
    connect: Connect,
    makers: ScreenMakers | None = None,
    language: Language | None = None,
) -> int:
    """Open the window over the store behind `door`; returns the exit code when it is closed."""
    crash = CrashReporter(partial(log_folder, door.folder))
    crash.install()
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(list(argv) or sys.argv[:1])
    app.setApplicationName("Hồ sơ 831")
    app.setQuitOnLastWindowClosed(False)
    program = Program(
        app, door=door, connect=connect, makers=makers or default_makers(), crash=crash, language=language
    )
    garbage = GuiGarbage(app)
    garbage.start()
    program.ended.connect(app.quit)
    program.start()
    try:
        code = app.exec()
    finally:
        garbage.stop()
        crash.uninstall()
    end_qt(app)
    return code


def default_makers() -> ScreenMakers:
    """The entry screens; imported late, so that the unlock window does not wait for them."""
    from ui.record.new_person import NewPersonScreen  # noqa: PLC0415 # start-up time
    from ui.record.record_screen import RecordScreen  # noqa: PLC0415 # start-up time

    return ScreenMakers(record=RecordScreen, new_person=NewPersonScreen)


def first_window_opens(door: StoreDoor) -> bool:
    """Build the first window offscreen and close it: Qt, fonts, icons and theme are there (self-test)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(sys.argv[:1])
    crash = CrashReporter(partial(log_folder, door.folder))
    program = Program(app, door=door, connect=_never, makers=default_makers(), crash=crash)
    program.start()
    app.processEvents()
    shown = program.start_window is not None and program.start_window.isVisible()
    program.quit()
    end_qt(app)
    return shown


def end_qt(app: QApplication) -> None:
    """Destroy every window while the application still lives: afterwards it would crash the interpreter."""
    for window in app.topLevelWidgets():
        window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    app.shutdown()


def _never(ctx: Context, bridge: AppBridge) -> Backend:  # noqa: ARG001 -- the shape of Connect
    raise RuntimeError("the self-test opens no store in the window")
