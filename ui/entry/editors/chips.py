"""Up to five options as keys beside each other: type the number or the first letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton

from forms.model import Field, Json
from forms.text import Text, fold
from ui.entry.editors.base import FieldEditor, Mark, Shown, is_enter, is_undo, section_step
from ui.entry.editors.line import STAYS
from ui.entry.grid import FlowLayout
from ui.i18n import say
from ui.pieces.labels import set_property

YES = Text("Có", "Yes")
NO = Text("Không", "No")
NOT_ASKED = Text("Chưa hỏi", "Not asked")


@dataclass(frozen=True, slots=True)
class ChipOption:
    value: Json
    label: Text


class ChipsEditor(FieldEditor):
    """One focus stop for the whole group; the chosen chip is filled and says so to screen readers.

    An option whose value is None is the visible "unknown" and is chosen while nothing else is.
    """

    def __init__(self, field: Field, options: Sequence[ChipOption], *, compact: bool = False) -> None:
        super().__init__(field)
        self._options = tuple(options)
        self._value: Json = None
        self._read_only = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setAccessibleName(say(field.label))
        box = FlowLayout(across=4, down=4)
        self.chips: list[QPushButton] = []
        for position, option in enumerate(self._options):
            chip = QPushButton(f"{position + 1}  {say(option.label)}")
            chip.setProperty("kind", "choice")
            if compact:
                chip.setProperty("density", "compact")
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.setAccessibleName(f"{say(field.label)}: {say(option.label)}")
            chip.clicked.connect(partial(self._on_chip_clicked, position))
            self.chips.append(chip)
            box.addWidget(chip)
        self.setLayout(box)
        self._show_value()

    @property
    def value(self) -> Json:
        return self._value

    def display(self, shown: Shown) -> None:
        super().display(shown)
        self._value = shown.value
        self._show_value()

    def set_mark(self, mark: Mark) -> None:
        for chip in self.chips:
            set_property(chip, "state", mark)

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        for chip in self.chips:
            chip.setEnabled(not read_only)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.move_requested.emit(self.key, 1)
        elif is_undo(event):
            self.undo_requested.emit(self.key)
        elif section_step(event):
            self.section_requested.emit(self.key, section_step(event))
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_requested.emit(self.key, -1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step(-1 if event.key() == Qt.Key.Key_Left else 1)
        elif event.key() == Qt.Key.Key_Delete:
            # Not Backspace: UniKey sends it by itself while it composes a letter.
            self._pick(None)
        elif not self._pick_by_text(event.text()):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in STAYS:
            self.came_in.emit(self.key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYS and not self._read_only:
            self.went_out.emit(self.key)

    def _pick_by_text(self, typed: str) -> bool:
        """By number, or by the first letter; typing a shared first letter again takes the next one."""
        if not typed.strip():
            return False
        if typed.isdigit():
            position = int(typed) - 1
            if 0 <= position < len(self._options):
                self._pick(self._options[position].value)
            return True
        exact = [o for o in self._options if say(o.label).casefold().startswith(typed.casefold())]
        letter = fold(typed)
        near = exact or [o for o in self._options if letter and fold(say(o.label)).startswith(letter)]
        if not near:
            return False
        values = [o.value for o in near]
        after = (values.index(self._value) + 1) % len(values) if self._value in values else 0
        self._pick(values[after])
        return True

    def _step(self, step: int) -> None:
        values = [o.value for o in self._options]
        if self._value in values:
            position = values.index(self._value) + step
        else:
            position = 0 if step > 0 else len(values) - 1
        if 0 <= position < len(values):
            self._pick(values[position])

    def _pick(self, value: Json) -> None:
        if self._read_only:
            return
        self._value = value
        self._show_value()
        self.value_picked.emit(self.key, value)

    def _show_value(self) -> None:
        for chip, option in zip(self.chips, self._options, strict=True):
            chip.setChecked(option.value == self._value and type(option.value) is type(self._value))
        shown = [say(o.label) for o in self._options if o.value == self._value]
        self.setAccessibleDescription(shown[0] if shown else "")

    @Slot()
    def _on_chip_clicked(self, position: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        value = self._options[position].value
        # A second click takes the answer back: not answered is a state of its own.
        self._pick(None if value == self._value else value)


def choice_chips(field: Field, *, compact: bool = False) -> ChipsEditor:
    return ChipsEditor(field, [ChipOption(o.code, o.label) for o in field.options], compact=compact)


def yes_no_chips(field: Field, *, compact: bool = False) -> ChipsEditor:
    """Three states, all visible: yes, no, not asked."""
    options = (ChipOption(True, YES), ChipOption(False, NO), ChipOption(None, NOT_ASKED))
    return ChipsEditor(field, options, compact=compact)
