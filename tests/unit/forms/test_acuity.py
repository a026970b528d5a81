from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.acuity import rank, read_acuity, tenths, worse_with_glasses

CANONICAL = (
    *(f"{n}/10" for n in range(21)),
    "1/20",
    "1/50",
    "ĐNT",
    "ĐNT 0,5m",
    *(f"ĐNT {n}m" for n in range(1, 6)),
    "BBT",
    "ST(+)",
    "ST(-)",
    "KHT",
)


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_notation_stays(text: str) -> None:
    assert read_acuity(text) == text


@pytest.mark.parametrize(
    ("typed", "text", "number"),
    [
        ("7/10", "7/10", 7),
        (" 07 / 10 ", "7/10", 7),
        ("7", "7/10", 7),
        ("12", "12/10", 12),
        ("0,7", "7/10", 7),
        ("0.7", "7/10", 7),
        ("1,0", "10/10", 10),
        ("1.5", "15/10", 15),
        ("0,05", "1/20", 0.5),
        ("0.02", "1/50", 0.2),
        ("1 / 20", "1/20", 0.5),
        ("dnt 3m", "ĐNT 3m", None),
        ("DNT3", "ĐNT 3m", None),
        ("đnt 0,5 m", "ĐNT 0,5m", None),
        ("đếm ngón tay 2m", "ĐNT 2m", None),
        ("bóng bàn tay", "BBT", None),
        ("st+", "ST(+)", None),
        ("ST (\u2212)", "ST(-)", None),
        ("sáng tối (+)", "ST(+)", None),
        ("không hợp tác", "KHT", None),
    ],
)
def test_reads_what_stations_write(typed: str, text: str, number: float | None) -> None:
    assert read_acuity(typed) == text
    assert tenths(text) == number


@pytest.mark.parametrize(
    "typed", ["", "11", "0", "21/10", "0,75", "2,1", "ST", "ĐNT 6m", "abc", "20/20", "-1"]
)
def test_leaves_the_rest_unread(typed: str) -> None:
    assert read_acuity(typed) is None


def test_every_notation_has_its_place() -> None:
    ordered = [
        "ST(-)",
        "ST(+)",
        "BBT",
        "ĐNT",
        "ĐNT 0,5m",
        "ĐNT 1m",
        "ĐNT 5m",
        "1/50",
        "1/20",
        "1/10",
        "10/10",
    ]
    ranks = [rank(text) or 0.0 for text in ordered]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert rank("KHT") is None
    assert rank("mờ") is None


def test_glasses_should_help() -> None:
    assert worse_with_glasses("8/10", "4/10")
    assert not worse_with_glasses("4/10", "4/10")
    assert not worse_with_glasses("KHT", "4/10")
    assert not worse_with_glasses("", "4/10")


@given(st.text())
def test_never_raises(text: str) -> None:
    found = read_acuity(text)
    assert found is None or read_acuity(found) == found
    tenths(text)
    rank(text)
