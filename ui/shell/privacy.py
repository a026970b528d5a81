"""F12: covers everything at once when somebody looks over the shoulder. Locking is something else."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from ui.i18n import tr
from ui.keyboard import key_text
from ui.pieces.labels import icon_label, label
from ui.pieces.layouts import column


class PrivacyScreen(QFrame):
    """Signals:
    uncovered(): the screen is visible again.
    """

    uncovered = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.setProperty("ground", "privacy")
        self.setProperty("ring", "none")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._host = host
        self._came_from: QWidget | None = None
        key = key_text("privacy")
        title = label(tr("Màn hình đang che", "The screen is covered"), "on-rail-title")
        words = tr("Bấm {key} hoặc Enter để xem lại", "{key} or Enter shows it again", key=key)
        picture = icon_label("eye-off", "on_rail", 48)
        hint = label(words, "on-rail")
        box = column(None, picture, title, hint, None, spacing=12)
        for widget in (picture, title, hint):
            box.setAlignment(widget, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(box)
        host.installEventFilter(self)
        self.hide()

    @property
    def covering(self) -> bool:
        return not self.isHidden()

    def cover(self) -> None:
        self._came_from = QApplication.focusWidget()
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def uncover(self) -> None:
        self.hide()
        if self._came_from is not None:
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self.uncovered.emit()

    def event(self, event: QEvent) -> bool:
        # No shortcut may act behind the cover; only the key that lifts it.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F12, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.uncover()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.covering:
            self.setGeometry(self._host.rect())
        return super().eventFilter(watched, event)
