"""Reading answers without trusting them: a value of the wrong shape counts as unknown.

Rules and calculations use these, so they can run on drafts, imports and records of other programs;
that the shape is wrong is reported once, by `forms.validate`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forms.dates import PartialDate, months_between
from forms.model import Answers, Context
from forms.numbers import as_decimal


def number(answers: Answers, key: str) -> Decimal | None:
    return as_decimal(answers.get(key))


def text(answers: Answers, key: str) -> str:
    value = answers.get(key)
    return value if isinstance(value, str) else ""


def partial_date(answers: Answers, key: str) -> PartialDate | None:
    value = answers.get(key)
    if not isinstance(value, str):
        return None
    try:
        return PartialDate.parse_iso(value)
    except ValueError:
        return None


def full_date(answers: Answers, key: str) -> date | None:
    value = partial_date(answers, key)
    return value.earliest if value is not None and value.complete else None


def diagnoses(answers: Answers) -> list[tuple[str, str]]:
    """(code, text) of each diagnosis that has the right shape, the main one first."""
    rows = answers.get("diagnoses")
    if not isinstance(rows, list):
        return []
    found = []
    for row in rows:
        if isinstance(row, dict):
            code, words = row.get("code", ""), row.get("text", "")
            found.append((code if isinstance(code, str) else "", words if isinstance(words, str) else ""))
    return found


def age_months(prefix: str, answers: Answers, context: Context) -> int | None:
    """Age in completed months: of a person today, of an examined person on the day of the exam."""
    person = answers if prefix == "person" else context.person
    birth = partial_date(person, "birth_date")
    if birth is None:
        return None
    return months_between(birth, full_date(answers, "exam_date") or context.today)
