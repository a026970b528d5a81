"""Reading a full official ICD-10 list (TT 06/2026/TT-BYT) that a station imports."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from forms.codelists import Code, make_code
from forms.text import Text, clean

_ICD10 = re.compile(r"([A-Z]\d{2})(?:[./]?(\d{1,2}))?\s?[†*+]?")
_ICD10_FLAGS = (
    ("c24_not_primary", "primary", "no"),
    ("c25_discouraged_primary", "discouraged", "yes"),
    ("c26_use_more_specific", "usable", "no"),
    ("c27_death_only", "usable", "no"),
    ("c28_female", "sex", "female"),
    ("c29_male", "sex", "male"),
)
_LONGEST_NAME = 600  # characters; a longer one comes from an unclosed quotation mark
_NO_HEADER = Text(
    "Dòng đầu phải là tên cột: code, name_vi, name_en.",
    "The first line must name the columns: code, name_vi, name_en.",
)
_BROKEN_ROW = Text("Dòng bị hỏng, có thể thiếu dấu ngoặc kép.", "Broken line, perhaps a missing quote.")
_NO_CODE = Text("Dòng không có mã bệnh.", "The line has no code.")
_BAD_CODE = Text("“{code}” không phải mã ICD-10.", "“{code}” is not an ICD-10 code.")
_DUPLICATE = Text(
    "Mã {code} đã có ở dòng trước; dòng này không được nhận.",
    "Code {code} occurred before; this line was not taken.",
)
_NO_NAME = Text("Mã {code} chưa có tên tiếng Việt.", "Code {code} has no Vietnamese name.")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What was noticed in one line of an imported list: error = not taken, info = taken, please look."""

    row: int  # line of the file, the header being line 1
    code: str
    severity: Literal["error", "info"]
    reason: Text


def parse_icd10_csv(lines: Iterable[str]) -> tuple[list[Code], list[RowProblem]]:
    """Reads a full ICD-10 list: the entries that can be taken, and every row that needs a look.

    Columns code, name_vi and, where present, name_en and the flags of Circular 06/2026/TT-BYT (column
    numbers of its annex): c24_not_primary, c25_discouraged_primary, c26_use_more_specific,
    c27_death_only, c28_female, c29_male, each 0 or 1. Comma, semicolon or tab between columns.
    """
    source = iter(lines)
    first = next(source, "").lstrip("\ufeff")
    delimiter = max(",;\t", key=first.count)
    header = [clean(cell).casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    if not {"code", "name_vi"} <= set(header):
        return [], [RowProblem(1, "", "error", _NO_HEADER)]
    taken: dict[str, Code] = {}
    problems: list[RowProblem] = []
    reader = csv.reader(source, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            problems.append(RowProblem(reader.line_num + 1, "", "error", _BROKEN_ROW))
            continue
        if any(cell.strip() for cell in cells):
            row = dict(zip(header, map(clean, cells), strict=False))
            problems += _take_row(row, reader.line_num + 1, taken)
    return list(taken.values()), problems


def _take_row(row: dict[str, str], number: int, taken: dict[str, Code]) -> list[RowProblem]:
    """Adds the row's entry to `taken` unless it has no sound code; what there is to say about it."""
    raw = row.get("code", "")
    code = _icd10_code(raw)
    name_vi, name_en = row.get("name_vi", ""), row.get("name_en", "")
    if code is None:
        return [RowProblem(number, raw, "error", _BAD_CODE.format(code=raw) if raw else _NO_CODE)]
    if code in taken:
        return [RowProblem(number, code, "error", _DUPLICATE.format(code=code))]
    if max(len(name_vi), len(name_en)) > _LONGEST_NAME:
        return [RowProblem(number, code, "error", _BROKEN_ROW)]
    attributes = {
        attribute: value for column, attribute, value in _ICD10_FLAGS if row.get(column) in {"1", "x", "X"}
    }
    attributes.setdefault("primary", "yes")
    taken[code] = make_code(
        code, name_vi or name_en or code, name_en or name_vi or code, attributes=attributes
    )
    return [] if name_vi else [RowProblem(number, code, "info", _NO_NAME.format(code=code))]


def _icd10_code(raw: str) -> str | None:
    """Canonical "A00.9" of "A00.9", "a009", "A00/9", "A17.0†" or "G01*"; None if it is no ICD-10 code."""
    match = _ICD10.fullmatch(raw.upper())
    if match is None:
        return None
    return f"{match[1]}.{match[2]}" if match[2] else match[1]
