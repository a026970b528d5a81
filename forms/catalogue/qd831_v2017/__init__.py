"""Hồ sơ quản lý sức khỏe cá nhân, QĐ 831/QĐ-BYT of 11 March 2017: part A and part D.

Words and order of the form: form-831 §2. Some printed words stand for several fields ("Nơi đăng ký HKTT: …
Xã/Phường"); such a field's label repeats them before a colon, and `short` holds its own words.
"""

from __future__ import annotations

from datetime import date

from forms.catalogue.qd831_v2017 import administrative, administrative_rules, exam, exam_rules
from forms.model import FormDefinition
from forms.text import Text

FORM = FormDefinition(
    code="QD831",
    version="2017",
    title=Text("Hồ sơ quản lý sức khỏe cá nhân", "Personal health record"),
    source=Text(
        "Ban hành kèm theo Quyết định số 831/QĐ-BYT ngày 11 tháng 3 năm 2017 của Bộ trưởng Bộ Y tế",
        "Issued with Decision 831/QĐ-BYT of 11 March 2017 of the Minister of Health",
    ),
    valid_from=date(2017, 3, 11),
    parts=(administrative.PART, exam.PART),
    rules=(*administrative_rules.RULES, *exam_rules.RULES),
)
