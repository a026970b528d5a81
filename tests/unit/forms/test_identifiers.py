from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import identifiers
from forms.text import Text


@pytest.mark.parametrize("typed", ["038185012345", "038 185 012 345", "038-185-012345", "038.185.012345"])
def test_citizen_id(typed: str) -> None:
    assert identifiers.read_person_id(typed, (12,)) == "038185012345"


@pytest.mark.parametrize(
    ("typed", "lengths", "words"),
    [
        ("03818501234", (12,), "có 11 chữ số. Gõ đủ 12"),
        ("173456789", (12,), "có 9 chữ số"),
        ("03818501234x", (12,), "chỉ gồm chữ số"),
        ("1234", (9, 12), "9 hoặc 12"),
        ("٠٣٨١٨٥٠١٢٣٤٥", (12,), "chỉ gồm chữ số"),
    ],
)
def test_wrong_shapes_are_explained(typed: str, lengths: tuple[int, ...], words: str) -> None:
    found = identifiers.read_person_id(typed, lengths)
    assert isinstance(found, Text)
    assert words in found.vi


def test_old_identity_card() -> None:
    assert identifiers.read_person_id("173 456 789", (9, 12)) == "173456789"


@pytest.mark.parametrize(
    ("number", "sex", "year", "known"),
    [
        ("038185012345", "female", 1985, True),
        ("038079000123", "male", 1979, True),
        ("038316000777", "female", 2016, True),
        ("103000000001", "male", 1900, False),
        ("003000000001", "male", 1900, False),
    ],
)
def test_what_a_citizen_id_says(number: str, sex: str, year: int, known: bool) -> None:
    assert identifiers.citizen_id_sex(number) == sex
    assert identifiers.citizen_id_birth_year(number) == year
    assert identifiers.citizen_id_province_known(number) is known


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("3812345678", "3812345678"),
        ("38 1234 5678", "3812345678"),
        ("dt2 38 3812345678", "DT2383812345678"),
        ("DT-2-38-3812345678", "DT2383812345678"),
    ],
)
def test_insurance_numbers(typed: str, stored: str) -> None:
    assert identifiers.read_insurance(typed) == stored
    assert identifiers.insurance_base(stored) == "3812345678"
    assert identifiers.insurance_group_known(stored)


@pytest.mark.parametrize(
    "typed", ["381234567", "DT6383812345678", "D12383812345678", "DT238381234567", "abc"]
)
def test_wrong_insurance_numbers(typed: str) -> None:
    assert isinstance(identifiers.read_insurance(typed), Text)


def test_an_unknown_insurance_group_is_only_noticed() -> None:
    assert not identifiers.insurance_group_known("ZZ2383812345678")


@pytest.mark.parametrize(
    ("typed", "stored", "mobile"),
    [
        ("0912 345 678", "0912345678", True),
        ("0912.345.678", "0912345678", True),
        ("+84 912 345 678", "0912345678", True),
        ("+84 (0) 912 345 678", "0912345678", True),
        ("0084912345678", "0912345678", True),
        ("84912345678", "0912345678", True),
        ("912345678", "0912345678", True),
        ("0237 3875 123", "02373875123", False),
        ("01234567890", "01234567890", False),
    ],
)
def test_phones(typed: str, stored: str, mobile: bool) -> None:
    assert identifiers.read_phone(typed) == stored
    assert identifiers.is_mobile(stored) is mobile


@pytest.mark.parametrize("typed", ["113", "1234567890", "09123456789012", "điện thoại"])
def test_wrong_phones(typed: str) -> None:
    assert isinstance(identifiers.read_phone(typed), Text)


def test_mask_shows_the_last_four() -> None:
    assert identifiers.mask("038185012345") == "…2345"
    assert identifiers.mask("") == ""


@given(st.text())
def test_nothing_raises(text: str) -> None:
    for read in (identifiers.read_person_id, identifiers.read_insurance, identifiers.read_phone):
        found = read(text)
        assert isinstance(found, Text) or read(found) == found
    identifiers.mask(text)
