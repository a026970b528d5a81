"""What happens outside the GUI thread, as Qt signals that always arrive queued on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.records import ChangeSet
from forms.text import Text


class NoticeKind(StrEnum):
    OK = "ok"
    INFO = "info"
    WARN = "warn"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A toast. What matters (`sticky`) stays until the user closes it."""

    text: Text
    kind: NoticeKind = NoticeKind.OK
    sticky: bool = False
    action: Text | None = None
    """Label of the one button, e.g. "Hoàn tác"."""
    on_action: Callable[[], object] | None = None


class AppBridge(QObject):
    """Publishing is allowed from any thread; receivers run on the GUI thread, later.

    Signals:
        changed(ChangeSet): a use case or the sync thread changed data; screens refresh from it.
        sync_changed(SyncStatus): what the sync thread is doing now.
        notice(Notice): show a toast.
    """

    changed = Signal(object)
    sync_changed = Signal(object)
    notice = Signal(object)
    _published = Signal(object)
    _sync_published = Signal(object)
    _notice_published = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        queued = Qt.ConnectionType.QueuedConnection
        self._published.connect(self._on_published, queued)
        self._sync_published.connect(self._on_sync_published, queued)
        self._notice_published.connect(self._on_notice_published, queued)

    def publish(self, changes: ChangeSet) -> None:
        """Also a `ChangeListener`: hand `bridge.publish` to whoever saves outside the screens."""
        self._published.emit(changes)

    def publish_sync(self, status: object) -> None:
        self._sync_published.emit(status)

    def notify(self, notice: Notice) -> None:
        self._notice_published.emit(notice)

    @Slot(object)
    def _on_published(self, changes: ChangeSet) -> None:
        self.changed.emit(changes)

    @Slot(object)
    def _on_sync_published(self, status: object) -> None:
        self.sync_changed.emit(status)

    @Slot(object)
    def _on_notice_published(self, notice: Notice) -> None:
        self.notice.emit(notice)
