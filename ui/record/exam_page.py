"""One examination on the screen: entered, corrected with a reason, or read as it was finished."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.domain.people import PersonRecord
from app.domain.records import Draft, Record, RecordKind, RecordStatus, Saved
from app.errors import AppError, RuleViolation
from app.services import drafts, exams
from forms.model import Context
from ui.entry.board import EntryBoard
from ui.entry.draft_keeper import DraftKeeper
from ui.entry.finish import NOT_SAVED_BY_FAULT, FinishBar, FinishGate, bind_finish
from ui.entry.form_state import VITALS_LINE, FormState
from ui.entry.head import FormHead
from ui.i18n import language, say, tr
from ui.keyboard import bind, with_key
from ui.pieces.buttons import icon_button, primary_button, quiet_button, secondary_button
from ui.pieces.chip import Chip
from ui.pieces.labels import label
from ui.pieces.layouts import column, page, row, scrolled, set_margins
from ui.record.exam_sheet import ExamSheet
from ui.record.normal_findings import NORMAL_FINDINGS, missing_normals, sentence_for
from ui.record.record_text import iso_shown, previous_exam, status_chip_of
from ui.services import Services
from ui.theme import theme

_DATE_WIDTH = 112
_REASON_WIDTH = 320
_SLOW_MS = 300


class ExamPage(QWidget):
    """Signals:
    finished(Saved): durable in the store.
    left(): back to the list; a draft is kept.
    discarded(Draft): the draft was thrown away; `restore` of it brings it back.
    amend_requested(str): correct this examination.
    error_requested(str): this examination was entered by mistake.
    print_requested(): of the examination shown.
    """

    finished = Signal(object)
    left = Signal()
    discarded = Signal(object)
    amend_requested = Signal(str)
    error_requested = Signal(str)
    print_requested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        ctx = services.ctx
        part = ctx.form.part(RecordKind.EXAM)
        self.board = EntryBoard(part, parent=self)
        self.board.templates = NORMAL_FINDINGS
        self.sheet = ExamSheet(part, self.board)
        self.bar = FinishBar()
        self.gate = FinishGate(self.board, self.bar, self)
        self.keeper = DraftKeeper(services.runner, partial(drafts.save_draft, ctx), self)
        self._record: Record | None = None
        self._entering = False
        self._saving = False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(self._on_slow)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.date = self.board.block("exam_date", mode="inline", compact=True, label_width=0)
        self.date.hide_caption()
        self.date.editor.setFixedWidth(theme().px(_DATE_WIDTH))
        self.kept = Chip("", "neutral", "draft")
        self.state_chip = Chip()
        self._back = icon_button(
            "back", tr("Về danh sách khám (Esc)", "Back to the list (Esc)"), self.left.emit
        )
        self._back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.discard_button: QPushButton = quiet_button(tr("Bỏ nháp", "Discard the draft"), self.discard)
        self.finish_button: QPushButton = primary_button(
            with_key(tr("Hoàn tất", "Finish"), "finish"), self.gate.ask
        )
        self.finish_button.setAutoDefault(True)
        self.amend_button: QPushButton = secondary_button(
            tr("Sửa có lý do", "Correct with a reason"), self._on_amend, "amend"
        )
        self.error_button: QPushButton = quiet_button(tr("Ghi nhầm…", "Entered by mistake…"), self._on_error)
        self.print_button: QPushButton = secondary_button(
            with_key(tr("In", "Print"), "print"), self.print_requested.emit, "print"
        )
        title = label(tr("D. Khám ngày", "D. Examined on"), "section")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(
            tr("vì sao sửa, ví dụ: gõ nhầm huyết áp", "why, for example: blood pressure mistyped")
        )
        self._reason_row = QWidget()
        caption = label(tr("Lý do sửa", "Reason"), "label")
        caption.setBuddy(self.reason)
        self.reason.setAccessibleName(caption.text())
        self._reason_row.setLayout(row(caption, self.reason, spacing=8))
        self.reason.setMinimumWidth(theme().px(_REASON_WIDTH))
        self.head = FormHead(
            [self._back, title, self.date],
            [self.kept, self.state_chip, self._reason_row],
            [
                self.error_button,
                self.amend_button,
                self.print_button,
                self.discard_button,
                self.finish_button,
            ],
        )
        content = QWidget()
        content.setLayout(column(self.sheet, spacing=0, margins=2))
        self.area = scrolled(content)
        box = column(self.head, self.bar, self.area, spacing=4)
        box.setStretch(2, 1)
        outer = page(box)
        set_margins(outer, (16, 4, 16, 4))
        self.setLayout(outer)
        # With every button of both modes shown the hidden page would be wider than the screen at 150 %.
        self._show_actions()
        for unused in (self.kept, self._reason_row):
            unused.hide()

    def _connect(self) -> None:
        self.board.typed.connect(self.keeper.note_change)
        self.board.template_requested.connect(self.normal_here)
        self.board.focus_moved.connect(self._on_focus_moved)
        self.board.edge_reached.connect(self._on_edge_reached)
        self.keeper.saved.connect(self._on_draft_saved)
        self.keeper.failed.connect(self._on_draft_failed)
        self.gate.passed.connect(self._on_gate_passed)
        self.sheet.all_normal_requested.connect(self.fill_normal)
        bind_finish(self, self._on_finish_key)
        bind(self, "keep-draft", self._on_keep_draft)
        bind(self, "all-normal", self.fill_normal)
        self.sheet.chain_tab_order()
        QWidget.setTabOrder(self.reason, self.date.editor.focusProxy() or self.date.editor)

    # Opening

    @property
    def entering(self) -> bool:
        return self._entering

    @property
    def record(self) -> Record | None:
        """The finished examination that is shown or corrected."""
        return self._record

    @property
    def state(self) -> FormState:
        return self.board.state

    def enter(self, draft: Draft, person: PersonRecord) -> None:
        """Go on with a draft, new or found after a crash: text and caret are where they were."""
        self._record = next((e for e in person.exams if e.id == draft.record_id), None)
        self._entering = True
        resumed = draft.updated_at is not None
        self._bind(draft, person, read_only=False)
        self.reason.clear()
        self._reason_row.setVisible(bool(draft.base_revision))
        self.kept.setVisible(resumed)
        if draft.updated_at is not None:
            self._show_kept(draft)
        self._show_actions()
        self.keeper.start(self._snapshot)
        if not (resumed and draft.focus and self.board.go_to(draft.focus, resume=True)):
            self.board.go_to(VITALS_LINE, resume=True)

    def read(self, record: Record, person: PersonRecord) -> None:
        """Show a finished examination; nothing can be changed here."""
        self.keeper.stop()
        self._record = record
        self._entering = False
        shown = Draft(
            id="", kind=RecordKind.EXAM, record_id=record.id, person_id=record.person_id,
            base_revision=record.revision, answers=record.answers,
        )  # fmt: skip
        self._bind(shown, person, read_only=True)
        self._reason_row.hide()
        self.kept.hide()
        self._show_actions()
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bind(self, draft: Draft, person: PersonRecord, *, read_only: bool) -> None:
        ctx = self._services.ctx
        previous = previous_exam(person, draft)
        on = iso_shown(previous.answers.get("exam_date")) if previous is not None else ""
        before = previous.answers if previous is not None else {}
        state = FormState(
            form=ctx.form,
            part=self.board.part,
            draft=draft,
            context=Context(today=ctx.clock.now().date(), person=person.person.answers),
            language=language(),
            previous=before,
            acknowledged=self._record.acknowledged if self._record is not None else (),
        )
        self.bar.clear()
        self._end_saving()
        self.board.bind(state, previous_on=on, read_only=read_only)
        self.sheet.open(before, on, read_only=read_only)
        self.area.verticalScrollBar().setValue(0)

    def _show_actions(self) -> None:
        entering, record = self._entering, self._record
        wrong = record is not None and record.status is RecordStatus.ENTERED_IN_ERROR
        wanted = {
            self.discard_button: entering,
            self.finish_button: entering,
            self.amend_button: not entering and not wrong,
            self.error_button: not entering and not wrong,
            self.print_button: not entering,
        }
        # Hide before showing: both sets at once would push the window wider than the screen at 150 %.
        for button, shown_now in sorted(wanted.items(), key=lambda item: item[1]):
            button.setVisible(shown_now)
        shown = status_chip_of(record) if record is not None else None
        self.state_chip.setVisible(shown is not None)
        if shown is not None:
            self.state_chip.set(*shown)
        self.head.fit()

    # Leaving

    def _snapshot(self) -> Draft | None:
        return self.state.draft(self.board.current) if self._entering else None

    def flush(self) -> None:
        """Queue what is typed and not kept yet."""
        self.keeper.save_now()

    def close_page(self) -> None:
        """The page goes out of sight; the draft stays in the store."""
        self.flush()
        self.keeper.stop()
        self._entering = False

    def back(self) -> bool:
        """Esc: first the question in the way of finishing, then the page itself."""
        if not self.bar.isHidden():
            self.gate.back_to_field()
            return True
        return False

    @Slot()
    def discard(self) -> None:
        """Throw the draft away; the caller offers to take that back."""
        if not self._entering or self._saving:
            return
        self.board.commit()
        draft = self.state.draft(self.board.current)
        self.keeper.stop()
        self._entering = False
        work = partial(drafts.discard_draft, self._services.ctx, draft.id)
        self._services.runner.run(self, work).then(self._services.bridge.publish)
        self.discarded.emit(draft)

    # Finishing

    @Slot()
    def _on_finish_key(self) -> None:
        if self._entering and not self._saving:
            self.gate.ask()

    @Slot()
    def _on_gate_passed(self) -> None:
        draft = self.state.draft()
        if draft.base_revision and not self.reason.text().strip():
            self.bar.show_problem(
                tr(
                    "Ghi lý do sửa rồi bấm Ctrl+Enter. Nội dung vừa sửa vẫn còn nguyên.",
                    "Write the reason, then press Ctrl+Enter. What you changed is still here.",
                )
            )
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._begin_saving()
        work = partial(
            exams.finalise_exam, self._services.ctx, draft, self.state.acknowledged, self.reason.text()
        )
        self._services.runner.run(self, work).then(self._on_finalised, self._on_not_finalised)

    def _begin_saving(self) -> None:
        """Nothing can be typed while it is saved; a quick save does not make the sheet flicker."""
        self._saving = True
        self.keeper.stop()
        self.finish_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._slow.start()

    def _end_saving(self) -> None:
        self._saving = False
        self._slow.stop()
        self.sheet.setEnabled(True)
        self.date.setEnabled(True)

    @Slot()
    def _on_slow(self) -> None:
        self.sheet.setEnabled(False)
        self.date.setEnabled(False)
        self.bar.show_note(tr("Đang ghi…", "Saving…"))

    @Slot(object)
    def _on_finalised(self, saved: Saved) -> None:
        self._end_saving()
        self._entering = False
        self.finished.emit(saved)

    def _on_not_finalised(self, problem: Exception) -> None:
        self._end_saving()
        self.keeper.start(self._snapshot)
        self.keeper.note_change()
        if isinstance(problem, RuleViolation):
            self.gate.reject(problem, problem.findings)
        elif isinstance(problem, AppError):
            self.gate.reject(problem)
        else:
            self.bar.show_problem(say(NOT_SAVED_BY_FAULT))
            self._services.runner.failed.emit(problem)

    # Keeping

    @Slot()
    def _on_keep_draft(self) -> None:
        if self._entering:
            self.keeper.note_change()
            self.keeper.save_now()

    @Slot(object)
    def _on_draft_saved(self, draft: Draft) -> None:
        if self._entering and draft.id == self.state.draft().id:
            self.bar.clear_draft_problem()
            self._show_kept(draft)

    def _show_kept(self, draft: Draft) -> None:
        if draft.updated_at is not None:
            words = tr("Nháp lưu {time}", "Draft kept {time}", time=f"{draft.updated_at:%H:%M:%S}")
            self.kept.set(words, "neutral", "draft")
            self.kept.show()
            self.head.fit()

    def _on_draft_failed(self, problem: Exception) -> None:
        if not self._entering:
            return
        self.kept.set(tr("Nháp chưa lưu được", "Draft not kept"), "danger", "error")
        self.kept.show()
        if isinstance(problem, AppError):
            self.bar.show_draft_problem(say(problem.text))
        else:
            self._services.runner.failed.emit(problem)

    # Small things

    @Slot()
    def fill_normal(self) -> None:
        """Ctrl+B: the normal sentence into every empty finding, then on to the conclusion."""
        if not self._entering:
            return
        self.board.commit()
        wanted = missing_normals(self.state)
        if wanted:
            self.state.set_values(wanted, focus=self.board.current)
            self.board.typed.emit()
        self.board.go_to("diagnoses")

    @Slot(str)
    def normal_here(self, key: str) -> None:
        """The normal sentence into one field; taken out again if it stands there unchanged."""
        sentence = sentence_for(self.state, key)
        if sentence and self._entering:
            self.board.commit()
            self.state.set_value(key, None if self.state.value(key) == sentence else sentence)
            self.board.typed.emit()
            self.board.go_to(key, resume=True)

    @Slot(str)
    def _on_focus_moved(self, key: str) -> None:
        editor = self.board.editor(key)
        if editor is not None and self.area.isAncestorOf(editor):
            self.area.ensureWidgetVisible(editor, 0, theme().px(40))

    @Slot(int)
    def _on_edge_reached(self, step: int) -> None:
        if step > 0 and self._entering:
            self.finish_button.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _on_amend(self) -> None:
        if self._record is not None:
            self.amend_requested.emit(self._record.id)

    @Slot()
    def _on_error(self) -> None:
        if self._record is not None:
            self.error_requested.emit(self._record.id)
