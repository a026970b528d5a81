"""Examinations (part D). An exam is a fact: a correction is a new revision with a reason."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.records import ChangeKind, ChangeSet, Draft, Record, RecordKind, RecordStatus, Saved
from app.errors import AppError, NotFound
from app.ports import Context, NewRevision, UnitOfWork
from app.services.people import person_not_found
from app.services.validation import check, complete, require_finishable
from forms.model import Answers, Finding
from forms.text import Text, clean

_LAST_EXAMINER = "last-examiner/{user}"


def begin_exam(ctx: Context, person_id: str) -> Draft:
    """This user's unfinished exam of the person, otherwise a fresh one dated today. Nothing is stored yet."""
    with ctx.store.reading() as uow:
        if uow.records.get(RecordKind.PERSON, person_id) is None:
            raise person_not_found()
        for draft in uow.drafts.of_person(person_id):
            if draft.kind is RecordKind.EXAM and draft.user_id == ctx.user.id and not draft.base_revision:
                return draft
        examiner = uow.settings.get(_LAST_EXAMINER.format(user=ctx.user.id)) or ctx.user.display_name
    return Draft(
        id=ctx.new_id(),
        kind=RecordKind.EXAM,
        record_id=ctx.new_id(),
        person_id=person_id,
        base_revision=0,
        answers={"exam_date": ctx.clock.now().date().isoformat(), "examiner": examiner},
        user_id=ctx.user.id,
    )


def begin_amendment(ctx: Context, exam_id: str) -> Draft:
    """The correction this user left unfinished, otherwise a draft holding the exam as it stands."""
    with ctx.store.reading() as uow:
        exam = _exam(uow, exam_id)
        for draft in uow.drafts.of_person(exam.person_id):
            same = draft.record_id == exam_id and draft.user_id == ctx.user.id
            if same and draft.base_revision == exam.revision:
                return draft
    return Draft(
        id=ctx.new_id(),
        kind=RecordKind.EXAM,
        record_id=exam_id,
        person_id=exam.person_id,
        base_revision=exam.revision,
        answers=dict(exam.answers),
        user_id=ctx.user.id,
    )


def check_exam(ctx: Context, person: Answers, answers: Answers) -> list[Finding]:
    return check(ctx.form, RecordKind.EXAM, answers, today=ctx.clock.now().date(), person=person)


def finalise_exam(ctx: Context, draft: Draft, acknowledged: Iterable[str] = (), reason: str = "") -> Saved:
    """Finish an exam or a correction; its draft goes in the same transaction.

    RuleViolation: errors or warnings not seen yet. A correction without a reason is refused.
    """
    why = clean(reason)
    if draft.base_revision and not why:
        raise _reason_missing()
    today = ctx.clock.now().date()
    with ctx.store.writing() as uow:
        person = uow.records.get(RecordKind.PERSON, draft.person_id)
        if person is None:
            raise person_not_found()
        stored = complete(ctx.form, RecordKind.EXAM, draft.answers, today=today, person=person.answers)
        findings = check(ctx.form, RecordKind.EXAM, stored, today=today, person=person.answers)
        confirmed = require_finishable(findings, acknowledged)
        record = uow.save(
            NewRevision(
                record_id=draft.record_id,
                kind=RecordKind.EXAM,
                person_id=draft.person_id,
                form_code=ctx.form.code,
                form_version=ctx.form.version,
                status=RecordStatus.AMENDED if draft.base_revision else RecordStatus.FINAL,
                base_revision=draft.base_revision,
                answers=stored,
                acknowledged=confirmed,
                reason=why,
                user_id=ctx.user.id,
            )
        )
        uow.drafts.remove(draft.id)
        examiner = stored.get("examiner")
        key = _LAST_EXAMINER.format(user=ctx.user.id)
        if examiner and uow.settings.get(key) != examiner:
            uow.settings.put(key, examiner)
        uow.commit()
    return Saved(record, _exam_changes(draft.person_id))


def mark_entered_in_error(ctx: Context, exam_id: str, base_revision: int, reason: str) -> Saved:
    """Withdraw an exam. It stays readable in the journal and the portal is told."""
    why = clean(reason)
    if not why:
        raise _reason_missing()
    with ctx.store.writing() as uow:
        exam = _exam(uow, exam_id)
        record = uow.save(
            NewRevision(
                record_id=exam_id,
                kind=RecordKind.EXAM,
                person_id=exam.person_id,
                form_code=exam.form_code,
                form_version=exam.form_version,
                status=RecordStatus.ENTERED_IN_ERROR,
                base_revision=base_revision,
                answers=exam.answers,
                acknowledged=exam.acknowledged,
                reason=why,
                user_id=ctx.user.id,
            )
        )
        uow.commit()
    return Saved(record, _exam_changes(exam.person_id))


def _exam(uow: UnitOfWork, exam_id: str) -> Record:
    exam = uow.records.get(RecordKind.EXAM, exam_id)
    if exam is None:
        raise NotFound(
            "exam-not-found",
            Text(
                "Không có lần khám này trong máy. Mở lại hồ sơ để xem danh sách lần khám.",
                "There is no such examination on this computer. Open the record again to see its list.",
            ),
        )
    return exam


def _exam_changes(person_id: str) -> ChangeSet:
    kinds = frozenset({ChangeKind.EXAM, ChangeKind.PERSON, ChangeKind.OUTBOX, ChangeKind.DRAFT})
    return ChangeSet(kinds, frozenset({person_id}))


def _reason_missing() -> AppError:
    return AppError(
        "reason-missing",
        Text(
            "Phiếu đã hoàn tất chỉ sửa được khi ghi lý do. Nội dung vừa sửa vẫn còn trên màn hình; "
            "ghi lý do rồi hoàn tất lại.",
            "A finished examination can only be changed with a reason. What you typed is still on screen; "
            "write the reason and finish again.",
        ),
    )
