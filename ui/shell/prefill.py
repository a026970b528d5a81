"""What was typed into the search box, as answers of a new person."""

from __future__ import annotations

import re

from forms.dates import PartialDate
from forms.model import Json
from forms.text import clean

_CITIZEN_DIGITS = 12
_OLD_CARD_DIGITS = 9
_INSURANCE = re.compile(r"[A-Z]{2}\d{13}|\d{10}")
_PHONE = re.compile(r"0[35789]\d{8}")


def prefill_from(typed: str) -> dict[str, Json]:
    """Digits go to the identifier of that length, a year or date to the birth date, the rest to the name."""
    text = clean(typed)
    compact = re.sub(r"[\s.\-]", "", text).upper()
    if compact.isascii() and compact.isdigit() and len(compact) == _CITIZEN_DIGITS:
        return {"citizen_id": compact}
    if compact.isascii() and compact.isdigit() and len(compact) == _OLD_CARD_DIGITS:
        return {"old_id_card": compact}
    if _PHONE.fullmatch(compact):
        return {"mobile_phone": compact}
    if _INSURANCE.fullmatch(compact):
        return {"insurance_number": compact}
    words, birth = _without_birth(text.split(" "))
    # Short digits are the end of some number, not a name.
    name = " ".join(w for w in words if not w.isdigit())
    known: dict[str, Json] = {}
    if name:
        known["full_name"] = name.title() if name.islower() else name
    if birth:
        known["birth_date"] = birth
    return known


def _without_birth(words: list[str]) -> tuple[list[str], str]:
    rest: list[str] = []
    birth = ""
    for word in words:
        date = _birth(word)
        if date and not birth:
            birth = date
        else:
            rest.append(word)
    return rest, birth


def _birth(word: str) -> str:
    """1985 | 5/9/1985 | 09/1985 as a partial ISO date, "" for anything else."""
    if re.fullmatch(r"(19|20)\d\d", word):
        return word
    parts = word.split("/")
    if len(parts) not in (2, 3) or not all(p.isascii() and p.isdigit() for p in parts) or len(parts[-1]) != 4:
        return ""
    day, month, year = (["0", *parts] if len(parts) == 2 else parts)[:3]
    try:
        return PartialDate(int(year), int(month), int(day)).iso()
    except ValueError:
        return ""
