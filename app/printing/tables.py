"""Ruled tables as rows that can be split between pages at any line of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.printing.lines import LineFitter
from app.printing.placed import Item, Row, Rule, Run
from app.printing.typeface import Face, Style

HEAD = Style(Face.BOLD, 11)
HEAD_UNIT = Style(Face.REGULAR, 10)

_PAD = 4.0
_LEADING = 15.0
_BELOW = 3.0
_HEAD_LEADING = 13.0
_DROP = 0.33
"""Half the height of a letter, in ems: from the middle of a line to its baseline."""


@dataclass(frozen=True, slots=True)
class CellText:
    lines: tuple[str, ...]
    style: Style
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """One column: `share` is its part of the width between the fitter's margins."""

    share: float
    title: str
    unit: str = ""
    centred: bool = False


@dataclass(slots=True)
class TableRuler:
    fitter: LineFitter
    columns: Sequence[Head]

    def rows(self, cells: Sequence[Sequence[CellText]], min_height: float) -> list[Row]:
        head = self._head()
        body: list[Row] = []
        for row in cells:
            body.extend(self._body_row(row, min_height, head))
        body[-1] = replace(body[-1], height=body[-1].height + _BELOW)
        return [replace(head, space=3.0, keep=True), *body]

    def _edges(self) -> list[float]:
        edges = [self.fitter.left]
        room = self.fitter.right - self.fitter.left
        for column in self.columns:
            edges.append(edges[-1] + column.share * room)
        return edges

    def _head(self) -> Row:
        edges = self._edges()
        items: list[Item] = []
        titles = []
        for column, left, right in zip(self.columns, edges, edges[1:], strict=False):
            room = right - left - _PAD
            lines = [(text, HEAD) for text in self.fitter.wrapped([column.title], HEAD, room, room)]
            if column.unit:
                lines.append((column.unit, HEAD_UNIT))
            titles.append(lines)
        tallest = max(len(lines) for lines in titles)
        height = tallest * _HEAD_LEADING + _PAD
        for lines, left, right in zip(titles, edges, edges[1:], strict=False):
            y = (height - len(lines) * _HEAD_LEADING) / 2
            for text, style in lines:
                width = self.fitter.width(text, style)
                baseline = y + _HEAD_LEADING / 2 + _DROP * style.size
                items.append(Run((left + right - width) / 2, baseline, text, style, width))
                y += _HEAD_LEADING
        room = edges[-1] - edges[0]
        items.append(Rule(edges[0], 0, room, 0))
        items.append(Rule(edges[0], height, room, 0))
        items.extend(Rule(edge, 0, 0, height) for edge in edges)
        return Row(height=height, items=tuple(items))

    def _body_row(self, cells: Sequence[CellText], min_height: float, head: Row) -> list[Row]:
        """Slices of one line each, so that a long cell can go on on the next page."""
        edges = self._edges()
        wrapped = []
        for cell, left, right in zip(cells, edges, edges[1:], strict=False):
            room = right - left - 2 * _PAD
            wrapped.append(self.fitter.wrapped(cell.lines, cell.style, room, room))
        count = max(len(lines) for lines in wrapped)
        spare = max(min_height - count * _LEADING, 2 * _PAD)
        edge_rule = Rule(edges[0], 0, edges[-1] - edges[0], 0)
        slices = []
        for number in range(count):
            above = spare / 2 if number == 0 else 0.0
            height = above + _LEADING + (spare / 2 if number == count - 1 else 0.0)
            items: list[Item] = [Rule(edge, 0, 0, height) for edge in edges]
            for index, (cell, lines) in enumerate(zip(cells, wrapped, strict=True)):
                text = lines[number] if number < len(lines) else ""
                if not text:
                    continue
                width = self.fitter.width(text, cell.style)
                x = edges[index] + _PAD
                if self.columns[index].centred:
                    x = (edges[index] + edges[index + 1] - width) / 2
                baseline = above + _LEADING / 2 + _DROP * cell.style.size
                items.append(Run(x, baseline, text, cell.style, width, cell.origin))
            closing = replace(edge_rule, y=height)
            if number == count - 1:
                items.append(closing)
            keep = number < count - 1 and (count <= 4 or number in {0, count - 2})
            slices.append(Row(height=height, items=tuple(items), keep=keep, reopen=(head,), close=(closing,)))
        return slices
