"""Printing against a bare reportlab canvas that draws the same text and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter

from reportlab.pdfgen.canvas import Canvas

from app.ports import PrintRequest
from app.printing import ReportlabPrinter
from app.printing.placed import PAGE_HEIGHT, PAGE_WIDTH, Page, Run
from app.printing.typeface import Typeface, bundled_typeface
from tests.bench.row import Row
from tests.integration.printing import samples

_ROUNDS = 15


def rows(folder: Path | None = None) -> Iterator[Row]:
    """Pages per second; nothing is written to `folder`."""
    typeface = bundled_typeface()
    printer = ReportlabPrinter(typeface)
    for name, request in (("filled", samples.filled()), ("maximal", samples.maximal())):
        yield _row(f"print a {name} form", printer, request, typeface)


def _row(name: str, printer: ReportlabPrinter, request: PrintRequest, typeface: Typeface) -> Row:
    pages = printer.lay_out(request)
    texts = [_texts(page, typeface) for page in pages]
    ours, bare = [], []
    for _ in range(_ROUNDS):  # alternating, so that a busy moment of the machine hits both
        ours.append(_seconds(lambda: printer.render(request)))
        bare.append(_seconds(lambda: _bare(texts)))
    rate, base = (len(pages) / median(seconds) for seconds in (ours, bare))
    return Row(name, rate, "pages/s", base, "bare reportlab canvas, same text", "ratio ≥ 0.4")


def _seconds(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def _texts(page: Page, typeface: Typeface) -> list[tuple[float, float, str, float, str]]:
    return [
        (
            item.x,
            PAGE_HEIGHT - placed.top - item.y,
            typeface.font_name(item.style.face),
            item.style.size,
            item.text,
        )
        for placed in page.rows
        for item in placed.items()
        if isinstance(item, Run)
    ]


def _bare(pages: list[list[tuple[float, float, str, float, str]]]) -> bytes:
    target = BytesIO()
    canvas = Canvas(target, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), pageCompression=1, invariant=1)
    for texts in pages:
        for x, y, font, size, text in texts:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()
