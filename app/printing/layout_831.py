"""The printed page of QĐ 831, parts A and D: which fields share a line (spec: form-831 §2.A, §2.D)."""

from __future__ import annotations

from app.printing.vocabulary import (
    Blank,
    Block,
    Cell,
    Column,
    Grid,
    Label,
    Line,
    PageLayout,
    PartHeading,
    SectionHeading,
    Signature,
    Signatures,
    Ticks,
    Value,
    Words,
    WriteIn,
)

_INDENT = 14.0
_ACUITY_INDENT = 84.0
_ACUITY_TAB = 70.0
_DASH = "\u2013 "


def _address(prefix: str) -> Line:
    return Line(
        (
            Blank(f"person.{prefix}_commune", 0.36, within=f"person.{prefix}_province"),
            Blank(f"person.{prefix}_district", 0.30),
            Blank(f"person.{prefix}_province", 0.34),
        ),
        indent=_INDENT,
    )


_PART_A: tuple[Block, ...] = (
    PartHeading("person", boxed="person.household_code"),
    Line((Blank("person.full_name", 0.60), Blank("person.household_relation", 0.40))),
    Line(
        (
            Ticks("person.sex", 0.36, codes=("male", "female")),
            Blank("person.blood_abo", 0.38, lead=True),
            Blank("person.blood_rh", 0.26),
        )
    ),
    Line((Blank("person.birth_date", 0.36), Blank("person.birth_registration_province", 0.64))),
    Line(
        (
            Blank("person.ethnicity", 0.22),
            Blank("person.nationality", 0.25),
            Blank("person.religion", 0.23),
            Blank("person.occupation", 0.30),
        )
    ),
    Line(
        (
            Blank("person.citizen_id person.old_id_card", 0.42),
            Blank("person.id_issue_date", 0.29),
            Blank("person.id_issue_place", 0.29),
        )
    ),
    Line((Blank("person.insurance_number"),)),
    Line((Blank("person.permanent_address", lead=True),)),
    _address("permanent"),
    Line((Blank("person.village", lead=True),)),
    _address("current"),
    Line(
        (
            Blank("person.home_phone", 0.38, lead=True),
            Blank("person.mobile_phone", 0.28),
            Blank("person.email", 0.34),
        )
    ),
    Line((Blank("person.mother_name", 0.5), Blank("person.father_name", 0.5))),
    Line((Blank("person.caregiver_name", 0.66), Blank("person.caregiver_relation", 0.34))),
    Line(
        (
            Blank("person.caregiver_home_phone", 0.66, lead=True),
            Blank("person.caregiver_mobile_phone", 0.34),
        )
    ),
)

_VITALS = Grid(
    columns=tuple(
        Column(share, centred=True) for share in (0.115, 0.125, 0.145, 0.125, 0.125, 0.11, 0.115, 0.14)
    ),
    rows=(
        (
            Value("exam.pulse"),
            Value("exam.temperature"),
            Value("exam.systolic exam.diastolic"),
            Value("exam.respiratory_rate"),
            Value("exam.weight"),
            Value("exam.height"),
            Value("exam.bmi"),
            Value("exam.waist"),
        ),
    ),
)

_ORGANS = (
    "cardiovascular",
    "respiratory",
    "digestive",
    "genitourinary",
    "musculoskeletal",
    "endocrine",
    "neurological",
    "mental",
    "surgical",
    "obstetric_gynecological",
    "ear_nose_throat",
    "dental",
    "eye",
    "dermatological",
    "nutrition",
    "motor",
    "organ_other",
    "development_assessment",
)

_TESTS = ("lab_hematology", "lab_biochemistry", "lab_urine", "ultrasound_abdomen")


def _test(number: int, key: str) -> tuple[Cell, ...]:
    return Words(str(number)), Label(f"exam.{key}"), Value(f"exam.{key}")


_RESULTS = Grid(
    columns=(Column(0.08, "STT", centred=True), Column(0.30, "Xét nghiệm"), Column(0.62, "Kết quả")),
    rows=tuple(_test(number, key) for number, key in enumerate(_TESTS, 1)),
    row_height=22.0,
)

_PART_D: tuple[Block, ...] = (
    PartHeading("exam"),
    Line((Blank("exam.exam_date"),)),
    WriteIn(field="exam.history_of_present_illness", strong=True, lines=3),
    SectionHeading("exam.vitals", space=2),
    _VITALS,
    Line(
        (
            Blank("exam.acuity_right", lead=True, tab=_ACUITY_TAB),
            Blank("exam.acuity_left"),
        ),
        indent=_ACUITY_INDENT,
        heading="exam.acuity",
    ),
    Line(
        (
            Blank("exam.acuity_right_corrected", lead=True, tab=_ACUITY_TAB),
            Blank("exam.acuity_left_corrected"),
        ),
        indent=_ACUITY_INDENT,
    ),
    SectionHeading("exam.general", colon=True),
    WriteIn(field="exam.skin_mucosa", bullet=_DASH, indent=_INDENT),
    WriteIn(field="exam.general_other", bullet=_DASH, indent=_INDENT),
    SectionHeading("exam.organs", colon=True, lines=3),
    *(WriteIn(field=f"exam.{key}", bullet=_DASH, indent=_INDENT) for key in _ORGANS),
    SectionHeading("exam.tests", space=3),
    _RESULTS,
    WriteIn(field="exam.diagnoses", strong=True, lines=3),
    WriteIn(field="exam.advice", strong=True, lines=2),
    WriteIn(field="exam.examiner", strong=True, keep=True),
    Signatures(
        (
            Signature("BÁC SĨ KHÁM", "(Ký, ghi rõ họ tên)", "exam.examiner"),
            Signature("TRẠM TRƯỞNG\n{station}", "(Ký tên, đóng dấu)"),
        )
    ),
)

LAYOUT = PageLayout(blocks=_PART_A + _PART_D)
