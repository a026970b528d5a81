"""Buttons by weight. One primary button per screen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from ui.icons import icon
from ui.theme import theme

Slot0 = Callable[[], object]


def _button(kind: str, text: str, slot: Slot0 | None, icon_name: str, tint: str) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("kind", kind)
    # Enter presses a focused button, not only Space.
    made.setAutoDefault(True)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon_name:
        made.setIcon(icon(icon_name, tint))
        # Wider than high: Qt leaves too little room between icon and text.
        made.setIconSize(QSize(theme().px(22), theme().px(16)))
    if slot is not None:
        made.clicked.connect(slot)
    return made


def primary_button(text: str, slot: Slot0 | None = None, icon_name: str = "") -> QPushButton:
    return _button("primary", text, slot, icon_name, "on_primary")


def secondary_button(text: str, slot: Slot0 | None = None, icon_name: str = "") -> QPushButton:
    return _button("secondary", text, slot, icon_name, "primary")


def quiet_button(text: str, slot: Slot0 | None = None, icon_name: str = "") -> QPushButton:
    """No outline: for what is seldom needed."""
    return _button("quiet", text, slot, icon_name, "muted")


def link_button(text: str, slot: Slot0 | None = None, icon_name: str = "") -> QPushButton:
    return _button("link", text, slot, icon_name, "primary")


def danger_button(text: str, slot: Slot0 | None = None, icon_name: str = "") -> QPushButton:
    return _button("danger", text, slot, icon_name, "danger")


def icon_button(icon_name: str, name: str, slot: Slot0 | None = None, tint: str = "muted") -> QToolButton:
    """A button that is only an icon; `name` is its tooltip and accessible name."""
    made = QToolButton()
    made.setProperty("kind", "icon")
    made.setIcon(icon(icon_name, tint))
    side = theme().px(18)
    made.setIconSize(QSize(side, side))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if slot is not None:
        made.clicked.connect(slot)
    return made


class TileButton(QPushButton):
    """A large button with a layout of labels as its face; `name` is what it says to a screen reader."""

    def __init__(self, face: QLayout, name: str) -> None:
        super().__init__()
        self._face = face
        self.setProperty("kind", "tile")
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setLayout(face)
        self.setAccessibleName(name)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def hasHeightForWidth(self) -> bool:
        return self._face.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self._face.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        return self._face.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._face.totalMinimumSize()
