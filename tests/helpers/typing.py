"""Typing as a person does, in Vietnamese.

`qtbot.keyClicks(widget, "đ")` aborts the interpreter (Qt asserts on non-ASCII), so text goes in as key events
that carry the character, as an input method such as UniKey delivers it.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NO_MODIFIER = Qt.KeyboardModifier.NoModifier


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard focus"
    return widget


def type_text(text: str, widget: QWidget | None = None) -> None:
    """Send every character to `widget`, or to whatever has the focus at that moment."""
    for char in text:
        target = widget or _focused()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, 0, NO_MODIFIER, char))


def compose(text: str, widget: QWidget | None = None) -> None:
    """Commit `text` at once, as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget or _focused(), event)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NO_MODIFIER, times: int = 1) -> None:
    """Press a key where the focus is; shortcuts of the window see it first."""
    for _ in range(times):
        QTest.keyClick(_focused(), key, modifier)
        QCoreApplication.processEvents()
