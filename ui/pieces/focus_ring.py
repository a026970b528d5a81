"""The keyboard focus: a 2 px ring outside the focused control, the same everywhere, always visible.

Style sheets cannot paint outside a widget, so a ring lies over the controls of the window and follows the
focus. It is a child of what scrolls with the control (the content of a scroll area, otherwise the window).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui.theme import theme

_HOLDER = "hoso831.focus-ring"
_FOLLOWED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class _Ring(QWidget):
    """Follows `target` over `host`."""

    def __init__(self, host: QWidget, target: QWidget) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._host = host
        self.target = target
        self._followed: list[QWidget] = []
        walk: QWidget | None = target
        while walk is not None and walk is not host:
            walk.installEventFilter(self)
            self._followed.append(walk)
            walk = walk.parentWidget()
        self.follow()

    def follow(self) -> None:
        """Lie around the target, but never cover what has the ring inside its own edge."""
        look = theme()
        corner = self.target.mapTo(self._host, QPoint(0, 0))
        gap = look.px(2)
        self.setGeometry(QRect(corner, self.target.size()).adjusted(-gap, -gap, gap, gap))
        self.setVisible(self.target.isVisible())
        self.raise_()

    def release(self) -> None:
        for widget in self._followed:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._followed = []
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _FOLLOWED and isValid(self.target):
            self.follow()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = look.px(2)
        painter.setPen(QPen(look.colour("focus"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        radius = look.px(6)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)


class FocusRing(QObject):
    """Install once per application with `FocusRing.install(app)`."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName(_HOLDER)
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._on_focus_changed)

    @classmethod
    def install(cls, app: QApplication) -> FocusRing:
        """Idempotent."""
        return app.findChild(cls, _HOLDER) or cls(app)

    @property
    def target(self) -> QWidget | None:
        """The control that has the ring now."""
        ring = self._living()
        return ring.target if ring is not None else None

    def _living(self) -> _Ring | None:
        """The ring, unless it went with its window."""
        return self._ring if self._ring is not None and isValid(self._ring) else None

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        ring = self._living()
        if ring is not None:
            ring.release()
        self._ring = None
        if new is not None and not new.isWindow() and new.property("ring") != "none":
            self._ring = _Ring(_host_of(new), new)


def _host_of(widget: QWidget) -> QWidget:
    """What moves with the widget when something scrolls: the content of its scroll area, or the window."""
    walk: QWidget | None = widget.parentWidget()
    below: QWidget = widget
    while walk is not None:
        area = walk.parentWidget()
        if isinstance(area, QScrollArea) and area.viewport() is walk and below is not widget:
            return below
        if walk.isWindow():
            return walk
        below, walk = walk, walk.parentWidget()
    return widget.window()
