"""How examinations and states of a record are put into words."""

from __future__ import annotations

from app.domain.people import PersonRecord
from app.domain.records import Draft, Record, RecordStatus
from forms.answers import diagnoses
from forms.dates import PartialDate
from forms.model import Answers, Json
from forms.text import Language, Text
from forms.values import code_label, display_blood_pressure
from ui.i18n import tr
from ui.pieces.chip import Tone

STATUS_WORDS = {
    RecordStatus.FINAL: Text("Đã hoàn tất", "Finished"),
    RecordStatus.AMENDED: Text("Đã sửa", "Corrected"),
    RecordStatus.ENTERED_IN_ERROR: Text("Ghi nhầm", "Entered by mistake"),
}


def iso_shown(value: Json) -> str:
    """22/11/2026 of "2026-11-22"; what is no date as it is."""
    try:
        return PartialDate.parse_iso(str(value or "")).shown()
    except ValueError:
        return str(value or "")


def pressure_text(answers: Answers) -> str:
    return display_blood_pressure(answers.get("systolic"), answers.get("diastolic"))


def diagnoses_text(answers: Answers, language: Language) -> str:
    """As `I10 Tăng huyết áp; E11.9 Đái tháo đường`; names of the list in the language of the screen."""
    shown = []
    for code, words in diagnoses(answers):
        official = code_label("icd10", code, "vi") if code else ""
        name = code_label("icd10", code, language) if code and words in ("", official) else words
        shown.append(f"{code} {name}".strip())
    return "; ".join(shown)


def previous_exam(person: PersonRecord, draft: Draft) -> Record | None:
    """The last valid examination before the one being entered."""
    day = str(draft.answers.get("exam_date") or "9999")
    for exam in person.exams:
        valid = exam.status is not RecordStatus.ENTERED_IN_ERROR and exam.id != draft.record_id
        if valid and str(exam.answers.get("exam_date") or "") <= day:
            return exam
    return None


def status_chip_of(record: Record) -> tuple[str, Tone, str] | None:
    """Text, tone and icon where the state is worth a word; a plainly finished record needs none."""
    match record.status:
        case RecordStatus.AMENDED:
            return tr("Đã sửa, bản {n}", "Corrected, revision {n}", n=record.revision), "info", "amend"
        case RecordStatus.ENTERED_IN_ERROR:
            return tr("Ghi nhầm: không tính", "Entered by mistake: does not count"), "danger", "rejected"
        case _:
            return None
