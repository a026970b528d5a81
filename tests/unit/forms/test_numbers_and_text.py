from __future__ import annotations

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.numbers import as_decimal, read_number, rounded, sentence, shown
from forms.text import Text, clean, clean_lines, fold


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("36,8", "36.8"),
        ("36.8", "36.8"),
        (" 160 ", "160"),
        (",5", "0.5"),
        ("5,", "5"),
        ("-3", "-3"),
        ("+3", "3"),
    ],
)
def test_reads_comma_and_point(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "abc", "1.234,5", "1 234", "1e3", "١٢", "9" * 10, "nan", ",", "-"])
def test_refuses_what_is_no_plain_number(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("number", "decimals", "result"),
    [
        ("22.95", 1, 23),
        ("22.94", 1, 22.9),
        ("36.85", 1, 36.9),
        ("0.5", 0, 1),
        ("160.0", 1, 160),
        ("3.255", 2, 3.26),
    ],
)
def test_rounds_half_up_and_keeps_whole_numbers_whole(number: str, decimals: int, result: float) -> None:
    value = rounded(Decimal(number), decimals)
    assert value == result
    assert isinstance(value, int) == (result == int(result))


@pytest.mark.parametrize("value", [True, None, "36", float("nan"), float("inf"), 10**12, 1e12, [], {}])
def test_only_plain_numbers_are_numbers(value: object) -> None:
    assert as_decimal(value) is None


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_shown_numbers_read_back(number: Decimal) -> None:
    assert read_number(shown(number, "vi")) == number
    assert read_number(shown(number, "en")) == number


def test_small_numbers_have_no_exponent() -> None:
    assert shown(0.00001) == "0,00001"


def test_a_sentence_writes_numbers_in_the_manner_of_each_language() -> None:
    assert sentence("BMI {n}: {w}", "BMI {n}: {w}", n=22.9, w="x") == Text("BMI 22,9: x", "BMI 22.9: x")


def test_clean_removes_what_cannot_be_seen_or_stored() -> None:
    assert clean("  Lò\u200b  Thị\u202e\x00\ud800 Mẫu\u00a0") == "Lò Thị Mẫu"
    assert clean_lines(" a \r\n\n b\rc ") == "a\n\nb\nc"


@given(st.text())
def test_clean_is_stable_composed_and_storable(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


def test_fold_joins_all_ways_of_typing_a_name() -> None:
    forms = ["Nguyễn Đình Hoà", "NGUYỄN ĐÌNH HÒA", unicodedata.normalize("NFD", "nguyễn đình hòa")]
    assert {fold(form) for form in forms} == {"nguyen dinh hoa"}
    assert fold("H\u2019Mông") == fold("Hmông") == "hmong"


def test_text_fills_placeholders_in_both_languages() -> None:
    assert Text("có {n}", "has {n}").format(n=2) == Text("có 2", "has 2")
    assert [Text("có", "yes").get(language) for language in ("vi", "en")] == ["có", "yes"]
