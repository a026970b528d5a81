"""Registering, correcting and opening people (part A)."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz

from app.domain.outbox import SyncState
from app.domain.people import DuplicateHint, PersonRecord, PersonRow
from app.domain.records import ChangeKind, ChangeSet, RecordKind, RecordStatus, Saved
from app.errors import NotFound
from app.ports import Context, NewRevision, UnitOfWork
from app.services.validation import check, complete, require_finishable
from forms.dates import PartialDate
from forms.model import Answers, Finding
from forms.text import Text, clean, fold

_UNIQUE_KEYS = ("citizen_id", "insurance_number", "old_id_card")
_SAME_NUMBER = {
    "citizen_id": Text("Trùng số định danh/CCCD", "Same citizen ID"),
    "insurance_number": Text("Trùng mã số BHYT", "Same insurance number"),
    "old_id_card": Text("Trùng số CMND cũ", "Same old ID card"),
}
_SIMILAR_NAME = 90
"""RapidFuzz ratio of folded names; short names are alike too easily, so a second match is needed too."""


def person_not_found() -> NotFound:
    return NotFound(
        "person-not-found",
        Text(
            "Không có hồ sơ này trong máy. Kiểm tra lại mã hồ sơ hoặc tìm theo tên.",
            "There is no such record on this computer. Check the id or search by name.",
        ),
    )


def check_person(ctx: Context, answers: Answers) -> list[Finding]:
    today = ctx.clock.now().date()
    return check(ctx.form, RecordKind.PERSON, answers, today=today, person=answers)


def register_person(
    ctx: Context, answers: Answers, acknowledged: Iterable[str] = (), person_id: str = ""
) -> Saved:
    """A new resident. RuleViolation when something cannot be true or a warning was not seen yet.

    `person_id` is the id the draft of the registration holds: the draft goes in the same transaction, and
    registering the same draft twice is a StaleRevision, not a second person.
    """
    return _save_person(ctx, person_id or ctx.new_id(), 0, answers, acknowledged)


def update_person(
    ctx: Context, person_id: str, base_revision: int, answers: Answers, acknowledged: Iterable[str] = ()
) -> Saved:
    """Correct part A. StaleRevision when somebody saved in between."""
    return _save_person(ctx, person_id, base_revision, answers, acknowledged)


def _save_person(
    ctx: Context, person_id: str, base_revision: int, answers: Answers, acknowledged: Iterable[str]
) -> Saved:
    today = ctx.clock.now().date()
    stored = complete(ctx.form, RecordKind.PERSON, answers, today=today, person=answers)
    findings = check(ctx.form, RecordKind.PERSON, stored, today=today, person=stored)
    confirmed = require_finishable(findings, acknowledged)
    with ctx.store.writing() as uow:
        record = uow.save(
            NewRevision(
                record_id=person_id,
                kind=RecordKind.PERSON,
                person_id=person_id,
                form_code=ctx.form.code,
                form_version=ctx.form.version,
                status=RecordStatus.AMENDED if base_revision else RecordStatus.FINAL,
                base_revision=base_revision,
                answers=stored,
                acknowledged=confirmed,
                user_id=ctx.user.id,
            )
        )
        for draft in uow.drafts.of_person(person_id):
            if draft.kind is RecordKind.PERSON and draft.user_id == ctx.user.id:
                uow.drafts.remove(draft.id)
        uow.commit()
    kinds = frozenset({ChangeKind.PERSON, ChangeKind.OUTBOX, ChangeKind.DRAFT})
    return Saved(record, ChangeSet(kinds, frozenset({person_id})))


def open_person(ctx: Context, person_id: str) -> PersonRecord:
    with ctx.store.reading() as uow:
        person = uow.records.get(RecordKind.PERSON, person_id)
        row = uow.people.row(person_id)
        if person is None or row is None:
            raise person_not_found()
        exams = tuple(uow.records.exams_of(person_id))
        drafts = tuple(d for d in uow.drafts.of_person(person_id) if d.user_id == ctx.user.id)
        ids = [person_id, *(e.id for e in exams)]
        states = uow.outbox.states_of(ids)
    sync = {record_id: states.get(record_id, SyncState.NONE) for record_id in ids}
    return PersonRecord(row=row, person=person, exams=exams, drafts=drafts, sync=sync)


def find_duplicates(
    ctx: Context, answers: Answers, person_id: str = "", limit: int = 5
) -> tuple[DuplicateHint, ...]:
    """People already registered who may be this one, surest first; nothing is ever merged by itself.

    An equal identifier is certain. Otherwise the name must be alike *and* two of birth year, sex,
    village and a parent's name must agree (vn-reference §9: many people share name and birth year).
    """
    with ctx.store.reading() as uow:
        hints = _same_numbers(uow, answers) + _same_people(uow, answers)
    found: dict[str, DuplicateHint] = {}
    for hint in hints:
        if hint.row.id != person_id:
            found.setdefault(hint.row.id, hint)
    return tuple(found.values())[:limit]


def _same_numbers(uow: UnitOfWork, answers: Answers) -> list[DuplicateHint]:
    return [
        DuplicateHint(row, (_SAME_NUMBER[key],), certain=True)
        for key in _UNIQUE_KEYS
        if (value := clean(str(answers.get(key) or "")))
        for row in uow.people.by_identifier(key, value)
    ]


def _same_people(uow: UnitOfWork, answers: Answers) -> list[DuplicateHint]:
    name = fold(str(answers.get("full_name") or ""))
    year = _birth_year(answers.get("birth_date"))
    if len(name.split()) < 2:
        return []
    candidates = uow.people.by_birth_year(year, spread=1) if year else uow.people.search(name, 50)
    scored = []
    for row in candidates:
        likeness = fuzz.token_sort_ratio(name, fold(row.full_name))
        if likeness < _SIMILAR_NAME:
            continue
        agreeing = _agreeing(uow, row, answers, year)
        if len(agreeing) >= 2:
            first = (
                Text("Trùng họ tên", "Same name")
                if likeness == 100
                else Text("Họ tên gần giống", "Similar name")
            )
            scored.append((likeness, len(agreeing), DuplicateHint(row, (first, *agreeing), certain=False)))
    scored.sort(key=lambda item: (-item[1], -item[0], item[2].row.full_name))
    return [hint for _, _, hint in scored]


def _agreeing(uow: UnitOfWork, row: PersonRow, answers: Answers, year: int) -> list[Text]:
    reasons = []
    if year and row.birth_date[:4] == str(year):
        typed = str(answers.get("birth_date"))
        full = len(typed) == 10 and typed == row.birth_date
        reasons.append(
            Text("Trùng ngày sinh", "Same birth date") if full else Text("Trùng năm sinh", "Same birth year")
        )
    if row.sex and row.sex == answers.get("sex"):
        reasons.append(Text("Cùng giới tính", "Same sex"))
    village = fold(str(answers.get("village") or ""))
    if village and village == fold(row.village):
        reasons.append(Text("Cùng thôn/bản", "Same village"))
    if _same_parent(uow, row, answers):
        reasons.append(Text("Cùng tên mẹ hoặc bố", "Same parent's name"))
    return reasons


def _same_parent(uow: UnitOfWork, row: PersonRow, answers: Answers) -> bool:
    typed = {key: fold(str(answers.get(key) or "")) for key in ("mother_name", "father_name")}
    if not any(typed.values()):
        return False
    other = uow.records.get(RecordKind.PERSON, row.id)
    return other is not None and any(
        name and name == fold(str(other.answers.get(key) or "")) for key, name in typed.items()
    )


def _birth_year(value: object) -> int:
    try:
        return PartialDate.parse_iso(str(value)).year
    except ValueError:
        return 0
