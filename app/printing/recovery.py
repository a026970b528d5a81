"""The recovery sheet: one page for the safe, with the key as text and as QR code, and no health data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

from app.domain.station import Station
from app.printing.lines import LABEL, PROSE, STRONG, LineFitter, Piece
from app.printing.masthead import Masthead
from app.printing.paint import Placement, pdf
from app.printing.placed import LEFT, PAGE_HEIGHT, RIGHT, TOP, Item, Page, PlacedRow, Row, Rule, Run
from app.printing.tables import CellText, Head, TableRuler
from app.printing.typeface import Face, Style, Typeface, preferred_typeface

QR_SIDE = 150.0
"""Points, the quiet zone included."""

_KEY = Style(Face.BOLD, 26)
_PLACE = Style(Face.REGULAR, 10)
_KEY_COLUMNS = 2
_KEY_LEADING = 36.0
_FRAME = 1.4
_PAD = 12.0
_LEADING = 15.6
_USES = 3

_PURPOSE = (
    "Mở lại kho hồ sơ của trạm khi quên mật khẩu, khi người giữ mật khẩu vắng mặt, hoặc khi đưa bản sao lưu "
    "sang máy khác. Không còn mật khẩu và cũng không có phiếu này thì không ai mở được hồ sơ, kể cả người "
    "làm ra chương trình."
)
_KEEPING = (
    "Cho vào phong bì dán kín, ký ngang mép dán, để trong két hoặc tủ có khoá của trạm. Không dán lên máy, "
    "không chụp ảnh, không gửi qua mạng, không để chung với ổ sao lưu: ai có phiếu này cùng với máy hoặc bản "
    "sao lưu thì đọc được toàn bộ hồ sơ."
)
_ALLOWED = (
    "Trạm trưởng, hoặc người được trạm trưởng giao. Mỗi lần mở phong bì thì ghi vào bảng dưới đây, dùng xong "
    "niêm phong lại."
)
_USING = (
    "Ở màn hình mở khoá chọn “Quên mật khẩu: dùng phiếu khôi phục”, rồi quét mã vuông hoặc gõ các nhóm theo "
    "thứ tự. Chữ hoa, chữ thường đều được. Mã không có chữ I, L, O: chỗ trông giống thế là số 1 hoặc số 0. "
    "Gõ nhầm nhóm nào, chương trình chỉ ra nhóm đó. Mở được rồi thì đặt mật khẩu mới."
)
_ABOUT = (
    ("Để làm gì:", _PURPOSE),
    ("Cất ở đâu:", _KEEPING),
    ("Ai được dùng:", _ALLOWED),
    ("Cách dùng:", _USING),
)


def recovery_sheet(station: Station, username: str, recovery_text: str, created_at: datetime) -> bytes:
    """One A4 page. `recovery_text`: groups of signs joined by hyphens."""
    typeface = preferred_typeface()
    page, corner = lay_out(typeface, station, username, recovery_text, created_at)
    return pdf(
        [page],
        title="Phiếu khôi phục",
        author=station.name,
        typeface=typeface,
        at=created_at,
        drawings=[Placement(qr_drawing(recovery_text), *corner)],
    )


def qr_drawing(recovery_text: str) -> Drawing:
    """The key as a QR code that survives a fold or a stain (25 % may be lost)."""
    code = QrCodeWidget(recovery_text, barLevel="Q", barWidth=QR_SIDE, barHeight=QR_SIDE, barBorder=4)
    drawing = Drawing(QR_SIDE, QR_SIDE)
    drawing.add(code)
    return drawing


def lay_out(
    typeface: Typeface, station: Station, username: str, recovery_text: str, created_at: datetime
) -> tuple[Page, tuple[float, float]]:
    """The page, and the lower left corner of its QR code in points from that of the paper."""
    fitter = LineFitter(typeface, LEFT, RIGHT)
    masthead = Masthead(fitter, station)
    facility = f"{masthead.station_name} ({station.code})" if station.code else masthead.station_name
    key = _key_frame(fitter, recovery_text.replace("-", " ").split())
    rows = [
        masthead.head(None, created_at.date()),
        masthead.title("PHIẾU KHÔI PHỤC", "(Chương trình Hồ sơ 831)"),
        *_fact(fitter, "Trạm:", facility),
        *_fact(fitter, "Tài khoản lập phiếu:", username),
        *_fact(fitter, "Lập lúc:", f"{created_at:%H:%M} ngày {created_at:%d/%m/%Y}"),
        key,
        *(row for heading, text in _ABOUT for row in _instruction(fitter, heading, text)),
        *_uses(fitter),
        masthead.signatures(
            (
                ("NGƯỜI LẬP PHIẾU", "(Ký, ghi rõ họ tên)", "", ""),
                ("TRẠM TRƯỞNG", "(Ký tên, đóng dấu)", "", ""),
            )
        ),
    ]
    placed = list(_stacked(rows))
    frame = next(place for place in placed if place.row is key)
    bottom = PAGE_HEIGHT - frame.top - (key.height + QR_SIDE) / 2
    return Page(tuple(placed)), (RIGHT - QR_SIDE - _PAD / 2, bottom)


def _stacked(rows: list[Row]) -> Iterator[PlacedRow]:
    y = TOP
    for row in rows:
        y += row.space
        yield PlacedRow(row, y)
        y += row.height


def _fact(fitter: LineFitter, label: str, value: str) -> list[Row]:
    text = fitter.typeface.drawable(value)
    return fitter.paragraph(Piece(label=label, value=(text,) if text else (), dotted=False))


def _key_frame(fitter: LineFitter, groups: list[str]) -> Row:
    """The groups in reading order with their places, and room for the QR code, in a heavy frame."""
    left, right = fitter.left, fitter.right
    lines = -(-len(groups) // _KEY_COLUMNS)
    height = max(lines * _KEY_LEADING + 2 * _PAD, QR_SIDE + _PAD)
    column = (right - left - QR_SIDE - 2 * _PAD) / _KEY_COLUMNS
    top = (height - lines * _KEY_LEADING) / 2
    items: list[Item] = [
        Rule(left, 0, right - left, 0, _FRAME),
        Rule(left, height, right - left, 0, _FRAME),
        Rule(left, 0, 0, height, _FRAME),
        Rule(right, 0, 0, height, _FRAME),
    ]
    for number, group in enumerate(groups):
        x = left + _PAD + number % _KEY_COLUMNS * column
        y = top + number // _KEY_COLUMNS * _KEY_LEADING + 27
        place = f"{number + 1}"
        items.append(Run(x, y, place, _PLACE, fitter.width(place, _PLACE)))
        items.append(Run(x + 20, y, group, _KEY, fitter.width(group, _KEY)))
    return Row(height=height, items=tuple(items), space=8)


def _instruction(fitter: LineFitter, heading: str, text: str) -> list[Row]:
    """A paragraph with its first words in bold, set solid."""
    start = fitter.width(heading, STRONG) + 4
    room = fitter.right - fitter.left
    rows = []
    for number, line in enumerate(fitter.wrapped([text], PROSE, room - start, room)):
        x = fitter.left + (0 if number else start)
        items: list[Item] = [] if number else [Run(fitter.left, 12, heading, STRONG, start - 4)]
        items.append(Run(x, 12, line, PROSE, fitter.width(line, PROSE)))
        rows.append(Row(height=_LEADING, items=tuple(items)))
    return [replace(rows[0], space=6), *rows[1:]]


def _uses(fitter: LineFitter) -> list[Row]:
    """A table to write down every opening of the envelope."""
    heads = (
        Head(0.16, "Ngày", centred=True),
        Head(0.28, "Người mở phong bì"),
        Head(0.38, "Lý do"),
        Head(0.18, "Ký tên", centred=True),
    )
    empty = [CellText((), LABEL) for _ in heads]
    rows = TableRuler(fitter, heads).rows([empty] * _USES, 22.0)
    return [replace(rows[0], space=8), *rows[1:]]
