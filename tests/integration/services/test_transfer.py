from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from app.ports import Context
from app.services import searching, transfer
from app.services.synthetic import Population, lines
from tests.helpers.station import station


def test_a_thousand_people_survive_export_and_import_unchanged(ctx: Context, tmp_path: Path) -> None:
    report = transfer.import_records(ctx, lines(Population(count=1000, today=date(2026, 11, 22))))
    assert (len(report.accepted), report.rejected) == (1000, ())
    first = list(transfer.export_records(ctx))
    with station(tmp_path / "second") as other:
        again = transfer.import_records(other, first)
        assert (len(again.accepted), again.rejected) == (1000, ())
        assert list(transfer.export_records(other)) == first
    assert sum(len(json.loads(line)["exams"]) for line in first) > 500


def test_the_same_file_twice_changes_nothing(ctx: Context) -> None:
    transfer.import_records(ctx, lines(Population(count=20, today=date(2026, 11, 22))))
    exported = list(transfer.export_records(ctx))
    report = transfer.import_records(ctx, exported)
    assert (report.accepted, len(report.unchanged)) == ((), 20)
    assert list(transfer.export_records(ctx)) == exported


@pytest.mark.parametrize(
    ("line", "field", "rule"),
    [
        ("{", "", "not-json"),
        ("[]", "", "bad-shape"),
        ("{}", "", "bad-shape"),
        ('{"person": {"full_name": "A B", "shoe_size": 42}}', "person.shoe_size", "unknown-field"),
        ('{"person": {"full_name": "A B"}, "pets": []}', "pets", "unknown-part"),
        ('{"person": {"full_name": "A B"}, "history": {"smoking": true}}', "history", "unsupported-part"),
        ('{"form": "QD831/1999", "person": {"full_name": "A B"}}', "", "unknown-form"),
        ('{"person": {"full_name": "A B", "birth_date": "31/31/1985"}}', "person.birth_date", "unreadable"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named_and_nothing_of_it_is_kept(
    ctx: Context, line: str, field: str, rule: str
) -> None:
    good = json.dumps({"person": {"full_name": "Hơ Pó", "sex": "male", "birth_date": "1979"}})
    report = transfer.import_records(ctx, [line, "", good])
    assert [(p.line, p.field, p.rule) for p in report.rejected] == [(1, field, rule)]
    assert len(report.accepted) == 1
    assert searching.search_people(ctx, "a b").rows == ()


def test_one_bad_exam_leaves_the_whole_line_out(ctx: Context) -> None:
    person = {"full_name": "Hơ Pó", "sex": "male", "birth_date": "1979"}
    bad = {"exam_date": "2026-01-05", "systolic": 80, "diastolic": 120}
    line = json.dumps({"person": person, "exams": [{"exam_date": "2026-01-04"}, bad]})
    report = transfer.import_records(ctx, [line])
    assert report.rejected_lines == 1
    assert searching.search_people(ctx, "ho po").rows == ()


def test_a_number_that_is_here_already_is_not_imported_twice(ctx: Context) -> None:
    person = {"full_name": "Lò Thị Mẫu", "sex": "female", "birth_date": "1985", "citizen_id": "038185012345"}
    line = json.dumps({"person": person})
    report = transfer.import_records(ctx, [line, line])
    assert len(report.accepted) == 1
    assert [(p.line, p.rule) for p in report.rejected] == [(2, "duplicate-identifier")]


def test_full_field_ids_are_understood_too(ctx: Context) -> None:
    person = {"person.full_name": "Hơ Pó", "person.sex": "male", "person.birth_date": "1979"}
    report = transfer.import_records(ctx, [json.dumps({"person": person})])
    assert len(report.accepted) == 1
