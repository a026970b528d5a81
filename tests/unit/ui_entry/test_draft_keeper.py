"""Autosave: durable soon, one at a time, never after the record is finished."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain.records import Draft, RecordKind
from tests.unit.ui_entry.breakable import DISK_FULL
from ui.entry.draft_keeper import SAVE_AFTER_MS, DraftKeeper
from ui.tasks import TaskRunner

DRAFT = Draft(id="d", kind=RecordKind.EXAM, record_id="r", person_id="p", base_revision=0, answers={})


class Disk:
    def __init__(self) -> None:
        self.kept: list[Draft] = []
        self.full = False
        self.go = threading.Event()
        self.go.set()

    def save(self, draft: Draft) -> Draft:
        assert self.go.wait(10)
        if self.full:
            raise DISK_FULL
        self.kept.append(draft)
        return draft


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    assert made.drain(5)
    made.close()
    made.deleteLater()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def keeper(runner: TaskRunner, disk: Disk) -> Iterator[DraftKeeper]:
    owner = QObject()
    yield DraftKeeper(runner, disk.save, owner, after_ms=10, retry_ms=30)
    owner.deleteLater()


def test_the_wait_leaves_room_for_a_slow_disk() -> None:
    assert SAVE_AFTER_MS <= 1000


def test_typing_is_saved_once_it_pauses_or_not(qtbot: QtBot, keeper: DraftKeeper, disk: Disk) -> None:
    keeper.start(lambda: DRAFT)
    for _ in range(50):
        keeper.note_change()
    with qtbot.waitSignal(keeper.saved):
        pass
    assert disk.kept == [DRAFT]
    assert not keeper.unsaved


def test_what_is_typed_during_a_save_is_saved_next(qtbot: QtBot, keeper: DraftKeeper, disk: Disk) -> None:
    text = ["a"]
    keeper.start(lambda: replace(DRAFT, typed={"advice": text[0]}))
    disk.go.clear()
    keeper.note_change()
    keeper.save_now()
    text[0] = "ab"
    keeper.note_change()
    assert keeper.unsaved
    disk.go.set()
    qtbot.waitUntil(lambda: [d.typed["advice"] for d in disk.kept] == ["a", "ab"])
    qtbot.waitUntil(lambda: not keeper.unsaved)


def test_a_failure_is_told_and_tried_again(qtbot: QtBot, keeper: DraftKeeper, disk: Disk) -> None:
    keeper.start(lambda: DRAFT)
    disk.full = True
    with qtbot.waitSignal(keeper.failed):
        keeper.note_change()
    assert keeper.unsaved
    disk.full = False
    with qtbot.waitSignal(keeper.saved):
        pass
    assert disk.kept == [DRAFT]


def test_nothing_is_saved_once_stopped(
    qtbot: QtBot, keeper: DraftKeeper, disk: Disk, runner: TaskRunner
) -> None:
    keeper.start(lambda: DRAFT)
    keeper.note_change()
    keeper.stop()
    keeper.note_change()
    keeper.save_now()
    assert runner.drain(5)
    assert disk.kept == []
    assert not keeper.unsaved
