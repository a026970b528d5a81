"""Part D, "KHÁM LÂM SÀNG VÀ CẬN LÂM SÀNG", in the order of the paper. Source: form-831 §2.D, §7.

"HA" is one printed cell and two fields; BMI is worked out. Units: the form prints none in the cells, they
are the usual ones. Only the date is required: a follow-up may hold one blood pressure and nothing else.
"""

from __future__ import annotations

from forms.catalogue.qd831_v2017 import ranges
from forms.model import Condition, Field, FieldType, Part, Range, Section
from forms.text import Text

_SOURCE = "QĐ 831/QĐ-BYT 2017, D"
_PER_MINUTE = "lần/phút"
_WITHOUT_GLASSES = Text("Không kính", "Without glasses")
_WITH_GLASSES = Text("Có kính", "With glasses")
_NOT_FOR_MEN = Condition("person.sex", ("female", "unknown"), Text("Nam giới", "Male"))


def _measure(
    key: str,
    label: tuple[str, str],
    unit: str,
    hard: tuple[float, float],
    soft: tuple[Range, ...],
    *,
    type_: FieldType = FieldType.DECIMAL,
    decimals: int = 0,
    short: tuple[str, str] | None = None,
    group: str = "",
    computed: str = "",
) -> Field:
    return Field(
        id=f"exam.{key}",
        number="2.1",
        label=Text(*label),
        short=Text(*short) if short else None,
        type=type_,
        unit=unit,
        unit_en="/min" if unit == _PER_MINUTE else "",
        hard=Range(*hard),
        soft=soft,
        decimals=decimals,
        group=group,
        computed=computed,
        source=f"{_SOURCE}.2.1; limits form-831 §7",
    )


def _acuity(key: str, heading: Text, eye_vi: str, eye_en: str, group: str) -> Field:
    return Field(
        id=f"exam.{key}",
        number="2.2",
        label=Text(f"{heading.vi}: {eye_vi}", f"{heading.en}: {eye_en}"),
        short=Text(eye_vi, eye_en),
        type=FieldType.ACUITY,
        max_length=20,
        group=f"exam.{group}",
        source=f"{_SOURCE}.2.2",
    )


def _note(
    key: str,
    number: str,
    label_vi: str,
    label_en: str,
    *,
    short: Text | None = None,
    max_length: int = 2000,
    when: Condition | None = None,
) -> Field:
    return Field(
        id=f"exam.{key}",
        number=number,
        label=Text(label_vi, label_en),
        short=short,
        type=FieldType.LONG_TEXT,
        max_length=max_length,
        when=when,
        source=f"{_SOURCE}.{number}",
    )


_VITALS = (
    _measure("pulse", ("Mạch", "Pulse"), _PER_MINUTE, (20, 300), ranges.PULSE, type_=FieldType.INTEGER),
    _measure("temperature", ("Nhiệt độ", "Temperature"), "°C", (30, 43.5), ranges.TEMPERATURE, decimals=1),
    _measure(
        "systolic",
        ("HA: tối đa (tâm thu)", "Blood pressure: systolic"),
        "mmHg",
        (40, 300),
        ranges.SYSTOLIC,
        type_=FieldType.BLOOD_PRESSURE,
        short=("HA tối đa", "Systolic"),
        group="exam.blood_pressure",
    ),
    _measure(
        "diastolic",
        ("HA: tối thiểu (tâm trương)", "Blood pressure: diastolic"),
        "mmHg",
        (20, 180),
        ranges.DIASTOLIC,
        type_=FieldType.BLOOD_PRESSURE,
        short=("HA tối thiểu", "Diastolic"),
        group="exam.blood_pressure",
    ),
    _measure(
        "respiratory_rate",
        ("Nhịp thở", "Respiratory rate"),
        _PER_MINUTE,
        (6, 100),
        ranges.BREATHS,
        type_=FieldType.INTEGER,
    ),
    _measure("weight", ("Cân nặng", "Weight"), "kg", (0.4, 300), ranges.WEIGHT, decimals=2),
    _measure("height", ("Cao", "Height"), "cm", (30, 230), ranges.HEIGHT, decimals=1),
    _measure("bmi", ("BMI", "BMI"), "kg/m²", ranges.BMI_HARD, ranges.BMI, decimals=1, computed="bmi"),
    _measure("waist", ("Vòng bụng", "Waist"), "cm", (20, 200), ranges.WAIST, decimals=1),
)

_ACUITY = (
    _acuity("acuity_right", _WITHOUT_GLASSES, "Mắt phải", "Right eye", "acuity_without_glasses"),
    _acuity("acuity_left", _WITHOUT_GLASSES, "Mắt trái", "Left eye", "acuity_without_glasses"),
    _acuity("acuity_right_corrected", _WITH_GLASSES, "Mắt phải", "Right eye", "acuity_with_glasses"),
    _acuity("acuity_left_corrected", _WITH_GLASSES, "Mắt trái", "Left eye", "acuity_with_glasses"),
)

_GENERAL = (
    _note("skin_mucosa", "2.3.1", "Da, niêm mạc", "Skin, mucosa"),
    _note("general_other", "2.3.1", "Khác", "Other"),
)

_ORGANS = (
    _note("cardiovascular", "2.3.2", "Tim mạch", "Cardiovascular"),
    _note("respiratory", "2.3.2", "Hô hấp", "Respiratory"),
    _note("digestive", "2.3.2", "Tiêu hóa", "Digestive"),
    _note("genitourinary", "2.3.2", "Tiết niệu", "Genitourinary"),
    _note("musculoskeletal", "2.3.2", "Cơ xương khớp", "Musculoskeletal"),
    _note("endocrine", "2.3.2", "Nội tiết", "Endocrine"),
    _note("neurological", "2.3.2", "Thần kinh", "Neurological"),
    _note("mental", "2.3.2", "Tâm thần", "Mental"),
    _note("surgical", "2.3.2", "Ngoại khoa", "Surgical"),
    _note("obstetric_gynecological", "2.3.2", "Sản phụ khoa", "Obstetric, gynaecological", when=_NOT_FOR_MEN),
    _note("ear_nose_throat", "2.3.2", "Tai mũi họng", "Ear, nose, throat"),
    _note("dental", "2.3.2", "Răng hàm mặt", "Teeth, jaw, face"),
    _note("eye", "2.3.2", "Mắt", "Eyes"),
    _note("dermatological", "2.3.2", "Da liễu", "Dermatological"),
    _note("nutrition", "2.3.2", "Dinh dưỡng", "Nutrition"),
    _note("motor", "2.3.2", "Vận động", "Motor function"),
    _note("organ_other", "2.3.2", "Khác", "Other"),
    _note(
        "development_assessment",
        "2.3.2",
        "Đánh giá phát triển thể chất, tinh thần, vận động",
        "Physical, mental and motor development",
        short=Text("Phát triển thể chất, tinh thần, vận động", "Development"),
    ),
)

_TESTS = (
    _note("lab_hematology", "3", "Huyết học", "Haematology"),
    _note("lab_biochemistry", "3", "Sinh hóa máu", "Blood biochemistry"),
    _note("lab_urine", "3", "Sinh hóa nước tiểu", "Urine biochemistry"),
    _note("ultrasound_abdomen", "3", "Siêu âm ổ bụng", "Abdominal ultrasound"),
)

_CONCLUSION = Field(
    id="exam.diagnoses",
    number="4",
    label=Text(
        "Chẩn đoán/ Kết luận (ghi tên, mã bệnh theo ICD 10)", "Diagnosis/Conclusion (name, ICD-10 code)"
    ),
    short=Text("Chẩn đoán/ Kết luận", "Diagnosis"),
    type=FieldType.DIAGNOSES,
    code_list="icd10",
    source=f"{_SOURCE}.4",
)
_DATE = Field(
    id="exam.exam_date",
    label=Text("Ngày khám", "Date of examination"),
    type=FieldType.DATE,
    required=True,
    source=_SOURCE,
)
_EXAMINER = Field(
    id="exam.examiner",
    number="6",
    label=Text("Bác sĩ khám", "Examining doctor"),
    type=FieldType.TEXT,
    max_length=200,
    source=f"{_SOURCE}.6",
)

PART = Part(
    letter="D",
    prefix="exam",
    title=Text("KHÁM LÂM SÀNG VÀ CẬN LÂM SÀNG", "Clinical examination and tests"),
    sections=(
        Section(id="exam.date", title=Text("Ngày khám", "Date of examination"), fields=(_DATE,)),
        Section(
            id="exam.history",
            number="1",
            title=Text("Bệnh sử", "History of present illness"),
            fields=(
                _note(
                    "history_of_present_illness",
                    "1",
                    "Bệnh sử",
                    "History of present illness",
                    max_length=4000,
                ),
            ),
        ),
        Section(
            id="exam.vitals",
            number="2.1",
            title=Text("Dấu hiệu sinh tồn, chỉ số nhân trắc học", "Vital signs, body measures"),
            headings=(("2", Text("Thăm khám lâm sàng", "Clinical examination")),),
            fields=_VITALS,
        ),
        Section(id="exam.acuity", number="2.2", title=Text("Thị lực", "Visual acuity"), fields=_ACUITY),
        Section(
            id="exam.general",
            number="2.3.1",
            title=Text("Toàn thân", "General"),
            headings=(("2.3", Text("Khám lâm sàng", "Clinical findings")),),
            fields=_GENERAL,
        ),
        Section(id="exam.organs", number="2.3.2", title=Text("Cơ quan", "Organs"), fields=_ORGANS),
        Section(
            id="exam.tests", number="3", title=Text("Kết quả cận lâm sàng", "Test results"), fields=_TESTS
        ),
        Section(
            id="exam.conclusion",
            number="4",
            title=Text("Chẩn đoán/ Kết luận", "Diagnosis/Conclusion"),
            fields=(_CONCLUSION,),
        ),
        Section(
            id="exam.advice",
            number="5",
            title=Text("Tư vấn", "Advice"),
            fields=(_note("advice", "5", "Tư vấn", "Advice", max_length=4000),),
        ),
        Section(
            id="exam.examiner",
            number="6",
            title=Text("Bác sĩ khám", "Examining doctor"),
            fields=(_EXAMINER,),
        ),
    ),
)
