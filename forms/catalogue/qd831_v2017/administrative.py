"""Part A, "PHẦN THÔNG TIN HÀNH CHÍNH", in the order of the paper. Source: form-831 §2.A, §3.3, §3.5.

The paper numbers none of these lines and marks none as required. Name, sex ("unknown" is an answer) and
birth date (a year will do) are required here: without them a person cannot be found or told apart.
"Quận/Huyện" ended with the two-level administration of July 2025 and stays as free text for old papers.
The old identity card number has no line of its own on the paper; it shares "Số CMND/CCCD".
"""

from __future__ import annotations

from forms.model import Field, FieldType, Option, Part, Section
from forms.text import Text

_SOURCE = "QĐ 831/QĐ-BYT 2017, A"
_PERMANENT = Text("Nơi đăng ký HKTT", "Permanent residence")
_CURRENT = Text("Nơi ở hiện tại", "Current residence")
_PHONE = Text("Điện thoại", "Telephone")
_CARER_PHONE = Text("Điện thoại (bố/ mẹ/ người NCSC)", "Telephone (father/mother/caregiver)")


def _under(heading: Text, own: Text) -> Text:
    return Text(f"{heading.vi}: {own.vi}", f"{heading.en}: {own.en}")


def _field(
    key: str,
    label_vi: str,
    label_en: str,
    type_: FieldType = FieldType.TEXT,
    *,
    heading: Text | None = None,
    short: Text | None = None,
    options: tuple[Option, ...] = (),
    code_list: str = "",
    lengths: tuple[int, ...] = (),
    max_length: int = 200,
    required: bool = False,
) -> Field:
    """`heading`: printed words in front that several fields share."""
    own = Text(label_vi, label_en)
    return Field(
        id=f"person.{key}",
        label=_under(heading, own) if heading else own,
        short=own if heading else short,
        type=type_,
        options=options,
        code_list=code_list,
        lengths=lengths,
        max_length=max_length,
        required=required,
        source=_SOURCE,
    )


_SEX = (
    Option("male", Text("Nam", "Male"), "1"),
    Option("female", Text("Nữ", "Female"), "2"),
    Option("unknown", Text("Chưa xác định", "Not determined"), "3"),
)
_ABO = tuple(Option(group, Text(group, group), group) for group in ("A", "B", "AB", "O"))
_RH = (
    Option("+", Text("Dương (+)", "Positive (+)"), "+"),
    Option("-", Text("Âm (-)", "Negative (-)"), "-"),
)

_IDENTITY = (
    _field("household_code", "Mã hộ GĐ", "Household code", max_length=20),
    _field("full_name", "Họ và tên", "Full name", required=True),
    _field(
        "household_relation",
        "Quan hệ với chủ hộ",
        "Relation to head of household",
        FieldType.CODED,
        code_list="household_relations",
    ),
    _field("sex", "Giới tính", "Sex", FieldType.CHOICE, options=_SEX, required=True),
    _field(
        "blood_abo",
        "Hệ ABO",
        "ABO",
        FieldType.CHOICE,
        options=_ABO,
        heading=Text("Nhóm máu", "Blood group"),
    ),
    _field(
        "blood_rh",
        "Hệ Rh",
        "Rh",
        FieldType.CHOICE,
        options=_RH,
        heading=Text("Nhóm máu", "Blood group"),
    ),
    _field("birth_date", "Ngày sinh", "Date of birth", FieldType.PARTIAL_DATE, required=True),
    _field(
        "birth_registration_province",
        "Tỉnh/TP đăng ký khai sinh",
        "Province of birth registration",
        FieldType.CODED,
        code_list="provinces",
    ),
    _field("ethnicity", "Dân tộc", "Ethnic group", FieldType.CODED, code_list="ethnic_groups"),
    _field("nationality", "Quốc tịch", "Nationality", FieldType.CODED, code_list="countries"),
    _field("religion", "Tôn giáo", "Religion", FieldType.CODED, code_list="religions"),
    _field("occupation", "Nghề nghiệp", "Occupation", FieldType.CODED, code_list="occupations"),
)

_PAPERS = (
    _field(
        "citizen_id",
        "Số CMND/CCCD",
        "Citizen identity number",
        FieldType.PERSON_ID,
        short=Text("CCCD", "Citizen ID"),
        lengths=(12,),
    ),
    _field(
        "old_id_card",
        "Số CMND/CCCD (số cũ)",
        "Identity number (earlier)",
        FieldType.PERSON_ID,
        short=Text("CMND cũ", "Old ID card"),
        lengths=(9, 12),
    ),
    _field(
        "id_issue_date",
        "Ngày cấp",
        "Issued on",
        FieldType.DATE,
    ),
    _field("id_issue_place", "Nơi cấp", "Issued by"),
    _field(
        "insurance_number",
        "Mã định danh BHYT/ Số thẻ BHYT",
        "Health insurance number",
        FieldType.INSURANCE,
        short=Text("BHYT", "Insurance"),
        lengths=(10, 15),
    ),
)

_ADDRESSES = (
    _field(
        "permanent_address",
        "(Thôn/xóm; số nhà, đường phố)",
        "(Hamlet; house number, street)",
        FieldType.ADDRESS,
        heading=_PERMANENT,
    ),
    _field(
        "permanent_commune",
        "Xã/Phường",
        "Commune/Ward",
        FieldType.CODED,
        code_list="communes",
        heading=_PERMANENT,
    ),
    _field("permanent_district", "Quận/Huyện", "District", heading=_PERMANENT),
    _field(
        "permanent_province",
        "Tỉnh/TP",
        "Province/City",
        FieldType.CODED,
        code_list="provinces",
        heading=_PERMANENT,
    ),
    _field(
        "village",
        "Thôn/xóm; số nhà, đường phố",
        "Hamlet; house number, street",
        FieldType.ADDRESS,
        heading=_CURRENT,
    ),
    _field(
        "current_commune",
        "Xã/Phường",
        "Commune/Ward",
        FieldType.CODED,
        code_list="communes",
        heading=_CURRENT,
    ),
    _field("current_district", "Quận/Huyện", "District", heading=_CURRENT),
    _field(
        "current_province",
        "Tỉnh/TP",
        "Province/City",
        FieldType.CODED,
        code_list="provinces",
        heading=_CURRENT,
    ),
)

_CONTACTS = (
    _field("home_phone", "Cố định", "Landline", FieldType.PHONE, heading=_PHONE),
    _field("mobile_phone", "Di động", "Mobile", FieldType.PHONE, heading=_PHONE),
    _field("email", "Email", "E-mail", FieldType.EMAIL, max_length=100),
    _field("mother_name", "Họ tên mẹ", "Mother's name"),
    _field("father_name", "Họ tên bố", "Father's name"),
    _field(
        "caregiver_name",
        "Họ tên người chăm sóc chính (NCSC)",
        "Main caregiver's name",
        short=Text("Người chăm sóc chính", "Main caregiver"),
    ),
    _field(
        "caregiver_relation",
        "Mối quan hệ",
        "Relation of the caregiver",
        FieldType.CODED,
        code_list="relations",
    ),
    _field("caregiver_home_phone", "Cố định", "Landline", FieldType.PHONE, heading=_CARER_PHONE),
    _field("caregiver_mobile_phone", "Di động", "Mobile", FieldType.PHONE, heading=_CARER_PHONE),
)

PART = Part(
    letter="A",
    prefix="person",
    title=Text("PHẦN THÔNG TIN HÀNH CHÍNH", "Administrative information"),
    sections=(
        Section(id="person.identity", title=Text("Nhân thân", "Identity"), fields=_IDENTITY),
        Section(
            id="person.papers",
            title=Text("Giấy tờ và bảo hiểm y tế", "Papers and health insurance"),
            fields=_PAPERS,
        ),
        Section(
            id="person.addresses",
            title=Text("Hộ khẩu và nơi ở hiện tại", "Permanent and current residence"),
            fields=_ADDRESSES,
        ),
        Section(
            id="person.contacts",
            title=Text("Liên lạc và người thân", "Contact and family"),
            fields=_CONTACTS,
        ),
    ),
)
