"""The examinations of one person: date, blood pressure, diagnoses, examiner, state."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QIcon

from app.domain.outbox import SYNC_LABELS, SyncState
from app.domain.people import PersonRecord
from app.domain.records import Record, RecordKind, RecordStatus
from forms.text import fold
from ui.i18n import language, say, tr
from ui.icons import icon
from ui.pieces.chip import SYNC_LOOK, tone_tokens
from ui.pieces.data_table import RowIdRole, SortRole
from ui.record.record_text import STATUS_WORDS, diagnoses_text, iso_shown, pressure_text
from ui.theme import theme

AnyIndex = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ExamColumn(IntEnum):
    DATE = 0
    PRESSURE = 1
    DIAGNOSES = 2
    EXAMINER = 3
    STATE = 4


class ExamListModel(QAbstractTableModel):
    """Newest first; what was entered by mistake stays in its place, struck through and named so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exams: tuple[Record, ...] = ()
        self._sync: dict[str, SyncState] = {}
        self._in_work: frozenset[str] = frozenset()

    def show_record(self, record: PersonRecord) -> None:
        self.beginResetModel()
        self._exams = record.exams
        self._sync = record.sync
        self._in_work = frozenset(d.record_id for d in record.drafts if d.kind is RecordKind.EXAM)
        self.endResetModel()

    def exam(self, exam_id: str) -> Record | None:
        return next((e for e in self._exams if e.id == exam_id), None)

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._exams)

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(ExamColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            ExamColumn.DATE: tr("Ngày khám", "Date"),
            ExamColumn.PRESSURE: tr("HA", "BP"),
            ExamColumn.DIAGNOSES: tr("Chẩn đoán", "Diagnosis"),
            ExamColumn.EXAMINER: tr("Người khám", "Examiner"),
            ExamColumn.STATE: tr("Trạng thái", "State"),
        }[ExamColumn(section)]

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._exams):
            return None
        exam, column = self._exams[index.row()], ExamColumn(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._shown(exam, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._shown(exam, column) if column is ExamColumn.DIAGNOSES else None
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(exam, column)
            case Qt.ItemDataRole.FontRole:
                return self._font(exam, column)
            case Qt.ItemDataRole.ForegroundRole:
                wrong = exam.status is RecordStatus.ENTERED_IN_ERROR
                return theme().colour("muted") if wrong else None
            case _ if role == RowIdRole:
                return exam.id
            case _ if role == SortRole:
                if column is ExamColumn.DATE:
                    return str(exam.answers.get("exam_date") or "")
                return fold(self._shown(exam, column))
            case _:
                return None

    def _shown(self, exam: Record, column: ExamColumn) -> str:
        answers = exam.answers
        match column:
            case ExamColumn.DATE:
                return iso_shown(answers.get("exam_date"))
            case ExamColumn.PRESSURE:
                return pressure_text(answers)
            case ExamColumn.DIAGNOSES:
                return diagnoses_text(answers, language())
            case ExamColumn.EXAMINER:
                return str(answers.get("examiner") or "")
            case ExamColumn.STATE:
                sent = say(SYNC_LABELS[self._sync.get(exam.id, SyncState.NONE)])
                if exam.id in self._in_work:
                    return tr("Đang sửa dở", "Being corrected")
                if exam.status is RecordStatus.FINAL:
                    return sent
                return f"{say(STATUS_WORDS[exam.status])} · {sent}"

    def _picture(self, exam: Record, column: ExamColumn) -> QIcon | None:
        if column is not ExamColumn.STATE:
            return None
        if exam.id in self._in_work:
            return icon("draft", "warn")
        tone, name = SYNC_LOOK[self._sync.get(exam.id, SyncState.NONE)]
        return icon(name, tone_tokens(tone)[1])

    @staticmethod
    def _font(exam: Record, column: ExamColumn) -> QFont | None:
        if exam.status is not RecordStatus.ENTERED_IN_ERROR or column is ExamColumn.STATE:
            return None
        font = theme().font()
        font.setStrikeOut(True)
        return font
