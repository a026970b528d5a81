"""A panel at the right edge of its parent, in place of a dialog. Esc closes it, the focus returns."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.pieces.buttons import icon_button
from ui.pieces.labels import ElidedLabel, hairline
from ui.pieces.layouts import column, row, scrolled
from ui.theme import theme


class SidePanel(QFrame):
    """Floats over the right side of `host` and follows its size; never modal.

    Signals:
        closed(): it was closed by Esc or its button.
    """

    closed = Signal()

    def __init__(self, host: QWidget, title: str, width: int = 420) -> None:
        super().__init__(host)
        self.setProperty("ground", "panel")
        self._host = host
        self._width = width
        self._came_from: QWidget | None = None
        self._title = ElidedLabel(title, "section")
        self._close = icon_button("close", tr("Đóng (Esc)", "Close (Esc)"), self.close_panel)
        head = row(self._title, self._close, margins=(16, 12, 12, 8))
        head.setStretch(0, 1)
        self.body: QVBoxLayout = column(spacing=8, margins=(16, 8, 16, 16))
        self._content = content = QWidget()
        content.setLayout(self.body)
        content.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setLayout(column(head, hairline(), scrolled(content), spacing=0))
        host.installEventFilter(self)
        self.hide()

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def clear_body(self) -> None:
        """Take everything out of the panel."""
        holder = QWidget()
        holder.setLayout(self.body)
        self.body = column(spacing=8, margins=(16, 8, 16, 16))
        self._content.setLayout(self.body)
        holder.deleteLater()

    def open_panel(self, focus: QWidget | None = None) -> None:
        """Show it and put the focus on `focus`, or on its close button."""
        current = QApplication.focusWidget()
        if current is not None and not self.isAncestorOf(current):
            self._came_from = current
        self._place()
        self.show()
        self.raise_()
        (focus or self._close).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_panel(self) -> None:
        if self.isHidden():
            return
        self.hide()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._host and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        host = self._host
        width = min(theme().px(self._width), host.width())
        self.setGeometry(host.width() - width, 0, width, host.height())
