"""Đồng bộ and Quản trị."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.outbox import OutboxState
from app.domain.station import ChannelSettings
from app.errors import AccessDenied, EnvironmentProblem
from app.ports import Context
from app.services import stations, syncing
from forms.text import Text
from sync.status import LinkState
from tests.helpers.screens import FakeStatus, FakeSync, register, shown, texts
from tests.helpers.station import NOW
from tests.helpers.typing import press, type_text
from ui.admin.screen import AdminScreen
from ui.preferences import Preferences
from ui.services import Link, Services
from ui.shell.status_bar import LOOKS
from ui.sync_screen import SyncScreen

NO_ANSWER = EnvironmentProblem("portal-offline", Text("Cổng không trả lời.", "The portal does not answer."))
WRONG = AccessDenied("wrong-password", Text("Mật khẩu chưa đúng.", "The password is not right."))


def settle(ctx: Context, *, receipt: str = "", reason: str = "", at: datetime = NOW) -> None:
    """Claim the first row and settle it as the sync thread would."""
    with ctx.store.writing() as uow:
        claim = uow.outbox.claim(syncing.QD831)
        assert claim is not None
        uow.outbox.mark_sending(claim.seq, f"req-{claim.seq}", b"x" * 2100)
        uow.commit()
    with ctx.store.writing() as uow:
        if receipt:
            assert uow.outbox.acknowledge(claim.seq, receipt, "ACCEPTED", at)
        else:
            assert uow.outbox.reject(claim.seq, "ERR-17", reason)
        uow.commit()


@pytest.fixture
def screen(qtbot: QtBot, services: Services) -> SyncScreen:
    ctx = services.ctx
    for name in ("Lò Thị Mẫu", "Hà Văn Thử", "Giàng A Páo"):
        register(ctx, name)
    settle(ctx, receipt="BN-000123")
    settle(ctx, reason="Mã ICD-10 không hợp lệ")
    made = SyncScreen(services)
    qtbot.addWidget(made)
    shown(made)
    made.activate()
    services.bridge.changed.connect(made.apply_changes)
    qtbot.waitUntil(lambda: made.table.rows == 2)
    return made


def test_the_link_states_are_those_of_the_sync_thread() -> None:
    assert {str(s) for s in LinkState} == {str(s) for s in Link} == {str(s) for s in LOOKS}


def test_the_numbers_and_the_queue(qtbot: QtBot, screen: SyncScreen) -> None:
    numbers = {name: figure.number for name, figure in screen.figures.items()}
    assert numbers == {"unsent": "1", "unknown": "0", "rejected": "1", "acknowledged": "1"}
    assert "lần cuối 14:07" in texts(screen)


def test_filters_are_chosen_by_keyboard(qtbot: QtBot, screen: SyncScreen) -> None:
    screen.filter.setFocus()
    press(Qt.Key.Key_Right, times=2)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.table.rows == 1)
    assert screen.filter.current == "acknowledged"
    row = screen.table.view.model()
    assert [row.index(0, c).data() for c in (0, 6)] == ["Cổng đã nhận", "BN-000123"]


def test_a_rejected_record_shows_why_and_is_sent_again(
    qtbot: QtBot, screen: SyncScreen, services: Services
) -> None:
    screen.filter.chosen.emit("rejected")
    qtbot.waitUntil(lambda: screen.table.rows == 1)
    screen.table.setFocus()
    press(Qt.Key.Key_Return)
    assert not screen.panel.isHidden()
    assert "Mã ICD-10 không hợp lệ" in texts(screen.panel)
    assert "ERR-17" in texts(screen.panel)
    assert screen.back()
    screen.requeue()
    qtbot.waitUntil(lambda: screen.table.rows == 0)
    assert screen.figures["rejected"].number == "0"
    sync = services.sync
    assert isinstance(sync, FakeSync)
    assert "wake" in sync.calls
    states = {e.state for e in syncing.entries(services.ctx)}
    assert OutboxState.REJECTED not in states


def test_the_record_behind_a_row_is_opened(qtbot: QtBot, screen: SyncScreen, services: Services) -> None:
    with qtbot.waitSignal(screen.person_requested) as wanted:
        screen._open_record.click()
    assert wanted.args == [syncing.entries(services.ctx)[0].person_id] or wanted.args[0]


def test_waiting_is_told_in_words(qtbot: QtBot, screen: SyncScreen) -> None:
    screen.show_status(FakeStatus(Link.OFFLINE, Text("Chưa có mạng.", "No network."), next_try_in=95))
    assert screen.status_words == "Chưa có mạng. Thử lại sau 2 phút"
    screen.show_status(FakeStatus(Link.SENDING, Text("Đang gửi, còn 3 phiếu", "Sending, 3 left")))
    assert screen.status_words == "Đang gửi, còn 3 phiếu"
    screen.show_status(None)
    assert "Chưa khai báo cổng nhận" in screen.status_words


def open_admin(qtbot: QtBot, services: Services) -> AdminScreen:
    admin = AdminScreen(services, Preferences())
    qtbot.addWidget(admin)
    shown(admin)
    admin.activate()
    qtbot.waitUntil(lambda: "Hà Văn Thử (thu)" in texts(admin))
    return admin


def fill_portal(admin: AdminScreen) -> None:
    admin.portal.url.edit.setFocus()
    admin.portal.url.edit.selectAll()
    type_text("https://cong.example.vn/api")
    press(Qt.Key.Key_Return)
    admin.portal.user.edit.selectAll()
    type_text("tram-38")
    press(Qt.Key.Key_Return)
    type_text("mật khẩu mới")
    press(Qt.Key.Key_Return)


def test_the_portal_is_checked_and_saved_by_keyboard(qtbot: QtBot, services: Services) -> None:
    asked: list[tuple[ChannelSettings, str | None]] = []
    admin = open_admin(qtbot, replace(services, check_portal=lambda s, p: asked.append((s, p))))
    fill_portal(admin)
    wanted = ChannelSettings(name="qd831", url="https://cong.example.vn/api", user="tram-38")
    qtbot.waitUntil(lambda: stations.channel(services.ctx, "qd831") == wanted)
    assert asked == [(wanted, "mật khẩu mới")]
    sync = services.sync
    assert isinstance(sync, FakeSync)
    qtbot.waitUntil(lambda: "settings_changed" in sync.calls)
    assert admin.portal.password.text() == ""


def test_a_failing_check_saves_nothing_unless_told_so(qtbot: QtBot, services: Services) -> None:
    def refuse(_settings: ChannelSettings, _password: str | None) -> None:
        raise NO_ANSWER

    before = stations.channel(services.ctx, "qd831")
    admin = open_admin(qtbot, replace(services, check_portal=refuse))
    fill_portal(admin)
    qtbot.waitUntil(lambda: "Cổng không trả lời. Chưa lưu thay đổi nào." in admin.portal.message)
    assert stations.channel(services.ctx, "qd831") == before
    admin.portal.save_unchecked()
    qtbot.waitUntil(lambda: stations.channel(services.ctx, "qd831") != before)


def test_portal_mistakes_are_shown_at_the_field(qtbot: QtBot, services: Services) -> None:
    admin = open_admin(qtbot, services)
    admin.portal.url.set_text("cong so y te")
    admin.portal.user.set_text("")
    admin.portal.save()
    assert "https://" in admin.portal.url.error
    assert admin.portal.user.error
    assert admin.portal.url.edit.hasFocus()
    type_text("x")
    assert not admin.portal.url.error


def test_an_empty_password_keeps_the_stored_one(qtbot: QtBot, services: Services) -> None:
    admin = open_admin(qtbot, services)
    qtbot.waitUntil(lambda: admin.portal.url.text() == "https://portal.example")
    admin.portal.save()
    sync = services.sync
    assert isinstance(sync, FakeSync)
    qtbot.waitUntil(lambda: "settings_changed" in sync.calls)
    with services.ctx.store.reading() as uow:
        assert uow.settings.channel_password("qd831") == "bí mật"


def test_the_look_is_chosen_by_keyboard(qtbot: QtBot, services: Services) -> None:
    admin = open_admin(qtbot, services)
    admin.scale_choice.setFocus()
    press(Qt.Key.Key_Right)
    with qtbot.waitSignal(admin.preferences_chosen) as chosen:
        press(Qt.Key.Key_Return)
    assert chosen.args == [Preferences(scale=115)]


def test_the_password_is_changed(qtbot: QtBot, services: Services) -> None:
    calls: list[tuple[str, str]] = []

    def change(old: str, new: str) -> None:
        if old != "cũ":
            raise WRONG
        calls.append((old, new))

    admin = open_admin(qtbot, replace(services, change_password=change))
    card = admin.password
    assert card is not None
    card.old.set_text("sai")
    card.new.set_text("suối trong nước mát")
    card.again.set_text("suối trong nước má")
    card.change()
    assert card.again.error
    card.again.set_text("suối trong nước mát")
    card.change()
    qtbot.waitUntil(lambda: card.old.error == "Mật khẩu chưa đúng.")
    card.old.set_text("cũ")
    card.change()
    qtbot.waitUntil(lambda: calls == [("cũ", "suối trong nước mát")])
    qtbot.waitUntil(lambda: card.new.text() == "")
    assert QApplication.focusWidget() is not None
