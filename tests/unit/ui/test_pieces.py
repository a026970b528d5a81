"""The pieces: focus ring, panels, notices, labels; and that no window flashes up or stays behind."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.outbox import SyncState
from app.errors import EnvironmentProblem
from forms.text import Text
from tests.helpers.screens import PLAIN_MAKERS, FakePaper, VaultDoor, shown
from tests.helpers.typing import press, type_text
from ui.bridge import Notice, NoticeKind
from ui.garbage import GuiGarbage
from ui.pieces.banner import Banner, EmptyState
from ui.pieces.buttons import icon_button, primary_button
from ui.pieces.card import SectionCard
from ui.pieces.chip import Chip, sync_chip
from ui.pieces.focus_ring import FocusRing, _Ring
from ui.pieces.form_row import ChoiceRow, FormRow, PasswordEdit
from ui.pieces.labels import ElidedLabel, label
from ui.pieces.layouts import column, page, row, scrolled
from ui.pieces.side_panel import SidePanel
from ui.pieces.status_light import StatusLight
from ui.pieces.toast import ToastStack
from ui.preferences import Preferences
from ui.services import Services
from ui.shell.main_window import MainWindow
from ui.start.unlock import UnlockPage
from ui.start.window import StartWindow
from ui.tasks import TaskRunner
from ui.wizard.wizard import Wizard

Hold = Callable[..., QWidget]


@pytest.fixture
def hold(qtbot: QtBot) -> Hold:
    """Put widgets into a window that is active, and stays alive as long as the test."""
    kept: list[QWidget] = []

    def open_window(*widgets: QWidget) -> QWidget:
        made = QWidget()
        kept.append(made)
        made.setLayout(column(*widgets, None, margins=16))
        qtbot.addWidget(made)
        with qtbot.waitExposed(made):
            made.resize(500, 300)
            made.show()
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    return open_window


def ring_of(window: QWidget) -> _Ring:
    rings = [r for r in window.findChildren(_Ring) if r.isVisible()]
    assert len(rings) == 1
    return rings[0]


def test_the_binding_keeps_its_references(qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 lost a reference to None with every call; 5,000 calls abort Python."""
    box = QLineEdit()
    before = sys.getrefcount(None)
    for _ in range(500):
        box.setText("x")
    assert sys.getrefcount(None) > before - 250


def test_the_ring_lies_outside_the_focused_control(qtbot: QtBot, hold: Hold) -> None:
    first, second = QLineEdit(), QPushButton("Lưu")
    window = hold(first, second)
    for control in (first, second):
        control.setFocus()
        ring = ring_of(window)
        assert ring.target is control
        assert ring.geometry() == QRect(control.mapTo(window, QPoint(0, 0)), control.size()).adjusted(
            -2, -2, 2, 2
        )
        assert ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    window.resize(400, 200)
    QApplication.processEvents()
    assert ring_of(window).width() == second.width() + 4


def test_the_ring_scrolls_with_its_control(qtbot: QtBot, hold: Hold) -> None:
    edits = [QLineEdit() for _ in range(40)]
    content = QWidget()
    content.setLayout(column(*edits))
    area = scrolled(content)
    hold(area)
    edits[0].setFocus()
    ring = ring_of(content)
    before = ring.pos()
    area.verticalScrollBar().setValue(200)
    assert ring.parentWidget() is content
    assert ring.pos() == before


def test_the_ring_leaves_with_the_focus(qtbot: QtBot, qapp: QApplication, hold: Hold) -> None:
    edit, plain = QLineEdit(), QLineEdit()
    plain.setProperty("ring", "none")
    window = hold(edit, plain)
    edit.setFocus()
    assert FocusRing.install(qapp).target is edit
    plain.setFocus()
    assert FocusRing.install(qapp).target is None
    assert not [r for r in window.findChildren(_Ring) if r.isVisible()]


def test_enter_presses_a_focused_button(qtbot: QtBot, hold: Hold) -> None:
    pressed: list[str] = []
    button = primary_button("Lưu")
    button.clicked.connect(lambda: pressed.append("x"))
    hold(button)
    button.setFocus()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Space)
    assert len(pressed) == 2


def test_icon_buttons_have_a_name(qtbot: QtBot) -> None:
    button = icon_button("close", "Đóng")
    qtbot.addWidget(button)
    assert button.accessibleName() == button.toolTip() == "Đóng"


def test_a_panel_opens_beside_and_gives_the_focus_back(qtbot: QtBot, hold: Hold) -> None:
    edit = QLineEdit()
    window = hold(edit)
    panel = SidePanel(window, "Chi tiết", width=200)
    edit.setFocus()
    panel.open_panel()
    assert panel.geometry() == QRect(window.width() - 200, 0, 200, window.height())
    window.resize(700, 400)
    QApplication.processEvents()
    assert panel.geometry() == QRect(500, 0, 200, 400)
    with qtbot.waitSignal(panel.closed):
        press(Qt.Key.Key_Escape)
    assert edit.hasFocus()
    panel.body.addWidget(label("x"))
    panel.clear_body()
    assert panel.body.count() == 0


def test_banner_says_and_clears(qtbot: QtBot, hold: Hold) -> None:
    banner = Banner(closable=True)
    window = hold(banner)
    assert not banner.isVisible()
    banner.show_problem(EnvironmentProblem("disk-full", Text("Ổ đĩa đã đầy.", "The disk is full.")))
    assert banner.isVisible()
    assert banner.text == "Ổ đĩa đã đầy."
    assert banner.property("ground") == "soft-danger"
    banner.show_text("Đã lưu", NoticeKind.OK, "Mở")
    actions = [b for b in window.findChildren(QPushButton) if b.isVisible() and b.text() == "Mở"]
    with qtbot.waitSignal(banner.action_requested):
        actions[0].click()
    banner.clear()
    assert not banner.isVisible()


def test_markup_in_names_is_text(qtbot: QtBot, hold: Hold) -> None:
    shown_text = label("<b>Lò</b> & con")
    qtbot.addWidget(shown_text)
    assert shown_text.textFormat() == Qt.TextFormat.PlainText
    stack_host = hold()
    stack = ToastStack(stack_host)
    stack.show_notice(Notice(text=Text("<b>x</b>", "<b>x</b>")))
    assert stack.toasts[0].text == "<b>x</b>"


def test_long_text_is_shortened_with_the_whole_in_the_tooltip(qtbot: QtBot) -> None:
    name = "Nguyễn Hoàng Phương Khánh Linh Thị Bảo Ngọc Trâm Anh"
    short = ElidedLabel(name)
    qtbot.addWidget(short)
    short.resize(90, 20)
    short.grab()
    assert short.toolTip() == name
    short.resize(900, 20)
    short.grab()
    assert short.toolTip() == ""


def test_every_state_is_a_chip_with_a_word(qtbot: QtBot) -> None:
    for state in SyncState:
        chip = sync_chip(state)
        qtbot.addWidget(chip)
        assert chip.text
        assert chip.accessibleName() == chip.text
        assert not chip.grab().isNull()
    chip = Chip("BMI 22,9", "ok")
    qtbot.addWidget(chip)
    width = chip.sizeHint().width()
    chip.set("BMI 22,9 bình thường")
    assert chip.sizeHint().width() > width
    assert chip.tone == "ok"


def test_the_light_differs_by_shape_too(qtbot: QtBot) -> None:
    light = StatusLight()
    qtbot.addWidget(light)
    images = []
    for tone, filled in (("ok", True), ("ok", False), ("danger", True), ("danger", False)):
        light.set(tone, filled=filled)  # type: ignore[arg-type]
        images.append(light.grab().toImage())
    assert all(one != two for i, one in enumerate(images) for two in images[i + 1 :])


def test_a_card_folds_with_its_reason(qtbot: QtBot, hold: Hold) -> None:
    card = SectionCard("Sản phụ khoa", "2.3")
    edit = QLineEdit()
    card.add(edit)
    hold(card)
    card.collapse("Nam giới")
    assert card.collapsed
    assert not edit.isVisible()
    card.expand()
    assert edit.isVisible()


def test_a_row_shows_its_error_in_place_and_typing_clears_it(qtbot: QtBot, hold: Hold) -> None:
    line = FormRow("Tên", "Như trên giấy")
    hold(line)
    line.set_error("Chưa nhập tên")
    assert line.error == "Chưa nhập tên"
    assert line.edit.accessibleDescription() == "Chưa nhập tên"
    line.setFocus()
    type_text("L")
    assert line.error == ""
    assert line.hint == "Như trên giấy"


def test_a_password_can_be_looked_at(qtbot: QtBot, hold: Hold) -> None:
    edit = PasswordEdit()
    hold(edit)
    edit.setFocus()
    type_text("bí mật")
    assert edit.displayText() != "bí mật"
    edit.toggle()
    assert edit.displayText() == "bí mật"


def test_choices_move_with_arrows_and_choose_with_enter(qtbot: QtBot, hold: Hold) -> None:
    choice = ChoiceRow("Cỡ", [("a", "A"), ("b", "B"), ("c", "C")], "b")
    after = QLineEdit()
    hold(choice, after)
    choice.setFocus()
    assert choice.buttons[1].hasFocus()
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Right)
    assert choice.current == "b"
    with qtbot.waitSignal(choice.chosen) as chosen:
        press(Qt.Key.Key_Return)
    assert chosen.args == ["a"]
    assert [b.isChecked() for b in choice.buttons] == [True, False, False]
    press(Qt.Key.Key_Tab)
    assert after.hasFocus()
    press(Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert choice.buttons[0].hasFocus()


def test_garbage_is_collected_where_widgets_live(qtbot: QtBot) -> None:
    garbage = GuiGarbage()
    enabled = gc.isenabled()
    garbage.start()
    try:
        assert not gc.isenabled()

        class Knot:
            def __init__(self) -> None:
                self.me = self

        gone = weakref.ref(Knot())
        junk = [[] for _ in range(gc.get_threshold()[0] + 1)]  # type: ignore[var-annotated]
        garbage.collect()
        assert gone() is None
        assert junk
    finally:
        garbage.stop()
    assert gc.isenabled() == enabled
    garbage.deleteLater()


class Flashes(QObject):
    """Notes every window that is shown."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.seen: list[str] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_no_window_flashes_up_while_screens_are_built(
    qtbot: QtBot, qapp: QApplication, services: Services, tmp_path: Path
) -> None:
    flashes = Flashes(qapp)
    window = MainWindow(services, PLAIN_MAKERS, Preferences())
    window.allow_close()
    qtbot.addWidget(window)
    shown(window)
    for item in window.rail.ids:
        window.show_rail_item(item)
    window.show_help()
    window.show_problem("Ổ đĩa đã đầy")
    start = StartWindow()
    qtbot.addWidget(start)
    door = VaultDoor(tmp_path / "none")
    runner = TaskRunner()
    wizard = Wizard(start, door, runner, FakePaper())
    wizard.start()
    for shown_page in (wizard.station, wizard.user, UnlockPage(door, runner)):
        start.show_page(shown_page)
    shown(start)
    assert flashes.seen == ["MainWindow", "StartWindow"]
    runner.close()
    runner.deleteLater()
    qapp.removeEventFilter(flashes)


@pytest.mark.parametrize("item", ["reception", "no-record", "sync", "admin"])
def test_screens_die_with_their_window(qtbot: QtBot, services: Services, item: str) -> None:
    window = MainWindow(services, PLAIN_MAKERS, Preferences())
    window.allow_close()
    shown(window)
    window.show_screen(item)
    gone = [weakref.ref(window), weakref.ref(window.screen_of(item)), weakref.ref(window.omnibox)]
    qtbot.waitUntil(lambda: services.runner.idle)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del window
    gc.collect()
    assert [ref() for ref in gone] == [None, None, None]


def test_pages_are_centred_and_not_too_wide(qtbot: QtBot) -> None:
    outer = QWidget()
    content = QWidget()
    outer.setLayout(page(row(content), 400))
    qtbot.addWidget(outer)
    shown(outer)
    QApplication.processEvents()
    assert content.width() == 400
    left = content.mapTo(outer, QPoint(0, 0)).x()
    assert abs(left - (outer.width() - 400) // 2) <= 1


def test_an_empty_state_offers_the_next_action(qtbot: QtBot, hold: Hold) -> None:
    empty = EmptyState("search", "Không có ai", "Thử lại", "Đăng ký người mới")
    hold(empty)
    empty.setFocus()
    with qtbot.waitSignal(empty.action_requested):
        press(Qt.Key.Key_Return)
    empty.set("Không có ai")
    assert not [b for b in empty.findChildren(QPushButton) if b.isVisible()]
