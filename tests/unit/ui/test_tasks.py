"""The database lane: order, delivery on the GUI thread, dropped callbacks, no swallowed failure."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import ChangeKind, ChangeSet
from forms.text import Text
from ui.bridge import AppBridge, Notice
from ui.tasks import TaskRunner


class Receiver(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []
        self.failed: list[Exception] = []
        self.threads: set[int] = set()

    @Slot(object)
    def take(self, value: object) -> None:
        self.got.append(value)
        self.threads.add(threading.get_ident())

    @Slot(object)
    def refuse(self, problem: Exception) -> None:
        self.failed.append(problem)


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    assert made.drain(5)
    made.close()
    made.deleteLater()


def fail() -> None:
    raise ValueError("no disk")


def test_results_arrive_in_order_on_the_gui_thread(qtbot: QtBot, runner: TaskRunner) -> None:
    receiver = Receiver()
    qtbot.addWidget(receiver)
    lane: set[int] = set()

    def work(n: int) -> int:
        lane.add(threading.get_ident())
        return n

    for n in range(20):
        runner.run(receiver, partial(work, n)).then(receiver.take)
    qtbot.waitUntil(lambda: len(receiver.got) == 20)
    assert receiver.got == list(range(20))
    assert receiver.threads == {threading.get_ident()}
    assert len(lane) == 1
    assert lane != receiver.threads


def test_a_failure_reaches_its_handler(qtbot: QtBot, runner: TaskRunner) -> None:
    receiver = Receiver()
    qtbot.addWidget(receiver)
    runner.run(receiver, fail).then(receiver.take, receiver.refuse)
    qtbot.waitUntil(lambda: bool(receiver.failed))
    assert isinstance(receiver.failed[0], ValueError)
    assert not receiver.got


def test_a_failure_without_handler_reaches_the_presenter(qtbot: QtBot, runner: TaskRunner) -> None:
    receiver = Receiver()
    qtbot.addWidget(receiver)
    with qtbot.waitSignal(runner.failed) as signal:
        runner.run(receiver, fail).then(receiver.take)
    assert isinstance(signal.args[0], ValueError)


def test_a_failure_of_a_dead_owner_still_reaches_the_presenter(qtbot: QtBot, runner: TaskRunner) -> None:
    go = threading.Event()

    def late() -> None:
        go.wait(5)
        fail()

    receiver = Receiver()
    runner.run(receiver, late).then(receiver.take, receiver.refuse)
    receiver.deleteLater()
    del receiver
    with qtbot.waitSignal(runner.failed):
        go.set()


def test_callbacks_of_a_dead_owner_are_dropped_and_do_not_keep_it_alive(
    qtbot: QtBot, runner: TaskRunner
) -> None:
    go = threading.Event()
    receiver = Receiver()
    gone = weakref.ref(receiver)
    runner.run(receiver, partial(go.wait, 5)).then(receiver.take, receiver.refuse)
    del receiver
    gc.collect()
    assert gone() is None
    go.set()
    qtbot.waitUntil(lambda: runner.idle)


def test_a_function_callback_is_dropped_with_its_owner(qtbot: QtBot, runner: TaskRunner) -> None:
    go = threading.Event()
    got: list[object] = []
    owner = QObject()
    runner.run(owner, partial(go.wait, 5)).then(got.append)
    del owner
    gc.collect()
    go.set()
    qtbot.waitUntil(lambda: runner.idle)
    assert got == []


def test_drain_delivers_what_was_queued(qtbot: QtBot, runner: TaskRunner) -> None:
    receiver = Receiver()
    qtbot.addWidget(receiver)
    runner.run(receiver, lambda: "saved").then(receiver.take)
    assert runner.drain(5)
    assert receiver.got == ["saved"]
    assert runner.idle


def test_drain_gives_up_after_its_time(qtbot: QtBot, runner: TaskRunner) -> None:
    go = threading.Event()
    receiver = Receiver()
    qtbot.addWidget(receiver)
    runner.run(receiver, partial(go.wait, 5)).then(receiver.take)
    assert not runner.drain(0.01)
    go.set()


def test_no_work_after_closing(qtbot: QtBot) -> None:
    runner = TaskRunner()
    runner.close()
    with pytest.raises(RuntimeError):
        runner.run(runner, fail)


def test_long_work_is_announced(qtbot: QtBot, runner: TaskRunner) -> None:
    go = threading.Event()
    receiver = Receiver()
    qtbot.addWidget(receiver)
    with qtbot.waitSignal(runner.busy_changed, timeout=3000) as busy:
        runner.run(receiver, partial(go.wait, 5)).then(receiver.take)
    assert busy.args == [True]
    with qtbot.waitSignal(runner.busy_changed) as busy:
        go.set()
    assert busy.args == [False]


def test_the_bridge_brings_events_to_the_gui_thread(qtbot: QtBot) -> None:
    bridge = AppBridge()
    receiver = Receiver()
    qtbot.addWidget(receiver)
    for signal in (bridge.changed, bridge.sync_changed, bridge.notice):
        signal.connect(receiver.take)
    sent = [
        ChangeSet(frozenset({ChangeKind.EXAM})),
        "a frozen sync status",
        Notice(text=Text("Đã lưu", "Saved")),
    ]

    def elsewhere() -> None:
        bridge.publish(sent[0])
        bridge.publish_sync(sent[1])
        bridge.notify(sent[2])

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert receiver.got == []
    qtbot.waitUntil(lambda: len(receiver.got) == 3)
    assert receiver.got == sent
    assert receiver.threads == {threading.get_ident()}
