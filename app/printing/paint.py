"""Drawing laid-out pages with reportlab. Nothing is measured or decided here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Literal

from reportlab.graphics import renderPDF
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from app.printing.placed import PAGE_HEIGHT, PAGE_WIDTH, Dots, Page, Rule, Run, Square
from app.printing.typeface import SHEAR, Face, Style, Typeface

_ROUND_CAP = 1
_FILLED: Literal[0] = 0
_INVISIBLE: Literal[3] = 3
_DOT = 0.95
_DASH = (0.01, 2.39)


@dataclass(frozen=True, slots=True)
class Placement:
    """A drawing on the first page, its lower left corner in points from that of the paper."""

    drawing: Drawing
    x: float
    y: float


def pdf(
    pages: Iterable[Page],
    *,
    title: str,
    author: str,
    typeface: Typeface,
    at: datetime,
    drawings: Sequence[Placement] = (),
) -> bytes:
    """The file, which depends on the arguments only. `title` and `author` must not name a patient.

    One at a time per typeface: reportlab reads and subsets a font file through one shared cursor.
    """
    target = BytesIO()
    with typeface.drawing:
        canvas = _new_canvas(target, title=title, author=author, typeface=typeface, at=at)
        for number, page in enumerate(pages):
            canvas.saveState()
            _graphics(canvas, page)
            _texts(canvas, page, typeface)
            canvas.restoreState()
            for placement in () if number else drawings:
                renderPDF.draw(placement.drawing, canvas, placement.x, placement.y)
            canvas.showPage()
        canvas.save()
    return target.getvalue()


def _new_canvas(target: BytesIO, *, title: str, author: str, typeface: Typeface, at: datetime) -> Canvas:
    canvas = Canvas(
        target,
        pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
        pageCompression=1,
        invariant=1,
        lang="vi",
        pdfVersion=(1, 7),
        initialFontName=typeface.font_name(Face.REGULAR),  # type: ignore[arg-type] # stub says float
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("Hồ sơ 831")
    canvas.setSubject("")
    offset = f"{at:%z}"
    stamp = f"D:{at:%Y%m%d%H%M%S}" + (f"{offset[:3]}'{offset[3:5]}'" if offset else "Z")
    canvas.setDateFormatter(lambda *_: stamp)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setViewerPreference("PrintScaling", "/None")
    return canvas


def _graphics(canvas: Canvas, page: Page) -> None:
    dots: list[tuple[float, float, float, float]] = []
    rules: dict[float, list[tuple[float, float, float, float]]] = {}
    squares = []
    for placed in page.rows:
        top = PAGE_HEIGHT - placed.top
        for item in placed.items():
            if isinstance(item, Dots):
                y = top - item.y
                dots.append((item.x, y, item.x + item.length, y))
            elif isinstance(item, Rule):
                y = top - item.y
                lines = rules.setdefault(item.weight, [])
                lines.append((item.x, y, item.x + item.width, y - item.height))
            elif isinstance(item, Square):
                squares.append((item, top - item.y))
    for weight, lines in sorted(rules.items()):
        canvas.setLineWidth(weight)
        canvas.lines(lines)
    if squares:
        canvas.setLineWidth(0.8)
        for square, y in squares:
            canvas.rect(square.x, y, square.side, square.side)
        _check_marks(canvas, [(square, y) for square, y in squares if square.ticked])
    if dots:
        canvas.setLineWidth(_DOT)
        canvas.setLineCap(_ROUND_CAP)
        canvas.setDash(*_DASH)
        canvas.lines(dots)


def _check_marks(canvas: Canvas, ticked: list[tuple[Square, float]]) -> None:
    if not ticked:
        return
    canvas.setLineWidth(1.5)
    for square, y in ticked:
        side = square.side
        mark = canvas.beginPath()
        mark.moveTo(square.x + 0.18 * side, y + 0.50 * side)
        mark.lineTo(square.x + 0.42 * side, y + 0.22 * side)
        mark.lineTo(square.x + 0.86 * side, y + 0.86 * side)
        canvas.drawPath(mark)


def _texts(canvas: Canvas, page: Page, typeface: Typeface) -> None:
    """All text of a page in one text object, in reading order."""
    text = canvas.beginText()
    current: Style | None = None
    for placed in page.rows:
        top = PAGE_HEIGHT - placed.top
        for item in placed.items():
            if isinstance(item, Square):
                _unseen_box(text, item, top - item.y, typeface)
                current = None
            if not isinstance(item, Run):
                continue
            if item.style != current:
                current = item.style
                text.setFont(typeface.font_name(current.face), current.size * typeface.scale)
            if current.face is Face.SLANTED and typeface.sheared:
                text.setTextTransform(1, 0, SHEAR, 1, item.x, top - item.y)
            else:
                text.setTextOrigin(item.x, top - item.y)
            if item.cell:
                _in_cells(text, item, top - item.y, typeface)
            else:
                text.textOut(item.text)
    canvas.drawText(text)


def _unseen_box(text: PDFTextObject, square: Square, y: float, typeface: Typeface) -> None:
    """The tick box as a character for whoever copies or searches the text; the eye sees the drawn one."""
    char = "☑" if square.ticked else "☐"
    if ord(char) in typeface.fonts[Face.REGULAR].face.charToGlyph:
        text.setFont(typeface.font_name(Face.REGULAR), square.side)
        text.setTextRenderMode(_INVISIBLE)
        text.setTextOrigin(square.x, y)
        text.textOut(char)
        text.setTextRenderMode(_FILLED)


def _in_cells(text: PDFTextObject, run: Run, y: float, typeface: Typeface) -> None:
    """One character per cell, extracted as one word all the same."""
    plain = ("\ufeff" + run.text).encode("utf-16-be").hex().upper()
    # reportlab has no method for marked content
    code: list[str] = text._code  # type: ignore[attr-defined] # noqa: SLF001
    code.append(f"/Span <</ActualText <{plain}>>> BDC")
    widths = [typeface.width(char, run.style) for char in run.text]
    if len(set(widths)) == 1:
        text.setTextOrigin(run.x + (run.cell - widths[0]) / 2, y)
        text.setCharSpace(run.cell - widths[0])
        text.textOut(run.text)
        text.setCharSpace(0)
    else:
        for number, (char, width) in enumerate(zip(run.text, widths, strict=True)):
            text.setTextOrigin(run.x + number * run.cell + (run.cell - width) / 2, y)
            text.textOut(char)
    code.append("EMC")
