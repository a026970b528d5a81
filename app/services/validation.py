"""The gate every record passes on its way into the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from app.domain.records import RecordKind
from app.errors import RuleViolation
from forms.compute import computed
from forms.model import Answers, Context, Finding, FormDefinition, Json, Severity
from forms.validate import validate


def complete(
    form: FormDefinition, kind: RecordKind, answers: Answers, *, today: date, person: Answers
) -> dict[str, Json]:
    """The answers as they are stored: nothing empty, computed fields up to date."""
    kept: dict[str, Json] = {key: value for key, value in answers.items() if value not in (None, "", [])}
    derived = computed(form, kind.value, kept, Context(today=today, person=person))
    for field in form.part(kind.value).fields():
        if field.computed:
            kept.pop(field.key, None)
    kept.update({key: value for key, value in derived.items() if value is not None})
    return kept


def check(
    form: FormDefinition, kind: RecordKind, answers: Answers, *, today: date, person: Mapping[str, Json]
) -> list[Finding]:
    return validate(form, kind.value, answers, Context(today=today, person=person))


def require_finishable(findings: Iterable[Finding], acknowledged: Iterable[str]) -> tuple[str, ...]:
    """Raises RuleViolation for errors and for warnings nobody has seen; returns the warnings to store."""
    seen = set(acknowledged)
    found = list(findings)
    blocking = [f for f in found if f.severity is Severity.ERROR]
    warnings = [f for f in found if f.severity is Severity.WARNING]
    unseen = [f for f in warnings if f.rule not in seen]
    if blocking or unseen:
        raise RuleViolation(blocking + unseen)
    return tuple(dict.fromkeys(f.rule for f in warnings))
