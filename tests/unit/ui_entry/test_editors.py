"""Every editor on its own, typed into as UniKey, input methods and hands do it."""

from __future__ import annotations

import unicodedata

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from forms.catalogue import form
from forms.codelists import code_list
from forms.model import Field, FieldType, Json
from forms.text import Text
from tests.helpers.typing import compose, press, type_text
from ui.entry.editors.base import FieldEditor, Shown
from ui.entry.editors.chips import ChipsEditor, yes_no_chips
from ui.entry.editors.choose import make_editor
from ui.entry.editors.diagnoses import DiagnosesEditor
from ui.entry.editors.line import LineEditor
from ui.entry.editors.long_text import LongTextEditor
from ui.entry.editors.search import SearchEditor
from ui.entry.look import entry_sheet

FORM = form()
CTRL = Qt.KeyboardModifier.ControlModifier
BACKSPACE = Qt.Key.Key_Backspace


class Heard:
    """What an editor told."""

    def __init__(self, editor: FieldEditor) -> None:
        self.typed: list[str] = []
        self.committed: list[str] = []
        self.picked: list[Json] = []
        self.moves: list[int] = []
        self.sections: list[int] = []
        self.undos = 0
        self.held: list[str] = []
        editor.text_typed.connect(lambda _key, text: self.typed.append(text))
        editor.text_committed.connect(lambda _key, text: self.committed.append(text))
        editor.value_picked.connect(lambda _key, value: self.picked.append(value))
        editor.move_requested.connect(lambda _key, step: self.moves.append(step))
        editor.section_requested.connect(lambda _key, step: self.sections.append(step))
        editor.undo_requested.connect(self._on_undo)
        if isinstance(editor, DiagnosesEditor):
            editor.text_held.connect(lambda _key, text: self.held.append(text))

    def _on_undo(self) -> None:
        self.undos += 1


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.setStyleSheet(entry_sheet())
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def put(host: QWidget, editor: FieldEditor) -> Heard:
    layout = host.layout()
    assert layout is not None
    layout.addWidget(editor)
    editor.show()
    editor.take_focus()
    return Heard(editor)


def line(host: QWidget, field_id: str) -> tuple[LineEditor, Heard]:
    editor = make_editor(FORM.field(field_id))
    assert isinstance(editor, LineEditor)
    return editor, put(host, editor)


def test_every_field_of_both_parts_has_an_editor_of_its_kind(host: QWidget) -> None:
    kinds = {
        FieldType.LONG_TEXT: LongTextEditor,
        FieldType.DIAGNOSES: DiagnosesEditor,
        FieldType.CODED: SearchEditor,
        FieldType.CHOICE: ChipsEditor,
    }
    for part in FORM.parts:
        for field in part.fields():
            editor = make_editor(field)
            assert type(editor) is kinds.get(field.type, LineEditor), field.id
            editor.deleteLater()


def test_unikey_backspaces_and_replacements_arrive_untouched(host: QWidget) -> None:
    editor, heard = line(host, "person.full_name")
    type_text("D")
    press(BACKSPACE)
    type_text("Đ")
    type_text("a")
    press(BACKSPACE)
    type_text("ào")
    assert editor.line.text() == "Đào"
    assert heard.committed == []
    press(Qt.Key.Key_Return)
    assert heard.committed == ["Đào"]
    assert heard.moves == [1]


def test_decomposed_text_is_left_alone_while_it_is_typed(host: QWidget) -> None:
    editor, heard = line(host, "person.full_name")
    decomposed = unicodedata.normalize("NFD", "Nguyễn")
    type_text(decomposed)
    assert editor.line.text() == decomposed
    assert heard.typed[-1] == decomposed


def test_an_input_method_composes_and_commits(host: QWidget) -> None:
    editor, heard = line(host, "person.full_name")
    preedit = QInputMethodEvent("nguyê", [])
    QApplication.sendEvent(editor.line, preedit)
    assert heard.typed == []
    assert editor.line.text() == ""
    compose("Nguyễn")
    assert editor.line.text() == "Nguyễn"
    assert heard.typed == ["Nguyễn"]


def test_leaving_without_typing_commits_nothing(host: QWidget) -> None:
    editor, heard = line(host, "person.full_name")
    editor.display(Shown("Lò Thị Mẫu", "Lò Thị Mẫu"))
    gone: list[str] = []
    editor.went_out.connect(gone.append)
    host.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    host.setFocus()
    assert heard.committed == []
    assert gone == ["full_name"]


def test_arrows_and_page_keys_move_between_fields(host: QWidget) -> None:
    _editor, heard = line(host, "person.full_name")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_PageDown)
    press(Qt.Key.Key_PageUp)
    assert heard.moves == [1, -1]
    assert heard.sections == [1, -1]


def test_undo_belongs_to_the_editor_first(host: QWidget) -> None:
    editor, heard = line(host, "person.full_name")
    type_text("Lò")
    press(Qt.Key.Key_Z, CTRL)
    assert editor.line.text() == ""
    assert heard.undos == 0
    press(Qt.Key.Key_Z, CTRL)
    assert heard.undos == 1


def test_the_unit_stands_inside_and_costs_no_text(host: QWidget) -> None:
    editor, _heard = line(host, "exam.weight")
    assert editor.line.textMargins().right() > 0
    type_text("58,5")
    assert editor.line.text() == "58,5"


def test_read_only_editors_commit_nothing(host: QWidget) -> None:
    editor, heard = line(host, "exam.weight")
    editor.set_read_only(True)
    type_text("58")
    press(Qt.Key.Key_Return)
    assert editor.line.text() == ""
    assert heard.committed == []


# Long text


def test_enter_goes_on_and_shift_enter_breaks_the_line(host: QWidget) -> None:
    editor = make_editor(FORM.field("exam.advice"))
    assert isinstance(editor, LongTextEditor)
    heard = put(host, editor)
    before = editor.box.height()
    type_text("Giảm muối")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    type_text("Đi bộ")
    assert editor.box.toPlainText() == "Giảm muối\nĐi bộ"
    assert editor.box.height() > before
    press(Qt.Key.Key_Return)
    assert heard.committed == ["Giảm muối\nĐi bộ"]
    assert heard.moves == [1]


def test_long_text_hears_input_methods_and_pasting(host: QWidget) -> None:
    editor = make_editor(FORM.field("exam.advice"))
    assert isinstance(editor, LongTextEditor)
    heard = put(host, editor)
    compose("Uống thuốc đều")
    QApplication.clipboard().setText(", giảm muối")
    editor.box.paste()
    assert heard.typed == ["Uống thuốc đều", "Uống thuốc đều, giảm muối"]


def test_long_text_stops_growing_and_scrolls(host: QWidget) -> None:
    editor = LongTextEditor(FORM.field("exam.advice"), most=3)
    put(host, editor)
    editor.display(Shown("\n".join("abcdefgh"), "x"))
    tall = editor.box.height()
    editor.display(Shown("\n".join("abc"), "x"))
    assert editor.box.height() == tall


# Chips


def test_chips_are_chosen_by_number_letter_and_arrow(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.sex"))
    assert isinstance(editor, ChipsEditor)
    heard = put(host, editor)
    type_text("2")
    assert editor.value == "female"
    type_text("c")
    assert editor.value == "unknown"
    press(Qt.Key.Key_Left)
    assert editor.value == "female"
    press(Qt.Key.Key_Delete)
    assert editor.value is None
    press(Qt.Key.Key_Return)
    assert heard.picked == ["female", "unknown", "female", None]
    assert heard.moves == [1]


def test_a_shared_first_letter_takes_the_next_option(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.sex"))
    assert isinstance(editor, ChipsEditor)
    put(host, editor)
    type_text("n")
    assert editor.value == "male"
    type_text("n")
    assert editor.value == "female"


def test_unikey_backspace_does_not_take_an_answer_away(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.sex"))
    assert isinstance(editor, ChipsEditor)
    put(host, editor)
    type_text("2")
    press(BACKSPACE)
    assert editor.value == "female"


def test_a_second_click_takes_the_answer_back(host: QWidget, qtbot: QtBot) -> None:
    editor = make_editor(FORM.field("person.blood_abo"))
    assert isinstance(editor, ChipsEditor)
    put(host, editor)
    qtbot.mouseClick(editor.chips[3], Qt.MouseButton.LeftButton)
    assert editor.value == "O"
    qtbot.mouseClick(editor.chips[3], Qt.MouseButton.LeftButton)
    assert editor.value is None


def test_yes_no_and_not_asked_are_three_visible_states(host: QWidget) -> None:
    field = Field(id="history.smoking", label=Text("Hút thuốc", "Smoking"), type=FieldType.YES_NO)
    editor = yes_no_chips(field)
    heard = put(host, editor)
    assert [chip.isChecked() for chip in editor.chips] == [False, False, True]
    type_text("k")
    assert editor.value is False
    assert [chip.isChecked() for chip in editor.chips] == [False, True, False]
    type_text("1")
    assert editor.value is True
    assert heard.picked == [False, True]


# Searching a list


def test_a_commune_is_found_by_words_without_diacritics(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.current_commune"))
    assert isinstance(editor, SearchEditor)
    heard = put(host, editor)
    type_text("tam chung")
    assert editor.search.list_open
    assert editor.search.popup.current is not None
    press(Qt.Key.Key_Return)
    assert heard.picked == ["14848"]
    assert heard.moves == [1]
    assert not editor.search.list_open


def test_escape_closes_the_list_and_nothing_else(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.ethnicity"))
    assert isinstance(editor, SearchEditor)
    put(host, editor)
    type_text("th")
    assert editor.search.list_open
    press(Qt.Key.Key_Escape)
    assert not editor.search.list_open
    assert editor.search.text() == "th"


def test_tab_takes_the_marked_line(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.ethnicity"))
    assert isinstance(editor, SearchEditor)
    heard = put(host, editor)
    type_text("hmong")
    press(Qt.Key.Key_Tab)
    assert heard.picked == ["08"]


def test_arrows_walk_round_the_list(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.ethnicity"))
    assert isinstance(editor, SearchEditor)
    put(host, editor)
    type_text("th")
    popup = editor.search.popup
    first = popup.current
    press(Qt.Key.Key_Up)
    assert popup.current != first
    press(Qt.Key.Key_Down)
    assert popup.current == first


def test_words_that_are_no_code_are_handed_over_to_be_refused(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.ethnicity"))
    heard = put(host, editor)
    type_text("sao hoả")
    press(Qt.Key.Key_Return)
    assert heard.committed == ["sao hoả"]


def test_an_emptied_search_means_unknown(host: QWidget) -> None:
    editor = make_editor(FORM.field("person.ethnicity"))
    assert isinstance(editor, SearchEditor)
    heard = put(host, editor)
    editor.display(Shown("Thái", "03"))
    editor.search.selectAll()
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_Return)
    assert heard.committed == [""]


def test_the_list_opens_upwards_where_there_is_no_room_below(host: QWidget) -> None:
    layout = host.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addStretch(1)
    editor = make_editor(FORM.field("person.ethnicity"))
    assert isinstance(editor, SearchEditor)
    put(host, editor)
    QApplication.processEvents()
    type_text("th")
    assert editor.search.popup.geometry().bottom() <= editor.geometry().top()


# Diagnoses


@pytest.fixture
def diagnoses(host: QWidget) -> tuple[DiagnosesEditor, Heard]:
    editor = DiagnosesEditor(FORM.field("exam.diagnoses"), code_list("icd10"))
    heard = put(host, editor)
    editor.value_picked.connect(lambda _key, value: editor.display(Shown("", value)))
    return editor, heard


def codes(value: Json) -> list[str]:
    assert isinstance(value, list)
    return [str(row["code"]) for row in value if isinstance(row, dict)]


def test_a_code_is_one_enter(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    editor, heard = diagnoses
    type_text("i10")
    press(Qt.Key.Key_Return)
    assert codes(heard.picked[-1]) == ["I10"]
    assert editor.input.text() == ""
    assert heard.moves == []
    press(Qt.Key.Key_Return)
    assert heard.moves == [1]


def test_words_without_a_code_are_recorded_as_they_are(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    _editor, heard = diagnoses
    type_text("đau mỏi; không rõ")
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    assert heard.picked[-1] == [{"code": "", "text": "đau mỏi, không rõ"}]


def test_the_first_is_the_main_one_and_can_be_changed(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    _editor, heard = diagnoses
    for code in ("i10", "e119"):
        type_text(code)
        press(Qt.Key.Key_Return)
    assert codes(heard.picked[-1]) == ["I10", "E11.9"]
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up, CTRL)
    assert codes(heard.picked[-1]) == ["E11.9", "I10"]
    press(Qt.Key.Key_Delete)
    assert codes(heard.picked[-1]) == ["I10"]
    press(Qt.Key.Key_Backspace)
    assert heard.picked[-1] is None


def test_the_same_code_is_not_recorded_twice(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    _editor, heard = diagnoses
    for _ in range(2):
        type_text("i10")
        press(Qt.Key.Key_Return)
    assert len(heard.picked) == 1


def test_loose_words_are_held_not_lost(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    editor, heard = diagnoses
    type_text("tăng huyết")
    editor.commit()
    assert heard.held == ["tăng huyết"]
    assert editor.input.text() == "tăng huyết"
    editor.input.setText("I10")
    editor.commit()
    assert codes(heard.picked[-1]) == ["I10"]


def test_the_last_diagnoses_are_offered_first(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    editor, heard = diagnoses
    editor.suggest([{"code": "M17.9", "text": "Thoái hoá khớp gối"}])
    press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    press(Qt.Key.Key_Return)
    assert codes(heard.picked[-1]) == ["M17.9"]


def test_a_read_only_list_has_no_line_to_type_in(diagnoses: tuple[DiagnosesEditor, Heard]) -> None:
    editor, heard = diagnoses
    editor.display(Shown("", [{"code": "I10", "text": "Tăng huyết áp"}]))
    editor.set_read_only(True)
    assert editor.input.isHidden()
    assert heard.picked == []
