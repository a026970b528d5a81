"""Free text that may need several lines. Enter goes on, Shift+Enter breaks the line, the box grows."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy

from forms.model import Field
from ui.entry.editors.base import FieldEditor, Mark, Shown, is_enter, is_template, is_undo, section_step
from ui.entry.editors.line import STAYS
from ui.i18n import say
from ui.pieces.labels import set_property
from ui.theme import theme


class TextInput(QPlainTextEdit):
    """A plain text box between `least` and `most` lines high.

    Signals:
        typed(): the person changed the text.
        template_asked(): Ctrl+M. The others are as those of `LineInput`.
    """

    left = Signal()
    arrived = Signal()
    confirmed = Signal()
    section_stepped = Signal(int)
    undo_exhausted = Signal()
    template_asked = Signal()
    typed = Signal()

    def __init__(self, *, compact: bool, least: int, most: int) -> None:
        super().__init__()
        self._compact = compact
        self._least = least
        self._most = most
        self._hint = self._idle_hint = ""
        self.setProperty("density", "compact" if compact else "entry")
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(theme().px(3))
        self._shown = ""
        self.document().documentLayout().documentSizeChanged.connect(self._on_document_size_changed)
        self.textChanged.connect(self._on_text_changed)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.confirmed.emit()
        elif is_enter(event):
            self.insertPlainText("\n")
        elif section_step(event):
            self.section_stepped.emit(section_step(event))
        elif is_template(event):
            self.template_asked.emit()
        elif is_undo(event) and not self.document().isUndoAvailable():
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_hint(self, hint: str, *, focused_only: bool) -> None:
        self._hint = hint
        self._idle_hint = "" if focused_only else hint
        self.setPlaceholderText(hint if self.hasFocus() else self._idle_hint)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(160), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(60), self.height())

    def set_text(self, text: str) -> None:
        """Show a text; that is not typing."""
        self._shown = text
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    @Slot()
    def _on_text_changed(self) -> None:
        # Also emitted while an input method composes: only a changed text is typing.
        text = self.toPlainText()
        if text != self._shown:
            self._shown = text
            self.typed.emit()

    @Slot()
    def _on_document_size_changed(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """As high as its lines. QPlainTextDocumentLayout counts its size in lines, not in pixels."""
        lines = max(self._least, min(self._most, round(self.document().size().height())))
        spacing = QFontMetrics(self.font()).lineSpacing()
        single = theme().px(28 if self._compact else 32)
        height = single + (lines - 1) * spacing
        margin = max(0, (single - 2 - spacing) // 2)
        if self.document().documentMargin() != margin:
            self.document().setDocumentMargin(margin)
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
        needs_bar = round(self.document().size().height()) > self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if needs_bar else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)


class LongTextEditor(FieldEditor):
    def __init__(self, field: Field, *, compact: bool = False, least: int = 1, most: int = 6) -> None:
        super().__init__(field)
        self.box = TextInput(compact=compact, least=least, most=most)
        self._pending = False
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.setAccessibleName(say(field.label))
        self.box.typed.connect(self._on_typed)
        self.box.left.connect(self._on_left)
        self.box.arrived.connect(self._on_arrived)
        self.box.confirmed.connect(self._on_confirmed)
        self.box.section_stepped.connect(self._on_section_stepped)
        self.box.undo_exhausted.connect(self._on_undo_exhausted)
        self.box.template_asked.connect(self._on_template_asked)

    @property
    def pending(self) -> bool:
        return self._pending

    def display(self, shown: Shown) -> None:
        super().display(shown)
        self._pending = False
        if shown.text != self.box.toPlainText():
            self.box.set_text(shown.text)
        else:
            # Once committed, taking back is the record's business, in the order things were done.
            self.box.document().clearUndoRedoStacks()

    def show_pending(self, text: str) -> None:
        """Half-written text of a draft: shown as it was left, with the caret at its end."""
        self.box.set_text(text)
        self._pending = bool(text)

    def commit(self) -> None:
        if self._pending:
            self._pending = False
            self.text_committed.emit(self.key, self.box.toPlainText())

    def set_mark(self, mark: Mark) -> None:
        set_property(self.box, "state", mark)

    def set_hint(self, hint: str, *, focused_only: bool = False) -> None:
        self.box.set_hint(hint, focused_only=focused_only)

    def set_read_only(self, read_only: bool) -> None:
        self.box.setReadOnly(read_only)

    @Slot()
    def _on_typed(self) -> None:
        self._pending = True
        self.text_typed.emit(self.key, self.box.toPlainText())

    @Slot()
    def _on_left(self) -> None:
        if not self.box.isReadOnly():
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
    def _on_section_stepped(self, step: int) -> None:
        self.commit()
        self.section_requested.emit(self.key, step)

    @Slot()
    def _on_undo_exhausted(self) -> None:
        self.undo_requested.emit(self.key)

    @Slot()
    def _on_template_asked(self) -> None:
        self.template_requested.emit(self.key)
