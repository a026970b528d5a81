"""Between the state of a part and its editors: wiring, order of the fields, movement of the caret.

How the fields are arranged is the business of a view (`FormView`, the exam screen); the board only knows
that there is an editor for a key and what comes before and after it on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from forms.model import Part, Severity
from forms.text import Text
from forms.values import Lists
from ui.entry.editors.base import FieldEditor, Shown
from ui.entry.editors.choose import make_editor
from ui.entry.editors.diagnoses import NOT_CHOSEN, DiagnosesEditor
from ui.entry.editors.line import LineEditor
from ui.entry.editors.long_text import LongTextEditor
from ui.entry.field_block import LABEL_WIDTH, FieldBlock, Mode
from ui.entry.form_state import PICKED_TYPES, FormState


class EntryBoard(QObject):
    """Signals:
    typed(): something changed that a draft must hold.
    focus_moved(str): the caret came to this field.
    edge_reached(int): Enter in the last field (+1), or back from the first (-1).
    refreshed(): findings, values or visibility changed.
    template_requested(str): the usual sentence is wanted in this field.
    """

    typed = Signal()
    focus_moved = Signal(str)
    edge_reached = Signal(int)
    refreshed = Signal()
    template_requested = Signal(str)

    def __init__(
        self, part: Part, *, lists: Lists = MappingProxyType({}), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.part = part
        self.templates: Mapping[str, str] = {}
        """Normal findings by key; a field that still holds its sentence is marked as template text."""
        self.blocks: dict[str, FieldBlock] = {}
        self._lists = lists
        self._extra: dict[str, FieldEditor] = {}
        self._stops: list[str] = [f.key for f in part.fields() if not f.computed]
        self._sections = {f.key: s.id for s in part.sections for f in s.fields}
        self._skipped: frozenset[str] = frozenset()
        self._state: FormState | None = None
        self._previous_on = ""
        self._read_only = False
        self._current = ""
        self._showing = False

    # Building

    def block(
        self, key: str, *, mode: Mode = "stacked", compact: bool = False, label_width: int = LABEL_WIDTH,
        unit: str | None = None,
    ) -> FieldBlock:  # fmt: skip
        """The field as a widget; made once, placed by the caller."""
        field = next(f for f in self.part.fields() if f.key == key)
        made = make_editor(field, compact=compact, lists=self._lists, unit=unit)
        self._wire(made)
        block = FieldBlock(field, made, mode=mode, label_width=label_width)
        block.acknowledge_requested.connect(self._on_acknowledge_requested)
        block.template_requested.connect(self.template_requested)
        self.blocks[key] = block
        return block

    def add_stop(self, editor: FieldEditor, *, before: str, section: str) -> None:
        """A stop of the caret that is no field (the vitals line), placed before a field."""
        self._extra[editor.key] = editor
        self._stops.insert(self._stops.index(before), editor.key)
        self._sections[editor.key] = section
        editor.came_in.connect(self._on_came_in)
        editor.move_requested.connect(self._on_move_requested)
        editor.section_requested.connect(self._on_section_requested)
        editor.undo_requested.connect(self._on_undo_requested)

    def set_skipped(self, keys: Sequence[str]) -> None:
        """Fields that Enter passes by because another stop fills them; Tab still goes there."""
        self._skipped = frozenset(keys)

    def chain_tab_order(self) -> None:
        """Tab and Shift+Tab follow the stops. Call once everything is placed in one window."""
        widgets = [e.focusProxy() or e for e in (self.editor(k) for k in self._stops) if e is not None]
        for first, second in pairwise(widgets):
            QWidget.setTabOrder(first, second)

    def editor(self, key: str) -> FieldEditor | None:
        if key in self._extra:
            return self._extra[key]
        block = self.blocks.get(key)
        return block.editor if block is not None else None

    # State

    @property
    def state(self) -> FormState:
        """RuntimeError before `bind`."""
        if self._state is None:
            raise RuntimeError("the board has no state yet")
        return self._state

    @property
    def bound(self) -> bool:
        return self._state is not None

    def bind(self, state: FormState, *, previous_on: str = "", read_only: bool = False) -> None:
        """Show another record; everything on screen is replaced."""
        self._state = state
        self._previous_on = previous_on
        self._read_only = read_only
        self._current = ""
        state.listen(self._on_state_changed)
        for key, block in self.blocks.items():
            block.editor.set_read_only(read_only)
            block.show_previous("" if read_only else state.previous_text(key), previous_on)
            self._refresh(key, binding=True)
        self.refreshed.emit()

    def commit(self) -> None:
        """Read every editor with uncommitted text, as if it were left."""
        if self._read_only:
            return
        for editor in (*self._extra.values(), *(b.editor for b in self.blocks.values())):
            if editor.pending:
                editor.commit()

    @property
    def current(self) -> str:
        """Key of the field the caret is in, or was in last."""
        return self._current

    # Movement

    def go_to(self, key: str, *, resume: bool = False) -> bool:
        """Put the caret into a field; False if it cannot be reached now."""
        editor = self.editor(key)
        if editor is None or not self._reachable(key):
            return False
        editor.take_focus(resume=resume)
        if self._current != key:
            # It had the focus already, or the window is not active: the caret is here all the same.
            self._on_came_in(key)
        return True

    def go_to_first(self) -> None:
        first = self._step("", 1)
        if first:
            self.go_to(first)

    def _reachable(self, key: str) -> bool:
        editor = self.editor(key)
        return editor is not None and not editor.isHidden() and _shown_in_window(editor)

    def _step(self, key: str, step: int, *, other_section: bool = False) -> str:
        """The next stop that can be typed in, "" past either end."""
        start = self._stops.index(key) if key in self._stops else (-1 if step > 0 else len(self._stops))
        section = self._sections.get(key)
        row = self._stops[start + 1 :] if step > 0 else list(reversed(self._stops[:start]))
        passed = ""
        for candidate in row:
            if not self._reachable(candidate) or (candidate in self._skipped and key not in self._skipped):
                continue
            here = self._sections.get(candidate)
            if not other_section:
                return candidate
            if step > 0 and here != section:
                return candidate
            if step < 0 and here != section:
                # Backwards to the first field of the section before.
                if passed and self._sections.get(passed) != here:
                    return passed
                passed = candidate
        return passed

    @Slot(str, int)
    def _on_move_requested(self, key: str, step: int) -> None:
        target = self._step(key, step)
        if target:
            self.go_to(target)
        else:
            self.edge_reached.emit(step)

    @Slot(str, int)
    def _on_section_requested(self, key: str, step: int) -> None:
        target = self._step(key, step, other_section=True)
        if target:
            self.go_to(target)
        else:
            self.edge_reached.emit(step)

    # Editors

    def _wire(self, editor: FieldEditor) -> None:
        editor.text_typed.connect(self._on_text_typed)
        editor.text_committed.connect(self._on_text_committed)
        editor.value_picked.connect(self._on_value_picked)
        editor.came_in.connect(self._on_came_in)
        editor.went_out.connect(self._on_went_out)
        editor.move_requested.connect(self._on_move_requested)
        editor.section_requested.connect(self._on_section_requested)
        editor.undo_requested.connect(self._on_undo_requested)
        editor.template_requested.connect(self.template_requested)
        if isinstance(editor, DiagnosesEditor):
            editor.text_held.connect(self._on_text_held)

    @Slot(str, str)
    def _on_text_typed(self, key: str, text: str) -> None:
        if text or self.state.fields[key].type not in PICKED_TYPES:
            self.state.type_text(key, text)
        else:
            self.state.forget_typed(key)
        self.typed.emit()

    @Slot(str, str)
    def _on_text_committed(self, key: str, text: str) -> None:
        if self._state is None or self._read_only or self._showing:
            return
        before = self.state.generation
        self.state.set_text(key, text)
        if self.state.generation != before:
            self.typed.emit()

    @Slot(str, object)
    def _on_value_picked(self, key: str, value: object) -> None:
        if self._state is None or self._read_only or self._showing:
            return
        before = self.state.generation
        self.state.forget_typed(key)
        self.state.set_value(key, value)  # type: ignore[arg-type] # a Json value, sent through a Qt signal
        if self.state.generation != before:
            self.typed.emit()

    @Slot(str, str)
    def _on_text_held(self, key: str, text: str) -> None:
        shown = text.replace("{", "(").replace("}", ")")
        self.state.hold_text(key, text, Text(NOT_CHOSEN.vi, NOT_CHOSEN.en).format(text=shown))

    @Slot(str)
    def _on_went_out(self, key: str) -> None:
        if self._state is not None and not self._read_only:
            self.state.touch(key)

    @Slot(str)
    def _on_came_in(self, key: str) -> None:
        self._current = key
        self.focus_moved.emit(key)

    @Slot(str)
    def _on_undo_requested(self, _key: str) -> None:
        if self._read_only or self._state is None:
            return
        target = self.state.undo()
        if target is not None:
            self.typed.emit()
            self.go_to(target)

    @Slot(str)
    def _on_acknowledge_requested(self, key: str) -> None:
        self.state.acknowledge(f for f in self.state.findings if f.key == key)
        self.typed.emit()
        self.go_to(key)

    # Showing

    def _on_state_changed(self, keys: frozenset[str]) -> None:
        for key in keys:
            if key in self.blocks:
                self._refresh(key)
        self.refreshed.emit()

    def _refresh(self, key: str, *, binding: bool = False) -> None:
        block, state = self.blocks[key], self.state
        editor = block.editor
        self._showing = True
        try:
            if binding or not (editor.pending and state.pending_text(key)):
                self._show_value(key, editor)
            block.show_reason(state.hidden_reason(key))
        finally:
            self._showing = False
        findings = () if self._read_only else state.shown_findings(key)
        waiting = [f for f in findings if f.severity is not Severity.INFO and not state.is_acknowledged(f)]
        template = key in self.templates and state.value(key) == self.templates[key]
        warned = any(f.severity is Severity.WARNING for f in findings)
        block.show_findings(findings, confirmed=warned and not waiting, template=template)

    def _show_value(self, key: str, editor: FieldEditor) -> None:
        state = self.state
        loose = state.pending_text(key)
        picked = state.fields[key].type in PICKED_TYPES
        if loose and picked and isinstance(editor, (LineEditor, LongTextEditor, DiagnosesEditor)):
            editor.display(Shown("", state.value(key)))
            editor.show_pending(loose)
        else:
            editor.display(Shown(state.text(key), state.value(key)))


def _shown_in_window(widget: QWidget) -> bool:
    """True also before the window itself is shown: only hidden parents count."""
    current: QWidget | None = widget
    while current is not None and not current.isWindow():
        if current.isHidden() and current.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        current = current.parentWidget()
    return True
