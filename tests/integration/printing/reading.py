"""Reading a printed PDF back: its text in reading order, and what the layout placed where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from pypdf import PdfReader

from app.printing.placed import Page, Run


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text, with single spaces."""
    return squeezed(" ".join(page.extract_text() for page in reader(pdf).pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def bare(text: str) -> str:
    """Without any space: wrapping may fall between any two words."""
    return re.sub(r"\s+", "", text)


def runs(pages: Iterable[Page]) -> Iterator[Run]:
    for page in pages:
        for placed in page.rows:
            yield from (item for item in placed.items() if isinstance(item, Run))


def printed_value(pages: Iterable[Page], field_id: str) -> str:
    """What was placed for a field in the form's own lines, in order, without spaces."""
    return bare("".join(run.text for run in runs(pages) if run.origin == field_id))
