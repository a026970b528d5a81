"""How the pages look to a ruler: nothing overlaps, nothing leaves its place, nothing is left alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from app.ports import PrintRequest
from app.printing import ReportlabPrinter
from app.printing.lines import STRONG
from app.printing.placed import LEFT, PAGE_HEIGHT, RIGHT, Dots, Page, PlacedRow, Rule, Run
from app.printing.printer import LAYOUTS
from app.printing.typeface import Face, Typeface, bundled_typeface, preferred_typeface, times_new_roman
from app.printing.vocabulary import Blank, Grid, Label, Line, PartHeading, Ticks, Value, WriteIn
from forms.catalogue import form
from tests.integration.printing import samples
from tests.integration.printing.reading import bare, printed_value, reader, text_of

PRINTER = ReportlabPrinter(bundled_typeface())
CASES = pytest.mark.parametrize("request_", samples.CASES.values(), ids=samples.CASES)


def history(length: int) -> PrintRequest:
    """A filled form whose later lines fall at ever other heights."""
    text = (samples.SENTENCE * 40)[:length]
    return samples.request(samples.person(), samples.exam({**samples.EXAM, "advice": text}))


@CASES
def test_no_text_overlaps_another(request_: PrintRequest) -> None:
    for page in PRINTER.lay_out(request_):
        clashes = [(a.text, b.text) for a, b in combinations(page.boxes(), 2) if a.overlaps(b)]
        assert clashes == []


@CASES
def test_all_text_is_inside_the_margins(request_: PrintRequest) -> None:
    for page in PRINTER.lay_out(request_):
        for box in page.boxes():
            assert box.left >= LEFT - 0.01, box
            assert box.right <= RIGHT + 0.01, box
            assert box.bottom >= 20, box
            assert box.top <= PAGE_HEIGHT - 20, box


@CASES
def test_text_stays_in_its_table_cell(request_: PrintRequest) -> None:
    for page in PRINTER.lay_out(request_):
        for placed in page.rows:
            items = list(placed.items())
            edges = [item.x for item in items if isinstance(item, Rule) and item.height > 0]
            for run in items:
                if isinstance(run, Run) and not run.cell:
                    crossed = [edge for edge in edges if run.x - 1 < edge < run.x + run.width + 1]
                    assert crossed == [], run.text


@CASES
def test_dots_never_run_under_letters(request_: PrintRequest) -> None:
    """A dot under a letter is a tone mark."""
    for page in PRINTER.lay_out(request_):
        for placed in page.rows:
            items = list(placed.items())
            for dots in (item for item in items if isinstance(item, Dots)):
                for run in (item for item in items if isinstance(item, Run)):
                    assert run.x + run.width <= dots.x or dots.x + dots.length <= run.x, run.text


@pytest.mark.parametrize(
    ("name", "count"), [("filled", 2), ("blank", 2), ("prefilled", 2), ("empty", 2), ("maximal", 5)]
)
def test_ordinary_forms_fit_one_sheet(name: str, count: int) -> None:
    assert len(PRINTER.lay_out(samples.CASES[name])) <= count


def body(page: Page) -> Iterator[PlacedRow]:
    """Without running head and foot."""
    return (placed for placed in page.rows if 50 < placed.top < PAGE_HEIGHT - 45 or placed is page.rows[0])


@pytest.mark.parametrize("length", range(0, 3600, 240))
def test_no_heading_ends_a_page_and_signatures_are_not_alone(length: int) -> None:
    pages = PRINTER.lay_out(history(length))
    for page in pages:
        last = list(body(page))[-1].row
        assert not all(isinstance(item, Run) and item.style == STRONG for item in last.items), last
    texts = [run.text for placed in body(pages[-1]) for run in placed.items() if isinstance(run, Run)]
    assert "6. Bác sĩ khám:" in texts
    assert "(Ký tên, đóng dấu)" in texts


def test_a_long_table_cell_goes_on_under_a_repeated_head() -> None:
    answers = {**samples.EXAM, "lab_biochemistry": samples.SENTENCE * 60}
    pages = PRINTER.lay_out(samples.request(samples.person(), samples.exam(answers)))
    headed = [
        number
        for number, page in enumerate(pages)
        for placed in page.rows
        for item in placed.items()
        if isinstance(item, Run) and item.text == "Xét nghiệm"
    ]
    assert len(headed) >= 3
    assert headed == list(range(headed[0], headed[-1] + 1))
    for number in headed[:-1]:
        last = list(body(pages[number]))[-1]
        assert last.closed
        assert any(isinstance(item, Rule) and item.width > 400 and item.y > 0 for item in last.items())
    assert printed_value(pages, "exam.lab_biochemistry") == bare(samples.SENTENCE * 60)


def test_lines_for_a_pen_are_wider_apart_where_there_is_room() -> None:
    gaps = {}
    for name in ("filled", "blank"):
        page = PRINTER.lay_out(samples.CASES[name])[0]
        tops = {item.text: row.top for row in page.rows for item in row.items() if isinstance(item, Run)}
        gaps[name] = tops["Họ tên bố:"] - tops["Mã định danh BHYT/ Số thẻ BHYT:"]
    assert gaps["blank"] / 6 > gaps["filled"] / 6 > 16


def test_layout_names_every_field_of_parts_a_and_d_once_and_in_order() -> None:
    named: list[str] = []
    for block in LAYOUTS["QD831", "2017"].blocks:
        match block:
            case PartHeading(boxed=boxed):
                named.extend(boxed.split())
            case Line(slots=slots):
                for slot in slots:
                    named.extend(slot.field.split() if isinstance(slot, Ticks) else slot.fields.split())
                    assert isinstance(slot, Blank | Ticks)
            case WriteIn(field=field):
                named.append(field)
            case Grid(rows=rows):
                named.extend(i for row in rows for c in row if isinstance(c, Value) for i in c.fields.split())
                assert {c.field for row in rows for c in row if isinstance(c, Label)} <= set(named)
            case _:
                pass
    wanted = [field.id for prefix in ("person", "exam") for field in form().part(prefix).fields()]
    assert named == wanted


@pytest.fixture
def windows_fonts(tmp_path: Path) -> Path:
    """A font folder with the file names of Times New Roman (and the letters of ours)."""
    folder = tmp_path / "Fonts"
    folder.mkdir()
    fonts = bundled_typeface().fonts
    for name, face in {"times": Face.REGULAR, "timesbd": Face.BOLD, "timesi": Face.REGULAR}.items():
        shutil.copy(fonts[face].face.filename, folder / f"{name}.ttf")
    return folder


def test_times_new_roman_is_used_where_windows_has_it(
    windows_fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINDIR", str(windows_fonts.parent))
    times = preferred_typeface()
    assert times is times_new_roman(windows_fonts)
    assert isinstance(times, Typeface)
    assert not times.sheared
    printer = ReportlabPrinter()
    for page in printer.lay_out(samples.maximal()):
        assert all(box.left >= LEFT - 0.01 and box.right <= RIGHT + 0.01 for box in page.boxes())
    assert "Họ và tên: Lò Thị Mẫu" in text_of(printer.render(samples.filled()))


def test_without_all_three_files_the_bundled_face_is_used(
    windows_fonts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (windows_fonts / "timesi.ttf").unlink()
    monkeypatch.setenv("WINDIR", str(windows_fonts.parent))
    assert preferred_typeface() is bundled_typeface()
    monkeypatch.delenv("WINDIR")
    assert preferred_typeface() is bundled_typeface()


def test_a_form_without_a_layout_is_refused() -> None:
    unknown = replace(samples.blank(), form=replace(form(), version="1999"))
    with pytest.raises(KeyError):
        PRINTER.render(unknown)


def test_page_is_a4_portrait() -> None:
    for page in reader(PRINTER.render(samples.filled())).pages:
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842]
