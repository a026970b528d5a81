"""The XML message: exact bytes, exact tags, and text that comes back as it was."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.outbox import Claim
from app.domain.records import RecordKind, RecordStatus
from forms.catalogue import form
from sync.channels.qd831 import mapping, message
from tests.unit.sync.claims import (
    EXAM,
    EXAM_ID,
    PERSON_ID,
    STATION,
    claim,
    exam_claim,
    person_claim,
    person_revision,
    revision,
)

HERE = Path(__file__).parent
CONTRACT = Path(mapping.__file__).with_name("contract.md")
FORM = form()


def built(given: Claim) -> bytes:
    return message.build(given, STATION, FORM).body


def parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - our own message


def tree(given: Claim) -> ET.Element:
    return parsed(built(given))


def at(root: ET.Element, tag: str) -> str:
    found = root.find(f".//{tag}")
    assert found is not None, tag
    return found.text or ""


# --- the whole message


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("exam", exam_claim()),
        (
            "person",
            person_claim({"full_name": "Lò Thị Mẫu", "sex": "female", "birth_date": "1985-09"}, revision=1),
        ),
    ],
)
def test_golden_message(name: str, given: Claim) -> None:
    expected = (HERE / "golden" / f"{name}.xml").read_bytes()
    assert built(given).decode() == expected.decode().replace("\r\n", "\n")


def test_encoding_and_empty_tags() -> None:
    body = built(exam_claim())
    assert body.startswith(
        b'<?xml version="1.0" encoding="utf-8"?>\n<DATA>\n    <HEADER>\n        <MESSAGE_VERSION>'
    )
    assert b"/>" not in body
    assert b"xmlns" not in body
    assert not body.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("given", [exam_claim(), exam_claim({"exam_date": "2026-11-22"}), person_claim({})])
def test_every_tag_is_there_once_and_in_order(given: Claim) -> None:
    def check(group: mapping.Group, element: ET.Element) -> None:
        found = [child.tag for child in element]
        expected: list[str] = []
        for part in group.parts:
            tag = part if isinstance(part, str) else part.tag
            repeats = isinstance(part, mapping.Group) and part.repeats
            expected += [tag] * (found.count(tag) if repeats else 1)
        assert found == expected, group.tag
        for part in group.parts:
            if isinstance(part, mapping.Group):
                for child in element.findall(part.tag):
                    check(part, child)

    check(mapping.MESSAGE, tree(given))


def test_irregular_spelling_is_kept() -> None:
    paths = set(mapping.leaf_paths())
    record = "DATA/BODY/HOSOSUCKHOE/TIENSU"
    assert f"{record}/SUCKHOE_SINHSAN/SOLANDEKHO" in paths
    assert f"{record}/SUCKHOE_SINHSAN/SOLANDE_DUTHANG" in paths
    assert f"{record}/TIEUSU_BENHTAT/DIUNG/DSDIUNG/NGUOIMAC" in paths
    assert f"{record}/TIENSU_GIADINH/BENHTAT/DSBENH/LOAIBENH" in paths


# --- identity


def test_request_id_is_the_hash_of_the_content_with_a_blank_one() -> None:
    result = message.build(exam_claim(), STATION, FORM)
    blank = re.sub(rb"<REQUEST_ID>[^<]*", b"<REQUEST_ID>", result.body)
    assert result.request_id == f"HS831-{EXAM_ID}-1-{hashlib.sha256(blank).hexdigest()[:12]}"
    assert at(parsed(result.body), "REQUEST_ID") == result.request_id
    assert len(result.request_id) <= 100


def test_request_id_stays_short_for_any_record_id_and_revision() -> None:
    saved = revision(RecordKind.EXAM, EXAM, record_id="x" * 400, revision=10**9)
    assert len(message.build(claim(saved), STATION, FORM).request_id) <= 100


def test_the_same_revision_gives_the_same_bytes_and_another_one_does_not() -> None:
    assert message.build(exam_claim(), STATION, FORM) == message.build(exam_claim(), STATION, FORM)
    other = message.build(exam_claim({**EXAM, "pulse": 79}, revision=2), STATION, FORM)
    assert other.request_id != message.build(exam_claim(), STATION, FORM).request_id


def test_an_exam_carries_its_own_key_and_the_persons() -> None:
    root = tree(exam_claim())
    assert at(root, "MA_LK") == EXAM_ID
    assert at(root, "MA_NHANKHAU") == PERSON_ID
    assert at(root, "TRANSACTION_ID") == f"{EXAM_ID}.r1.p2"
    assert len(root.findall(".//HOSOKHAMCHUABENH")) == 1


def test_a_person_carries_no_exam() -> None:
    assert tree(person_claim()).findall(".//HOSOKHAMCHUABENH") == []


# --- values


@pytest.mark.parametrize(
    ("iso", "wire"),
    [
        ("1985-09-05", "05/09/1985"),
        ("1985-09", "00/09/1985"),
        ("1985", "00/00/1985"),
        ("", ""),
        ("05/09/1985", ""),
        (None, ""),
        (1985, ""),
    ],
)
def test_dates(iso: Any, wire: str) -> None:
    assert message.wire_date(iso) == wire


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        (132, "132"),
        (36.8, "36.8"),
        (80.0, "80"),
        (0.4, "0.4"),
        ("12", "12"),
        (True, ""),
        (None, ""),
        ([], ""),
    ],
)
def test_numbers(value: Any, wire: str) -> None:
    assert message.wire_number(value) == wire


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"citizen_id": "038185000042", "old_id_card": "172000042"}, ("038185000042", "038185000042")),
        ({"old_id_card": "172000042"}, ("", "172000042")),
        ({}, ("", "")),
    ],
)
def test_identity_numbers(answers: dict[str, Any], expected: tuple[str, str]) -> None:
    root = tree(person_claim(answers))
    person = root.find(".//THONGTINCHUNG")
    assert person is not None
    assert (person.findtext("MADINHDANH"), person.findtext("SOCMND")) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("3800000042", ("3800000042", "")),
        ("GD4383800000042", ("3800000042", "GD4383800000042")),
        ("", ("", "")),
    ],
)
def test_insurance_numbers(number: str, expected: tuple[str, str]) -> None:
    root = tree(person_claim({"insurance_number": number}))
    assert (at(root, "MABHXH"), at(root, "MATHE")) == expected


@pytest.mark.parametrize(
    ("answers", "flag"),
    [
        ({"acuity_right": "7/10"}, "0"),
        ({"acuity_left": "7/10", "acuity_left_corrected": "10/10"}, "1"),
        ({"acuity_right_corrected": "10/10"}, "1"),
        ({}, ""),
    ],
)
def test_glasses(answers: dict[str, Any], flag: str) -> None:
    assert at(tree(exam_claim({"exam_date": "2026-11-22", **answers})), "SUDUNGKINH") == flag


def test_a_caregiver_of_unknown_kind_keeps_the_words() -> None:
    root = tree(person_claim({"caregiver_name": "Thử", "caregiver_relation": "Hàng xóm"}))
    relative = root.find(".//QUANHE_GIADINH")
    assert relative is not None
    assert [relative.findtext(t) for t in ("LOAI_QUANHE", "TEN_QUANHE", "GIAMHO")] == ["13", "Hàng xóm", "1"]


def test_a_withdrawn_exam_keeps_nothing_clinical() -> None:
    given = exam_claim(status=RecordStatus.ENTERED_IN_ERROR, reason="nhầm người", revision=3)
    exam = tree(given).find(".//HOSOKHAMCHUABENH")
    assert exam is not None
    filled = {element.tag: element.text for element in exam.iter() if (element.text or "").strip()}
    assert filled == {
        "MA_LK": EXAM_ID,
        "NGAYKHAM": "22/11/2026",
        "LYDOKHAM": mapping.WITHDRAWN,
        "KETLUAN": f"{mapping.WITHDRAWN}: nhầm người",
    }


# --- text survives


XML_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(name=XML_TEXT, words=XML_TEXT)
def test_any_text_gives_xml_that_reads_back_as_the_same_text(name: str, words: str) -> None:
    saved = revision(RecordKind.EXAM, {"exam_date": "2026-11-22", "advice": words})
    root = tree(claim(saved, person_revision({"full_name": name})))
    assert at(root, "HOTEN") == message.clean_text(name)
    assert at(root, "TUVAN") == message.clean_text(words)


@given(XML_TEXT)
def test_cleaning_keeps_all_that_xml_allows(words: str) -> None:
    cleaned = message.clean_text(words)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert message.clean_text(cleaned) == cleaned
    printable = [c for c in unicodedata.normalize("NFC", words) if c >= " " and c not in "\x7f\ufffe\uffff"]
    assert [c for c in cleaned if c > " " and c != "\x7f"] == [c for c in printable if c > " "]


def test_control_characters_do_not_glue_words_together() -> None:
    assert message.clean_text("huyết\x0báp\x00 cao\r\nmệt\rmỏi") == "huyết áp cao\nmệt\nmỏi"


def test_lone_surrogates_are_dropped() -> None:
    assert message.clean_text("a\ud800b") == "ab"


@given(
    st.dictionaries(
        st.sampled_from([f.key for f in FORM.part("exam").fields()]),
        st.none() | st.text() | st.lists(st.text()),
    )
)
def test_answers_of_any_shape_can_be_built(answers: dict[str, Any]) -> None:
    tree(exam_claim(answers))


# --- every field of the form


@pytest.mark.parametrize("field_id", list(FORM.by_id))
def test_every_field_reaches_a_tag_or_is_named_in_the_contract(field_id: str) -> None:
    leaves = {path.rpartition("/")[2] for path in mapping.leaf_paths()}
    groups = {tag for path in mapping.leaf_paths() for tag in path.split("/")}
    tags = mapping.tags_of(field_id)
    assert set(tags) <= leaves | groups
    assert tags or f"`{field_id}`" in CONTRACT.read_text("utf-8")


def test_the_mapping_names_only_fields_of_the_form() -> None:
    keyed = {f"person.{t.key}" for t in mapping.PERSON_TAGS} | {f"exam.{t.key}" for t in mapping.EXAM_TAGS}
    assert keyed | set(mapping.COMPOSED) <= set(FORM.by_id)
    assert not keyed & set(mapping.COMPOSED)


def test_each_exam_field_alone_changes_the_message() -> None:
    """Nothing that was typed is silently left out, except what the contract lists as lossy."""
    samples: dict[str, Any] = {
        "diagnoses": [{"code": "", "text": "x"}],
        "exam_date": "2026-11-21",
        "bmi": 20.5,
    }
    plain = built(exam_claim({"exam_date": "2026-11-22"}))
    for field in FORM.part("exam").fields():
        value = samples.get(field.key, 50 if field.hard else "x")
        assert built(exam_claim({"exam_date": "2026-11-22", field.key: value})) != plain, field.id


def test_each_person_field_alone_changes_the_message() -> None:
    samples = {"birth_date": "1985", "id_issue_date": "2020-01-01", "sex": "male"}
    plain = built(person_claim({}))
    for field in FORM.part("person").fields():
        assert built(person_claim({field.key: samples.get(field.key, "x")})) != plain, field.id
