"""Registering a resident: part A, with the people who may be the same one beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent

from app.domain.people import DuplicateHint
from app.domain.records import Draft, RecordKind, Saved
from app.services import people
from forms.model import Json
from forms.text import Text
from ui.bridge import Notice
from ui.entry.look import entry_sheet
from ui.i18n import tr
from ui.keyboard import Scope, key_text
from ui.pieces.layouts import page, row, set_margins
from ui.record.discarding import offer_undo
from ui.record.duplicates import LOOKED_AT, DuplicatesPanel
from ui.record.person_assist import defaults_for
from ui.record.person_form import PersonForm
from ui.screen import Screen
from ui.services import Services
from ui.theme import theme

DEBOUNCE_MS = 300
NARROW_BELOW = 1000


class NewPersonScreen(Screen):
    """Signals:
    person_saved(str): the resident is registered under this id.
    """

    person_saved = Signal(str)
    scopes = (Scope.ENTRY,)

    def __init__(self, services: Services, prefill: Mapping[str, Json]) -> None:
        super().__init__()
        self.setStyleSheet(entry_sheet())
        self._services = services
        self._compared: dict[str, Json] = {}
        self._round = 0
        self._warned: tuple[str, ...] = ()
        self._fresh = True
        self.form = PersonForm(services, tr("Đăng ký người mới", "New resident"), keys_on=self)
        self.duplicates = DuplicatesPanel()
        content = row(self.form, self.duplicates, spacing=12)
        content.setStretch(0, 1)
        outer = page(content)
        set_margins(outer, (16, 8, 16, 8))
        self.setLayout(outer)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(DEBOUNCE_MS)
        self._debounce.timeout.connect(self._on_debounced)
        self.form.changed.connect(self._on_changed)
        self.form.saved.connect(self._on_saved)
        self.form.discarded.connect(self._on_discarded)
        self.form.gate.add_question(self._duplicates_in_the_way)
        self.duplicates.opened.connect(self.person_requested)
        self._begin(prefill)

    def _begin(self, prefill: Mapping[str, Json]) -> None:
        new_id = self._services.ctx.new_id()
        usual = defaults_for(self._services.station, prefill)
        draft = Draft(
            id=self._services.ctx.new_id(),
            kind=RecordKind.PERSON,
            record_id=new_id,
            person_id=new_id,
            base_revision=0,
            answers={**usual, **prefill},
        )
        self.form.open(draft, filled=usual)
        self._on_changed()

    def resume(self, draft: Draft) -> None:
        """Go on with a registration left unfinished; the caret is where it was."""
        usual = defaults_for(self._services.station, {})
        self.form.open(draft, filled=[k for k, v in usual.items() if draft.answers.get(k) == v])
        self._fresh = True
        self._on_changed()

    # Screen

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.duplicates.set_narrow(event.size().width() < theme().px(NARROW_BELOW))

    def activate(self) -> None:
        """The caret goes to the first field that is still empty, or to where a draft was left."""
        if not self._fresh:
            self.form.board.go_to(self.form.board.current or "full_name")
            return
        self._fresh = False
        state = self.form.state
        left_at = state.draft().focus
        if left_at and self.form.board.go_to(left_at, resume=True):
            return
        wanted = ("full_name", "sex", "birth_date")
        target = next((k for k in wanted if not state.text(k)), "citizen_id")
        self.form.board.go_to(target)

    def back(self) -> bool:
        return self.form.back()

    def flush_drafts(self) -> None:
        self.form.flush()

    def has_unsaved(self) -> bool:
        return self.form.keeper.unsaved

    # Duplicates

    @Slot()
    def _on_changed(self) -> None:
        if self._known() != self._compared:
            self._debounce.start()

    def _known(self) -> dict[str, Json]:
        """What is known so far; a name counts while it is being typed."""
        state = self.form.state
        known = {key: state.value(key) for key in LOOKED_AT}
        typing = state.pending_text("full_name").strip()
        if typing:
            known["full_name"] = typing
        return known

    @Slot()
    def _on_debounced(self) -> None:
        self._compared = self._known()
        self._round += 1
        answers = {k: v for k, v in self._compared.items() if v is not None}
        work = partial(_numbered, self._round, self._services, answers)
        self._services.runner.run(self, work).then(self._on_duplicates)

    @Slot(object)
    def _on_duplicates(self, found: tuple[int, tuple[DuplicateHint, ...]]) -> None:
        number, hints = found
        if number == self._round:
            self.duplicates.show_hints(hints)

    def _duplicates_in_the_way(self) -> Text | None:
        """Asked once for the same people: perhaps this person has a record already."""
        ids = tuple(h.row.id for h in self.duplicates.hints)
        if not ids or ids == self._warned:
            return None
        self._warned = ids
        self.duplicates.focus_first()
        key = key_text("finish")
        if self.duplicates.hints[0].certain:
            return Text(
                f"Số giấy tờ này đã có ở một hồ sơ khác. Enter mở hồ sơ đó; {key} vẫn đăng ký người mới.",
                f"Another record has this number. Enter opens it; {key} registers a new resident anyway.",
            )
        return Text(
            f"Đã có người gần giống. Enter mở hồ sơ đó; {key} vẫn đăng ký người mới.",
            f"Somebody very similar is registered. Enter opens that record; {key} registers anyway.",
        )

    # Done

    @Slot(object)
    def _on_saved(self, saved: Saved) -> None:
        bridge = self._services.bridge
        bridge.publish(saved.changes)
        bridge.notify(Notice(text=Text("Đã đăng ký. Bấm F4 để khám.", "Registered. Press F4 to examine.")))
        self.person_saved.emit(saved.record.id)

    @Slot(object)
    def _on_discarded(self, draft: Draft) -> None:
        words = Text("Đã bỏ phiếu đăng ký đang nhập.", "The registration was discarded.")
        offer_undo(self._services, draft, words)
        self.closed.emit()


def _numbered(
    number: int, services: Services, answers: Mapping[str, Json]
) -> tuple[int, tuple[DuplicateHint, ...]]:
    return number, people.find_duplicates(services.ctx, answers)
