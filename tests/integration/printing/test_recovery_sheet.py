"""The recovery sheet: the key can be read by eye and by scanner, and nothing else of value is on it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pypdfium2
import pytest
from reportlab.graphics.barcode.qr import QrCodeWidget

from app.printing import recovery_sheet
from app.printing.placed import LEFT, PAGE_HEIGHT, RIGHT
from app.printing.recovery import QR_SIDE, lay_out, qr_drawing
from app.printing.typeface import bundled_typeface
from tests.integration.printing import samples
from tests.integration.printing.reading import reader, text_of

KEY = "7Q2MX-9KD3A-0P4RT-WX5YZ-1B2C3-8HJ6K-MN4PQ-STV7W"


@pytest.fixture
def pdf() -> bytes:
    return recovery_sheet(samples.STATION, "thu", KEY, samples.PRINTED_AT)


def test_groups_station_and_instructions_are_readable(pdf: bytes) -> None:
    assert len(reader(pdf).pages) == 1
    text = text_of(pdf)
    for number, group in enumerate(KEY.split("-"), 1):
        assert f"{number} {group}" in text
    for words in (
        "PHIẾU KHÔI PHỤC",
        "Trạm: Trạm Y tế xã Mường Lát (38T01)",
        "Tài khoản lập phiếu: thu",
        "Lập lúc: 14:07 ngày 22/11/2026",
        "để trong két hoặc tủ có khoá của trạm",
        "NGƯỜI LẬP PHIẾU",
        "TRẠM TRƯỞNG (Ký tên, đóng dấu)",
    ):
        assert words in text
    assert "!" not in text


def test_qr_holds_the_key_and_is_drawn_module_by_module(pdf: bytes) -> None:
    drawing = qr_drawing(KEY)
    assert isinstance(drawing.contents[0], QrCodeWidget)
    code: Any = drawing.contents[0]
    assert code.value == KEY
    code.qr.make()
    modules = code.qr.modules
    count = len(modules)
    step = QR_SIDE / (count + 8)  # a quiet zone of four modules on each side
    _, (left, bottom) = lay_out(bundled_typeface(), samples.STATION, "thu", KEY, samples.PRINTED_AT)
    scale = 4
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=scale, grayscale=True).to_pil()
    for row in range(-4, count + 4):
        for column in range(-4, count + 4):
            x = left + (column + 4.5) * step
            y = PAGE_HEIGHT - (bottom + QR_SIDE) + (row + 4.5) * step
            inside = 0 <= row < count and 0 <= column < count
            dark = inside and bool(modules[row][column])
            assert (image.getpixel((int(x * scale), int(y * scale))) < 128) is dark, (row, column)


def test_nothing_overlaps_or_leaves_the_page() -> None:
    page, (left, bottom) = lay_out(bundled_typeface(), samples.STATION, "thu", KEY, samples.PRINTED_AT)
    boxes = list(page.boxes())
    assert [(a.text, b.text) for a, b in combinations(boxes, 2) if a.overlaps(b)] == []
    for box in boxes:
        assert box.left >= LEFT - 0.01
        assert box.right <= RIGHT + 0.01
        assert box.bottom > 40
        beside = box.right <= left or box.bottom >= bottom + QR_SIDE or box.top <= bottom
        assert beside, box.text


def test_same_bytes_again_and_a_title_without_the_key(pdf: bytes) -> None:
    assert pdf == recovery_sheet(samples.STATION, "thu", KEY, samples.PRINTED_AT)
    document = reader(pdf)
    assert document.metadata is not None
    assert document.metadata.title == "Phiếu khôi phục"
    assert str(document.root_object["/Lang"]) == "vi"
    assert not any(group in str(document.metadata) for group in KEY.split("-"))
