"""A 12-column grid that reflows: narrow windows and large type double the spans instead of clipping."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem

from ui.theme import theme

COLUMNS = 12


@dataclass(slots=True)
class _Cell:
    item: QLayoutItem
    span: int
    starts_row: bool


class GridLayout12(QLayout):
    """Items flow left to right in the order added. `narrow_below`: widths (pixels of the 100 % design)
    under which every span doubles; under half of it, everything takes the full width.
    """

    def __init__(self, *, narrow_below: int = 720, across: int = 12, down: int = 8) -> None:
        super().__init__()
        self._cells: list[_Cell] = []
        self._narrow_below = narrow_below
        self._across = theme().px(across)
        self._down = theme().px(down)
        self.setContentsMargins(0, 0, 0, 0)

    def add(self, widget: QWidget, span: int, *, starts_row: bool = False) -> None:
        self.addChildWidget(widget)
        self._cells.append(_Cell(QWidgetItem(widget), span, starts_row))

    def addItem(self, item: QLayoutItem) -> None:
        self._cells.append(_Cell(item, COLUMNS, starts_row=False))

    def count(self) -> int:
        return len(self._cells)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._cells[index].item if 0 <= index < len(self._cells) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._cells.pop(index).item if 0 <= index < len(self._cells) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def sizeHint(self) -> QSize:
        width = theme().px(self._narrow_below)
        return QSize(width, self.heightForWidth(width))

    def minimumSize(self) -> QSize:
        widest = max((c.item.minimumSize().width() for c in self._cells if not c.item.isEmpty()), default=0)
        return QSize(widest, 0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def _factor(self, width: int) -> int:
        narrow = theme().px(self._narrow_below)
        return 1 if width >= narrow else 2 if width >= narrow // 2 else COLUMNS

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        factor = self._factor(rect.width())
        top = rect.top()
        for row in self._rows(factor):
            height = 0
            placed: list[tuple[QLayoutItem, QRect]] = []
            column = 0
            for cell, span in row:
                left = self._x(rect, column)
                right = self._x(rect, column + span) - self._across
                width = right - left
                needed = cell.item.heightForWidth(width) if cell.item.hasHeightForWidth() else -1
                cell_height = needed if needed >= 0 else cell.item.sizeHint().height()
                height = max(height, cell_height)
                placed.append((cell.item, QRect(left, top, width, cell_height)))
                column += span
            if place:
                # Each keeps its own height: a finding under one field must not pull its neighbours apart.
                for item, area in placed:
                    item.setGeometry(area)
            top += height + self._down
        return max(0, top - self._down - rect.top())

    def _x(self, rect: QRect, column: int) -> int:
        return rect.left() + round((rect.width() + self._across) * column / COLUMNS)

    def _rows(self, factor: int) -> list[list[tuple[_Cell, int]]]:
        rows: list[list[tuple[_Cell, int]]] = []
        used = COLUMNS
        for cell in self._cells:
            if cell.item.isEmpty():
                continue
            span = min(COLUMNS, cell.span * factor)
            if used + span > COLUMNS or (cell.starts_row and used):
                rows.append([])
                used = 0
            rows[-1].append((cell, span))
            used += span
        return rows


class FlowLayout(QLayout):
    """Items beside each other at their own size; what has no room goes to the next line."""

    def __init__(self, *, across: int = 8, down: int = 4) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._across = theme().px(across)
        self._down = theme().px(down)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(s.width() + self._across for s in shown) - self._across
        return QSize(max(0, width), max((s.height() for s in shown), default=0))

    def minimumSize(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QSize(max((s.width() for s in shown), default=0), max((s.height() for s in shown), default=0))

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        left, top, height = rect.left(), rect.top(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if left > rect.left() and left + size.width() > rect.right() + 1:
                left, top, height = rect.left(), top + height + self._down, 0
            if place:
                item.setGeometry(QRect(left, top, min(size.width(), rect.width()), size.height()))
            left += size.width() + self._across
            height = max(height, size.height())
        return top + height - rect.top()
