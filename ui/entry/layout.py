"""Where fields stand on the 12-column grid. Data by field id; what is missing gets a half row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from forms.model import Field, FieldType
from forms.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """`span`: columns of 12. `headed`: the words it shares with its neighbours ("Nơi ở hiện tại") stand
    above them as a line of their own, and the field shows only its own words.
    """

    span: int
    starts_row: bool = False
    headed: bool = False


DEFAULT_SPANS: Mapping[FieldType, int] = MappingProxyType({FieldType.LONG_TEXT: 12, FieldType.DIAGNOSES: 12})

PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "person.household_code": Place(2),
        "person.full_name": Place(6),
        "person.household_relation": Place(4),
        "person.sex": Place(5),
        "person.blood_abo": Place(4),
        "person.blood_rh": Place(3),
        "person.birth_date": Place(3),
        "person.birth_registration_province": Place(4),
        "person.ethnicity": Place(3),
        "person.nationality": Place(2),
        "person.religion": Place(4),
        "person.occupation": Place(8),
        "person.citizen_id": Place(3),
        "person.old_id_card": Place(3),
        "person.id_issue_date": Place(3),
        "person.id_issue_place": Place(3),
        "person.insurance_number": Place(4),
        "person.permanent_address": Place(4, starts_row=True, headed=True),
        "person.permanent_commune": Place(3, headed=True),
        "person.permanent_district": Place(2, headed=True),
        "person.permanent_province": Place(3, headed=True),
        "person.village": Place(4, starts_row=True, headed=True),
        "person.current_commune": Place(3, headed=True),
        "person.current_district": Place(2, headed=True),
        "person.current_province": Place(3, headed=True),
        "person.home_phone": Place(3, starts_row=True, headed=True),
        "person.mobile_phone": Place(3, headed=True),
        "person.email": Place(6),
        "person.mother_name": Place(6),
        "person.father_name": Place(6),
        "person.caregiver_name": Place(8),
        "person.caregiver_relation": Place(4),
        "person.caregiver_home_phone": Place(3, starts_row=True, headed=True),
        "person.caregiver_mobile_phone": Place(3, headed=True),
    }
)


def place_of(field: Field) -> Place:
    return PLACES.get(field.id) or Place(DEFAULT_SPANS.get(field.type, 6))


def shared_heading(field: Field) -> Text | None:
    """The words in front of the colon, where `label` is "shared: own words" and `short` the own words."""
    own = field.short
    if own is None:
        return None
    vi, en = field.label.vi.removesuffix(f": {own.vi}"), field.label.en.removesuffix(f": {own.en}")
    if vi == field.label.vi or en == field.label.en:
        return None
    return Text(vi, en)
