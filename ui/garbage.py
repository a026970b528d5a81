"""Cyclic garbage is collected on the GUI thread only.

Python runs its collector on whichever thread allocates; a cycle that holds a widget would then be torn down
on the database or sync thread, and destroying a widget outside the GUI thread crashes Qt. So the automatic
collector is switched off and a timer does the same work, generation by generation, where it is safe.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 2000


class GuiGarbage(QObject):
    """Collects on the thread it lives in, from `start` to `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        gc.enable()

    @Slot()
    def collect(self) -> None:
        """As the automatic collector would: the oldest generation whose count is over its threshold."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
