"""Icons by what they mean, drawn from the Remix font that QtAwesome carries and tinted by a token.

Only the font and its list of names are read. Importing the package would load qtpy and twelve fonts, a
quarter of a second at every start.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from ui.theme import theme

_FONT, _NAMES = "remixicon-2.5.0.ttf", "remixicon-charmap-2.5.0.json"
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


class _Glyph(QIconEngine):
    """One character of the icon font, as sharp as the size asked for."""

    def __init__(self, font: QFont, character: str, colour: QColor, disabled: QColor) -> None:
        super().__init__()
        self._font = font
        self._character = character
        self._colours = {QIcon.Mode.Disabled: disabled}
        self._colour = colour

    def clone(self) -> QIconEngine:
        return _Glyph(self._font, self._character, self._colour, self._colours[QIcon.Mode.Disabled])

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        font = QFont(self._font)
        font.setPixelSize(max(1, rect.height()))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._colours.get(mode, self._colour))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._character)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn


class _IconFont(QObject):
    """Keeps the loaded icon font with the application."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName(_HOLDER)
        folder = _fonts()
        number = QFontDatabase.addApplicationFont(str(folder / _FONT))
        self.font = QFont(QFontDatabase.applicationFontFamilies(number))
        self.characters = {
            name: chr(int(code, 16))
            for name, code in json.loads((folder / _NAMES).read_text("utf-8")).items()
        }
        self.icons: dict[tuple[str, str], QIcon] = {}


def _fonts() -> Path:
    found = find_spec("qtawesome")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the icon font of QtAwesome is not installed")
    return Path(next(iter(found.submodule_search_locations))) / "fonts"


def _icon_font() -> _IconFont:
    app = QApplication.instance()
    if app is None:
        raise RuntimeError("icons need a running QApplication")
    return app.findChild(_IconFont, _HOLDER) or _IconFont(app)


def icon(name: str, tint: str = "text") -> QIcon:
    """Icon `name` of ICONS in the colour of token `tint` (the disabled state is `muted`)."""
    holder = _icon_font()
    colour = theme().colour(tint)
    key = (name, colour.name())
    if key not in holder.icons:
        character = holder.characters[ICONS[name]]
        holder.icons[key] = QIcon(_Glyph(holder.font, character, colour, theme().colour("muted")))
    return holder.icons[key]


def pixmap(name: str, tint: str = "text", size: int = 18) -> QPixmap:
    """Icon as a pixmap; `size` in pixels of the 100 % design."""
    side = theme().px(size)
    return icon(name, tint).pixmap(QSize(side, side))
