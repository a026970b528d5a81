"""An examination entered by mistake: it stays readable, stops counting, and the reason is kept."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.domain.records import Record
from app.errors import AppError
from ui.i18n import tr
from ui.pieces.banner import Banner
from ui.pieces.buttons import danger_button
from ui.pieces.labels import label
from ui.pieces.layouts import row
from ui.pieces.side_panel import SidePanel
from ui.record.record_text import iso_shown


class MistakePanel(SidePanel):
    """Signals:
    confirmed(str, int, str): id and revision of the examination, and the reason.
    """

    confirmed = Signal(str, int, str)

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, tr("Ghi nhầm lần khám", "Entered by mistake"))
        self._exam: Record | None = None
        self._words = label("", wrap=True)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(tr("ví dụ: nhầm người", "for example: wrong person"))
        caption = label(tr("Lý do", "Reason"), "label")
        caption.setBuddy(self.reason)
        self.reason.setAccessibleName(caption.text())
        self.reason.returnPressed.connect(self._on_confirm)
        self.note = Banner()
        self.button: QPushButton = danger_button(
            tr("Đánh dấu ghi nhầm", "Mark as entered by mistake"), self._on_confirm
        )
        self.button.setAutoDefault(True)
        for widget in (self._words, caption, self.reason, self.note):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.button, None))
        self.body.addStretch(1)

    def ask(self, exam: Record) -> None:
        self._exam = exam
        self.reason.clear()
        self.note.clear()
        self._words.setText(
            tr(
                "Lần khám {day} vẫn đọc được trong hồ sơ nhưng không tính nữa, và cổng được báo.",
                "The examination of {day} stays readable but no longer counts, and the portal is told.",
                day=iso_shown(exam.answers.get("exam_date")),
            )
        )
        self.open_panel(self.reason)

    def show_problem(self, problem: AppError) -> None:
        self.note.show_problem(problem)

    @Slot()
    def _on_confirm(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self.note.show_text(tr("Ghi lý do trước.", "Write the reason first."))
            self.reason.setFocus()
        elif self._exam is not None:
            self.confirmed.emit(self._exam.id, self._exam.revision, reason)
