"""Values the program works out: BMI, its class, the class of a blood pressure, ages in words.

Sources: BMI classes QĐ 2892/QĐ-BYT (22/10/2022) table 4.1, adults from 20 years, Asian cut-offs; blood
pressure grades of QĐ 3192/QĐ-BYT 2010, from 18 years, the higher component decides.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from forms import answers as read
from forms.dates import PartialDate
from forms.model import Answers, Context, FormDefinition, Json
from forms.numbers import as_decimal, rounded
from forms.text import Language, Text

ADULT_MONTHS = 18 * 12
_BMI_CLASSES_FROM_MONTHS = 20 * 12

_BMI_CLASSES = (
    (Decimal("18.5"), Text("Thiếu cân", "Underweight")),
    (Decimal(23), Text("Bình thường", "Normal")),
    (Decimal(25), Text("Thừa cân", "Overweight")),
    (Decimal(30), Text("Béo phì độ I", "Obese, class I")),
)
_BMI_TOP = Text("Béo phì độ II", "Obese, class II")

_BP_CLASSES = (
    (180, 110, Text("Tăng huyết áp độ 3", "Hypertension, grade 3")),
    (160, 100, Text("Tăng huyết áp độ 2", "Hypertension, grade 2")),
    (140, 90, Text("Tăng huyết áp độ 1", "Hypertension, grade 1")),
    (130, 85, Text("Huyết áp bình thường cao", "High normal blood pressure")),
    (120, 80, Text("Huyết áp bình thường", "Normal blood pressure")),
)
_BP_BOTTOM = Text("Huyết áp tối ưu", "Optimal blood pressure")


def computed(form: FormDefinition, prefix: str, answers: Answers, context: Context) -> dict[str, Json]:
    """Every computed field of the part that can be worked out; a missing key means it cannot (any more)."""
    results: dict[str, Json] = {}
    for field in form.part(prefix).fields():
        if field.computed:
            value = _CALCULATIONS[field.computed](answers, context)
            if value is not None:
                results[field.key] = value
    return results


def bmi(weight_kg: float | Decimal | None, height_cm: float | Decimal | None) -> int | float | None:
    """kg/m², one decimal, half up. None without both measures or when they cannot belong to a body."""
    weight = weight_kg if isinstance(weight_kg, Decimal) else as_decimal(weight_kg)
    height = height_cm if isinstance(height_cm, Decimal) else as_decimal(height_cm)
    if weight is None or height is None or weight <= 0 or height <= 0:
        return None
    metres = height / 100
    exact = weight / (metres * metres)
    return rounded(exact, 1) if exact < 1000 else None


def bmi_class(value: float | None, age_months: int | None, *, pregnant: bool = False) -> Text | None:
    """None under 20 years (growth tables apply), in pregnancy, or when the age is unknown."""
    number = as_decimal(value)
    if number is None or pregnant or age_months is None or age_months < _BMI_CLASSES_FROM_MONTHS:
        return None
    return next((text for limit, text in _BMI_CLASSES if number < limit), _BMI_TOP)


def bp_class(systolic: float | None, diastolic: float | None, age_months: int | None) -> Text | None:
    """None under 18 years, when the age is unknown, or unless both values are known."""
    high, low = as_decimal(systolic), as_decimal(diastolic)
    if high is None or low is None or age_months is None or age_months < ADULT_MONTHS:
        return None
    text = next((t for s, d, t in _BP_CLASSES if high >= s or low >= d), _BP_BOTTOM)
    if high >= 140 and low < 90:
        return Text(f"{text.vi} (tâm thu đơn độc)", f"{text.en} (isolated systolic)")
    return text


def age_text(birth: PartialDate | str | None, on: date, language: Language = "vi") -> str:
    """`41 tuổi`; under 6 years months and days (`5 tháng 12 ngày`); by the year alone if only that is known.

    "" for an unknown, unreadable or future birth.
    """
    born = _birth(birth)
    if born is None or born.earliest > on:
        return ""
    if not born.month:
        years = on.year - born.year
        return _phrase(((years, _YEARS),), language) if years else _UNDER_ONE.get(language)
    months = (on.year - born.year) * 12 + on.month - born.month
    if born.day and on.day < min(born.day, calendar.monthrange(on.year, on.month)[1]):
        months -= 1
    if months >= 6 * 12:
        return _phrase(((months // 12, _YEARS),), language)
    if not born.day:
        return _phrase(((months, _MONTHS),), language)
    days = (on - _months_after(born.earliest, months)).days
    parts = [(amount, unit) for amount, unit in ((months, _MONTHS), (days, _DAYS)) if amount]
    return _phrase(parts or ((0, _DAYS),), language)


_UNDER_ONE = Text("dưới 1 tuổi", "under 1 year")
_YEARS = (Text("tuổi", "year"), Text("tuổi", "years"))
_MONTHS = (Text("tháng", "month"), Text("tháng", "months"))
_DAYS = (Text("ngày", "day"), Text("ngày", "days"))


def _phrase(parts: Iterable[tuple[int, tuple[Text, Text]]], language: Language) -> str:
    return " ".join(f"{amount} {unit[amount != 1].get(language)}" for amount, unit in parts)


def _birth(birth: PartialDate | str | None) -> PartialDate | None:
    if not isinstance(birth, str):
        return birth
    try:
        return PartialDate.parse_iso(birth)
    except ValueError:
        return None


def _months_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _bmi_of(answers: Answers, _context: Context) -> Json:
    return bmi(read.number(answers, "weight"), read.number(answers, "height"))


_CALCULATIONS: Mapping[str, Callable[[Answers, Context], Json]] = {"bmi": _bmi_of}
