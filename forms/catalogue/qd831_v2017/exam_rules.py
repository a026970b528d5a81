"""Rules of part D over measurements and dates; those over diagnoses are in `diagnosis_rules`."""

from __future__ import annotations

from decimal import Decimal

from forms import answers as read
from forms.acuity import worse_with_glasses
from forms.catalogue.qd831_v2017 import diagnosis_rules, ranges
from forms.compute import ADULT_MONTHS, bmi
from forms.model import Answers, Check, Context, Rule, Severity
from forms.numbers import as_decimal, sentence
from forms.text import Text

_OLD_EXAM_YEARS = 10
_TODDLER_MONTHS = 24
_NOT_CONTENT = frozenset({"exam_date", "examiner", "bmi"})


def _date_not_in_future(answers: Answers, context: Context) -> Text | None:
    day = read.full_date(answers, "exam_date")
    if day is None or day <= context.today:
        return None
    return sentence(
        "Ngày khám {day} ở sau hôm nay ({today}).",
        "The examination date {day} is after today ({today}).",
        day=day.strftime("%d/%m/%Y"),
        today=context.today.strftime("%d/%m/%Y"),
    )


def _date_after_birth(answers: Answers, context: Context) -> Text | None:
    day, birth = read.full_date(answers, "exam_date"), read.partial_date(context.person, "birth_date")
    if day is None or birth is None or day >= birth.earliest:
        return None
    return sentence(
        "Ngày khám {day} ở trước ngày sinh {birth}.",
        "The examination date {day} is before the birth date {birth}.",
        day=day.strftime("%d/%m/%Y"),
        birth=birth.shown(),
    )


def _date_recent(answers: Answers, context: Context) -> Text | None:
    day = read.full_date(answers, "exam_date")
    if day is None or context.today.year - day.year <= _OLD_EXAM_YEARS:
        return None
    return sentence(
        "Ngày khám {day} đã quá {years} năm. Xem lại năm.",
        "The examination date {day} is more than {years} years ago. Check the year.",
        day=day.strftime("%d/%m/%Y"),
        years=_OLD_EXAM_YEARS,
    )


def _not_empty(answers: Answers, _context: Context) -> Text | None:
    if any(value not in (None, "", []) for key, value in answers.items() if key not in _NOT_CONTENT):
        return None
    return Text(
        "Phiếu mới có ngày khám, chưa có nội dung nào khác.",
        "The examination has a date and nothing else.",
    )


def _pressures(answers: Answers) -> tuple[Decimal, Decimal] | None:
    high, low = read.number(answers, "systolic"), read.number(answers, "diastolic")
    return (high, low) if high is not None and low is not None else None


def _diastolic_below_systolic(answers: Answers, _context: Context) -> Text | None:
    pair = _pressures(answers)
    if pair is None or pair[1] < pair[0]:
        return None
    return sentence(
        "HA {high}/{low}: số tối thiểu phải nhỏ hơn số tối đa.",
        "Blood pressure {high}/{low}: the diastolic must be below the systolic.",
        high=pair[0],
        low=pair[1],
    )


def _pulse_pressure(answers: Answers, context: Context) -> Text | None:
    pair = _pressures(answers)
    if pair is None or pair[1] >= pair[0]:
        return None
    difference = pair[0] - pair[1]
    adult = (read.age_months("exam", answers, context) or 0) >= ADULT_MONTHS
    if difference >= (20 if adult else 10) and (difference <= 100 or not adult):
        return None
    return sentence(
        "HA {high}/{low}: hiệu số {difference} mmHg ít gặp. Đo lại nếu cần.",
        "Blood pressure {high}/{low}: a difference of {difference} mmHg is unusual. Check it.",
        high=pair[0],
        low=pair[1],
        difference=difference,
    )


def _pressure_complete(answers: Answers, _context: Context) -> Text | None:
    known = [key for key in ("systolic", "diastolic") if read.number(answers, key) is not None]
    if len(known) != 1:
        return None
    return Text(
        "Huyết áp mới có một số. Gõ đủ tối đa/tối thiểu, ví dụ 132/84.",
        "The blood pressure has one number only. Type both, for example 132/84.",
    )


def _pressure_urgent(answers: Answers, _context: Context) -> Text | None:
    pair = _pressures(answers)
    if pair is None or pair[1] >= pair[0] or (pair[0] < 180 and pair[1] < 110):
        return None
    return sentence(
        "HA {high}/{low}: đo lại sau 5 phút. Vẫn từ 180/110 trở lên thì xử trí và chuyển tuyến gấp.",
        "Blood pressure {high}/{low}: measure again in 5 minutes; at 180/110 or more treat and refer.",
        high=pair[0],
        low=pair[1],
    )


def _fever(answers: Answers, _context: Context) -> Text | None:
    temperature = read.number(answers, "temperature")
    if temperature is None or temperature < 39:
        return None
    return sentence(
        "Nhiệt độ {value} °C: sốt cao. Đo lại và xử trí.",
        "Temperature {value} °C: high fever. Measure again and treat.",
        value=temperature,
    )


def _breathing(answers: Answers, context: Context) -> Text | None:
    rate, months = read.number(answers, "respiratory_rate"), read.age_months("exam", answers, context)
    if rate is None or months is None or months >= 60:
        return None
    limit = 60 if months < 2 else 50 if months < 12 else 40
    if rate < limit:
        return None
    return sentence(
        "Nhịp thở {rate}: thở nhanh so với tuổi (từ {limit} lần/phút).",
        "Respiratory rate {rate}: fast breathing for this age ({limit} or more a minute).",
        rate=rate,
        limit=limit,
    )


def _weight_in_kg(answers: Answers, _context: Context) -> Text | None:
    weight = read.number(answers, "weight")
    if weight is None or not 400 <= weight <= 300_000:
        return None
    return sentence(
        "Cân nặng {grams} giống số gam. Gõ số kg: {kilograms}.",
        "The weight {grams} looks like grams. Type kilograms: {kilograms}.",
        grams=weight,
        kilograms=weight / 1000,
    )


def _height_in_cm(answers: Answers, _context: Context) -> Text | None:
    height = read.number(answers, "height")
    if height is None or not Decimal("0.3") <= height <= Decimal("2.3"):
        return None
    return sentence(
        "Chiều cao {metres} giống số mét. Gõ số cm: {centimetres}.",
        "The height {metres} looks like metres. Type centimetres: {centimetres}.",
        metres=height,
        centimetres=height * 100,
    )


def _body(answers: Answers) -> tuple[Decimal, Decimal, Decimal] | None:
    """(weight, height, BMI) when both measures are possible."""
    weight, height = read.number(answers, "weight"), read.number(answers, "height")
    if weight is None or height is None or not (Decimal("0.4") <= weight <= 300 and 30 <= height <= 230):
        return None
    index = as_decimal(bmi(weight, height))
    return (weight, height, index) if index is not None else None


def _bmi_possible(answers: Answers, context: Context) -> Text | None:
    body, months = _body(answers), read.age_months("exam", answers, context)
    low, high = ranges.BMI_HARD
    if body is None or (months is not None and months < _TODDLER_MONTHS) or low <= body[2] <= high:
        return None
    return sentence(
        "Cân {weight} kg, cao {height} cm cho BMI {bmi}: không thể đúng. Xem có gõ ngược không.",
        "{weight} kg and {height} cm give a BMI of {bmi}: impossible. Check whether they are swapped.",
        weight=body[0],
        height=body[1],
        bmi=body[2],
    )


def _bmi_usual(answers: Answers, context: Context) -> Text | None:
    body, months = _body(answers), read.age_months("exam", answers, context)
    limits = next(r for r in ranges.BMI if r.from_month == ADULT_MONTHS)
    if body is None or not limits.applies(months) or float(body[2]) in limits:
        return None
    low, high = ranges.BMI_HARD
    if not low <= body[2] <= high:
        return None
    return sentence(
        "Cân {weight} kg, cao {height} cm cho BMI {bmi}, ít gặp. Xem lại hai số đo.",
        "{weight} kg and {height} cm give a BMI of {bmi}, which is unusual. Check both measures.",
        weight=body[0],
        height=body[1],
        bmi=body[2],
    )


def _bmi_agrees(answers: Answers, _context: Context) -> Text | None:
    body, stated = _body(answers), read.number(answers, "bmi")
    if body is None or stated is None or abs(body[2] - stated) <= Decimal("0.3"):
        return None
    return sentence(
        "BMI ghi {stated}, tính từ cân nặng và chiều cao là {bmi}.",
        "The BMI given is {stated}; weight and height make it {bmi}.",
        stated=stated,
        bmi=body[2],
    )


def _waist_below_height(answers: Answers, _context: Context) -> Text | None:
    waist, height = read.number(answers, "waist"), read.number(answers, "height")
    if waist is None or height is None or height < 30 or waist < height:
        return None
    return sentence(
        "Vòng bụng {waist} cm không nhỏ hơn chiều cao {height} cm. Xem có gõ ngược không.",
        "The waist of {waist} cm is not below the height of {height} cm. Check whether they are swapped.",
        waist=waist,
        height=height,
    )


def _waist_risk(answers: Answers, context: Context) -> Text | None:
    waist, months = read.number(answers, "waist"), read.age_months("exam", answers, context)
    limit = {"male": 90, "female": 80}.get(read.text(context.person, "sex"))
    if waist is None or months is None or months < ADULT_MONTHS or limit is None or waist < limit:
        return None
    return sentence(
        "Vòng bụng {waist} cm: béo bụng (từ {limit} cm).",
        "Waist {waist} cm: abdominal obesity ({limit} cm or more).",
        waist=waist,
        limit=limit,
    )


def _glasses(eye: str) -> Check:
    def check(answers: Answers, _context: Context) -> Text | None:
        without, with_glasses = (
            read.text(answers, f"acuity_{eye}"),
            read.text(answers, f"acuity_{eye}_corrected"),
        )
        if not worse_with_glasses(without, with_glasses):
            return None
        return sentence(
            "Có kính {corrected} kém hơn không kính {plain}. Xem có gõ ngược không.",
            "{corrected} with glasses is worse than {plain} without. Check whether they are swapped.",
            corrected=with_glasses,
            plain=without,
        )

    return check


def _rule(
    name: str,
    severity: Severity,
    key: str,
    check: Check,
    *,
    passing: Answers,
    failing: Answers,
    person: Answers | None = None,
    source: str = "form-831 §7.1",
) -> Rule:
    return Rule(
        id=f"QD831.{name}",
        part="exam",
        severity=severity,
        key=key,
        check=check,
        passing=passing,
        failing=failing,
        person=person or {},
        source=source,
    )


_ADULT: Answers = {"birth_date": "1985", "sex": "male"}
_CHILD: Answers = {"birth_date": "2026-03-10", "sex": "female"}

RULES = (
    _rule(
        "EXAM_DATE_FUTURE",
        Severity.ERROR,
        "exam_date",
        _date_not_in_future,
        passing={"exam_date": "2026-11-22"},
        failing={"exam_date": "2026-11-23"},
        source="form-831 §4",
    ),
    _rule(
        "EXAM_BEFORE_BIRTH",
        Severity.ERROR,
        "exam_date",
        _date_after_birth,
        passing={"exam_date": "1985-01-01"},
        failing={"exam_date": "1984-12-31"},
        person=_ADULT,
        source="form-831 §4",
    ),
    _rule(
        "EXAM_DATE_OLD",
        Severity.WARNING,
        "exam_date",
        _date_recent,
        passing={"exam_date": "2016-01-01"},
        failing={"exam_date": "1926-11-22"},
        source="",
    ),
    _rule(
        "EXAM_EMPTY",
        Severity.WARNING,
        "",
        _not_empty,
        passing={"exam_date": "2026-11-22", "pulse": 78},
        failing={"exam_date": "2026-11-22", "examiner": "Hà Văn Thử"},
        source="",
    ),
    _rule(
        "FEVER_HIGH",
        Severity.WARNING,
        "temperature",
        _fever,
        passing={"temperature": 38.9},
        failing={"temperature": 39},
        source="form-831 §7.4",
    ),
    _rule(
        "DIASTOLIC_BELOW_SYSTOLIC",
        Severity.ERROR,
        "diastolic",
        _diastolic_below_systolic,
        passing={"systolic": 132, "diastolic": 84},
        failing={"systolic": 84, "diastolic": 132},
    ),
    _rule(
        "PULSE_PRESSURE",
        Severity.WARNING,
        "diastolic",
        _pulse_pressure,
        passing={"systolic": 120, "diastolic": 100},
        failing={"systolic": 120, "diastolic": 112},
        person=_ADULT,
    ),
    _rule(
        "BLOOD_PRESSURE_INCOMPLETE",
        Severity.WARNING,
        "diastolic",
        _pressure_complete,
        passing={"systolic": 132, "diastolic": 84},
        failing={"systolic": 132},
        source="",
    ),
    _rule(
        "BLOOD_PRESSURE_URGENT",
        Severity.WARNING,
        "systolic",
        _pressure_urgent,
        passing={"systolic": 178, "diastolic": 108},
        failing={"systolic": 182, "diastolic": 96},
        source="vn-reference §8.3",
    ),
    _rule(
        "FAST_BREATHING",
        Severity.WARNING,
        "respiratory_rate",
        _breathing,
        passing={"exam_date": "2026-11-22", "respiratory_rate": 49},
        failing={"exam_date": "2026-11-22", "respiratory_rate": 50},
        person=_CHILD,
        source="form-831 §7.2 (IMCI)",
    ),
    _rule(
        "WEIGHT_IN_GRAMS",
        Severity.ERROR,
        "weight",
        _weight_in_kg,
        passing={"weight": 3.2},
        failing={"weight": 3200},
        source="form-831 §7.3",
    ),
    _rule(
        "HEIGHT_IN_METRES",
        Severity.ERROR,
        "height",
        _height_in_cm,
        passing={"height": 160},
        failing={"height": 1.6},
        source="form-831 §7.3",
    ),
    _rule(
        "BMI_IMPOSSIBLE",
        Severity.ERROR,
        "weight",
        _bmi_possible,
        passing={"weight": 58.5, "height": 160},
        failing={"weight": 160, "height": 58.5},
    ),
    _rule(
        "BMI_UNUSUAL",
        Severity.WARNING,
        "weight",
        _bmi_usual,
        passing={"weight": 102.4, "height": 160},
        failing={"weight": 103, "height": 160},
        person=_ADULT,
    ),
    _rule(
        "BMI_DISAGREES",
        Severity.WARNING,
        "weight",
        _bmi_agrees,
        passing={"weight": 58.5, "height": 160, "bmi": 23.2},
        failing={"weight": 58.5, "height": 160, "bmi": 23.3},
        source="form-831 §4",
    ),
    _rule(
        "WAIST_BELOW_HEIGHT",
        Severity.WARNING,
        "waist",
        _waist_below_height,
        passing={"waist": 80, "height": 160},
        failing={"waist": 160, "height": 80},
    ),
    _rule(
        "WAIST_RISK",
        Severity.INFO,
        "waist",
        _waist_risk,
        passing={"waist": 89.9},
        failing={"waist": 90},
        person=_ADULT,
        source="QĐ 2892/QĐ-BYT 2022; form-831 §7.4",
    ),
    *(
        _rule(
            f"GLASSES_WORSE_{eye.upper()}",
            Severity.WARNING,
            f"acuity_{eye}_corrected",
            _glasses(eye),
            passing={f"acuity_{eye}": "4/10", f"acuity_{eye}_corrected": "8/10"},
            failing={f"acuity_{eye}": "8/10", f"acuity_{eye}_corrected": "ĐNT 3m"},
            source="form-831 §7.5",
        )
        for eye in ("right", "left")
    ),
    *diagnosis_rules.RULES,
)
