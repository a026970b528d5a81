"""Autosave: what is typed is durable in the encrypted store within two seconds, without disturbing typing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.records import Draft
from ui.tasks import TaskRunner

SAVE_AFTER_MS = 1000
"""From the first keystroke that is not saved yet; the rest of the two seconds is for a slow disk."""
RETRY_AFTER_MS = 5000

Snapshot = Callable[[], Draft | None]


class DraftKeeper(QObject):
    """Saves snapshots one after the other, never two at once.

    Signals:
        saved(Draft): durable; `updated_at` is the time to show.
        failed(Exception): not saved; it is tried again by itself, and everything is still on screen.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        runner: TaskRunner,
        save: Callable[[Draft], Draft],
        parent: QObject,
        *,
        after_ms: int = SAVE_AFTER_MS,
        retry_ms: int = RETRY_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self._after_ms = after_ms
        self._retry_ms = retry_ms
        self._runner = runner
        self._save = save
        self._snapshot: Snapshot | None = None
        self._dirty = False
        self._saving = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def unsaved(self) -> bool:
        return self._dirty or self._saving

    def start(self, snapshot: Snapshot) -> None:
        """Begin to keep another record. The caller flushed or stopped the one before."""
        self._timer.stop()
        self._dirty = False
        self._snapshot = snapshot

    def stop(self) -> None:
        """Save no more: the record is being finished or discarded, or was closed."""
        self._timer.stop()
        self._dirty = False
        self._snapshot = None

    @Slot()
    def note_change(self) -> None:
        if self._snapshot is None:
            return
        self._dirty = True
        if not self._saving and not self._timer.isActive():
            self._timer.start(self._after_ms)

    @Slot()
    def save_now(self) -> None:
        """Queue what is unsaved at once (Ctrl+S, leaving, locking, quitting)."""
        if self._dirty:
            self._queue()

    @Slot()
    def _on_timeout(self) -> None:
        self._queue()

    def _queue(self) -> None:
        draft = self._snapshot() if self._snapshot is not None else None
        self._timer.stop()
        if draft is None:
            return
        self._dirty = False
        self._saving = True
        self._runner.run(self, partial(self._save, draft)).then(self._on_saved, self._on_failed)

    def _on_saved(self, draft: Draft) -> None:
        self._saving = False
        if self._dirty:
            self._timer.start(self._after_ms)
        self.saved.emit(draft)

    def _on_failed(self, problem: Exception) -> None:
        self._saving = False
        if self._snapshot is not None:
            self._dirty = True
            self._timer.start(self._retry_ms)
        self.failed.emit(problem)
