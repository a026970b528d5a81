"""What an official form is: parts, sections, fields, rules. Data only; the catalogue fills it in.

One definition object drives entry, validation, paper, messages and import/export. Field ids are stable
English terms with the part's prefix (`exam.systolic`); inside one record answers are keyed by
`Field.key` (`systolic`), because a record belongs to exactly one part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from forms.codelists import CodeList
from forms.text import Text

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Answers: TypeAlias = Mapping[str, Json]
"""Answers of one record, keyed by `Field.key`; an absent key means unknown."""


class FieldType(StrEnum):
    """Value shape in `Answers` is given in brackets; parsing and formatting live in `forms.values`."""

    TEXT = "text"  # [str] one line
    LONG_TEXT = "long_text"  # [str] several lines
    INTEGER = "integer"  # [int]
    DECIMAL = "decimal"  # [float] rounded to Field.decimals
    DATE = "date"  # [str] ISO 2026-11-22
    PARTIAL_DATE = "partial_date"  # [str] 1985 | 1985-09 | 1985-09-05
    CHOICE = "choice"  # [str] Option.code
    YES_NO = "yes_no"  # [bool] absent = not asked
    BLOOD_PRESSURE = "blood_pressure"  # [int] mmHg; two fields share one printed cell, see Field.group
    ACUITY = "acuity"  # [str] canonical notation of forms.acuity: "7/10", "1/20", "ĐNT 3m", "ST(+)"
    CODED = "coded"  # [str] one code of Field.code_list
    DIAGNOSES = "diagnoses"  # [list of {"code": str, "text": str}] first is the main one; code may be ""
    PERSON_ID = "person_id"  # [str] digits: 12 (CCCD) or 9 (old CMND)
    INSURANCE = "insurance"  # [str] 10 digits or the 15-character card number
    PHONE = "phone"  # [str] digits, leading 0
    EMAIL = "email"  # [str]
    ADDRESS = "address"  # [str] hamlet, house number, street


class Severity(StrEnum):
    ERROR = "error"  # cannot be true: the record stays a draft
    WARNING = "warning"  # unusual: one keystroke acknowledges it, and that is stored
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: Text
    official: str = ""
    """Code in the ministry's messages where it differs from ours."""


@dataclass(frozen=True, slots=True)
class Range:
    """Closed interval for people whose age in completed months is in [from_month, to_month)."""

    low: float
    high: float
    from_month: int = 0
    to_month: int | None = None

    def applies(self, age_months: int | None) -> bool:
        if age_months is None:
            return self.from_month == 0 and self.to_month is None
        return age_months >= self.from_month and (self.to_month is None or age_months < self.to_month)

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Condition:
    """Visible while `field` (a full id, maybe of another part) has one of `values` or is unknown."""

    field: str
    values: tuple[str, ...]
    reason: Text
    """Shown in place of the hidden field, e.g. "Nam giới"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    id: str
    label: Text
    type: FieldType
    number: str = ""
    """Number on the paper form ("2.1"), empty where the form prints none."""
    short: Text | None = None
    """Label for a narrow column; `label` otherwise."""
    unit: str = ""
    unit_en: str = ""
    """The unit in English where it has words in it ("lần/phút"); otherwise `unit` serves both."""
    options: tuple[Option, ...] = ()
    code_list: str = ""
    hard: Range | None = None
    soft: tuple[Range, ...] = ()
    decimals: int = 0
    max_length: int = 500
    lengths: tuple[int, ...] = ()
    """Exact numbers of characters allowed (identifiers); empty = up to `max_length`."""
    required: bool = False
    """Required to finish, not to keep a draft. The paper form marks nothing as required."""
    when: Condition | None = None
    computed: str = ""
    """Name of the calculation in `forms.compute`; such a field is never typed."""
    group: str = ""
    """Fields of one group share one cell on paper and on the screen (blood pressure, acuity)."""
    source: str = ""

    @property
    def part_prefix(self) -> str:
        return self.id.partition(".")[0]

    @property
    def key(self) -> str:
        return self.id.partition(".")[2]

    @property
    def unit_text(self) -> Text:
        return Text(self.unit, self.unit_en or self.unit)

    def option(self, code: object) -> Option | None:
        return next((o for o in self.options if o.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title: Text
    number: str = ""
    headings: tuple[tuple[str, Text], ...] = ()
    """Number and title of printed headings that stand directly above this section and hold no field."""
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One lettered part of the form; `prefix` is the record kind its answers are stored under."""

    letter: str
    prefix: str
    title: Text
    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        for section in self.sections:
            yield from section.fields


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may know besides the answers. Nothing here reads a clock or a database."""

    today: date
    person: Answers = field(default_factory=lambda: MappingProxyType({}))
    """Part A of the same person when validating another part."""
    lists: Mapping[str, CodeList] = field(default_factory=lambda: MappingProxyType({}))
    """Code lists that replace the shipped ones of the same name (an imported full ICD-10)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one field. `key` is the Field.key where the cursor should go ("" = whole record)."""

    rule: str
    severity: Severity
    key: str
    message: Text


Check: TypeAlias = Callable[[Answers, Context], Text | None]
"""Returns None when the rule holds, otherwise the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule over several fields of one part. `examples`: answers that pass and answers that fail."""

    id: str
    part: str
    severity: Severity
    key: str
    check: Check
    passing: Answers
    failing: Answers
    person: Answers = field(default_factory=lambda: MappingProxyType({}))
    """Part A that goes with both examples of a rule of another part. Examples are set on 22 November 2026."""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    code: str
    version: str
    title: Text
    source: Text
    valid_from: date
    parts: tuple[Part, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        return MappingProxyType({f.id: f for p in self.parts for f in p.fields()})

    def part(self, prefix: str) -> Part:
        """The part whose record kind is `prefix`; KeyError if the form has none."""
        for part in self.parts:
            if part.prefix == prefix:
                return part
        raise KeyError(prefix)

    def field(self, field_id: str) -> Field:
        return self.by_id[field_id]

    def rules_of(self, prefix: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.part == prefix)
