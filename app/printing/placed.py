"""What a laid-out page consists of: measured rows of text, dotted lines, rules and boxes.

All lengths are PDF points. Inside a row, x counts from the left paper edge and y downwards from the
row's top; a page gives each row its distance from the top paper edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.printing.typeface import Style

PAGE_WIDTH = 595.28
PAGE_HEIGHT = 841.89
LEFT = 57.0
RIGHT = PAGE_WIDTH - 43.0
"""20 mm to bind, 15 mm on the right."""
TOP = 42.5

ASCENT = 0.94
"""Height over the baseline of a capital with two marks ("Ẩ"), in ems."""
DESCENT = 0.24


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style; y is its baseline."""

    x: float
    y: float
    text: str
    style: Style
    width: float
    origin: str = ""
    """Field id when this is a person's value, empty for the words of the form."""
    cell: float = 0.0
    """Width of the cell that each character stands in the middle of; 0 for running text."""


@dataclass(frozen=True, slots=True)
class Dots:
    """A dotted line to write on."""

    x: float
    y: float
    length: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A solid line, horizontal (`height` 0) or vertical (`width` 0)."""

    x: float
    y: float
    width: float
    height: float
    weight: float = 0.6


@dataclass(frozen=True, slots=True)
class Square:
    """A tick box; y is its lower edge."""

    x: float
    y: float
    side: float
    ticked: bool


Item: TypeAlias = Run | Dots | Rule | Square


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A strip of the page that is never split."""

    height: float
    items: tuple[Item, ...] = ()
    space: float = 0.0
    """Empty space above, dropped at the top of a page."""
    keep: bool = False
    """Stays on the page of the row after it."""
    reopen: tuple[Row, ...] = ()
    """Rows repeated above this one when it starts a page (the head of a table)."""
    close: tuple[Item, ...] = ()
    """Drawn as well when this row ends a page (the lower edge of a table)."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    row: Row
    top: float
    """Distance of the row's top from the top paper edge."""
    closed: bool = False
    """The row ends a page in the middle of a table."""

    def items(self) -> Iterator[Item]:
        yield from self.row.items
        if self.closed:
            yield from self.row.close


@dataclass(frozen=True, slots=True)
class Box:
    """Where something is on its page, in points from the lower left corner, for checks."""

    left: float
    bottom: float
    right: float
    top: float
    text: str
    origin: str

    def overlaps(self, other: Box) -> bool:
        slack = 0.01
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.bottom < other.top - slack
            and other.bottom < self.top - slack
        )


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[PlacedRow, ...]

    def boxes(self) -> Iterator[Box]:
        """Every text and tick box of the page, in reading order."""
        for placed in self.rows:
            for item in placed.items():
                y = PAGE_HEIGHT - placed.top - (0 if isinstance(item, Rule) else item.y)
                if isinstance(item, Run):
                    low, high = y - DESCENT * item.style.size, y + ASCENT * item.style.size
                    yield Box(item.x, low, item.x + item.width, high, item.text, item.origin)
                elif isinstance(item, Square):
                    yield Box(item.x, y, item.x + item.side, y + item.side, "", "")
