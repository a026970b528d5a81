"""An examination by keyboard, in the real window over a real encrypted store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import RecordStatus
from app.services import drafts, exams, people
from tests.helpers.screens import register
from tests.helpers.typing import compose, press, type_text
from tests.unit.ui_entry.breakable import DISK_FULL, BreakableStore
from tests.unit.ui_entry.conftest import begin, open_record, record_of
from ui.entry.form_state import VITALS_LINE
from ui.i18n import install_language
from ui.record.normal_findings import NORMAL_FINDINGS
from ui.services import Services
from ui.shell.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
VITALS = "132/84 78 36,8 58,5 160"


class Keys:
    """Counts every key that is pressed."""

    def __init__(self) -> None:
        self.count = 0

    def type(self, text: str) -> None:
        type_text(text)
        self.count += len(text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        press(key, modifier)
        self.count += 1


def test_a_follow_up_takes_at_most_sixty_keys(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    keys = Keys()
    keys.press(Qt.Key.Key_F2)
    keys.type("lo thi mau")
    qtbot.waitUntil(lambda: window.omnibox.popup_open)
    keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.current == "record" and record_of(window).record is not None)
    keys.press(Qt.Key.Key_F4)
    screen = record_of(window)
    qtbot.waitUntil(lambda: screen.in_exam)
    assert screen.exam.board.current == VITALS_LINE
    keys.type(VITALS)
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_B, CTRL)
    assert screen.exam.board.current == "diagnoses"
    keys.type("i10")
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not screen.in_exam)
    assert keys.count <= 60
    qtbot.waitUntil(lambda: screen.record is not None and len(screen.record.exams) == 3)
    assert screen.record is not None
    answers = screen.record.exams[0].answers
    assert (answers["systolic"], answers["bmi"]) == (132, 22.9)
    assert answers["diagnoses"] == [{"code": "I10", "text": "Tăng huyết áp vô căn"}]
    assert answers["respiratory"] == NORMAL_FINDINGS["respiratory"]
    assert not screen.record.drafts


def test_enter_walks_the_sheet_in_paper_order(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    page.board.go_to("exam_date")
    seen = [page.board.current]
    while page.board.current != "examiner":
        press(Qt.Key.Key_Return)
        seen.append(page.board.current)
        assert len(seen) < 60
    measured = {
        "pulse",
        "temperature",
        "systolic",
        "diastolic",
        "respiratory_rate",
        "weight",
        "height",
        "waist",
    }
    tests = {"lab_hematology", "lab_biochemistry", "lab_urine", "ultrasound_abdomen"}
    paper = [k for k in page.state.order() if k not in measured | tests]
    paper.insert(paper.index("acuity_right"), VITALS_LINE)
    assert seen == paper
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.finish_button


def test_tab_and_shift_tab_reach_every_cell(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    press(Qt.Key.Key_Tab)
    assert page.board.current == "pulse"
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    assert page.board.current == "systolic"
    press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, times=3)
    assert page.board.current == VITALS_LINE


def test_page_keys_go_from_section_to_section(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    stops = []
    for _ in range(4):
        press(Qt.Key.Key_PageDown)
        stops.append(page.board.current)
    assert stops == ["acuity_right", "skin_mucosa", "cardiovascular", "diagnoses"]
    press(Qt.Key.Key_PageUp)
    assert page.board.current == "cardiovascular"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_follow_up_fits_the_small_screen(
    qtbot: QtBot, services: Services, resident: str, language: str, request: pytest.FixtureRequest
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    install_language(app, "en" if language == "en" else "vi")
    try:
        window = request.getfixturevalue("window")
        page = begin(qtbot, open_record(qtbot, window, resident))
        type_text(VITALS)
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_B, CTRL)
        type_text("i10")
        press(Qt.Key.Key_Return)
        QApplication.processEvents()
        assert page.area.verticalScrollBar().maximum() == 0
        assert page.area.horizontalScrollBar().maximum() == 0
        for key in (VITALS_LINE, "cardiovascular", "development_assessment", "diagnoses", "examiner"):
            assert inside(page.board.editor(key), window)
    finally:
        install_language(app, "vi")


def inside(widget: QWidget | None, window: QWidget) -> bool:
    assert widget is not None
    corner = widget.mapTo(window, widget.rect().bottomRight())
    return widget.isVisible() and window.rect().contains(corner)


def test_what_the_vitals_line_cannot_read_is_marked_and_stops_finishing(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("132/84 abc 78")
    line = page.sheet.vitals.line
    assert [
        line.text()[s.cursor.selectionStart() : s.cursor.selectionEnd()] for s in line.box.extraSelections()
    ]
    press(Qt.Key.Key_Return)
    assert "abc" in page.sheet.vitals.finding.text
    press(Qt.Key.Key_Return, CTRL)
    assert screen.in_exam
    assert page.board.current == VITALS_LINE
    assert page.state.value("systolic") == 132


def test_line_and_cells_always_agree(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    type_text("132/84 78")
    assert page.state.value("pulse") == 78
    assert page.sheet.vitals.cells["pulse"].editor.shown.text == "78"
    press(Qt.Key.Key_Backspace, times=2)
    assert page.state.value("pulse") is None
    type_text("81")
    page.board.go_to("pulse")
    type_text("90")
    press(Qt.Key.Key_Return)
    assert page.sheet.vitals.line.text() == "132/84 90"
    page.board.go_to(VITALS_LINE)
    press(Qt.Key.Key_Z, CTRL)
    assert page.sheet.vitals.line.text() == "132/84 81"


def test_classes_and_last_values_stand_beside_the_line(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    vitals = page.sheet.vitals
    assert vitals.previous.text() == "lần trước 12/10/2025:  152/94 · 80 · 36,5 · 58 · 160"
    assert vitals.bmi_chip.isHidden()
    type_text("185/95 78 36,8 68,5 160")
    assert vitals.bmi_chip.text == "BMI 26,8 · Béo phì độ I"
    assert vitals.bp_chip.tone == "danger"


def test_all_normal_leaves_what_was_typed(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    page.board.go_to("respiratory")
    compose("Ran ẩm đáy phổi phải")
    press(Qt.Key.Key_B, CTRL)
    assert page.state.value("respiratory") == "Ran ẩm đáy phổi phải"
    assert page.state.value("cardiovascular") == NORMAL_FINDINGS["cardiovascular"]
    block = page.board.blocks["cardiovascular"]
    assert block.editor.property("state") is None
    assert "câu mẫu" in page.sheet.template_note.text()
    press(Qt.Key.Key_Z, CTRL)
    assert page.state.value("cardiovascular") is None
    assert page.state.value("respiratory") == "Ran ẩm đáy phổi phải"
    press(Qt.Key.Key_Z, CTRL)
    assert page.state.value("respiratory") is None
    assert page.board.current == "respiratory"


def test_one_organ_gets_its_sentence_and_gives_it_back(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    page.board.go_to("digestive")
    press(Qt.Key.Key_M, CTRL)
    assert page.state.value("digestive") == NORMAL_FINDINGS["digestive"]
    press(Qt.Key.Key_M, CTRL)
    assert page.state.value("digestive") is None
    qtbot.mouseDClick(page.board.blocks["digestive"].caption, Qt.MouseButton.LeftButton)
    assert page.state.value("digestive") == NORMAL_FINDINGS["digestive"]


def test_normal_sentences_suit_the_person(qtbot: QtBot, window: MainWindow, services: Services) -> None:
    boy = register(services.ctx, "Vàng Văn Bé", sex="male", birth_date="2024-06-01")
    page = begin(qtbot, open_record(qtbot, window, boy))
    assert page.board.blocks["obstetric_gynecological"].reason_text == "Nam giới"
    press(Qt.Key.Key_B, CTRL)
    assert page.state.value("obstetric_gynecological") is None
    assert page.state.value("nutrition") is None


def test_warnings_want_one_more_key_and_are_stored(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("192/112 78 36,8 58,5 160")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, CTRL)
    assert screen.in_exam
    assert "192/112" in page.bar.text
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not screen.in_exam)
    qtbot.waitUntil(lambda: screen.record is not None and len(screen.record.exams) == 3)
    assert screen.record is not None
    assert screen.record.exams[0].acknowledged


def test_escape_from_the_question_leads_to_the_field(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("192/112")
    press(Qt.Key.Key_Return, CTRL)
    assert page.bar.asks
    press(Qt.Key.Key_Escape)
    assert screen.in_exam
    assert page.board.current == "systolic"
    assert page.bar.text == ""


def test_a_warning_can_be_confirmed_in_its_place(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("192/112")
    press(Qt.Key.Key_Return)
    page.sheet.vitals.finding.acknowledged.emit()
    assert "Đã xác nhận" in page.sheet.vitals.finding.text
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not screen.in_exam)


def test_an_error_takes_the_caret_to_its_field_with_a_sentence(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text(VITALS)
    press(Qt.Key.Key_Return)
    page.board.go_to("exam_date")
    type_text("30/2/2026")
    press(Qt.Key.Key_Return, CTRL)
    assert screen.in_exam
    assert page.board.current == "exam_date"
    assert "28 ngày" in page.bar.text


def test_loose_words_in_the_diagnosis_are_not_dropped(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text(VITALS)
    page.board.go_to("diagnoses")
    type_text("đau đầu từ sáng")
    press(Qt.Key.Key_Return, CTRL)
    assert screen.in_exam
    assert page.board.current == "diagnoses"
    assert "đau đầu từ sáng" in page.bar.text


def test_escape_keeps_a_draft_and_f4_goes_on_at_the_same_field(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("132/84 7")
    press(Qt.Key.Key_Return)
    page.board.go_to("advice")
    compose("Giảm muối, uống th")
    press(Qt.Key.Key_Escape)
    assert not screen.in_exam
    qtbot.waitUntil(lambda: screen.exams_tab.unfinished.text != "")
    press(Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: screen.in_exam)
    assert page.board.current == "advice"
    assert page.state.text("advice") == "Giảm muối, uống th"
    compose("uốc")
    assert page.state.draft().typed["advice"] == "Giảm muối, uống thuốc"


def test_a_crash_loses_at_most_two_seconds(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    page.board.go_to("cardiovascular")
    compose("Thổi tâm thu 2/6 ở m")
    with qtbot.waitSignal(page.keeper.saved, timeout=2000):
        pass
    assert page.kept.text.startswith("Nháp lưu 14:0")
    kept = drafts.open_drafts(services.ctx)
    assert [(d.focus, d.typed) for d in kept] == [
        ("cardiovascular", {"cardiovascular": "Thổi tâm thu 2/6 ở m"})
    ]
    # Another start of the program: nothing but the store is left.
    again = exams.begin_exam(services.ctx, resident)
    person = people.open_person(services.ctx, resident)
    page.keeper.stop()
    page.enter(again, person)
    assert page.board.current == "cardiovascular"
    assert page.board.blocks["cardiovascular"].editor.shown.text == "Thổi tâm thu 2/6 ở m"


def test_work_left_today_is_gone_on_with_when_the_record_is_opened(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    draft = exams.begin_exam(services.ctx, resident)
    drafts.save_draft(services.ctx, replace(draft, typed={"advice": "Uống"}, focus="advice"))
    screen = open_record(qtbot, window, resident)
    qtbot.waitUntil(lambda: screen.in_exam)
    assert screen.exam.board.current == "advice"


def test_ctrl_s_keeps_the_draft_at_once(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    type_text("132/84")
    with qtbot.waitSignal(page.keeper.saved, timeout=800):
        press(Qt.Key.Key_S, CTRL)


def test_a_full_disk_keeps_everything_on_screen(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text(VITALS)
    press(Qt.Key.Key_Return)
    store = services.ctx.store
    assert isinstance(store, BreakableStore)
    store.full = True
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.bar.text == DISK_FULL.text.vi)
    assert screen.in_exam
    assert page.sheet.vitals.line.text() == VITALS
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.kept.tone == "danger")
    assert screen.has_unsaved()
    store.full = False
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not screen.in_exam)


def test_a_draft_that_cannot_be_kept_says_so_and_recovers(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    page = begin(qtbot, open_record(qtbot, window, resident))
    store = services.ctx.store
    assert isinstance(store, BreakableStore)
    store.full = True
    type_text("132/84")
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.bar.text == DISK_FULL.text.vi)
    store.full = False
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.bar.text == "")
    assert page.kept.tone == "neutral"


def test_discarding_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    page = begin(qtbot, screen)
    type_text("132/84")
    press(Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: len(drafts.open_drafts(services.ctx)) == 1)
    page.discard()
    assert not screen.in_exam
    qtbot.waitUntil(lambda: not drafts.open_drafts(services.ctx))
    qtbot.waitUntil(lambda: any("nháp" in toast.text for toast in window.toasts.toasts))
    toast = next(t for t in window.toasts.toasts if "nháp" in t.text)
    toast._on_action_clicked()
    qtbot.waitUntil(lambda: len(drafts.open_drafts(services.ctx)) == 1)
    qtbot.waitUntil(lambda: screen.exams_tab.unfinished.text != "")


def test_an_untouched_examination_leaves_no_draft(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    begin(qtbot, screen)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Escape)
    assert services.runner.drain(5)
    assert drafts.open_drafts(services.ctx) == ()


def test_an_old_examination_is_read_only_and_corrected_with_a_reason(
    qtbot: QtBot, window: MainWindow, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    press(Qt.Key.Key_Return)
    page = screen.exam
    assert screen.in_exam
    assert not page.entering
    page.board.go_to("pulse")
    type_text("99")
    assert page.state.value("pulse") == 80
    page.amend_button.click()
    qtbot.waitUntil(lambda: page.entering)
    page.board.go_to("pulse")
    type_text("88")
    press(Qt.Key.Key_Return, CTRL)
    assert page.entering
    assert "lý do" in page.bar.text
    assert QApplication.focusWidget() is page.reason
    compose("đọc nhầm máy đo")
    press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: not screen.in_exam)
    qtbot.waitUntil(
        lambda: screen.record is not None and screen.record.exams[0].status is RecordStatus.AMENDED
    )
    assert screen.record is not None
    assert screen.record.exams[0].answers["pulse"] == 88


def test_a_mistake_stops_counting_and_stays_readable(qtbot: QtBot, window: MainWindow, resident: str) -> None:
    screen = open_record(qtbot, window, resident)
    press(Qt.Key.Key_Return)
    screen.exam.error_button.click()
    panel = screen.mistake
    assert panel.isVisible()
    press(Qt.Key.Key_Return)
    assert "lý do" in panel.note.text
    compose("nhầm người")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not screen.in_exam)
    qtbot.waitUntil(lambda: screen.tabs.tabText(1) == "D  Khám (1)")
    assert screen.exams_tab.rows == 2


def test_a_correction_made_elsewhere_is_not_overwritten(
    qtbot: QtBot, window: MainWindow, services: Services, resident: str
) -> None:
    screen = open_record(qtbot, window, resident)
    press(Qt.Key.Key_Return)
    page = screen.exam
    page.amend_button.click()
    qtbot.waitUntil(lambda: page.entering)
    other = exams.begin_amendment(services.ctx, page.state.draft().record_id)
    exams.finalise_exam(
        services.ctx, replace(other, answers={**other.answers, "pulse": 70}), page.state.acknowledged or
        [f.rule for f in page.state.findings], "ở máy khác",
    )  # fmt: skip
    page.board.go_to("pulse")
    type_text("88")
    page.reason.setText("gõ nhầm")
    press(Qt.Key.Key_Return, CTRL)
    if page.bar.asks:
        press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: "sửa ở nơi khác" in page.bar.text)
    assert page.entering
    assert page.state.value("pulse") == 88
