from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalogue import form
from forms.compute import age_text, bmi, bmi_class, bp_class, computed
from forms.dates import PartialDate
from forms.model import Context
from forms.text import Text

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("weight", "height", "value"),
    [(58.5, 160, 22.9), (64, 160, 25), (22.95, 100, 23), (22.94, 100, 22.9), (3.2, 50, 12.8)],
)
def test_bmi_has_one_decimal_half_up(weight: float, height: float, value: float) -> None:
    assert bmi(weight, height) == value


@pytest.mark.parametrize(
    ("weight", "height"), [(None, 160), (58.5, None), (58.5, 0), (-1, 160), (float("nan"), 160), (500, 1)]
)
def test_no_bmi_without_a_body(weight: float | None, height: float | None) -> None:
    assert bmi(weight, height) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (18.4, "Thiếu cân"),
        (18.5, "Bình thường"),
        (22.9, "Bình thường"),
        (23, "Thừa cân"),
        (24.9, "Thừa cân"),
        (25, "Béo phì độ I"),
        (29.9, "Béo phì độ I"),
        (30, "Béo phì độ II"),
    ],
)
def test_bmi_classes(value: float, words: str) -> None:
    found = bmi_class(value, 240)
    assert found is not None
    assert found.vi == words


def test_bmi_classes_are_for_adults_who_are_not_pregnant() -> None:
    assert bmi_class(22, 239) is None
    assert bmi_class(22, None) is None
    assert bmi_class(None, 300) is None
    assert bmi_class(22, 300, pregnant=True) is None


@pytest.mark.parametrize(
    ("high", "low", "words"),
    [
        (119, 79, "Huyết áp tối ưu"),
        (120, 79, "Huyết áp bình thường"),
        (119, 80, "Huyết áp bình thường"),
        (130, 80, "Huyết áp bình thường cao"),
        (128, 85, "Huyết áp bình thường cao"),
        (132, 90, "Tăng huyết áp độ 1"),
        (140, 90, "Tăng huyết áp độ 1"),
        (150, 85, "Tăng huyết áp độ 1 (tâm thu đơn độc)"),
        (165, 95, "Tăng huyết áp độ 2"),
        (150, 100, "Tăng huyết áp độ 2"),
        (180, 80, "Tăng huyết áp độ 3 (tâm thu đơn độc)"),
        (150, 110, "Tăng huyết áp độ 3"),
    ],
)
def test_blood_pressure_classes(high: int, low: int, words: str) -> None:
    found = bp_class(high, low, 216)
    assert found is not None
    assert found.vi == words
    assert found.en


def test_blood_pressure_classes_are_for_adults_with_both_values() -> None:
    assert bp_class(150, 95, 215) is None
    assert bp_class(150, 95, None) is None
    assert bp_class(150, None, 500) is None
    assert bp_class(None, 95, 500) is None


@pytest.mark.parametrize(
    ("birth", "vi", "en"),
    [
        ("1985", "41 tuổi", "41 years"),
        ("1985-12", "40 tuổi", "40 years"),
        ("1985-11-22", "41 tuổi", "41 years"),
        ("1985-11-23", "40 tuổi", "40 years"),
        ("2026-06-10", "5 tháng 12 ngày", "5 months 12 days"),
        ("2026-10-22", "1 tháng", "1 month"),
        ("2026-11-21", "1 ngày", "1 day"),
        ("2026-11-22", "0 ngày", "0 days"),
        ("2026-06", "5 tháng", "5 months"),
        ("2020-11-23", "71 tháng 30 ngày", "71 months 30 days"),
        ("2020-11-22", "6 tuổi", "6 years"),
        ("2025", "1 tuổi", "1 year"),
        ("2026", "dưới 1 tuổi", "under 1 year"),
        ("2026-11-23", "", ""),
        ("2027", "", ""),
        ("sau Tết", "", ""),
    ],
)
def test_ages_in_words(birth: str, vi: str, en: str) -> None:
    assert age_text(birth, TODAY) == vi
    assert age_text(birth, TODAY, "en") == en


def test_age_of_a_partial_date_and_of_nobody() -> None:
    assert age_text(PartialDate(1985), TODAY) == "41 tuổi"
    assert age_text(None, TODAY) == ""
    assert age_text("2024-01-31", date(2024, 2, 29)) == "1 tháng"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_an_age_is_always_told_after_birth(birth: date, on: date) -> None:
    assert bool(age_text(birth.isoformat(), on)) == (birth <= on)
    assert "-" not in age_text(birth.isoformat(), on)


def test_computed_fields_come_and_go_with_their_measures() -> None:
    context = Context(TODAY)
    assert computed(form(), "exam", {"weight": 58.5, "height": 160}, context) == {"bmi": 22.9}
    assert computed(form(), "exam", {"weight": 58.5, "height": "cao"}, context) == {}
    assert computed(form(), "person", {"weight": 58.5, "height": 160}, context) == {}


def test_classes_are_bilingual() -> None:
    assert bmi_class(30, 300) == Text("Béo phì độ II", "Obese, class II")
