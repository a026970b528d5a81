"""What a PDF reader, a printer and an archive get."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from PIL import ImageChops
from pypdf.generic import DictionaryObject

from app.ports import PrintRequest
from app.printing import ReportlabPrinter
from app.printing.typeface import bundled_typeface
from tests.integration.printing import samples
from tests.integration.printing.reading import reader

PRINTER = ReportlabPrinter(bundled_typeface())
CASES = pytest.mark.parametrize("request_", samples.CASES.values(), ids=samples.CASES)


def fonts(pdf: bytes) -> dict[str, DictionaryObject]:
    found: dict[str, Any] = {}
    for page in reader(pdf).pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index] # nested PDF objects
            font = reference.get_object()
            found[str(font["/BaseFont"])] = font
    return found


@CASES
def test_fonts_are_embedded_subsets(request_: PrintRequest) -> None:
    found = fonts(PRINTER.render(request_))
    assert 2 <= len(found) <= 6  # two or three faces, at most two subsets each
    for name, font in found.items():
        assert re.fullmatch(r"/[A-Z]{6}\+SourceSerifPro-\w+", name), name
        assert "/FontFile2" in font["/FontDescriptor"], name  # type: ignore[operator] # nested PDF objects
        assert "/ToUnicode" in font, name


def test_metadata_name_the_form_and_nobody() -> None:
    document = reader(PRINTER.render(samples.filled()))
    assert str(document.root_object["/Lang"]) == "vi"
    assert document.metadata is not None
    assert document.metadata.title == "Hồ sơ quản lý sức khỏe cá nhân"
    assert document.metadata.author == samples.STATION.name
    assert str(document.metadata["/CreationDate"]) == "D:20261122140731+07'00'"
    about = " ".join(str(value) for value in document.metadata.values())
    assert "Lò Thị Mẫu" not in about
    assert samples.PERSON_ID[:8] not in about
    preferences: Any = document.root_object["/ViewerPreferences"]
    assert preferences["/DisplayDocTitle"]
    assert preferences["/PrintScaling"] == "/None"


@CASES
def test_the_same_request_gives_the_same_bytes(request_: PrintRequest) -> None:
    once = PRINTER.render(request_)
    assert once == PRINTER.render(request_) == ReportlabPrinter(bundled_typeface()).render(request_)
    later = replace(request_, printed_at=request_.printed_at + timedelta(minutes=1))
    assert PRINTER.render(later) != once


def test_printing_on_several_threads_mixes_nothing_up() -> None:
    requests = [*samples.CASES.values()] * 2
    expected = [PRINTER.render(request) for request in requests]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(PRINTER.render, requests)) == expected


@CASES
def test_a_record_is_small(request_: PrintRequest) -> None:
    assert len(PRINTER.render(request_)) <= 120 * 1024


def test_everything_is_black() -> None:
    for page in pypdfium2.PdfDocument(PRINTER.render(samples.filled())):
        red, green, blue = page.render(scale=0.6).to_pil().convert("RGB").split()
        assert ImageChops.difference(red, green).getbbox() is None
        assert ImageChops.difference(red, blue).getbbox() is None
