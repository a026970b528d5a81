"""What a request puts on paper: the answers by field id, formatted as the form prints them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.records import Record, RecordStatus
from app.ports import PrintRequest
from forms.compute import computed
from forms.dates import PartialDate
from forms.model import Answers, Context, Field, FieldType, FormDefinition, Json
from forms.values import display


def short_id(record_id: str) -> str:
    """First eight digits of a record id, in two groups that can be read over the phone: "3F2A-91C0"."""
    digits = re.sub(r"[^0-9A-Za-z]", "", record_id).upper()[:8]
    return "-".join(part for part in (digits[:4], digits[4:]) if part)


@dataclass(frozen=True, slots=True)
class Sheet:
    form: FormDefinition
    answers: Mapping[str, Answers]
    """Part prefix -> answers; a part that is missing is to be filled in by hand."""
    void: frozenset[str]
    """Parts whose record was entered in error."""
    number: str
    """Short id of the person's record, "" on a blank form."""

    @classmethod
    def of(cls, request: PrintRequest) -> Sheet:
        answers: dict[str, Answers] = {}
        void = set()
        person = request.person.answers if request.person else {}
        for prefix, record in (("person", request.person), ("exam", request.exam)):
            if record is None:
                continue
            context = Context(today=request.printed_at.date(), person=person)
            answers[prefix] = _with_computed(request.form, prefix, record, context)
            if record.status is RecordStatus.ENTERED_IN_ERROR:
                void.add(prefix)
        number = short_id(request.person.id) if request.person else ""
        return cls(request.form, answers, frozenset(void), number)

    def by_hand(self, field_id: str) -> bool:
        return field_id.partition(".")[0] not in self.answers

    def value(self, field: Field) -> Json:
        return self.answers.get(field.part_prefix, {}).get(field.key)

    def lines(self, field: Field) -> list[str]:
        """The printed value, one entry per line that must start anew; empty when nothing was answered."""
        value = self.value(field)
        if value is None or value in ("", [], {}):
            return []
        if field.type is FieldType.DIAGNOSES and isinstance(value, list):
            shown = [display(field, [one]) for one in value]
            return [f"{n}. {text}" for n, text in enumerate(shown, 1)] if len(shown) > 1 else shown
        return [line for line in display(field, value).splitlines() if line.strip()]

    def text(self, field: Field) -> str:
        return " ".join(self.lines(field))

    def date(self, field: Field) -> PartialDate | None:
        """The answer of a date field where it is a date that exists, whole or in part."""
        value = self.value(field)
        try:
            return PartialDate.parse_iso(value) if isinstance(value, str) else None
        except ValueError:
            return None


def _with_computed(form: FormDefinition, prefix: str, record: Record, context: Context) -> Answers:
    found = computed(form, prefix, record.answers, context)
    return {**record.answers, **{key: value for key, value in found.items() if value is not None}}
