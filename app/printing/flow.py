"""Distributing rows over pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.printing.placed import PlacedRow, Row


@dataclass(slots=True)
class Flow:
    """Fills pages from `top` (later pages from `later_top`) down to `bottom`, in points from the paper's top.

    Rows that keep together move to the next page together, unless they are higher than a page.
    """

    top: float
    later_top: float
    bottom: float
    pages: list[list[PlacedRow]] = field(default_factory=lambda: [[]])

    def place(self, rows: Sequence[Row]) -> list[list[PlacedRow]]:
        y = self.top
        for chain in _chains(rows):
            if self.pages[-1] and y + sum(row.space + row.height for row in chain) > self.bottom:
                y = self._next_page(chain[0])
            for row in chain:
                space = row.space if self.pages[-1] else 0.0
                if self.pages[-1] and y + space + row.height > self.bottom:
                    y, space = self._next_page(row), 0.0
                self.pages[-1].append(PlacedRow(row, y + space))
                y += space + row.height
        return self.pages

    def _next_page(self, first: Row) -> float:
        """Close the page and open the next for `first`; gives the height at which it starts."""
        page = self.pages[-1]
        if first.reopen and page[-1].row.close:
            page[-1] = replace(page[-1], closed=True)
        y = self.later_top
        opening = []
        for row in first.reopen:
            opening.append(PlacedRow(row, y))
            y += row.height
        self.pages.append(opening)
        return y


def _chains(rows: Sequence[Row]) -> Iterator[list[Row]]:
    chain: list[Row] = []
    for row in rows:
        chain.append(row)
        if not row.keep:
            yield chain
            chain = []
    if chain:
        yield chain
