"""Text in lines, rows on pages: nothing is lost, nothing is wider than its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.printing.flow import Flow
from app.printing.lines import LABEL, VALUE, LineFitter, Piece
from app.printing.placed import Dots, Row, Run, Square
from app.printing.typeface import bundled_typeface
from tests.integration.printing.reading import bare

FITTER = LineFitter(bundled_typeface(), 50.0, 550.0)
WORDS = st.lists(st.text("aăâbcđeêghiklmnoôơpqrstuưvxyẩễộữỵ'", min_size=1, max_size=90), max_size=60)


@given(lines=st.lists(WORDS.map(" ".join), max_size=4), first=st.floats(0, 500))
def test_wrapping_keeps_every_letter_and_the_width(lines: list[str], first: float) -> None:
    wrapped = FITTER.wrapped(lines, VALUE, first, 500)
    assert bare("".join(wrapped)) == bare("".join(lines))
    widths = [FITTER.typeface.width(text, VALUE) for text in wrapped]
    assert widths[0] <= first + 0.01 or wrapped[0] == ""
    assert all(width <= 500.01 for width in widths)


@given(values=st.lists(st.text("aăđêơư ẩỵ", max_size=120).map(str.strip), min_size=1, max_size=5))
def test_fields_of_a_line_never_collide_and_never_lose_a_value(values: list[str]) -> None:
    pieces = [
        Piece(share=0.25, label="Nghề nghiệp:", value=(value,) if value else (), origin=str(number))
        for number, value in enumerate(values)
    ]
    rows = FITTER.line(pieces)
    for number, value in enumerate(values):
        mine = [i.text for row in rows for i in row.items if isinstance(i, Run) and i.origin == str(number)]
        assert bare("".join(mine)) == bare(value)
    for row in rows:
        end = FITTER.left
        for item in row.items:
            if isinstance(item, Run | Dots):
                assert item.x >= end - 0.01
                end = item.x + (item.width if isinstance(item, Run) else item.length)
        assert end <= FITTER.right + 0.01


def test_more_boxes_than_a_line_holds_go_on_below() -> None:
    many = Piece(label="Yếu tố:", ticks=tuple((f"Lựa chọn số {n}", n == 7) for n in range(12)))
    rows = FITTER.line([many])
    boxes = [item for row in rows for item in row.items if isinstance(item, Square)]
    assert len(boxes) == 12
    assert [box.ticked for box in boxes].index(True) == 7
    assert all(box.x + box.side <= FITTER.right for box in boxes)
    assert all(row.keep for row in rows[:-1])


def test_a_label_longer_than_a_line_wraps_before_its_blank() -> None:
    words = "Yếu tố tiếp xúc nghề nghiệp/ Môi trường sống (Hóa chất, bụi, ồn, virút,....) ghi rõ yếu tố tiếp"
    rows = FITTER.line([Piece(label=words + ":", value=("Bụi gỗ",), origin="x")])
    labels = " ".join(i.text for row in rows for i in row.items if isinstance(i, Run) and not i.origin)
    assert labels == words + ":"
    last = [item for item in rows[-1].items if isinstance(item, Run)]
    assert last[-1].text == "Bụi gỗ"


def test_a_unit_stands_behind_its_blank() -> None:
    (row,) = FITTER.line([Piece(label="Cân nặng lúc đẻ:", unit="gr"), Piece(label="Chiều dài:", unit="cm")])
    units = [item for item in row.items if isinstance(item, Run) and item.text in {"gr", "cm"}]
    dots = [item for item in row.items if isinstance(item, Dots)]
    assert all(line.x + line.length <= unit.x for line, unit in zip(dots, units, strict=True))
    assert units[1].x + FITTER.width("cm", LABEL) <= FITTER.right + 0.01


def test_rows_that_belong_together_move_together() -> None:
    rows = [Row(height=40, keep=number in {2, 3}) for number in range(6)]
    pages = Flow(top=0, later_top=10, bottom=150).place(rows)
    assert [len(page) for page in pages] == [2, 3, 1]
    assert [placed.top for placed in pages[1]] == [10, 50, 90]


def test_a_chain_higher_than_a_page_is_broken_all_the_same() -> None:
    pages = Flow(top=0, later_top=0, bottom=100).place([Row(height=40, keep=True) for _ in range(5)])
    assert [len(page) for page in pages] == [2, 2, 1]
