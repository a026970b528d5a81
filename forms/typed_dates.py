"""Dates as people type them: 22/11/2026, 22-11-26, 221126, 1/9/85, 9/1985, 1985, 85, ??/09/1985.

Day comes before month. A year of two digits is the latest such year that is not after today's: 85 is 1985,
26 is 2026 in 2026. Where a full date is asked for, day and month alone mean this year. A day or month
typed as 0, 00, ?, x or _ is unknown.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from forms.dates import PartialDate
from forms.text import Text, clean, fold

_UNKNOWN_PIECE = re.compile(r"(?<!\w)[?xX_]{1,4}(?!\w)")
_WORDS = frozenset({"ngay", "thang", "nam"})
_YEARS = range(1800, 2200)

_UNREAD_FULL = Text(
    "Chưa đọc được ngày. Gõ đủ ngày, tháng, năm, ví dụ 22/11/2026.",
    "This is not a date. Type day, month and year, for example 22/11/2026.",
)
_UNREAD_PARTIAL = Text(
    "Chưa đọc được ngày. Gõ 05/09/1985; chưa rõ ngày thì gõ 09/1985, chỉ biết năm thì gõ 1985.",
    "This is not a date. Type 05/09/1985, or 09/1985 or 1985 where the rest is unknown.",
)
_YEAR_NEEDED = Text(
    "Chưa rõ năm nào. Gõ đủ bốn chữ số của năm, ví dụ 09/2012.",
    "The year is not clear. Type all four digits of it, for example 09/2012.",
)
_YEAR_ODD = Text(
    "Năm này không dùng được. Gõ năm bốn chữ số, ví dụ 1985.",
    "This year cannot be used. Type a year of four digits, for example 1985.",
)


class _ImpossibleDateError(ValueError):
    def __init__(self, text: Text) -> None:
        super().__init__("not a date")
        self.text = text


def read_date(typed: str, today: date, *, partial: bool) -> PartialDate | Text:
    """The date, complete unless `partial`; otherwise the sentence that says what to type."""
    unread = _UNREAD_PARTIAL if partial else _UNREAD_FULL
    folded = fold(_UNKNOWN_PIECE.sub("0", clean(typed)))
    pieces = [word for word in folded.split() if word not in _WORDS]
    if not pieces or not all(p.isascii() and p.isdigit() and len(p) <= 8 for p in pieces):
        return unread
    try:
        found = _from_pieces(pieces, today, partial=partial)
    except _ImpossibleDateError as problem:
        return problem.text
    return unread if found is None or not (partial or found.complete) else found


def _from_pieces(pieces: list[str], today: date, *, partial: bool) -> PartialDate | None:
    if len(pieces) == 1:
        return _from_digits(pieces[0], today, partial=partial)
    if len(pieces) == 2:
        return _month_year(pieces, today) if partial else _day_month(pieces, today)
    if len(pieces) == 3:
        year, month, day = pieces if len(pieces[0]) == 4 else reversed(pieces)
        return _made(_year(year, today), month, day)
    return None


def _from_digits(digits: str, today: date, *, partial: bool) -> PartialDate | None:
    """ddMMyyyy, yyyyMMdd, ddMMyy; where a part may be unknown also MMyyyy, yyyy, yy."""
    readings: list[tuple[str, str, str]] = []
    if len(digits) == 8:
        readings = [(digits[4:], digits[2:4], digits[:2]), (digits[:4], digits[4:6], digits[6:])]
    elif len(digits) == 6:
        readings = [(digits[4:], digits[2:4], digits[:2])]
        if partial:
            readings.append((digits[2:], digits[:2], "0"))
    elif len(digits) in {2, 4} and partial:
        readings = [(digits, "0", "0")]
    problem: _ImpossibleDateError | None = None
    for year, month, day in readings:
        try:
            return _made(_year(year, today), month, day)
        except _ImpossibleDateError as refused:
            problem = problem or refused
    if problem is not None:
        raise problem
    return None


def _month_year(pieces: list[str], today: date) -> PartialDate | None:
    first, second = pieces
    if len(first) == 4:
        return _made(_year(first, today), second, "0")
    if len(second) == 2 and int(second) <= 12:
        raise _ImpossibleDateError(_YEAR_NEEDED)
    return _made(_year(second, today), first, "0")


def _day_month(pieces: list[str], today: date) -> PartialDate | None:
    day, month = pieces
    if len(day) > 2 or len(month) > 2:
        return None
    return _made(today.year, month, day)


def _year(text: str, today: date) -> int:
    if len(text) == 2:
        year = today.year - today.year % 100 + int(text)
        return year if year <= today.year else year - 100
    if len(text) != 4 or int(text) not in _YEARS:
        raise _ImpossibleDateError(_YEAR_ODD)
    return int(text)


def _made(year: int, month_text: str, day_text: str) -> PartialDate:
    month, day = int(month_text), int(day_text)
    if month == 0 and day == 0:
        return PartialDate(year)
    if not 1 <= month <= 12:
        raise _ImpossibleDateError(
            Text(
                f"Không có tháng {month}. Gõ ngày trước, tháng sau, ví dụ 22/11/2026.",
                f"There is no month {month}. Type the day first, then the month, for example 22/11/2026.",
            )
        )
    last = calendar.monthrange(year, month)[1]
    if day > last:
        raise _ImpossibleDateError(
            Text(
                f"Tháng {month:02d}/{year} chỉ có {last} ngày. Xem lại ngày.",
                f"{month:02d}/{year} has only {last} days. Check the day.",
            )
        )
    return PartialDate(year, month, day)
