"""The paper form as PDF bytes, in memory only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.records import RecordStatus
from app.ports import PrintRequest
from app.printing import layout_831
from app.printing.compose import Composer
from app.printing.flow import Flow
from app.printing.lines import PITCHES, LineFitter
from app.printing.masthead import Masthead
from app.printing.paint import pdf
from app.printing.placed import LEFT, PAGE_HEIGHT, RIGHT, TOP, Page, PlacedRow, Row
from app.printing.sheet import Sheet, short_id
from app.printing.typeface import Typeface, preferred_typeface
from app.printing.vocabulary import PageLayout

_LATER_TOP = 64.0
_HEAD_TOP = 36.0
_BOTTOM = PAGE_HEIGHT - 48.0
_FOOT_TOP = PAGE_HEIGHT - 42.0
_WORTH_SAVING = PAGE_HEIGHT / 3
"""A last page filled further down than this is not squeezed away."""

LAYOUTS: Mapping[tuple[str, str], PageLayout] = MappingProxyType({("QD831", "2017"): layout_831.LAYOUT})
"""Form code and version -> its page."""


class ReportlabPrinter:
    """Implements `app.ports.FormPrinter`. Holds no state between requests; may be called on any thread."""

    def __init__(self, typeface: Typeface | None = None) -> None:
        """Without a typeface the preferred one, whose files are read at the first print."""
        self._chosen = typeface

    @property
    def _typeface(self) -> Typeface:
        return self._chosen or preferred_typeface()

    def render(self, request: PrintRequest) -> bytes:
        """The same request gives the same bytes. KeyError for a form without a page layout."""
        return pdf(
            self.lay_out(request),
            title=request.form.title.vi,
            author=request.station.name,
            typeface=self._typeface,
            at=request.printed_at,
        )

    def lay_out(self, request: PrintRequest) -> tuple[Page, ...]:
        """The measured pages that `render` draws."""
        layout = LAYOUTS[request.form.code, request.form.version]
        fitter = LineFitter(self._typeface, LEFT, RIGHT)
        masthead = Masthead(fitter, request.station)
        sheet = Sheet.of(request)
        composer = Composer(sheet, masthead, fitter)
        head = masthead.rows(
            number=sheet.number,
            title=request.form.title.vi.upper(),
            issued=f"({request.form.source.vi})",
            signed_on=request.printed_at.date() if request.exam else None,
        )
        pages = _fewest_pages(head, composer, layout)
        origin = self._typeface.drawable(_provenance(request))
        framed = []
        for page, placed in enumerate(pages, 1):
            above = [PlacedRow(composer.running_head(page, len(pages)), _HEAD_TOP)] if page > 1 else []
            foot = masthead.foot(marks=_marks(request), text=origin, page=page, pages=len(pages))
            framed.append(Page((*above, *placed, PlacedRow(foot, _FOOT_TOP))))
        return tuple(framed)


def _fewest_pages(head: list[Row], composer: Composer, layout: PageLayout) -> list[list[PlacedRow]]:
    """The pages at the roomiest line distance; at a tighter one where that saves a nearly empty page."""
    best: list[list[PlacedRow]] = []
    for pitches in PITCHES:
        flow = Flow(top=TOP, later_top=_LATER_TOP, bottom=_BOTTOM)
        pages = flow.place([*head, *composer.compose(layout.blocks, pitches)])
        if not best or len(pages) < len(best):
            best = pages
        if len(best) == 1 or _depth(best[-1]) > _WORTH_SAVING:
            break
    return best


def _depth(page: list[PlacedRow]) -> float:
    """How far down a page its last row ends."""
    return page[-1].top + page[-1].row.height


def _marks(request: PrintRequest) -> list[str]:
    """What nobody may overlook on any page."""
    marks = []
    if request.station.demo:
        marks.append("DỮ LIỆU TRÌNH DIỄN")
    if request.exam is not None and request.exam.status is RecordStatus.ENTERED_IN_ERROR:
        marks.append("PHIẾU NHẬP NHẦM")
    return marks


def _provenance(request: PrintRequest) -> str:
    """Which revisions were printed, when and where."""
    parts = []
    for label, record in (("Hồ sơ", request.person), ("Phiếu khám", request.exam)):
        if record is not None:
            amended = " (đã sửa)" if record.status is RecordStatus.AMENDED else ""
            parts.append(f"{label} {short_id(record.id)}, bản {record.revision}{amended}")
    parts.append(f"In lúc {request.printed_at:%H:%M %d/%m/%Y}")
    return " · ".join([*parts, request.station.name]).rstrip(" ·")
