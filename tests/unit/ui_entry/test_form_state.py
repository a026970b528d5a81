from __future__ import annotations

import unicodedata
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.records import Draft, RecordKind
from forms.catalogue import form
from forms.model import Context, Json, Severity
from forms.text import Text, clean
from tests.unit.ui_entry.conftest import TODAY, MakeState
from ui.entry.form_state import UNREADABLE, VITALS_LINE, FormState


def test_text_becomes_a_value_and_reads_back_in_the_language_of_the_screen(make_state: MakeState) -> None:
    state = make_state("exam")
    state.set_text("temperature", "36.8")
    assert state.value("temperature") == 36.8
    assert state.text("temperature") == "36,8"


def test_what_cannot_be_read_stays_as_typed_and_says_why(make_state: MakeState) -> None:
    state = make_state("exam", {"pulse": 80})
    state.set_text("pulse", "tám mươi")
    assert state.text("pulse") == "tám mươi"
    assert state.value("pulse") is None
    assert [f.rule for f in state.shown_findings("pulse")] == [UNREADABLE]
    state.set_text("pulse", "80")
    assert state.value("pulse") == 80
    assert not state.shown_findings("pulse")


def test_decomposed_text_is_stored_composed(make_state: MakeState) -> None:
    state = make_state("person")
    state.set_text("full_name", unicodedata.normalize("NFD", "Nguyễn Thị Hồng Đào"))
    assert state.value("full_name") == "Nguyễn Thị Hồng Đào"


def test_a_keystroke_is_in_the_draft_but_not_judged(make_state: MakeState) -> None:
    state = make_state("exam")
    state.type_text("pulse", "7")
    assert state.draft("pulse").typed == {"pulse": "7"}
    assert state.draft("pulse").focus == "pulse"
    assert not state.shown_findings("pulse")
    assert state.value("pulse") is None


def test_a_draft_reopens_with_half_written_text(make_state: MakeState) -> None:
    state = make_state("exam", typed={"pulse": "78", "advice": "Uống th", "diagnoses": "tăng huy"})
    assert state.value("pulse") == 78
    assert state.text("advice") == "Uống th"
    assert state.pending_text("diagnoses") == "tăng huy"
    assert state.value("diagnoses") is None


def test_findings_wait_until_the_person_has_been_there(make_state: MakeState) -> None:
    state = make_state("person")
    assert any(f.key == "full_name" for f in state.findings)
    assert not state.shown_findings("full_name")
    state.touch("full_name")
    assert state.shown_findings("full_name")
    assert not state.shown_findings("birth_date")
    check = state.finish_check()
    assert {f.key for f in check.errors} == {"full_name", "sex", "birth_date"}
    assert state.shown_findings("birth_date")


def test_an_error_outranks_a_warning_and_the_order_is_that_of_the_paper(make_state: MakeState) -> None:
    state = make_state("exam", {"exam_date": "2026-11-22", "pulse": 190, "systolic": 90, "diastolic": 95})
    severities = [f.severity for f in state.findings]
    assert severities == sorted(severities, key=list(Severity).index)
    assert state.finish_check().errors


def test_a_confirmed_warning_stands_until_its_value_changes(make_state: MakeState) -> None:
    state = make_state("exam", {"exam_date": "2026-11-22", "pulse": 190}, person={"birth_date": "1985"})
    warnings = state.finish_check().warnings
    assert warnings
    state.acknowledge(warnings)
    assert state.finish_check().clear
    assert set(state.acknowledged) == {f.rule for f in warnings}
    state.set_text("pulse", "195")
    assert not state.finish_check().clear
    assert not state.acknowledged


def test_warnings_confirmed_in_an_earlier_revision_are_not_asked_again() -> None:
    definition = form()
    answers: dict[str, Json] = {"exam_date": "2026-11-22", "pulse": 190}
    draft = Draft(
        id="d", kind=RecordKind.EXAM, record_id="r", person_id="p", base_revision=1, answers=answers
    )
    context = Context(today=TODAY, person={"birth_date": "1985"})
    part = definition.part("exam")
    plain = FormState(form=definition, part=part, draft=draft, context=context, language="vi")
    rules = [f.rule for f in plain.finish_check().warnings]
    again = FormState(
        form=definition, part=part, draft=draft, context=context, language="vi", acknowledged=rules
    )
    assert again.finish_check().clear


def test_undo_takes_back_one_field_at_a_time_and_says_where(make_state: MakeState) -> None:
    state = make_state("exam")
    state.set_text("pulse", "78")
    state.set_text("weight", "58,5")
    assert state.undo() == "weight"
    assert state.value("weight") is None
    assert state.undo() == "pulse"
    assert state.undo() is None


def test_undo_brings_back_what_could_not_be_read(make_state: MakeState) -> None:
    state = make_state("exam")
    state.set_text("pulse", "bảy")
    state.set_text("pulse", "78")
    state.undo()
    assert state.text("pulse") == "bảy"
    assert state.shown_findings("pulse")


def test_one_burst_and_what_follows_from_it_is_one_step(make_state: MakeState) -> None:
    state = make_state("exam")
    state.set_values({"pulse": 7}, focus=VITALS_LINE, tag="burst")
    state.set_values({"pulse": 78, "weight": 58}, focus=VITALS_LINE, tag="burst")
    state.set_values({"height": 160}, focus=VITALS_LINE, join=True)
    assert state.undo() == VITALS_LINE
    assert not state.answers
    assert not state.can_undo


def test_a_pressure_typed_into_one_of_its_fields_fills_both(make_state: MakeState) -> None:
    state = make_state("exam")
    state.set_text("systolic", "132/84")
    assert (state.value("systolic"), state.value("diastolic")) == (132, 84)


def test_bmi_follows_and_is_never_typed(make_state: MakeState) -> None:
    state = make_state("exam")
    state.set_values({"weight": 58.5, "height": 160}, focus="weight")
    assert state.value("bmi") == 22.9
    assert "bmi" not in state.order()
    assert "bmi" not in state.draft().answers


def test_a_field_that_does_not_apply_says_why_and_leaves_the_order(make_state: MakeState) -> None:
    man = make_state("exam", person={"sex": "male"})
    reason = man.hidden_reason("obstetric_gynecological")
    assert reason is not None
    assert reason.vi == "Nam giới"
    assert "obstetric_gynecological" not in man.order()
    unknown = make_state("exam")
    assert unknown.hidden_reason("obstetric_gynecological") is None


def test_words_held_in_a_search_stand_in_the_way_of_finishing(make_state: MakeState) -> None:
    state = make_state(
        "exam", {"exam_date": "2026-11-22", "diagnoses": [{"code": "I10", "text": "Tăng huyết áp"}]}
    )
    state.hold_text("diagnoses", "đau đầu", Text("chưa ghi", "not recorded"))
    assert state.value("diagnoses")
    assert state.finish_check().errors[0].key == "diagnoses"
    state.forget_typed("diagnoses")
    assert not state.finish_check().errors


def test_previous_values_are_shown_as_people_read_them(make_state: MakeState) -> None:
    state = make_state("exam", previous={"temperature": 36.5, "exam_date": "2025-10-12"})
    assert state.previous_text("temperature") == "36,5"
    assert state.previous_text("exam_date") == "12/10/2025"
    assert state.previous_text("pulse") == ""


_KEYS = (
    "pulse",
    "temperature",
    "systolic",
    "weight",
    "acuity_right",
    "cardiovascular",
    "advice",
    "exam_date",
)
_TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["78", "36,8", "132/84", "58,5", "7/10", "22/11/2026", "Nhịp đều, T1 T2 rõ", "", "abc"]),
)


@given(steps=st.lists(st.tuples(st.sampled_from(_KEYS), _TEXTS, st.booleans()), max_size=12))
@settings(max_examples=60, deadline=None)
def test_nothing_typed_is_lost_and_undo_leads_back(steps: list[tuple[str, str, bool]]) -> None:
    definition = form()
    part = definition.part("exam")
    context = Context(today=date(2026, 11, 22))
    draft = Draft(id="d", kind=RecordKind.EXAM, record_id="r", person_id="p", base_revision=0, answers={})

    def opened(kept: Draft) -> FormState:
        return FormState(form=definition, part=part, draft=kept, context=context, language="vi")

    state = opened(draft)
    for key, text, left in steps:
        state.type_text(key, text)
        kept = opened(state.draft(key))
        assert kept.pending_text(key) == text or kept.value(key) is not None or not clean(text)
        if left:
            state.set_text(key, text)
            again = opened(state.draft(key))
            assert {k: again.text(k) for k in _KEYS} == {k: state.text(k) for k in _KEYS}
            assert {k: again.value(k) for k in _KEYS} == {k: state.value(k) for k in _KEYS}
        else:
            state.forget_typed(key)
    while state.undo() is not None:
        pass
    assert not state.answers
