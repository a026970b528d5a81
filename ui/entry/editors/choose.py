"""Which editor a field gets: decided by its type, never by its name."""

from __future__ import annotations

from forms.model import Field, FieldType
from forms.values import Lists, list_for
from ui.entry.editors.base import FieldEditor
from ui.entry.editors.chips import choice_chips, yes_no_chips
from ui.entry.editors.diagnoses import DiagnosesEditor
from ui.entry.editors.line import LineEditor
from ui.entry.editors.long_text import LongTextEditor
from ui.entry.editors.search import SearchEditor, code_finder, commune_name, option_finder
from ui.i18n import language, tr

MOST_CHIPS = 5
_DATE_HINT = ("ngày/tháng/năm", "day/month/year")
_HINTS: dict[FieldType, tuple[str, str]] = {
    FieldType.DATE: _DATE_HINT,
    FieldType.PARTIAL_DATE: ("05/09/1985 hoặc 1985", "05/09/1985 or 1985"),
    FieldType.ACUITY: ("ví dụ 7/10", "e.g. 7/10"),
    FieldType.DIAGNOSES: ("gõ mã hoặc tên bệnh, Enter để ghi", "type a code or a name, Enter records it"),
}


def make_editor(
    field: Field, *, compact: bool = False, lists: Lists | None = None, unit: str | None = None
) -> FieldEditor:
    """The editor of a field. `compact` is the 28 px row of a dense section; `unit` replaces the field's."""
    known = lists or {}
    if field.type is FieldType.CHOICE:
        few = len(field.options) <= MOST_CHIPS
        made: FieldEditor = (
            choice_chips(field, compact=compact)
            if few
            else SearchEditor(field, option_finder(field), compact=compact)
        )
    elif field.type is FieldType.YES_NO:
        made = yes_no_chips(field, compact=compact)
    elif field.type is FieldType.CODED:
        finder = code_finder(list_for(field.code_list, known), language())
        namer = commune_name(language()) if field.code_list == "communes" else None
        made = SearchEditor(field, finder, compact=compact, namer=namer)
    elif field.type is FieldType.DIAGNOSES:
        made = DiagnosesEditor(field, list_for("icd10", known), compact=compact)
    elif field.type is FieldType.LONG_TEXT:
        made = LongTextEditor(field, compact=compact)
    else:
        made = LineEditor(field, compact=compact, unit=unit)
    if field.type in _HINTS:
        made.own_hint = (tr(*_HINTS[field.type]), compact and field.type is not FieldType.DIAGNOSES)
        made.set_hint(made.own_hint[0], focused_only=made.own_hint[1])
    return made
