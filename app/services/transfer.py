"""Records in and out as JSON Lines: one person a line, whole-line atomic.

A line: `{"id": …, "form": "QD831/2017", "person": {…}, "exams": [{"id": …, "status": …, …}]}`. Inside
`person` and each exam the keys are field ids without the part's prefix. `id`, `form` and `status` are
optional on the way in: an export carries them, so that importing it into an empty store reproduces it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final

from app.domain.records import Record, RecordKind, RecordStatus
from app.ports import Context, NewRevision, UnitOfWork
from app.services.validation import check, complete
from forms.model import Answers, Finding, FormDefinition, Json, Severity
from forms.text import Text
from forms.values import Unreadable, normalise

_BATCH: Final = 200
"""Lines per transaction: one durable write for many lines, little to repeat after a failure."""
_KEYS: Final = frozenset({"id", "form", "person", "history", "vaccinations", "exams"})
_IDENTIFIERS: Final = ("citizen_id", "insurance_number", "old_id_card")


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line was left out. `field` is a field id ("exam.systolic") or ""."""

    line: int
    field: str
    rule: str
    message: Text


@dataclass(frozen=True, slots=True)
class ImportReport:
    accepted: tuple[str, ...]
    """Person ids, in file order. Each is durable."""
    unchanged: tuple[str, ...]
    """Ids that were already here with the same content."""
    rejected: tuple[LineProblem, ...]
    warnings: int
    """Unusual values taken over as they are; they are stored as acknowledged."""

    @property
    def rejected_lines(self) -> int:
        return len({problem.line for problem in self.rejected})


@dataclass(frozen=True, slots=True)
class _Part:
    """One record of a line, ready to be saved."""

    id: str
    kind: RecordKind
    status: RecordStatus
    answers: dict[str, Json]
    acknowledged: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    accepted: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    rejected: list[LineProblem] = field(default_factory=list)
    warnings: int = 0


class _LineRefused(Exception):
    """Control flow inside this module; never leaves it."""

    def __init__(self, field_id: str, rule: str, message: Text) -> None:
        super().__init__(rule)
        self.field_id = field_id
        self.rule = rule
        self.message = message


def import_records(ctx: Context, lines: Iterable[str]) -> ImportReport:
    """Take over every line that can be taken over; report the others with field, rule and sentence."""
    tally = _Tally()
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, _BATCH)):
        done = _Tally()
        with ctx.store.writing() as uow:
            for number, line in batch:
                if line.strip():
                    _import_line(ctx, uow, number, line, done)
            uow.commit()
        tally.accepted += done.accepted
        tally.unchanged += done.unchanged
        tally.rejected += done.rejected
        tally.warnings += done.warnings
    return ImportReport(tuple(tally.accepted), tuple(tally.unchanged), tuple(tally.rejected), tally.warnings)


def _import_line(ctx: Context, uow: UnitOfWork, number: int, line: str, tally: _Tally) -> None:
    try:
        parts = _read_line(ctx, line)
        person = parts[0]
        if _already_here(uow, parts):
            tally.unchanged.append(person.id)
            return
        _require_new_identifiers(uow, person)
    except _LineRefused as refusal:
        tally.rejected.append(LineProblem(number, refusal.field_id, refusal.rule, refusal.message))
        return
    for part in parts:
        uow.save(
            NewRevision(
                record_id=part.id,
                kind=part.kind,
                person_id=person.id,
                form_code=ctx.form.code,
                form_version=ctx.form.version,
                status=part.status,
                base_revision=0,
                answers=part.answers,
                acknowledged=part.acknowledged,
                reason="import",
                user_id=ctx.user.id,
            )
        )
        tally.warnings += len(part.acknowledged)
    tally.accepted.append(person.id)


def _read_line(ctx: Context, line: str) -> list[_Part]:
    """The person first, then the exams; everything validated before anything is saved."""
    raw = _object(line)
    _refuse_unknown(ctx.form, raw)
    today = ctx.clock.now().date()
    person_raw = raw.get("person")
    exams_raw = raw.get("exams") or []
    if not isinstance(person_raw, dict) or not isinstance(exams_raw, list):
        raise _LineRefused(
            "", "bad-shape", Text("Dòng thiếu phần “person”.", "The line has no “person” part.")
        )
    person_id = _id_of(raw, ctx)
    person = _part(ctx, RecordKind.PERSON, person_id, person_raw, person_raw, today)
    parts = [person]
    for exam in exams_raw:
        if not isinstance(exam, dict):
            raise _LineRefused(
                "", "bad-shape", Text("Mỗi lần khám phải là một đối tượng.", "An exam is an object.")
            )
        parts.append(_part(ctx, RecordKind.EXAM, _id_of(exam, ctx), exam, person.answers, today))
    if len({part.id for part in parts}) != len(parts):
        raise _LineRefused(
            "", "id-repeated", Text("Mã hồ sơ lặp lại trong dòng.", "An id occurs twice in the line.")
        )
    return parts


def _object(line: str) -> dict[str, Json]:
    try:
        raw = json.loads(line.lstrip("\ufeff"))
    except (json.JSONDecodeError, RecursionError):
        raise _LineRefused("", "not-json", Text("Dòng không phải JSON.", "The line is not JSON.")) from None
    if not isinstance(raw, dict):
        raise _LineRefused(
            "", "bad-shape", Text("Dòng không phải một đối tượng.", "The line is not an object.")
        )
    return raw


def _refuse_unknown(form: FormDefinition, raw: Mapping[str, Json]) -> None:
    for key in raw.keys() - _KEYS:
        raise _LineRefused(key, "unknown-part", Text(f"Không có phần “{key}”.", f"There is no part “{key}”."))
    for key in ("history", "vaccinations"):
        if raw.get(key):
            raise _LineRefused(
                key,
                "unsupported-part",
                Text(
                    f"Bản này chưa nhận phần “{key}”; dòng được để nguyên, chưa nhập gì.",
                    f"This version does not take “{key}” yet; nothing of the line was imported.",
                ),
            )
    stated = raw.get("form")
    known = f"{form.code}/{form.version}"
    if stated not in (None, known):
        raise _LineRefused(
            "",
            "unknown-form",
            Text(f"Mẫu “{stated}” chưa có; máy có {known}.", f"Form “{stated}” is not {known}."),
        )


def _id_of(raw: Mapping[str, Json], ctx: Context) -> str:
    stated = raw.get("id")
    if stated is None:
        return ctx.new_id()
    if not isinstance(stated, str) or not 1 <= len(stated) <= 64 or not stated.isascii():
        raise _LineRefused("id", "bad-id", Text("Mã hồ sơ không hợp lệ.", "The id is not valid."))
    return stated


def _part(
    ctx: Context, kind: RecordKind, record_id: str, raw: Mapping[str, Json], person: Answers, today: date
) -> _Part:
    status = RecordStatus.FINAL
    values: dict[str, Json] = {}
    for key, value in raw.items():
        if kind is RecordKind.EXAM and key == "id":
            continue
        if key == "status":
            status = _status(value)
            continue
        short = key.removeprefix(f"{kind.value}.")
        values[short] = _value(ctx.form, kind, short, value)
    subject = values if kind is RecordKind.PERSON else person
    answers = complete(ctx.form, kind, values, today=today, person=subject)
    findings = check(ctx.form, kind, answers, today=today, person=subject)
    for finding in findings:
        if finding.severity is Severity.ERROR:
            raise _refused(kind, finding)
    warned = dict.fromkeys(f.rule for f in findings if f.severity is Severity.WARNING)
    return _Part(record_id, kind, status, answers, tuple(warned))


def _value(form: FormDefinition, kind: RecordKind, key: str, value: Json) -> Json:
    field_id = f"{kind.value}.{key}"
    definition = form.by_id.get(field_id)
    if definition is None:
        raise _LineRefused(
            field_id, "unknown-field", Text(f"Mẫu không có mục “{key}”.", f"The form has no field “{key}”.")
        )
    try:
        return normalise(definition, value)
    except Unreadable as problem:
        raise _LineRefused(field_id, "unreadable", problem.text) from None


def _status(value: Json) -> RecordStatus:
    try:
        return RecordStatus(str(value))
    except ValueError:
        raise _LineRefused(
            "status", "bad-status", Text(f"Trạng thái “{value}” không có.", f"No status “{value}”.")
        ) from None


def _refused(kind: RecordKind, finding: Finding) -> _LineRefused:
    return _LineRefused(f"{kind.value}.{finding.key}" if finding.key else "", finding.rule, finding.message)


def _already_here(uow: UnitOfWork, parts: list[_Part]) -> bool:
    """True when every record of the line is here with the same content; refuses a different content."""
    current = [uow.records.get(part.kind, part.id) for part in parts]
    if not any(current):
        return False
    for part, record in zip(parts, current, strict=True):
        if record is None or dict(record.answers) != part.answers or record.status is not part.status:
            raise _LineRefused(
                "id",
                "id-exists",
                Text(
                    "Hồ sơ mang mã này đã có trong máy với nội dung khác; bản trong máy được giữ nguyên.",
                    "A record with this id is already here with other content; it was left as it is.",
                ),
            )
    return True


def _require_new_identifiers(uow: UnitOfWork, person: _Part) -> None:
    for key in _IDENTIFIERS:
        value = person.answers.get(key)
        if value and uow.people.by_identifier(key, str(value)):
            raise _LineRefused(
                f"person.{key}",
                "duplicate-identifier",
                Text(
                    "Đã có người mang số giấy tờ này trong máy; dòng không được nhập để tránh trùng hồ sơ.",
                    "Someone with this number is already here; the line was left out to avoid a duplicate.",
                ),
            )


def export_records(ctx: Context, person_id: str | None = None) -> Iterator[str]:
    """One line per person in order of registration; keys in the order of the form. No trailing newline."""
    with ctx.store.reading() as uow:
        ids = [person_id] if person_id else uow.records.person_ids()
        for current in ids:
            person = uow.records.get(RecordKind.PERSON, current)
            if person is not None:
                exams = sorted(
                    uow.records.exams_of(current), key=lambda e: (e.answers.get("exam_date", ""), e.id)
                )
                yield json.dumps(_line(ctx.form, person, exams), ensure_ascii=False)


def _line(form: FormDefinition, person: Record, exams: Iterable[Record]) -> dict[str, Json]:
    return {
        "id": person.id,
        "form": f"{person.form_code}/{person.form_version}",
        "person": _in_form_order(form, person) | _stated_status(person),
        "exams": [{"id": exam.id, **_in_form_order(form, exam), **_stated_status(exam)} for exam in exams],
    }


def _in_form_order(form: FormDefinition, record: Record) -> dict[str, Json]:
    ordered = [f.key for f in form.part(record.kind.value).fields() if not f.computed]
    return {key: record.answers[key] for key in ordered if key in record.answers}


def _stated_status(record: Record) -> dict[str, Json]:
    return {} if record.status is RecordStatus.FINAL else {"status": record.status.value}
