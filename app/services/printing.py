"""The paper form. The PDF stays in memory; only the caller decides where it goes."""

from __future__ import annotations

from app.domain.records import Record, RecordKind
from app.domain.station import Station
from app.errors import NotFound
from app.ports import Context, FormPrinter, PrintRequest
from app.services.people import person_not_found
from forms.text import Text


def print_form(ctx: Context, printer: FormPrinter, person_id: str, exam_id: str | None = None) -> bytes:
    """Part A and one exam of a person; without an exam part D is blank (pre-filled form)."""
    with ctx.store.reading() as uow:
        station = uow.settings.station()
        person = uow.records.get(RecordKind.PERSON, person_id)
        exam = uow.records.get(RecordKind.EXAM, exam_id) if exam_id else None
    if person is None:
        raise person_not_found()
    if exam_id and (exam is None or exam.person_id != person_id):
        raise NotFound(
            "exam-not-found",
            Text("Người này không có lần khám đó.", "This person has no such examination."),
        )
    return _render(ctx, printer, station, person, exam)


def print_blank(ctx: Context, printer: FormPrinter) -> bytes:
    with ctx.store.reading() as uow:
        station = uow.settings.station()
    return _render(ctx, printer, station, None, None)


def _render(
    ctx: Context, printer: FormPrinter, station: Station, person: Record | None, exam: Record | None
) -> bytes:
    return printer.render(
        PrintRequest(form=ctx.form, station=station, person=person, exam=exam, printed_at=ctx.clock.now())
    )
