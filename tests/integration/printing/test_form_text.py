"""The words and the values of the form, in the order of the form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2
import pytest

from app.domain.records import RecordStatus
from app.ports import PrintRequest
from app.printing import ReportlabPrinter
from forms.catalogue import form
from forms.model import Answers, Field, FieldType, Part
from forms.values import display
from tests.integration.printing import samples
from tests.integration.printing.reading import bare, printed_value, reader, squeezed, text_of

PRINTER = ReportlabPrinter()
SHARED = {"person.old_id_card": "person.citizen_id", "exam.diastolic": "exam.systolic"}
"""Fields that stand in the place of another one and print no words of their own."""


def pages_of(request: PrintRequest) -> list[str]:
    return [page.extract_text() for page in reader(PRINTER.render(request)).pages]


def printed_words(part: Part) -> Iterator[str]:
    """Numbers, headings and labels of a part in paper order, shared words once."""
    yield f"{part.letter}. {part.title.vi}"
    for section in part.sections:
        for number, title in section.headings:
            yield f"{number}. {title.vi}"
        if section.number:
            yield f"{section.number}. {section.title.vi}"
        lead = ""
        for field in section.fields:
            if field.id in SHARED:
                continue
            shared, _, own = field.label.vi.rpartition(": ")
            if shared and shared != lead:
                yield shared
            lead = shared
            if field.type is not FieldType.BLOOD_PRESSURE:
                yield own.removeprefix(section.title.vi) if section.number else own


@pytest.mark.parametrize("prefix", ["person", "exam"])
def test_blank_form_has_every_word_in_paper_order(prefix: str) -> None:
    text = text_of(PRINTER.render(samples.blank()))
    # pages 2 and later repeat "Họ và tên" in their running head: look only behind the part's own title
    position = 0
    for words in printed_words(form().part(prefix)):
        found = text.find(words, position)
        assert found >= 0, f"{words!r} is missing or out of order after {text[position - 40 : position]!r}"
        position = found + len(words)


def test_masthead_and_signatures() -> None:
    text = text_of(PRINTER.render(samples.filled()))
    words = (
        "BỘ Y TẾ",
        "SỞ Y TẾ THANH HÓA",
        "TRẠM Y TẾ XÃ MƯỜNG LÁT",
        "Số: 3F2A-91C0",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Mường Lát, ngày 22 tháng 11 năm 2026",
        "HỒ SƠ QUẢN LÝ SỨC KHỎE CÁ NHÂN",
        "(Ban hành kèm theo Quyết định số 831/QĐ-BYT ngày 11 tháng 3 năm 2017 của Bộ trưởng Bộ Y tế)",
        "BÁC SĨ KHÁM (Ký, ghi rõ họ tên)",
        "Đỗ Ngọc Ưởng",
        "TRẠM TRƯỞNG TRẠM Y TẾ XÃ MƯỜNG LÁT (Ký tên, đóng dấu)",
    )
    positions = [text.find(word) for word in words]
    assert -1 not in positions, dict(zip(words, positions, strict=True))
    assert positions[:9] == sorted(positions[:9])


def expected(field: Field, answers: Answers) -> str:
    """As a person reads it: a commune beside its province needs its own name only."""
    value = answers.get(field.key)
    if field.id.endswith("_commune"):
        return display(field, value).partition(", ")[0]
    if field.type is FieldType.DIAGNOSES and isinstance(value, list) and len(value) > 1:
        return "".join(f"{n}. {display(field, [one])}" for n, one in enumerate(value, 1))
    return display(field, value)


@pytest.mark.parametrize(
    ("request_", "prefix", "answers"),
    [
        (samples.filled(), "person", samples.PERSON),
        (samples.filled(), "exam", samples.EXAM),
        (samples.prefilled(), "person", samples.PERSON),
        (samples.maximal(), "person", samples.LONG_PERSON),
        (samples.maximal(), "exam", samples.LONG_EXAM),
    ],
    ids=["filled-A", "filled-D", "prefilled-A", "maximal-A", "maximal-D"],
)
def test_every_value_is_printed_whole(request_: PrintRequest, prefix: str, answers: Answers) -> None:
    pages = PRINTER.lay_out(request_)
    text = bare(text_of(PRINTER.render(request_)))
    for field in form().part(prefix).fields():
        value = bare(expected(field, answers))
        if field.type is FieldType.CHOICE and field.key == "sex":
            assert f"{value}☑" in text
        elif field.id in {"person.citizen_id", "person.old_id_card"}:
            assert value in printed_value(pages, "person.citizen_id person.old_id_card")
        elif field.type is FieldType.BLOOD_PRESSURE:
            assert "132/84" in printed_value(pages, "exam.systolic exam.diastolic")
        elif field.computed:
            assert printed_value(pages, field.id) == "22,9"
        elif field.key == "examiner":
            assert printed_value(pages, field.id) == value * 2  # in line 6 and under the signature
        else:
            assert printed_value(pages, field.id) == value, field.id
        if len(value) < 60 and not field.computed:
            assert value in text or field.id == "person.household_code", field.id


def test_household_code_in_cells_is_read_as_one_word() -> None:
    document = pypdfium2.PdfDocument(PRINTER.render(samples.filled()))
    assert "Mã hộ GĐ: 3814500123" in squeezed(document[0].get_textpage().get_text_range())


def test_only_the_true_box_is_ticked() -> None:
    assert "Nam ☐ Nữ ☑" in text_of(PRINTER.render(samples.filled()))
    assert "Nam ☐ Nữ ☐" in text_of(PRINTER.render(samples.blank()))
    other = samples.request(samples.person({"sex": "unknown"}), None)
    assert "Nam ☐ Nữ ☐ Chưa xác định ☑" in text_of(PRINTER.render(other))


@pytest.mark.parametrize(
    ("birth", "pieces"),
    [("1985", "//1985"), ("1985-09", "/09/1985"), ("1985-09-05", "05/09/1985"), (None, "//")],
)
def test_unknown_day_and_month_stay_open(birth: str | None, pieces: str) -> None:
    answers = {"birth_date": birth} if birth else {}
    text = bare(text_of(PRINTER.render(samples.request(samples.person(answers), None))))
    assert f"Ngàysinh:{pieces}Tỉnh/TP" in text
    assert "01/01" not in text


def test_a_date_that_is_none_is_printed_as_it_is() -> None:
    wrong = samples.request(samples.person({"birth_date": "khoảng 1950"}), None)
    assert "Ngày sinh: khoảng 1950" in text_of(PRINTER.render(wrong))


def test_half_a_blood_pressure_shows_what_is_missing() -> None:
    half = samples.request(samples.person(), samples.exam({"diastolic": 84}))
    assert printed_value(PRINTER.lay_out(half), "exam.systolic exam.diastolic") == "…/84"


def test_bmi_is_worked_out_when_the_record_has_none() -> None:
    pages = PRINTER.lay_out(samples.request(samples.person(), samples.exam({"weight": 58.5, "height": 160})))
    assert printed_value(pages, "exam.bmi") == "22,9"


def test_text_is_composed_and_unprintable_characters_leave_a_mark() -> None:
    typed = "Da\u0300o Thi\u0323 \u200bH\u202fư\tng \x07 \U0001f600"
    pdf = PRINTER.render(samples.request(samples.person({"full_name": typed}), None))
    text = text_of(pdf)
    assert "Họ và tên: Dào Thị H ư ng ■" in text
    assert unicodedata.is_normalized("NFC", text)


def test_pages_say_whose_they_are_and_how_many() -> None:
    pages = pages_of(samples.filled())
    assert "Trang 1/2" in pages[0]
    origin = "Hồ sơ 3F2A-91C0, bản 3 · Phiếu khám 9B1D-77E2, bản 3 · In lúc 14:07 22/11/2026"
    assert origin in squeezed(pages[0])
    head = squeezed(pages[1])[:80]
    assert head.startswith("Họ và tên: Lò Thị Mẫu Năm sinh: 1985 Số: 3F2A-91C0 Trang 2/2")


def test_blank_form_leaves_place_date_and_name_to_a_pen() -> None:
    text = text_of(PRINTER.render(samples.blank()))
    assert "Mường Lát, ngày …… tháng …… năm ………" in text
    assert "Họ và tên: Năm sinh: Số: Trang 2/2" in text
    assert "ngày …… tháng …… năm ………" in text_of(PRINTER.render(samples.prefilled()))


def test_a_voided_examination_and_a_demo_station_are_marked_on_every_page() -> None:
    void = samples.request(
        samples.person(),
        samples.exam(status=RecordStatus.ENTERED_IN_ERROR),
        replace(samples.STATION, demo=True),
    )
    for page in pages_of(void):
        assert "DỮ LIỆU TRÌNH DIỄN PHIẾU NHẬP NHẦM" in squeezed(page)
    assert "KHÔNG CÓ GIÁ TRỊ SỬ DỤNG" in text_of(PRINTER.render(void))
    amended = samples.request(samples.person(), samples.exam(status=RecordStatus.AMENDED))
    assert "bản 3 (đã sửa)" in text_of(PRINTER.render(amended))


def test_a_station_without_a_name_prints_lines_to_fill_in() -> None:
    bare_station = replace(samples.STATION, name="", health_department="", commune="")
    text = text_of(PRINTER.render(samples.request(None, None, bare_station)))
    assert "SỞ Y TẾ …" in text
    assert text.count("TRẠM Y TẾ XÃ …") == 2
