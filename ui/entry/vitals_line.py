"""Vital signs in one line, read live; every sign also has its own cell, and the two always agree."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from forms.answers import age_months
from forms.compute import bmi_class, bp_class
from forms.model import Answers, Field, FieldType, Json, Severity
from forms.text import Text
from forms.values import display, display_blood_pressure
from forms.vitals import KEYS, Span, VitalsLine, format_vitals, parse_vitals
from ui.entry.board import EntryBoard
from ui.entry.editors.base import FieldEditor, Mark, Shown
from ui.entry.editors.long_text import TextInput
from ui.entry.field_block import FieldBlock, FindingLine
from ui.entry.form_state import VITALS_LINE, FormState
from ui.entry.grid import FlowLayout
from ui.i18n import decimal_text, language, say, tr
from ui.pieces.chip import Chip, Tone
from ui.pieces.labels import ElidedLabel, set_property
from ui.pieces.layouts import row
from ui.theme import theme

LINE_FIELD = Field(
    id=f"exam.{VITALS_LINE}",
    label=Text("Sinh hiệu trong một dòng", "Vital signs in one line"),
    type=FieldType.TEXT,
)
EXAMPLE = Text(
    "HA, mạch, nhiệt độ, cân, cao: ví dụ 132/84 78 36,8 58,5 160",
    "BP, pulse, temperature, weight, height: e.g. 132/84 78 36.8 58.5 160",
)
NOT_READ = Text(
    "Chưa hiểu “{text}”. Sửa lại hoặc xoá phần được tô; các số khác đã ghi.",
    "“{text}” was not understood. Correct or delete the marked part; the other values are recorded.",
)
_NOT_TAKEN = "\u2013"
_NARROW_BELOW = 760
_CELLS: tuple[tuple[str, Text | None, int, str], ...] = (
    ("pulse", None, 46, ""),
    ("temperature", None, 66, "°C"),
    ("systolic", Text("HA", "BP"), 44, ""),
    ("diastolic", Text("/", "/"), 44, ""),
    ("respiratory_rate", None, 42, ""),
    ("weight", None, 72, "kg"),
    ("height", None, 72, "cm"),
    ("waist", None, 68, "cm"),
)
"""Key, caption in place of the field's, width of the editor at 100 %, unit inside. Paper order."""


class VitalsInput(FieldEditor):
    """The line itself. What could not be read stays underlined on a warning ground.

    Signals:
        line_typed(str): after every keystroke.
        line_left(str): the caret left the line, or Enter was pressed.
    """

    line_typed = Signal(str)
    line_left = Signal(str)

    def __init__(self) -> None:
        super().__init__(LINE_FIELD)
        self.box = TextInput(compact=False, least=1, most=1)
        self.box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.box.set_hint(say(EXAMPLE), focused_only=False)
        self.box.setAccessibleName(say(LINE_FIELD.label))
        self.box.setInputMethodHints(
            Qt.InputMethodHint.ImhPreferNumbers | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self._pending = False
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.typed.connect(self._on_typed)
        self.box.left.connect(self._on_left)
        self.box.arrived.connect(self._on_arrived)
        self.box.confirmed.connect(self._on_confirmed)
        self.box.section_stepped.connect(self._on_section_stepped)
        self.box.undo_exhausted.connect(self._on_undo_exhausted)

    def text(self) -> str:
        return self.box.toPlainText()

    @property
    def pending(self) -> bool:
        return self._pending

    def display(self, shown: Shown) -> None:
        super().display(shown)
        self._pending = False
        if shown.text != self.text():
            self.box.set_text(shown.text)
        else:
            self.box.document().clearUndoRedoStacks()

    def commit(self) -> None:
        if self._pending:
            self._pending = False
            self.line_left.emit(self.text())

    def set_mark(self, mark: Mark) -> None:
        set_property(self.box, "state", mark)

    def set_read_only(self, read_only: bool) -> None:
        self.box.setReadOnly(read_only)

    def show_unread(self, spans: Sequence[Span]) -> None:
        look = QTextCharFormat()
        look.setBackground(theme().colour("warn_soft"))
        look.setForeground(QColor(theme().colour("warn")))
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(theme().colour("warn"))
        marked = []
        for span in spans:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.box.document())
            cursor.setPosition(span.start)
            cursor.setPosition(span.end, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = look
            marked.append(selection)
        self.box.setExtraSelections(marked)

    @Slot()
    def _on_typed(self) -> None:
        self._pending = True
        self.line_typed.emit(self.text())

    @Slot()
    def _on_left(self) -> None:
        self.commit()

    @Slot()
    def _on_arrived(self) -> None:
        self.came_in.emit(self.key)

    @Slot()
    def _on_confirmed(self) -> None:
        self.commit()
        self.move_requested.emit(self.key, 1)

    @Slot(int)
    def _on_section_stepped(self, step: int) -> None:
        self.commit()
        self.section_requested.emit(self.key, step)

    @Slot()
    def _on_undo_exhausted(self) -> None:
        self.undo_requested.emit(self.key)


class VitalsPanel(QWidget):
    """The line, what it means, the values of the last time, the cells, and one finding."""

    def __init__(self, board: EntryBoard) -> None:
        super().__init__()
        self._board = board
        self._burst = 0
        self._from_line: frozenset[str] = frozenset()
        self._writing = False
        self.line = VitalsInput()
        self.line.setMinimumWidth(theme().px(220))
        self.bmi_chip = Chip()
        self.bp_chip = Chip()
        self.previous = ElidedLabel("", "")
        set_property(self.previous, "role", "previous")
        self.note = ElidedLabel("", "")
        set_property(self.note, "role", "previous")
        self.finding = FindingLine()
        self.finding.acknowledged.connect(self._on_acknowledged)
        typed = row(self.line, self.bp_chip, self.bmi_chip, spacing=8)
        typed.setStretch(0, 1)
        aside = row(self.note, self.previous, spacing=8)
        aside.setStretch(1, 1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(theme().px(8))
        self._top.addLayout(typed, 1)
        self._top.addLayout(aside)
        self.cells: dict[str, FieldBlock] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme().px(4))
        box.addLayout(self._top)
        box.addLayout(self._cell_row())
        box.addWidget(self.finding)
        board.add_stop(self.line, before="pulse", section="exam.vitals")
        board.set_skipped(KEYS)
        self.line.line_typed.connect(self._on_line_typed)
        self.line.line_left.connect(self._on_line_left)
        board.refreshed.connect(self._on_refreshed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < theme().px(_NARROW_BELOW)
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._top.direction() != wanted:
            self._top.setDirection(wanted)

    def _cell_row(self) -> FlowLayout:
        cells = FlowLayout(across=10, down=4)
        for key, caption, width, unit in _CELLS:
            block = self._board.block(key, mode="cell", compact=True, unit=unit)
            if caption is not None:
                block.caption.setText(say(caption))
            block.editor.setFixedWidth(theme().px(width))
            block.setToolTip(f"{say(block.field.label)} ({say(block.field.unit_text)})")
            self.cells[key] = block
            cells.addWidget(block)
        return cells

    def open(self, previous: Answers, on: str, *, read_only: bool = False) -> None:
        """Call after the board was bound to another state."""
        self.line.set_read_only(read_only)
        self._burst += 1
        state = self._board.state
        loose = state.pending_text(VITALS_LINE)
        self._from_line = frozenset(parse_vitals(loose).values) if loose else frozenset()
        self.line.display(Shown(loose or self._text_of(state), None))
        self.line.set_mark("")
        self._show_reading(parse_vitals(self.line.text()))
        before = previous_line(previous, state)
        words = tr("lần trước {day}:  {values}", "last time {day}:  {values}", day=on, values=before)
        self.previous.setText(words)
        self.previous.setVisible(bool(before))

    @staticmethod
    def _text_of(state: FormState) -> str:
        return format_vitals({k: state.value(k) for k in KEYS})

    def _show_reading(self, reading: VitalsLine) -> None:
        self.line.show_unread(reading.unread)
        notes = [say(chip.note) for chip in reading.chips if chip.note is not None]
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))

    @Slot(str)
    def _on_line_typed(self, text: str) -> None:
        """Values follow the line while it is typed; findings wait until it is left."""
        reading = parse_vitals(text)
        self._show_reading(reading)
        keys = self._from_line | frozenset(reading.values)
        changes = {key: reading.values.get(key) for key in KEYS if key in keys}
        self._from_line = frozenset(reading.values)
        state = self._board.state
        self._writing = True
        try:
            state.type_text(VITALS_LINE, text)
            state.set_values(changes, focus=VITALS_LINE, tag=f"vitals-{self._burst}", touch=False)
        finally:
            self._writing = False
        self._board.typed.emit()

    @Slot(str)
    def _on_line_left(self, text: str) -> None:
        self._burst += 1
        reading = parse_vitals(text)
        state = self._board.state
        unread = " ".join(span.text for span in reading.unread)
        if unread:
            shown = unread.replace("{", "(").replace("}", ")")
            state.hold_text(VITALS_LINE, text, NOT_READ.format(text=shown))
        else:
            state.forget_typed(VITALS_LINE)
        state.touch(*reading.values)
        self._board.typed.emit()

    @Slot()
    def _on_refreshed(self) -> None:
        if not self._board.bound:
            return
        state = self._board.state
        self._show_classes(state)
        self._show_finding(state)
        if not self._writing and not self.line.pending and not state.pending_text(VITALS_LINE):
            # A cell was edited, or a change was taken back: the line says the same again.
            self.line.display(Shown(self._text_of(state), None))
            self._from_line = frozenset(k for k in KEYS if state.value(k) is not None)
            self._show_reading(parse_vitals(self.line.text()))

    def _show_classes(self, state: FormState) -> None:
        months = age_months("exam", state.answers, state.context)
        bmi = state.value("bmi")
        if isinstance(bmi, (int, float)):
            kind = bmi_class(bmi, months)
            figure = f"BMI {decimal_text(bmi)}"
            self.bmi_chip.set(
                f"{figure} · {say(kind)}" if kind else figure, _bmi_tone(bmi) if kind else "neutral"
            )
        self.bmi_chip.setVisible(isinstance(bmi, (int, float)))
        high, low = state.value("systolic"), state.value("diastolic")
        grade = bp_class(_figure(high), _figure(low), months)
        if grade is not None:
            self.bp_chip.set(say(grade), _bp_tone(_figure(high) or 0, _figure(low) or 0))
        self.bp_chip.setVisible(grade is not None)

    def _show_finding(self, state: FormState) -> None:
        keys = (VITALS_LINE, *KEYS, "bmi")
        shown = [f for f in state.findings if f.key in keys and f in state.shown_findings(f.key)]
        waiting = [f for f in shown if f.severity is not Severity.INFO and not state.is_acknowledged(f)]
        first = (waiting or shown)[0] if shown else None
        warned = any(f.severity is Severity.WARNING for f in shown)
        self.finding.show_finding(first, confirmed=warned and not waiting, more=max(0, len(waiting) - 1))
        self.line.set_mark("error" if any(f.key == VITALS_LINE for f in shown) else "")

    @Slot()
    def _on_acknowledged(self) -> None:
        state = self._board.state
        state.acknowledge(f for f in state.findings if f.key in (*KEYS, "bmi"))
        self._board.typed.emit()
        self._board.go_to(VITALS_LINE)


def previous_line(previous: Answers, state: FormState) -> str:
    """As `152/94 · 80 · 36,5 · 58 · 160`, with a dash where a sign was not taken."""
    pressure = display_blood_pressure(previous.get("systolic"), previous.get("diastolic"))
    rest = [
        display(state.fields[key], previous[key], language()) if previous.get(key) is not None else _NOT_TAKEN
        for key in ("pulse", "temperature", "weight", "height")
    ]
    known = [pressure or _NOT_TAKEN, *rest]
    return "" if all(part == _NOT_TAKEN for part in known) else " · ".join(known)


def _figure(value: Json) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _bmi_tone(bmi: float) -> Tone:
    return "ok" if 18.5 <= bmi < 23 else "warn"


def _bp_tone(high: float, low: float) -> Tone:
    if high >= 180 or low >= 110:
        return "danger"
    return "warn" if high >= 140 or low >= 90 else "ok"
