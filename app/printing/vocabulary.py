"""The words in which a paper page is described as data: which fields share a line, what is a table.

A layout refers to fields by id and takes labels, units and options from the form definition. Its own
words are only those that the paper prints and that belong to no field; the paper speaks Vietnamese
only, whatever language the screen has.

A field's label may repeat printed words that several fields share ("Nhóm máu: Hệ ABO"); they are its
lead, and the paper prints them once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Blank:
    """A label and a dotted place for the value of a field; of several fields, the values joined."""

    fields: str
    """Field ids, separated by spaces; the first gives the label."""
    share: float = 1.0
    """Part of the line it takes while everything fits."""
    lead: bool = False
    """Print the words that this and the following fields share before the label."""
    tab: float = 0.0
    """Where the label starts at least, in points from the slot's start: aligns labels after leads."""
    joiner: str = " / "
    within: str = ""
    """A field that names what this value lies in: where it is answered, the value's own name is enough."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """A label and one tick box per option: "Giới tính: Nam ☐ Nữ ☐"."""

    field: str
    share: float = 1.0
    codes: tuple[str, ...] = ()
    """Options the paper prints; all if empty. Any other answer gets a box of its own."""
    lead: bool = False


Slot: TypeAlias = Blank | Ticks


@dataclass(frozen=True, slots=True)
class Line:
    """Fields side by side. What does not fit beside its neighbours moves to a line of its own."""

    slots: tuple[Slot, ...]
    indent: float = 0.0
    heading: str = ""
    """A section whose heading stands in the indent, or on a line of its own if it is too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteIn:
    """A field with as many full lines as its text needs."""

    field: str
    lines: int = 1
    """Dotted lines when it is to be filled in by hand."""
    bullet: str = ""
    strong: bool = False
    """The label is a heading of the paper, with its number."""
    indent: float = 0.0
    keep: bool = False
    """The last line stays on the page of what follows."""


@dataclass(frozen=True, slots=True)
class SectionHeading:
    """Numbers and titles of a section and of the headings over it, as the definition has them."""

    section: str
    space: float = 0.0
    """Empty space above."""
    lines: int = 1
    """How many of the following lines stay on the page of the heading."""
    colon: bool = False


@dataclass(frozen=True, slots=True)
class PartHeading:
    """Letter and title of a part; `boxed` puts a field into character cells at the right."""

    prefix: str
    boxed: str = ""
    cells: int = 10


@dataclass(frozen=True, slots=True)
class Column:
    share: float
    title: str = ""
    """Words of the paper; if empty, the label and unit of the field in the first row."""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A table cell with words of the paper."""

    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A table cell with the label of a field."""

    field: str


@dataclass(frozen=True, slots=True)
class Value:
    """A table cell with the value of a field; of several fields, the values joined."""

    fields: str
    joiner: str = "/"


Cell: TypeAlias = Words | Label | Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A ruled table. A row higher than the page goes on on the next one under a repeated head."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_height: float = 24.0


@dataclass(frozen=True, slots=True)
class Signature:
    title: str
    """`{station}` is replaced by the station as it signs."""
    note: str
    name: str = ""
    """Id of the field with the signer's name."""


@dataclass(frozen=True, slots=True)
class Signatures:
    signers: tuple[Signature, ...]


Block: TypeAlias = PartHeading | SectionHeading | Line | WriteIn | Grid | Signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """One paper form: its blocks in paper order."""

    blocks: tuple[Block, ...]
