"""The catalogue against form-831 §2: nothing missing, nothing added, in the order of the paper."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest

from forms import catalogue, codelists
from forms.catalogue.qd831_v2017 import ranges
from forms.describe import as_json
from forms.model import Context, Field, FieldType, Range, Severity
from forms.text import Text
from forms.validate import validate

FORM = catalogue.form()
PERSON = FORM.part("person")
EXAM = FORM.part("exam")
EXAMPLE_DAY = date(2026, 11, 22)

PERSON_KEYS = (
    "household_code full_name household_relation sex blood_abo blood_rh birth_date "
    "birth_registration_province ethnicity nationality religion occupation citizen_id old_id_card "
    "id_issue_date id_issue_place insurance_number permanent_address permanent_commune "
    "permanent_district permanent_province village current_commune current_district current_province "
    "home_phone mobile_phone email mother_name father_name caregiver_name caregiver_relation "
    "caregiver_home_phone caregiver_mobile_phone "
)
EXAM_KEYS = (
    "exam_date history_of_present_illness pulse temperature systolic diastolic respiratory_rate "
    "weight height bmi waist acuity_right acuity_left acuity_right_corrected acuity_left_corrected "
    "skin_mucosa general_other cardiovascular respiratory digestive genitourinary musculoskeletal "
    "endocrine neurological mental surgical obstetric_gynecological ear_nose_throat dental eye "
    "dermatological nutrition motor organ_other development_assessment lab_hematology "
    "lab_biochemistry lab_urine ultrasound_abdomen diagnoses advice examiner "
)
PRINTED_ORGANS = (
    "Tim mạch; Hô hấp; Tiêu hóa; Tiết niệu; Cơ xương khớp; Nội tiết; Thần kinh; Tâm thần; Ngoại khoa; "
    "Sản phụ khoa; Tai mũi họng; Răng hàm mặt; Mắt; Da liễu; Dinh dưỡng; Vận động; Khác; "
    "Đánh giá phát triển thể chất, tinh thần, vận động"
)


def section(section_id: str) -> list[Field]:
    return [f for p in FORM.parts for s in p.sections if s.id == section_id for f in s.fields]


def test_the_current_form_is_found() -> None:
    assert catalogue.all_forms() == (FORM,)
    assert catalogue.form("QD831", "2017") is FORM
    with pytest.raises(KeyError):
        catalogue.form("QD831", "1999")
    with pytest.raises(KeyError):
        FORM.part("vaccination")


def test_part_a_has_the_33_fields_of_the_form_and_the_old_card() -> None:
    keys = [field.key for field in PERSON.fields()]
    assert keys == PERSON_KEYS.split()
    assert len([key for key in keys if key != "old_id_card"]) == 33


def test_part_d_has_the_fields_of_the_form() -> None:
    assert [field.key for field in EXAM.fields()] == EXAM_KEYS.split()
    counts = {s.id: len(s.fields) for s in EXAM.sections}
    assert counts == {
        "exam.date": 1,
        "exam.history": 1,
        "exam.vitals": 8 + 1,  # one printed cell "HA" is two fields
        "exam.acuity": 4,
        "exam.general": 2,
        "exam.organs": 18,
        "exam.tests": 4,
        "exam.conclusion": 1,
        "exam.advice": 1,
        "exam.examiner": 1,
    }
    assert [f.key for f in EXAM.fields() if f.computed] == ["bmi"]


def test_numbers_are_those_of_the_paper() -> None:
    numbered = [(s.number, s.title.vi) for s in EXAM.sections]
    assert numbered == [
        ("", "Ngày khám"),
        ("1", "Bệnh sử"),
        ("2.1", "Dấu hiệu sinh tồn, chỉ số nhân trắc học"),
        ("2.2", "Thị lực"),
        ("2.3.1", "Toàn thân"),
        ("2.3.2", "Cơ quan"),
        ("3", "Kết quả cận lâm sàng"),
        ("4", "Chẩn đoán/ Kết luận"),
        ("5", "Tư vấn"),
        ("6", "Bác sĩ khám"),
    ]
    assert all(f.number == s.number for s in EXAM.sections for f in s.fields)
    assert not any(field.number for field in PERSON.fields())
    headings = [(number, title.vi) for s in EXAM.sections for number, title in s.headings]
    assert headings == [("2", "Thăm khám lâm sàng"), ("2.3", "Khám lâm sàng")]


def test_words_are_those_of_the_paper() -> None:
    assert [f.label.vi for f in section("exam.organs")] == PRINTED_ORGANS.split("; ")
    assert [f.label.vi for f in section("exam.tests")] == [
        "Huyết học",
        "Sinh hóa máu",
        "Sinh hóa nước tiểu",
        "Siêu âm ổ bụng",
    ]
    assert [f.label.vi for f in section("exam.acuity")] == [
        "Không kính: Mắt phải",
        "Không kính: Mắt trái",
        "Có kính: Mắt phải",
        "Có kính: Mắt trái",
    ]
    printed = {
        "person.household_code": "Mã hộ GĐ",
        "person.full_name": "Họ và tên",
        "person.insurance_number": "Mã định danh BHYT/ Số thẻ BHYT",
        "person.permanent_address": "Nơi đăng ký HKTT: (Thôn/xóm; số nhà, đường phố)",
        "person.village": "Nơi ở hiện tại: Thôn/xóm; số nhà, đường phố",
        "person.caregiver_name": "Họ tên người chăm sóc chính (NCSC)",
        "person.caregiver_home_phone": "Điện thoại (bố/ mẹ/ người NCSC): Cố định",
        "exam.diagnoses": "Chẩn đoán/ Kết luận (ghi tên, mã bệnh theo ICD 10)",
    }
    assert {field_id: FORM.field(field_id).label.vi for field_id in printed} == printed
    assert PERSON.title.vi == "PHẦN THÔNG TIN HÀNH CHÍNH"
    assert EXAM.title.vi == "KHÁM LÂM SÀNG VÀ CẬN LÂM SÀNG"


def texts() -> Iterator[Text]:
    yield from (FORM.title, FORM.source)
    for part in FORM.parts:
        yield part.title
        for s in part.sections:
            yield s.title
            yield from (title for _, title in s.headings)
            for field in s.fields:
                yield field.label
                yield field.short or field.label
                yield from (option.label for option in field.options)
                if field.when:
                    yield field.when.reason


def test_every_text_has_both_languages() -> None:
    for text in texts():
        for words in (text.vi, text.en):
            assert words
            assert words == words.strip()
            assert unicodedata.is_normalized("NFC", words)
        assert not any("\u1ea0" <= letter <= "\u1ef9" for letter in text.en), text.en


def test_labels_tell_the_fields_of_a_part_apart() -> None:
    for part in FORM.parts:
        labels = [f.label.vi for f in part.fields() if f.label.vi != "Khác"]
        assert len(set(labels)) == len(labels)


def test_a_person_needs_a_name_a_sex_and_a_birth_year_an_exam_its_date() -> None:
    assert [f.key for f in PERSON.fields() if f.required] == ["full_name", "sex", "birth_date"]
    assert [f.key for f in EXAM.fields() if f.required] == ["exam_date"]


def test_every_field_says_where_it_comes_from_and_is_complete() -> None:
    for field in FORM.by_id.values():
        assert field.source.startswith("QĐ 831/QĐ-BYT 2017")
        assert (field.type is FieldType.CHOICE) == bool(field.options)
        assert (field.type in {FieldType.CODED, FieldType.DIAGNOSES}) == bool(field.code_list)
        if field.code_list:
            assert len(codelists.code_list(field.code_list))
        if field.unit:
            assert field.hard is not None
            assert field.unit_text.en.isascii() or field.unit in {"°C", "kg/m²"}
        assert len({o.code for o in field.options}) == len(field.options)


def test_groups_share_a_cell() -> None:
    groups: dict[str, list[str]] = {}
    for field in EXAM.fields():
        if field.group:
            groups.setdefault(field.group, []).append(field.key)
    assert groups == {
        "exam.blood_pressure": ["systolic", "diastolic"],
        "exam.acuity_without_glasses": ["acuity_right", "acuity_left"],
        "exam.acuity_with_glasses": ["acuity_right_corrected", "acuity_left_corrected"],
    }


def test_sex_has_the_official_codes() -> None:
    assert {o.code: o.official for o in FORM.field("person.sex").options} == {
        "male": "1",
        "female": "2",
        "unknown": "3",
    }


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("pulse", 20, 300),
        ("temperature", 30, 43.5),
        ("systolic", 40, 300),
        ("diastolic", 20, 180),
        ("respiratory_rate", 6, 100),
        ("weight", 0.4, 300),
        ("height", 30, 230),
        ("bmi", 8, 70),
        ("waist", 20, 200),
    ],
)
def test_hard_limits(key: str, low: float, high: float) -> None:
    assert FORM.field(f"exam.{key}").hard == Range(low, high)


@pytest.mark.parametrize(
    ("key", "months", "low", "high"),
    [
        ("pulse", 500, 45, 130),
        ("pulse", 720, 45, 120),
        ("pulse", 0, 82, 178),
        ("pulse", 24, 65, 145),
        ("systolic", 400, 85, 200),
        ("systolic", 800, 90, 200),
        ("systolic", 18, 71, 119),
        ("diastolic", 100, 47, 88),
        ("respiratory_rate", 216, 12, 28),
        ("respiratory_rate", 140, 9, 23),
        ("weight", 0, 2.0, 6.0),
        ("weight", 12, 6.3, 15.8),
        ("weight", 200, 32, 105),
        ("weight", 216, 30, 130),
        ("height", 24, 76, 103),
        ("height", 300, 130, 195),
        ("temperature", 5, 35.5, 39.5),
        ("waist", 216, 50, 130),
    ],
)
def test_soft_limits_by_age(key: str, months: int, low: float, high: float) -> None:
    limits = [r for r in FORM.field(f"exam.{key}").soft if r.applies(months)]
    assert [(r.low, r.high) for r in limits] == [(low, high)]


@pytest.mark.parametrize("key", ["pulse", "respiratory_rate", "weight", "height", "temperature"])
def test_every_age_has_one_soft_range(key: str) -> None:
    for months in range(1400):
        assert len([r for r in FORM.field(f"exam.{key}").soft if r.applies(months)]) == 1


def test_the_windows_of_children_follow_the_table() -> None:
    month, low, high = 60, 12, 30
    band = next(r for r in ranges.WEIGHT if r.from_month == month)
    assert band.low == low
    assert band.high >= high


def test_soft_ranges_lie_within_the_hard_one() -> None:
    for field in EXAM.fields():
        for limits in field.soft:
            assert field.hard is not None
            assert field.hard.low <= limits.low < limits.high <= field.hard.high, (field.key, limits)


@pytest.mark.parametrize("rule", FORM.rules, ids=lambda rule: rule.id)
def test_rules_keep_what_their_examples_promise(rule: object) -> None:
    assert rule in FORM.rules
    chosen = next(r for r in FORM.rules if r is rule)
    context = Context(EXAMPLE_DAY, person=chosen.person)
    assert chosen.check(chosen.passing, context) is None
    message = chosen.check(chosen.failing, context)
    assert message is not None
    assert message.vi != message.en
    for words in (message.vi, message.en):
        assert words.endswith(".")
        assert "{" not in words
        assert "!" not in words
        assert len(words) <= 130
        assert unicodedata.is_normalized("NFC", words)
    found = {f.rule: f for f in validate(FORM, chosen.part, chosen.failing, context)}
    assert found[chosen.id].severity is chosen.severity
    assert found[chosen.id].key == chosen.key
    assert chosen.id not in {f.rule for f in validate(FORM, chosen.part, chosen.passing, context)}


def test_rules_have_ids_of_the_form_and_point_at_fields() -> None:
    ids = [rule.id for rule in FORM.rules]
    assert len(set(ids)) == len(ids)
    for rule in FORM.rules:
        assert rule.id.startswith("QD831.")
        assert rule.id.removeprefix("QD831.").replace("_", "").isupper()
        assert rule.key == "" or f"{rule.part}.{rule.key}" in FORM.by_id
        assert set(rule.passing) | set(rule.failing) <= {f.key for f in FORM.part(rule.part).fields()}
    assert {rule.severity for rule in FORM.rules} == set(Severity)


def test_the_description_is_what_scripts_were_promised() -> None:
    rows = as_json(FORM)
    assert [row["id"] for row in rows] == list(FORM.by_id)
    promised = ["id", "part", "number", "label_vi", "label_en", "type", "unit", "options", "hard", "soft"]
    assert all(list(row)[:12] == [*promised, "required", "when"] for row in rows)
    assert json.loads(json.dumps(rows)) == rows
    assert as_json(FORM) == rows
    by_id = {row["id"]: row for row in rows}
    assert by_id["person.sex"]["options"] == [
        {"code": "male", "label_vi": "Nam", "label_en": "Male"},
        {"code": "female", "label_vi": "Nữ", "label_en": "Female"},
        {"code": "unknown", "label_vi": "Chưa xác định", "label_en": "Not determined"},
    ]
    assert by_id["exam.pulse"]["hard"] == {"low": 20, "high": 300}
    assert by_id["exam.temperature"]["soft"] == [
        {"low": 35.5, "high": 39.5, "from_month": 0, "to_month": None}
    ]
    assert by_id["exam.obstetric_gynecological"]["when"] == {
        "field": "person.sex",
        "values": ["female", "unknown"],
        "reason_vi": "Nam giới",
        "reason_en": "Male",
    }
    assert by_id["exam.pulse"]["unit_en"] == "/min"
    assert by_id["exam.bmi"]["computed"] == "bmi"
