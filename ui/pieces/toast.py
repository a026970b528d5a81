"""Toasts at the bottom right, for done things. What matters stays until it is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QWidget

from ui.bridge import Notice, NoticeKind
from ui.i18n import say, tr
from ui.pieces.banner import KIND_ICONS
from ui.pieces.buttons import icon_button, link_button
from ui.pieces.labels import icon_label, label
from ui.pieces.layouts import row
from ui.theme import theme

SHOWN_MS = 6000
_MOST = 3


class Toast(QFrame):
    """One notice. Never takes the focus."""

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("ground", f"soft-{notice.kind.value}")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.text = say(notice.text)
        self.sticky = notice.sticky or notice.kind is NoticeKind.DANGER
        self._on_action: Callable[[], object] | None = notice.on_action
        name, tint = KIND_ICONS[notice.kind]
        words = label(self.text, wrap=True)
        words.setMinimumWidth(theme().px(220))
        line = row(icon_label(name, tint), words, spacing=12, margins=(12, 8, 8, 8))
        line.setStretch(1, 1)
        if notice.action is not None and notice.on_action is not None:
            line.addWidget(link_button(say(notice.action), self._on_action_clicked))
        line.addWidget(icon_button("close", tr("Đóng", "Close"), self.dismiss))
        self.setLayout(line)
        self.setAccessibleName(self.text)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(18)
        shadow.setOffset(0, 3)
        shadow.setColor(theme().colour("border_strong"))
        self.setGraphicsEffect(shadow)
        if not self.sticky:
            QTimer.singleShot(SHOWN_MS, self, self.dismiss)

    @property
    def offers_action(self) -> bool:
        return self._on_action is not None

    @Slot()
    def dismiss(self) -> None:
        self.hide()
        self.deleteLater()

    @Slot()
    def _on_action_clicked(self) -> None:
        action = self._on_action
        self.dismiss()
        if action is not None:
            action()


class ToastStack(QObject):
    """Stacks toasts over the bottom right corner of `host`, newest lowest."""

    def __init__(self, host: QWidget, bottom: int = 48) -> None:
        super().__init__(host)
        self._host = host
        self._bottom = bottom
        self._toasts: list[Toast] = []
        host.installEventFilter(self)

    @property
    def toasts(self) -> list[Toast]:
        """Oldest first."""
        return list(self._toasts)

    @Slot(object)
    def show_notice(self, notice: Notice) -> None:
        # Newer news replace older, a pile would cover the fields; what can be undone or must be read stays.
        fleeting = [t for t in self.toasts if not t.sticky]
        excess = max(0, len(self.toasts) + 1 - _MOST)
        for place, old in enumerate(fleeting):
            if place < excess or not old.offers_action:
                old.dismiss()
        toast = Toast(notice, self._host)
        toast.installEventFilter(self)
        self._toasts.append(toast)
        toast.show()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._host:
            self._place()
        elif event.type() == QEvent.Type.HideToParent and watched in self._toasts:
            self._toasts = [t for t in self._toasts if t is not watched]
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        look = theme()
        bottom = self._host.height() - look.px(self._bottom)
        for toast in reversed(self._toasts):
            width = min(look.px(400), self._host.width() - look.px(32))
            height = max(toast.heightForWidth(width), toast.sizeHint().height())
            bottom -= height
            toast.setGeometry(self._host.width() - width - look.px(16), bottom, width, height)
            toast.raise_()
            bottom -= look.px(8)
