"""Diagnoses: several, the first is the main one. From ICD-10 by code or words, or free without a code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from forms.codelists import CodeList
from forms.model import Field, Json
from forms.text import Text, clean
from ui.entry.editors.base import FieldEditor, Mark, Shown
from ui.entry.editors.popup import Suggestion
from ui.entry.editors.search import SearchInput
from ui.i18n import language, say, tr
from ui.pieces.buttons import icon_button
from ui.pieces.chip import Chip
from ui.pieces.labels import ElidedLabel, label, set_property
from ui.pieces.layouts import row
from ui.theme import theme

NOT_CHOSEN = Text(
    "“{text}” chưa được ghi. Bấm Enter để lấy dòng đang chọn, hoặc chọn “Ghi không mã”.",
    "“{text}” is not recorded yet. Press Enter to take the marked line, or choose “Without a code”.",
)
_LIMIT = 24
_POPUP_WIDTH = 560

Entry = dict[str, str]
"""{"code": "I10", "text": "Tăng huyết áp"}; code "" when there is none."""


def entries_of(value: Json) -> list[Entry]:
    """The diagnoses in a record's value, whatever its shape."""
    if not isinstance(value, list):
        return []
    return [
        {"code": str(item.get("code") or ""), "text": str(item.get("text") or "")}
        for item in value
        if isinstance(item, dict)
    ]


class DiagnosisInput(SearchInput):
    """The line where the next diagnosis is typed; empty, its arrows work on the list above.

    Signals:
        row_stepped(int): move the marked diagnosis up (-1) or down (+1).
        raise_requested(): Ctrl+Up, the marked diagnosis becomes one more important.
        removal_requested(): Delete, or Backspace in the empty line.
    """

    row_stepped = Signal(int)
    raise_requested = Signal()
    removal_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.text() or self.list_open or self.isReadOnly():
            super().keyPressEvent(event)
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Up and control:
            self.raise_requested.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers():
            self.row_stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            # Holding Backspace to clear a word must not go on into the list.
            if not event.isAutoRepeat():
                self.removal_requested.emit()
        else:
            super().keyPressEvent(event)


class _Row(QFrame):
    """One diagnosis.

    Signals:
        removal_clicked(): its cross was pressed.
        clicked(): anywhere else.
    """

    removal_clicked = Signal()
    clicked = Signal()

    def __init__(self, number: int, entry: Entry, name: str, *, read_only: bool) -> None:
        super().__init__()
        code = label(entry["code"], "strong")
        code.setMinimumWidth(theme().px(44))
        text = ElidedLabel(name)
        line = row(label(str(number), "muted"), code, text, spacing=8, margins=(8, 0, 2, 0))
        line.setStretch(2, 1)
        if number == 1:
            main = Chip(tr("chính", "main"), "primary")
            line.addWidget(main)
        if not read_only:
            cross = icon_button(
                "close", tr("Bỏ chẩn đoán này", "Remove this diagnosis"), self.removal_clicked.emit
            )
            cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            line.addWidget(cross)
        self.setLayout(line)
        self.setFixedHeight(theme().px(28))
        self.setAccessibleName(f"{number}. {entry['code']} {name}".strip())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()
        super().mousePressEvent(event)


class DiagnosesEditor(FieldEditor):
    """The rows above, the search line below. `text_typed` carries the loose words of the search line.

    Signals:
        text_held(str, str): the editor was left with words that chose nothing.
    """

    text_held = Signal(str, str)

    def __init__(self, field: Field, codes: CodeList, *, compact: bool = False) -> None:
        super().__init__(field)
        self._codes = codes
        self._entries: list[Entry] = []
        self._suggested: list[Entry] = []
        self._marked = -1
        self._read_only = False
        self._pending = False
        self.input = DiagnosisInput(self._find, compact=compact, popup_width=_POPUP_WIDTH, keep_clear=self)
        self.input.setAccessibleName(say(field.label))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme().px(2))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme().px(2))
        box.addLayout(self._rows)
        box.addWidget(self.input)
        box.addStretch(1)
        self.setFocusProxy(self.input)
        self.input.textEdited.connect(self._on_text_edited)
        self.input.picked.connect(self._on_picked)
        self.input.confirmed.connect(self._on_confirmed)
        self.input.left.connect(self._on_left)
        self.input.arrived.connect(self._on_arrived)
        self.input.stepped.connect(self._on_stepped)
        self.input.section_stepped.connect(self._on_section_stepped)
        self.input.undo_exhausted.connect(self._on_undo_exhausted)
        self.input.row_stepped.connect(self._on_row_stepped)
        self.input.raise_requested.connect(self._on_raise_requested)
        self.input.removal_requested.connect(self._on_removal_requested)

    def suggest(self, entries: Sequence[Entry]) -> None:
        """Diagnoses of the last examination: offered first when Alt+Down opens the empty list."""
        self._suggested = list(entries)

    @property
    def pending(self) -> bool:
        return self._pending

    def display(self, shown: Shown) -> None:
        super().display(shown)
        entries = entries_of(shown.value)
        if entries != self._entries or self._rows.count() != len(entries):
            self._entries = entries
            self._marked = min(self._marked, len(entries) - 1)
            self._rebuild()

    def show_pending(self, text: str) -> None:
        self.input.setText(text)
        self._pending = bool(text)

    def commit(self) -> None:
        """Loose words that name exactly one code are that diagnosis; others stay and are pointed at."""
        text = clean(self.input.text())
        self.input.close_list()
        self._pending = False
        if not text:
            return
        code = self._codes.resolve(text)
        if code is not None and code.usable:
            self._add({"code": code.code, "text": code.name_vi})
        else:
            self.text_held.emit(self.key, text)

    def set_mark(self, mark: Mark) -> None:
        set_property(self.input, "state", mark)

    def set_hint(self, hint: str, *, focused_only: bool = False) -> None:
        self.input.set_hint(hint, focused_only=focused_only)

    def set_read_only(self, read_only: bool) -> None:
        if read_only != self._read_only:
            self._read_only = read_only
            self.input.setReadOnly(read_only)
            self.input.setVisible(not read_only)
            self._rebuild()

    # Inside

    def _find(self, text: str) -> list[Suggestion]:
        if not text.strip():
            before = tr("lần trước", "last time")
            old = [Suggestion(e["code"], self._name(e), before, free=not e["code"]) for e in self._suggested]
            common = [Suggestion(c.code, c.name(language())) for c in self._codes.find("", _LIMIT)]
            known = {s.code for s in old if s.code}
            return [*old, *(s for s in common if s.code not in known)]
        found = [Suggestion(c.code, c.name(language())) for c in self._codes.find(text, _LIMIT)]
        words = clean(text)
        free = Suggestion("", words, tr("Ghi không mã", "Without a code"), free=True)
        return [*found, free]

    def _name(self, entry: Entry) -> str:
        code = self._codes.get(entry["code"]) if entry["code"] else None
        if code is not None and entry["text"] in ("", code.name_vi):
            return code.name(language())
        return entry["text"]

    def _add(self, entry: Entry) -> None:
        same = [e for e in self._entries if (e["code"] and e["code"] == entry["code"]) or e == entry]
        self.input.clear()
        self.input.close_list()
        self._pending = False
        self.text_typed.emit(self.key, "")
        if not same:
            self._publish([*self._entries, entry])

    def _publish(self, entries: list[Entry]) -> None:
        value: list[Json] = [dict(e) for e in entries]
        self.value_picked.emit(self.key, value or None)

    def _rebuild(self) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for position, entry in enumerate(self._entries):
            line = _Row(position + 1, entry, self._name(entry), read_only=self._read_only)
            line.removal_clicked.connect(partial(self._remove, position))
            line.clicked.connect(partial(self._mark, position))
            self._rows.addWidget(line)
        self._paint_marked()

    def _row_widget(self, position: int) -> QWidget | None:
        item = self._rows.itemAt(position)
        return item.widget() if item is not None else None

    def _paint_marked(self) -> None:
        for position in range(self._rows.count()):
            widget = self._row_widget(position)
            if widget is not None:
                set_property(widget, "ground", "selected" if position == self._marked else "quiet")

    def _mark(self, position: int) -> None:
        self._marked = position
        self._paint_marked()
        if not self._read_only:
            self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, position: int) -> None:
        if 0 <= position < len(self._entries) and not self._read_only:
            self._publish([e for i, e in enumerate(self._entries) if i != position])

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self._pending = bool(text)
        if self._marked >= 0:
            self._marked = -1
            self._paint_marked()
        self.text_typed.emit(self.key, text)

    @Slot(object)
    def _on_picked(self, row_: Suggestion) -> None:
        if row_.free:
            # ";" separates diagnoses in messages and on one line of paper.
            self._add({"code": "", "text": clean(row_.label.replace(";", ","))})
            return
        code = self._codes.get(row_.code)
        self._add({"code": row_.code, "text": code.name_vi if code is not None else row_.label})

    @Slot()
    def _on_confirmed(self) -> None:
        if self.input.take_current():
            return
        self.commit()
        if not self.input.text():
            self.move_requested.emit(self.key, 1)

    @Slot()
    def _on_left(self) -> None:
        self._marked = -1
        self._paint_marked()
        if not self._read_only:
            self.commit()
            self.went_out.emit(self.key)

    @Slot()
    def _on_arrived(self) -> None:
        self.came_in.emit(self.key)

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        self.move_requested.emit(self.key, step)

    @Slot(int)
    def _on_section_stepped(self, step: int) -> None:
        self.section_requested.emit(self.key, step)

    @Slot()
    def _on_undo_exhausted(self) -> None:
        self.undo_requested.emit(self.key)

    @Slot(int)
    def _on_row_stepped(self, step: int) -> None:
        """Up goes into the list from its end; past either end the keys move between fields again."""
        count = len(self._entries)
        if self._marked < 0 and step < 0 and count:
            self._marked = count - 1
        elif self._marked >= 0 and 0 <= self._marked + step < count:
            self._marked += step
        elif self._marked >= 0 and step > 0:
            self._marked = -1
        else:
            self.move_requested.emit(self.key, step)
        self._paint_marked()

    @Slot()
    def _on_raise_requested(self) -> None:
        position = self._marked
        if position > 0:
            entries = list(self._entries)
            entries[position - 1], entries[position] = entries[position], entries[position - 1]
            self._marked = position - 1
            self._publish(entries)

    @Slot()
    def _on_removal_requested(self) -> None:
        position = self._marked if self._marked >= 0 else len(self._entries) - 1
        self._remove(position)
