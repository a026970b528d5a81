from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalogue import form
from forms.codelists import CodeList, code_list, make_code
from forms.model import Context, Finding, Json, Severity
from forms.validate import applicable, field_findings, validate

FORM = form()
TODAY = date(2026, 11, 22)
PERSON: Mapping[str, Json] = {
    "full_name": "Lò Thị Mẫu",
    "sex": "female",
    "birth_date": "1985",
    "ethnicity": "03",
    "citizen_id": "038185012345",
    "insurance_number": "DT2383812345678",
    "current_commune": "00004",
    "current_province": "01",
    "mobile_phone": "0912345678",
}
EXAM: Mapping[str, Json] = {
    "exam_date": "2026-11-22",
    "systolic": 132,
    "diastolic": 84,
    "pulse": 78,
    "temperature": 36.8,
    "respiratory_rate": 18,
    "weight": 58.5,
    "height": 160,
    "bmi": 22.9,
    "acuity_right": "7/10",
    "acuity_right_corrected": "10/10",
    "cardiovascular": "Nhịp đều, T1 T2 rõ",
    "obstetric_gynecological": "Bình thường",
    "diagnoses": [{"code": "I10", "text": "Tăng huyết áp"}],
    "advice": "Giảm muối",
    "examiner": "Hà Văn Thử",
}
CONTEXT = Context(TODAY, person=PERSON)


def exam(**answers: Json) -> list[Finding]:
    return validate(FORM, "exam", {"exam_date": "2026-11-22", "advice": "x", **answers}, CONTEXT)


def person(**answers: Json) -> list[Finding]:
    return validate(FORM, "person", {**PERSON, **answers}, Context(TODAY))


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule.removeprefix("QD831.") for finding in findings]


def test_a_usual_record_is_quiet() -> None:
    assert validate(FORM, "person", PERSON, Context(TODAY)) == []
    assert validate(FORM, "exam", EXAM, CONTEXT) == []


def test_the_least_that_can_be_finished() -> None:
    least: Mapping[str, Json] = {"full_name": "Hơ Pó", "sex": "unknown", "birth_date": "1950"}
    assert validate(FORM, "person", least, Context(TODAY)) == []
    assert rules(validate(FORM, "person", {}, Context(TODAY))) == [
        "REQUIRED_FULL_NAME",
        "REQUIRED_SEX",
        "REQUIRED_BIRTH_DATE",
    ]
    assert rules(validate(FORM, "exam", {}, CONTEXT)) == ["REQUIRED_EXAM_DATE", "EXAM_EMPTY"]


def test_blank_counts_as_missing() -> None:
    assert rules(person(full_name="  ", sex=None)) == ["REQUIRED_FULL_NAME", "REQUIRED_SEX"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"pulse": 19}, ["RANGE_PULSE"]),
        ({"pulse": 20}, ["UNUSUAL_PULSE"]),
        ({"pulse": 45}, []),
        ({"pulse": 131}, ["UNUSUAL_PULSE"]),
        ({"pulse": 301}, ["RANGE_PULSE"]),
        ({"temperature": 43.6}, ["RANGE_TEMPERATURE"]),
        ({"temperature": 39.6}, ["FEVER_HIGH"]),
        ({"temperature": 35}, ["UNUSUAL_TEMPERATURE"]),
        ({"weight": 301}, ["RANGE_WEIGHT"]),
        ({"weight": 3200}, ["WEIGHT_IN_GRAMS"]),
        ({"height": 1.6}, ["HEIGHT_IN_METRES"]),
        ({"height": 12}, ["RANGE_HEIGHT"]),
        ({"systolic": 320, "diastolic": 90}, ["RANGE_SYSTOLIC", "PULSE_PRESSURE"]),
        ({"systolic": 205, "diastolic": 115}, ["BLOOD_PRESSURE_URGENT"]),
        ({"systolic": 84, "diastolic": 132}, ["UNUSUAL_SYSTOLIC", "DIASTOLIC_BELOW_SYSTOLIC"]),
        ({"weight": 160, "height": 58.5}, ["BMI_IMPOSSIBLE", "UNUSUAL_HEIGHT"]),
        ({"bmi": 22.9}, []),
        ({"bmi": "cao"}, ["SHAPE_BMI"]),
        ({"pulse": "nhanh"}, ["SHAPE_PULSE"]),
        ({"advice": "x" * 4001}, ["TOO_LONG_ADVICE"]),
        ({"diagnoses": [{"code": "", "text": "x" * 501}]}, ["TOO_LONG_DIAGNOSES"]),
        ({"diagnoses": [{"code": "I10", "text": "x"}] * 31}, ["TOO_LONG_DIAGNOSES"]),
        ({"diagnoses": [{"code": "Q99.8", "text": "x"}]}, ["UNKNOWN_CODE_DIAGNOSES"]),
        ({"mood": "vui"}, ["UNKNOWN_FIELD"]),
    ],
)
def test_fields_and_rules_of_an_exam(answers: dict[str, Json], expected: list[str]) -> None:
    assert sorted(rules(exam(**answers))) == sorted(expected)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"ethnicity": "99"}, ["UNKNOWN_CODE_ETHNICITY"]),
        ({"citizen_id": "12"}, ["SHAPE_CITIZEN_ID"]),
        ({"citizen_id": "173456789"}, ["SHAPE_CITIZEN_ID"]),
        ({"old_id_card": "173456789"}, []),
        ({"sex": "male"}, ["CITIZEN_ID_SEX"]),
        ({"birth_date": "1986-02"}, ["CITIZEN_ID_BIRTH_YEAR"]),
        ({"birth_date": "1986-02-30"}, ["SHAPE_BIRTH_DATE"]),
        ({"id_issue_date": "1980-01-01"}, ["ID_ISSUED_BEFORE_BIRTH"]),
        ({"full_name": "x" * 201}, ["TOO_LONG_FULL_NAME"]),
        ({"current_province": "38"}, ["CURRENT_PROVINCE"]),
        ({"religion": {"name": "x"}}, ["SHAPE_RELIGION"]),
    ],
)
def test_fields_and_rules_of_a_person(answers: dict[str, Json], expected: list[str]) -> None:
    assert rules(person(**answers)) == expected


def test_a_commune_from_before_the_reform_is_told_its_successor() -> None:
    found = person(current_commune="00001", current_province=None)
    assert rules(found) == ["UNKNOWN_CODE_CURRENT_COMMUNE"]
    assert "trước 01/07/2025, nay thuộc Phường" in found[0].message.vi


def test_messages_carry_the_numbers_in_the_manner_of_the_language() -> None:
    found = exam(temperature=35.2)[0]
    assert found.message.vi == "Nhiệt độ 35,2 °C: ít gặp, thường từ 35,5 đến 39,5. Đo lại nếu chưa chắc."
    assert found.message.en == "Temperature 35.2 °C: unusual, mostly 35.5 to 39.5. Measure again if in doubt."


def test_age_on_the_day_of_the_exam_decides_what_is_usual() -> None:
    child = Context(TODAY, person={"birth_date": "2024-11-01", "sex": "male"})
    at_two: dict[str, Json] = {"exam_date": "2026-11-22", "pulse": 146}
    at_birth: dict[str, Json] = {"exam_date": "2024-11-05", "pulse": 146}
    assert rules(validate(FORM, "exam", at_two, child)) == ["UNUSUAL_PULSE"]
    assert validate(FORM, "exam", at_birth, child) == []
    nobody = Context(TODAY)
    assert validate(FORM, "exam", at_two, nobody) == []


def test_old_people_have_their_own_limits() -> None:
    old = Context(TODAY, person={"birth_date": "1950", "sex": "male"})
    assert rules(validate(FORM, "exam", {"exam_date": "2026-11-22", "pulse": 125}, old)) == ["UNUSUAL_PULSE"]
    assert rules(exam(pulse=125)) == []


def test_errors_come_first_then_the_order_of_the_paper() -> None:
    found = exam(
        waist=201, pulse=140, diastolic=10, systolic=120, acuity_left="4/10", acuity_left_corrected="1/10"
    )
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=list(Severity).index)
    assert [f.key for f in found if f.severity is Severity.ERROR] == ["diastolic", "waist"]
    assert next(f.key for f in found if f.severity is Severity.WARNING) == "pulse"


def test_what_does_not_apply_is_noticed_but_never_dropped() -> None:
    man = Context(TODAY, person={"sex": "male", "birth_date": "1985"})
    found = validate(FORM, "exam", {"exam_date": "2026-11-22", "obstetric_gynecological": "x"}, man)
    assert rules(found) == ["NOT_APPLICABLE_OBSTETRIC_GYNECOLOGICAL"]
    field = FORM.field("exam.obstetric_gynecological")
    assert not applicable(field, {}, man)
    assert applicable(field, {}, Context(TODAY))
    assert applicable(field, {}, Context(TODAY, person={"sex": "unknown"}))
    assert applicable(FORM.field("exam.eye"), {}, man)


def test_an_imported_icd_list_is_known() -> None:
    shipped = code_list("icd10")
    imported = CodeList(
        "icd10",
        [make_code("Q99.8", "Bất thường nhiễm sắc thể", "Chromosome abnormality")],
        title=shipped.title,
        source=shipped.source,
        version="2026",
    )
    context = Context(TODAY, person=PERSON, lists={"icd10": imported})
    answers: dict[str, Json] = {"exam_date": "2026-11-22", "diagnoses": [{"code": "Q99.8", "text": "x"}]}
    assert validate(FORM, "exam", answers, context) == []


def test_one_field_alone() -> None:
    pulse = FORM.field("exam.pulse")
    assert rules(field_findings(pulse, 140, CONTEXT)) == ["UNUSUAL_PULSE"]
    assert field_findings(pulse, 140, CONTEXT, age_months=3) == []
    assert rules(field_findings(pulse, "x", CONTEXT)) == ["SHAPE_PULSE"]
    assert field_findings(pulse, None, CONTEXT) == []
    assert field_findings(pulse, 78, CONTEXT) == []
    name = FORM.field("person.full_name")
    assert [f.rule for f in field_findings(name, "", CONTEXT, form_code="KSK")] == ["KSK.REQUIRED_FULL_NAME"]


def test_confirming_one_warning_confirms_no_other() -> None:
    found = exam(pulse=140, respiratory_rate=30, waist=45)
    assert len(set(rules(found))) == len(found) == 3


JSON: st.SearchStrategy[Json] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=15)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
NEAR = st.one_of(
    JSON,
    st.integers(-10, 5000),
    st.floats(0, 400),
    st.sampled_from(
        ["1985", "1985-09-05", "2026-11-22", "9999-12-31", "0001", "male", "038185012345", "7/10"]
    ),
    st.lists(
        st.fixed_dictionaries({"code": st.sampled_from(["I10", "C53.9", "W54", ""]), "text": st.just("x")})
    ),
)


def _answers(prefix: str) -> st.SearchStrategy[dict[str, Json]]:
    keys = [field.key for field in FORM.part(prefix).fields()]
    return st.dictionaries(st.sampled_from([*keys, "other"]), NEAR, max_size=12)  # type: ignore[arg-type]  # rows are Json


@given(st.sampled_from(["person", "exam"]), st.data(), _answers("person"))
def test_nothing_raises_on_any_json(prefix: str, data: st.DataObject, about: dict[str, Json]) -> None:
    found = validate(FORM, prefix, data.draw(_answers(prefix)), Context(TODAY, person=about))
    for finding in found:
        assert finding.rule.startswith("QD831.")
        assert finding.message.vi
        assert finding.message.en
        assert "{" not in finding.message.vi
    severities = [list(Severity).index(finding.severity) for finding in found]
    assert severities == sorted(severities)
