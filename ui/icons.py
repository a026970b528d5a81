"""Icons by what they mean, drawn from the Remix font of QtAwesome and tinted by a token.

Only that one font is loaded: `qtawesome.icon` would read twelve at the first call, which costs a slow disk
half a second.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication
from qtawesome.iconic_font import IconicFont

from ui.theme import theme

_FONT = ("ri", "remixicon-2.5.0.ttf", "remixicon-charmap-2.5.0.json")
_HOLDER = "hoso831.icons"

ICONS = {
    "add": "add-line",
    "add-person": "user-add-line",
    "admin": "settings-3-line",
    "alert": "alert-line",
    "amend": "edit-box-line",
    "back": "arrow-left-line",
    "calendar": "calendar-line",
    "capslock": "arrow-up-circle-line",
    "check": "check-line",
    "close": "close-line",
    "copy": "file-copy-line",
    "down": "arrow-down-s-line",
    "draft": "draft-line",
    "edit": "edit-line",
    "error": "error-warning-line",
    "exam": "stethoscope-line",
    "eye": "eye-line",
    "eye-off": "eye-off-line",
    "female": "women-line",
    "folder": "folder-open-line",
    "history": "history-line",
    "home": "home-4-line",
    "info": "information-line",
    "key": "key-2-line",
    "keyboard": "keyboard-box-line",
    "language": "global-line",
    "lock": "lock-2-line",
    "logo": "health-book-line",
    "male": "men-line",
    "next": "arrow-right-line",
    "offline": "cloud-off-line",
    "ok": "checkbox-circle-line",
    "password": "lock-password-line",
    "person": "user-3-line",
    "phone": "phone-line",
    "place": "map-pin-2-line",
    "portal": "server-line",
    "print": "printer-line",
    "pulse": "heart-pulse-line",
    "question": "question-line",
    "reception": "user-heart-line",
    "record": "folder-user-line",
    "refresh": "refresh-line",
    "rejected": "close-circle-line",
    "right": "arrow-right-s-line",
    "save": "save-3-line",
    "search": "search-line",
    "send": "send-plane-line",
    "shield": "shield-keyhole-line",
    "station": "hospital-line",
    "sync": "cloud-line",
    "time": "time-line",
    "undo": "arrow-go-back-line",
    "unknown": "question-line",
    "up": "arrow-up-s-line",
    "upload": "upload-cloud-2-line",
    "view": "contrast-2-line",
}


class _IconFont(QObject):
    """Keeps the loaded icon font with the application."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(_HOLDER)
        self.font = IconicFont(_FONT)
        self.icons: dict[tuple[str, str], QIcon] = {}


def _icon_font() -> _IconFont:
    app = QApplication.instance()
    if app is None:
        raise RuntimeError("icons need a running QApplication")
    return app.findChild(_IconFont, _HOLDER) or _IconFont(app)


def icon(name: str, tint: str = "text") -> QIcon:
    """Icon `name` of ICONS in the colour of token `tint` (the disabled state is `muted`)."""
    holder = _icon_font()
    colour = theme().colour(tint).name()
    key = (name, colour)
    if key not in holder.icons:
        holder.icons[key] = holder.font.icon(
            f"ri.{ICONS[name]}",
            color=colour,
            color_disabled=theme().colour("muted").name(),
            scale_factor=1.15,
        )
    return holder.icons[key]


def pixmap(name: str, tint: str = "text", size: int = 18) -> QPixmap:
    """Icon as a pixmap; `size` in pixels of the 100 % design."""
    side = theme().px(size)
    return icon(name, tint).pixmap(QSize(side, side))
