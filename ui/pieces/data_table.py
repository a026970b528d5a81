"""The one table: row selection, keyboard, Ctrl+C, sorting, remembered widths, and an empty state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QWidget,
)

from ui.keyboard import bind
from ui.pieces.banner import EmptyState
from ui.theme import theme

RowIdRole = int(Qt.ItemDataRole.UserRole) + 1
"""Id of what the row is about (a person id, a queue number)."""
SortRole = int(Qt.ItemDataRole.UserRole) + 2
"""What a column sorts by; folded text or a number."""

_LEAST_STRETCH = 150
"""Pixels of the 100 % design that the widest column keeps."""

AnyIndex = QModelIndex | QPersistentModelIndex


class _View(QTableView):
    opened = Signal(QModelIndex)
    current_moved = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount() > 0:
            self.selectRow(0)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.current_moved.emit()


class DataTable(QWidget):
    """A sortable view over a table model whose cells answer RowIdRole and SortRole.

    Signals:
        row_opened(str): Enter or double click on the row with this id.
        current_changed(str): the row with this id became current ("" when none).
        empty_action_requested(): the button of the empty state.
    """

    row_opened = Signal(str)
    current_changed = Signal(str)
    empty_action_requested = Signal()

    def __init__(
        self,
        name: str,
        model: QAbstractItemModel,
        empty: EmptyState,
        *,
        widths: Mapping[int, int],
        stretch: int,
        first_to_go: Sequence[int] = (),
    ) -> None:
        """`widths`: pixels of the 100 % design by column; `stretch` is the column that takes the rest.

        Where the room is too small (large text), the columns of `first_to_go` are left out in this order
        rather than scrolled sideways.
        """
        super().__init__()
        self.setObjectName(name)
        self._name = name
        self._model = model
        self._empty = empty
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(model)
        self._proxy.setSortRole(SortRole)
        self._stretch = stretch
        self._first_to_go = tuple(first_to_go)
        self._left_out: dict[int, int] = {}
        self.view = _View()
        self._set_up_view(widths)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.view)
        self._stack.addWidget(empty)
        self.view.opened.connect(self._on_opened)
        self.view.doubleClicked.connect(self._on_opened)
        self.view.current_moved.connect(self._on_current_moved)
        empty.action_requested.connect(self.empty_action_requested)
        model.modelReset.connect(self._on_model_reset)
        self._copy = bind(self.view, "list-copy", self._on_copy)
        self._on_model_reset()

    def _set_up_view(self, widths: Mapping[int, int]) -> None:
        look = theme()
        view = self.view
        view.setModel(self._proxy)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setMouseTracking(True)
        view.setIconSize(QSize(look.px(16), look.px(16)))
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(look.px(32))
        view.verticalHeader().setMinimumSectionSize(look.px(28))
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(look.px(40))
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        for section, width in widths.items():
            header.resizeSection(section, look.px(width))
        header.setSectionResizeMode(self._stretch, QHeaderView.ResizeMode.Stretch)

    @property
    def rows(self) -> int:
        return self._proxy.rowCount()

    @property
    def current_id(self) -> str:
        return self._id_at(self.view.currentIndex())

    def select(self, row_id: str) -> bool:
        """Make the row with this id current; False if it is not in the table."""
        for row in range(self._proxy.rowCount()):
            if self._id_at(self._proxy.index(row, 0)) == row_id:
                self._select_row(row)
                return True
        return False

    def select_first(self) -> None:
        if self._proxy.rowCount():
            self._select_row(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.view.horizontalHeader()
        for column in self._first_to_go:
            self.view.setColumnHidden(column, False)
        for column in self._first_to_go:
            shown = [
                c for c in range(header.count()) if not self.view.isColumnHidden(c) and c != self._stretch
            ]
            if sum(map(header.sectionSize, shown)) + theme().px(_LEAST_STRETCH) <= self.width():
                return
            self._left_out[column] = header.sectionSize(column)
            self.view.setColumnHidden(column, True)

    def widths(self) -> list[int]:
        """Column widths in pixels of the 100 % design, to be remembered."""
        header = self.view.horizontalHeader()
        sizes = [
            self._left_out[i] if self.view.isColumnHidden(i) else header.sectionSize(i)
            for i in range(header.count())
        ]
        return [round(size * 100 / theme().scale) for size in sizes]

    def restore_widths(self, widths: Sequence[int]) -> None:
        header = self.view.horizontalHeader()
        if len(widths) != header.count():
            return
        for section, width in enumerate(widths):
            if section == self._stretch or width <= 0:
                continue
            self.view.setColumnHidden(section, False)
            header.resizeSection(section, theme().px(width))
        self._fit_columns()

    def _select_row(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().setCurrentIndex(self._proxy.index(row, 0), flags)

    def _id_at(self, index: QModelIndex) -> str:
        return str(index.data(RowIdRole) or "") if index.isValid() else ""

    @Slot()
    def _on_model_reset(self) -> None:
        shown = self.view if self._model.rowCount() else self._empty
        self._stack.setCurrentWidget(shown)
        self.setFocusProxy(shown)

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        row_id = self._id_at(index)
        if row_id:
            self.row_opened.emit(row_id)

    @Slot()
    def _on_current_moved(self) -> None:
        self.current_changed.emit(self.current_id)

    @Slot()
    def _on_copy(self) -> None:
        """The current row as tab-separated text, as spreadsheets take it."""
        row = self.view.currentIndex().row()
        if row < 0:
            return
        cells = [self._proxy.index(row, c).data() for c in range(self._proxy.columnCount())]
        QApplication.clipboard().setText("\t".join("" if c is None else str(c) for c in cells))
