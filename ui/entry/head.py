"""The line above a form: title, quiet notes, actions. In a small window the notes get their own line."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pieces.layouts import row
from ui.theme import theme


class FormHead(QWidget):
    """`notes` come after the title on a wide screen."""

    def __init__(self, title: list[QWidget], notes: list[QWidget], actions: list[QWidget]) -> None:
        super().__init__()
        self._notes = QWidget()
        self._notes.setLayout(row(*notes, None, spacing=8))
        self._title, self._actions = title, actions
        self._line: QHBoxLayout = row(*title, self._notes, *actions, spacing=8)
        self._line.setStretch(len(title), 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(4))
        self._column.addLayout(self._line)
        self._stacked = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Call when notes or buttons changed their text."""
        shown = [w for w in (*self._title, *self._actions) if not w.isHidden()]
        needed = sum(w.sizeHint().width() + theme().px(8) for w in shown) + self._notes.sizeHint().width()
        stacked = needed > self.width()
        if stacked == self._stacked:
            return
        self._stacked = stacked
        if stacked:
            self._line.removeWidget(self._notes)
            self._column.addWidget(self._notes)
        else:
            self._column.removeWidget(self._notes)
            self._line.insertWidget(len(self._title), self._notes, 1)
