"""Synthetic people and examinations to print: ordinary, empty, and as long as answers get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from app.domain.records import Record, RecordKind, RecordStatus
from app.domain.station import Station
from app.ports import PrintRequest
from forms.catalogue import form
from forms.model import Answers, Json

PRINTED_AT = datetime(2026, 11, 22, 14, 7, 31, tzinfo=timezone(timedelta(hours=7)))
PERSON_ID = "3f2a91c0-5b1e-4c55-9a5e-0a4b7d7f9001"
EXAM_ID = "9b1d77e2-8a40-4f6c-b7a1-52d6c1c2e002"
STATION = Station(
    code="38T01",
    name="Trạm Y tế xã Mường Lát",
    commune="14845",
    health_department="Sở Y tế Thanh Hóa",
)

PERSON: dict[str, Json] = {
    "household_code": "3814500123",
    "full_name": "Lò Thị Mẫu",
    "household_relation": "17",
    "sex": "female",
    "blood_abo": "O",
    "blood_rh": "+",
    "birth_date": "1985-09-05",
    "birth_registration_province": "38",
    "ethnicity": "03",
    "nationality": "000",
    "religion": "0",
    "occupation": "63000",
    "citizen_id": "038185000123",
    "old_id_card": "171234567",
    "id_issue_date": "2021-05-10",
    "id_issue_place": "Cục Cảnh sát QLHC về TTXH",
    "insurance_number": "GD4383821234567",
    "permanent_address": "Bản Poọng, số nhà 12",
    "permanent_commune": "14845",
    "permanent_district": "Huyện Mường Lát",
    "permanent_province": "38",
    "village": "Bản Nàng, nhà cuối dốc",
    "current_commune": "14848",
    "current_district": "Huyện cũ",
    "current_province": "38",
    "home_phone": "02373874123",
    "mobile_phone": "0912345678",
    "email": "mau.lo@example.vn",
    "mother_name": "Vi Thị Thử",
    "father_name": "Lò Văn Nghiệm",
    "caregiver_name": "Hà Văn Thí",
    "caregiver_relation": "husband",
    "caregiver_home_phone": "02373874999",
    "caregiver_mobile_phone": "0987654321",
}
ORGANS = (
    "cardiovascular",
    "respiratory",
    "digestive",
    "genitourinary",
    "musculoskeletal",
    "endocrine",
    "neurological",
    "mental",
    "surgical",
    "obstetric_gynecological",
    "ear_nose_throat",
    "dental",
    "eye",
    "dermatological",
    "nutrition",
    "motor",
    "organ_other",
)
EXAM: dict[str, Json] = {
    "exam_date": "2026-11-21",
    "history_of_present_illness": "Đau đầu vùng chẩm buổi sáng.\nHai tuần nay quên thuốc ba lần.",
    "pulse": 78,
    "temperature": 36.8,
    "systolic": 132,
    "diastolic": 84,
    "respiratory_rate": 18,
    "weight": 58.5,
    "height": 160.0,
    "waist": 82.5,
    "acuity_right": "7/10",
    "acuity_left": "8/10",
    "acuity_right_corrected": "9/10",
    "acuity_left_corrected": "ĐNT 3m",
    "skin_mucosa": "Hồng, không ban",
    "general_other": "Tỉnh, không phù",
    **{key: f"Ghi nhận thứ {number} ổn" for number, key in enumerate(ORGANS, 1)},
    "development_assessment": "Phù hợp lứa tuổi",
    "lab_hematology": "HC 4,5 T/L; Hb 132 g/L",
    "lab_biochemistry": "Glucose 5,4 mmol/L; Creatinin 72 µmol/L",
    "lab_urine": "Protein âm tính",
    "ultrasound_abdomen": "Gan nhiễm mỡ độ 1",
    "diagnoses": [
        {"code": "I10", "text": "Tăng huyết áp vô căn (nguyên phát)"},
        {"code": "E78.0", "text": "Tăng cholesterol máu đơn thuần"},
    ],
    "advice": "Giảm muối, đi bộ 30 phút mỗi ngày; tái khám sau 1 tháng.",
    "examiner": "Đỗ Ngọc Ưởng",
}

SENTENCE = (
    "Đau âm ỉ vùng thượng vị lan ra sau lưng, tăng sau ăn no, kèm ợ chua và buồn nôn; dùng thuốc đỡ ít. "
)
LONG_PERSON: dict[str, Json] = {
    **PERSON,
    "household_code": "38145-0012-0034",
    "full_name": "H'Mông Thị Nguyễn Hoàng Quỳnh Phương Thảo Ngân Giang",
    "household_relation": "18",
    "sex": "unknown",
    "permanent_address": "Khu phố Đoàn Kết, tổ 14, ngõ 238, ngách 15, hẻm 7, số nhà 21 bis, đường Trần Hưng "
    "Đạo kéo dài, gần trường tiểu học cơ sở 2",
    "permanent_district": "Thị xã đảo Cát Hải Long Châu Bạch Long Vĩ",
    "email": "nguyen.hoang.quynh.phuong.thao.ngan.giang@station.example.vn",
    "mother_name": "Công Tằng Tôn Nữ Hoàng Thị Phương Quỳnh Như Nguyệt Ánh",
    "father_name": "H'Hen Niê Kdăm Y Bhăm Êñuôl Ksor Phước Rơ Chăm Giang",
    "caregiver_name": "Nguyễn Phúc Bảo Hoàng Long Thiên Ân Đức Trọng Vĩnh Thụy Anh Tuấn",
    "caregiver_relation": "Cháu họ bên ngoại ở cùng nhà từ nhỏ",
}
LONG_EXAM: dict[str, Json] = {
    **EXAM,
    "history_of_present_illness": (SENTENCE * 40)[:3000],
    "general_other": SENTENCE * 2,
    "development_assessment": SENTENCE * 2,
    "lab_biochemistry": SENTENCE * 12,
    "ultrasound_abdomen": "x" * 400,
    "diagnoses": [
        {"code": "I10", "text": "Tăng huyết áp vô căn (nguyên phát)"},
        {"code": "E11.9", "text": "Đái tháo đường týp 2 chưa có biến chứng, kiểm soát chưa đạt trong " * 3},
        {"code": "K29.7", "text": "Viêm dạ dày, không đặc hiệu"},
        {"code": "M54.5", "text": "Đau lưng dưới"},
        {"code": "", "text": "Theo dõi suy thận mạn giai đoạn 3"},
        {"code": "Z71.3", "text": "Tư vấn và giám sát về chế độ ăn"},
    ],
    "advice": SENTENCE * 6,
    "examiner": "Bác sĩ chuyên khoa II Nguyễn Phúc Bảo Hoàng Long Thiên Ân Đức Trọng",
}


def person(answers: Answers = PERSON) -> Record:
    return _record(RecordKind.PERSON, PERSON_ID, answers)


def exam(answers: Answers = EXAM, status: RecordStatus = RecordStatus.FINAL) -> Record:
    return replace(_record(RecordKind.EXAM, EXAM_ID, answers), status=status)


def _record(kind: RecordKind, record_id: str, answers: Answers) -> Record:
    return Record(
        id=record_id,
        kind=kind,
        person_id=PERSON_ID,
        form_code="QD831",
        form_version="2017",
        status=RecordStatus.FINAL,
        revision=3,
        answers=answers,
        created_at=PRINTED_AT,
        updated_at=PRINTED_AT,
        updated_by="user-1",
    )


def request(person: Record | None, exam: Record | None, station: Station = STATION) -> PrintRequest:
    return PrintRequest(form=form(), station=station, person=person, exam=exam, printed_at=PRINTED_AT)


def filled() -> PrintRequest:
    return request(person(), exam())


def blank() -> PrintRequest:
    return request(None, None)


def prefilled() -> PrintRequest:
    return request(person(), None)


def empty() -> PrintRequest:
    return request(person({}), exam({}))


def maximal() -> PrintRequest:
    return request(person(LONG_PERSON), exam(LONG_EXAM))


CASES: Mapping[str, PrintRequest] = {
    "filled": filled(),
    "blank": blank(),
    "prefilled": prefilled(),
    "empty": empty(),
    "maximal": maximal(),
}
