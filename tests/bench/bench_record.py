"""Reading and checking through the use cases. Search at 20,000 residents is in bench_store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.services import exams, people, searching, transfer
from app.services.synthetic import Population, lines
from forms import codelists
from forms.compute import computed
from forms.model import Context
from forms.validate import validate
from tests.bench.row import Row, median
from tests.helpers.station import station


def rows(folder: Path) -> Iterator[Row]:
    with station(folder / "station") as ctx:
        transfer.import_records(ctx, lines(Population(count=500, today=date(2026, 11, 20), exams=10)))
        with ctx.store.reading() as uow:
            ids = list(uow.records.person_ids())
            busiest = max(ids, key=lambda one: len(uow.records.exams_of(one)))
        record = people.open_person(ctx, busiest)
        count = len(record.exams)
        yield Row(
            f"open a record with {count} examinations (data)",
            median(lambda: people.open_person(ctx, busiest)),
            "ms",
            bar="30 ms to painted",
        )
        yield Row("today's list", median(lambda: searching.exams_today(ctx)), "ms", bar="-")
        yield Row("begin an examination", median(lambda: exams.begin_exam(ctx, busiest)), "ms", bar="-")
        exam, person = record.exams[0].answers, record.person.answers
        about = Context(today=date(2026, 11, 22), person=person)
        yield Row(
            "validate an examination",
            median(lambda: validate(ctx.form, "exam", exam, about)),
            "ms",
            bar="5 ms",
        )
        yield Row("computed fields", median(lambda: computed(ctx.form, "exam", exam, about)), "ms", bar="-")
        codes = codelists.code_list("icd10")
        yield Row("ICD-10 search, one keystroke", median(lambda: codes.find("viem ph")), "ms", bar="16 ms")
