"""What the intake portal makes of a message: its own kind, and every kind of bad one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import RecordStatus
from forms.catalogue import form
from sync.channels.qd831 import message
from sync.intake.reading import UnreadableMessageError, as_json, read_message
from tests.unit.sync.claims import EXAM, EXAM_ID, PERSON_ID, STATION, exam_claim, person_claim

FORM = form()


def exam_xml(answers: dict[str, Any] | None = None, **given: Any) -> bytes:
    return message.build(exam_claim(answers, **given), STATION, FORM).body


GOOD = exam_xml()


def with_tag(tag: str, value: str, body: bytes = GOOD) -> bytes:
    changed, count = re.subn(f"<{tag}>[^<]*</{tag}>", f"<{tag}>{value}</{tag}>", body.decode(), count=1)
    assert count == 1, tag
    return changed.encode()


def fields(body: bytes) -> list[str]:
    return [remark.field for remark in read_message(body).remarks]


def test_our_own_message_reads_back() -> None:
    found = read_message(GOOD)
    assert found.remarks == ()
    assert (found.sender_code, found.person_key) == ("38999", PERSON_ID)
    assert found.request_id.startswith(f"HS831-{EXAM_ID}-1-")
    assert (found.exam_revision, found.person_revision) == (1, 2)
    (exam,) = found.exams
    assert (exam.ma_lk, exam.exam_date, exam.withdrawn) == (EXAM_ID, "2026-11-22", False)
    content = as_json(exam.content)
    assert content["BENHSU"] == EXAM["history_of_present_illness"]
    assert content["CHANDOANKETLUAN"]["CHANDOANBENH"][1] == {"KETLUAN": "Theo dõi thêm"}
    assert "KHAMNIEMMAC" not in content
    assert as_json(found.person)["HOTEN"] == "Lò Thị Mẫu"


def test_a_person_message_has_no_exam() -> None:
    assert read_message(message.build(person_claim(), STATION, FORM).body).exams == ()


def test_a_withdrawn_exam_is_recognised() -> None:
    found = read_message(exam_xml(status=RecordStatus.ENTERED_IN_ERROR, reason="nhầm", revision=4))
    assert found.remarks == ()
    assert found.exams[0].withdrawn
    assert found.exam_revision == 4


def test_a_sender_that_does_not_number_its_revisions_is_understood() -> None:
    found = read_message(with_tag("TRANSACTION_ID", "GD-2026-0001"))
    assert (found.exam_revision, found.person_revision) == (0, 0)


@pytest.mark.parametrize(
    ("tags", "key"),
    [
        ({}, PERSON_ID),
        ({"MA_NHANKHAU": ""}, "MADINHDANH:038185000042"),
        ({"MA_NHANKHAU": "", "MADINHDANH": ""}, "SOCMND:038185000042"),
        ({"MA_NHANKHAU": "", "MADINHDANH": "", "SOCMND": ""}, "MABHXH:3800000042"),
        ({"MA_NHANKHAU": "", "MADINHDANH": "", "SOCMND": "", "MABHXH": ""}, ""),
    ],
)
def test_person_key(tags: dict[str, str], key: str) -> None:
    body = GOOD
    for tag, value in tags.items():
        body = with_tag(tag, value, body)
    assert read_message(body).person_key == key
    assert ("MA_NHANKHAU" in fields(body)) is (key == "")


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("MESSAGE_VERSION", ""),
        ("SENDER_CODE", ""),
        ("REQUEST_ID", ""),
        ("REQUEST_ID", "x" * 101),
        ("REQUEST_ID", "có dấu"),
        ("TRANSACTION_DATE", ""),
        ("TRANSACTION_DATE", "2026-11-22"),
        ("TRANSACTION_DATE", "00/11/2026"),
        ("HOTEN", ""),
        ("HOTEN", "   "),
        ("GIOITINH", "trai"),
        ("NGAYSINH", "31/02/1985"),
        ("NGAYSINH", "05/00/1985"),
        ("NGAYSINH", "1985"),
        ("NGAYSINH", "00/00/0085"),
        ("NGAYCAP", "00/00/2021"),
        ("MA_LK", ""),
        ("MA_LK", "khoảng trắng"),
        ("NGAYKHAM", ""),
        ("NGAYKHAM", "22-11-2026"),
        ("NGAYKHAM", "31/11/2026"),
        ("NGAYKHAM", "00/11/2026"),
        ("NGAYKHAM", "22/11/1984"),
        ("HUYETAPTT", "301"),
        ("HUYETAPTT", "132,5"),
        ("HUYETAPTT", "84"),
        ("HUYETAPTD", "abc"),
        ("NHIETDO", "368"),
        ("MACH", "-78"),
        ("VONGBUNG", "8e1"),
        ("SUDUNGKINH", "có"),
    ],
)
def test_bad_values_are_named_by_their_tag_and_not_repeated(tag: str, value: str) -> None:
    found = read_message(with_tag(tag, value))
    assert tag in [remark.field for remark in found.remarks]
    if value.strip():
        assert all(value not in remark.message for remark in found.remarks)


@pytest.mark.parametrize(
    ("tag", "value"),
    [
        ("NGAYSINH", "00/09/1985"),
        ("NGAYSINH", ""),
        ("GIOITINH", ""),
        ("HUYETAPTT", ""),
        ("NGAYKHAM", "22/11/2099"),
    ],
)
def test_unknown_and_future_values_pass(tag: str, value: str) -> None:
    assert fields(with_tag(tag, value)) == []


def test_the_same_exam_twice_in_one_message_is_refused() -> None:
    text = GOOD.decode()
    start = text.index("                <HOSOKHAMCHUABENH>")
    end = text.index("            </DANHSACHHOSOKHAMCHUABENH>")
    assert fields((text[:end] + text[start:end] + text[end:]).encode()) == ["MA_LK"]


def test_tags_may_be_missing_or_unknown() -> None:
    body = re.sub(rb"\s*<VNEID></VNEID>", b"<MOI>x</MOI>", GOOD)
    assert fields(body) == []


# --- hostile XML

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE DATA [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<DATA><HEADER><SENDER_CODE>&b;</SENDER_CODE></HEADER></DATA>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<DATA>",
        b"<DATA></DATA><DATA></DATA>",
        b"<OTHER></OTHER>",
        b'{"json": true}',
        LAUGHS,
        b'<!DOCTYPE DATA SYSTEM "http://127.0.0.1:9/x.dtd"><DATA></DATA>',
        b'<!DOCTYPE DATA [<!ENTITY x SYSTEM "file:///etc/hostname">]><DATA>&x;</DATA>',
        b"<DATA>" + b"<A>" * 50 + b"</A>" * 50 + b"</DATA>",
        b"<DATA>" + b"<A></A>" * 200_001 + b"</DATA>",
        b"<DATA>\xff\xfe</DATA>",
        b"<DATA>\x00</DATA>",
        GOOD[: len(GOOD) // 2],
    ],
)
def test_what_is_not_a_message_is_refused_without_being_expanded(body: bytes) -> None:
    with pytest.raises(UnreadableMessageError):
        read_message(body)


@given(st.binary(max_size=300))
def test_no_bytes_can_break_the_reader(body: bytes) -> None:
    try:
        read_message(body)
    except UnreadableMessageError:
        return


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_message_is_read_or_refused(place: int, junk: bytes) -> None:
    try:
        read_message(GOOD[:place] + junk + GOOD[place + len(junk) :])
    except UnreadableMessageError:
        return
