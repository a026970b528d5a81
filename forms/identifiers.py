"""Numbers that name a person: citizen id, old identity card, health insurance, telephone.

Numbers are stored without spaces and separators. Only the shape is ever refused: ids are cancelled and
issued again when sex, birth year or place is corrected (NĐ 70/2024), lists of codes are incomplete, so
everything else is a remark. No check digit is published for any of them. Facts: vn-reference §1.3, §2.1.
"""

from __future__ import annotations

import re

from forms.codelists import code_list
from forms.model import Field, FieldType
from forms.text import Text

_SEPARATORS = re.compile(r"[\s.\-\u2013/()]+")
_CARD = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")
_PHONE = re.compile(r"0[0-9]{8,10}")
_MOBILE = re.compile(r"(?:03[2-9]|05[2689]|07[06-9]|08[1-689]|09[0-9])[0-9]{7}")


def compact(typed: str) -> str:
    """Without spaces, dots, dashes, slashes and brackets; letters in capitals."""
    return _SEPARATORS.sub("", typed).upper()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def read_person_id(typed: str, lengths: tuple[int, ...] = (12, 9)) -> str | Text:
    """The digits, or the sentence that says what is wrong."""
    digits = compact(typed)
    wanted_vi, wanted_en = (word.join(map(str, lengths)) for word in (" hoặc ", " or "))
    if not _is_number(digits):
        return Text(
            f"Số giấy tờ chỉ gồm chữ số. Gõ {wanted_vi} chữ số.",
            f"An identity number has digits only. Type {wanted_en} digits.",
        )
    if len(digits) not in lengths:
        return Text(
            f"Số này có {len(digits)} chữ số. Gõ đủ {wanted_vi} chữ số.",
            f"This number has {len(digits)} digits. Type {wanted_en} digits.",
        )
    return digits


def read_insurance(typed: str) -> str | Text:
    """Ten digits (mã số BHXH) or the 15-character card number, or the sentence that says what is wrong."""
    number = compact(typed)
    if (_is_number(number) and len(number) == 10) or _CARD.fullmatch(number):
        return number
    return Text(
        "Chưa đúng dạng số BHYT. Gõ 10 chữ số, hoặc 15 ký tự như DT2 38 1234567890.",
        "Not an insurance number. Type 10 digits, or 15 characters such as DT2 38 1234567890.",
    )


def read_phone(typed: str) -> str | Text:
    """Digits with a leading 0; +84 becomes 0, and a 0 lost in a spreadsheet is put back."""
    number = compact(typed)
    for prefix in ("+84", "0084"):
        if number.startswith(prefix):
            number = "0" + number.removeprefix(prefix).removeprefix("0")
    if number.startswith("84") and _MOBILE.fullmatch("0" + number[2:]):
        number = "0" + number[2:]
    if _MOBILE.fullmatch("0" + number):
        number = "0" + number
    if _PHONE.fullmatch(number):
        return number
    return Text(
        "Chưa đúng dạng số điện thoại. Gõ 9 đến 11 chữ số, bắt đầu bằng 0.",
        "Not a telephone number. Type 9 to 11 digits, beginning with 0.",
    )


def read_identifier(field: Field, typed: str) -> str | Text:
    """By the field's type: PERSON_ID, INSURANCE or PHONE."""
    if field.type is FieldType.PERSON_ID:
        return read_person_id(typed, field.lengths or (12, 9))
    if field.type is FieldType.INSURANCE:
        return read_insurance(typed)
    return read_phone(typed)


def citizen_id_province_known(citizen_id: str) -> bool:
    """False where the registration place is none of the 63 provinces: a birth abroad, or a slip."""
    return citizen_id[:3] in code_list("citizen_id_provinces")


def citizen_id_sex(citizen_id: str) -> str:
    """`male` or `female`: the fourth digit is even for men."""
    return "female" if int(citizen_id[3]) % 2 else "male"


def citizen_id_birth_year(citizen_id: str) -> int:
    """Fourth digit: 0/1 for 1900-1999, 2/3 for 2000-2099, … then two digits of the year."""
    return 1900 + 100 * (int(citizen_id[3]) // 2) + int(citizen_id[4:6])


def insurance_group_known(number: str) -> bool:
    """True also for the ten-digit number, which names no group."""
    return len(number) != 15 or number[:2] in code_list("insurance_objects")


def insurance_base(number: str) -> str:
    """The ten-digit mã số BHXH contained in either form of the number."""
    return number[-10:]


def is_mobile(phone: str) -> bool:
    return _MOBILE.fullmatch(phone) is not None


def mask(value: str) -> str:
    """The last four characters, for screens and lists: "…2345"; "" stays ""."""
    return f"\u2026{value[-4:]}" if value else ""
