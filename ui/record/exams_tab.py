"""Tab D: the examinations so far, and what was left unfinished."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.people import PersonRecord
from app.domain.records import Draft, Record, RecordKind
from ui.bridge import NoticeKind
from ui.i18n import tr
from ui.keyboard import key_text, with_key
from ui.pieces.banner import Banner, EmptyState
from ui.pieces.data_table import DataTable
from ui.pieces.layouts import column, frame, page
from ui.pieces.person_text import moment_text
from ui.record.exam_list import ExamColumn, ExamListModel
from ui.services import Services


class ExamsTab(QWidget):
    """Signals:
    exam_opened(str): read this examination.
    exam_requested(): begin a new one.
    draft_requested(Draft): go on with this draft.
    """

    exam_opened = Signal(str)
    exam_requested = Signal()
    draft_requested = Signal(object)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._draft: Draft | None = None
        self._model = ExamListModel(self)
        empty = EmptyState(
            "exam",
            tr("Chưa khám lần nào", "Not examined yet"),
            tr(
                "Bấm {key} để khám lần đầu.",
                "Press {key} for the first examination.",
                key=key_text("new-exam"),
            ),
            with_key(tr("Khám mới", "New examination"), "new-exam"),
        )
        self.table = DataTable(
            "exams",
            self._model,
            empty,
            widths={
                ExamColumn.DATE: 112,
                ExamColumn.PRESSURE: 92,
                ExamColumn.EXAMINER: 170,
                ExamColumn.STATE: 200,
            },
            stretch=ExamColumn.DIAGNOSES,
            first_to_go=(ExamColumn.EXAMINER, ExamColumn.PRESSURE),
        )
        self.unfinished = Banner()
        card = frame("card", column(self.table, margins=(1, 1, 1, 1)))
        box = column(self.unfinished, card, spacing=8)
        box.setStretch(1, 1)
        self.setLayout(page(box))
        self.table.row_opened.connect(self.exam_opened)
        self.table.empty_action_requested.connect(self.exam_requested)
        self.unfinished.action_requested.connect(self._on_resume)

    @property
    def rows(self) -> int:
        return self.table.rows

    @property
    def current_exam(self) -> Record | None:
        """The marked line; the newest examination if none is marked."""
        return self._model.exam(self.table.current_id) if self.table.current_id else None

    def show_record(self, record: PersonRecord, *, select: str = "") -> None:
        kept = select or self.table.current_id
        self._model.show_record(record)
        if not self.table.select(kept):
            self.table.select_first()
        self._draft = next((d for d in record.drafts if d.kind is RecordKind.EXAM), None)
        if self._draft is None:
            self.unfinished.clear()
            return
        now = self._services.ctx.clock.now()
        at = self._draft.updated_at
        when = moment_text(at, now) if at is not None else ""
        words = (
            tr(
                "Đang sửa dở một lần khám, nháp lưu {time}.",
                "A correction is unfinished, kept {time}.",
                time=when,
            )
            if self._draft.base_revision
            else tr(
                "Có lần khám đang ghi dở, nháp lưu {time}.",
                "An examination is unfinished, kept {time}.",
                time=when,
            )
        )
        go_on = tr("Ghi tiếp", "Go on")
        action = go_on if self._draft.base_revision else with_key(go_on, "new-exam")
        self.unfinished.show_text(words, NoticeKind.WARN, action)

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_resume(self) -> None:
        if self._draft is not None:
            self.draft_requested.emit(self._draft)
