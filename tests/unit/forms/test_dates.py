from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.dates import PartialDate, months_between
from forms.text import Text
from forms.typed_dates import read_date

TODAY = date(2026, 11, 22)
BORN = st.builds(PartialDate.of, st.dates(date(1900, 1, 1), TODAY))
PARTIAL = st.one_of(
    BORN,
    BORN.map(lambda d: PartialDate(d.year, d.month)),
    BORN.map(lambda d: PartialDate(d.year)),
)


def typed(text: str, *, partial: bool = True, today: date = TODAY) -> str | Text:
    found = read_date(text, today, partial=partial)
    return found if isinstance(found, Text) else found.iso()


@pytest.mark.parametrize(
    "text",
    ["22/11/2026", "22-11-26", "221126", "22112026", "22.11.2026", "22 11 26", "2026-11-22", "20261122"],
)
@pytest.mark.parametrize("partial", [True, False])
def test_full_dates(text: str, partial: bool) -> None:
    assert typed(text, partial=partial) == "2026-11-22"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1/9/85", "1985-09-01"),
        ("ngày 5 tháng 9 năm 1985", "1985-09-05"),
        ("9/1985", "1985-09"),
        ("9/85", "1985-09"),
        ("1985/9", "1985-09"),
        ("091985", "1985-09"),
        ("tháng 9 năm 1985", "1985-09"),
        ("1985", "1985"),
        ("85", "1985"),
        ("26", "2026"),
        ("27", "1927"),
        ("??/09/1985", "1985-09"),
        ("xx/xx/1985", "1985"),
        ("__/__/1985", "1985"),
        ("00/00/1985", "1985"),
        ("0/9/1985", "1985-09"),
    ],
)
def test_partial_dates(text: str, iso: str) -> None:
    assert typed(text) == iso


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31/02/2026", "chỉ có 28 ngày"),
        ("5/13/2020", "Không có tháng 13"),
        ("5/0/1985", "Không có tháng 0"),
        ("9/12", "Chưa rõ năm nào"),
        ("1/1/123", "Năm này"),
        ("1/1/0985", "Năm này"),
        ("1", "Chưa đọc được ngày"),
        ("123", "Chưa đọc được ngày"),
        ("hôm qua", "Chưa đọc được ngày"),
        ("1/2/3/4", "Chưa đọc được ngày"),
        ("", "Chưa đọc được ngày"),
        ("999999999", "Chưa đọc được ngày"),
    ],
)
def test_says_what_is_wrong(text: str, words: str) -> None:
    found = typed(text)
    assert isinstance(found, Text)
    assert words in found.vi
    assert found.en


@pytest.mark.parametrize("text", ["1985", "9/1985", "85", "091985", "??/9/1985", "111/2"])
def test_a_full_date_needs_its_day(text: str) -> None:
    assert isinstance(typed(text, partial=False), Text)


def test_day_and_month_alone_mean_this_year_where_a_full_date_is_asked_for() -> None:
    assert typed("5/9", partial=False) == "2026-09-05"
    assert isinstance(typed("31/9", partial=False), Text)


def test_two_digits_of_a_year_never_lie_in_the_future() -> None:
    assert typed("1/1/26", today=date(2026, 1, 1)) == "2026-01-01"
    assert typed("1/1/27", today=date(2026, 1, 1)) == "1927-01-01"
    assert typed("99", today=date(2099, 5, 1)) == "2099"


@given(PARTIAL)
def test_what_is_shown_can_be_typed(value: PartialDate) -> None:
    assert typed(value.shown()) == value.iso()
    assert typed(value.iso()) == value.iso()


@given(BORN)
def test_full_dates_can_be_typed_in_every_shape(value: PartialDate) -> None:
    day = value.earliest
    for shape in ("%d/%m/%Y", "%d-%m-%Y", "%d%m%Y", "%d.%m.%Y", "%Y-%m-%d"):
        assert typed(day.strftime(shape), partial=False) == value.iso()
    if day.year > 1926:
        assert typed(day.strftime("%d/%m/%y"), partial=False) == value.iso()
        assert typed(day.strftime("%d%m%y"), partial=False) == value.iso()


@given(st.text(), st.booleans())
def test_reading_a_date_never_raises(text: str, partial: bool) -> None:
    read_date(text, TODAY, partial=partial)


@given(st.text(alphabet="0123456789/-.? x", max_size=12), st.booleans())
def test_reading_something_like_a_date_never_raises(text: str, partial: bool) -> None:
    found = read_date(text, TODAY, partial=partial)
    assert isinstance(found, Text) or partial or found.complete


@pytest.mark.parametrize(
    "iso", ["1985-9", "85", "1985-00", "1985-13-01", "1985-02-30", "abcd", "1985-09-05-1", "٢٠٢٦"]
)
def test_only_iso_is_iso(iso: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|day"):
        PartialDate.parse_iso(iso)


def test_a_partial_date_is_consistent() -> None:
    with pytest.raises(ValueError, match="month"):
        PartialDate(1985, 0, 5)
    with pytest.raises(ValueError, match="year"):
        PartialDate(0)
    assert PartialDate(2024, 2).latest == date(2024, 2, 29)
    assert (PartialDate(1985).earliest, PartialDate(1985).latest) == (date(1985, 1, 1), date(1985, 12, 31))


@pytest.mark.parametrize(
    ("birth", "on", "months"),
    [
        ("1985-09-05", date(2026, 9, 4), 491),
        ("1985-09-05", date(2026, 9, 5), 492),
        ("2026-01-31", date(2026, 2, 28), 1),
        ("1985", date(2026, 6, 30), 491),
        ("1985", date(2026, 7, 1), 492),
        ("2027", date(2026, 7, 1), 0),
    ],
)
def test_completed_months(birth: str, on: date, months: int) -> None:
    assert months_between(PartialDate.parse_iso(birth), on) == months
