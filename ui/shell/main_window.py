"""The main window: rail, search box, screens, status bar. It moves between screens and owns no data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.records import ChangeKind, ChangeSet
from forms.model import Json
from forms.text import Text
from ui.admin.screen import AdminScreen
from ui.bridge import NoticeKind
from ui.i18n import say, tr
from ui.keyboard import Scope, bind, bound_actions, with_key
from ui.pieces.banner import Banner, EmptyState
from ui.pieces.buttons import secondary_button
from ui.pieces.labels import ElidedLabel
from ui.pieces.layouts import column, frame, row
from ui.pieces.toast import ToastStack
from ui.preferences import Preferences
from ui.reception.drafts import Unfinished
from ui.reception.screen import ReceptionScreen
from ui.screen import Screen
from ui.services import Services
from ui.shell.help_panel import HelpPanel
from ui.shell.omnibox import Omnibox
from ui.shell.prefill import prefill_from
from ui.shell.privacy import PrivacyScreen
from ui.shell.rail import Rail, RailItem
from ui.shell.screens import NewPersonScreenLike, RecordScreenLike, ScreenMakers
from ui.shell.status_bar import StatusBar
from ui.sync_screen import SyncScreen
from ui.theme import theme

RAIL = (
    RailItem("reception", Text("Tiếp đón", "Reception"), "reception"),
    RailItem("record", Text("Hồ sơ", "Record"), "record"),
    RailItem("sync", Text("Đồng bộ", "Sync"), "sync"),
    RailItem("admin", Text("Quản trị", "Admin"), "admin"),
)
"""Only what works; further screens join here."""

_WAKES_SYNC = frozenset({ChangeKind.PERSON, ChangeKind.EXAM})


class NoRecord(Screen):
    """Hồ sơ while nobody's record is open."""

    def __init__(self) -> None:
        super().__init__()
        hint = tr(
            "Bấm F2 rồi gõ tên, năm sinh hoặc số CCCD.", "Press F2 and type a name, birth year or citizen ID."
        )
        self.setLayout(column(EmptyState("record", tr("Chưa mở hồ sơ nào", "No record is open"), hint)))


class MainWindow(QWidget):
    """Signals:
    preferences_chosen(Preferences): rebuild everything in this language, size and contrast.
    lock_requested(): end this user's session.
    close_requested(): the window is to be closed; the program shuts down in order, then closes it.
    """

    preferences_chosen = Signal(object)
    lock_requested = Signal()
    close_requested = Signal()

    def __init__(self, services: Services, makers: ScreenMakers, preferences: Preferences) -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(f"{services.station.name} · Hồ sơ 831")
        self._services = services
        self._makers = makers
        self._may_close = False
        self._open_person = ""
        self._history: list[str] = []
        self._current = ""
        self._stack = QStackedWidget()
        self._screens: dict[str, Screen] = {}
        self._banner = Banner(closable=True)
        self.rail = Rail(RAIL)
        self.omnibox = Omnibox(services, self)
        self.status_bar = StatusBar(services)
        self._lay_out()
        self.toasts = ToastStack(self)
        self.help = HelpPanel(self)
        self.privacy = PrivacyScreen(self)
        self._make_screens(preferences)
        self._bind_keys()
        self._connect()
        self.resize(theme().px(1280), theme().px(720))
        self.show_screen("reception")

    # --- building

    def _lay_out(self) -> None:
        look = theme()
        self.omnibox.setMaximumWidth(look.px(720))
        add = secondary_button(
            with_key(tr("Người mới", "New resident"), "new-person"), self.register_person, "add-person"
        )
        add.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        station = ElidedLabel(self._services.station.name, "muted")
        station.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        bar = row(self.omnibox, add, station, spacing=12, margins=(16, 8, 16, 8))
        bar.setStretch(0, 5)
        bar.setStretch(2, 2)
        top = frame("top", bar)
        right = column(top, self._banner, self._stack, spacing=0)
        right.setStretch(2, 1)
        upper: QHBoxLayout = row(self.rail, right, spacing=0)
        upper.setStretch(1, 1)
        whole = column(upper, self.status_bar, spacing=0)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    def _make_screens(self, preferences: Preferences) -> None:
        reception = ReceptionScreen(self._services)
        reception.registration_requested.connect(self.register_person)
        reception.draft_resumed.connect(self._on_draft_resumed)
        admin = AdminScreen(self._services, preferences)
        admin.preferences_chosen.connect(self.preferences_chosen)
        self._admin = admin
        self._sync_screen = SyncScreen(self._services)
        self._reception = reception
        for screen_id, screen in (
            ("reception", reception),
            ("no-record", NoRecord()),
            ("sync", self._sync_screen),
            ("admin", admin),
        ):
            self._add(screen_id, screen)

    def _add(self, screen_id: str, screen: Screen) -> Screen:
        self._screens[screen_id] = screen
        self._stack.addWidget(screen)
        screen.closed.connect(self._on_screen_closed)
        screen.person_requested.connect(self.open_person)
        return screen

    def _bind_keys(self) -> None:
        bind(self, "help", self.show_help)
        bind(self, "search", self.omnibox.start)
        bind(self, "new-person", self.register_person)
        bind(self, "send-now", self._sync_screen.send_now)
        bind(self, "privacy", self.privacy.cover)
        bind(self, "back", self.go_back)
        slots = (self._on_rail_1, self._on_rail_2, self._on_rail_3, self._on_rail_4)
        for number, slot in enumerate(slots, 1):
            bind(self, f"rail-{number}", slot)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_rail_item)
        self.omnibox.person_chosen.connect(self.open_person)
        self.omnibox.registration_requested.connect(self._register)
        self.omnibox.all_requested.connect(self._on_all_requested)
        self.omnibox.left.connect(self._on_omnibox_left)
        self.status_bar.sync_requested.connect(self._on_rail_3)
        self.status_bar.user_requested.connect(self.lock_requested)
        self._services.bridge.changed.connect(self._on_changed)
        self._services.bridge.notice.connect(self.toasts.show_notice)

    # --- moving

    @property
    def current_screen(self) -> Screen:
        return cast("Screen", self._stack.currentWidget())

    def screen_of(self, screen_id: str) -> Screen:
        """A screen by its id; KeyError for one that was not opened yet."""
        return self._screens[screen_id]

    @property
    def current(self) -> str:
        """Id of the screen on top."""
        return self._current

    def show_screen(self, screen_id: str) -> None:
        """Bring a screen to the front; what is typed in the one before is kept."""
        if self._current and self._current != screen_id:
            self.current_screen.flush_drafts()
            self._history = [s for s in self._history if s != screen_id] + [self._current]
        self._current = screen_id
        screen = self._screens[screen_id]
        self._stack.setCurrentWidget(screen)
        self.rail.mark(_rail_of(screen_id))
        self.help.close_panel()
        screen.activate()
        if screen_id == "reception":
            # Whoever comes is looked up first: typing starts in the search box.
            self.omnibox.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def show_rail_item(self, item_id: str) -> None:
        if item_id == "record":
            self.show_screen("record" if self._open_person else "no-record")
        else:
            self.show_screen(item_id)

    def show_look(self) -> None:
        """The settings of the screen, after they were changed and everything was built anew."""
        self.show_screen("admin")
        self._admin.scale_choice.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def open_person(self, person_id: str) -> None:
        """Show the record of this person, whatever was open before."""
        self._record_for(person_id).open_person(person_id)
        self.show_screen("record")

    def _record_for(self, person_id: str) -> RecordScreenLike:
        """The record screen, made when it is first needed, with everything in it kept."""
        if "record" not in self._screens:
            self._add("record", self._makers.record(self._services))
        record = self._screens["record"]
        record.flush_drafts()
        self._open_person = person_id
        return cast("RecordScreenLike", record)

    @Slot()
    def register_person(self) -> None:
        """F8: a new resident, with what was typed into the search box."""
        if self.omnibox.edit.hasFocus() and self.omnibox.text:
            self.omnibox.request_registration()
        else:
            self._register("")

    @Slot(str)
    def _register(self, typed: str) -> None:
        if "new-person" in self._screens and not typed:
            self.show_screen("new-person")
            return
        self._new_person(prefill_from(typed))
        self.show_screen("new-person")

    def _new_person(self, known: Mapping[str, Json]) -> Screen:
        self._drop("new-person")
        screen = self._add("new-person", self._makers.new_person(self._services, known))
        cast("NewPersonScreenLike", screen).person_saved.connect(self._on_person_saved)
        return screen

    def _drop(self, screen_id: str) -> None:
        screen = self._screens.pop(screen_id, None)
        if screen is None:
            return
        screen.flush_drafts()
        self._history = [s for s in self._history if s != screen_id]
        self._stack.removeWidget(screen)
        screen.setParent(None)
        screen.deleteLater()

    @Slot()
    def go_back(self) -> None:
        """Esc: close what is on top, then go to where one came from. Nothing typed is lost."""
        if not self.help.isHidden():
            self.help.close_panel()
        elif self.omnibox.popup_open:
            self.omnibox.close_popup()
        elif self.omnibox.edit.hasFocus():
            self.current_screen.activate()
        elif self.current_screen.back():
            return
        elif self._current == "reception":
            self.omnibox.start()
        else:
            self._leave(self._current)

    def _leave(self, screen_id: str) -> None:
        target = next(
            (s for s in reversed(self._history) if s in self._screens and s != screen_id), "reception"
        )
        self._history = self._history[: self._history.index(target)] if target in self._history else []
        self.current_screen.flush_drafts()
        self._current = ""
        self.show_screen(target)
        if screen_id == "new-person":
            self._drop(screen_id)

    @Slot()
    def show_help(self) -> None:
        """F1, and F1 again closes."""
        if not self.help.isHidden():
            self.help.close_panel()
            return
        available = bound_actions(self) - {f"rail-{n}" for n in range(len(RAIL) + 1, 9)}
        names = {f"rail-{n}": say(item.label) for n, item in enumerate(RAIL, 1)}
        self.help.show_keys((Scope.WINDOW, *self.current_screen.scopes), available, names)

    def show_problem(self, text: str) -> None:
        """What went wrong and is not shown at a field: stays until it is closed."""
        self._banner.show_text(text, NoticeKind.DANGER)

    @property
    def problem(self) -> str:
        return self._banner.text

    def flush_drafts(self) -> None:
        for screen in self._screens.values():
            screen.flush_drafts()

    def has_unsaved(self) -> bool:
        return any(screen.has_unsaved() for screen in self._screens.values())

    @property
    def open_person_id(self) -> str:
        """Whose record is open, "" for nobody's."""
        return self._open_person

    def allow_close(self) -> None:
        """The program has saved everything: the next close event goes through."""
        self._may_close = True

    # --- events

    @Slot()
    def _on_rail_1(self) -> None:
        self.show_rail_item(RAIL[0].id)

    @Slot()
    def _on_rail_2(self) -> None:
        self.show_rail_item(RAIL[1].id)

    @Slot()
    def _on_rail_3(self) -> None:
        self.show_rail_item(RAIL[2].id)

    @Slot()
    def _on_rail_4(self) -> None:
        self.show_rail_item(RAIL[3].id)

    @Slot()
    def _on_screen_closed(self) -> None:
        self._leave(self._current)

    @Slot(str)
    def _on_person_saved(self, person_id: str) -> None:
        self._current = "reception"
        self.open_person(person_id)
        self._drop("new-person")

    @Slot(object)
    def _on_draft_resumed(self, item: Unfinished) -> None:
        if item.registers:
            screen = self._new_person({})
            cast("NewPersonScreenLike", screen).resume(item.draft)
            self.show_screen("new-person")
        else:
            self._record_for(item.draft.person_id).resume(item.draft)
            self.show_screen("record")

    @Slot(str)
    def _on_all_requested(self, text: str) -> None:
        self.show_screen("reception")
        self._reception.show_results(text)

    @Slot()
    def _on_omnibox_left(self) -> None:
        self.current_screen.activate()

    @Slot(object)
    def _on_changed(self, changes: ChangeSet) -> None:
        for screen in self._screens.values():
            screen.apply_changes(changes)
        if changes.kinds & {ChangeKind.PERSON, ChangeKind.EXAM, ChangeKind.OUTBOX}:
            self.omnibox.refresh()
        if self._services.sync is not None and changes.kinds & _WAKES_SYNC:
            self._services.sync.wake()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_requested.emit()


def _rail_of(screen_id: str) -> str:
    return {"no-record": "record", "new-person": "reception"}.get(screen_id, screen_id)
