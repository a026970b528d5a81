"""A dense sheet like the paper: sections under each other, number and title in a gutter at the left."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.pieces.labels import hairline, label
from ui.pieces.layouts import column
from ui.theme import theme

GUTTER = 148
NARROW_BELOW = 700
"""Narrower than this (pixels of the 100 % design) the title stands above its section."""


class SheetSection(QWidget):
    """Gutter with number, title and actions; content to the right, or below where the room is small."""

    def __init__(self, number: str, title: str, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self._title = label(title, "strong", wrap=True)
        self._number = label(number, "muted")
        head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        head.setContentsMargins(0, theme().px(4), 0, 0)
        head.setSpacing(theme().px(6))
        head.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1, Qt.AlignmentFlag.AlignTop)
        self._gutter = QWidget()
        self._side: QVBoxLayout = column(spacing=6)
        self._side.addLayout(head)
        self._side.addStretch(1)
        self._gutter.setLayout(self._side)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme().px(8))
        self._box.addWidget(self._gutter)
        self._box.addWidget(content, 1)
        self._narrow: bool | None = None
        self._arrange(narrow=False)

    def add_action(self, widget: QWidget) -> None:
        """Into the gutter, under the title."""
        self._side.insertWidget(self._side.count() - 1, widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=event.size().width() < theme().px(NARROW_BELOW))

    def minimumSizeHint(self) -> QSize:
        # The narrow arrangement is the one that must fit.
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), theme().px(320)), hint.height())

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        if narrow:
            self._box.setDirection(QBoxLayout.Direction.TopToBottom)
            self._gutter.setMinimumWidth(0)
            self._gutter.setMaximumWidth(16_777_215)
        else:
            self._box.setDirection(QBoxLayout.Direction.LeftToRight)
            self._gutter.setFixedWidth(theme().px(GUTTER))


class Sheet(QFrame):
    """One card; sections are divided by hairlines."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self._column = QVBoxLayout(self)
        look = theme()
        self._column.setContentsMargins(look.px(12), look.px(3), look.px(12), look.px(3))
        self._column.setSpacing(look.px(3))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def add(self, section: QWidget) -> None:
        if self._column.count():
            self._column.addWidget(hairline())
        self._column.addWidget(section)
