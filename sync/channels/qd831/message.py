"""Builds the QĐ 831 XML message of one outbox row. Pure: no clock, no store, no network.

The same revision gives the same bytes whenever and wherever it is built, so it also gets the same
REQUEST_ID: a record queued twice (after a restored backup, by another way) is a duplicate, not a conflict.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import TypeAlias

from app.domain.outbox import Claim
from app.domain.records import RecordKind, RecordStatus, Revision
from app.domain.station import Station
from forms.answers import diagnoses, full_date, text
from forms.codelists import code_list
from forms.compute import computed
from forms.dates import PartialDate
from forms.model import Answers, Context, Field, FieldType, FormDefinition, Json
from sync.channels.qd831 import mapping
from sync.channels.qd831.mapping import FieldTag, Group
from sync.outcome import Message

Fill: TypeAlias = Mapping[str, "str | Fill | list[Fill]"]
"""Content of a group by tag: text of a leaf, content of a group, or a list for a repeated group."""

_DATE_TYPES = {FieldType.DATE, FieldType.PARTIAL_DATE}
_LINE_BREAKS = re.compile("\r\n?")
_SEPARATORS = re.compile("[\x0b\x0c\x1c-\x1f]")
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def build(claim: Claim, station: Station, form: FormDefinition) -> Message:
    """A person's revision gives THONGTINCHUNG alone; an examination gives it with that one examination."""
    content: dict[str, str | Fill | list[Fill]] = {
        "HEADER": _header(claim, station),
        "BODY": {"HOSOSUCKHOE": _record(claim, form)},
    }
    blank = render(content)
    digest = hashlib.sha256(blank).hexdigest()[:12]
    request_id = (
        f"{mapping.REQUEST_PREFIX}-{claim.revision.record_id[:60]}-{claim.revision.revision}-{digest}"
    )
    content["HEADER"] = {**_header(claim, station), "REQUEST_ID": request_id}
    return Message(render(content), request_id)


def render(content: Fill) -> bytes:
    """UTF-8 without BOM, indented by 4, every tag written, an empty one as <TAG></TAG>."""
    root = _element(mapping.MESSAGE, content)
    ET.indent(root, "    ")
    body = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def clean_text(value: str) -> str:
    """NFC, line feeds, and nothing that XML 1.0 forbids; a separating control becomes a space."""
    spaced = _SEPARATORS.sub(" ", _LINE_BREAKS.sub("\n", value))
    return unicodedata.normalize("NFC", _NOT_XML.sub("", spaced))


def wire_date(value: Json) -> str:
    """dd/MM/yyyy; an unknown day or month is 00, as in the ministry's XML 130. "" for anything else."""
    try:
        day = PartialDate.parse_iso(value) if isinstance(value, str) else None
    except ValueError:
        return ""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}" if day else ""


def wire_number(value: Json) -> str:
    """132, 36.8: decimal point, no trailing zeros."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return clean_text(value) if isinstance(value, str) else ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _element(group: Group, content: Fill) -> ET.Element:
    element = ET.Element(group.tag)
    for part in group.parts:
        if isinstance(part, str):
            value = content.get(part, "")
            ET.SubElement(element, part).text = clean_text(value) if isinstance(value, str) else ""
            continue
        value = content.get(part.tag, [] if part.repeats else {})
        items = value if isinstance(value, list) else [value]
        element.extend(_element(part, item) for item in items if not isinstance(item, str))
    return element


def _header(claim: Claim, station: Station) -> dict[str, str]:
    saved = claim.revision
    return {
        "MESSAGE_VERSION": mapping.MESSAGE_VERSION,
        "SENDER_CODE": station.code,
        "SENDER_NAME": station.name,
        "TRANSACTION_TYPE": mapping.TRANSACTION_TYPE,
        "TRANSACTION_NAME": mapping.TRANSACTION_NAME,
        "TRANSACTION_DATE": f"{saved.at:%d/%m/%Y}",
        "TRANSACTION_ID": f"{saved.record_id}.r{saved.revision}.p{claim.person.revision}",
        "ACTION_TYPE": mapping.ACTION_TYPE,
    }


def _record(claim: Claim, form: FormDefinition) -> Fill:
    record: dict[str, str | Fill | list[Fill]] = {"THONGTINCHUNG": _person(claim.person, form)}
    if claim.revision.kind is RecordKind.EXAM:
        exam = _exam(claim.revision, claim.person.answers, form)
        record["DANHSACHHOSOKHAMCHUABENH"] = {"HOSOKHAMCHUABENH": [exam]}
    return record


# --- part A


def _person(revision: Revision, form: FormDefinition) -> Fill:
    answers = revision.answers
    citizen, insurance = text(answers, "citizen_id"), text(answers, "insurance_number")
    return {
        **_direct(mapping.PERSON_TAGS, "person", answers, form),
        "MA_NHANKHAU": revision.person_id,
        "MADINHDANH": citizen,
        "SOCMND": citizen or text(answers, "old_id_card"),
        "MABHXH": insurance[-10:],
        "MATHE": insurance if len(insurance) > 10 else "",
        "DIACHI_THUONGTRU": _joined(answers, "permanent_address", "permanent_district"),
        "DIACHI_HIENTAI": _joined(answers, "village", "current_district"),
        "QUANHE_GIADINH": _relatives(answers),
    }


def _joined(answers: Answers, *keys: str) -> str:
    return ", ".join(words for key in keys if (words := text(answers, key)))


def _relatives(answers: Answers) -> list[Fill]:
    found: list[Fill] = [
        _relative(relation, text(answers, key), guardian=False)
        for relation, key in (("mother", "mother_name"), ("father", "father_name"))
        if text(answers, key)
    ]
    caregiver = [
        text(answers, f"caregiver_{part}") for part in ("name", "relation", "home_phone", "mobile_phone")
    ]
    if any(caregiver):
        name, relation, home, mobile = caregiver
        found.append({**_relative(relation, name, guardian=True), "DIENTHOAI": home, "DIDONG": mobile})
    return found


def _relative(relation: str, name: str, *, guardian: bool) -> dict[str, str]:
    known = code_list("relations").get(relation)
    return {
        "LOAI_QUANHE": mapping.RELATION_CODES.get(relation, mapping.OTHER_RELATION),
        "TEN_QUANHE": known.name_vi if known else relation,
        "HOTEN": name,
        "GIAMHO": mapping.YES if guardian else mapping.NO,
    }


# --- part D


def _exam(revision: Revision, person: Answers, form: FormDefinition) -> Fill:
    answers = revision.answers
    if revision.status is RecordStatus.ENTERED_IN_ERROR:
        return {
            "MA_LK": revision.record_id,
            "NGAYKHAM": wire_date(answers.get("exam_date")),
            "LYDOKHAM": mapping.WITHDRAWN,
            "CHANDOANKETLUAN": {"CHANDOANBENH": [{"KETLUAN": f"{mapping.WITHDRAWN}: {revision.reason}"}]},
        }
    day = full_date(answers, "exam_date") or revision.at.date()
    calculated = computed(form, "exam", answers, Context(day, person))
    return {
        **_direct(mapping.EXAM_TAGS, "exam", {**calculated, **answers}, form),
        "MA_LK": revision.record_id,
        "SUDUNGKINH": _glasses(answers),
        "CANLAMSANG": {"DICHVU": _services(answers, form)},
        "CHANDOANKETLUAN": {"CHANDOANBENH": [_diagnosis(*row) for row in diagnoses(answers)]},
    }


def _glasses(answers: Answers) -> str:
    if text(answers, "acuity_right_corrected") or text(answers, "acuity_left_corrected"):
        return mapping.YES
    return mapping.NO if text(answers, "acuity_right") or text(answers, "acuity_left") else ""


def _services(answers: Answers, form: FormDefinition) -> list[Fill]:
    return [
        {
            "MANHOM": group,
            "TENDICHVU": form.field(f"exam.{key}").label.vi,
            "KETQUA": text(answers, key),
        }
        for key, group in mapping.SERVICE_GROUPS.items()
        if text(answers, key)
    ]


def _diagnosis(code: str, words: str) -> Fill:
    return {"MABENH": code, "TENBENH": words} if code else {"KETLUAN": words}


# --- one field, one tag


def _direct(
    tags: tuple[FieldTag, ...], prefix: str, answers: Answers, form: FormDefinition
) -> dict[str, str]:
    return {
        tag.tag: _encoded(form.field(f"{prefix}.{tag.key}"), tag, answers[tag.key])
        for tag in tags
        if answers.get(tag.key) is not None
    }


def _encoded(field: Field, tag: FieldTag, value: Json) -> str:
    if field.type in _DATE_TYPES:
        return wire_date(value)
    if isinstance(value, str):
        return tag.codes.get(value, value)
    return wire_number(value)
