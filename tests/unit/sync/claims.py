"""Claims as the outbox hands them over, for a synthetic resident."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from app.domain.outbox import Claim
from app.domain.records import RecordKind, RecordStatus, Revision
from app.domain.station import Station

STATION = Station(code="38999", name="Trạm Y tế xã Mẫu", commune="14848")
PERSON_ID = "5b0c2f6e-9d0a-4c3e-8a55-2f7a64f0b101"
EXAM_ID = "d1a7c9b2-3e5f-4b6a-9c8d-7e6f5a4b3c2d"
SAVED_AT = datetime(2026, 11, 22, 14, 7, 31, tzinfo=timezone(timedelta(hours=7)))

PERSON: dict[str, Any] = {
    "household_code": "HGD-0042",
    "full_name": "Lò Thị Mẫu",
    "household_relation": "17",
    "sex": "female",
    "blood_abo": "O",
    "blood_rh": "+",
    "birth_date": "1985",
    "birth_registration_province": "38",
    "ethnicity": "03",
    "nationality": "000",
    "religion": "0",
    "occupation": "63000",
    "citizen_id": "038185000042",
    "old_id_card": "172000042",
    "id_issue_date": "2021-05-09",
    "id_issue_place": "Cục CSQLHC về TTXH",
    "insurance_number": "GD4383800000042",
    "permanent_address": "Bản Poọng",
    "permanent_commune": "14848",
    "permanent_district": "Mường Lát",
    "permanent_province": "38",
    "village": "Bản Poọng, nhà số 12",
    "current_commune": "14848",
    "current_province": "38",
    "home_phone": "02370000042",
    "mobile_phone": "0900000042",
    "email": "mau@example.org",
    "mother_name": "Hà Thị Thử",
    "father_name": "Lò Văn Thử",
    "caregiver_name": "Lò Văn Chồng & con",
    "caregiver_relation": "husband",
    "caregiver_home_phone": "02370000043",
    "caregiver_mobile_phone": "0900000043",
}

EXAM: dict[str, Any] = {
    "exam_date": "2026-11-22",
    "history_of_present_illness": "Đau đầu 3 ngày\nHuyết áp < 160",
    "pulse": 78,
    "temperature": 36.8,
    "systolic": 132,
    "diastolic": 84,
    "respiratory_rate": 18,
    "weight": 58.5,
    "height": 160,
    "waist": 80.0,
    "acuity_right": "7/10",
    "acuity_left": "ĐNT 3m",
    "acuity_right_corrected": "10/10",
    "skin_mucosa": "Hồng",
    "cardiovascular": "T1, T2 đều rõ",
    "eye": "Kết mạc bình thường",
    "organ_other": "Không",
    "development_assessment": "Bình thường",
    "lab_hematology": "HC 4,5; BC 7,2",
    "ultrasound_abdomen": "Bình thường",
    "diagnoses": [{"code": "I10", "text": "Tăng huyết áp"}, {"code": "", "text": "Theo dõi thêm"}],
    "advice": "Ăn nhạt, đi bộ mỗi ngày",
    "examiner": "BS. Hà Văn Thử",
}


def revision(kind: RecordKind, answers: dict[str, Any], **given: Any) -> Revision:
    record_id = EXAM_ID if kind is RecordKind.EXAM else PERSON_ID
    values: dict[str, Any] = {
        "seq": 7,
        "record_id": record_id,
        "kind": kind,
        "person_id": PERSON_ID,
        "revision": 1,
        "status": RecordStatus.FINAL,
        "answers": answers,
        "acknowledged": (),
        "reason": "",
        "at": SAVED_AT,
        "user_id": "user-1",
        "device_id": "device-1",
        "digest": "",
    }
    return Revision(**{**values, **given})


def person_revision(answers: dict[str, Any] | None = None, **given: Any) -> Revision:
    return revision(RecordKind.PERSON, PERSON if answers is None else answers, **{"revision": 2, **given})


def claim(saved: Revision, person: Revision | None = None) -> Claim:
    about = person or (saved if saved.kind is RecordKind.PERSON else person_revision())
    return Claim(
        seq=1, channel="qd831", revision=saved, person=about, attempts=0, request_id="", message=None
    )


def exam_claim(answers: dict[str, Any] | None = None, **given: Any) -> Claim:
    return claim(revision(RecordKind.EXAM, EXAM if answers is None else answers, **given))


def person_claim(answers: dict[str, Any] | None = None, **given: Any) -> Claim:
    return claim(person_revision(answers, **given))
