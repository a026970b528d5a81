"""From a page layout and the answers to rows: labels from the definition, values from the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.printing.lines import LABEL, PROSE, STRONG, VALUE, LineFitter, Piece
from app.printing.masthead import Masthead
from app.printing.placed import Item, Row, Rule, Run
from app.printing.sheet import Sheet
from app.printing.tables import CellText, Head, TableRuler
from app.printing.typeface import Face, Style
from app.printing.vocabulary import (
    Block,
    Cell,
    Column,
    Grid,
    Label,
    Line,
    PartHeading,
    SectionHeading,
    Signatures,
    Slot,
    Ticks,
    Value,
    Words,
    WriteIn,
)
from forms.model import Field, FieldType, Section

PART = Style(Face.BOLD, 13)

_VOID = "PHẦN NÀY ĐÃ ĐƯỢC ĐÁNH DẤU NHẬP NHẦM, KHÔNG CÓ GIÁ TRỊ SỬ DỤNG"
_CELL_SIDE = 16.0
_SMALLEST_CELL_SIDE = 9.0
_LIST_INDENT = 14.0
_DATES = {FieldType.DATE, FieldType.PARTIAL_DATE}


@dataclass(slots=True)
class Composer:
    sheet: Sheet
    masthead: Masthead
    fitter: LineFitter

    def compose(self, blocks: Sequence[Block], pitches: tuple[float, float]) -> list[Row]:
        """All blocks in paper order; `pitches` for parts that are filled in and for those left to a pen."""
        typed, hand = (self.fitter.pitched(pitch) for pitch in pitches)
        rows: list[Row] = []
        stay = 0
        for block in blocks:
            if isinstance(block, PartHeading):
                self.fitter = hand if self.sheet.by_hand(block.prefix) else typed
            made = self._rows(block)
            rows.extend(replace(row, keep=True) if n < stay - 1 else row for n, row in enumerate(made))
            stay = block.lines if isinstance(block, SectionHeading) else max(0, stay - len(made))
        return rows

    def running_head(self, page: int, pages: int) -> Row:
        born = self.sheet.date(self._field("person.birth_date"))
        return self.masthead.running_head(
            name=self._clean(self.sheet.text(self._field("person.full_name"))),
            birth_year=str(born.year) if born else "",
            number=self.sheet.number,
            page=page,
            pages=pages,
        )

    def _rows(self, block: Block) -> list[Row]:
        match block:
            case PartHeading():
                return self._part_heading(block)
            case SectionHeading():
                return self._section_heading(block)
            case Line():
                return self._line(block)
            case WriteIn():
                return self._write_in(block)
            case Grid():
                return self._grid(block)
            case Signatures():
                return [self._signatures(block)]

    def _part_heading(self, block: PartHeading) -> list[Row]:
        part = self.sheet.form.part(block.prefix)
        left, right = self.fitter.left, self.fitter.right
        boxed: list[Rule | Run] = []
        text = f"{part.letter}. {part.title.vi}"
        if block.boxed:
            beside = right - left - self.fitter.width(text, PART) - 12
            boxed = self._boxed(self._field(block.boxed), block.cells, beside)
            right = boxed[0].x - 12
        items: list[Item] = []
        y = 15.0
        for line in self.fitter.wrapped([text], PART, right - left, right - left):
            items.append(Run(left, y, line, PART, self.fitter.width(line, PART)))
            y += 16
        height = max(y - 16 + 7, 24 if boxed else 0)
        rows = [Row(height=height, items=(*items, *boxed), space=6, keep=True)]
        if block.prefix in self.sheet.void:
            rows.append(self.masthead.notice(_VOID))
        return rows

    def _boxed(self, field: Field, cells: int, room: float) -> list[Rule | Run]:
        """Label and character cells, flush right in `room`; more and narrower cells for a longer value."""
        text = self._clean(self.sheet.text(field))
        count = max(cells, len(text))
        label = _with_colon(field.label.vi)
        label_width = self.fitter.width(label, LABEL) + 14
        side = min(_CELL_SIDE, (room - label_width) / count)
        if side < _SMALLEST_CELL_SIDE:
            side = min(_SMALLEST_CELL_SIDE, 0.6 * (self.fitter.right - self.fitter.left) / count)
        height = 20.0
        start = self.fitter.right - count * side
        left = start - label_width
        style = replace(VALUE, size=min(VALUE.size, side * 1.1))
        found: list[Rule | Run] = [
            Rule(left, 0, 0, height, 0.8),
            Rule(left, 0, self.fitter.right - left, 0, 0.8),
            Rule(left, height, self.fitter.right - left, 0, 0.8),
            Rule(self.fitter.right, 0, 0, height, 0.8),
            Run(left + 7, 14.0, label, LABEL, self.fitter.width(label, LABEL)),
        ]
        found.extend(Rule(start + n * side, 0, 0, height, 0.5) for n in range(count))
        if text:
            found.append(Run(start, 14.0, text, style, len(text) * side, field.id, cell=side))
        return found

    def _section(self, section_id: str) -> Section:
        return next(s for part in self.sheet.form.parts for s in part.sections if s.id == section_id)

    def _section_heading(self, block: SectionHeading) -> list[Row]:
        section = self._section(block.section)
        titles = [(number, title.vi, "") for number, title in section.headings]
        titles.append((section.number, section.title.vi, ":" if block.colon else ""))
        rows = [self.fitter.heading(_numbered(number, title) + colon) for number, title, colon in titles]
        return [replace(rows[0], space=block.space), *rows[1:]]

    def _line(self, block: Line) -> list[Row]:
        rows = self.fitter.line([self._piece(slot) for slot in block.slots], block.indent)
        if not block.heading:
            return rows
        section = self._section(block.heading)
        text = _with_colon(_numbered(section.number, section.title.vi))
        heading = self.fitter.heading(text)
        if self.fitter.width(text, STRONG) > block.indent:
            return [heading, *rows]
        return [replace(rows[0], items=heading.items + rows[0].items), *rows[1:]]

    def _field(self, field_id: str) -> Field:
        return self.sheet.form.field(field_id)

    def _clean(self, text: str) -> str:
        return self.fitter.typeface.drawable(text)

    def _texts(self, field_ids: str) -> list[str]:
        return [self._clean(self.sheet.text(self._field(field_id))) for field_id in field_ids.split()]

    def _piece(self, slot: Slot) -> Piece:
        if isinstance(slot, Ticks):
            return self._ticks(slot)
        field = self._field(slot.fields.split()[0])
        lead, label = _lead_and_label(field)
        text = slot.joiner.join(filter(None, self._texts(slot.fields)))
        if slot.within and self.sheet.text(self._field(slot.within)):
            text = text.partition(", ")[0]
        piece = Piece(
            share=slot.share,
            lead=lead if slot.lead else "",
            label=_with_colon(label),
            value=(text,) if text else (),
            unit=field.unit,
            origin=slot.fields,
            tab=slot.tab,
        )
        return self._with_date(piece, field) if field.type in _DATES else piece

    def _with_date(self, piece: Piece, field: Field) -> Piece:
        """Slashes to write between, for a date that is missing or known in part."""
        known = self.sheet.date(field)
        if known is None:
            return piece if piece.value else replace(piece, date=("", "", ""))
        if known.complete:
            return replace(piece, dotted=False)
        month = f"{known.month:02d}" if known.month else ""
        return replace(piece, value=(), date=("", month, str(known.year)))

    def _ticks(self, slot: Ticks) -> Piece:
        field = self._field(slot.field)
        lead, label = _lead_and_label(field)
        value = self.sheet.value(field)
        codes = slot.codes or tuple(option.code for option in field.options)
        boxes = [(option.label.vi, option.code == value) for option in field.options if option.code in codes]
        if value not in codes and (other := self._clean(self.sheet.text(field))):
            boxes.append((other, True))
        return Piece(
            share=slot.share,
            lead=lead if slot.lead else "",
            label=_with_colon(label),
            origin=slot.field,
            ticks=tuple(boxes),
        )

    def _write_in(self, block: WriteIn) -> list[Row]:
        field = self._field(block.field)
        texts = tuple(text for line in self.sheet.lines(field) if (text := self._clean(line)))
        piece = Piece(
            label=_numbered(field.number if block.strong else "", block.bullet + _with_colon(field.label.vi)),
            label_style=STRONG if block.strong else LABEL,
            value=texts,
            value_style=PROSE if block.strong else VALUE,
            origin=field.id,
        )
        if field.type is FieldType.DIAGNOSES and len(texts) > 1:
            return self._listed(piece, texts)
        lines = block.lines if self.sheet.by_hand(field.id) else 1
        rows = self.fitter.paragraph(piece, block.indent, lines)
        return [*rows[:-1], replace(rows[-1], keep=block.keep)]

    def _listed(self, piece: Piece, texts: Sequence[str]) -> list[Row]:
        """Several answers under one label, each on lines of its own."""
        rows = [self.fitter.heading(piece.label)]
        for text in texts:
            entry = Piece(value=(text,), value_style=piece.value_style, origin=piece.origin)
            rows.extend(self.fitter.paragraph(entry, _LIST_INDENT))
        return rows

    def _grid(self, block: Grid) -> list[Row]:
        heads = [self._head(column, cell) for column, cell in zip(block.columns, block.rows[0], strict=True)]
        cells = [
            [self._cell(cell, column) for cell, column in zip(row, block.columns, strict=True)]
            for row in block.rows
        ]
        return TableRuler(self.fitter, heads).rows(cells, block.row_height)

    def _head(self, column: Column, cell: Cell) -> Head:
        if column.title or not isinstance(cell, Value):
            return Head(column.share, column.title, centred=column.centred)
        ids = cell.fields.split()
        field = self._field(ids[0])
        lead, label = _lead_and_label(field)
        return Head(column.share, lead.rstrip(":") if len(ids) > 1 else label, field.unit, column.centred)

    def _cell(self, cell: Cell, column: Column) -> CellText:
        style = VALUE if column.centred else PROSE
        match cell:
            case Words():
                return CellText((cell.text,), LABEL)
            case Label():
                return CellText((self._field(cell.field).label.vi,), LABEL)
            case Value():
                ids = cell.fields.split()
                if len(ids) == 1:
                    lines = tuple(self._clean(line) for line in self.sheet.lines(self._field(ids[0])))
                    return CellText(lines, style, ids[0])
                texts = self._texts(cell.fields)
                joined = cell.joiner.join(text or "…" for text in texts) if any(texts) else ""
                return CellText((joined,), style, cell.fields)

    def _signatures(self, block: Signatures) -> Row:
        signers = []
        for signer in block.signers:
            name = self._clean(self.sheet.text(self._field(signer.name))) if signer.name else ""
            signers.append((signer.title, signer.note, name, signer.name))
        return self.masthead.signatures(signers)


def _with_colon(label: str) -> str:
    return label.rstrip(" :") + ":"


def _numbered(number: str, title: str) -> str:
    return f"{number}. {title}" if number else title


def _lead_and_label(field: Field) -> tuple[str, str]:
    """The printed words a field shares with others ("Nhóm máu:"), "" if none, and its own."""
    lead, _, own = field.label.vi.partition(": ")
    return (f"{lead}:", own) if own else ("", lead)
