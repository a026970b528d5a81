"""Đồng bộ: the true state of everything queued for the portal, and what a person can do about it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.domain.outbox import OutboxEntry, OutboxState, OutboxTotals
from app.domain.records import ChangeKind, ChangeSet
from app.services import syncing
from forms.text import Text
from ui.bridge import Notice
from ui.i18n import count_text, say, size_text, tr
from ui.keyboard import Scope, with_key
from ui.pieces.banner import EmptyState
from ui.pieces.buttons import link_button, primary_button, secondary_button
from ui.pieces.card import SectionCard
from ui.pieces.chip import sync_chip
from ui.pieces.data_table import DataTable
from ui.pieces.form_row import ChoiceRow
from ui.pieces.labels import label, set_role
from ui.pieces.layouts import column, frame, page, row, scrolled
from ui.pieces.person_text import moment_text
from ui.pieces.side_panel import SidePanel
from ui.pieces.status_light import StatusLight
from ui.reception.screen import WIDE
from ui.screen import Screen
from ui.services import Link, Services, SyncStatus
from ui.shell.queue_model import STATES, Column, QueueModel, answer_text, kind_text
from ui.shell.status_bar import LOOKS
from ui.theme import theme

_WIDTHS: dict[int, int] = {
    Column.STATE: 160, Column.WHAT: 172, Column.QUEUED: 96, Column.ATTEMPTS: 66, Column.SIZE: 64,
    Column.RECEIPT: 150, Column.PERSON: 180,
}  # fmt: skip
_FIRST_TO_GO = (Column.SIZE, Column.QUEUED, Column.RECEIPT, Column.ATTEMPTS, Column.WHAT)
_LIMIT = 500
_SETTLE_MS = 250
_FILTERS: dict[str, tuple[OutboxState, ...]] = {
    "open": (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.REJECTED),
    "rejected": (OutboxState.REJECTED,),
    "acknowledged": (OutboxState.ACKNOWLEDGED,),
    "all": (),
}


class _Figure(QFrame):
    """One number with its word."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self._number = label("0", "name")
        self._detail = label("", "label")
        self._caption = label(caption, "label")
        self.setLayout(column(self._caption, self._number, self._detail, spacing=2, margins=(16, 10, 16, 10)))

    def set(self, number: int, detail: str = "", *, alarming: bool = False) -> None:
        self._number.setText(count_text(number))
        self._detail.setText(detail)
        set_role(self._detail, "error" if alarming else "label")
        self.setAccessibleName(f"{self._caption.text()}: {number}. {detail}")

    @property
    def number(self) -> str:
        return self._number.text()


class EntryPanel(SidePanel):
    """Everything known about one queued revision."""

    def __init__(self, host: Screen) -> None:
        super().__init__(host, "", width=400)

    def show_entry(self, entry: OutboxEntry, services: Services) -> None:
        self.clear_body()
        self.set_title(entry.person_name)
        now = services.ctx.clock.now()
        chip = sync_chip(STATES[entry.state])
        self.body.addWidget(chip)
        self.body.addWidget(label(answer_text(entry), wrap=True, selectable=True))
        for caption, value in self._facts(entry, now):
            words = label(value, wrap=True, selectable=True)
            self.body.addLayout(column(label(caption, "label"), words, spacing=2))
        self.body.addStretch(1)

    def _facts(self, entry: OutboxEntry, now: datetime) -> list[tuple[str, str]]:
        received = entry.acknowledged_at
        facts = [
            (tr("Phiếu", "Record"), kind_text(entry)),
            (tr("Số lần gửi", "Tries"), count_text(entry.attempts)),
            (tr("Mã yêu cầu", "Request id"), entry.request_id),
            (tr("Biên nhận", "Receipt"), entry.receipt),
            (tr("Mã trả lời", "Answer code"), entry.last_code),
            (tr("Vào hàng lúc", "Queued at"), moment_text(entry.queued_at, now)),
            (tr("Giờ cổng nhận", "Received at"), moment_text(received, now) if received else ""),
        ]
        return [(caption, value) for caption, value in facts if value]


class SyncScreen(Screen):
    scopes = (Scope.LIST,)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._stale = True
        self._states: tuple[OutboxState, ...] = _FILTERS["open"]
        self._light = StatusLight()
        self._words: QLabel = label("", "strong", wrap=True)
        self._send = primary_button(with_key(tr("Gửi ngay", "Send now"), "send-now"), self.send_now, "send")
        self.figures = {
            "unsent": _Figure(tr("Chưa gửi xong", "Not yet received")),
            "unknown": _Figure(tr("Không rõ", "Unknown")),
            "rejected": _Figure(tr("Cần sửa", "To fix")),
            "acknowledged": _Figure(tr("Cổng đã nhận", "Received")),
        }
        self._model = QueueModel(self)
        self._empty = EmptyState("ok", "")
        self.table = DataTable(
            "queue", self._model, self._empty, widths=_WIDTHS, stretch=Column.ANSWER, first_to_go=_FIRST_TO_GO
        )
        self._open_record = link_button(tr("Mở hồ sơ", "Open the record"), self._on_open_record, "record")
        self._requeue = secondary_button(tr("Gửi lại", "Send again"), self.requeue, "refresh")
        self.panel = EntryPanel(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self._lay_out()
        self.table.row_opened.connect(self._on_row_opened)
        self.table.current_changed.connect(self._on_current_changed)
        services.bridge.sync_changed.connect(self.show_status)
        self.show_status(services.sync.status if services.sync is not None else None)
        self._on_current_changed("")

    def _lay_out(self) -> None:
        head = row(label(tr("Đồng bộ", "Sync"), "title"), None, self._send)
        words = row(self._light, self._words, spacing=8, margins=(16, 10, 16, 10))
        words.setStretch(1, 1)
        words.setAlignment(self._light, Qt.AlignmentFlag.AlignVCenter)
        state = frame("card", words)
        numbers = row(*self.figures.values(), spacing=12)
        self.filter = ChoiceRow(
            "",
            [
                ("open", tr("Chưa xong", "Open")),
                ("rejected", tr("Cần sửa", "To fix")),
                ("acknowledged", tr("Đã nhận", "Received")),
                ("all", tr("Tất cả", "All")),
            ],
            "open",
        )
        self.filter.chosen.connect(self._on_filter_chosen)
        card = SectionCard(tr("Hàng chờ gửi", "Queue"))
        card.add_to_head(self.filter)
        card.add_to_head(self._open_record)
        card.add_to_head(self._requeue)
        card.add(self.table)
        content = column(head, state, numbers, card, spacing=12)
        content.setStretch(3, 1)
        self.table.setMinimumHeight(theme().px(150))
        inner = QWidget()
        inner.setLayout(page(content, WIDE))
        # With large text on a small screen the numbers scroll away and the table stays usable.
        self.setLayout(column(scrolled(inner), spacing=0))

    def activate(self) -> None:
        if self._stale:
            self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> bool:
        if self.panel.isHidden():
            return False
        self.panel.close_panel()
        return True

    def apply_changes(self, changes: ChangeSet) -> None:
        if not changes.kinds & {ChangeKind.OUTBOX, ChangeKind.SETTINGS}:
            return
        self._stale = True
        self._reload_soon()

    def _reload_soon(self) -> None:
        # Not restarted while it runs: during a long send news comes faster than it ends.
        if self.isVisible() and not self._settle.isActive():
            self._settle.start()

    @Slot()
    def _on_settled(self) -> None:
        if self.isVisible():
            self.reload()

    @Slot()
    def reload(self) -> None:
        self._stale = False
        ctx, runner = self._services.ctx, self._services.runner
        runner.run(self, partial(syncing.overview, ctx)).then(self._on_totals)
        runner.run(self, partial(syncing.entries, ctx, self._states, _LIMIT)).then(self._on_entries)

    @Slot()
    def send_now(self) -> None:
        sync = self._services.sync
        if sync is None or sync.status.link == Link.NOT_SET_UP:
            self._services.bridge.notify(
                Notice(
                    text=Text(
                        "Chưa khai báo cổng nhận. Phiếu vẫn an toàn trên máy. Khai báo ở Quản trị.",
                        "No portal is set up. Records are safe on this computer. Set it up under Admin.",
                    )
                )
            )
            return
        sync.send_now()

    @Slot()
    def requeue(self) -> None:
        """The rejected row is sent once more, as it is."""
        entry = self._model.entry(self.table.current_id)
        if entry is None or entry.state is not OutboxState.REJECTED:
            return
        work = partial(syncing.requeue, self._services.ctx, entry.seq)
        self._services.runner.run(self, work).then(self._on_requeued)

    @property
    def status_words(self) -> str:
        return self._words.text()

    @Slot(object)
    def show_status(self, status: SyncStatus | None) -> None:
        if status is None:
            self._light.set("neutral", filled=False)
            self._words.setText(
                tr(
                    "Chưa khai báo cổng nhận. Hồ sơ vẫn lưu đủ trên máy; khai báo cổng ở mục Quản trị.",
                    "No portal is set up. Every record is kept here; set the portal up under Admin.",
                )
            )
            self._send.setEnabled(False)
            return
        tone, filled = LOOKS[str(status.link)]
        self._light.set(tone, filled=filled)
        words = say(status.message)
        if status.next_try_in is not None and status.next_try_in >= 1:
            wait = _wait_text(status.next_try_in)
            words = tr(
                "{words}. Thử lại sau {wait}",
                "{words}. Tries again in {wait}",
                words=words.rstrip("."),
                wait=wait,
            )
        self._words.setText(words)
        self._send.setEnabled(status.link != Link.NOT_SET_UP)
        self._reload_soon()

    @Slot(object)
    def _on_totals(self, totals: tuple[OutboxTotals, ...]) -> None:
        now = self._services.ctx.clock.now()
        if not totals:
            return
        shown = totals[0]
        waiting = (
            tr("≈ {size}", "≈ {size}", size=size_text(shown.waiting_bytes)) if shown.waiting_bytes else ""
        )
        self.figures["unsent"].set(shown.unsent, waiting)
        self.figures["unknown"].set(
            shown.unknown,
            tr("gửi rồi, chưa nghe trả lời", "sent, answer lost") if shown.unknown else "",
        )
        self.figures["rejected"].set(
            shown.rejected,
            tr("mở ra xem lý do", "open to see why") if shown.rejected else "",
            alarming=shown.rejected > 0,
        )
        last = shown.last_acknowledged_at
        when = tr("lần cuối {when}", "last {when}", when=moment_text(last, now)) if last else ""
        self.figures["acknowledged"].set(shown.acknowledged, when)

    @Slot(object)
    def _on_entries(self, entries: tuple[OutboxEntry, ...]) -> None:
        kept = self.table.current_id
        self._empty.set(
            tr("Không có phiếu nào ở mục này", "Nothing here"),
            tr("Phiếu đã hoàn tất sẽ tự vào hàng chờ gửi.", "Finished records join the queue by themselves."),
        )
        self._model.show_entries(entries, self._services.ctx.clock.now())
        if not self.table.select(kept):
            self.table.select_first()
        self._on_current_changed(self.table.current_id)

    @Slot(str)
    def _on_filter_chosen(self, code: str) -> None:
        self._states = _FILTERS[code]
        self.reload()

    @Slot(str)
    def _on_current_changed(self, seq: str) -> None:
        entry = self._model.entry(seq)
        self._open_record.setEnabled(entry is not None)
        self._requeue.setVisible(entry is not None and entry.state is OutboxState.REJECTED)

    @Slot(str)
    def _on_row_opened(self, seq: str) -> None:
        entry = self._model.entry(seq)
        if entry is not None:
            self.panel.show_entry(entry, self._services)
            self.panel.open_panel()

    @Slot()
    def _on_open_record(self) -> None:
        entry = self._model.entry(self.table.current_id)
        if entry is not None:
            self.person_requested.emit(entry.person_id)

    @Slot(object)
    def _on_requeued(self, changes: ChangeSet) -> None:
        self._services.bridge.publish(changes)
        if self._services.sync is not None:
            self._services.sync.wake()
        self._services.bridge.notify(Notice(text=Text("Đã xếp hàng gửi lại", "Queued to be sent again")))


def _wait_text(seconds: float) -> str:
    if seconds < 60:
        return tr("{n} giây", "{n} s", n=round(seconds))
    return tr("{n} phút", "{n} min", n=round(seconds / 60))
