"""A short coloured word; the colour is never alone, the word says it too."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.outbox import SYNC_LABELS, SyncState
from ui.i18n import say
from ui.icons import pixmap
from ui.theme import theme

Tone = Literal["neutral", "primary", "ok", "info", "warn", "danger"]

SYNC_LOOK: dict[SyncState, tuple[Tone, str]] = {
    SyncState.NONE: ("neutral", "home"),
    SyncState.HERE: ("info", "home"),
    SyncState.SENDING: ("info", "send"),
    SyncState.ACKNOWLEDGED: ("ok", "ok"),
    SyncState.REJECTED: ("danger", "rejected"),
    SyncState.UNKNOWN: ("warn", "unknown"),
}
"""Tone and icon of each state a person is told."""

_GROUNDS: dict[Tone, tuple[str, str]] = {
    "neutral": ("bg", "muted"),
    "primary": ("primary_soft", "primary_strong"),
    "ok": ("ok_soft", "ok"),
    "info": ("info_soft", "info"),
    "warn": ("warn_soft", "warn"),
    "danger": ("danger_soft", "danger"),
}


def tone_tokens(tone: Tone) -> tuple[str, str]:
    """Ground and text token of a tone."""
    return _GROUNDS[tone]


class Chip(QWidget):
    """`set(text, tone, icon)` changes all at once."""

    def __init__(
        self, text: str = "", tone: Tone = "neutral", icon_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._tone: Tone = tone
        self._icon = icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFont(theme().font(9.5, medium=True))
        self.set(text, tone, icon_name)

    def set(self, text: str, tone: Tone | None = None, icon_name: str | None = None) -> None:
        self._text = text
        self._tone = tone or self._tone
        self._icon = self._icon if icon_name is None else icon_name
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        return self._text

    @property
    def tone(self) -> Tone:
        return self._tone

    def sizeHint(self) -> QSize:
        look = theme()
        width = self.fontMetrics().horizontalAdvance(self._text) + look.px(16)
        if self._icon:
            width += look.px(18)
        return QSize(width, look.px(22))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        ground, ink = _GROUNDS[self._tone]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("border" if self._tone == "neutral" else ink))
        painter.setBrush(look.colour(ground))
        outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(outline, outline.height() / 2, outline.height() / 2)
        left = look.px(8)
        if self._icon:
            shown = pixmap(self._icon, ink, 14)
            painter.drawPixmap(left, (self.height() - shown.height()) // 2, shown)
            left += look.px(18)
        painter.setPen(look.colour(ink))
        room = self.rect().adjusted(left, 0, -look.px(4), 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self._text)


def sync_chip(state: SyncState) -> Chip:
    """The true state of a record, in words."""
    tone, icon_name = SYNC_LOOK[state]
    return Chip(say(SYNC_LABELS[state]), tone, icon_name)
