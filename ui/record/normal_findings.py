"""Sentences that "all normal" writes into the findings of part D.

They go into the record and are printed, so they are Vietnamese whatever the language of the screens.
A field that still holds its sentence unchanged is shown as template text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forms.answers import age_months
from forms.model import Json
from ui.entry.form_state import FormState

NORMAL_FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "skin_mucosa": "Da, niêm mạc hồng",
        "cardiovascular": "Nhịp tim đều, T1 T2 rõ",
        "respiratory": "Rì rào phế nang êm, không ran",
        "digestive": "Bụng mềm, không điểm đau",
        "genitourinary": "Chưa phát hiện bất thường",
        "musculoskeletal": "Chưa phát hiện bất thường",
        "endocrine": "Tuyến giáp không to",
        "neurological": "Tỉnh, không dấu thần kinh khu trú",
        "mental": "Tiếp xúc tốt",
        "surgical": "Chưa phát hiện bất thường",
        "obstetric_gynecological": "Chưa phát hiện bất thường",
        "ear_nose_throat": "Chưa phát hiện bất thường",
        "dental": "Chưa phát hiện bất thường",
        "eye": "Chưa phát hiện bất thường",
        "dermatological": "Chưa phát hiện bất thường",
        "nutrition": "Thể trạng trung bình",
        "motor": "Vận động bình thường",
    }
)
"""By Field.key. "Khác" and the assessment of development have none: they are written or left."""

_NORMAL_BMI = (18.5, 23.0)
_ADULT_MONTHS = 20 * 12


def sentence_for(state: FormState, key: str) -> str:
    """The normal sentence of a field for this person, "" where none fits."""
    if key == "nutrition" and not _average_build(state):
        return ""
    if key not in NORMAL_FINDINGS or state.hidden_reason(key) is not None:
        return ""
    return NORMAL_FINDINGS[key]


def _average_build(state: FormState) -> bool:
    """A measured BMI decides; children are judged by growth tables, never by this sentence."""
    months = age_months(state.part.prefix, state.answers, state.context)
    bmi = state.value("bmi")
    low, high = _NORMAL_BMI
    adult = months is not None and months >= _ADULT_MONTHS
    return adult and (not isinstance(bmi, (int, float)) or low <= bmi < high)


def missing_normals(state: FormState) -> dict[str, Json]:
    """What "all normal" would write: only empty fields, never over something typed."""
    return {
        key: sentence
        for key in NORMAL_FINDINGS
        if not state.text(key).strip() and (sentence := sentence_for(state, key))
    }
