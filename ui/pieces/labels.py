"""Labels by role, and one that shortens with an ellipsis."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.icons import pixmap

Role = Literal[
    "", "muted", "label", "small", "section", "title", "name", "strong", "error", "warn", "ok", "info",
    "on-rail", "on-rail-title", "on-rail-name", "key", "mono",
]  # fmt: skip


def label(text: str = "", role: Role = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label; `selectable` lets codes and keys be copied."""
    made = QLabel()
    # Names and answers are shown as typed: markup in them is text, not markup.
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def icon_label(name: str, tint: str = "text", size: int = 18) -> QLabel:
    made = QLabel()
    shown = pixmap(name, tint, size)
    made.setPixmap(shown)
    made.setFixedSize(shown.size())
    return made


def set_role(widget: QWidget, role: Role) -> None:
    """Change the role of a label that is already on screen."""
    set_property(widget, "role", role)


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a property the style sheet looks at, and restyle if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def hairline() -> QFrame:
    line = QFrame()
    line.setProperty("ground", "line")
    line.setFixedHeight(1)
    return line


class ElidedLabel(QLabel):
    """One line that ends in "…" when the room is too small; the tooltip has the whole text."""

    def __init__(self, text: str = "", role: Role = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().horizontalAdvance("MMM…")), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        rect = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.drawText(rect, int(self.alignment() | Qt.TextFlag.TextSingleLine), shown)
