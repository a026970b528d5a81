"""The list under a search field. It never takes the focus, so typing and input methods go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list: what it means, what is read, and a quiet remark at the right."""

    code: str
    label: str
    hint: str = ""
    free: bool = False
    """Take the typed words as they are, without a code."""
    named: bool = False
    """People know it by its name; the code is not shown in front."""


class SuggestionRole(IntEnum):
    ITEM = int(Qt.ItemDataRole.UserRole) + 1


class SuggestionModel(QAbstractListModel):
    """Rows are `Suggestion`s; the accessible text is what the row says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Suggestion, ...] = ()

    def set_rows(self, rows: Sequence[Suggestion]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    @property
    def rows(self) -> tuple[Suggestion, ...]:
        return self._rows

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 # the usual model signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.label if row.named else f"{row.code} {row.label}".strip()
        return row if role == SuggestionRole.ITEM else None


class _Delegate(QStyledItemDelegate):
    """Code in medium weight, name, remark right and muted."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(theme().px(200), theme().px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(SuggestionRole.ITEM)
        if not isinstance(row, Suggestion):
            return
        look = theme()
        painter.save()
        rect: QRect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, look.colour("primary_soft"))
            painter.fillRect(
                QRect(rect.left(), rect.top(), look.px(3), rect.height()), look.colour("primary")
            )
        inside = rect.adjusted(look.px(12), 0, -look.px(12), 0)
        painter.setFont(look.font(9))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        hint_width = painter.fontMetrics().horizontalAdvance(row.hint) + look.px(12) if row.hint else 0
        painter.setPen(look.colour("muted"))
        painter.drawText(inside, middle | int(Qt.AlignmentFlag.AlignRight), row.hint)
        inside = inside.adjusted(0, 0, -hint_width, 0)
        if row.code and not row.named:
            painter.setFont(look.font(10.5, medium=True))
            painter.setPen(look.colour("primary_strong"))
            width = max(painter.fontMetrics().horizontalAdvance(row.code) + look.px(12), look.px(52))
            painter.drawText(inside, middle, row.code)
            inside = inside.adjusted(width, 0, 0, 0)
        painter.setFont(look.font(10.5))
        painter.setPen(look.colour("primary" if row.free else "text"))
        shown = painter.fontMetrics().elidedText(row.label, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, middle, shown)
        painter.restore()


class SuggestionPopup(QFrame):
    """Placed in the window of its anchor, below it, or above where there is no room.

    Signals:
        picked(Suggestion): a line was clicked.
    """

    picked = Signal(object)

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self._anchor = anchor
        self.keep_clear: QWidget = anchor
        """What a list above must not cover."""
        self.setProperty("ground", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model = SuggestionModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._on_clicked)
        box = QVBoxLayout(self)
        edge = theme().px(4)
        box.setContentsMargins(1, edge, 1, edge)
        box.addWidget(self.view)
        self.hide()

    def open_with(self, rows: Sequence[Suggestion], *, least_width: int = 0) -> None:
        self.model.set_rows(rows)
        if not rows:
            self.close_list()
            return
        self.view.setCurrentIndex(self.model.index(0))
        host = self._anchor.window()
        if self.parent() is not host:
            self.setParent(host)
        self._place(host, least_width)
        self.show()
        self.raise_()

    @Slot()
    def close_list(self) -> None:
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    @property
    def current(self) -> Suggestion | None:
        row = self.view.currentIndex().data(SuggestionRole.ITEM) if self.is_open else None
        return row if isinstance(row, Suggestion) else None

    def step(self, by: int) -> None:
        """Move the selection, round the ends."""
        count = self.model.rowCount()
        if count:
            row = (self.view.currentIndex().row() + by) % count
            self.view.setCurrentIndex(self.model.index(row))

    def _place(self, host: QWidget, least_width: int) -> None:
        look = theme()
        rows = min(self.model.rowCount(), _MOST_ROWS)
        height = rows * look.px(28) + 2 * look.px(4) + 2
        width = min(max(self._anchor.width(), look.px(least_width)), host.width() - look.px(16))
        corner = self._anchor.mapTo(host, QPoint(0, self._anchor.height() + look.px(4)))
        top = corner.y()
        if top + height > host.height():
            above = self.keep_clear.mapTo(host, QPoint(0, 0)).y() - look.px(4) - height
            top = above if above >= 0 else max(0, host.height() - height)
        left = max(look.px(4), min(corner.x(), host.width() - width - look.px(4)))
        self.setGeometry(left, top, width, height)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row = index.data(SuggestionRole.ITEM)
        if isinstance(row, Suggestion):
            self.picked.emit(row)
