"""`search`, `show`, `print`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from app import bootstrap
from app.cli.opening import opened
from app.cli.output import Output
from app.cli.parser import Commands
from app.domain.outbox import SYNC_LABELS
from app.domain.people import PersonRecord, PersonRow
from app.domain.records import Record, RecordStatus
from app.errors import AppError, EnvironmentProblem
from app.ports import Context, FormPrinter
from app.services import people, printing, searching
from forms.model import FormDefinition
from forms.text import Text
from forms.values import display


def register(commands: Commands) -> None:
    search = commands.add("search", search_command, "what the search box shows")
    search.add_argument("text", nargs="+")
    search.add_argument("--limit", type=int, default=20)
    show = commands.add("show", show_command, "one person's record")
    show.add_argument("id")
    paper = commands.add("print", print_command, "the 831 paper form as PDF")
    who = paper.add_mutually_exclusive_group()
    who.add_argument("--person", metavar="ID")
    who.add_argument(
        "--list", metavar="FILE", type=Path, help="one person id per line; one PDF each in --out DIR"
    )
    paper.add_argument("--exam", metavar="ID", help="the examination to print (default: the latest)")
    paper.add_argument("--blank", action="store_true", help="the empty form")
    paper.add_argument("--prefilled", action="store_true", help="part D left blank")
    paper.add_argument("--out", metavar="F.pdf", type=Path, required=True)


def row_json(row: PersonRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "full_name": row.full_name,
        "sex": row.sex,
        "birth_date": row.birth_date,
        "village": row.village,
        "commune": row.commune,
        "household_code": row.household_code,
        "citizen_id_last4": row.id_last4,
        "insurance_number_last4": row.insurance_last4,
        "last_exam": row.last_exam.isoformat() if row.last_exam else None,
        "exams": row.exam_count,
        "sync": row.sync.value,
    }


def search_command(arguments: argparse.Namespace, out: Output) -> int:
    with opened(arguments) as ctx:
        found = searching.search_people(ctx, " ".join(arguments.text), arguments.limit)
    lines = [
        f"{row.id}  {row.full_name} · {row.birth_date or '?'} · {row.village or '-'} · "
        f"{SYNC_LABELS[row.sync].get(out.language)}"
        for row in found.rows
    ]
    out.result([row_json(row) for row in found.rows], lines)
    if not found.rows:
        out.note(Text("Không tìm thấy ai.", "Nobody was found."))
    return 0


def show_command(arguments: argparse.Namespace, out: Output) -> int:
    with opened(arguments) as ctx:
        record = people.open_person(ctx, arguments.id)
        form = ctx.form
    out.result(_record_json(record), _record_lines(form, record, out))
    return 0


def _record_json(record: PersonRecord) -> dict[str, Any]:
    def one(item: Record) -> dict[str, Any]:
        return {
            "id": item.id,
            "form": f"{item.form_code}/{item.form_version}",
            "status": item.status.value,
            "revision": item.revision,
            "updated_at": item.updated_at.isoformat(),
            "sync": record.sync[item.id].value,
            "acknowledged": list(item.acknowledged),
            "answers": dict(item.answers),
        }

    return {"person": one(record.person), "exams": [one(exam) for exam in record.exams]}


def _record_lines(form: FormDefinition, record: PersonRecord, out: Output) -> list[str]:
    lines: list[str] = []
    for item in (record.person, *record.exams):
        part = form.part(item.kind.value)
        state = SYNC_LABELS[record.sync[item.id]].get(out.language)
        lines.append(f"{part.letter}. {part.title.get(out.language)} [{item.id}] · {state}")
        lines += [
            f"    {field.label.get(out.language)}: {display(field, item.answers[field.key], out.language)}"
            for field in part.fields()
            if field.key in item.answers
        ]
    return lines


def print_command(arguments: argparse.Namespace, out: Output) -> int:
    with opened(arguments) as ctx:
        jobs = _print_jobs(arguments)
        printer = bootstrap.printer()
        for path, person_id in jobs:
            write_private(path, _pdf(ctx, printer, person_id, arguments))
    written = [str(path) for path, _ in jobs]
    out.result({"files": written}, written)
    return 0


def _print_jobs(arguments: argparse.Namespace) -> list[tuple[Path, str]]:
    """Where each PDF goes and whose it is; "" for the blank form."""
    if arguments.blank:
        return [(arguments.out, "")]
    if arguments.person:
        return [(arguments.out, arguments.person)]
    if arguments.list:
        ids = [line.strip() for line in arguments.list.read_text("utf-8").splitlines() if line.strip()]
        return [(arguments.out / f"{person_id}.pdf", person_id) for person_id in ids]
    raise AppError(
        "print-what", Text("Chọn --person, --list hoặc --blank.", "Give --person, --list or --blank.")
    )


def _pdf(ctx: Context, printer: FormPrinter, person_id: str, arguments: argparse.Namespace) -> bytes:
    if not person_id:
        return printing.print_blank(ctx, printer)
    exam_id = None if arguments.prefilled else arguments.exam or _latest_exam(ctx, person_id)
    return printing.print_form(ctx, printer, person_id, exam_id)


def _latest_exam(ctx: Context, person_id: str) -> str | None:
    exams = people.open_person(ctx, person_id).exams
    valid = [exam.id for exam in exams if exam.status is not RecordStatus.ENTERED_IN_ERROR]
    return valid[0] if valid else None


def write_private(path: Path, content: bytes) -> None:
    """A file the user asked for, readable by nobody else; an existing one is replaced in one step."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EnvironmentProblem(
            "cannot-write-file",
            Text(
                f"Chưa ghi được tệp {path}: {error.strerror}. Hồ sơ trong máy không thay đổi.",
                f"Could not write {path}: {error.strerror}. The records are unchanged.",
            ),
        ) from error
