"""The main window by keyboard: searching, moving, help, privacy, status, sizes, languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.domain.records import ChangeKind, ChangeSet
from app.services import drafts, exams, people
from forms.text import Text
from tests.helpers.screens import (
    PLAIN_MAKERS,
    FakeStatus,
    FakeSync,
    PlainNewPerson,
    PlainRecord,
    register,
    texts,
)
from tests.helpers.typing import compose, press, type_text
from ui.bridge import Notice, NoticeKind
from ui.preferences import Preferences, show_in
from ui.services import Link, Services
from ui.shell.main_window import MainWindow
from ui.theme import SCALES

ALT = Qt.KeyboardModifier.AltModifier


def open_window(qtbot: QtBot, services: Services, preferences: Preferences | None = None) -> MainWindow:
    window = MainWindow(services, PLAIN_MAKERS, preferences or Preferences())
    window.allow_close()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def window(qtbot: QtBot, services: Services) -> MainWindow:
    return open_window(qtbot, services)


def record_of(window: MainWindow) -> PlainRecord:
    screen = window.current_screen
    assert isinstance(screen, PlainRecord)
    return screen


def test_typing_starts_in_the_search_box(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.omnibox.edit.hasFocus)


def test_a_person_is_found_and_opened_with_keys_only(
    qtbot: QtBot, window: MainWindow, services: Services
) -> None:
    register(services.ctx, "Lò Thị Mẫu")
    wanted = register(services.ctx, "Nguyễn Thị Hồng Đào", birth_date="1990")
    press(Qt.Key.Key_F2)
    type_text("đào")
    qtbot.waitUntil(lambda: window.omnibox.popup_open)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "record")
    assert record_of(window).opened == [wanted]
    assert window.rail.current == "record"
    assert window.omnibox.text == ""
    assert not window.omnibox.popup_open


def test_enter_before_the_results_still_opens(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    wanted = register(services.ctx, "Nguyễn Thị Hồng Đào")
    press(Qt.Key.Key_F2)
    type_text("dao")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "record")
    assert record_of(window).opened == [wanted]


def test_an_input_method_finds_too(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    register(services.ctx, "Nguyễn Thị Hồng Đào")
    press(Qt.Key.Key_F2)
    compose("Đào")
    qtbot.waitUntil(lambda: window.omnibox.popup_open)
    assert [r.full_name for r in window.omnibox.result.rows] == ["Nguyễn Thị Hồng Đào"]


def test_arrows_choose_among_results(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    ids = {register(services.ctx, "Lò Thị Mẫu", birth_date=str(year)) for year in (1985, 1986, 1987)}
    press(Qt.Key.Key_F2)
    type_text("mau")
    qtbot.waitUntil(lambda: window.omnibox.popup_open)
    expected = window.omnibox.result.rows[1].id
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    assert record_of(window).opened == [expected]
    assert expected in ids


def test_escape_closes_the_results_then_clears_then_goes_to_the_list(
    qtbot: QtBot, window: MainWindow
) -> None:
    press(Qt.Key.Key_F2)
    type_text("zzz")
    qtbot.waitUntil(lambda: window.omnibox.popup_open)
    assert "Không có ai khớp “zzz”" in texts(window)
    press(Qt.Key.Key_Escape)
    assert not window.omnibox.popup_open
    assert window.omnibox.text == "zzz"
    press(Qt.Key.Key_Escape)
    assert window.omnibox.text == ""
    press(Qt.Key.Key_Escape)
    assert not window.omnibox.edit.hasFocus()


def test_f8_registers_what_was_typed(qtbot: QtBot, window: MainWindow) -> None:
    press(Qt.Key.Key_F2)
    type_text("lò thị mẫu 1985")
    press(Qt.Key.Key_F8)
    screen = window.current_screen
    assert isinstance(screen, PlainNewPerson)
    assert screen.known == {"full_name": "Lò Thị Mẫu", "birth_date": "1985"}
    assert window.omnibox.text == ""


def test_a_saved_person_is_opened(qtbot: QtBot, window: MainWindow) -> None:
    press(Qt.Key.Key_F8)
    screen = window.current_screen
    assert isinstance(screen, PlainNewPerson)
    screen.person_saved.emit("person-9")
    assert record_of(window).opened == ["person-9"]
    press(Qt.Key.Key_Escape)
    assert window.current == "reception"


def test_escape_leaves_a_registration_with_its_draft_kept(qtbot: QtBot, window: MainWindow) -> None:
    press(Qt.Key.Key_F8)
    screen = window.current_screen
    assert isinstance(screen, PlainNewPerson)
    press(Qt.Key.Key_Escape)
    assert screen.flushed
    assert window.current == "reception"


def test_the_rail_has_keys_and_shows_only_what_works(qtbot: QtBot, window: MainWindow) -> None:
    for number, expected in ((3, "sync"), (4, "admin"), (2, "no-record"), (1, "reception")):
        press(Qt.Key(Qt.Key.Key_0 + number), ALT)
        assert window.current == expected
    assert window.rail.ids == ("reception", "record", "sync", "admin")


def test_leaving_a_screen_keeps_its_drafts(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    window.open_person(register(services.ctx, "Lò Thị Mẫu"))
    record = record_of(window)
    before = record.flushed
    press(Qt.Key.Key_3, ALT)
    assert record.flushed > before
    press(Qt.Key.Key_Escape)
    assert window.current == "record"


def test_all_matches_as_a_table(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    for year in range(1960, 1972):
        register(services.ctx, "Lò Thị Mẫu", birth_date=str(year))
    press(Qt.Key.Key_F2)
    type_text("mau")
    qtbot.waitUntil(lambda: window.omnibox.popup_open)
    assert window.omnibox.result.truncated
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Kết quả tìm “mau” · 12" in texts(window))
    press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Khám hôm nay · 0 người" in texts(window))


def test_help_lists_the_keys_of_this_screen(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    press(Qt.Key.Key_F1)
    shown = texts(window.help)
    for part in ("Tìm người", "F2", "Đăng ký người mới", "F8", "Alt+3", "Đồng bộ", "Trong danh sách"):
        assert part in shown
    assert "Alt+5" not in shown
    press(Qt.Key.Key_Escape)
    assert window.help.isHidden()
    qtbot.waitUntil(window.omnibox.edit.hasFocus)
    window.open_person(register(services.ctx, "Lò Thị Mẫu"))
    press(Qt.Key.Key_F1)
    assert "Trong danh sách" not in texts(window.help)
    press(Qt.Key.Key_F1)
    assert window.help.isHidden()


def test_f12_covers_everything_and_no_key_acts_behind_it(qtbot: QtBot, window: MainWindow) -> None:
    press(Qt.Key.Key_F12)
    assert window.privacy.covering
    assert window.privacy.geometry() == window.rect()
    for key in (Qt.Key.Key_F8, Qt.Key.Key_F1, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_X):
        press(key)
    assert window.current == "reception"
    assert window.help.isHidden()
    assert window.omnibox.text == ""
    press(Qt.Key.Key_F12)
    assert not window.privacy.covering
    qtbot.waitUntil(window.omnibox.edit.hasFocus)


def test_f6_sends_now(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    sync = services.sync
    assert isinstance(sync, FakeSync)
    press(Qt.Key.Key_F6)
    assert sync.calls == ["send_now"]
    sync.status = FakeStatus(link=Link.NOT_SET_UP)
    press(Qt.Key.Key_F6)
    assert sync.calls == ["send_now"]
    qtbot.waitUntil(lambda: bool(window.toasts.toasts))
    assert "Chưa khai báo cổng nhận" in window.toasts.toasts[0].text


def test_the_status_bar_tells_the_true_state(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    saved = people.register_person(
        services.ctx, {"full_name": "Lò Thị Mẫu", "sex": "female", "birth_date": "1985"}, _all_rules(services)
    )
    services.bridge.publish(saved.changes)
    services.bridge.publish_sync(FakeStatus(Link.OFFLINE, Text("Chưa có mạng", "No network")))
    qtbot.waitUntil(lambda: "còn 1 phiếu" in window.status_bar.words)
    assert "Chưa có mạng" in window.status_bar.words
    assert "Đã nhận 0" in window.status_bar.words
    assert window.status_bar.saved_text.startswith("Đã lưu 14:0")
    sync = services.sync
    assert isinstance(sync, FakeSync)
    assert sync.calls == ["wake"]


def _all_rules(services: Services) -> list[str]:
    answers = {"full_name": "Lò Thị Mẫu", "sex": "female", "birth_date": "1985"}
    return [f.rule for f in people.check_person(services.ctx, answers)]


def test_without_a_sync_thread_the_status_says_so(qtbot: QtBot, services: Services) -> None:
    window = open_window(qtbot, replace(services, sync=None))
    assert "Chưa khai báo cổng nhận" in window.status_bar.words


def test_toasts_go_but_what_matters_stays(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    done: list[str] = []
    undo = Notice(
        text=Text("Đã hoàn tất", "Done"), action=Text("Hoàn tác", "Undo"), on_action=lambda: done.append("x")
    )
    services.bridge.notify(Notice(text=Text("Cổng từ chối", "Rejected"), kind=NoticeKind.DANGER))
    for _ in range(4):
        services.bridge.notify(undo)
    qtbot.waitUntil(lambda: len(window.toasts.toasts) >= 3)
    shown = window.toasts.toasts
    assert shown[0].sticky
    assert shown[0].text == "Cổng từ chối"
    assert len(shown) <= 4
    bottoms = [t.geometry().bottom() for t in shown]
    assert bottoms == sorted(bottoms)
    button = next(
        w for w in shown[-1].findChildren(type(window.status_bar.user_button)) if w.text() == "Hoàn tác"
    )
    button.click()
    assert done == ["x"]


def test_problems_nobody_handles_stay_until_closed(qtbot: QtBot, window: MainWindow) -> None:
    window.show_problem("Ổ đĩa đã đầy")
    assert window.problem == "Ổ đĩa đã đầy"
    assert "Ổ đĩa đã đầy" in texts(window)


def test_unfinished_work_is_offered_and_resumed(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    person = register(services.ctx, "Lò Thị Mẫu")
    drafts.save_draft(services.ctx, exams.begin_exam(services.ctx, person))
    services.bridge.publish(ChangeSet(frozenset({ChangeKind.DRAFT}), frozenset({person})))
    qtbot.waitUntil(lambda: "Đang nhập dở · 1" in texts(window))
    press(Qt.Key.Key_Escape)
    for _ in range(30):
        focused = QApplication.focusWidget()
        if focused is not None and focused.accessibleName().startswith("Lò Thị Mẫu, Khám"):
            break
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    assert [d.person_id for d in record_of(window).resumed] == [person]


def test_todays_examinations_are_listed(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    ctx = services.ctx
    person = register(ctx, "Lò Thị Mẫu")
    draft = exams.begin_exam(ctx, person)
    answers = {
        **draft.answers,
        "diagnoses": [{"code": "I10", "text": "Tăng huyết áp"}],
        "examiner": "Hà Văn Thử",
    }
    rules = [f.rule for f in exams.check_exam(ctx, people.open_person(ctx, person).person.answers, answers)]
    saved = exams.finalise_exam(ctx, replace(draft, answers=answers), rules)
    services.bridge.publish(saved.changes)
    qtbot.waitUntil(lambda: "Khám hôm nay · 1 người" in texts(window))
    assert window.current == "reception"
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Return)
    assert record_of(window).opened == [person]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_fits_a_1366_screen(
    qtbot: QtBot, qapp: QApplication, services: Services, scale: int, language: str
) -> None:
    chosen = Preferences(language="en" if language == "en" else "vi", scale=scale)
    show_in(qapp, chosen)
    full = replace(services, check_portal=lambda *_: None, change_password=lambda *_: None)
    window = open_window(qtbot, full, chosen)
    for item in window.rail.ids:
        window.show_rail_item(item)
        assert window.minimumSizeHint().width() <= 1366, item
        assert window.minimumSizeHint().height() <= 768, item
        assert window.size() == QSize(1366, 768)


def test_both_languages_are_complete_on_every_screen(
    qtbot: QtBot, qapp: QApplication, services: Services
) -> None:
    seen: dict[str, set[str]] = {}
    for language in ("vi", "en"):
        chosen = Preferences(language="en" if language == "en" else "vi")
        show_in(qapp, chosen)
        window = open_window(qtbot, services, chosen)
        words: set[str] = set()
        for item in window.rail.ids:
            window.show_rail_item(item)
            words |= {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
        seen[language] = words
    shared = seen["vi"] & seen["en"]
    kept = ("38T01", "Hà Văn Thử", "Trạm Y tế xã Tam Chung", "Sở Y tế Thanh Hóa", "22/11/2026", "F2", "0", "")
    assert {w for w in shared if w not in kept and not w.startswith("Hà Văn Thử")} == set()


def test_the_window_asks_before_it_closes(qtbot: QtBot, services: Services) -> None:
    window = MainWindow(services, PLAIN_MAKERS, Preferences())
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(window.close_requested):
        assert not window.close()
    assert window.isVisible()
    window.allow_close()
    assert window.close()
