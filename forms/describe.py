"""The form definitions as JSON, for scripts and other programs: what `hoso831 forms --json` prints.

The first thirteen names are a promise (architecture §8); what follows them may grow.
"""

from __future__ import annotations

from forms.model import Field, FormDefinition, Json, Part, Range, Section


def as_json(form: FormDefinition) -> list[dict[str, Json]]:
    """One object per field, in the order of the paper. Both languages are always given."""
    return [
        _field(form, part, section, field)
        for part in form.parts
        for section in part.sections
        for field in section.fields
    ]


def _field(form: FormDefinition, part: Part, section: Section, field: Field) -> dict[str, Json]:
    return {
        "id": field.id,
        "part": part.letter,
        "number": field.number,
        "label_vi": field.label.vi,
        "label_en": field.label.en,
        "type": field.type.value,
        "unit": field.unit,
        "options": [{"code": o.code, "label_vi": o.label.vi, "label_en": o.label.en} for o in field.options],
        "hard": {"low": field.hard.low, "high": field.hard.high} if field.hard else None,
        "soft": [_range(limits) for limits in field.soft],
        "required": field.required,
        "when": _condition(field),
        "key": field.key,
        "form": form.code,
        "version": form.version,
        "record": part.prefix,
        "section": section.id,
        "section_number": section.number,
        "section_vi": section.title.vi,
        "section_en": section.title.en,
        "short_vi": (field.short or field.label).vi,
        "short_en": (field.short or field.label).en,
        "unit_en": field.unit_text.en,
        "official_codes": {o.code: o.official for o in field.options if o.official},
        "code_list": field.code_list,
        "computed": field.computed,
        "group": field.group,
        "decimals": field.decimals,
        "max_length": field.max_length,
        "lengths": list(field.lengths),
        "source": field.source,
    }


def _range(limits: Range) -> Json:
    return {
        "low": limits.low,
        "high": limits.high,
        "from_month": limits.from_month,
        "to_month": limits.to_month,
    }


def _condition(field: Field) -> Json:
    if field.when is None:
        return None
    return {
        "field": field.when.field,
        "values": list(field.when.values),
        "reason_vi": field.when.reason.vi,
        "reason_en": field.when.reason.en,
    }
