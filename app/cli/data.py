"""`forms`, `import …`, `export …`, `catalogue import`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.opening import opened
from app.cli.output import Output
from app.cli.parser import Commands
from app.cli.people import write_private
from app.errors import AppError, EnvironmentProblem
from app.services import catalogues, transfer
from forms.catalogue import form
from forms.describe import as_json
from forms.text import Text


def register(commands: Commands) -> None:
    forms = commands.add("forms", forms_command, "the form definitions: ids, labels, types, options, ranges")
    forms.add_argument("--form", default="QD831", metavar="CODE")
    records_in = commands.add("import records", import_command, "people with their examinations, JSON Lines")
    records_in.add_argument("file", type=Path)
    records_out = commands.add("export records", export_command, "the inverse of import records")
    records_out.add_argument("--person", metavar="ID")
    records_out.add_argument("--out", type=Path, required=True, metavar="FILE.jsonl")
    codes = commands.add("catalogue import", catalogue_command, "a newer or fuller code list (icd10)")
    codes.add_argument("name", choices=("icd10",))
    codes.add_argument("file", type=Path)


def forms_command(arguments: argparse.Namespace, out: Output) -> int:
    try:
        definition = form(arguments.form)
    except KeyError:
        raise AppError(
            "unknown-form",
            Text(f"Không có mẫu “{arguments.form}”.", f"There is no form “{arguments.form}”."),
        ) from None
    rows = as_json(definition)
    out.result(rows, [f"{row['id']:<40} {row['type']:<14} {row['label_vi']}" for row in rows])
    return 0


def read_text(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise AppError(
            "not-utf8",
            Text(
                f"Tệp {path.name} không phải UTF-8; lưu lại bằng mã UTF-8 rồi nhập lại. Chưa nhập gì.",
                f"{path.name} is not UTF-8; save it as UTF-8 and import again. Nothing was imported.",
            ),
        ) from error
    except OSError as error:
        raise EnvironmentProblem(
            "cannot-read-file",
            Text(f"Không đọc được {path}: {error.strerror}.", f"Cannot read {path}: {error.strerror}."),
        ) from error


def import_command(arguments: argparse.Namespace, out: Output) -> int:
    lines = read_text(arguments.file)
    with opened(arguments) as ctx:
        report = transfer.import_records(ctx, lines)
    rejected: list[dict[str, Any]] = [
        {"line": p.line, "field": p.field, "rule": p.rule, "message": p.message.get(out.language)}
        for p in report.rejected
    ]
    answer = {
        "accepted": list(report.accepted),
        "unchanged": list(report.unchanged),
        "rejected": rejected,
        "warnings": report.warnings,
    }
    summary = out.say(
        f"Đã nhập {len(report.accepted)} người; đã có sẵn {len(report.unchanged)}; "
        f"để lại {report.rejected_lines} dòng; {report.warnings} giá trị khác thường.",
        f"Imported {len(report.accepted)} people; {len(report.unchanged)} were already here; "
        f"{report.rejected_lines} lines left out; {report.warnings} unusual values.",
    )
    details = [f"{p['line']}: {p['field'] or '-'} [{p['rule']}] {p['message']}" for p in rejected]
    out.result(answer, [summary, *details])
    return 1 if rejected else 0


def export_command(arguments: argparse.Namespace, out: Output) -> int:
    with opened(arguments) as ctx:
        lines = list(transfer.export_records(ctx, arguments.person))
    write_private(arguments.out, "".join(f"{line}\n" for line in lines).encode())
    out.result(
        {"people": len(lines), "file": str(arguments.out)},
        out.say(
            f"Đã xuất {len(lines)} người ra {arguments.out}.",
            f"Exported {len(lines)} people to {arguments.out}.",
        ),
    )
    return 0


def catalogue_command(arguments: argparse.Namespace, out: Output) -> int:
    lines = read_text(arguments.file)
    with opened(arguments) as ctx:
        report = catalogues.import_icd10(ctx, lines)
    problems = [{"row": p.row, "message": p.reason.get(out.language)} for p in report.problems]
    out.result(
        {"codes": report.codes, "problems": problems},
        [
            out.say(f"Đã nhập {report.codes} mã ICD-10.", f"Imported {report.codes} ICD-10 codes."),
            *(f"{p['row']}: {p['message']}" for p in problems),
        ],
    )
    return 0
