"""The outbox as rows: what is queued, sent, acknowledged or rejected, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from app.domain.outbox import SYNC_LABELS, OutboxEntry, OutboxState, SyncState
from app.domain.records import RecordKind
from forms.text import Text, fold
from ui.i18n import count_text, say, size_text, tr
from ui.icons import icon
from ui.pieces.chip import SYNC_LOOK, tone_tokens
from ui.pieces.data_table import RowIdRole, SortRole
from ui.pieces.person_text import moment_text

AnyIndex = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()

STATES: dict[OutboxState, SyncState] = {
    OutboxState.PENDING: SyncState.HERE,
    OutboxState.SENDING: SyncState.SENDING,
    OutboxState.UNKNOWN: SyncState.UNKNOWN,
    OutboxState.ACKNOWLEDGED: SyncState.ACKNOWLEDGED,
    OutboxState.REJECTED: SyncState.REJECTED,
    OutboxState.SUPERSEDED: SyncState.HERE,
}
_SUPERSEDED = Text("Đã có bản mới hơn", "Replaced by a newer one")
_EXPLAINED: dict[OutboxState, Text] = {
    OutboxState.PENDING: Text("Chờ gửi", "Waits to be sent"),
    OutboxState.SENDING: Text("Đang gửi", "Being sent"),
    OutboxState.UNKNOWN: Text(
        "Đã gửi nhưng chưa nghe trả lời. Máy sẽ tự hỏi lại, không gửi trùng.",
        "Sent, answer lost. It will be asked about; nothing is sent twice.",
    ),
    OutboxState.ACKNOWLEDGED: Text("Cổng đã nhận", "The portal has it"),
    OutboxState.REJECTED: Text("Cổng từ chối", "The portal rejected it"),
    OutboxState.SUPERSEDED: _SUPERSEDED,
}
_KINDS = {
    RecordKind.PERSON: Text("Hành chính (A)", "Part A"),
    RecordKind.EXAM: Text("Lần khám (D)", "Examination (D)"),
}


class Column(IntEnum):
    STATE = 0
    PERSON = 1
    WHAT = 2
    QUEUED = 3
    ATTEMPTS = 4
    SIZE = 5
    RECEIPT = 6
    ANSWER = 7


def kind_text(entry: OutboxEntry) -> str:
    return tr("{what}, bản {n}", "{what}, rev. {n}", what=say(_KINDS[entry.kind]), n=entry.revision)


def state_text(entry: OutboxEntry) -> str:
    return say(_SUPERSEDED if entry.state is OutboxState.SUPERSEDED else SYNC_LABELS[STATES[entry.state]])


def answer_text(entry: OutboxEntry) -> str:
    """The last answer in words; the portal's own words about a rejection."""
    if entry.last_message and entry.state is not OutboxState.ACKNOWLEDGED:
        return entry.last_message
    words = say(_EXPLAINED[entry.state])
    if entry.last_code and entry.state in (OutboxState.PENDING, OutboxState.REJECTED):
        return tr(
            "{words} (trả lời trước: {code})",
            "{words} (last answer: {code})",
            words=words,
            code=entry.last_code,
        )
    return words


class QueueModel(QAbstractTableModel):
    """Frozen outbox entries; `show_entries` replaces them all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[OutboxEntry, ...] = ()
        self._now: datetime | None = None
        self._cache: dict[tuple[int, int, int], object] = {}

    def show_entries(self, entries: Sequence[OutboxEntry], now: datetime) -> None:
        self.beginResetModel()
        self._entries = tuple(entries)
        self._now = now
        self._cache.clear()
        self.endResetModel()

    def entry(self, seq: str) -> OutboxEntry | None:
        return next((e for e in self._entries if str(e.seq) == seq), None)

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.STATE: tr("Trạng thái", "State"),
            Column.PERSON: tr("Họ và tên", "Full name"),
            Column.WHAT: tr("Phiếu", "Record"),
            Column.QUEUED: tr("Vào hàng", "Queued"),
            Column.ATTEMPTS: tr("Lần gửi", "Tries"),
            Column.SIZE: tr("Cỡ", "Size"),
            Column.RECEIPT: tr("Biên nhận", "Receipt"),
            Column.ANSWER: tr("Trả lời của cổng", "Answer"),
        }[Column(section)]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        key = (index.row(), index.column(), role)
        if key not in self._cache:
            self._cache[key] = self._cell(self._entries[index.row()], Column(index.column()), role)
        return self._cache[key]

    def _cell(self, entry: OutboxEntry, column: Column, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._shown(entry, column)
            case Qt.ItemDataRole.ToolTipRole:
                return answer_text(entry) if column is Column.ANSWER else None
            case Qt.ItemDataRole.DecorationRole:
                return _decoration(entry) if column is Column.STATE else None
            case _ if role == RowIdRole:
                return str(entry.seq)
            case _ if role == SortRole:
                return self._sort_key(entry, column)
            case _:
                return None

    def _shown(self, entry: OutboxEntry, column: Column) -> str:
        match column:
            case Column.STATE:
                return state_text(entry)
            case Column.PERSON:
                return entry.person_name
            case Column.WHAT:
                return kind_text(entry)
            case Column.QUEUED:
                return moment_text(entry.queued_at, self._now or entry.queued_at)
            case Column.ATTEMPTS:
                return count_text(entry.attempts)
            case Column.SIZE:
                return size_text(entry.message_bytes) if entry.message_bytes else ""
            case Column.RECEIPT:
                return entry.receipt
            case Column.ANSWER:
                return answer_text(entry)

    def _sort_key(self, entry: OutboxEntry, column: Column) -> object:
        match column:
            case Column.QUEUED:
                return entry.seq
            case Column.ATTEMPTS:
                return entry.attempts
            case Column.SIZE:
                return entry.message_bytes
            case _:
                return fold(self._shown(entry, column))


def _decoration(entry: OutboxEntry) -> QIcon:
    tone, name = SYNC_LOOK[STATES[entry.state]]
    return icon(name, tone_tokens(tone)[1])
