"""Values between people, records and other programs.

`parse` reads what somebody typed, `display` shows a stored value, `normalise` reads a value from a file.
All three agree: `parse(field, display(field, value), today) == value` for every canonical value, in both
languages. Shapes of canonical values: `forms.model.FieldType`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from forms import codelists
from forms.acuity import read_acuity
from forms.codelists import CodeList
from forms.dates import PartialDate
from forms.identifiers import read_identifier
from forms.model import Field, FieldType, Json
from forms.numbers import as_decimal, read_number, rounded, shown
from forms.text import Language, Text, clean, clean_lines, fold
from forms.typed_dates import read_date

Lists: TypeAlias = Mapping[str, CodeList]
"""Code lists that replace the shipped ones of the same name."""

_NO_LISTS: Lists = {}
_ICD_START = re.compile(r"([A-Za-z][0-9]{2})(?:\.?([0-9]{1,3}))?[*+\u2020]?(?=$|[\s,:\u2013\u2014-])")
_LEADING_MARKS = " ,:\u2013\u2014-"
_CODE_LIKE = re.compile(r"[A-Z]{0,3}[0-9][0-9A-Z.]{0,9}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_YES = frozenset({"co", "c", "x", "yes", "y", "true"})
_NO = frozenset({"khong", "k", "no", "n", "false"})
_UNASKED = frozenset({"", "?", "chua ro", "chua hoi", "unknown"})
_YES_TEXT = Text("Có", "Yes")
_NO_TEXT = Text("Không", "No")


class Unreadable(Exception):
    """What was typed or imported is no value of the field. The exception itself never quotes it."""

    def __init__(self, text: Text) -> None:
        super().__init__("unreadable value")
        self.text = text


def parse(field: Field, typed: str, today: date, *, lists: Lists = _NO_LISTS) -> Json:
    """The canonical value of what was typed; None for blank text; raises Unreadable."""
    text = clean_lines(typed) if field.type is FieldType.LONG_TEXT else clean(typed)
    if not text:
        return None
    if field.type in {FieldType.DATE, FieldType.PARTIAL_DATE}:
        found = read_date(text, today, partial=field.type is FieldType.PARTIAL_DATE)
        if isinstance(found, Text):
            raise Unreadable(found)
        return found.iso()
    if field.type is FieldType.CHOICE:
        return _choice(field, text, by_typing=True)
    if field.type is FieldType.CODED:
        return _coded(field, text, lists, keep_any=False)
    if field.type is FieldType.DIAGNOSES:
        rows = [_typed_diagnosis(piece, lists) for piece in re.split(r"[;\n]", typed)]
        return [row for row in rows if row is not None] or None
    return _plain(field, text)


def normalise(field: Field, value: Json, *, lists: Lists = _NO_LISTS) -> Json:
    """The canonical value of what came from a file or another program; None for unknown; raises Unreadable.

    Accepts ISO dates and dd/MM/yyyy, numbers as numbers or text with point or comma, choices by code,
    official code or label, codes or names of a code list. An unknown code is kept as it is.
    """
    if value is None or value == "":
        return None
    if field.type is FieldType.DIAGNOSES:
        return _diagnoses(value, lists)
    if field.type is FieldType.YES_NO and isinstance(value, bool):
        return value
    if field.type in _NUMBERS and (number := as_decimal(value)) is not None:
        return _rounded(field, number)
    if not isinstance(value, str):
        raise Unreadable(_shape_wanted(field))
    text = clean_lines(value) if field.type is FieldType.LONG_TEXT else clean(value)
    if not text:
        return None
    if field.type in {FieldType.DATE, FieldType.PARTIAL_DATE}:
        return _file_date(field, text)
    if field.type is FieldType.CHOICE:
        return _choice(field, text, by_typing=False)
    if field.type is FieldType.CODED:
        return _coded(field, text, lists, keep_any=True)
    return _plain(field, text)


def display(field: Field, value: Json, language: Language = "vi", *, lists: Lists = _NO_LISTS) -> str:
    """For screens and paper: dd/MM/yyyy, decimal comma, labels of options and codes; "" for unknown.

    Never raises: a value of the wrong shape is shown as it is.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return (_YES_TEXT if value else _NO_TEXT).get(language)
    if isinstance(value, (int, float)):
        return shown(value, language) if as_decimal(value) is not None else str(value)
    if isinstance(value, list):
        return "; ".join(filter(None, (_shown_diagnosis(row, language, lists) for row in value)))
    if not isinstance(value, str):
        return ""
    if field.type in {FieldType.DATE, FieldType.PARTIAL_DATE}:
        return _shown_date(value)
    if field.type is FieldType.CHOICE:
        option = field.option(value)
        return option.label.get(language) if option else value
    if field.type is FieldType.CODED:
        return code_label(field.code_list, value, language, lists=lists)
    return value


def parse_blood_pressure(typed: str) -> tuple[int | None, int | None]:
    """(systolic, diastolic) of "132/84", "132-84", "132 84", "132/84 mmHg"; "132/-" leaves one unknown.

    (None, None) for blank text; raises Unreadable.
    """
    text = clean(typed)
    if not text:
        return None, None
    match = re.fullmatch(r"([0-9]{1,3}|[-?])\s*[/\s-]\s*([0-9]{1,3}|[-?])\s*(?:mmhg)?", text, re.IGNORECASE)
    first, second = match.groups() if match else ("?", "?")
    if not first.isdigit() and not second.isdigit():
        raise Unreadable(
            Text(
                "Chưa đọc được huyết áp. Gõ tối đa/tối thiểu, ví dụ 132/84.",
                "This is not a blood pressure. Type systolic/diastolic, for example 132/84.",
            )
        )
    return (int(first) if first.isdigit() else None), (int(second) if second.isdigit() else None)


def display_blood_pressure(systolic: Json, diastolic: Json) -> str:
    """As `132/84`; `132/-` where one is unknown; blank where both are."""
    if systolic is None and diastolic is None:
        return ""
    return "/".join("-" if value is None else str(value) for value in (systolic, diastolic))


def code_label(list_name: str, code: str, language: Language = "vi", *, lists: Lists = _NO_LISTS) -> str:
    """Name of a code; a commune with its province; the code itself where it is not in the list."""
    if list_name == "communes" and list_name not in lists:
        return codelists.commune_label(code, language)
    entry = list_for(list_name, lists).get(code)
    return entry.name(language) if entry else code


def list_for(name: str, lists: Lists = _NO_LISTS) -> CodeList:
    return lists.get(name) or codelists.code_list(name)


def _plain(field: Field, text: str) -> Json:
    """Types that are read the same from the keyboard and from a file."""
    reader = _READERS.get(field.type)
    return reader(field, text) if reader else text


def _number(field: Field, text: str) -> int | float:
    number = read_number(text.removesuffix(field.unit))
    if number is None:
        raise Unreadable(_shape_wanted(field))
    return _rounded(field, number)


def _rounded(field: Field, number: Decimal) -> int | float:
    decimals = field.decimals if field.type is FieldType.DECIMAL else 0
    if decimals == 0 and number != number.to_integral_value():
        raise Unreadable(_shape_wanted(field))
    return rounded(number, decimals)


def _yes_no(_field: Field, text: str) -> bool | None:
    word = fold(text)
    if word in _YES or text == "1":
        return True
    if word in _NO or text == "0":
        return False
    if word in _UNASKED:
        return None
    raise Unreadable(Text("Gõ C (có) hoặc K (không).", "Type Y (yes) or N (no)."))


def _acuity(_field: Field, text: str) -> str:
    found = read_acuity(text)
    if found is None:
        raise Unreadable(
            Text(
                "Chưa đọc được thị lực. Gõ 7/10 (hoặc 7), 1/20, ĐNT 3m, BBT, ST+ hoặc KHT.",
                "This is not a visual acuity. Type 7/10 (or 7), 1/20, ĐNT 3m, BBT, ST+ or KHT.",
            )
        )
    return found


def _identifier(field: Field, text: str) -> str:
    found = read_identifier(field, text)
    if isinstance(found, Text):
        raise Unreadable(found)
    return found


def _email(_field: Field, text: str) -> str:
    address = text.replace(" ", "")
    if not _EMAIL.fullmatch(address):
        raise Unreadable(
            Text(
                "Chưa đúng dạng email. Gõ như ten@vidu.vn.",
                "Not an e-mail address. Type it like name@example.vn.",
            )
        )
    return address


def _file_date(field: Field, text: str) -> str:
    partial = field.type is FieldType.PARTIAL_DATE
    found: PartialDate | None
    try:
        found = PartialDate.parse_iso(text)
    except ValueError:
        match = re.fullmatch(r"(?:([0-9]{1,2})/)?([0-9]{1,2})/([0-9]{4})", text)
        found = _from_groups(*match.groups("0")) if match else None
    if found is None or not (partial or found.complete):
        raise Unreadable(_shape_wanted(field))
    return found.iso()


def _from_groups(day: str, month: str, year: str) -> PartialDate | None:
    try:
        return PartialDate(int(year), int(month), int(day))
    except ValueError:
        return None


def _shown_date(value: str) -> str:
    try:
        return PartialDate.parse_iso(value).shown()
    except ValueError:
        return value


def _choice(field: Field, text: str, *, by_typing: bool) -> str:
    """By code, label (marks optional), official code; typed also by number or by a beginning of a label."""
    word = _label_key(text)
    for option in field.options:
        if text == option.code or word in {option.code.casefold(), *_label_keys(option.label)}:
            return option.code
    if by_typing:
        if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= len(field.options):
            return field.options[int(text[:3]) - 1].code
        starts = {o.code for o in field.options for key in _label_keys(o.label) if key.startswith(word)}
        if word and len(starts) == 1:
            return starts.pop()
    else:
        official = {o.official: o.code for o in field.options if o.official}
        if text in official:
            return official[text]
    vi, en = (
        ", ".join(f"{number} {option.label.get(language)}" for number, option in enumerate(field.options, 1))
        for language in _LANGUAGES
    )
    raise Unreadable(Text(f"Chọn một trong: {vi}.", f"Choose one of: {en}."))


_LANGUAGES: tuple[Language, Language] = ("vi", "en")


def _label_keys(label: Text) -> set[str]:
    return {_label_key(label.vi), _label_key(label.en)}


def _label_key(text: str) -> str:
    """Folded, but "+" and "-" count: they are all that tells the two Rh groups apart."""
    return fold(text.replace("-", "\u2212"))


def _coded(field: Field, text: str, lists: Lists, *, keep_any: bool) -> str:
    codes = list_for(field.code_list, lists)
    entry = codes.get(text) or codes.resolve(text)
    if entry is None and field.code_list == "communes" and "," in text:
        entry = _commune(codes, text)
    if entry is not None:
        return entry.code
    if keep_any and len(text) <= 50:
        return text
    if _CODE_LIKE.fullmatch(text.upper()):
        return text.upper()
    raise Unreadable(
        Text(
            "Không có trong danh mục. Gõ vài chữ của tên hoặc mã rồi chọn trong danh sách.",
            "Not in the list. Type part of the name or the code and choose from the list.",
        )
    )


def _commune(codes: CodeList, text: str) -> codelists.Code | None:
    """From `Xã Tam Chung, Tỉnh Thanh Hóa`: the name alone may exist in several provinces.

    Tone marks are needed only where two communes of a province differ in nothing else.
    """
    name, _, province = (part.strip() for part in text.casefold().partition(","))
    name_key, province_key = fold(name), fold(province)
    found = [
        code
        for code in codes
        if name_key in {fold(code.name_vi), fold(code.name_en)}
        and province_key in {fold(label) for label in _province_names(code)}
    ]
    exact = [code for code in found if name in {code.name_vi.casefold(), code.name_en.casefold()}]
    return next((kept[0] for kept in (found, exact) if len(kept) == 1), None)


def _province_names(commune: codelists.Code) -> list[str]:
    province = commune.attributes.get("province_code", "")
    return [code_label("provinces", province, language) for language in _LANGUAGES]


def _typed_diagnosis(piece: str, lists: Lists) -> Json:
    text = clean(piece)
    match = _ICD_START.match(text)
    if match is None:
        return _diagnosis("", text, lists)
    return _diagnosis(_icd(match[1] + (match[2] or "")), text[match.end() :], lists)


def _icd(compact_code: str) -> str:
    """`e119` -> `E11.9`."""
    code = compact_code.upper()
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def _diagnosis(code: str, words: str, lists: Lists) -> Json:
    """Without words, the name of a known code; ";" separates diagnoses, so it cannot be inside one."""
    text = clean(words.replace(";", ",").lstrip(_LEADING_MARKS))
    entry = list_for("icd10", lists).get(code) if code else None
    if entry is not None and not text:
        text = entry.name_vi.replace(";", ",")
    return {"code": code, "text": text} if code or text else None


def _diagnoses(value: Json, lists: Lists) -> Json:
    wrong = Text(
        'Chẩn đoán phải là danh sách, mỗi dòng có "code" và "text".',
        'Diagnoses must be a list of objects with "code" and "text".',
    )
    if not isinstance(value, list):
        raise Unreadable(wrong)
    rows: list[Json] = []
    for row in value:
        if not isinstance(row, dict) or not set(row) <= {"code", "text"}:
            raise Unreadable(wrong)
        code, words = row.get("code") or "", row.get("text") or ""
        if not isinstance(code, str) or not isinstance(words, str):
            raise Unreadable(wrong)
        code = clean(code).upper()
        match = _ICD_START.fullmatch(code)
        made = _diagnosis(_icd(match[1] + (match[2] or "")) if match else code, clean(words), lists)
        if made is not None:
            rows.append(made)
    return rows or None


def _shown_diagnosis(row: Json, language: Language, lists: Lists) -> str:
    """As `I10 Tăng huyết áp`; a dash stands in front of words that would read as a code."""
    if not isinstance(row, dict):
        return str(row)
    code, words = str(row.get("code") or ""), str(row.get("text") or "")
    if not code:
        return f"\u2013 {words}" if _ICD_START.match(words) else words
    entry = list_for("icd10", lists).get(code)
    return " ".join(filter(None, (code, words or (entry.name(language) if entry else ""))))


def _shape_wanted(field: Field) -> Text:
    vi, en = (f" ({unit})" if unit else "" for unit in (field.unit_text.vi, field.unit_text.en))
    if field.type is FieldType.DATE:
        return Text("Ngày phải đủ ngày, tháng, năm: 2026-11-22.", "A full date is needed: 2026-11-22.")
    if field.type is FieldType.PARTIAL_DATE:
        return Text(
            "Ngày phải là 1985, 1985-09 hoặc 1985-09-05.", "The date must be 1985, 1985-09 or 1985-09-05."
        )
    usual = field.soft[-1] if field.soft else None
    example = round((usual.low + usual.high) / 2) if usual else 12
    if field.type in {FieldType.INTEGER, FieldType.BLOOD_PRESSURE}:
        return Text(
            f"Cần một số nguyên{vi}, ví dụ {example}.",
            f"A whole number{en} is needed, for example {example}.",
        )
    if field.type is FieldType.DECIMAL:
        return Text(
            f"Cần một con số{vi}, ví dụ {example}.", f"A number{en} is needed, for example {example}."
        )
    return Text("Giá trị không đúng kiểu: cần chữ.", "The value has the wrong type: text is needed.")


_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.BLOOD_PRESSURE})
_READERS: Mapping[FieldType, Callable[[Field, str], Json]] = {
    FieldType.INTEGER: _number,
    FieldType.DECIMAL: _number,
    FieldType.BLOOD_PRESSURE: _number,
    FieldType.YES_NO: _yes_no,
    FieldType.ACUITY: _acuity,
    FieldType.PERSON_ID: _identifier,
    FieldType.INSURANCE: _identifier,
    FieldType.PHONE: _identifier,
    FieldType.EMAIL: _email,
}
