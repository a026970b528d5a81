"""The gate before a record is finished: errors send the caret back, warnings want one more keystroke."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from app.errors import AppError
from forms.model import Finding
from forms.text import Text
from ui.entry.board import EntryBoard
from ui.i18n import say, tr
from ui.icons import pixmap
from ui.keyboard import bind, with_key
from ui.pieces.buttons import icon_button, secondary_button
from ui.pieces.labels import icon_label, label, set_property
from ui.pieces.layouts import row

_MOST_LINES = 3
NOT_SAVED_BY_FAULT = Text(
    "Chưa ghi được vì lỗi của chương trình. Nội dung vẫn còn trên màn hình; bấm Ctrl+Enter để thử lại.",
    "Not saved: a fault in the program. Everything is still on screen; press Ctrl+Enter to try again.",
)

Question = Callable[[], Text | None]
"""None: nothing in the way. Otherwise what to show; asked again, it may let pass."""


def bind_finish(widget: QWidget, slot: Callable[[], object]) -> QAction:
    """Ctrl+Enter on both Enter keys. As text "Ctrl+Enter" and "Ctrl+Return" are one sequence to Qt, and two
    equal sequences are ambiguous: neither would work.
    """
    bound = bind(widget, "finish", slot)
    keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    bound.setShortcuts([QKeySequence(Qt.Modifier.CTRL | key) for key in keys])
    return bound


class FinishBar(QFrame):
    """One strip above the form: what is in the way, or what went wrong. Hidden while there is nothing.

    Signals:
        confirmed(): "Vẫn đúng" was pressed.
        dismissed(): its cross was pressed.
    """

    confirmed = Signal()
    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._about_draft = False
        self._icon = icon_label("info", "info")
        self._words = label("", wrap=True, selectable=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.confirm_button: QPushButton = secondary_button("", self.confirmed.emit)
        self.confirm_button.setAutoDefault(True)
        self._close = icon_button("close", tr("Đóng", "Close"), self._on_close)
        line = row(
            self._icon, self._words, self.confirm_button, self._close, spacing=12, margins=(12, 4, 8, 4)
        )
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    @property
    def text(self) -> str:
        return "" if self.isHidden() else self._words.text()

    @property
    def asks(self) -> bool:
        return not self.isHidden() and not self.confirm_button.isHidden()

    def show_errors(self, errors: Sequence[Finding]) -> None:
        count = len(errors)
        head = (
            tr("Còn 1 chỗ cần sửa.", "One thing to correct.")
            if count == 1
            else tr("Còn {n} chỗ cần sửa.", "{n} things to correct.", n=count)
        )
        self._show("danger", "error", f"{head} {say(errors[0].message)}", "")

    def show_warnings(self, warnings: Sequence[Finding]) -> None:
        lines = [say(f.message) for f in warnings[:_MOST_LINES]]
        if len(warnings) > _MOST_LINES:
            lines.append(tr("… và {n} điều nữa", "… and {n} more", n=len(warnings) - _MOST_LINES))
        self._show("warn", "alert", "\n".join(lines), with_key(tr("Vẫn đúng", "Still right"), "finish"))

    def show_question(self, text: str) -> None:
        self._show("warn", "alert", text, "")

    def show_problem(self, text: str) -> None:
        self._show("danger", "error", text, "")

    def show_draft_problem(self, text: str) -> None:
        """Autosave failed; goes away by itself once a draft was kept."""
        self._show("danger", "error", text, "")
        self._about_draft = True

    def clear_draft_problem(self) -> None:
        if self._about_draft:
            self.clear()

    def show_note(self, text: str) -> None:
        self._show("info", "info", text, "")

    @Slot()
    def clear(self) -> None:
        self._about_draft = False
        self.hide()
        self._words.clear()

    def _show(self, tone: str, icon_name: str, text: str, confirm: str) -> None:
        self._about_draft = False
        self._icon.setPixmap(pixmap(icon_name, tone))
        self._words.setText(text)
        self.confirm_button.setText(confirm)
        self.confirm_button.setVisible(bool(confirm))
        set_property(self, "ground", f"soft-{tone}")
        self.setAccessibleName(text)
        self.show()

    @Slot()
    def _on_close(self) -> None:
        self.clear()
        self.dismissed.emit()


class FinishGate(QObject):
    """Signals:
    passed(): nothing is in the way any more; save now.
    """

    passed = Signal()

    def __init__(self, board: EntryBoard, bar: FinishBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._board = board
        self._bar = bar
        self._asked: tuple[Finding, ...] = ()
        self._questions: list[Question] = []
        bar.confirmed.connect(self.ask)
        bar.dismissed.connect(self.back_to_field)

    def add_question(self, question: Question) -> None:
        """Something else to settle once the fields are right; it moves the focus itself."""
        self._questions.append(question)

    @Slot()
    def ask(self) -> None:
        """Finish. Asked again with the same warnings shown, they count as confirmed."""
        board = self._board
        board.commit()
        check = board.state.finish_check()
        if check.errors:
            self._asked = ()
            self._bar.show_errors(check.errors)
            self._go_to_first(check.errors)
            return
        if check.warnings:
            if not (self._bar.asks and check.warnings == self._asked):
                self._asked = check.warnings
                self._bar.show_warnings(check.warnings)
                self._bar.confirm_button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
            board.state.acknowledge(check.warnings)
            board.typed.emit()
        self._asked = ()
        for question in self._questions:
            in_the_way = question()
            if in_the_way is not None:
                self._bar.show_question(say(in_the_way))
                return
        self._bar.clear()
        self.passed.emit()

    def reject(self, problem: AppError, findings: Sequence[Finding] = ()) -> None:
        """Saving was refused: say why; everything typed is still there."""
        self._asked = ()
        self._bar.show_problem(say(problem.text))
        self._go_to_first(findings)

    @Slot()
    def back_to_field(self) -> None:
        """To the field the first warning is about."""
        asked, self._asked = self._asked, ()
        self._bar.clear()
        self._go_to_first(asked)

    def _go_to_first(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            if self._board.go_to(finding.key):
                return
        if not self._board.go_to(self._board.current):
            self._board.go_to_first()
