"""Dates as people know them: full, month and year, or year only; and ages in completed months.

Of 13,326 elderly people registered in one district, 13,317 had only a birth year (form-831 §6): a
partial date is the normal case, and 01/01 is never invented.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A civil date whose day, or day and month, may be unknown (0)."""

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 9999:
            raise ValueError(f"year {self.year} out of range")
        if self.month == 0 and self.day != 0:
            raise ValueError("a day needs a month")
        if self.month:
            date(self.year, self.month, self.day or 1)

    @classmethod
    def parse_iso(cls, text: str) -> Self:
        """From `1985`, `1985-09` or `1985-09-05`; ValueError otherwise."""
        pieces = text.split("-")
        widths = tuple(len(p) for p in pieces)
        if widths not in {(4,), (4, 2), (4, 2, 2)} or not all(p.isascii() and p.isdigit() for p in pieces):
            raise ValueError(f"not a date: {text!r}")
        numbers = [int(p) for p in pieces]
        if 0 in numbers[1:]:
            raise ValueError(f"not a date: {text!r}")
        return cls(*numbers)

    @classmethod
    def of(cls, value: date) -> Self:
        return cls(value.year, value.month, value.day)

    @property
    def complete(self) -> bool:
        return self.day != 0

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def iso(self) -> str:
        if not self.month:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")

    def shown(self) -> str:
        """05/09/1985, 09/1985 or 1985."""
        if not self.month:
            return f"{self.year:04d}"
        return (f"{self.day:02d}/" if self.day else "") + f"{self.month:02d}/{self.year:04d}"


def months_between(birth: PartialDate, on: date) -> int:
    """Age in completed calendar months on a day; negative never (0 before birth).

    An unknown day counts as the 1st; a birth year alone counts from 1 July, the middle of what is possible.
    """
    start = date(birth.year, birth.month or 7, birth.day or 1)
    months = (on.year - start.year) * 12 + on.month - start.month
    last_day = calendar.monthrange(on.year, on.month)[1]
    if on.day < min(start.day, last_day):
        months -= 1
    return max(months, 0)
