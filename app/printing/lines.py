"""Fitting labels and values on dotted lines: side by side, on lines of their own, or wrapped.

Nothing is ever cut: a value that does not fit beside its neighbours gets its own line, and one longer
than a line goes on on the next. Dots are drawn only where there is no text, because a dot under a
letter is a Vietnamese tone mark.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.printing.placed import Dots, Item, Row, Run, Square
from app.printing.typeface import Face, Style, Typeface

PITCHES = ((17.7, 18.9), (17.2, 17.8), (16.6, 17.2))
"""From one line to the next where the program fills in the values, and where a pen does; the roomiest
first. A tighter one is taken when it saves a page."""
LABEL = Style(Face.REGULAR, 12)
VALUE = Style(Face.VALUE, 12)
STRONG = Style(Face.BOLD, 12)
PROSE = Style(Face.REGULAR, 12)
"""Values under a heading in bold, where weight says nothing."""

_GAP = 4.0
_SLOT_GAP = 8.0
_MIN_DOTS = 34.0
_DOT_STEP = 2.4
_FEWEST_DOTS = 5
_DATE_PARTS = (20.0, 20.0, 32.0)
TICK_SIDE = 9.5
_TICK_GAP = 5.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One slot, formatted: what is printed before the blank, in it and after it."""

    share: float = 1.0
    label: str = ""
    label_style: Style = LABEL
    value: tuple[str, ...] = ()
    """Lines; only the first stands beside the label."""
    value_style: Style = VALUE
    unit: str = ""
    origin: str = ""
    tab: float = 0.0
    lead: str = ""
    ticks: tuple[tuple[str, bool], ...] | None = None
    date: tuple[str, str, str] | None = None
    """Day, month, year of a date that is not whole, "" where unknown."""
    dotted: bool = True
    """Dots follow the value: there is room to write more."""


@dataclass(slots=True)
class LineFitter:
    """Makes rows out of pieces. `left` and `right` are the edges of the text on the paper."""

    typeface: Typeface
    left: float
    right: float
    pitch: float = PITCHES[0][0]
    _widths: dict[tuple[str, Style], float] = field(default_factory=dict)

    def pitched(self, pitch: float) -> LineFitter:
        """The same fitter, sharing its measures, with another distance of lines."""
        return replace(self, pitch=pitch)

    @property
    def baseline(self) -> float:
        """From the top of a line to the feet of its letters."""
        return self.pitch - 4.5

    def width(self, text: str, style: Style) -> float:
        """Measured once per text: labels and frequent words come back on every page."""
        known = self._widths.get((text, style))
        if known is None:
            known = self._widths[text, style] = self.typeface.width(text, style)
        return known

    def heading(self, text: str, space: float = 0.0) -> Row:
        run = Run(self.left, self.baseline, text, STRONG, self.width(text, STRONG))
        return Row(height=self.pitch, items=(run,), keep=True, space=space)

    def line(self, pieces: Sequence[Piece], indent: float = 0.0) -> list[Row]:
        """One row when everything fits, otherwise as many as needed."""
        left = self.left + indent
        room = self.right - left + _SLOT_GAP
        needs = [self._need(piece) for piece in pieces]
        total = sum(piece.share for piece in pieces)
        planned = [room * piece.share / total for piece in pieces]
        if all(need <= width for need, width in zip(needs, planned, strict=True)):
            return [self._row(pieces, planned, left)]
        rows: list[Row] = []
        for group in _packed(pieces, needs, room):
            wants = [needs[index] for index in group]
            chosen = [pieces[index] for index in group]
            if wants[0] > room:
                alone = self.paragraph if chosen[0].ticks is None else self._tick_rows
                rows.extend(alone(chosen[0], indent))
                continue
            spare = (room - sum(wants)) / sum(piece.share for piece in chosen)
            widths = [want + spare * piece.share for want, piece in zip(wants, chosen, strict=True)]
            rows.append(self._row(chosen, widths, left))
        return [replace(row, keep=True) for row in rows[:-1]] + rows[-1:]

    def paragraph(self, piece: Piece, indent: float = 0.0, lines: int = 1) -> list[Row]:
        """Label and text over full lines; `lines` is how many there are at least."""
        left = self.left + indent
        rows, items, start = self._long_label(piece, left)
        style = piece.value_style
        texts = self.wrapped(piece.value, style, self.right - start, self.right - left)
        written = len(texts)
        texts += [""] * (lines - written)
        for number, text in enumerate(texts):
            x = start if number == 0 else left
            row_items = list(items) if number == 0 else []
            if text:
                run = Run(x, self.baseline, text, style, self.width(text, style), piece.origin)
                row_items.append(run)
                x += run.width + _GAP
            if not text or (piece.dotted and number >= written - 1):
                row_items.extend(self._dots(x, self.right))
            rows.append(Row(height=self.pitch, items=tuple(row_items), keep=_glued(number, len(texts))))
        return rows

    def _long_label(self, piece: Piece, left: float) -> tuple[list[Row], list[Item], float]:
        """Rows of a label longer than a line, its last words, and where the blank begins."""
        if left + self._label_end(piece) <= self.right:
            return [], *self._label(piece, left)
        room = self.right - left
        *full, last = self.wrapped([f"{piece.lead} {piece.label}"], piece.label_style, room, room)
        rows = [self._words_row(text, piece.label_style, left) for text in full]
        return rows, *self._label(replace(piece, lead="", label=last, tab=0.0), left)

    def _words_row(self, text: str, style: Style, left: float) -> Row:
        run = Run(left, self.baseline, text, style, self.width(text, style))
        return Row(height=self.pitch, items=(run,), keep=True)

    def _tick_rows(self, piece: Piece, indent: float) -> list[Row]:
        """Tick boxes that need more than one line, under a label of its own line."""
        left = self.left + indent
        groups: list[list[tuple[str, bool]]] = [[]]
        used = 0.0
        for text, ticked in piece.ticks or ():
            width = self._tick_width(text)
            if groups[-1] and used + width > self.right - left:
                groups.append([])
                used = 0.0
            groups[-1].append((text, ticked))
            used += width
        label = f"{piece.lead} {piece.label}".strip()
        rows = [self._words_row(label, piece.label_style, left)]
        rows += [Row(height=self.pitch, items=tuple(self._ticks(group, left)), keep=True) for group in groups]
        return [*rows[:-1], replace(rows[-1], keep=False)]

    def wrapped(self, lines: Sequence[str], style: Style, first: float, room: float) -> list[str]:
        """Break lines into pieces of at most `room` points, the very first at most `first` points.

        A first piece may be empty when the first word only fits on the next line.
        """
        found: list[str] = []
        space = self.width(" ", style)
        for line in lines:
            taken: list[str] = []
            used = 0.0
            limit = room if found else first
            for word in self._words(line, style, room):
                width = self.width(word, style)
                if used + width > limit and (taken or not found):
                    found.append(" ".join(taken))
                    taken, used, limit = [], 0.0, room
                taken.append(word)
                used += width + space
            found.append(" ".join(taken))
        return found or [""]

    def _words(self, line: str, style: Style, room: float) -> Iterator[str]:
        """Words, those wider than a whole line cut into pieces that fit."""
        for word in line.split():
            rest = word
            while self.width(rest, style) > room:
                take = max(1, int(len(rest) * room / self.width(rest, style)))
                while take > 1 and self.width(rest[:take], style) > room:
                    take -= 1
                yield rest[:take]
                rest = rest[take:]
            yield rest

    def _label_end(self, piece: Piece) -> float:
        """From the start of a slot to where its blank begins."""
        lead = self.width(piece.lead, LABEL) + _GAP if piece.lead else 0.0
        label = self.width(piece.label, piece.label_style) + _GAP if piece.label else 0.0
        return max(lead, piece.tab) + label

    def _need(self, piece: Piece) -> float:
        """Width the piece must have, the gap to its right neighbour included."""
        need = self._label_end(piece) + _SLOT_GAP
        if piece.ticks is not None:
            return need + sum(self._tick_width(text) for text, _ in piece.ticks)
        if piece.unit:
            need += self.width(piece.unit, LABEL) + _GAP
        if piece.date:
            return need + sum(self._date_widths(piece.date)) + 2 * self.width("/", LABEL)
        if not piece.value:
            return need + _MIN_DOTS
        if len(piece.value) > 1:
            return math.inf
        return need + self.width(piece.value[0], VALUE)

    def _tick_width(self, text: str) -> float:
        return self.width(text, LABEL) + _TICK_GAP + TICK_SIDE + 3 * _GAP

    def _date_widths(self, parts: tuple[str, str, str]) -> list[float]:
        return [
            self.width(part, VALUE) if part else room for part, room in zip(parts, _DATE_PARTS, strict=True)
        ]

    def _row(self, pieces: Sequence[Piece], widths: Sequence[float], left: float) -> Row:
        items: list[Item] = []
        x = left
        for number, (piece, width) in enumerate(zip(pieces, widths, strict=True)):
            last = number == len(pieces) - 1
            items.extend(self._slot(piece, x, self.right if last else x + width - _SLOT_GAP))
            x += width
        return Row(height=self.pitch, items=tuple(items))

    def _label(self, piece: Piece, x: float) -> tuple[list[Item], float]:
        """The words before a blank and where the blank begins."""
        items: list[Item] = []
        start = x
        if piece.lead:
            width = self.width(piece.lead, LABEL)
            items.append(Run(x, self.baseline, piece.lead, LABEL, width))
            x += width + _GAP
        x = max(x, start + piece.tab)
        if piece.label:
            width = self.width(piece.label, piece.label_style)
            items.append(Run(x, self.baseline, piece.label, piece.label_style, width))
            x += width + _GAP
        return items, x

    def _slot(self, piece: Piece, left: float, right: float) -> Iterator[Item]:
        items, x = self._label(piece, left)
        yield from items
        if piece.ticks is not None:
            yield from self._ticks(piece.ticks, x)
            return
        if piece.unit:
            width = self.width(piece.unit, LABEL)
            right -= width + _GAP
            yield Run(right + _GAP, self.baseline, piece.unit, LABEL, width)
        if piece.date:
            yield from self._date(piece, piece.date, x)
            return
        if piece.value:
            width = self.width(piece.value[0], VALUE)
            yield Run(x, self.baseline, piece.value[0], VALUE, width, piece.origin)
            x += width + _GAP
        if piece.dotted:
            yield from self._dots(x, right)

    def _ticks(self, ticks: Sequence[tuple[str, bool]], x: float) -> Iterator[Item]:
        for text, ticked in ticks:
            width = self.width(text, LABEL)
            yield Run(x, self.baseline, text, LABEL, width)
            yield Square(x + width + _TICK_GAP, self.baseline + 1.0, TICK_SIDE, ticked)
            x += self._tick_width(text)

    def _date(self, piece: Piece, parts: tuple[str, str, str], x: float) -> Iterator[Item]:
        slash = self.width("/", LABEL)
        for number, (part, width) in enumerate(zip(parts, self._date_widths(parts), strict=True)):
            if part:
                yield Run(x, self.baseline, part, VALUE, width, piece.origin)
            else:
                yield from self._dots(x, x + width)
            x += width
            if number < len(parts) - 1:
                yield Run(x, self.baseline, "/", LABEL, slash)
                x += slash

    def _dots(self, left: float, right: float) -> Iterator[Dots]:
        """A dotted line on a grid common to the page, so that dots stand under one another."""
        start = math.ceil(left / _DOT_STEP) * _DOT_STEP
        if right - start >= _FEWEST_DOTS * _DOT_STEP:
            yield Dots(start, self.baseline + 1.2, right - start)


def _packed(pieces: Sequence[Piece], needs: Sequence[float], room: float) -> Iterator[list[int]]:
    """Indexes of the pieces that share a line, in order."""
    group: list[int] = []
    used = 0.0
    for index in range(len(pieces)):
        if group and used + needs[index] > room:
            yield group
            group, used = [], 0.0
        group.append(index)
        used += needs[index]
    if group:
        yield group


def _glued(number: int, count: int) -> bool:
    """Two lines of a paragraph stay together at either end of a page."""
    return number < count - 1 and number in {0, count - 2}
