"""The forms this program knows. A record keeps the version it was entered under."""

from __future__ import annotations

from forms.catalogue import qd831_v2017
from forms.model import FormDefinition

_FORMS = (qd831_v2017.FORM,)


def form(code: str = "QD831", version: str = "2017") -> FormDefinition:
    """KeyError for a form or version that is not in the catalogue."""
    for definition in _FORMS:
        if (definition.code, definition.version) == (code, version):
            return definition
    raise KeyError(f"{code} {version}")


def all_forms() -> tuple[FormDefinition, ...]:
    return _FORMS
