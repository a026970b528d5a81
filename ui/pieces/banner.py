"""A line across a screen that says what happened, what is safe, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from app.errors import AppError
from ui.bridge import NoticeKind
from ui.i18n import say, tr
from ui.icons import pixmap
from ui.pieces.buttons import icon_button, link_button
from ui.pieces.labels import icon_label, label, set_property
from ui.pieces.layouts import column, row
from ui.theme import theme

KIND_ICONS = {
    NoticeKind.OK: ("ok", "ok"),
    NoticeKind.INFO: ("info", "info"),
    NoticeKind.WARN: ("alert", "warn"),
    NoticeKind.DANGER: ("error", "danger"),
}


class Banner(QFrame):
    """Hidden until `show_text`; stays until `clear` or its own close button.

    Signals:
        action_requested(): its one button was pressed.
    """

    action_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__(parent)
        self._icon = icon_label("info", "info")
        self._text = label("", wrap=True, selectable=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._action: QPushButton = link_button("", self.action_requested.emit)
        self._close = icon_button("close", tr("Đóng", "Close"), self.clear)
        if not closable:
            self._close.hide()
        line = row(self._icon, self._text, self._action, self._close, spacing=12, margins=(12, 8, 8, 8))
        line.setStretch(1, 1)
        self.setLayout(line)
        self.hide()

    def show_text(self, text: str, kind: NoticeKind = NoticeKind.INFO, action: str = "") -> None:
        name, tint = KIND_ICONS[kind]
        self._icon.setPixmap(pixmap(name, tint))
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        set_property(self, "ground", f"soft-{kind.value}")
        self.setAccessibleName(text)
        self.show()

    def show_problem(self, problem: AppError) -> None:
        self.show_text(say(problem.text), NoticeKind.DANGER)

    @Slot()
    def clear(self) -> None:
        self.hide()
        self._text.clear()

    @property
    def text(self) -> str:
        return self._text.text()


class EmptyState(QWidget):
    """What a list shows when it has nothing: why, and the next action.

    Signals:
        action_requested(): the button was pressed.
    """

    action_requested = Signal()

    def __init__(
        self,
        icon_name: str,
        title: str,
        hint: str = "",
        action: str = "",
        parent: QWidget | None = None,
        *,
        width: int = 360,
    ) -> None:
        super().__init__(parent)
        self._picture = icon_label(icon_name, "border_strong", 40)
        self._title = label(title, "strong")
        self._hint = label(hint, "muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._hint.setMinimumWidth(theme().px(width))
        self._action = link_button(action, self.action_requested.emit)
        self.setFocusProxy(self._action)
        box = column(None, self._picture, self._title, self._hint, self._action, None, spacing=8, margins=16)
        for widget in (self._picture, self._title, self._hint, self._action):
            box.setAlignment(widget, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(box)
        self.set(title, hint, action)

    def set(self, title: str, hint: str = "", action: str = "") -> None:
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._action.setText(action)
        self._action.setVisible(bool(action))

    @property
    def title(self) -> str:
        return self._title.text()
