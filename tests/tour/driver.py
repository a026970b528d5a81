"""Drives the program as a person does: keys where the focus is, eyes on the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.helpers.typing import press, type_text

CTRL = Qt.KeyboardModifier.ControlModifier
SCREEN = (1366, 768)
_PATIENCE = 30.0


class Driver:
    """Keys, waiting and pictures for one QApplication. `keys` counts every key pressed or character typed."""

    def __init__(self, app: QApplication, pictures: Path | None) -> None:
        self._app = app
        self._pictures = pictures
        self._number = 0
        self.keys = 0
        self.taken: list[Path] = []

    def until(self, happened: Callable[[], Any], what: str) -> Any:
        """Run the event loop until `happened()` is true; the test fails with `what` after 30 s."""
        deadline = time.monotonic() + _PATIENCE
        while not (result := happened()):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain: {what}")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        self.settle()
        return result

    def settle(self) -> None:
        for _ in range(5):
            self._app.processEvents()

    def type(self, text: str) -> None:
        type_text(text)
        self.keys += len(text)
        self.settle()

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1
    ) -> None:
        press(key, modifier, times)
        self.keys += times
        self.settle()

    def enter(self, times: int = 1) -> None:
        self.press(Qt.Key.Key_Return, times=times)

    def fill(self, *lines: str) -> None:
        """Type each text and go on with Enter."""
        for line in lines:
            self.type(line)
            self.enter()

    def shot(self, window: QWidget | None, name: str) -> None:
        """A numbered picture of the window, if pictures are wanted."""
        self._number += 1
        if self._pictures is None or window is None:
            return
        self.settle()
        self._pictures.mkdir(parents=True, exist_ok=True)
        path = self._pictures / f"{self._number:02d}-{name}.png"
        window.grab().save(str(path))
        self.taken.append(path)
