"""People as rows: of the search box, of today's list, of the result table."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.domain.outbox import SYNC_LABELS
from app.domain.people import PersonRow
from forms.text import fold
from ui.i18n import say, tr
from ui.icons import icon
from ui.pieces.chip import SYNC_LOOK, tone_tokens
from ui.pieces.data_table import RowIdRole, SortRole
from ui.pieces.person_text import birth_text, date_text, last4_text, last_exam_text, sex_text

PersonRole = int(Qt.ItemDataRole.UserRole) + 3
"""The whole PersonRow, for delegates."""

AnyIndex = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class Column(IntEnum):
    NAME = 0
    SEX = 1
    BIRTH = 2
    VILLAGE = 3
    IDS = 4
    LAST_EXAM = 5
    SYNC = 6


def name_sort_key(full_name: str) -> str:
    """Vietnamese lists are sorted by given name, then by the rest."""
    words = fold(full_name).split()
    return " ".join([*words[-1:], *words[:-1]])


class PeopleModel(QAbstractTableModel):
    """Frozen rows; `show_rows` replaces them all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[PersonRow, ...] = ()
        self._cache: dict[tuple[int, int, int], object] = {}

    def show_rows(self, rows: Sequence[PersonRow]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self._cache.clear()
        self.endResetModel()

    @property
    def people(self) -> tuple[PersonRow, ...]:
        return self._rows

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.NAME: tr("Họ và tên", "Full name"),
            Column.SEX: tr("Giới", "Sex"),
            Column.BIRTH: tr("Ngày sinh", "Born"),
            Column.VILLAGE: tr("Thôn/bản", "Village"),
            Column.IDS: tr("Giấy tờ", "Papers"),
            Column.LAST_EXAM: tr("Khám gần nhất", "Last seen"),
            Column.SYNC: tr("Trạng thái", "State"),
        }[Column(section)]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        key = (index.row(), index.column(), role)
        if key not in self._cache:
            self._cache[key] = self._cell(self._rows[index.row()], Column(index.column()), role)
        return self._cache[key]

    def _cell(self, row: PersonRow, column: Column, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _shown(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return describe(row) if column is Column.NAME else _shown(row, column)
            case Qt.ItemDataRole.DecorationRole:
                return _decoration(row, column)
            case _ if role == RowIdRole:
                return row.id
            case _ if role == PersonRole:
                return row
            case _ if role == SortRole:
                return _sort_key(row, column)
            case _:
                return None


def describe(row: PersonRow) -> str:
    """One spoken line about a person, for screen readers and the search box."""
    parts = [
        row.full_name, sex_text(row.sex), birth_text(row.birth_date), row.village, last4_text(row),
        last_exam_text(row), say(SYNC_LABELS[row.sync]),
    ]  # fmt: skip
    return ", ".join(p for p in parts if p)


def _shown(row: PersonRow, column: Column) -> str:
    match column:
        case Column.NAME:
            return row.full_name
        case Column.SEX:
            return sex_text(row.sex)
        case Column.BIRTH:
            return birth_text(row.birth_date)
        case Column.VILLAGE:
            return row.village
        case Column.IDS:
            return last4_text(row)
        case Column.LAST_EXAM:
            return date_text(row.last_exam)
        case Column.SYNC:
            return say(SYNC_LABELS[row.sync])


def _decoration(row: PersonRow, column: Column) -> QIcon | None:
    if column is not Column.SYNC:
        return None
    tone, name = SYNC_LOOK[row.sync]
    return icon(name, tone_tokens(tone)[1])


def _sort_key(row: PersonRow, column: Column) -> str:
    match column:
        case Column.NAME:
            return name_sort_key(row.full_name)
        case Column.BIRTH:
            return row.birth_date
        case Column.LAST_EXAM:
            return row.last_exam.isoformat() if row.last_exam else ""
        case _:
            return fold(_shown(row, column))
