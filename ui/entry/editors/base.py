"""What every editor promises: show, tell, commit. An editor knows its field and nothing of the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from forms.model import Field, Json

Mark = Literal["", "error", "warn", "acknowledged", "template"]

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def is_enter(event: QKeyEvent) -> bool:
    """Enter on either side of the keyboard, not Ctrl+Enter, which belongs to the screen."""
    return event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier


def is_undo(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier


def is_template(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_M and event.modifiers() == Qt.KeyboardModifier.ControlModifier


def section_step(event: QKeyEvent) -> int:
    """+1 for PgDn, -1 for PgUp, otherwise 0."""
    steps = {int(Qt.Key.Key_PageDown): 1, int(Qt.Key.Key_PageUp): -1}
    return 0 if event.modifiers() else steps.get(event.key(), 0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in a field: how it reads, and the value behind it (None: unknown, or not readable)."""

    text: str
    value: Json


class FieldEditor(QWidget):
    """Base of the editors. The first argument of every signal is `Field.key`.

    Signals:
        text_typed(str, str): a keystroke changed the text; it is not judged yet.
        text_committed(str, str): the editor was left with this text.
        value_picked(str, object): a value was chosen from a list.
        came_in(str): the focus arrived.
        went_out(str): the focus left and nothing had been typed.
        move_requested(str, int): go to the next (+1) or previous (-1) field.
        section_requested(str, int): go to the next (+1) or previous (-1) section.
        template_requested(str): the usual sentence, please (Ctrl+M).
        undo_requested(str): there is nothing left to undo inside the editor.
    """

    text_typed = Signal(str, str)
    text_committed = Signal(str, str)
    value_picked = Signal(str, object)
    came_in = Signal(str)
    went_out = Signal(str)
    move_requested = Signal(str, int)
    section_requested = Signal(str, int)
    template_requested = Signal(str)
    undo_requested = Signal(str)

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.key = field.key
        self.shown = Shown("", None)
        self.own_hint = ("", False)
        """Hint of its type and whether it shows only with the caret; a previous value takes its place."""

    def display(self, shown: Shown) -> None:
        """Show another value; never called between a keystroke and its commit."""
        self.shown = shown

    def commit(self) -> None:
        """Hand over what was typed, if anything."""

    @property
    def pending(self) -> bool:
        """Something was typed since the last commit."""
        return False

    def set_mark(self, mark: Mark) -> None:
        """Colour of the outline; the words stand in the finding line under the field."""

    def set_hint(self, hint: str, *, focused_only: bool = False) -> None:
        """Shown in an empty editor; in a dense section only while the caret is in it, so that a full sheet
        of grey examples is never taken for answers.
        """

    def set_read_only(self, read_only: bool) -> None:
        self.setEnabled(not read_only)

    def set_description(self, text: str) -> None:
        """What is wrong, for screen readers."""
        target = self.focusProxy() or self
        target.setAccessibleDescription(text)

    def take_focus(self, *, resume: bool = False) -> None:
        """Put the caret here, the content selected; to `resume` half-written text it goes to the end."""
        target = self.focusProxy() or self
        target.setFocus(Qt.FocusReason.OtherFocusReason if resume else Qt.FocusReason.TabFocusReason)
