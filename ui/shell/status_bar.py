"""The bottom line: what is sent and what is not, in words and numbers; when it was last saved; who works."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton

from app.domain.outbox import OutboxTotals
from app.domain.records import ChangeKind, ChangeSet
from app.ports import Clock
from app.services import syncing
from ui.i18n import count_text, say, size_text, tr
from ui.keyboard import key_text
from ui.pieces.buttons import link_button, quiet_button
from ui.pieces.chip import Tone
from ui.pieces.labels import ElidedLabel, icon_label, label
from ui.pieces.layouts import row
from ui.pieces.person_text import moment_text
from ui.pieces.status_light import StatusLight
from ui.services import Link, Services, SyncStatus
from ui.theme import theme

_SETTLE_MS = 250
_SAVED = frozenset({ChangeKind.PERSON, ChangeKind.EXAM, ChangeKind.DRAFT})

LOOKS: dict[str, tuple[Tone, bool]] = {
    Link.NOT_SET_UP: ("neutral", False),
    Link.READY: ("ok", True),
    Link.SENDING: ("info", True),
    Link.WAITING: ("info", False),
    Link.OFFLINE: ("warn", False),
    Link.STOPPED: ("danger", True),
}
"""Light of each link state: tone, and filled or ring."""


def waiting_text(totals: OutboxTotals) -> str:
    """How much is unsent: còn 12 phiếu (≈ 21 KB)."""
    if not totals.unsent:
        return tr("không còn phiếu chờ", "nothing waiting")
    count = count_text(totals.unsent)
    if not totals.waiting_bytes:
        return tr("còn {n} phiếu", "{n} waiting", n=count)
    size = size_text(totals.waiting_bytes)
    return tr("còn {n} phiếu (≈ {size})", "{n} waiting (≈ {size})", n=count, size=size)


def received_text(totals: OutboxTotals, now: datetime) -> str:
    if totals.last_acknowledged_at is None:
        return ""
    when = moment_text(totals.last_acknowledged_at, now)
    return tr("cổng nhận lần cuối {when}", "portal last received {when}", when=when)


class StatusBar(QFrame):
    """Counts come from the outbox, the light and its words from the sync thread.

    Signals:
        sync_requested(): the sync words were clicked.
        user_requested(): the user's name was clicked.
    """

    sync_requested = Signal()
    user_requested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("ground", "bar")
        self._services = services
        self._clock: Clock = services.ctx.clock
        self._totals: tuple[OutboxTotals, ...] = ()
        self._light = StatusLight()
        self._words = link_button("", self.sync_requested.emit)
        self._counts = label("", "muted")
        self._received = ElidedLabel("", "muted")
        self._rejected = link_button("", self.sync_requested.emit)
        self._saved_icon = icon_label("check", "ok", 16)
        self._saved = label("", "muted")
        self._busy = label(tr("Đang làm việc…", "Working…"), "muted")
        self.user_button: QPushButton = quiet_button(
            services.ctx.user.display_name, self.user_requested.emit, "person"
        )
        self.user_button.setToolTip(tr("Khoá máy, đổi người dùng", "Lock, change user"))
        for hidden in (self._saved_icon, self._rejected, self._busy):
            hidden.hide()
        line = row(
            self._light, self._words, self._counts, self._rejected, self._received, self._busy,
            self._saved_icon, self._saved, self.user_button, spacing=8, margins=(12, 2, 8, 2),
        )  # fmt: skip
        line.setStretch(4, 1)
        self.setLayout(line)
        self.setFixedHeight(theme().px(38))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.reload)
        services.bridge.changed.connect(self._on_changed)
        services.bridge.sync_changed.connect(self.show_status)
        services.runner.busy_changed.connect(self._busy.setVisible)
        self.show_status(services.sync.status if services.sync is not None else None)
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Read the counts again."""
        services = self._services
        services.runner.run(self, partial(syncing.overview, services.ctx)).then(self._on_totals)

    @property
    def words(self) -> str:
        """All the sync words, as a person reads them."""
        shown = (self._words, self._counts, self._rejected, self._received)
        return " · ".join(w.text() for w in shown if not w.isHidden() and w.text())

    @property
    def saved_text(self) -> str:
        return self._saved.text()

    @Slot(object)
    def show_status(self, status: SyncStatus | None) -> None:
        if status is None:
            self._light.set("neutral", filled=False)
            self._words.setText(tr("Chưa khai báo cổng nhận", "No portal set up"))
            return
        tone, filled = LOOKS[str(status.link)]
        self._light.set(tone, filled=filled)
        self._words.setText(say(status.message))
        self._words.setToolTip(
            tr(
                "Mở màn hình Đồng bộ. {key} gửi ngay.",
                "Open the Sync screen. {key} sends now.",
                key=key_text("send-now"),
            )
        )
        if str(status.link) == Link.SENDING:
            self._reload_soon()
        else:
            # The words are final, so the numbers beside them must not lag.
            self.reload()

    def _reload_soon(self) -> None:
        # Not restarted while it runs: during a long send statuses come faster than it ends.
        if not self._settle.isActive():
            self._settle.start()

    @Slot(object)
    def _on_totals(self, totals: tuple[OutboxTotals, ...]) -> None:
        self._totals = totals
        self._counts.setVisible(bool(totals))
        if not totals:
            self._rejected.hide()
            self._received.setText("")
            return
        # One channel today; with several the one with most to send speaks.
        shown = max(totals, key=lambda t: t.unsent)
        received = tr("Đã nhận {n}", "Received {n}", n=count_text(shown.acknowledged))
        self._counts.setText(f"{received} · {waiting_text(shown)}")
        self._rejected.setText(tr("{n} phiếu cần sửa", "{n} to fix", n=count_text(shown.rejected)))
        self._rejected.setVisible(shown.rejected > 0)
        self._received.setText(received_text(shown, self._clock.now()))

    @Slot(object)
    def _on_changed(self, changes: ChangeSet) -> None:
        if changes.kinds & _SAVED:
            self._saved.setText(tr("Đã lưu {time}", "Saved {time}", time=f"{self._clock.now():%H:%M:%S}"))
            self._saved_icon.show()
        if changes.kinds & {ChangeKind.OUTBOX, ChangeKind.SETTINGS}:
            self._reload_soon()
