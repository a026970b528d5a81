"""The database lane: one worker thread runs every use case, results come back on the GUI thread.

    runner.run(self, partial(search_people, ctx, text)).then(self._on_found, self._on_search_failed)

`self` (the owner) must be a QObject; when it is gone, its callbacks are dropped. A failure without a handler
reaches `TaskRunner.failed`, which the one error presenter listens to. Callbacks given as bound methods are
held weakly, so a running task keeps no widget alive.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
Callback = Callable[[T], object]
_BUSY_AFTER_MS = 300


def _hold(callback: Callable[..., object]) -> Callable[[], Callable[..., object] | None]:
    if hasattr(callback, "__self__") and isinstance(callback.__self__, QObject):
        return weakref.WeakMethod(callback)
    return lambda: callback


class Task(Generic[T]):
    """One piece of work in the lane. `then` is called at most once, right after `run`."""

    def __init__(self, owner: QObject, unhandled: Callable[[BaseException], None]) -> None:
        self._owner = weakref.ref(owner)
        self._unhandled = unhandled
        self._on_ok: Callable[[], Callable[..., object] | None] = lambda: None
        self._on_failed: Callable[[], Callable[..., object] | None] | None = None

    def then(self, on_ok: Callback[T], on_failed: Callable[[Exception], object] | None = None) -> None:
        """Call `on_ok(result)`, or `on_failed(exception)`, on the GUI thread while the owner lives."""
        self._on_ok = _hold(on_ok)
        self._on_failed = None if on_failed is None else _hold(on_failed)

    def _settle(self, future: Future[T]) -> None:
        owner = self._owner()
        alive = owner is not None and isValid(owner)
        problem = future.exception()
        if problem is not None:
            handler = self._on_failed() if alive and self._on_failed is not None else None
            # A failure is never swallowed: without a living handler the presenter gets it.
            (handler or self._unhandled)(problem)
            return
        callback = self._on_ok() if alive else None
        if callback is not None:
            callback(future.result())


class TaskRunner(QObject):
    """The lane. Lives on the GUI thread.

    Signals:
        failed(Exception): a task without a failure handler raised.
        busy_changed(bool): work has been going on for more than 300 ms, or it ended.
    """

    failed = Signal(object)
    busy_changed = Signal(bool)
    _settled = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = ThreadPoolExecutor(max_workers=1, thread_name_prefix="db-lane")
        self._open: set[Future[Any]] = set()
        self._closed = False
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.setInterval(_BUSY_AFTER_MS)
        self._busy.timeout.connect(self._on_busy_timeout)
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)

    def run(self, owner: QObject, work: Callable[[], T]) -> Task[T]:
        """Queue `work`; it must not touch a widget. Raises RuntimeError after `close`."""
        if self._closed:
            raise RuntimeError("the database lane is closed")
        task: Task[T] = Task(owner, self.failed.emit)
        future = self._lane.submit(work)
        self._open.add(future)
        if not self._busy.isActive():
            self._busy.start()
        future.add_done_callback(partial(self._report, task))
        return task

    @property
    def idle(self) -> bool:
        return not self._open

    def drain(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for queued work and deliver its callbacks; True if all is done."""
        done, left = wait(set(self._open), timeout)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)
        return bool(done or not left) and not left

    def close(self) -> None:
        """Take no more work. Call after `drain`."""
        self._closed = True
        self._busy.stop()
        self._lane.shutdown(wait=False, cancel_futures=True)

    def _report(self, task: Task[Any], future: Future[Any]) -> None:
        # On the lane's thread; the queued connection brings it to the GUI thread.
        if isValid(self):
            self._settled.emit(task, future)

    @Slot(object, object)
    def _on_settled(self, task: Task[Any], future: Future[Any]) -> None:
        self._open.discard(future)
        if not self._open:
            self._busy.stop()
            self.busy_changed.emit(False)
        if not future.cancelled():
            task._settle(future)  # noqa: SLF001 # the two classes are one mechanism

    @Slot()
    def _on_busy_timeout(self) -> None:
        if self._open:
            self.busy_changed.emit(True)
