"""Paints one found person: the matched letters bold, then what tells two people of one name apart."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.outbox import SYNC_LABELS
from app.domain.people import PersonRow
from ui.i18n import say
from ui.icons import pixmap
from ui.pieces.chip import SYNC_LOOK, tone_tokens
from ui.pieces.person_text import birth_text, last4_text, last_exam_text, matched_spans, sex_text
from ui.reception.people_model import PersonRole
from ui.theme import theme

ROW_HEIGHT = 46


class PersonDelegate(QStyledItemDelegate):
    """Two lines per person. `query` is what was searched for."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.query = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), theme().px(ROW_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        person = index.data(PersonRole)
        if not isinstance(person, PersonRow):
            return
        look = theme()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        area = QRect(option.rect)
        painter.save()
        painter.fillRect(area, look.colour("primary_soft" if chosen else "bg" if hovered else "surface"))
        if chosen:
            painter.fillRect(
                QRect(area.left(), area.top(), look.px(3), area.height()), look.colour("primary")
            )
        painter.setPen(look.colour("border"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inner = area.adjusted(look.px(12), look.px(5), -look.px(12), -look.px(5))
        right = self._paint_state(painter, person, inner)
        top = QRect(inner.left(), inner.top(), right - inner.left() - look.px(12), inner.height() // 2)
        self._paint_name(painter, person, top)
        painter.setFont(look.font(9))
        painter.setPen(look.colour("muted"))
        below = QRect(top.left(), top.bottom() + 1, top.width(), inner.height() - top.height())
        detail = " · ".join(p for p in (person.village, last4_text(person), last_exam_text(person)) if p)
        shown = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def _paint_state(self, painter: QPainter, person: PersonRow, area: QRect) -> int:
        """Icon and word of the sync state at the right edge; returns where they begin."""
        look = theme()
        tone, name = SYNC_LOOK[person.sync]
        ink = tone_tokens(tone)[1]
        painter.setFont(look.font(9))
        painter.setPen(look.colour(ink))
        words = say(SYNC_LABELS[person.sync])
        width = painter.fontMetrics().horizontalAdvance(words)
        left = area.right() - width
        painter.drawText(
            QRect(left, area.top(), width + 1, area.height()), int(Qt.AlignmentFlag.AlignVCenter), words
        )
        picture = pixmap(name, ink, 16)
        left -= picture.width() + look.px(4)
        painter.drawPixmap(left, area.center().y() - picture.height() // 2 + 1, picture)
        return left

    def _paint_name(self, painter: QPainter, person: PersonRow, area: QRect) -> None:
        look = theme()
        plain, bold = look.font(11), look.font(11, bold=True)
        facts = " · ".join(p for p in (sex_text(person.sex), birth_text(person.birth_date)) if p)
        room = area.width() - QFontMetrics(look.font(10)).horizontalAdvance(facts) - look.px(12)
        painter.setPen(look.colour("text"))
        x = area.left()
        for piece, font in self._pieces(person.full_name, plain, bold):
            metrics = QFontMetrics(font)
            left = area.left() + room - x
            shown = metrics.elidedText(piece, Qt.TextElideMode.ElideRight, left)
            painter.setFont(font)
            width = metrics.horizontalAdvance(shown)
            painter.drawText(
                QRect(x, area.top(), width + 2, area.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
            )
            x += width
            if shown != piece:
                break
        painter.setFont(look.font(10))
        painter.setPen(look.colour("muted"))
        painter.drawText(
            QRect(x + look.px(12), area.top(), area.right() - x, area.height()),
            int(Qt.AlignmentFlag.AlignVCenter),
            facts,
        )

    def _pieces(self, name: str, plain: QFont, bold: QFont) -> list[tuple[str, QFont]]:
        pieces: list[tuple[str, QFont]] = []
        end = 0
        for start, stop in matched_spans(name, self.query):
            pieces += [(name[end:start], plain), (name[start:stop], bold)]
            end = stop
        pieces.append((name[end:], plain))
        return [(text, font) for text, font in pieces if text]
