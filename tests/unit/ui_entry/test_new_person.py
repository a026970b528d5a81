"""Registering a resident by keyboard, with the people who may be the same one beside it."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services import drafts, people
from tests.helpers.screens import register
from tests.helpers.typing import compose, press, type_text
from tests.unit.ui_entry.breakable import DISK_FULL, BreakableStore
from tests.unit.ui_entry.conftest import record_of
from ui.record.duplicates import DuplicateButton
from ui.record.new_person import NewPersonScreen
from ui.record.person_assist import capitalised
from ui.services import Services
from ui.shell.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


def begin(window: MainWindow) -> NewPersonScreen:
    press(Qt.Key.Key_F8)
    screen = window.current_screen
    assert isinstance(screen, NewPersonScreen)
    return screen


def fill(screen: NewPersonScreen, name: str = "Hà Thị Thử", birth: str = "12/3/1979") -> None:
    screen.form.board.go_to("full_name")
    compose(name)
    press(Qt.Key.Key_Return)
    screen.form.board.go_to("sex")
    type_text("2")
    screen.form.board.go_to("birth_date")
    type_text(birth)
    press(Qt.Key.Key_Return)


def test_a_resident_is_registered_by_keys_alone(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    screen = begin(window)
    assert screen.form.board.current == "full_name"
    compose(unicodedata.normalize("NFD", "hà thị thử"))
    press(Qt.Key.Key_Return)
    assert screen.form.state.value("full_name") == "Hà Thị Thử"
    press(Qt.Key.Key_Return)
    type_text("2")
    press(Qt.Key.Key_Return, times=3)
    type_text("1979")
    press(Qt.Key.Key_Return, times=2)
    type_text("thai")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.current == "record")
    person = people.open_person(services.ctx, window.open_person_id).person
    assert person.answers["full_name"] == "Hà Thị Thử"
    assert person.answers["ethnicity"] == "03"
    assert person.answers["nationality"] == "000"
    assert person.answers["current_commune"] == "14848"
    assert person.answers["current_province"] == "38"
    assert services.runner.drain(5)
    assert drafts.open_drafts(services.ctx) == ()


def test_enter_walks_part_a_in_paper_order(qtbot: QtBot, window: MainWindow) -> None:
    screen = begin(window)
    board = screen.form.board
    board.go_to("household_code")
    seen = [board.current]
    while QApplication.focusWidget() is not screen.form.finish_button:
        press(Qt.Key.Key_Return)
        if board.current != seen[-1]:
            seen.append(board.current)
        assert len(seen) < 60
    assert seen == list(screen.form.state.order())


def test_defaults_are_visible_and_editable(qtbot: QtBot, window: MainWindow) -> None:
    screen = begin(window)
    state = screen.form.state
    editor = screen.form.board.blocks["nationality"].editor
    assert editor.shown.text == "Việt Nam"
    assert screen.form.hint.isVisible()
    screen.form.board.go_to("nationality")
    type_text("lao")
    press(Qt.Key.Key_Return)
    assert state.text("nationality") == "Lào"


def test_the_commune_brings_its_province_and_the_address_is_copied(qtbot: QtBot, window: MainWindow) -> None:
    screen = begin(window)
    board, state = screen.form.board, screen.form.state
    board.go_to("permanent_address")
    compose("Bản Poọng")
    press(Qt.Key.Key_Return)
    assert state.value("village") == "Bản Poọng"
    board.go_to("permanent_commune")
    type_text("ba dinh")
    press(Qt.Key.Key_Return)
    assert state.value("permanent_province") == "01"
    assert state.value("current_province") == "38"
    board.go_to("village")
    press(Qt.Key.Key_Z, CTRL)
    assert state.value("permanent_province") == "38"
    assert state.value("permanent_commune") == "14848"


def test_an_address_somebody_typed_is_never_replaced(qtbot: QtBot, window: MainWindow) -> None:
    screen = begin(window)
    screen.form.board.go_to("village")
    compose("Bản Lát")
    press(Qt.Key.Key_Return)
    screen.form.board.go_to("permanent_address")
    compose("Bản Poọng")
    press(Qt.Key.Key_Return)
    assert screen.form.state.value("village") == "Bản Lát"


def test_what_was_typed_into_the_search_comes_along(qtbot: QtBot, window: MainWindow) -> None:
    press(Qt.Key.Key_F2)
    compose("Lò Văn Mới 1990")
    press(Qt.Key.Key_F8)
    screen = window.current_screen
    assert isinstance(screen, NewPersonScreen)
    assert screen.form.state.value("full_name") == "Lò Văn Mới"
    assert screen.form.state.value("birth_date") == "1990"
    assert screen.form.board.current == "sex"


def test_possible_duplicates_appear_while_typing(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = begin(window)
    compose("lò thị mẫu")
    screen.form.board.go_to("sex")
    type_text("2")
    screen.form.board.go_to("birth_date")
    type_text("85")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(screen.duplicates.hints) == 1)
    hint = screen.duplicates.hints[0]
    assert hint.row.id == resident
    assert not hint.certain
    press(Qt.Key.Key_Return, CTRL)
    focused = QApplication.focusWidget()
    assert isinstance(focused, DuplicateButton)
    assert "gần giống" in screen.form.bar.text
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "record")
    assert window.open_person_id == resident


def test_somebody_else_of_the_same_name_is_registered_with_one_more_key(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    screen = begin(window)
    fill(screen, "Lò Thị Mẫu", "1985")
    qtbot.waitUntil(lambda: bool(screen.duplicates.hints))
    press(Qt.Key.Key_Return, CTRL)
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.current == "record")
    assert window.open_person_id != resident


def test_a_number_that_is_taken_is_said_plainly(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = begin(window)
    fill(screen)
    screen.form.board.go_to("citizen_id")
    type_text("038185012345")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(screen.duplicates.hints))
    assert screen.duplicates.hints[0].certain
    press(Qt.Key.Key_Return, CTRL)
    while "Số giấy tờ" not in screen.form.bar.text:
        assert screen.form.bar.asks, "a warning about the number comes first"
        press(Qt.Key.Key_Return, CTRL)


def test_a_wrong_number_stops_at_its_field(qtbot: QtBot, window: MainWindow) -> None:
    screen = begin(window)
    fill(screen)
    screen.form.board.go_to("citizen_id")
    type_text("03818501234")
    press(Qt.Key.Key_Return)
    assert "12 chữ số" in screen.form.board.blocks["citizen_id"].finding_text
    press(Qt.Key.Key_Return, CTRL)
    assert screen.form.board.current == "citizen_id"
    assert "12 chữ số" in screen.form.bar.text


def test_nothing_is_registered_without_what_tells_people_apart(qtbot: QtBot, window: MainWindow) -> None:
    screen = begin(window)
    press(Qt.Key.Key_Return, CTRL)
    assert screen.form.bar.text.startswith("Còn 3 chỗ cần sửa.")
    assert screen.form.board.current == "full_name"


def test_a_registration_left_halfway_is_gone_on_with(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    begin(window)
    compose("Vàng Thị D")
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(drafts.open_drafts(services.ctx)) == 1)
    draft = drafts.open_drafts(services.ctx)[0]
    assert draft.answers["full_name"] == "Vàng Thị D"
    assert draft.focus == "full_name"
    again = NewPersonScreen(services, {})
    qtbot.addWidget(again)
    again.resume(draft)
    again.show()
    again.activate()
    assert again.form.board.current == "full_name"
    assert again.form.state.text("full_name") == "Vàng Thị D"
    again.form.keeper.stop()


def test_a_full_disk_keeps_the_registration_on_screen(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    screen = begin(window)
    fill(screen)
    store = services.ctx.store
    assert isinstance(store, BreakableStore)
    store.full = True
    press(Qt.Key.Key_Return, CTRL)
    if screen.form.bar.asks:
        press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: screen.form.bar.text == DISK_FULL.text.vi)
    assert screen.form.state.value("full_name") == "Hà Thị Thử"
    store.full = False
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.current == "record")


def test_discarding_removes_the_draft_and_can_be_undone(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    screen = begin(window)
    compose("Lò")
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: len(drafts.open_drafts(services.ctx)) == 1)
    screen.form.discard_button.click()
    qtbot.waitUntil(lambda: window.current == "reception")
    qtbot.waitUntil(lambda: drafts.open_drafts(services.ctx) == ())
    qtbot.waitUntil(lambda: bool(window.toasts.toasts))
    window.toasts.toasts[-1]._on_action_clicked()
    qtbot.waitUntil(lambda: len(drafts.open_drafts(services.ctx)) == 1)


def test_part_a_is_corrected_in_the_record(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    window.open_person(resident)
    screen = record_of(window)
    qtbot.waitUntil(lambda: screen.record is not None)
    press(Qt.Key.Key_1, CTRL)
    assert screen.person.board.current == "full_name"
    assert screen.person.finish_button.isHidden()
    screen.person.board.go_to("mobile_phone")
    type_text("0912 345 678")
    press(Qt.Key.Key_Return)
    assert screen.person.finish_button.isVisible()
    press(Qt.Key.Key_Return, CTRL)
    if screen.person.bar.asks:
        press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: screen.record is not None and screen.record.person.revision == 2)
    assert people.open_person(services.ctx, resident).person.answers["mobile_phone"] == "0912345678"


def test_people_of_one_name_do_not_mix_in_one_form(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    other = register(services.ctx, "Hà Văn Khác", sex="male", birth_date="1990")
    window.open_person(resident)
    screen = record_of(window)
    qtbot.waitUntil(lambda: screen.record is not None)
    press(Qt.Key.Key_1, CTRL)
    screen.person.board.go_to("email")
    type_text("mau@vidu.vn")
    window.open_person(other)
    qtbot.waitUntil(lambda: screen.record is not None and screen.record.row.id == other)
    press(Qt.Key.Key_1, CTRL)
    assert screen.person.state.value("full_name") == "Hà Văn Khác"
    assert services.runner.drain(5)
    kept = drafts.open_drafts(services.ctx)
    assert [(d.person_id, d.answers.get("email") or d.typed.get("email")) for d in kept] == [
        (resident, "mau@vidu.vn")
    ]


def test_quickly_typed_names_get_their_capitals() -> None:
    assert capitalised("lò thị y'nhép") == "Lò Thị Y'nhép"
    assert capitalised("đào-ông") == "Đào-Ông"
