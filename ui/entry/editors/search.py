"""Pick one of many: type words or the code, diacritics optional; Enter takes the marked line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from forms.codelists import Code, CodeList, code_list
from forms.model import Field
from forms.text import Language, fold
from forms.values import code_label
from ui.entry.editors.base import Shown
from ui.entry.editors.line import LineEditor, LineInput
from ui.entry.editors.popup import Suggestion, SuggestionPopup
from ui.i18n import say

Finder = Callable[[str], Sequence[Suggestion]]
"""Typed words -> lines to offer, best first. For "" the commonest."""

_LIMIT = 24
_POPUP_WIDTH = 340


class SearchInput(LineInput):
    """A line with a list under it.

    Signals:
        picked(Suggestion): a line of the list was taken.
        tabbed(): Tab while the list is open, before the focus moves on.
    """

    picked = Signal(object)

    def __init__(
        self,
        finder: Finder,
        *,
        compact: bool = False,
        popup_width: int = _POPUP_WIDTH,
        keep_clear: QWidget | None = None,
    ) -> None:
        """`keep_clear`: what a list that opens upwards must not cover."""
        super().__init__(compact=compact)
        self._keep_clear = keep_clear
        self._find = finder
        self._popup_width = popup_width
        self._popup: SuggestionPopup | None = None
        self.textEdited.connect(self._on_search_edited)

    @property
    def popup(self) -> SuggestionPopup:
        """Made when it is first needed: a form has many search fields and few are used."""
        if self._popup is None:
            self._popup = SuggestionPopup(self)
            self._popup.keep_clear = self._keep_clear or self
            self._popup.picked.connect(self._on_popup_picked)
            self.destroyed.connect(self._popup.deleteLater)
        return self._popup

    @property
    def list_open(self) -> bool:
        return self._popup is not None and self._popup.is_open

    @property
    def swallows_escape(self) -> bool:
        return self.list_open

    def open_list(self, text: str) -> None:
        if not self.isReadOnly():
            self.popup.open_with(self._find(text), least_width=self._popup_width)

    def close_list(self) -> None:
        if self._popup is not None:
            self._popup.close_list()

    def event(self, event: QEvent) -> bool:
        # Tab never reaches keyPressEvent: it moves the focus first.
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Tab
        ):
            self.take_current()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        open_now = self.list_open
        if event.key() == Qt.Key.Key_Escape and open_now:
            self.close_list()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and open_now:
            self.popup.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_list("")
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.close_list()
        super().hideEvent(event)

    def take_current(self) -> bool:
        """Take the marked line, if the list is open; the person sees which one it is."""
        current = self.popup.current if self.list_open else None
        if current is None:
            return False
        self.close_list()
        self.picked.emit(current)
        return True

    @Slot(str)
    def _on_search_edited(self, text: str) -> None:
        if text.strip():
            self.open_list(text)
        else:
            self.close_list()

    @Slot(object)
    def _on_popup_picked(self, row: Suggestion) -> None:
        self.close_list()
        self.picked.emit(row)


class SearchEditor(LineEditor):
    """A coded field, or a choice among many options. The value is the code, the text is its name."""

    def __init__(
        self,
        field: Field,
        finder: Finder,
        *,
        compact: bool = False,
        namer: Callable[[str], str] | None = None,
    ) -> None:
        """`namer`: the name of a code where the field's own text would say more than there is room for."""
        self._namer = namer
        self.search = SearchInput(finder, compact=compact)
        super().__init__(field, line=self.search)
        self.search.picked.connect(self._on_picked)

    def display(self, shown: Shown) -> None:
        known = isinstance(shown.value, str) and self._namer is not None
        self.line.setToolTip(shown.text if known else "")
        if known and self._namer is not None:
            super().display(Shown(self._namer(str(shown.value)), shown.value))
        else:
            super().display(shown)

    def commit(self) -> None:
        self.search.close_list()
        super().commit()

    @Slot()
    def _on_confirmed(self) -> None:
        if self.search.take_current():
            self.move_requested.emit(self.key, 1)
            return
        super()._on_confirmed()

    @Slot(object)
    def _on_picked(self, row: Suggestion) -> None:
        self._pending = False
        self.value_picked.emit(self.key, row.code)


def code_finder(codes: CodeList, language: Language) -> Finder:
    """Searches a code list; a commune is told apart by its province, as many names repeat."""

    def remark(code: Code) -> str:
        province = code.attributes.get("province_code", "")
        return code_label("provinces", province, language) if province else code.code

    def find(text: str) -> list[Suggestion]:
        found = codes.find(text, _LIMIT)
        return [Suggestion(code.code, code.name(language), remark(code), named=True) for code in found]

    return find


def commune_name(language: Language) -> Callable[[str], str]:
    """A commune without its province, which has a field of its own beside it."""

    def name(code: str) -> str:
        found = code_list("communes").get(code)
        return found.name(language) if found is not None else code_label("communes", code, language)

    return name


def option_finder(field: Field) -> Finder:
    """Searches the options of a choice: beginnings of words first, then anywhere."""

    def find(text: str) -> list[Suggestion]:
        words = fold(text).split()
        ranked: list[tuple[int, int, Suggestion]] = []
        for position, option in enumerate(field.options):
            name = fold(say(option.label))
            if all(f" {w}" in f" {name}" for w in words):
                rank = 0 if not words or name.startswith(words[0]) else 1
                ranked.append((rank, position, Suggestion(option.code, say(option.label), named=True)))
        return [row for _, _, row in sorted(ranked, key=lambda item: item[:2])]

    return find
