"""Synthetic residents for the demo station, training, benchmarks and tests. Nobody here exists.

Names are drawn from syllables common in Mường Lát, numbers carry the birth year they should and a
serial that no register hands out in this order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from forms.model import Json

_FAMILIES = {
    "03": ("Lò", "Hà", "Vi", "Lương", "Ngân", "Phạm", "Lục"),
    "08": ("Hơ", "Lâu", "Giàng", "Vàng", "Mùa", "Thao", "Sung", "Sùng"),
    "29": ("Cút", "Moong", "Lữ", "Cụt"),
    "06": ("Bùi", "Trương", "Quách", "Phạm"),
    "01": ("Nguyễn", "Trần", "Lê", "Hoàng", "Đỗ", "Đặng"),
}
_WEIGHTS = {"03": 45, "08": 35, "29": 6, "06": 6, "01": 8}
_MIDDLE = {
    "female": ("Thị", "Thị", "Thị", "Thị Hồng", "Thị Thuý", "Y"),
    "male": ("Văn", "Văn", "A", "Đình", "Quốc", "Bá"),
}
_GIVEN = {
    "female": (
        "Mẫu", "Đào", "Hoa", "Pó", "Dợ", "Súa", "Nhung", "Thủy", "Hường", "Xuân", "Mai", "Ánh", "Duyên", "Mỷ",
        "Chía",
    ),
    "male": (
        "Thử", "Dế", "Páo", "Chứ", "Sơn", "Đức", "Tủa", "Khánh", "Lâu", "Hùng", "Ước", "Cường", "Phình",
        "Giống",
    ),
}  # fmt: skip
_VILLAGES = (
    "Bản Poọng", "Bản Lát", "Bản Ón", "Bản Suối Lóng", "Bản Cân", "Bản Tân Hương", "Bản Phái",
    "Bản Pom Khuông",
)  # fmt: skip
_COMMUNE = "14848"
_COMPLAINTS = (
    (
        "J06.9",
        "Sốt nhẹ, ho khan, chảy mũi 2 ngày nay.",
        "Uống nhiều nước ấm, súc họng nước muối; khám lại nếu sốt trên 3 ngày.",
    ),
    ("K29.7", "Đau thượng vị sau ăn khoảng một tuần.", "Ăn đúng bữa, kiêng rượu bia và đồ chua cay."),
    ("M54.56", "Đau thắt lưng sau khi gùi nặng.", "Nghỉ ngơi, tránh mang vác nặng, tập nhẹ nhàng."),
    (
        "A09.9",
        "Đi ngoài phân lỏng 4 lần từ sáng, không sốt.",
        "Uống oresol, ăn chín uống sôi, rửa tay bằng xà phòng.",
    ),
    (
        "Z00.0",
        "Khám sức khỏe định kỳ, không có gì khó chịu.",
        "Ăn uống hợp lý, vận động đều; khám lại sau 12 tháng.",
    ),
)
_HYPERTENSION = (
    "I10",
    "Tái khám tăng huyết áp, thuốc uống đều.",
    "Giảm muối, uống thuốc đều, đo huyết áp hằng tuần; hẹn 1 tháng.",
)
_CHECKUP_CHILD = ("Z00.1", "Khám sức khỏe trẻ em.", "Ăn đủ bốn nhóm chất, tiêm chủng đúng lịch.")


@dataclass(frozen=True, slots=True)
class Population:
    """How many people to make up. The same seed and day give the same people."""

    count: int
    today: date
    seed: int = 831
    exams: int = 2
    """Mean examinations per adult."""


def lines(population: Population) -> Iterator[str]:
    """Import lines, as `app.services.transfer` reads them."""
    rng = Random(population.seed)  # noqa: S311 -- repeatable people, not secrets
    for serial in range(1, population.count + 1):
        person = _person(rng, population.today, serial)
        exams = _exams(rng, population, person)
        yield json.dumps({"person": person, "exams": exams}, ensure_ascii=False)


def _person(rng: Random, today: date, serial: int) -> dict[str, Json]:
    ethnicity = rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
    sex = rng.choice(("female", "male"))
    family = rng.choice(_FAMILIES[ethnicity])
    born = today - timedelta(days=int(rng.triangular(20, 90 * 365, 28 * 365)))
    person: dict[str, Json] = {
        "household_code": f"{1 + serial // 4:06d}",
        "full_name": f"{family} {rng.choice(_MIDDLE[sex])} {rng.choice(_GIVEN[sex])}",
        "sex": sex,
        "birth_date": _birth(rng, born),
        "birth_registration_province": "38",
        "ethnicity": ethnicity,
        "nationality": "000",
        "occupation": "63000" if (today - born).days > 18 * 365 else "00000",
        "permanent_commune": _COMMUNE,
        "permanent_province": "38",
        "village": rng.choice(_VILLAGES),
        "current_commune": _COMMUNE,
        "current_province": "38",
    }
    if rng.random() < 0.8:
        person["citizen_id"] = _citizen_id(born, sex, serial)
    if rng.random() < 0.9:
        person["insurance_number"] = f"38{serial:08d}"
    if rng.random() < 0.5:
        person["mobile_phone"] = f"09{rng.randrange(10**8):08d}"
    if (today - born).days < 16 * 365:
        person["mother_name"] = f"{rng.choice(_FAMILIES[ethnicity])} Thị {rng.choice(_GIVEN['female'])}"
        person["father_name"] = f"{family} Văn {rng.choice(_GIVEN['male'])}"
    return person


def _birth(rng: Random, born: date) -> str:
    """Old people often know only the year."""
    if born.year < 1965 and rng.random() < 0.6:
        return f"{born.year}"
    return born.isoformat()


def _citizen_id(born: date, sex: str, serial: int) -> str:
    century = 2 * ((born.year - 1900) // 100) + (1 if sex == "female" else 0)
    return f"038{century}{born.year % 100:02d}{serial:06d}"


def _exams(rng: Random, population: Population, person: dict[str, Json]) -> list[Json]:
    born_year = int(str(person["birth_date"])[:4])
    age = population.today.year - born_year
    made: list[Json] = []
    for _ in range(rng.randint(0, 2 * population.exams)):
        day = population.today - timedelta(days=rng.randrange(1, 700))
        if day.isoformat()[:10] <= str(person["birth_date"]) or day.year <= born_year:
            continue
        made.append(
            _adult_exam(rng, day, age, str(person["sex"])) if age >= 19 else _child_exam(rng, day, age)
        )
    return sorted(made, key=lambda exam: str(exam["exam_date"]) if isinstance(exam, dict) else "")


def _adult_exam(rng: Random, day: date, age: int, sex: str) -> dict[str, Json]:
    hypertensive = age > 50 and rng.random() < 0.5
    code, story, advice = _HYPERTENSION if hypertensive else rng.choice(_COMPLAINTS)
    height = rng.randint(146, 160) if sex == "female" else rng.randint(155, 172)
    systolic = rng.randint(132, 158) if hypertensive else rng.randint(104, 128)
    return {
        "exam_date": day.isoformat(),
        "history_of_present_illness": story,
        "pulse": rng.randint(64, 92),
        "temperature": round(rng.uniform(36.3, 37.2), 1),
        "systolic": systolic,
        "diastolic": round(systolic * 0.6) + rng.randint(-4, 6),
        "respiratory_rate": rng.randint(16, 20),
        "weight": round(rng.uniform(19, 25) * (height / 100) ** 2, 1),
        "height": height,
        "cardiovascular": "Nhịp tim đều, T1 T2 rõ",
        "respiratory": "Rì rào phế nang êm dịu hai bên",
        "diagnoses": [{"code": code, "text": ""}],
        "advice": advice,
        "examiner": "Hà Văn Thử",
    }


def _child_exam(rng: Random, day: date, age: int) -> dict[str, Json]:
    code, story, advice = _CHECKUP_CHILD
    return {
        "exam_date": day.isoformat(),
        "history_of_present_illness": story,
        "temperature": round(rng.uniform(36.3, 37.2), 1),
        "nutrition": "Ăn ngủ tốt" if age < 6 else "Phát triển bình thường theo tuổi",
        "diagnoses": [{"code": code, "text": ""}],
        "advice": advice,
        "examiner": "Hà Văn Thử",
    }
