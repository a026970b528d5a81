"""Code lists a station imports itself, kept in its store (the full official ICD-10 list)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from app.errors import AppError
from app.ports import Context
from forms import codelists
from forms.codelists import Code
from forms.codelists_icd10 import RowProblem, parse_icd10_csv
from forms.model import Json
from forms.text import Text

_ICD10: Final = "catalogue/icd10"


@dataclass(frozen=True, slots=True)
class CatalogueReport:
    codes: int
    problems: tuple[RowProblem, ...]


def import_icd10(ctx: Context, lines: Iterable[str]) -> CatalogueReport:
    """Extend the shipped list by an official one; a later import replaces an earlier one."""
    codes, problems = parse_icd10_csv(lines)
    if not codes:
        reason = problems[0].reason if problems else Text("Tệp trống.", "The file is empty.")
        raise AppError(
            "catalogue-unusable",
            Text(
                f"Chưa nhập mã nào: {reason.vi} Danh mục đang dùng được giữ nguyên.",
                f"No code was imported: {reason.en} The list in use is unchanged.",
            ),
        )
    rows: list[Json] = [[c.code, c.name_vi, c.name_en, cast("Json", dict(c.attributes))] for c in codes]
    with ctx.store.writing() as uow:
        uow.settings.put(_ICD10, rows)
        uow.commit()
    use_imported(ctx)
    return CatalogueReport(len(codes), tuple(problems))


def use_imported(ctx: Context) -> None:
    """Put the station's imported lists beside the shipped ones; called when a station is opened."""
    with ctx.store.reading() as uow:
        rows = uow.settings.get(_ICD10)
    imported = [_code(row) for row in rows] if isinstance(rows, list) else []
    codelists.extend("icd10", imported)


def _code(row: Json) -> Code:
    code, name_vi, name_en, attributes = cast(
        "tuple[str, str, str, dict[str, str]]", tuple(cast("list[Json]", row))
    )
    return codelists.make_code(code, name_vi, name_en, attributes=attributes)
