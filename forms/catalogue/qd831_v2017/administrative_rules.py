"""Rules of part A. Errors cannot be true; warnings are often a slip, and sometimes right."""

from __future__ import annotations

from datetime import date

from forms import answers as read
from forms import identifiers
from forms.model import Answers, Check, Context, Rule, Severity
from forms.numbers import sentence
from forms.text import Text
from forms.values import code_label, list_for

_EARLIEST_YEAR = 1900
_OLD_AGE = 110
_ID_SOURCE = "NĐ 137/2015/NĐ-CP Đ13; vn-reference §1.3"


def _day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def _birth_not_in_future(answers: Answers, context: Context) -> Text | None:
    birth = read.partial_date(answers, "birth_date")
    if birth is None or birth.earliest <= context.today:
        return None
    return sentence(
        "Ngày sinh {birth} ở sau hôm nay ({today}).",
        "The birth date {birth} is after today ({today}).",
        birth=birth.shown(),
        today=_day(context.today),
    )


def _birth_not_too_early(answers: Answers, _context: Context) -> Text | None:
    birth = read.partial_date(answers, "birth_date")
    if birth is None or birth.year >= _EARLIEST_YEAR:
        return None
    return sentence(
        "Năm sinh {year} quá xa. Gõ từ năm 1900 trở đi.",
        "The birth year {year} is too early. Type 1900 or later.",
        year=birth.year,
    )


def _age_usual(answers: Answers, context: Context) -> Text | None:
    birth = read.partial_date(answers, "birth_date")
    if birth is None or birth.year < _EARLIEST_YEAR or context.today.year - birth.year <= _OLD_AGE:
        return None
    return sentence(
        "Sinh năm {year} là {age} tuổi. Xem lại năm sinh.",
        "Born in {year} means {age} years old. Check the birth year.",
        year=birth.year,
        age=context.today.year - birth.year,
    )


def _issue_not_in_future(answers: Answers, context: Context) -> Text | None:
    issued = read.full_date(answers, "id_issue_date")
    if issued is None or issued <= context.today:
        return None
    return sentence(
        "Ngày cấp {issued} ở sau hôm nay ({today}).",
        "The date of issue {issued} is after today ({today}).",
        issued=_day(issued),
        today=_day(context.today),
    )


def _issued_after_birth(answers: Answers, _context: Context) -> Text | None:
    issued, birth = read.full_date(answers, "id_issue_date"), read.partial_date(answers, "birth_date")
    if issued is None or birth is None or issued >= birth.earliest:
        return None
    return sentence(
        "Ngày cấp {issued} ở trước ngày sinh {birth}.",
        "The date of issue {issued} is before the birth date {birth}.",
        issued=_day(issued),
        birth=birth.shown(),
    )


def _citizen_id(answers: Answers) -> str:
    """The number if it has the right shape, else ""."""
    number = read.text(answers, "citizen_id")
    return number if len(number) == 12 and number.isascii() and number.isdigit() else ""


def _id_province(answers: Answers, _context: Context) -> Text | None:
    number = _citizen_id(answers)
    if not number or identifiers.citizen_id_province_known(number):
        return None
    return sentence(
        "Ba số đầu {code} không phải mã tỉnh của Việt Nam. Xem lại số CCCD.",
        "The first three digits {code} are no Vietnamese province code. Check the number.",
        code=number[:3],
    )


def _id_sex(answers: Answers, _context: Context) -> Text | None:
    number, sex = _citizen_id(answers), read.text(answers, "sex")
    if not number or sex not in {"male", "female"} or identifiers.citizen_id_sex(number) == sex:
        return None
    vi, en = ("nam", "a man") if sex == "female" else ("nữ", "a woman")
    return sentence(
        "Số thứ tư của CCCD là {digit}, dành cho {whom_vi}. Xem lại số CCCD và giới tính.",
        "The fourth digit {digit} stands for {whom_en}. Check the number and the sex.",
        digit=number[3],
        whom_vi=vi,
        whom_en=en,
    )


def _id_birth_year(answers: Answers, _context: Context) -> Text | None:
    number, birth = _citizen_id(answers), read.partial_date(answers, "birth_date")
    if not number or birth is None or identifiers.citizen_id_birth_year(number) == birth.year:
        return None
    return sentence(
        "Số CCCD ghi năm sinh {inside}, hồ sơ ghi {year}. Xem lại số CCCD và ngày sinh.",
        "The number says born in {inside}, the record says {year}. Check the number and the birth date.",
        inside=identifiers.citizen_id_birth_year(number),
        year=birth.year,
    )


def _insurance_group(answers: Answers, _context: Context) -> Text | None:
    number = read.text(answers, "insurance_number")
    if identifiers.insurance_group_known(number):
        return None
    return sentence(
        "Nhóm đối tượng {group} không có trong danh mục. Xem lại hai chữ đầu của thẻ BHYT.",
        "The group {group} is not in the list. Check the first two letters of the card number.",
        group=number[:2],
    )


def _mobile(key: str) -> Check:
    def check(answers: Answers, _context: Context) -> Text | None:
        phone = read.text(answers, key)
        if not phone or identifiers.is_mobile(phone):
            return None
        return Text(
            "Số này không giống số di động Việt Nam: 10 chữ số, như 0912345678.",
            "This does not look like a Vietnamese mobile number: 10 digits, such as 0912345678.",
        )

    return check


def _province_of_commune(place: str) -> Check:
    def check(answers: Answers, context: Context) -> Text | None:
        province = read.text(answers, f"{place}_province")
        commune = list_for("communes", context.lists).get(read.text(answers, f"{place}_commune"))
        if commune is None or not province or commune.attributes.get("province_code") == province:
            return None
        return Text(
            f"{commune.name_vi} không thuộc {code_label('provinces', province, 'vi', lists=context.lists)}.",
            f"{commune.name_en} is not in {code_label('provinces', province, 'en', lists=context.lists)}.",
        )

    return check


def _name_complete(answers: Answers, _context: Context) -> Text | None:
    name = read.text(answers, "full_name")
    if not name or " " in name:
        return None
    return Text(
        "Họ tên mới có một chữ. Gõ đủ họ và tên.",
        "The name has one word only. Type family name and given name.",
    )


def _name_of_letters(answers: Answers, _context: Context) -> Text | None:
    if not any(character.isdigit() for character in read.text(answers, "full_name")):
        return None
    return Text("Họ tên có chữ số. Xem lại bộ gõ tiếng Việt.", "The name contains digits. Check it.")


def _rule(
    name: str,
    severity: Severity,
    key: str,
    check: Check,
    *,
    passing: Answers,
    failing: Answers,
    source: str = "",
) -> Rule:
    return Rule(
        id=f"QD831.{name}",
        part="person",
        severity=severity,
        key=key,
        check=check,
        passing=passing,
        failing=failing,
        source=source,
    )


RULES = (
    _rule(
        "NAME_ONE_WORD",
        Severity.WARNING,
        "full_name",
        _name_complete,
        passing={"full_name": "Hơ Pó"},
        failing={"full_name": "Pó"},
    ),
    _rule(
        "NAME_HAS_DIGITS",
        Severity.WARNING,
        "full_name",
        _name_of_letters,
        passing={"full_name": "Lò Thị Mẫu"},
        failing={"full_name": "Lo2 Thi5 Ma6u4"},
    ),
    _rule(
        "BIRTH_DATE_FUTURE",
        Severity.ERROR,
        "birth_date",
        _birth_not_in_future,
        passing={"birth_date": "2026"},
        failing={"birth_date": "2026-12"},
        source="form-831 §7.1",
    ),
    _rule(
        "BIRTH_DATE_TOO_EARLY",
        Severity.ERROR,
        "birth_date",
        _birth_not_too_early,
        passing={"birth_date": "1900"},
        failing={"birth_date": "1899-12-31"},
        source="form-831 §7.1",
    ),
    _rule(
        "AGE_UNUSUAL",
        Severity.WARNING,
        "birth_date",
        _age_usual,
        passing={"birth_date": "1916"},
        failing={"birth_date": "1915"},
    ),
    _rule(
        "CITIZEN_ID_PROVINCE",
        Severity.WARNING,
        "citizen_id",
        _id_province,
        passing={"citizen_id": "038185012345"},
        failing={"citizen_id": "103185012345"},
        source=_ID_SOURCE,
    ),
    _rule(
        "CITIZEN_ID_SEX",
        Severity.WARNING,
        "citizen_id",
        _id_sex,
        passing={"citizen_id": "038185012345", "sex": "female"},
        failing={"citizen_id": "038185012345", "sex": "male"},
        source=_ID_SOURCE,
    ),
    _rule(
        "CITIZEN_ID_BIRTH_YEAR",
        Severity.WARNING,
        "citizen_id",
        _id_birth_year,
        passing={"citizen_id": "038185012345", "birth_date": "1985"},
        failing={"citizen_id": "038316000777", "birth_date": "1916-09"},
        source=_ID_SOURCE,
    ),
    _rule(
        "ID_ISSUE_DATE_FUTURE",
        Severity.ERROR,
        "id_issue_date",
        _issue_not_in_future,
        passing={"id_issue_date": "2026-11-22"},
        failing={"id_issue_date": "2026-11-23"},
    ),
    _rule(
        "ID_ISSUED_BEFORE_BIRTH",
        Severity.ERROR,
        "id_issue_date",
        _issued_after_birth,
        passing={"id_issue_date": "2021-05-10", "birth_date": "1985"},
        failing={"id_issue_date": "1984-12-31", "birth_date": "1985"},
        source="form-831 §4",
    ),
    _rule(
        "INSURANCE_GROUP",
        Severity.WARNING,
        "insurance_number",
        _insurance_group,
        passing={"insurance_number": "DT2383812345678"},
        failing={"insurance_number": "ZZ2383812345678"},
        source="vn-reference §2.1",
    ),
    _rule(
        "PERMANENT_PROVINCE",
        Severity.WARNING,
        "permanent_province",
        _province_of_commune("permanent"),
        passing={"permanent_commune": "00004", "permanent_province": "01"},
        failing={"permanent_commune": "00004", "permanent_province": "38"},
    ),
    _rule(
        "CURRENT_PROVINCE",
        Severity.WARNING,
        "current_province",
        _province_of_commune("current"),
        passing={"current_commune": "00004", "current_province": "01"},
        failing={"current_commune": "00004", "current_province": "38"},
    ),
    _rule(
        "MOBILE_PHONE",
        Severity.WARNING,
        "mobile_phone",
        _mobile("mobile_phone"),
        passing={"mobile_phone": "0912345678"},
        failing={"mobile_phone": "0112345678"},
        source="form-831 §7.1",
    ),
    _rule(
        "CAREGIVER_MOBILE_PHONE",
        Severity.WARNING,
        "caregiver_mobile_phone",
        _mobile("caregiver_mobile_phone"),
        passing={"caregiver_mobile_phone": "0389123456"},
        failing={"caregiver_mobile_phone": "0310123456"},
        source="form-831 §7.1",
    ),
)
