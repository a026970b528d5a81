"""Wire names of the QĐ 831 XML message: its tags in their order, and which field fills which tag.

The only place with wire names besides `forms.catalogue`; data only. Layout and order: interop §5.1 and
form-831 §3.4 (a vendor's 2026 format, not part of the decision). The irregular spelling is the receiver's:
TIEUSU_BENHTAT but TIENSU_GIADINH, SOLANDEKHO without an underscore. What the tags cannot hold: contract.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.sax.saxutils import escape

from forms.model import FormDefinition


@dataclass(frozen=True, slots=True)
class Group:
    """One element with its parts in order. `repeats`: zero or more of it stand in a row."""

    tag: str
    parts: tuple[Part, ...]
    repeats: bool = False


Part: TypeAlias = "str | Group"


def _leaves(tags: str) -> tuple[str, ...]:
    return tuple(tags.split())


def _list(tag: str, tags: str) -> Group:
    return Group(tag, _leaves(tags), repeats=True)


_ALLERGIES_AND_DISEASES = (
    Group("DIUNG", (_list("DSDIUNG", "LOAI MASO TEN MOTA NGUOIMAC"),)),
    Group("BENHTAT", (_list("DSBENH", "LOAIBENH TENBENH TRANGTHAI MOTA NGUOIMAC"),)),
)

HEADER = Group(
    "HEADER",
    _leaves(
        "MESSAGE_VERSION SENDER_CODE SENDER_NAME TRANSACTION_TYPE TRANSACTION_NAME "
        "TRANSACTION_DATE TRANSACTION_ID REQUEST_ID ACTION_TYPE"
    ),
)
RELATIVE = _list("QUANHE_GIADINH", "LOAI_QUANHE TEN_QUANHE MADINHDANH HOTEN DIENTHOAI DIDONG GIAMHO")
PERSON = Group(
    "THONGTINCHUNG",
    (
        *_leaves(
            "MADINHDANH VNEID MABHXH MATHE MAHO_GIADINH MA_NHANKHAU HOTEN QUANHE_CHUHO GIOITINH "
            "NHOMMAU_HEABO NHOMMAU_HERH NGAYSINH MATINH_KHAISINH MADANTOC MAQUOCTICH MATONGIAO MANGHENGHIEP "
            "SOCMND NGAYCAP NOICAP "
            "DIACHI_THUONGTRU MATINH_THUONGTRU MAHUYEN_THUONGTRU MAXA_THUONGTRU MATHONXOM_THUONGTRU "
            "DIACHI_HIENTAI MATINH_HIENTAI MAHUYEN_HIENTAI MAXA_HIENTAI MATHONXOM_HIENTAI "
            "DIENTHOAI_CD DIENTHOAI_DD EMAIL"
        ),
        RELATIVE,
    ),
)
HISTORY = Group(
    "TIENSU",
    (
        Group(
            "TINHTRANG_LUCSINH",
            _leaves("LOAIDE DETHIEUTHANG BINGAT_LUCDE CANNANG CHIEUDAI DITAT_BAMSINH KHAC"),
        ),
        Group(
            "YEUTO_SUCKHOE",
            (
                _list("DSYEUTO", "LOAI TENLOAI TRANGTHAI SOLUONG DABO"),
                *_leaves("YEUTO_TIEPXUC THOIGIAN_TIEPXUC LOAIHOXIGD KHAC"),
            ),
        ),
        Group("KHUYETTAT", (_list("DSKHUYETTAT", "LOAI TENLOAI MOTA"),)),
        Group("TIEUSU_BENHTAT", _ALLERGIES_AND_DISEASES),
        "TIENSU_PHAUTHUAT",
        Group("TIENSU_GIADINH", _ALLERGIES_AND_DISEASES),
        Group(
            "SUCKHOE_SINHSAN",
            _leaves(
                "BIENPHAP_TRANHTHAI KYTHAICUOI SOLAN_COTHAI SOLAN_SAYTHAI SOLAN_PHATHAI SOLAN_SINHDE "
                "SOLAN_DETHUONG SOLAN_DEMO SOLANDEKHO SOLANDE_DUTHANG SOLAN_DENON SOCON_HIENSONG BENH_PHUKHOA"
            ),
        ),
        "VANDEKHAC",
    ),
)
VACCINATIONS = Group(
    "TIEMCHUNG",
    (
        _list(
            "THONGTINMUITIEM",
            "MAVACXIN TENVACXIN LOAIVACXIN TRANGTHAI NGAYTIEM THANGTHAI PHANUNGSAUTIEM NGAYHENTIEM "
            "SOMUIUONVANMETIEM",
        ),
        "SOMUIUONVANMETIEM",
    ),
)
EXAM = Group(
    "HOSOKHAMCHUABENH",
    (
        *_leaves(
            "MA_LK NGAYKHAM NGAYBATDAU NGAYKETTHUC MABACSI BACSIKHAM LYDOKHAM BENHSU MACH NHIETDO HUYETAPTT "
            "HUYETAPTD NHIPTHO CHIEUCAO CHISOBMI CANNANG VONGBUNG SUDUNGKINH MATPHAI MATTRAI "
            "KHAMDA KHAMNIEMMAC KHAMTOANTHANKHAC KHAMTIMMACH KHAMHOHAP KHAMTIEUHOA KHAMTIETNIEU "
            "KHAMCOXUONGKHOP KHAMNOITIET KHAMTHANKINH KHAMTAMTHAN KHAMNGOAIKHOA KHAMPHUKHOA KHAMTAIMUIHONG "
            "KHAMRHM KHAMMAT KHAMDALIEU KHAMDINHDUONG KHAMVANDONG KHAC TC_TT_VD TUVAN"
        ),
        Group("CANLAMSANG", (_list("DICHVU", "MADICHVU MANHOM TENDICHVU KETQUA"),)),
        Group("CHANDOANKETLUAN", (_list("CHANDOANBENH", "MABENH TENBENH KETLUAN"),)),
    ),
    repeats=True,
)
RECORD = Group("HOSOSUCKHOE", (PERSON, HISTORY, VACCINATIONS, Group("DANHSACHHOSOKHAMCHUABENH", (EXAM,))))
MESSAGE = Group("DATA", (HEADER, Group("BODY", (RECORD,)), Group("SECURITY", ("SIGNATURE",))))

MESSAGE_VERSION = "1.0"
ACTION_TYPE = "0"
TRANSACTION_TYPE = "QD831"
TRANSACTION_NAME = "Hồ sơ quản lý sức khỏe cá nhân theo QĐ 831/QĐ-BYT"
REQUEST_PREFIX = "HS831"
WITHDRAWN = "Hủy phiếu khám nhập nhầm"
"""LYDOKHAM of an examination entered in error; the message has no other way to take one back."""
YES, NO = "1", "0"


@dataclass(frozen=True, slots=True)
class FieldTag:
    """One field fills one tag of its group; `codes` replaces our codes by the receiver's."""

    key: str
    tag: str
    codes: Mapping[str, str] = field(default_factory=dict)


PERSON_TAGS: tuple[FieldTag, ...] = (
    FieldTag("household_code", "MAHO_GIADINH"),
    FieldTag("full_name", "HOTEN"),
    FieldTag("household_relation", "QUANHE_CHUHO"),
    FieldTag("sex", "GIOITINH", {"male": "1", "female": "2", "unknown": ""}),
    FieldTag("blood_abo", "NHOMMAU_HEABO"),
    FieldTag("blood_rh", "NHOMMAU_HERH"),
    FieldTag("birth_date", "NGAYSINH"),
    FieldTag("birth_registration_province", "MATINH_KHAISINH"),
    FieldTag("ethnicity", "MADANTOC"),
    FieldTag("nationality", "MAQUOCTICH"),
    FieldTag("religion", "MATONGIAO", {"0": ""}),
    FieldTag("occupation", "MANGHENGHIEP"),
    FieldTag("id_issue_date", "NGAYCAP"),
    FieldTag("id_issue_place", "NOICAP"),
    FieldTag("permanent_province", "MATINH_THUONGTRU"),
    FieldTag("permanent_commune", "MAXA_THUONGTRU"),
    FieldTag("current_province", "MATINH_HIENTAI"),
    FieldTag("current_commune", "MAXA_HIENTAI"),
    FieldTag("home_phone", "DIENTHOAI_CD"),
    FieldTag("mobile_phone", "DIENTHOAI_DD"),
    FieldTag("email", "EMAIL"),
)

EXAM_TAGS: tuple[FieldTag, ...] = (
    FieldTag("exam_date", "NGAYKHAM"),
    FieldTag("examiner", "BACSIKHAM"),
    FieldTag("history_of_present_illness", "BENHSU"),
    FieldTag("pulse", "MACH"),
    FieldTag("temperature", "NHIETDO"),
    FieldTag("systolic", "HUYETAPTT"),
    FieldTag("diastolic", "HUYETAPTD"),
    FieldTag("respiratory_rate", "NHIPTHO"),
    FieldTag("height", "CHIEUCAO"),
    FieldTag("bmi", "CHISOBMI"),
    FieldTag("weight", "CANNANG"),
    FieldTag("waist", "VONGBUNG"),
    FieldTag("acuity_right", "MATPHAI"),
    FieldTag("acuity_left", "MATTRAI"),
    FieldTag("skin_mucosa", "KHAMDA"),
    FieldTag("general_other", "KHAMTOANTHANKHAC"),
    FieldTag("cardiovascular", "KHAMTIMMACH"),
    FieldTag("respiratory", "KHAMHOHAP"),
    FieldTag("digestive", "KHAMTIEUHOA"),
    FieldTag("genitourinary", "KHAMTIETNIEU"),
    FieldTag("musculoskeletal", "KHAMCOXUONGKHOP"),
    FieldTag("endocrine", "KHAMNOITIET"),
    FieldTag("neurological", "KHAMTHANKINH"),
    FieldTag("mental", "KHAMTAMTHAN"),
    FieldTag("surgical", "KHAMNGOAIKHOA"),
    FieldTag("obstetric_gynecological", "KHAMPHUKHOA"),
    FieldTag("ear_nose_throat", "KHAMTAIMUIHONG"),
    FieldTag("dental", "KHAMRHM"),
    FieldTag("eye", "KHAMMAT"),
    FieldTag("dermatological", "KHAMDALIEU"),
    FieldTag("nutrition", "KHAMDINHDUONG"),
    FieldTag("motor", "KHAMVANDONG"),
    FieldTag("organ_other", "KHAC"),
    FieldTag("development_assessment", "TC_TT_VD"),
    FieldTag("advice", "TUVAN"),
)

COMPOSED: Mapping[str, tuple[str, ...]] = {
    "person.citizen_id": ("MADINHDANH", "SOCMND"),
    "person.old_id_card": ("SOCMND",),
    "person.insurance_number": ("MABHXH", "MATHE"),
    "person.permanent_address": ("DIACHI_THUONGTRU",),
    "person.permanent_district": ("DIACHI_THUONGTRU",),
    "person.village": ("DIACHI_HIENTAI",),
    "person.current_district": ("DIACHI_HIENTAI",),
    "person.mother_name": ("QUANHE_GIADINH",),
    "person.father_name": ("QUANHE_GIADINH",),
    "person.caregiver_name": ("QUANHE_GIADINH",),
    "person.caregiver_relation": ("QUANHE_GIADINH",),
    "person.caregiver_home_phone": ("QUANHE_GIADINH",),
    "person.caregiver_mobile_phone": ("QUANHE_GIADINH",),
    "exam.acuity_right_corrected": ("SUDUNGKINH",),
    "exam.acuity_left_corrected": ("SUDUNGKINH",),
    "exam.lab_hematology": ("CANLAMSANG",),
    "exam.lab_biochemistry": ("CANLAMSANG",),
    "exam.lab_urine": ("CANLAMSANG",),
    "exam.ultrasound_abdomen": ("CANLAMSANG",),
    "exam.diagnoses": ("CHANDOANKETLUAN",),
}
"""Field id -> tags that `message` fills by a rule of their own; the rest is one field, one tag."""

SERVICE_GROUPS: Mapping[str, str] = {
    "lab_hematology": "1",
    "lab_biochemistry": "1",
    "lab_urine": "1",
    "ultrasound_abdomen": "2",
}
"""Field key -> MANHOM: 1 laboratory, 2 imaging. Fields without an answer give no DICHVU."""

RELATION_CODES: Mapping[str, str] = {
    "mother": "19",
    "father": "19",
    "grandmother": "20",
    "grandfather": "20",
    "elder_sister": "21",
    "elder_brother": "21",
    "wife": "17",
    "husband": "17",
    "child": "08",
    "grandchild": "12",
}
"""Our relation code -> LOAI_QUANHE; everything else is OTHER_RELATION, told apart by TEN_QUANHE."""
OTHER_RELATION = "13"


def sender_tag(code: str) -> str:
    """How a message names its sender."""
    return f"<SENDER_CODE>{escape(code)}</SENDER_CODE>"


def tags_of(field_id: str) -> tuple[str, ...]:
    """The tags a field reaches, () if none."""
    prefix, _, key = field_id.partition(".")
    direct = {"person": PERSON_TAGS, "exam": EXAM_TAGS}.get(prefix, ())
    return tuple(t.tag for t in direct if t.key == key) or COMPOSED.get(field_id, ())


def fields_by_tag(form: FormDefinition) -> dict[str, str]:
    """Tag -> id of the first field that fills it, to lead a remark of the receiver back to a field."""
    found: dict[str, str] = {}
    for form_field in form.by_id.values():
        for tag in tags_of(form_field.id):
            found.setdefault(tag, form_field.id)
    return found


def leaf_paths(group: Group = MESSAGE, above: str = "") -> Iterator[str]:
    """Paths of all leaves, "DATA/HEADER/REQUEST_ID", in the order of the message."""
    path = f"{above}{group.tag}/"
    for part in group.parts:
        if isinstance(part, Group):
            yield from leaf_paths(part, path)
        else:
            yield path + part
