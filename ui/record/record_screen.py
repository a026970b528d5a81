"""The record of one person: banner, part A, the examinations, and the one being entered."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.domain.people import PersonRecord
from app.domain.records import ChangeSet, Draft, RecordKind, RecordStatus, Saved
from app.errors import AppError, NotFound
from app.services import exams, people
from forms.text import Text
from ui.bridge import Notice, NoticeKind
from ui.entry.look import entry_sheet
from ui.i18n import say, tr
from ui.keyboard import Scope, bind
from ui.pieces.banner import Banner
from ui.pieces.layouts import column, page, row, set_margins
from ui.record.banner import PersonBanner
from ui.record.discarding import offer_undo
from ui.record.exam_page import ExamPage
from ui.record.exams_tab import ExamsTab
from ui.record.mistake_panel import MistakePanel
from ui.record.person_form import PersonForm
from ui.record.print_panel import PrintPanel
from ui.record.record_text import iso_shown
from ui.screen import Screen
from ui.services import Services
from ui.start.paper import PaperWay, SystemPaper

_TAB_PERSON, _TAB_EXAMS = 0, 1


class RecordScreen(Screen):
    """Signals:
    saved(str): something of this person was saved.
    """

    saved = Signal(str)
    scopes = (Scope.RECORD, Scope.LIST, Scope.ENTRY, Scope.EXAM)

    def __init__(self, services: Services, paper: PaperWay | None = None) -> None:
        super().__init__()
        self.setStyleSheet(entry_sheet())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", "none")
        self._services = services
        self._person_id = ""
        self._record: PersonRecord | None = None
        self._stale = False
        self._opening = False
        self._resume: Draft | None = None
        self._shown_after = ""
        self._exam: ExamPage | None = None
        self._person: PersonForm | None = None
        self.banner = PersonBanner(services)
        self.note = Banner()
        self.tabs = QTabBar()
        self.exams_tab = ExamsTab(services)
        self._tab_stack = QStackedWidget()
        self._stack = QStackedWidget()
        self._lay_out()
        self.printing = PrintPanel(self, services, paper or SystemPaper())
        self.mistake = MistakePanel(self)
        self._connect()

    def _lay_out(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.addTab(tr("A  Hành chính", "A  Administrative"))
        self.tabs.addTab(tr("D  Khám", "D  Examinations"))
        self.tabs.setCurrentIndex(_TAB_EXAMS)
        self._person_place = QWidget()
        self._person_box = column(spacing=0)
        outer = page(self._person_box)
        set_margins(outer, (16, 8, 16, 8))
        self._person_place.setLayout(outer)
        self._tab_stack.addWidget(self._person_place)
        self._tab_stack.addWidget(self.exams_tab)
        self._tab_stack.setCurrentIndex(_TAB_EXAMS)
        tabbed = QWidget()
        box = QVBoxLayout(tabbed)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        strip = page(row(self.tabs, None))
        set_margins(strip, (4, 0, 16, 0))
        box.addLayout(strip)
        box.addWidget(self._tab_stack, 1)
        self._stack.addWidget(tabbed)
        whole = column(self.banner, self.note, self._stack, spacing=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.banner.exam_requested.connect(self.start_exam)
        self.banner.print_requested.connect(self.print_form)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.exams_tab.exam_opened.connect(self.read_exam)
        self.exams_tab.exam_requested.connect(self.start_exam)
        self.exams_tab.draft_requested.connect(self.resume)
        self.mistake.confirmed.connect(self._on_mistake_confirmed)
        self.new_exam_key = bind(self, "new-exam", self.start_exam)
        bind(self, "print", self.print_form)
        bind(self, "tab-1", self._on_tab_1)
        bind(self, "tab-2", self._on_tab_2)

    # Parts that are made when first needed

    @property
    def exam(self) -> ExamPage:
        if self._exam is None:
            page = ExamPage(self._services)
            page.finished.connect(self._on_exam_finished)
            page.left.connect(self.leave_exam)
            page.discarded.connect(self._on_exam_discarded)
            page.amend_requested.connect(self._on_amend_requested)
            page.error_requested.connect(self._on_error_requested)
            page.print_requested.connect(self.print_form)
            self._stack.addWidget(page)
            self._exam = page
        return self._exam

    @property
    def person(self) -> PersonForm:
        if self._person is None:
            title = tr("A. Phần thông tin hành chính", "A. Administrative information")
            form = PersonForm(self._services, title)
            form.saved.connect(self._on_person_saved)
            form.discarded.connect(self._on_person_discarded)
            self._person_box.addWidget(form)
            self._person = form
        return self._person

    @property
    def in_exam(self) -> bool:
        return self._exam is not None and self._stack.currentWidget() is self._exam

    @property
    def record(self) -> PersonRecord | None:
        return self._record

    # Screen

    def open_person(self, person_id: str) -> None:
        """Show this person's record; work left unfinished today is gone on with."""
        self._leave_all()
        self._person_id = person_id
        self._record = None
        self._opening = True
        self._resume = None
        self.setEnabled(True)
        self.tabs.setCurrentIndex(_TAB_EXAMS)
        self._load()

    @Slot(object)
    def resume(self, draft: Draft) -> None:
        """Go on with a draft of this person where it was left."""
        if self._record is None or self._record.row.id != draft.person_id:
            self.open_person(draft.person_id)
            self._resume = draft
        elif draft.kind is RecordKind.EXAM:
            self._enter(draft)
        else:
            self.tabs.setCurrentIndex(_TAB_PERSON)

    def activate(self) -> None:
        if self._stale:
            self._load()
        self._put_focus()

    def back(self) -> bool:
        for panel in (self.printing, self.mistake):
            if not panel.isHidden():
                panel.close_panel()
                return True
        if self.in_exam:
            if not self.exam.back():
                self.leave_exam()
            return True
        on_person = self.tabs.currentIndex() == _TAB_PERSON
        if on_person and self._person is not None and self._person.opened and self._person.back():
            return True
        if on_person:
            self.tabs.setCurrentIndex(_TAB_EXAMS)
        return on_person

    def flush_drafts(self) -> None:
        if self._exam is not None:
            self._exam.flush()
        if self._person is not None:
            self._person.flush()

    def has_unsaved(self) -> bool:
        keepers = [part.keeper for part in (self._exam, self._person) if part is not None]
        return any(keeper.unsaved for keeper in keepers)

    def apply_changes(self, changes: ChangeSet) -> None:
        if not self._person_id or (changes.person_ids and self._person_id not in changes.person_ids):
            return
        if self.isVisible():
            self._load()
        else:
            self._stale = True

    # Loading

    def _load(self) -> None:
        self._stale = False
        work = partial(people.open_person, self._services.ctx, self._person_id)
        self._services.runner.run(self, work).then(self._on_loaded, self._on_not_loaded)

    @Slot(object)
    def _on_loaded(self, record: PersonRecord) -> None:
        if record.row.id != self._person_id:
            return
        first, self._opening = self._opening, False
        self._record = record
        self.note.clear()
        self.banner.show_person(record)
        self.exams_tab.show_record(record, select=self._shown_after)
        self._shown_after = ""
        count = sum(1 for e in record.exams if e.status is not RecordStatus.ENTERED_IN_ERROR)
        self.tabs.setTabText(_TAB_EXAMS, tr("D  Khám ({n})", "D  Examinations ({n})", n=count))
        if self._person is not None and not self._person.touched:
            self._fill_person()
        wanted = self._resume or (self._left_today(record) if first else None)
        self._resume = None
        if wanted is not None:
            self.resume(wanted)
        elif first:
            self._put_focus()
            # Building the sheet takes longer than a key press may: do it while the nurse reads.
            QTimer.singleShot(0, self, self._prepare)

    @Slot()
    def _prepare(self) -> None:
        self.exam  # noqa: B018 # made by being asked for

    def _left_today(self, record: PersonRecord) -> Draft | None:
        today = self._services.ctx.clock.now().date()
        for draft in record.drafts:
            new_exam = draft.kind is RecordKind.EXAM and not draft.base_revision
            if new_exam and draft.updated_at is not None and draft.updated_at.date() == today:
                return draft
        return None

    def _on_not_loaded(self, problem: Exception) -> None:
        self._opening = False
        if not isinstance(problem, AppError):
            self._services.runner.failed.emit(problem)
            return
        self.note.show_problem(problem)
        if isinstance(problem, NotFound):
            self._person_id = ""

    def _fill_person(self) -> None:
        record = self._record
        if record is None:
            return
        kept = [d for d in record.drafts if d.kind is RecordKind.PERSON]
        draft = kept[0] if kept else self._correction_of(record)
        self.person.open(draft, acknowledged=record.person.acknowledged)

    def _correction_of(self, record: PersonRecord) -> Draft:
        return Draft(
            id=self._services.ctx.new_id(),
            kind=RecordKind.PERSON,
            record_id=record.row.id,
            person_id=record.row.id,
            base_revision=record.person.revision,
            answers=record.person.answers,
        )

    def _put_focus(self, person_target: str = "") -> None:
        if self.in_exam:
            if self.exam.entering:
                self.exam.board.go_to(self.exam.board.current, resume=True)
            return
        if self._record is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.tabs.currentIndex() == _TAB_EXAMS:
            self.exams_tab.take_focus()
        else:
            self.person.board.go_to(person_target or self._person_target())

    # Tabs

    @Slot()
    def _on_tab_1(self) -> None:
        self._go_to_tab(_TAB_PERSON)

    @Slot()
    def _on_tab_2(self) -> None:
        self._go_to_tab(_TAB_EXAMS)

    def _go_to_tab(self, tab: int) -> None:
        self.leave_exam()
        self.tabs.setCurrentIndex(tab)

    @Slot(int)
    def _on_tab_changed(self, tab: int) -> None:
        if tab == _TAB_PERSON and self._record is not None:
            if not self.person.touched or self.person.state.draft().person_id != self._person_id:
                self._fill_person()
        elif self._person is not None:
            self._person.flush()
        # Changing the page moves the focus to its first field by itself: ask before where it belongs.
        target = self._person_target()
        self._tab_stack.setCurrentIndex(tab)
        if self.isVisible() and self._record is not None:
            self._put_focus(target)

    def _person_target(self) -> str:
        current = self._person.board.current if self._person is not None else ""
        return current or "full_name"

    # Examinations

    @Slot()
    def start_exam(self) -> None:
        """F4: a new examination, or the one left unfinished."""
        if self._record is None or (self.in_exam and self.exam.entering):
            return
        work = partial(exams.begin_exam, self._services.ctx, self._person_id)
        self._services.runner.run(self, work).then(self._enter, self._on_refused)

    @Slot(str)
    def read_exam(self, exam_id: str) -> None:
        record = self._record
        exam = next((e for e in record.exams if e.id == exam_id), None) if record is not None else None
        if record is not None and exam is not None:
            self.exam.read(exam, record)
            self._show_exam()

    @Slot(str)
    def _on_amend_requested(self, exam_id: str) -> None:
        work = partial(exams.begin_amendment, self._services.ctx, exam_id)
        self._services.runner.run(self, work).then(self._enter, self._on_refused)

    def _enter(self, draft: Draft) -> None:
        record = self._record
        if record is None or draft.person_id != record.row.id:
            return
        if self._person is not None:
            self._person.flush()
        self._stack.setCurrentWidget(self.exam)
        self.exam.enter(draft, record)
        self._show_exam()

    def _show_exam(self) -> None:
        self._stack.setCurrentWidget(self.exam)
        self.banner.set_entering(True)

    @Slot()
    def leave_exam(self) -> None:
        """Back to the list; what is typed stays as a draft."""
        if not self.in_exam:
            return
        entering = self.exam.entering
        self.exam.close_page()
        self._stack.setCurrentIndex(0)
        self.banner.set_entering(False)
        if entering:
            self._load()
        self._put_focus()

    def _leave_all(self) -> None:
        self.flush_drafts()
        for panel in (self.printing, self.mistake):
            panel.close_panel()
        if self.in_exam:
            self.exam.close_page()
            self._stack.setCurrentIndex(0)
            self.banner.set_entering(False)

    @Slot(object)
    def _on_exam_finished(self, saved: Saved) -> None:
        day = iso_shown(saved.record.answers.get("exam_date"))
        amended = saved.record.status is RecordStatus.AMENDED
        words = (
            Text(f"Đã sửa lần khám {day}.", f"Examination of {day} corrected.")
            if amended
            else Text(f"Đã ghi lần khám {day}.", f"Examination of {day} saved.")
        )
        self._shown_after = saved.record.id
        self._done(saved, words)
        self.leave_exam()

    def _done(self, saved: Saved, words: Text) -> None:
        self._services.bridge.publish(saved.changes)
        self._services.bridge.notify(Notice(text=words))
        self._load()
        self.saved.emit(saved.record.person_id)

    @Slot(object)
    def _on_exam_discarded(self, draft: Draft) -> None:
        offer_undo(self._services, draft, Text("Đã bỏ nháp lần khám.", "The draft was discarded."))
        self._stack.setCurrentIndex(0)
        self.banner.set_entering(False)
        self._load()
        self._put_focus()

    @Slot(str)
    def _on_error_requested(self, exam_id: str) -> None:
        exam = self.exam.record
        if exam is not None and exam.id == exam_id:
            self.mistake.ask(exam)

    @Slot(str, int, str)
    def _on_mistake_confirmed(self, exam_id: str, revision: int, reason: str) -> None:
        work = partial(exams.mark_entered_in_error, self._services.ctx, exam_id, revision, reason)
        self._services.runner.run(self, work).then(self._on_marked, self._on_not_marked)

    @Slot(object)
    def _on_marked(self, saved: Saved) -> None:
        self.mistake.close_panel()
        self._shown_after = saved.record.id
        self._done(saved, Text("Đã đánh dấu ghi nhầm.", "Marked as entered by mistake."))
        self.leave_exam()

    def _on_not_marked(self, problem: Exception) -> None:
        if isinstance(problem, AppError):
            self.mistake.show_problem(problem)
        else:
            self._services.runner.failed.emit(problem)

    # Part A

    @Slot(object)
    def _on_person_saved(self, saved: Saved) -> None:
        self._done(saved, Text("Đã lưu phần hành chính.", "Part A saved."))
        if self._record is not None:
            self.person.keeper.stop()
            self.person.open(
                Draft(
                    id=self._services.ctx.new_id(),
                    kind=RecordKind.PERSON,
                    record_id=saved.record.id,
                    person_id=saved.record.id,
                    base_revision=saved.record.revision,
                    answers=saved.record.answers,
                ),
                acknowledged=saved.record.acknowledged,
            )
        self.tabs.setCurrentIndex(_TAB_EXAMS)

    @Slot(object)
    def _on_person_discarded(self, draft: Draft) -> None:
        offer_undo(self._services, draft, Text("Đã bỏ phần vừa sửa.", "The changes were discarded."))
        if self._record is not None:
            self.person.open(self._correction_of(self._record), acknowledged=self._record.person.acknowledged)
        self._load()
        self.tabs.setCurrentIndex(_TAB_EXAMS)

    # Printing

    @Slot()
    def print_form(self) -> None:
        """F9: part A with the examination that is shown or marked in the list; otherwise part D blank."""
        record = self._record
        if record is None:
            return
        if self.in_exam and self.exam.entering:
            words = Text(
                "Phiếu đang nhập chưa in được. Hoàn tất (Ctrl+Enter) rồi bấm F9.",
                "An unfinished form is not printed. Finish it (Ctrl+Enter), then press F9.",
            )
            self._services.bridge.notify(Notice(text=words, kind=NoticeKind.INFO))
            return
        shown = self.exam.record if self.in_exam else self.exams_tab.current_exam
        wrong = shown is not None and shown.status is RecordStatus.ENTERED_IN_ERROR
        if shown is None or wrong or (not self.in_exam and self.tabs.currentIndex() == _TAB_PERSON):
            about = tr("Phần A đã điền, phần D để trống.", "Part A filled in, part D blank.")
            self.printing.open_for(record.row.id, None, about)
            return
        day = iso_shown(shown.answers.get("exam_date"))
        about = tr("Phần A và lần khám {day}.", "Part A and the examination of {day}.", day=day)
        self.printing.open_for(record.row.id, shown.id, about)

    def _on_refused(self, problem: Exception) -> None:
        if isinstance(problem, AppError):
            self.note.show_text(say(problem.text), NoticeKind.DANGER)
        else:
            self._services.runner.failed.emit(problem)
