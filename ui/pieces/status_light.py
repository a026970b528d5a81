"""The sync light: a dot whose shape and word say the same as its colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.pieces.chip import Tone, tone_tokens
from ui.theme import theme


class StatusLight(QWidget):
    """A small light. `set(tone, filled)`: filled is "done", a ring is "under way or waiting"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Tone = "neutral"
        self._filled = False
        side = theme().px(12)
        self.setFixedSize(QSize(side, side))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set(self, tone: Tone, *, filled: bool) -> None:
        self._tone = tone
        self._filled = filled
        self.update()

    @property
    def tone(self) -> Tone:
        return self._tone

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        colour = look.colour(tone_tokens(self._tone)[1])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = look.px(2)
        circle = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter.setPen(QPen(colour, width))
        painter.setBrush(colour if self._filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if self._tone == "danger":
            painter.setPen(QPen(look.colour("surface" if self._filled else "danger"), look.px(1.5)))
            centre = circle.center()
            reach = circle.width() / 4
            painter.drawLine(centre - QPointF(0, reach), centre + QPointF(0, reach))
