"""How a person is written in lists: sex, birth, identifiers, dates; and which letters a search matched."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from app.domain.people import PersonRow
from forms.dates import PartialDate
from forms.text import fold
from ui.i18n import tr


def date_text(day: date | None) -> str:
    """dd/MM/yyyy."""
    return f"{day:%d/%m/%Y}" if day is not None else ""


def moment_text(moment: datetime, now: datetime) -> str:
    """Local time: 14:05 today, 14:05 22/11 this year, with the year otherwise."""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M %d/%m}" if local.year == now.year else f"{local:%H:%M %d/%m/%Y}"


def sex_text(sex: str) -> str:
    match sex:
        case "male":
            return tr("Nam", "Male")
        case "female":
            return tr("Nữ", "Female")
        case _:
            return ""


def birth_text(birth: str) -> str:
    """As much of the date as is known: 05/09/1985, 09/1985 or 1985."""
    try:
        return PartialDate.parse_iso(birth).shown()
    except ValueError:
        return ""


def last4_text(row: PersonRow) -> str:
    """Identifiers as lists may show them: CCCD …2345 · BHYT …0078."""
    parts = []
    if row.id_last4:
        parts.append(tr("CCCD …{n}", "ID …{n}", n=row.id_last4))
    if row.insurance_last4:
        parts.append(tr("BHYT …{n}", "Ins. …{n}", n=row.insurance_last4))
    return " · ".join(parts)


def last_exam_text(row: PersonRow) -> str:
    if row.last_exam is None:
        return tr("Chưa khám", "No examination")
    return tr("Khám {day}", "Seen {day}", day=date_text(row.last_exam))


def matched_spans(text: str, query: str) -> list[tuple[int, int]]:
    """Half-open ranges of `text` (NFC) that the words of `query` match as beginnings of words.

    Diacritics, case and order do not matter, as in the search itself.
    """
    words = fold(query).split()
    spans: list[tuple[int, int]] = []
    start = 0
    for word in unicodedata.normalize("NFC", text).split(" "):
        folded = fold(word)
        best = max((len(w) for w in words if w and folded.startswith(w)), default=0)
        if best:
            spans.append((start, start + _reach(word, best)))
        start += len(word) + 1
    return spans


def _reach(word: str, folded_length: int) -> int:
    """How many characters of `word` make `folded_length` characters of its folded form."""
    for end in range(1, len(word) + 1):
        if len(fold(word[:end])) >= folded_length:
            return end
    return len(word)
