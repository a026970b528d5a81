"""What is searched, listed and counted, computed from answers alone. Pure: no database, no clock.

Search tokens carry a sign in front that keeps names, years and numbers apart:
`dao` a word, `>dao` the given name, `=1985` `=85` the birth year, `#0381…` a number from its start,
`<5432…` the same number from its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from forms.codelists import commune_label
from forms.dates import PartialDate
from forms.model import Answers
from forms.text import clean, fold

IDENTIFIER_KEYS = ("citizen_id", "old_id_card", "insurance_number")
_PHONE_KEYS = ("home_phone", "mobile_phone")
_INSURANCE_DIGITS = 10
_WORD = re.compile(r"[^\W_]+")
_NUMBER_NOISE = re.compile(r"[\s.\-/]+")
_UNIT_WORDS = ("thi tran ", "dac khu ", "phuong ", "xa ")


@dataclass(frozen=True, slots=True)
class Identifier:
    """kind: a key of IDENTIFIER_KEYS. value: as compared, see `identifier_value`."""

    kind: str
    value: str

    @property
    def last4(self) -> str:
        return self.value[-4:]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonProjection:
    full_name: str
    sex: str
    birth_date: str
    birth_year: int | None
    village: str
    commune: str
    household_code: str
    identifiers: tuple[Identifier, ...]
    tokens: str
    """Separated by single spaces, with one before the first and after the last."""

    def last4(self, *kinds: str) -> str:
        return next((i.last4 for kind in kinds for i in self.identifiers if i.kind == kind), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamProjection:
    exam_date: str
    diagnoses: str
    """Codes in the order given, separated by spaces; what was written without a code is left out."""


def words(text: str) -> list[str]:
    """Folded words: letters and digits only, so no sign of any query language survives."""
    return _WORD.findall(fold(text))


def identifier_value(kind: str, value: str) -> str:
    """The form in which numbers are compared: capitals, no separators; of a 15-character insurance card
    its last ten digits, which are the number printed on newer cards.
    """
    compact = _NUMBER_NOISE.sub("", value).upper()
    if kind == "insurance_number" and len(compact) > _INSURANCE_DIGITS:
        return compact[-_INSURANCE_DIGITS:]
    return compact


def person_projection(answers: Answers) -> PersonProjection:
    full_name = clean(_text(answers, "full_name"))
    birth = _birth(_text(answers, "birth_date"))
    village = clean(_text(answers, "village"))
    commune = _text(answers, "current_commune") or _text(answers, "permanent_commune")
    household = clean(_text(answers, "household_code"))
    found = [Identifier(kind, identifier_value(kind, _text(answers, kind))) for kind in IDENTIFIER_KEYS]
    identifiers = tuple(i for i in found if i.value)
    numbers = [i.value for i in identifiers]
    numbers += [_NUMBER_NOISE.sub("", _text(answers, key)) for key in _PHONE_KEYS]
    card = _NUMBER_NOISE.sub("", _text(answers, "insurance_number")).upper()
    if len(card) > _INSURANCE_DIGITS:
        numbers.append(card)
    name_words = words(full_name)
    tokens = [
        *name_words,
        *(f">{word}" for word in name_words[-1:]),
        *words(village),
        *words(_commune_words(commune)),
        *_household_words(household),
        *_year_tokens(birth),
        *_number_tokens(numbers),
    ]
    return PersonProjection(
        full_name=full_name,
        sex=_text(answers, "sex"),
        birth_date=birth.iso() if birth else "",
        birth_year=birth.year if birth else None,
        village=village,
        commune=commune,
        household_code=household,
        identifiers=identifiers,
        tokens=" " + "".join(f"{token} " for token in dict.fromkeys(tokens)),
    )


def exam_projection(answers: Answers) -> ExamProjection:
    diagnoses = answers.get("diagnoses")
    entries = diagnoses if isinstance(diagnoses, list) else []
    codes = [entry.get("code") for entry in entries if isinstance(entry, dict)]
    return ExamProjection(
        exam_date=_text(answers, "exam_date"),
        diagnoses=" ".join(code for code in codes if isinstance(code, str) and code),
    )


def _text(answers: Answers, key: str) -> str:
    value = answers.get(key)
    return value if isinstance(value, str) else ""


def _birth(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse_iso(text)
    except ValueError:
        return None


def _household_words(code: str) -> list[str]:
    """Also without leading zeros, as people say it."""
    return [form for word in words(code) for form in (word, word.lstrip("0")) if form]


def _year_tokens(birth: PartialDate | None) -> list[str]:
    return [f"={birth.year:04d}", f"={birth.year % 100:02d}"] if birth else []


def _number_tokens(numbers: Iterable[str]) -> list[str]:
    folded = [number.casefold() for number in numbers if len(number) >= 4]
    return [token for number in folded for token in (f"#{number}", f"<{number[::-1]}")]


@lru_cache(maxsize=256)
def _commune_words(code: str) -> str:
    """The commune's own name; "xã" and its kind would match everybody."""
    if not code:
        return ""
    name = fold(commune_label(code, "vi").partition(",")[0])
    return next((name.removeprefix(kind) for kind in _UNIT_WORDS if name.startswith(kind)), name)
