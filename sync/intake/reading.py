"""Reads and checks a QĐ 831 message: bytes in, plain content or field remarks out. No database, no clock.

The portal compares no date with its own clock: a station's wrong clock must not cost a record. Remarks name
the tag and never repeat a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from forms.catalogue import form
from forms.model import Field, FieldType
from forms.numbers import as_decimal
from sync.channels.qd831 import mapping
from sync.channels.qd831.mapping import Group

Content: TypeAlias = "dict[str, str | Content | list[Content]]"

DEEPEST = 20
MOST_ELEMENTS = 200_000
_TRANSACTION = re.compile(r".+\.r([0-9]{1,9})\.p([0-9]{1,9})")
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,100}")
_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
_NUMERIC = {FieldType.INTEGER, FieldType.DECIMAL, FieldType.BLOOD_PRESSURE}


class UnreadableMessageError(Exception):
    """Not well-formed XML of this message; the text says where, without content."""


@dataclass(frozen=True, slots=True)
class FieldRemark:
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedExam:
    ma_lk: str
    exam_date: str
    """ISO."""
    withdrawn: bool
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    sender_code: str
    request_id: str
    person_key: str
    person: Content
    exams: tuple[ReceivedExam, ...]
    exam_revision: int
    person_revision: int
    """0 where the sender does not number its revisions."""
    remarks: tuple[FieldRemark, ...]
    """Not empty: the message must be refused."""


def read_message(data: bytes) -> ReceivedMessage:
    """Everything the portal needs to know of a message. Raises UnreadableMessageError."""
    root = _parse(data)
    if root.tag != mapping.MESSAGE.tag:
        raise UnreadableMessageError(f"thẻ gốc phải là {mapping.MESSAGE.tag}")
    content = _content(mapping.MESSAGE, root)
    header = _group(content, "HEADER")
    record = _group(_group(content, "BODY"), "HOSOSUCKHOE")
    person = _group(record, "THONGTINCHUNG")
    found = _group(record, "DANHSACHHOSOKHAMCHUABENH").get("HOSOKHAMCHUABENH", [])
    exams = [exam for exam in found if isinstance(exam, dict)] if isinstance(found, list) else []
    revisions = _TRANSACTION.fullmatch(_text(header, "TRANSACTION_ID"))
    return ReceivedMessage(
        sender_code=_text(header, "SENDER_CODE"),
        request_id=_text(header, "REQUEST_ID"),
        person_key=_person_key(person),
        person=person,
        exams=tuple(_exam(exam) for exam in exams),
        exam_revision=int(revisions[1]) if revisions else 0,
        person_revision=int(revisions[2]) if revisions else 0,
        remarks=tuple(_remarks(header, person, exams)),
    )


# --- XML


def _parse(data: bytes) -> Element:
    """A tree from expat directly: document types and entities are refused before anything is expanded."""
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8")  # the contract's encoding, whatever the message declares
    depth = elements = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            raise UnreadableMessageError("cấu trúc quá lớn")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def forbidden(*_: object) -> None:
        raise UnreadableMessageError("không được khai báo DOCTYPE hoặc ENTITY")

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = forbidden
    parser.EntityDeclHandler = forbidden
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableMessageError(f"XML sai ở dòng {error.lineno}, cột {error.offset}") from None
    return builder.close()


def _content(group: Group, element: Element) -> Content:
    """By tag, in the shape of `mapping`; unknown tags are left out, missing ones are empty."""
    found: Content = {}
    for part in group.parts:
        if isinstance(part, str):
            found[part] = (element.findtext(part) or "").strip()
        elif part.repeats:
            found[part.tag] = [_content(part, item) for item in element.findall(part.tag)]
        else:
            child = element.find(part.tag)
            found[part.tag] = _content(part, child if child is not None else Element(part.tag))
    return found


def _text(content: Content, tag: str) -> str:
    value = content.get(tag, "")
    return value if isinstance(value, str) else ""


def _group(content: Content, tag: str) -> Content:
    value = content.get(tag, {})
    return value if isinstance(value, dict) else {}


# --- meaning


def _person_key(person: Content) -> str:
    """The sender's own id of the person; an official number where it sends none; "" without any."""
    for tag in ("MA_NHANKHAU", "MADINHDANH", "SOCMND", "MABHXH"):
        value = _text(person, tag)
        if _KEY.fullmatch(value):
            return value if tag == "MA_NHANKHAU" else f"{tag}:{value}"
    return ""


def _exam(exam: Content) -> ReceivedExam:
    day = _parts(_text(exam, "NGAYKHAM"))
    return ReceivedExam(
        ma_lk=_text(exam, "MA_LK"),
        exam_date="{:04d}-{:02d}-{:02d}".format(*day) if day else "",
        withdrawn=_text(exam, "LYDOKHAM") == mapping.WITHDRAWN,
        content=exam,
    )


def _parts(value: str) -> tuple[int, int, int] | None:
    """dd/MM/yyyy as (year, month, day); 00 for an unknown day, or an unknown day and month."""
    pieces = value.split("/")
    if [len(p) for p in pieces] != [2, 2, 4] or not all(p.isascii() and p.isdigit() for p in pieces):
        return None
    day, month, year = map(int, pieces)
    if not 1880 <= year <= 2199 or (month == 0 and day != 0):
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year, month, day


def _remarks(header: Content, person: Content, exams: list[Content]) -> Iterator[FieldRemark]:
    for tag in ("MESSAGE_VERSION", "SENDER_CODE", "REQUEST_ID", "TRANSACTION_DATE"):
        if not _text(header, tag):
            yield FieldRemark(tag, "thiếu")
    if _text(header, "REQUEST_ID") and not _REQUEST_ID.fullmatch(_text(header, "REQUEST_ID")):
        yield FieldRemark("REQUEST_ID", "dài quá 100 ký tự hoặc có ký tự lạ")
    yield from _date_remark(header, "TRANSACTION_DATE", whole=True)
    yield from _person_remarks(person)
    seen: set[str] = set()
    for exam in exams:
        yield from _exam_remarks(exam, _parts(_text(person, "NGAYSINH")))
        key = _text(exam, "MA_LK")
        if key in seen:
            yield FieldRemark("MA_LK", "lặp lại trong cùng bản tin")
        seen.add(key)


def _person_remarks(person: Content) -> Iterator[FieldRemark]:
    if not _text(person, "HOTEN"):
        yield FieldRemark("HOTEN", "thiếu")
    if not _person_key(person):
        yield FieldRemark("MA_NHANKHAU", "thiếu, và cũng không có số định danh nào")
    if _text(person, "GIOITINH") not in {"", "1", "2", "3"}:
        yield FieldRemark("GIOITINH", "phải là 1 (nam), 2 (nữ) hoặc để trống")
    yield from _date_remark(person, "NGAYSINH", whole=False)
    yield from _date_remark(person, "NGAYCAP", whole=True)


def _date_remark(content: Content, tag: str, *, whole: bool) -> Iterator[FieldRemark]:
    value = _text(content, tag)
    parts = _parts(value)
    if value and (parts is None or (whole and parts[2] == 0)):
        yield FieldRemark(tag, "không phải ngày hợp lệ (dd/MM/yyyy)")


def _exam_remarks(exam: Content, birth: tuple[int, int, int] | None) -> Iterator[FieldRemark]:
    if not _KEY.fullmatch(_text(exam, "MA_LK")):
        yield FieldRemark("MA_LK", "thiếu, dài quá 100 ký tự hoặc có ký tự lạ")
    if not _text(exam, "NGAYKHAM"):
        yield FieldRemark("NGAYKHAM", "thiếu")
    for tag in ("NGAYKHAM", "NGAYBATDAU", "NGAYKETTHUC"):
        yield from _date_remark(exam, tag, whole=True)
    day = _parts(_text(exam, "NGAYKHAM"))
    if birth and day and day < birth:
        yield FieldRemark("NGAYKHAM", "trước ngày sinh")
    for tag, field in _measures().items():
        yield from _measure_remark(tag, field, _text(exam, tag))
    high, low = (as_decimal(_number(_text(exam, tag))) for tag in ("HUYETAPTT", "HUYETAPTD"))
    if high is not None and low is not None and high <= low:
        yield FieldRemark("HUYETAPTT", "phải lớn hơn huyết áp tối thiểu")
    if _text(exam, "SUDUNGKINH") not in {"", mapping.YES, mapping.NO}:
        yield FieldRemark("SUDUNGKINH", "phải là 0 hoặc 1")


def _measure_remark(tag: str, field: Field, value: str) -> Iterator[FieldRemark]:
    if not value:
        return
    number = _number(value)
    if number is None:
        yield FieldRemark(tag, "phải là số, dấu chấm thập phân")
    elif field.hard is not None and number not in field.hard:
        low, high = field.hard.low, field.hard.high
        yield FieldRemark(tag, f"phải từ {low:g} đến {high:g} {field.unit}".rstrip())


def _number(value: str) -> float | None:
    return float(value) if _NUMBER.fullmatch(value) else None


def _measures() -> Mapping[str, Field]:
    definition = form()
    fields = {t.tag: definition.field(f"exam.{t.key}") for t in mapping.EXAM_TAGS}
    return {tag: field for tag, field in fields.items() if field.type in _NUMERIC}


def as_json(content: Content) -> dict[str, Any]:
    """Only what was filled in: an absent tag and an empty one mean the same."""
    filled: dict[str, Any] = {}
    for tag, value in content.items():
        if isinstance(value, str):
            kept: Any = value
        elif isinstance(value, list):
            kept = [as_json(item) for item in value]
        else:
            kept = as_json(value)
        if kept:
            filled[tag] = kept
    return filled
