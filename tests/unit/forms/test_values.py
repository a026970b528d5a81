from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import values
from forms.catalogue import form
from forms.codelists import CodeList, code_list, make_code
from forms.model import Field, FieldType, Json
from forms.text import Language, Text
from forms.values import Unreadable, display, normalise, parse

TODAY = date(2026, 11, 22)
FORM = form()
YES_NO = Field(id="exam.smokes", label=Text("Hút thuốc", "Smokes"), type=FieldType.YES_NO)


def field(field_id: str) -> Field:
    return FORM.field(field_id)


def refusal(field_id: str, typed: str) -> Text:
    with pytest.raises(Unreadable) as caught:
        parse(field(field_id), typed, TODAY)
    assert str(caught.value) == "unreadable value"
    return caught.value.text


@pytest.mark.parametrize(
    ("field_id", "typed", "value"),
    [
        ("person.full_name", "  Lò  Thị\u00a0Mẫu ", "Lò Thị Mẫu"),
        ("person.full_name", "lò thị mẫu", "lò thị mẫu"),
        ("exam.advice", "Giảm muối \n uống thuốc", "Giảm muối\nuống thuốc"),
        ("exam.pulse", "78", 78),
        ("exam.pulse", "78 lần/phút", 78),
        ("exam.pulse", "78,0", 78),
        ("exam.temperature", "36,8", 36.8),
        ("exam.temperature", "36.8", 36.8),
        ("exam.temperature", "36,85", 36.9),
        ("exam.weight", "3,25 kg", 3.25),
        ("exam.height", "160", 160),
        ("exam.systolic", "132", 132),
        ("exam.exam_date", "221126", "2026-11-22"),
        ("person.birth_date", "9/1985", "1985-09"),
        ("person.birth_date", "85", "1985"),
        ("person.sex", "nữ", "female"),
        ("person.sex", "NU", "female"),
        ("person.sex", "nam", "male"),
        ("person.sex", "f", "female"),
        ("person.sex", "c", "unknown"),
        ("person.sex", "2", "female"),
        ("person.sex", "male", "male"),
        ("person.blood_abo", "ab", "AB"),
        ("person.blood_abo", "a", "A"),
        ("person.blood_abo", "o", "O"),
        ("person.blood_rh", "+", "+"),
        ("person.blood_rh", "-", "-"),
        ("person.blood_rh", "am", "-"),
        ("person.blood_rh", "Dương", "+"),
        ("person.ethnicity", "H'Mông", "08"),
        ("person.ethnicity", "08", "08"),
        ("person.ethnicity", "thai", "03"),
        ("person.ethnicity", "99", "99"),
        ("person.citizen_id", "038 185 012 345", "038185012345"),
        ("person.insurance_number", "dt2-38-3812345678", "DT2383812345678"),
        ("person.mobile_phone", "+84 912.345.678", "0912345678"),
        ("person.email", "Ten@vidu.vn ", "Ten@vidu.vn"),
        ("exam.acuity_right", "0,7", "7/10"),
        ("exam.diagnoses", "i10", [{"code": "I10", "text": "Tăng huyết áp"}]),
        ("exam.diagnoses", "E119", [{"code": "E11.9", "text": "Đái tháo đường típ 2"}]),
        (
            "exam.diagnoses",
            "I10 THA độ 2; đau lưng\nX99.8: chưa rõ",
            [
                {"code": "I10", "text": "THA độ 2"},
                {"code": "", "text": "đau lưng"},
                {"code": "X99.8", "text": "chưa rõ"},
            ],
        ),
    ],
)
def test_reads_what_is_typed(field_id: str, typed: str, value: Json) -> None:
    expected = value
    if field_id == "exam.diagnoses" and isinstance(value, list) and len(value) == 1:
        code = str(value[0]["code"])  # type: ignore[index,call-overload]  # a literal of this table
        entry = code_list("icd10").get(code)
        expected = [{"code": code, "text": entry.name_vi if entry else ""}]
    assert parse(field(field_id), typed, TODAY) == expected


@pytest.mark.parametrize("field_id", sorted(FORM.by_id))
def test_blank_is_unknown(field_id: str) -> None:
    assert parse(field(field_id), " \u200b ", TODAY) is None
    assert normalise(field(field_id), None) is None
    assert normalise(field(field_id), "") is None
    assert normalise(field(field_id), " " if field_id != "exam.diagnoses" else []) is None
    assert display(field(field_id), None) == ""


@pytest.mark.parametrize(
    ("field_id", "typed", "words"),
    [
        ("exam.pulse", "78,5", "Cần một số nguyên (lần/phút), ví dụ 82."),
        ("exam.temperature", "36,,8", "Cần một con số (°C), ví dụ 38."),
        ("exam.exam_date", "32/1/2026", "chỉ có 31 ngày"),
        ("person.birth_date", "năm ngoái", "chỉ biết năm thì gõ 1985"),
        ("person.sex", "n", "Chọn một trong: 1 Nam, 2 Nữ, 3 Chưa xác định."),
        ("person.sex", "4", "Chọn một trong"),
        ("person.ethnicity", "người rừng", "Không có trong danh mục"),
        ("person.citizen_id", "0381850123", "có 10 chữ số"),
        ("person.insurance_number", "12", "10 chữ số, hoặc 15 ký tự"),
        ("person.home_phone", "12", "bắt đầu bằng 0"),
        ("person.email", "ten@", "Gõ như ten@vidu.vn"),
        ("exam.acuity_left", "mờ", "Gõ 7/10"),
    ],
)
def test_a_refusal_says_what_to_type(field_id: str, typed: str, words: str) -> None:
    text = refusal(field_id, typed)
    assert words in text.vi
    assert text.en
    assert text.en != text.vi


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("c", True),
        ("Có", True),
        ("1", True),
        ("x", True),
        ("k", False),
        ("không", False),
        ("0", False),
        ("?", None),
    ],
)
def test_yes_no_and_not_asked(typed: str, value: bool | None) -> None:
    assert parse(YES_NO, typed, TODAY) is value


def test_yes_no_refuses_the_rest() -> None:
    with pytest.raises(Unreadable):
        parse(YES_NO, "có lẽ", TODAY)
    assert normalise(YES_NO, False) is False
    assert display(YES_NO, True) == "Có"
    assert display(YES_NO, False, "en") == "No"


@pytest.mark.parametrize(
    ("typed", "pair"),
    [
        ("132/84", (132, 84)),
        ("132-84", (132, 84)),
        ("132 84 mmHg", (132, 84)),
        ("132/-", (132, None)),
        ("?/84", (None, 84)),
        ("", (None, None)),
    ],
)
def test_blood_pressure_in_one_box(typed: str, pair: tuple[int | None, int | None]) -> None:
    assert values.parse_blood_pressure(typed) == pair
    shown = values.display_blood_pressure(*pair)
    assert values.parse_blood_pressure(shown) == pair


@pytest.mark.parametrize("typed", ["132", "-/-", "cao", "1322/84"])
def test_blood_pressure_refuses_the_rest(typed: str) -> None:
    with pytest.raises(Unreadable):
        values.parse_blood_pressure(typed)


@pytest.mark.parametrize(
    ("field_id", "value", "canonical"),
    [
        ("exam.pulse", 78.0, 78),
        ("exam.pulse", "78", 78),
        ("exam.temperature", "36,8", 36.8),
        ("exam.temperature", 36.800000000000004, 36.8),
        ("exam.height", 160.0, 160),
        ("exam.exam_date", "22/11/2026", "2026-11-22"),
        ("exam.exam_date", "2026-11-22", "2026-11-22"),
        ("person.birth_date", "9/1985", "1985-09"),
        ("person.birth_date", "1985", "1985"),
        ("person.sex", "Nữ", "female"),
        ("person.sex", "2", "female"),
        ("person.sex", "female", "female"),
        ("person.ethnicity", "Mường", "06"),
        ("person.ethnicity", "một dân tộc khác", "một dân tộc khác"),
        ("person.full_name", "Lo\u0300 Thi\u0323 Ma\u0302\u0303u", "Lò Thị Mẫu"),
        ("exam.diagnoses", [{"code": "i10", "text": "THA"}], [{"code": "I10", "text": "THA"}]),
        (
            "exam.diagnoses",
            [{"code": "M17†", "text": "a; b"}, {"text": None}],
            [{"code": "M17", "text": "a, b"}],
        ),
        ("exam.diagnoses", [{"text": "mệt"}], [{"code": "", "text": "mệt"}]),
    ],
)
def test_reads_what_comes_from_a_file(field_id: str, value: Json, canonical: Json) -> None:
    found = normalise(field(field_id), value)
    assert found == canonical
    assert type(found) is type(canonical)
    assert normalise(field(field_id), found) == found


@pytest.mark.parametrize(
    ("field_id", "value"),
    [
        ("exam.pulse", True),
        ("exam.pulse", 78.5),
        ("exam.pulse", float("nan")),
        ("exam.pulse", [78]),
        ("exam.temperature", "nóng"),
        ("exam.exam_date", "2026-11"),
        ("exam.exam_date", "22/11/26"),
        ("exam.exam_date", "31/02/2026"),
        ("exam.exam_date", 20261122),
        ("person.birth_date", 1985),
        ("person.birth_date", "85"),
        ("person.sex", "n"),
        ("person.sex", "1x"),
        ("person.ethnicity", 8),
        ("person.ethnicity", "x" * 51),
        ("person.full_name", 7),
        ("person.full_name", {"family": "Lò"}),
        ("exam.diagnoses", "I10"),
        ("exam.diagnoses", ["I10"]),
        ("exam.diagnoses", [{"code": 10}]),
        ("exam.diagnoses", [{"code": "I10", "name": "THA"}]),
    ],
)
def test_refuses_wrong_shapes_from_a_file(field_id: str, value: Json) -> None:
    with pytest.raises(Unreadable) as caught:
        normalise(field(field_id), value)
    assert caught.value.text.vi
    assert caught.value.text.en


def test_an_imported_code_list_replaces_the_shipped_one() -> None:
    shipped = code_list("icd10")
    more = CodeList(
        "icd10",
        [make_code("Z99.9", "Phụ thuộc máy", "Dependence")],
        title=shipped.title,
        source=shipped.source,
        version="x",
    )
    lists = {"icd10": more}
    diagnoses = field("exam.diagnoses")
    assert parse(diagnoses, "z99.9", TODAY, lists=lists) == [{"code": "Z99.9", "text": "Phụ thuộc máy"}]
    assert display(diagnoses, [{"code": "Z99.9", "text": ""}], "en", lists=lists) == "Z99.9 Dependence"


def test_display_never_hides_a_value_it_does_not_understand() -> None:
    assert display(field("exam.exam_date"), "soon") == "soon"
    assert display(field("person.sex"), "intersex") == "intersex"
    assert display(field("person.ethnicity"), "99") == "99"
    assert display(field("exam.pulse"), float("inf")) == "inf"
    assert display(field("exam.diagnoses"), ["I10"]) == "I10"
    assert display(field("exam.diagnoses"), {"code": "I10"}) == ""


def test_display_speaks_both_languages() -> None:
    assert display(field("exam.temperature"), 36.8) == "36,8"
    assert display(field("exam.temperature"), 36.8, "en") == "36.8"
    assert display(field("person.sex"), "female") == "Nữ"
    assert display(field("person.sex"), "female", "en") == "Female"
    assert display(field("person.birth_date"), "1985-09") == "09/1985"
    assert display(field("person.current_commune"), "00004") == "Phường Ba Đình, Thành phố Hà Nội"
    assert display(field("person.nationality"), "LAO", "en") == "Laos"


WORDS = st.text(st.characters(codec="utf-8", exclude_characters=";\n"), min_size=1, max_size=30)
ICD = st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?", fullmatch=True)
LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["vi", "en"])


def _raw(target: Field) -> st.SearchStrategy[Json]:
    """Values of about the right shape; `normalise` makes them canonical."""
    if target.type in {FieldType.INTEGER, FieldType.BLOOD_PRESSURE}:
        return st.integers(0, 400)
    if target.type is FieldType.DECIMAL:
        return st.floats(0, 400)
    if target.type in {FieldType.DATE, FieldType.PARTIAL_DATE}:
        days = st.dates(date(1900, 1, 1), TODAY).map(date.isoformat)
        if target.type is FieldType.DATE:
            return days
        return st.one_of(days, days.map(lambda d: d[:7]), days.map(lambda d: d[:4]))
    if target.type is FieldType.CHOICE:
        return st.sampled_from([option.code for option in target.options])
    if target.type is FieldType.CODED:
        return st.sampled_from([code.code for code in code_list(target.code_list)])
    if target.type is FieldType.DIAGNOSES:
        row = st.fixed_dictionaries(
            {"code": st.one_of(st.just(""), ICD), "text": st.one_of(st.just(""), WORDS)}
        )
        return st.lists(row, max_size=4)  # type: ignore[return-value]  # a list of rows is Json
    exact = {
        FieldType.PERSON_ID: st.from_regex(
            rf"[0-9]{{{target.lengths[0] if target.lengths else 12}}}", fullmatch=True
        ),
        FieldType.INSURANCE: st.from_regex(r"([A-Z]{2}[1-5][0-9]{2})?[0-9]{10}", fullmatch=True),
        FieldType.PHONE: st.from_regex(r"0[1-9][0-9]{7,9}", fullmatch=True),
        FieldType.EMAIL: st.from_regex(r"[a-z0-9.]{1,20}@[a-z]{1,10}\.vn", fullmatch=True),
        FieldType.ACUITY: st.sampled_from(["7/10", "1/20", "ĐNT 3m", "ĐNT", "BBT", "ST(+)", "ST(-)", "KHT"]),
        FieldType.YES_NO: st.booleans(),
    }
    return exact.get(target.type, WORDS)


@pytest.mark.parametrize("target", [*FORM.by_id.values(), YES_NO], ids=lambda f: f.id)
@given(st.data(), LANGUAGES)
def test_what_is_shown_can_be_typed_back(target: Field, data: st.DataObject, language: Language) -> None:
    value = normalise(target, data.draw(_raw(target)))
    if target.type is FieldType.DECIMAL:
        assert value is None or isinstance(value, (int, float))
    assert parse(target, display(target, value, language), TODAY) == value
    assert normalise(target, value) == value


@pytest.mark.parametrize(
    "name",
    sorted(
        {f.code_list for f in FORM.by_id.values() if f.type is FieldType.CODED and f.code_list != "communes"}
    ),
)
def test_every_code_can_be_typed_by_its_name(name: str) -> None:
    target = next(f for f in FORM.by_id.values() if f.code_list == name)
    for code in code_list(name):
        for language in ("vi", "en"):
            assert parse(target, display(target, code.code, language), TODAY) == code.code


def test_no_two_communes_are_shown_alike() -> None:
    target = field("person.current_commune")
    for language in ("vi", "en"):
        labels = [display(target, code.code, language).casefold() for code in code_list("communes")]
        assert len(set(labels)) == len(labels)


def test_a_commune_can_be_typed_without_marks_where_that_is_clear() -> None:
    target = field("person.current_commune")
    tam_chung = next(code for code in code_list("communes") if code.name_vi == "Xã Tam Chung")
    assert parse(target, "xa tam chung, tinh thanh hoa", TODAY) == tam_chung.code
    assert "Không có trong danh mục" in refusal("person.current_commune", "xa cam giang, hai phong").vi


JSON: st.SearchStrategy[Json] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FORM.by_id)), JSON, st.text())
def test_anything_is_read_refused_or_shown_but_never_breaks(field_id: str, value: Json, typed: str) -> None:
    target = field(field_id)
    display(target, value)
    for read in (lambda: normalise(target, value), lambda: parse(target, typed, TODAY)):
        problem: Unreadable | None = None
        found: Json = None
        try:
            found = read()
        except Unreadable as refused:
            problem = refused
        assert normalise(target, found) == found
        assert problem is None or (problem.text.vi and problem.text.en)
