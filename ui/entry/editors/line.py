"""One line of text: names, numbers, dates, identifiers, acuity. Safe for UniKey and input methods.

Vietnamese typing programs send backspaces and replace letters, so nothing here changes, filters or
completes the text while it is typed; reading and normalising happen on commit only.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from forms.model import Field, FieldType
from ui.entry.editors.base import FieldEditor, Mark, Shown, is_enter, is_undo, section_step
from ui.i18n import say
from ui.pieces.labels import set_property
from ui.theme import theme

STAYS = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
"""Losing the focus for these reasons is not leaving the field."""

FIGURES = frozenset(
    {
        FieldType.INTEGER,
        FieldType.DECIMAL,
        FieldType.BLOOD_PRESSURE,
        FieldType.DATE,
        FieldType.PARTIAL_DATE,
        FieldType.PERSON_ID,
        FieldType.PHONE,
    }
)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class LineInput(QLineEdit):
    """A line edit that reports keys of entry instead of acting on them.

    Signals:
        left(): the focus went to another field.
        arrived(): the focus came in.
        confirmed(): Enter.
        stepped(int): Up (-1) or Down (+1).
        section_stepped(int): PgUp (-1) or PgDn (+1).
        undo_exhausted(): Ctrl+Z with nothing left to undo here.
    """

    left = Signal()
    arrived = Signal()
    confirmed = Signal()
    stepped = Signal(int)
    section_stepped = Signal(int)
    undo_exhausted = Signal()

    def __init__(self, *, compact: bool = False, unit: str = "", figures: bool = False) -> None:
        super().__init__()
        self._unit = unit
        self._hint = self._idle_hint = ""
        if compact:
            self.setProperty("density", "compact")
        hints = Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
        self.setInputMethodHints(hints | Qt.InputMethodHint.ImhPreferNumbers if figures else hints)
        if unit:
            room = self.fontMetrics().horizontalAdvance(unit) + theme().px(4)
            self.setTextMargins(0, 0, room, 0)

    def set_hint(self, hint: str, *, focused_only: bool) -> None:
        self._hint = hint
        self._idle_hint = "" if focused_only else hint
        self.setPlaceholderText(hint if self.hasFocus() else self._idle_hint)

    @property
    def swallows_escape(self) -> bool:
        """True while Esc has something to close here; the window must not take it then."""
        return False

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.swallows_escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.confirmed.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & ~_KEYPAD:
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif section_step(event):
            self.section_stepped.emit(section_step(event))
        elif is_undo(event) and not self.isUndoAvailable():
            self.undo_exhausted.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setPlaceholderText(self._hint)
        if event.reason() not in STAYS:
            self.arrived.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setPlaceholderText(self._idle_hint)
        if event.reason() not in STAYS:
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._unit:
            return
        painter = QPainter(self)
        painter.setPen(theme().colour("muted"))
        painter.setFont(self.font())
        inside = self.rect().adjusted(0, 0, -theme().px(7), 0)
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), self._unit)


class LineEditor(FieldEditor):
    """The editor of every field that is typed as one line."""

    def __init__(
        self, field: Field, *, compact: bool = False, unit: str | None = None, line: LineInput | None = None
    ) -> None:
        super().__init__(field)
        shown_unit = say(field.unit_text) if unit is None else unit
        self.line = line or LineInput(compact=compact, unit=shown_unit, figures=field.type in FIGURES)
        self._pending = False
        self._lay_out()
        self.setFocusProxy(self.line)
        self.line.setAccessibleName(say(field.label))
        self.line.textEdited.connect(self._on_text_edited)
        self.line.left.connect(self._on_left)
        self.line.arrived.connect(self._on_arrived)
        self.line.confirmed.connect(self._on_confirmed)
        self.line.stepped.connect(self._on_stepped)
        self.line.section_stepped.connect(self._on_section_stepped)
        self.line.undo_exhausted.connect(self._on_undo_exhausted)

    def _lay_out(self) -> None:
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.line)

    @property
    def pending(self) -> bool:
        return self._pending

    def display(self, shown: Shown) -> None:
        super().display(shown)
        self._pending = False
        if shown.text != self.line.text():
            self.line.setText(shown.text)
            if not self.line.hasFocus():
                self.line.setCursorPosition(0)
        elif self.line.isUndoAvailable():
            # Once committed, taking back is the record's business, in the order things were done.
            place = self.line.cursorPosition()
            self.line.setText(shown.text)
            self.line.setCursorPosition(place)

    def show_pending(self, text: str) -> None:
        """Half-written text of a draft: shown as it was left, with the caret at its end."""
        self.line.setText(text)
        self._pending = bool(text)

    def commit(self) -> None:
        if self._pending:
            self._pending = False
            self.text_committed.emit(self.key, self.line.text())

    def set_mark(self, mark: Mark) -> None:
        set_property(self.line, "state", mark)

    def set_hint(self, hint: str, *, focused_only: bool = False) -> None:
        self.line.set_hint(hint, focused_only=focused_only)

    def set_read_only(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)

    def take_focus(self, *, resume: bool = False) -> None:
        super().take_focus(resume=resume)
        if resume:
            self.line.end(False)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self._pending = True
        self.text_typed.emit(self.key, text)

    @Slot()
    def _on_left(self) -> None:
        if not self.line.isReadOnly():
            self.commit()
            self.went_out.emit(self.key)

    @Slot()
    def _on_arrived(self) -> None:
        self.came_in.emit(self.key)

    @Slot()
    def _on_confirmed(self) -> None:
        self.commit()
        self.move_requested.emit(self.key, 1)

    @Slot(int)
    def _on_stepped(self, step: int) -> None:
        self.commit()
        self.move_requested.emit(self.key, step)

    @Slot(int)
    def _on_section_stepped(self, step: int) -> None:
        self.commit()
        self.section_requested.emit(self.key, step)

    @Slot()
    def _on_undo_exhausted(self) -> None:
        self.undo_requested.emit(self.key)
