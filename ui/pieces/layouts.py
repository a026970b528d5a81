"""Rows and columns in the spacing of the design: 4, 8, 12, 16, 24."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme import theme

CONTENT_WIDTH = 1180
"""Content is never wider than this (pixels of the 100 % design)."""

Item = QWidget | QLayout | None
Margins = tuple[int, int, int, int] | int
_Box = TypeVar("_Box", bound=QBoxLayout)


def row(*items: Item, spacing: int = 8, margins: Margins = 0) -> QHBoxLayout:
    """Left to right; None is a stretch."""
    return _fill(QHBoxLayout(), items, spacing, margins)


def column(*items: Item, spacing: int = 8, margins: Margins = 0) -> QVBoxLayout:
    """Top to bottom; None is a stretch."""
    return _fill(QVBoxLayout(), items, spacing, margins)


def set_margins(layout: QLayout, margins: Margins) -> None:
    """Left, top, right, bottom, or one number for all, in pixels of the 100 % design."""
    sides = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setContentsMargins(*(theme().px(m) for m in sides))


def _fill(box: _Box, items: Iterable[Item], spacing: int, margins: Margins) -> _Box:
    box.setSpacing(theme().px(spacing))
    set_margins(box, margins)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)
    return box


def frame(ground: str, layout: QLayout) -> QFrame:
    """A frame with a ground of the style sheet: card, bar, top, panel, soft-info…"""
    made = QFrame()
    made.setProperty("ground", ground)
    made.setLayout(layout)
    return made


def scrolled(content: QWidget) -> QScrollArea:
    """Content that scrolls vertically only; it never gets wider than the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    content.setProperty("ground", "scrolled")
    content.setAutoFillBackground(False)
    area.setWidget(content)
    return area


def page(content: QLayout, width: int = CONTENT_WIDTH) -> QHBoxLayout:
    """The layout of a screen: `content` in the middle, at most `width` wide, with the outer margins."""
    holder = QWidget()
    holder.setLayout(content)
    holder.setMaximumWidth(theme().px(width))
    outer = row(spacing=0, margins=(16, 12, 16, 12))
    outer.addStretch(0)
    outer.addWidget(holder, 1)
    outer.addStretch(0)
    return outer
