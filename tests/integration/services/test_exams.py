from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.records import Draft, RecordStatus
from app.errors import AppError, RuleViolation, StaleRevision
from app.ports import Context
from app.services import drafts, exams, people


@pytest.fixture
def person_id(ctx: Context) -> str:
    answers = {"full_name": "Lò Thị Mẫu", "sex": "female", "birth_date": "1985"}
    return people.register_person(ctx, answers).record.id


def begin(ctx: Context, person_id: str) -> Draft:
    """A new exam with something in it."""
    draft = exams.begin_exam(ctx, person_id)
    return replace(draft, answers={**draft.answers, "pulse": 72})


VITALS = {"systolic": 132, "diastolic": 84, "pulse": 78, "temperature": 36.8, "weight": 58.5, "height": 160.0}


def test_a_new_exam_is_dated_today_and_remembers_the_examiner(ctx: Context, person_id: str) -> None:
    draft = exams.begin_exam(ctx, person_id)
    assert draft.answers == {"exam_date": "2026-11-22", "examiner": "Hà Văn Thử"}
    named = {**draft.answers, "pulse": 72, "examiner": "Vi Thị Khám"}
    exams.finalise_exam(ctx, replace(draft, answers=named))
    assert exams.begin_exam(ctx, person_id).answers["examiner"] == "Vi Thị Khám"


def test_a_finished_exam_has_its_bmi_and_no_draft(ctx: Context, person_id: str) -> None:
    draft = drafts.save_draft(ctx, exams.begin_exam(ctx, person_id))
    saved = exams.finalise_exam(ctx, replace(draft, answers={**draft.answers, **VITALS}))
    assert saved.record.answers["bmi"] == 22.9
    assert drafts.open_drafts(ctx) == ()
    assert [e.id for e in people.open_person(ctx, person_id).exams] == [draft.record_id]


def test_a_draft_comes_back_with_its_text_and_field(ctx: Context, person_id: str) -> None:
    begun = exams.begin_exam(ctx, person_id)
    drafts.save_draft(ctx, replace(begun, typed={"weight": "58,"}, focus="weight"))
    again = exams.begin_exam(ctx, person_id)
    assert (again.record_id, again.typed, again.focus) == (begun.record_id, {"weight": "58,"}, "weight")


def test_what_cannot_be_true_keeps_the_draft(ctx: Context, person_id: str) -> None:
    draft = drafts.save_draft(ctx, exams.begin_exam(ctx, person_id))
    with pytest.raises(RuleViolation):
        exams.finalise_exam(ctx, replace(draft, answers={**draft.answers, "systolic": 80, "diastolic": 120}))
    assert [d.id for d in drafts.open_drafts(ctx)] == [draft.id]


def test_a_correction_needs_a_reason_and_keeps_the_first_revision(ctx: Context, person_id: str) -> None:
    first = exams.finalise_exam(ctx, begin(ctx, person_id)).record
    change = exams.begin_amendment(ctx, first.id)
    corrected = replace(change, answers={**change.answers, "advice": "Hẹn khám lại sau một tháng"})
    with pytest.raises(AppError) as refused:
        exams.finalise_exam(ctx, corrected)
    assert refused.value.code == "reason-missing"
    saved = exams.finalise_exam(ctx, corrected, reason="Ghi thiếu lời dặn").record
    assert (saved.revision, saved.status) == (2, RecordStatus.AMENDED)
    with ctx.store.reading() as uow:
        history = uow.records.history(first.id)
    assert [(r.revision, r.reason, "advice" in r.answers) for r in history] == [
        (1, "", False),
        (2, "Ghi thiếu lời dặn", True),
    ]


def test_an_exam_entered_in_error_stays_readable(ctx: Context, person_id: str) -> None:
    exam = exams.finalise_exam(ctx, begin(ctx, person_id)).record
    exams.mark_entered_in_error(ctx, exam.id, 1, "Nhập nhầm người")
    (shown,) = people.open_person(ctx, person_id).exams
    assert (shown.status, shown.answers) == (RecordStatus.ENTERED_IN_ERROR, exam.answers)
    with pytest.raises(StaleRevision):
        exams.mark_entered_in_error(ctx, exam.id, 1, "Lần nữa")


def test_the_same_draft_finished_twice_is_one_exam(ctx: Context, person_id: str) -> None:
    draft = begin(ctx, person_id)
    exams.finalise_exam(ctx, draft)
    with pytest.raises(StaleRevision):
        exams.finalise_exam(ctx, draft)
    assert len(people.open_person(ctx, person_id).exams) == 1
