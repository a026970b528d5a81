"""Nothing is cut off: every size, both languages, small and large windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.services import exams, people
from forms.catalogue import form
from forms.model import Condition, Field, FieldType, Part, Section
from forms.text import Language, Text
from tests.unit.ui_entry.conftest import MakeState
from ui.entry.board import EntryBoard
from ui.entry.form_view import FormView
from ui.entry.grid import FlowLayout, GridLayout12
from ui.entry.layout import PLACES, place_of, shared_heading
from ui.i18n import install_language
from ui.pieces.chip import Chip
from ui.pieces.labels import ElidedLabel
from ui.record.exam_page import ExamPage
from ui.record.new_person import NewPersonScreen
from ui.services import Services
from ui.theme import SCALES, Theme, apply_theme


@pytest.fixture(params=[(s, lang) for s in SCALES for lang in ("vi", "en")], ids=lambda p: f"{p[0]}-{p[1]}")
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[tuple[int, Language]]:
    scale, language = request.param
    apply_theme(qapp, Theme(scale=scale))
    install_language(qapp, language)
    yield scale, language
    apply_theme(qapp, Theme())
    install_language(qapp, "vi")


def cut_off(root: QWidget) -> list[str]:
    """Texts that have less room than they need, and widgets that stick out of what holds them."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel):
            continue
        parent = widget.parentWidget()
        if parent is not None and not isinstance(parent.parentWidget(), QScrollArea):
            room = QRect(0, 0, parent.width() + 1, parent.height() + 1)
            if widget.width() and not room.contains(widget.geometry()):
                found.append(f"{type(widget).__name__} sticks out of {type(parent).__name__}")
        if isinstance(widget, (QAbstractButton, Chip)) and widget.width() < widget.sizeHint().width() - 1:
            found.append(
                f"{widget.text() if isinstance(widget, QAbstractButton) else widget.text}: too narrow"
            )
        if (
            isinstance(widget, QLabel)
            and not widget.wordWrap()
            and widget.width() < widget.sizeHint().width() - 1
        ):
            found.append(f"{widget.text()}: cut off")
    return found


def test_the_examination_is_never_cut_off(
    qtbot: QtBot, services: Services, resident: str, look: tuple[int, Language]
) -> None:
    page = ExamPage(services)
    qtbot.addWidget(page)
    page.resize(1366 - round(84 * look[0] / 100), 600)
    page.show()
    person = people.open_person(services.ctx, resident)
    page.enter(exams.begin_exam(services.ctx, resident), person)
    page.state.set_values({"systolic": 185, "diastolic": 95, "weight": 70, "height": 160}, focus="weight")
    page.sheet.show_tests(True)
    QApplication.processEvents()
    assert cut_off(page) == []
    assert page.area.horizontalScrollBar().maximum() == 0
    assert page.area.widget().width() <= page.area.viewport().width()
    page.keeper.stop()


def test_the_registration_is_never_cut_off(
    qtbot: QtBot, services: Services, resident: str, look: tuple[int, Language]
) -> None:
    screen = NewPersonScreen(services, {"full_name": "Lò Thị Mẫu", "sex": "female", "birth_date": "1985"})
    qtbot.addWidget(screen)
    screen.resize(1366 - round(84 * look[0] / 100), 640)
    screen.show()
    qtbot.waitUntil(lambda: bool(screen.duplicates.hints))
    QApplication.processEvents()
    assert cut_off(screen) == []
    area = screen.form.view.area
    assert area.widget().width() <= area.viewport().width()
    screen.form.keeper.stop()


def test_spans_double_where_the_room_is_small(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    grid = GridLayout12(narrow_below=600, across=0, down=0)
    cells = [QLabel("x") for _ in range(4)]
    for cell in cells:
        grid.add(cell, 3)
    holder.setLayout(grid)
    holder.resize(720, 300)
    holder.show()
    QApplication.processEvents()
    assert len({c.y() for c in cells}) == 1
    holder.resize(500, 300)
    QApplication.processEvents()
    assert len({c.y() for c in cells}) == 2
    holder.resize(200, 300)
    QApplication.processEvents()
    assert len({c.y() for c in cells}) == 4


def test_a_flow_breaks_its_line(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(across=4, down=4)
    for _ in range(3):
        cell = QLabel()
        cell.setFixedSize(100, 20)
        flow.addWidget(cell)
    holder.setLayout(flow)
    assert flow.heightForWidth(400) == 20
    assert flow.heightForWidth(210) == 44
    assert flow.heightForWidth(100) == 68


def test_the_layout_names_only_fields_that_exist() -> None:
    ids = {f.id for part in form().parts for f in part.fields()}
    assert set(PLACES) <= ids
    assert all(1 <= place_of(f).span <= 12 for part in form().parts for f in part.fields())


def test_words_that_neighbours_share_are_said_once() -> None:
    heading = shared_heading(form().field("person.permanent_commune"))
    assert heading is not None
    assert heading.vi == "Nơi đăng ký HKTT"
    assert shared_heading(form().field("person.full_name")) is None


def test_a_section_that_does_not_apply_is_one_line_with_its_reason(
    qtbot: QtBot, make_state: MakeState
) -> None:
    from dataclasses import replace

    state = make_state("exam", person={"sex": "male"})
    only_women = Field(
        id="exam.obstetric_gynecological", label=Text("Sản phụ khoa", "Obstetric"), type=FieldType.TEXT,
        when=Condition("person.sex", ("female", "unknown"), Text("Nam giới", "Male")),
    )  # fmt: skip
    section = Section(id="exam.women", title=Text("Sản phụ khoa", "Obstetric"), fields=(only_women,))
    part = Part(letter="D", prefix="exam", title=Text("D", "D"), sections=(section,))
    board = EntryBoard(part)
    view = FormView(part, board)
    qtbot.addWidget(view)
    board.bind(state)
    assert view.cards["exam.women"].collapsed
    assert board.blocks["obstetric_gynecological"].reason_text == "Nam giới"
    state.context = replace(state.context, person={"sex": "female"})
    state.touch("obstetric_gynecological")
    state.set_values({"pulse": 70}, focus="pulse")
    assert not view.cards["exam.women"].collapsed


def test_fields_grow_findings_without_moving_their_neighbours(qtbot: QtBot, make_state: MakeState) -> None:
    part = form().part("person")
    board = EntryBoard(part)
    host = QWidget()
    qtbot.addWidget(host)
    QVBoxLayout(host).addWidget(FormView(part, board))
    state = make_state("person")
    board.bind(state)
    host.resize(900, 700)
    host.show()
    QApplication.processEvents()
    before = board.blocks["old_id_card"].editor.y()
    state.set_text("citizen_id", "123")
    QApplication.processEvents()
    assert board.blocks["citizen_id"].finding_text
    assert board.blocks["old_id_card"].editor.y() == before


def test_previous_values_are_greyed_beside_with_their_date(qtbot: QtBot, make_state: MakeState) -> None:
    part = form().part("exam")
    board = EntryBoard(part)
    stacked = board.block("advice")
    inline = board.block("cardiovascular", mode="inline", compact=True)
    for block in (stacked, inline):
        qtbot.addWidget(block)
    board.bind(
        make_state("exam", previous={"advice": "Giảm muối", "cardiovascular": "Nhịp đều"}),
        previous_on="12/10/2025",
    )
    assert stacked.previous_text == "lần trước 12/10/2025: Giảm muối"
    assert inline.editor.toolTip() == "lần trước 12/10/2025: Nhịp đều"
    assert board.blocks["cardiovascular"].editor.focusProxy() is not None
    assert Qt.FocusPolicy.StrongFocus in (
        inline.editor.focusProxy().focusPolicy(),
        Qt.FocusPolicy.StrongFocus,
    )
