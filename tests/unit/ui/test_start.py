"""First start and unlocking, by keyboard; every failure in its own words, nothing deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ports import Context
from app.services import stations
from app.store.recovery import RecoveryKey
from tests.helpers.screens import PDF, FakePaper, VaultDoor, shown, texts
from tests.helpers.station import NURSE, PASSWORD, make_station
from tests.helpers.typing import press, type_text
from ui.services import NewStation
from ui.start.unlock import RecoverPage, UnlockPage
from ui.start.window import StartWindow
from ui.tasks import TaskRunner
from ui.wizard.wizard import Wizard

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    assert made.drain(10)
    made.close()
    made.deleteLater()


@pytest.fixture
def door(tmp_path: Path) -> VaultDoor:
    return VaultDoor(tmp_path / "station")


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[list[Context]]:
    contexts: list[Context] = []
    yield contexts
    for ctx in contexts:
        ctx.store.close()


def start(qtbot: QtBot) -> StartWindow:
    window = StartWindow()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        shown(window)
    qtbot.waitUntil(window.isActiveWindow)
    return window


def begin_wizard(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context], paper: FakePaper | None = None
) -> tuple[StartWindow, Wizard]:
    window = start(qtbot)
    wizard = Wizard(window, door, runner, paper or FakePaper())
    wizard.opened.connect(opened.append)
    wizard.start()
    qtbot.waitUntil(wizard.welcome.new_station.hasFocus)
    return window, wizard


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def line(*texts_typed: str) -> None:
    """Type each text and press Enter after it."""
    for text in texts_typed:
        type_text(text)
        press(Qt.Key.Key_Return)


def to_recovery(qtbot: QtBot, wizard: Wizard) -> None:
    press(Qt.Key.Key_Return)
    line("38t01", "Trạm Y tế xã Tam Chung")
    type_text("tam chung thanh hoa")
    press(Qt.Key.Key_Return)
    line("")
    line("Hà Văn Thử", "thu", PASSWORD, PASSWORD)
    qtbot.waitUntil(lambda: wizard.recovery is not None and wizard.recovery.isVisible())


def test_a_station_is_made_with_keys_only(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context], tmp_path: Path
) -> None:
    _, wizard = begin_wizard(qtbot, door, runner, opened)
    to_recovery(qtbot, wizard)
    page = wizard.recovery
    assert page is not None
    assert not page.next_button.isEnabled()
    assert not door.exists()
    press(Qt.Key.Key_Return, CONTROL)
    assert "Lưu hoặc in phiếu trước đã" in texts(page)
    assert not door.exists()
    sheet = tmp_path / "phiếu của trạm.pdf"
    qtbot.waitUntil(page.where.edit.hasFocus)
    page.where.edit.selectAll()
    line(str(sheet))
    assert sheet.read_bytes() == PDF
    qtbot.waitUntil(page.next_button.hasFocus)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    station = stations.station(opened[0])
    assert (station.code, station.name, station.commune) == ("38T01", "Trạm Y tế xã Tam Chung", "14848")
    assert station.health_department == "Sở Y tế Thanh Hóa"
    assert opened[0].user.display_name == "Hà Văn Thử"
    assert door.exists()


def test_the_shown_key_opens_the_station_that_was_made(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    paper = FakePaper()
    _, wizard = begin_wizard(qtbot, door, runner, opened, paper)
    to_recovery(qtbot, wizard)
    page = wizard.recovery
    assert page is not None
    key = "-".join(w.text() for w in page.findChildren(QWidget) if w.property("role") == "mono")
    page.print_button.click()
    assert paper.printed == [PDF]
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool(opened))
    opened.pop().store.close()
    opened.append(door.recover(key.lower(), "thu", "mật khẩu khác 831"))
    assert opened[0].user.username == "thu"


def test_mistakes_are_shown_in_place_and_nothing_is_lost(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    _, wizard = begin_wizard(qtbot, door, runner, opened)
    press(Qt.Key.Key_Return)
    line("38", "Trạm Y tế xã Tam Chung")
    press(Qt.Key.Key_Return, CONTROL)
    assert wizard.station.code.error
    assert wizard.station.commune.error
    assert not wizard.station.name.error
    assert focused() is wizard.station.code.edit
    line("T01")
    assert not wizard.station.code.error
    assert wizard.station.name.text() == "Trạm Y tế xã Tam Chung"


def test_back_and_forth_keeps_everything(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    _, wizard = begin_wizard(qtbot, door, runner, opened)
    to_recovery(qtbot, wizard)
    first = wizard.recovery
    assert first is not None
    for _ in range(3):
        press(Qt.Key.Key_Escape)
    assert wizard.welcome.isVisible()
    press(Qt.Key.Key_Return)
    assert wizard.station.name.text() == "Trạm Y tế xã Tam Chung"
    press(Qt.Key.Key_Return, CONTROL)
    assert wizard.user.username.text() == "thu"
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(first.isVisible)
    assert wizard.recovery is first


def test_a_changed_station_gets_a_new_sheet(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    _, wizard = begin_wizard(qtbot, door, runner, opened)
    to_recovery(qtbot, wizard)
    first = wizard.recovery
    press(Qt.Key.Key_Escape)
    wizard.user.username.set_text("thu2")
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: wizard.recovery is not first)
    assert wizard.recovery is not None
    assert not wizard.recovery.kept


@pytest.mark.parametrize(
    ("password", "again", "wrong"),
    [
        ("1234567", "1234567", "ít nhất 8"),
        ("12345678", "12345678", "dễ đoán"),
        (PASSWORD, "khác hẳn", "chưa giống"),
    ],
)
def test_weak_or_different_passwords(
    qtbot: QtBot,
    door: VaultDoor,
    runner: TaskRunner,
    opened: list[Context],
    password: str,
    again: str,
    wrong: str,
) -> None:
    window, wizard = begin_wizard(qtbot, door, runner, opened)
    window.show_page(wizard.user)
    line("Hà Văn Thử", "thu", password, again)
    assert wrong in wizard.user.password.error + wizard.user.again.error
    assert wizard.user.isVisible()


def test_a_sheet_that_cannot_be_saved_does_not_count(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context], tmp_path: Path
) -> None:
    paper = FakePaper(printer=False)
    _, wizard = begin_wizard(qtbot, door, runner, opened, paper)
    to_recovery(qtbot, wizard)
    page = wizard.recovery
    assert page is not None
    page.where.set_text(str(tmp_path / "no" / "such" / "folder" / "x.pdf"))
    page.save()
    assert "Chưa lưu được phiếu" in page.banner.text
    assert not page.kept
    page.print_button.click()
    assert not page.kept
    paper.answer = tmp_path / "chosen"
    page._browse.click()
    assert (tmp_path / "chosen.pdf").read_bytes() == PDF
    assert page.kept


def test_the_demo_station_is_one_key_away(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    begin_wizard(qtbot, door, runner, opened)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    assert stations.station(opened[0]).demo
    assert not door.exists()


def test_a_store_that_appeared_meanwhile_is_not_overwritten(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context], tmp_path: Path
) -> None:
    window, wizard = begin_wizard(qtbot, door, runner, opened, FakePaper())
    to_recovery(qtbot, wizard)
    make_station(door.folder).store.close()
    before = (door.folder / "station.db").read_bytes()
    page = wizard.recovery
    assert page is not None
    page.print_button.click()
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "Thư mục này đã có kho dữ liệu" in window.banner.text)
    assert (door.folder / "station.db").read_bytes() == before
    assert page.next_button.isEnabled()


# --- unlocking


def unlock_page(qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]) -> UnlockPage:
    window = start(qtbot)
    page = UnlockPage(door, runner)
    page.opened.connect(opened.append)
    window.show_page(page)
    page.kept_window = window  # a page alone does not keep its window alive
    return page


@pytest.fixture
def station(door: VaultDoor) -> VaultDoor:
    make_station(door.folder).store.close()
    return door


def test_unlocking_with_keys_only(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    page = unlock_page(qtbot, station, runner, opened)
    qtbot.waitUntil(page.password.edit.hasFocus)
    line(PASSWORD)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].user == NURSE
    assert page.password.text() == ""


def test_a_wrong_password_says_so_and_selects_the_text(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    page = unlock_page(qtbot, station, runner, opened)
    line("sai rồi 123")
    qtbot.waitUntil(lambda: page.password.error.startswith("Mật khẩu chưa đúng"))
    assert page.password.edit.hasFocus()
    assert page.password.edit.selectedText()
    damage(station.folder)
    page.password.set_text(PASSWORD)
    page.confirm()
    qtbot.waitUntil(lambda: "station.db bị hỏng" in page.message)
    assert not page.password.error


def test_pressing_enter_twice_opens_once(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    page = unlock_page(qtbot, station, runner, opened)
    station.go.clear()
    line(PASSWORD, "")
    station.go.set()
    qtbot.waitUntil(lambda: bool(opened))
    qtbot.waitUntil(lambda: runner.idle)
    assert len(opened) == 1
    assert page.message == ""


def damage(folder: Path) -> None:
    (folder / "station.db").write_bytes(b"\x00" * 9000)


def empty(folder: Path) -> None:
    (folder / "station.db").write_bytes(b"")


def lose_database(folder: Path) -> None:
    (folder / "station.db").unlink()


def lose_keys(folder: Path) -> None:
    (folder / "keys.json").unlink()
    (folder / "keys.json.bak").unlink()


def damage_keys(folder: Path) -> None:
    (folder / "keys.json").write_text("{}")
    (folder / "keys.json.bak").write_text("{}")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (damage, "station.db bị hỏng"),
        (empty, "station.db trống"),
        (lose_database, "không thấy station.db"),
        (lose_keys, "Không thấy tệp khoá"),
        (damage_keys, "keys.json bị hỏng"),
    ],
)
def test_every_trouble_has_its_own_words_and_changes_nothing(
    qtbot: QtBot,
    station: VaultDoor,
    runner: TaskRunner,
    opened: list[Context],
    harm: Callable[[Path], None],
    words: str,
) -> None:
    harm(station.folder)
    before = {p.name: p.read_bytes() for p in station.folder.iterdir() if p.is_file()}
    page = unlock_page(qtbot, station, runner, opened)
    if page.users is None:
        page.username.set_text("thu")
    page.password.set_text(PASSWORD)
    page.confirm()
    qtbot.waitUntil(lambda: words in page.message and page.button.isEnabled())
    after = {p.name: p.read_bytes() for p in station.folder.iterdir() if p.is_file()}
    assert after == before
    assert not opened


def test_a_second_window_is_told_that_the_store_is_open(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    opened.append(station.unlock("thu", PASSWORD))
    page = unlock_page(qtbot, station, runner, opened)
    line(PASSWORD)
    qtbot.waitUntil(lambda: "đang được mở ở một cửa sổ khác" in page.message)
    assert len(opened) == 1


def test_caps_lock_is_noticed(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    page = unlock_page(qtbot, station, runner, opened)
    type_text("M")
    assert "Caps Lock" in page.password.hint
    assert "Caps Lock" in texts(page)
    type_text("m")
    assert page.password.hint == ""
    press(Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    assert page.password.edit.echoMode() is QLineEdit.EchoMode.Normal


def test_many_users_type_their_name(
    qtbot: QtBot,
    station: VaultDoor,
    runner: TaskRunner,
    opened: list[Context],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(station, "usernames", lambda: tuple(f"user{n}" for n in range(9)))
    page = unlock_page(qtbot, station, runner, opened)
    qtbot.waitUntil(page.username.edit.hasFocus)
    press(Qt.Key.Key_Return, CONTROL)
    assert page.username.error
    line("thu", PASSWORD)
    qtbot.waitUntil(lambda: bool(opened))


# --- the recovery sheet


def recover_page(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context], username: str = "thu"
) -> RecoverPage:
    window = start(qtbot)
    page = RecoverPage(door, runner, username)
    page.opened.connect(opened.append)
    window.show_page(page)
    page.kept_window = window
    qtbot.waitUntil(page.key.edit.hasFocus)
    return page


def test_a_forgotten_password_is_replaced_with_keys_only(
    qtbot: QtBot, door: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    key = RecoveryKey.generate()
    new = NewStation(
        station=stations_station(), username="thu", display_name="Hà Văn Thử", password="đã quên mất rồi"
    )
    door.create(new, key.text).store.close()
    page = recover_page(qtbot, door, runner, opened)
    line(key.text.replace("-", " ").lower(), "", "mật khẩu mới 831", "mật khẩu mới 831")
    qtbot.waitUntil(lambda: bool(opened))
    opened.pop().store.close()
    opened.append(door.unlock("thu", "mật khẩu mới 831"))
    assert not page.key.error


def stations_station() -> object:
    from tests.helpers.station import STATION

    return STATION


def test_a_mistyped_or_foreign_key_is_named_at_the_field(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    page = recover_page(qtbot, station, runner, opened)
    key = RecoveryKey.generate().text
    wrong = ("0" if key[0] != "0" else "1") + key[1:]
    line(wrong, "", "mật khẩu mới 831", "mật khẩu mới 831")
    qtbot.waitUntil(lambda: "Nhóm thứ 1" in page.key.error)
    page.key.edit.selectAll()
    type_text(key)
    press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "không phải của kho này" in page.key.error)
    assert not opened


def test_no_page_needs_a_mouse(
    qtbot: QtBot, station: VaultDoor, runner: TaskRunner, opened: list[Context]
) -> None:
    page = unlock_page(qtbot, station, runner, opened)
    reached: set[QWidget] = set()
    for _ in range(20):
        reached.add(focused())
        press(Qt.Key.Key_Tab)
    wanted = [
        w for w in page.findChildren(QWidget) if isinstance(w, QPushButton | QLineEdit) and w.isVisible()
    ]
    assert set(wanted) <= reached
