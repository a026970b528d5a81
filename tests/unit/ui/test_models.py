"""Table models: structure, words, order."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.outbox import OutboxEntry, OutboxState, SyncState
from app.domain.people import PersonRow
from app.domain.records import RecordKind
from tests.helpers.station import NOW
from tests.helpers.typing import press
from ui.i18n import install_language
from ui.pieces.banner import EmptyState
from ui.pieces.data_table import DataTable, RowIdRole
from ui.reception.people_model import Column, PeopleModel, describe, name_sort_key
from ui.shell import queue_model
from ui.shell.queue_model import QueueModel, answer_text, state_text


def person(number: int, name: str, **changes: object) -> PersonRow:
    values: dict[str, object] = {
        "id": f"person-{number}", "full_name": name, "sex": "female", "birth_date": "1985-09-05",
        "village": "Bản Lát", "commune": "14848", "household_code": "", "id_last4": "2345",
        "insurance_last4": "0078", "last_exam": date(2026, 10, 12), "exam_count": 3, "sync": SyncState.HERE,
    }  # fmt: skip
    return PersonRow(**{**values, **changes})  # type: ignore[arg-type]


def entry(seq: int, state: OutboxState, **changes: object) -> OutboxEntry:
    values: dict[str, object] = {
        "seq": seq, "channel": "qd831", "kind": RecordKind.EXAM, "record_id": f"r{seq}",
        "person_id": f"p{seq}", "person_name": "Lò Thị Mẫu", "revision": 1, "state": state,
        "attempts": 0, "request_id": "",
        "message_bytes": 0, "receipt": "", "acknowledged_at": None, "last_code": "", "last_message": "",
        "queued_at": NOW,
    }  # fmt: skip
    return OutboxEntry(**{**values, **changes})  # type: ignore[arg-type]


PEOPLE = (
    person(1, "Lò Thị Mẫu", birth_date="1985"),
    person(2, "Nguyễn Thị Hồng Đào", sync=SyncState.ACKNOWLEDGED, sex="female"),
    person(
        3, "Giàng A Páo", sex="male", birth_date="1962-11", last_exam=None, id_last4="", insurance_last4=""
    ),
    person(4, "", sex="unknown", birth_date="", village="", sync=SyncState.REJECTED),
)


def test_people_model_is_a_proper_model(qtmodeltester: ModelTester) -> None:
    model = PeopleModel()
    qtmodeltester.check(model)
    model.show_rows(PEOPLE)
    qtmodeltester.check(model)


def test_queue_model_is_a_proper_model(qtmodeltester: ModelTester) -> None:
    model = QueueModel()
    qtmodeltester.check(model)
    model.show_entries([entry(n, state) for n, state in enumerate(OutboxState)], NOW)
    qtmodeltester.check(model)


def test_a_person_is_shown_as_stations_write_it(qapp: QApplication) -> None:
    model = PeopleModel()
    model.show_rows(PEOPLE)
    cells = [[model.index(r, c).data() for c in Column] for r in range(3)]
    assert cells[0] == [
        "Lò Thị Mẫu",
        "Nữ",
        "1985",
        "Bản Lát",
        "CCCD …2345 · BHYT …0078",
        "12/10/2026",
        "Trên máy",
    ]
    assert cells[1][Column.SYNC] == "Cổng đã nhận"
    assert cells[2][1:3] == ["Nam", "11/1962"]
    assert cells[2][4:6] == ["", ""]


def test_every_state_has_a_word_and_an_icon(qapp: QApplication) -> None:
    model = PeopleModel()
    model.show_rows([person(n, "Hà Văn Thử", sync=state) for n, state in enumerate(SyncState)])
    for row in range(model.rowCount()):
        index = model.index(row, Column.SYNC)
        assert index.data()
        assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()


def test_screen_readers_get_the_whole_line(qapp: QApplication) -> None:
    spoken = describe(PEOPLE[1])
    for part in ("Nguyễn Thị Hồng Đào", "Nữ", "05/09/1985", "Bản Lát", "2345", "12/10/2026", "Cổng đã nhận"):
        assert part in spoken
    model = PeopleModel()
    model.show_rows(PEOPLE)
    assert model.index(1, Column.NAME).data(Qt.ItemDataRole.AccessibleTextRole) == spoken


def test_names_sort_by_given_name() -> None:
    names = ["Vi Văn Ước", "Đỗ Thị Ánh", "Lò Thị Đào", "Hà Văn Thử", "An Thị Mẫu"]
    ordered = sorted(names, key=name_sort_key)
    assert [n.split()[-1] for n in ordered] == ["Ánh", "Đào", "Mẫu", "Thử", "Ước"]


def test_headers_speak_both_languages(qapp: QApplication) -> None:
    def titles() -> set[object]:
        people, queue = PeopleModel(), QueueModel()
        shown = [people.headerData(c, Qt.Orientation.Horizontal) for c in Column]
        return {*shown, *(queue.headerData(c, Qt.Orientation.Horizontal) for c in queue_model.Column)}

    vietnamese = titles()
    install_language(qapp, "en")
    assert all(vietnamese)
    assert all(titles())
    assert not vietnamese & titles()


@pytest.mark.parametrize(
    ("made", "state", "answer"),
    [
        (entry(1, OutboxState.PENDING), "Trên máy", "Chờ gửi"),
        (
            entry(1, OutboxState.PENDING, last_code="HTTP-503"),
            "Trên máy",
            "Chờ gửi (trả lời trước: HTTP-503)",
        ),
        (entry(1, OutboxState.UNKNOWN), "Không rõ", "Đã gửi nhưng chưa nghe trả lời. Máy sẽ tự hỏi lại"),
        (entry(1, OutboxState.REJECTED, last_message="Sai mã ICD-10"), "Cổng từ chối", "Sai mã ICD-10"),
        (entry(1, OutboxState.ACKNOWLEDGED, last_message="OK"), "Cổng đã nhận", "Cổng đã nhận"),
        (entry(1, OutboxState.SUPERSEDED), "Đã có bản mới hơn", "Đã có bản mới hơn"),
    ],
)
def test_the_queue_speaks_in_words(qapp: QApplication, made: OutboxEntry, state: str, answer: str) -> None:
    assert state_text(made) == state
    assert answer_text(made).startswith(answer)


def test_nothing_but_an_acknowledgement_looks_acknowledged(qapp: QApplication) -> None:
    for state in OutboxState:
        if state is not OutboxState.ACKNOWLEDGED:
            assert "đã nhận" not in state_text(entry(1, state)).casefold()


def people_table(qtbot: QtBot) -> tuple[DataTable, PeopleModel]:
    model = PeopleModel()
    table = DataTable(
        "people", model, EmptyState("search", "Không có ai"), widths={Column.SEX: 60}, stretch=Column.NAME,
        first_to_go=(Column.IDS, Column.LAST_EXAM),
    )  # fmt: skip
    qtbot.addWidget(table)
    table.resize(1100, 300)
    with qtbot.waitExposed(table):
        table.show()
    table.activateWindow()
    return table, model


def test_the_table_is_used_by_keyboard(qtbot: QtBot) -> None:
    table, model = people_table(qtbot)
    model.show_rows(PEOPLE)
    table.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    assert table.current_id == "person-1"
    press(Qt.Key.Key_Down)
    with qtbot.waitSignal(table.row_opened) as opened:
        press(Qt.Key.Key_Return)
    assert opened.args == ["person-2"]
    press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("Nguyễn Thị Hồng Đào\tNữ\t05/09/1985")


def test_the_table_sorts_in_vietnamese_and_back(qtbot: QtBot) -> None:
    table, model = people_table(qtbot)
    model.show_rows(PEOPLE)

    def ids() -> list[str]:
        shown = table.view.model()
        return [str(shown.index(r, 0).data(RowIdRole)) for r in range(shown.rowCount())]

    table.view.sortByColumn(Column.NAME, Qt.SortOrder.AscendingOrder)
    assert ids() == ["person-4", "person-2", "person-1", "person-3"]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert ids() == ["person-1", "person-2", "person-3", "person-4"]


def test_an_empty_table_says_what_to_do_next(qtbot: QtBot) -> None:
    table, model = people_table(qtbot)
    assert not table.view.isVisible()
    model.show_rows(PEOPLE)
    assert table.view.isVisible()
    assert table.select("person-3")
    assert table.current_id == "person-3"
    assert not table.select("nobody")


def test_columns_give_way_before_anything_scrolls_sideways(qtbot: QtBot) -> None:
    table, model = people_table(qtbot)
    model.show_rows(PEOPLE)
    table.resize(560, 300)
    qtbot.waitUntil(lambda: table.view.isColumnHidden(Column.IDS))
    assert not table.view.horizontalScrollBar().isVisible()
    table.resize(1100, 300)
    qtbot.waitUntil(lambda: not table.view.isColumnHidden(Column.IDS))


def test_widths_are_remembered(qtbot: QtBot) -> None:
    table, _ = people_table(qtbot)
    widths = table.widths()
    widths[Column.VILLAGE] = 222
    table.restore_widths(widths)
    assert table.widths()[Column.VILLAGE] == 222
    table.restore_widths([1, 2])
    assert table.widths()[Column.VILLAGE] == 222


def test_sizes_and_times_of_the_queue(qapp: QApplication) -> None:
    model = QueueModel()
    yesterday = NOW - timedelta(days=1)
    model.show_entries(
        [entry(7, OutboxState.SENDING, message_bytes=2100, queued_at=yesterday, attempts=2)], NOW
    )
    columns = queue_model.Column
    assert model.index(0, columns.SIZE).data() == "2 KB"
    assert model.index(0, columns.QUEUED).data() == f"{datetime.strftime(yesterday, '%H:%M %d/%m')}"
    assert model.index(0, columns.WHAT).data() == "Lần khám (D), bản 1"
    assert model.index(0, 0).data(RowIdRole) == "7"
    assert model.entry("7") is not None
    assert model.entry("8") is None
