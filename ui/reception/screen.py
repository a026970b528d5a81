"""Tiếp đón: today's examinations, unfinished work, and search results as a table."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent

from app.domain.people import SearchResult
from app.domain.records import ChangeKind, ChangeSet
from app.services import searching
from ui.i18n import count_text, tr
from ui.keyboard import Scope, key_text, with_key
from ui.pieces.banner import EmptyState
from ui.pieces.buttons import link_button
from ui.pieces.card import SectionCard
from ui.pieces.data_table import DataTable
from ui.pieces.labels import label
from ui.pieces.layouts import column, page, row, scrolled
from ui.pieces.person_text import date_text
from ui.reception.drafts import DraftList, Unfinished, unfinished
from ui.reception.people_model import Column, PeopleModel
from ui.screen import Screen
from ui.services import Services
from ui.theme import theme

RESULT_LIMIT = 200
_DRAFTS_WIDTH = 300
WIDE = 1250
"""Lists may be wider than a form; this is all of a 1366 px screen."""
_WIDTHS: dict[int, int] = {
    Column.SEX: 72,
    Column.BIRTH: 104,
    Column.VILLAGE: 150,
    Column.IDS: 190,
    Column.LAST_EXAM: 104,
    Column.SYNC: 160,
}
_FIRST_TO_GO = (Column.LAST_EXAM, Column.IDS, Column.SEX, Column.VILLAGE)


class ReceptionScreen(Screen):
    """Signals:
    registration_requested(): register somebody new.
    draft_resumed(Unfinished): go on with this draft.
    """

    registration_requested = Signal()
    draft_resumed = Signal(object)
    scopes = (Scope.LIST,)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._search = ""
        self._stale = True
        self._model = PeopleModel(self)
        self._empty = EmptyState("calendar", "")
        self.table = DataTable(
            "reception",
            self._model,
            self._empty,
            widths=_WIDTHS,
            stretch=Column.NAME,
            first_to_go=_FIRST_TO_GO,
        )
        self.drafts = DraftList()
        self._back_to_today = link_button(
            tr("Về danh sách hôm nay", "Back to today"), self.show_today, "back"
        )
        self._list_card = SectionCard("")
        self._list_card.add_to_head(self._back_to_today)
        self._list_card.add(self.table)
        self._draft_card = SectionCard(tr("Đang nhập dở", "Unfinished"))
        self._draft_card.add(scrolled(self.drafts))
        self._lay_out()
        self.table.row_opened.connect(self.person_requested)
        self.table.empty_action_requested.connect(self.registration_requested)
        self.drafts.resumed.connect(self.draft_resumed)
        self._show_caption()

    def _lay_out(self) -> None:
        title = label(tr("Tiếp đón", "Reception"), "title")
        self._today = label("", "muted")
        head = row(title, self._today, None, spacing=12)
        head.setAlignment(self._today, Qt.AlignmentFlag.AlignBottom)
        lists = row(self._list_card, self._draft_card, spacing=16)
        lists.setStretch(0, 1)
        content = column(head, lists, spacing=12)
        content.setStretch(1, 1)
        self.setLayout(page(content, WIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draft_card.setFixedWidth(min(theme().px(_DRAFTS_WIDTH), round(self.width() * 0.3)))

    def activate(self) -> None:
        if self._stale:
            self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def apply_changes(self, changes: ChangeSet) -> None:
        if not changes.kinds & {ChangeKind.PERSON, ChangeKind.EXAM, ChangeKind.DRAFT, ChangeKind.OUTBOX}:
            return
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def back(self) -> bool:
        if not self._search:
            return False
        self.show_today()
        return True

    def show_results(self, text: str) -> None:
        """Everybody who matches, as a table, in place of today's list."""
        self._search = text
        self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def show_today(self) -> None:
        self._search = ""
        self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def reload(self) -> None:
        self._stale = False
        ctx, runner = self._services.ctx, self._services.runner
        if self._search:
            runner.run(self, partial(searching.search_people, ctx, self._search, RESULT_LIMIT)).then(
                self._on_people
            )
        else:
            runner.run(self, partial(searching.exams_today, ctx)).then(self._on_people)
        runner.run(self, partial(unfinished, ctx)).then(self._on_drafts)
        self._show_caption()

    def _show_caption(self) -> None:
        self._today.setText(date_text(self._services.ctx.clock.now().date()))
        self._back_to_today.setVisible(bool(self._search))
        if self._search:
            self._empty.set(
                tr("Không có ai khớp “{text}”", "Nobody matches “{text}”", text=self._search),
                tr("Thử gõ tên và năm sinh, hoặc 4 số cuối CCCD.", "Try name and birth year, or 4 digits."),
                with_key(tr("Đăng ký người mới", "Register a new resident"), "new-person"),
            )  # fmt: skip
            return
        self._empty.set(
            tr("Hôm nay chưa khám ai", "Nobody examined yet today"),
            tr(
                "Bấm {find} rồi gõ tên, năm sinh hoặc số CCCD để tìm người đến khám.",
                "Press {find} and type a name, birth year or citizen ID to find who has come.",
                find=key_text("search"),
            ),
            with_key(tr("Đăng ký người mới", "Register a new resident"), "new-person"),
        )

    @Slot(object)
    def _on_people(self, result: SearchResult) -> None:
        kept = self.table.current_id
        self._model.show_rows(result.rows)
        count = count_text(len(result.rows)) + ("+" if result.truncated else "")
        if self._search:
            title = tr("Kết quả tìm “{text}” · {n}", "Results for “{text}” · {n}", text=self._search, n=count)
        else:
            title = tr("Khám hôm nay · {n} người", "Seen today · {n}", n=count)
        self._list_card.set_title(title)
        if not self.table.select(kept):
            self.table.select_first()

    @Slot(object)
    def _on_drafts(self, items: tuple[Unfinished, ...]) -> None:
        self.drafts.show_drafts(items, self._services.ctx.clock.now())
        many = (
            tr("Đang nhập dở · {n}", "Unfinished · {n}", n=len(items))
            if items
            else tr("Đang nhập dở", "Unfinished")
        )
        self._draft_card.set_title(many)
