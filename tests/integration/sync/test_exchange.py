"""Station and portal, both real, over a loopback socket: what the customer is promised about sync."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.outbox import OutboxState
from app.domain.records import RecordKind, RecordStatus
from app.ports import Context
from sync.status import LinkState
from tests.helpers.portal import LOGIN_PATH, SEND_PATH, Fault, RunningPortal, free_port, running_portal
from tests.helpers.station import NOW, SetClock, reopen
from tests.integration.sync.records import (
    Told,
    amended,
    entries,
    exam,
    person,
    save,
    set_channel,
    station_with_channel,
    totals,
    worker,
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    folder = tmp_path / "portal"
    folder.mkdir()
    with running_portal(folder) as running:
        yield running


@pytest.fixture
def ctx(tmp_path: Path, portal: RunningPortal) -> Iterator[Context]:
    opened = station_with_channel(tmp_path / "station", portal.url)
    yield opened
    opened.store.close()


def test_fifty_exams_offline_arrive_once_and_by_themselves(tmp_path: Path) -> None:
    port = free_port()
    portal_folder = tmp_path / "portal"
    portal_folder.mkdir()
    ctx = station_with_channel(tmp_path / "station", f"http://127.0.0.1:{port}")
    told = Told()
    sender = worker(ctx, told)
    sender.start()
    patient = person(ctx)
    exams = [exam(ctx, patient.id, pulse=60 + n) for n in range(50)]
    sender.wake()
    offline = told.wait_for(lambda s: s.link is LinkState.OFFLINE and s.unsent == 51)
    assert offline.next_try_in is not None
    assert "trên máy" in offline.message.vi
    with running_portal(portal_folder, port=port) as portal:
        told.wait_for(lambda s: s.unsent == 0 and s.acknowledged == 51)
        assert sender.stop()
        assert sorted(e["ma_lk"] for e in portal.exams()) == sorted(e.id for e in exams)
        assert all(entry.receipt for entry in entries(ctx))
        sent = len(portal.receipts())
    ctx.store.close()

    again = reopen(tmp_path / "station")
    with running_portal(portal_folder, port=port) as portal:
        report = worker(again).run_once()
        assert (report.accepted, report.duplicate, report.left) == (0, 0, 0)
        assert portal.requests == [], "with nothing to send nobody is called"
        assert len(portal.receipts()) == sent
        assert len(portal.exams()) == 50
    again.store.close()


def test_an_edit_during_a_send_stays_unsent_and_goes_next(ctx: Context, portal: RunningPortal) -> None:
    patient = person(ctx)
    worker(ctx).run_once()
    record = exam(ctx, patient.id, pulse=70)
    portal.faults.next(Fault.HOLD_AFTER)
    told = Told()
    sender = worker(ctx, told)
    sender.start()
    assert portal.faults.entered.wait(10)
    amended(ctx, record, pulse=90)
    sender.wake()
    by_revision = {e.revision: e for e in entries(ctx) if e.record_id == record.id}
    assert by_revision[1].state is OutboxState.SENDING
    assert by_revision[2].state is OutboxState.PENDING
    portal.faults.release.set()
    told.wait_for(lambda s: s.unsent == 0 and s.acknowledged == 3)
    assert sender.stop()
    by_revision = {e.revision: e for e in entries(ctx) if e.record_id == record.id}
    assert by_revision[1].state is by_revision[2].state is OutboxState.ACKNOWLEDGED
    assert by_revision[1].receipt != by_revision[2].receipt
    (held,) = portal.exams()
    assert held["content"]["MACH"] == "90"


def test_a_rejected_record_is_shown_with_its_reason_and_holds_nobody_up(
    ctx: Context, portal: RunningPortal
) -> None:
    patient = person(ctx)
    good = [exam(ctx, patient.id) for _ in range(3)]
    bad = exam(ctx, patient.id, systolic=900)
    good += [exam(ctx, patient.id) for _ in range(3)]
    told = Told()
    report = worker(ctx, told).run_once()
    assert (report.accepted, report.rejected, report.left) == (7, 1, 0)
    (entry,) = entries(ctx, OutboxState.REJECTED)
    assert (entry.record_id, entry.last_code) == (bad.id, "VALIDATION_ERROR")
    assert "HA: tối đa (tâm thu): phải từ 40 đến 300 mmHg" in entry.last_message
    assert {e["ma_lk"] for e in portal.exams()} == {e.id for e in good}
    assert "Cần sửa" in told.statuses[-1].message.vi

    amended(ctx, bad, systolic=140)
    report = worker(ctx).run_once()
    assert (report.accepted, report.left) == (1, 0)
    assert len(portal.exams()) == 7


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.TRUNCATE_AFTER])
def test_a_lost_answer_is_unknown_and_the_same_bytes_settle_it(
    ctx: Context, portal: RunningPortal, fault: Fault
) -> None:
    patient = person(ctx)
    worker(ctx).run_once()
    record = exam(ctx, patient.id)
    portal.faults.next(fault)
    report = worker(ctx).run_once(patience=0.0)
    assert (report.unknown, report.left) == (1, 1)
    (entry,) = entries(ctx, OutboxState.UNKNOWN)
    before = entry.request_id
    report = worker(ctx).run_once()
    assert (report.duplicate, report.accepted, report.left) == (1, 0, 0)
    (settled,) = [e for e in entries(ctx) if e.record_id == record.id]
    assert (settled.state, settled.last_code) == (OutboxState.ACKNOWLEDGED, "ACCEPTED_DUPLICATE")
    (receipt,) = [r for r in portal.receipts() if r["request_id"] == before]
    assert (receipt["times_seen"], receipt["tracking_id"]) == (2, settled.receipt)
    assert len(portal.exams()) == 1


def test_an_unknown_row_is_resent_within_one_run_and_the_others_pass_it(
    ctx: Context, portal: RunningPortal
) -> None:
    patient = person(ctx)
    for _ in range(5):
        exam(ctx, patient.id)
    portal.faults.next(Fault.DROP_AFTER, Fault.DROP_BEFORE)
    report = worker(ctx).run_once()
    assert (report.duplicate, report.accepted, report.left, report.reason) == (1, 5, 0, None)
    assert len(portal.exams()) == 5


def test_a_crash_on_the_wire_is_recovered_as_unknown_and_sent_once(
    tmp_path: Path, portal: RunningPortal
) -> None:
    ctx = station_with_channel(tmp_path / "station", portal.url)
    patient = person(ctx)
    with ctx.store.writing() as uow:  # what a kill between the two transactions leaves behind
        claim = uow.outbox.claim("qd831")
        assert claim is not None
        message = (
            worker(ctx)
            ._delivery._factory(uow.settings.channel("qd831"), "", uow.settings.station())
            .build(claim)
        )
        uow.outbox.mark_sending(claim.seq, message.request_id, message.body)
        uow.commit()
    ctx.store.close()
    again = reopen(tmp_path / "station")
    report = worker(again).run_once()
    assert (report.accepted, report.left) == (1, 0)
    (entry,) = entries(again)
    assert entry.request_id == message.request_id
    assert entry.attempts == 2
    assert portal.summary()["people"] == 1
    assert entry.person_id == patient.id
    again.store.close()


# --- accounts


def test_wrong_password_stops_with_a_reason_and_new_settings_heal_it(
    ctx: Context, portal: RunningPortal
) -> None:
    person(ctx)
    set_channel(ctx, portal.url, password="sai")
    told = Told()
    sender = worker(ctx, told)
    sender.start()
    stopped = told.wait_for(lambda s: s.link is LinkState.STOPPED)
    assert stopped.code == "BAD_CREDENTIALS"
    assert "mật khẩu" in stopped.message.vi
    assert portal.requests.count(LOGIN_PATH) == 1, "a password is not tried over and over"
    assert entries(ctx)[0].attempts == 0
    set_channel(ctx, portal.url)
    sender.settings_changed()
    told.wait_for(lambda s: s.acknowledged == 1)
    assert sender.stop()


def test_a_disabled_station_is_told_so(ctx: Context, portal: RunningPortal) -> None:
    person(ctx)
    portal.add_station(enabled=False)
    report = worker(ctx).run_once()
    assert (report.code, report.left) == ("STATION_DISABLED", 1)
    assert report.reason is not None
    assert "bị khóa" in report.reason.vi
    portal.add_station(enabled=True)
    assert worker(ctx).run_once().left == 0


def test_a_login_that_ends_in_between_is_renewed_once(ctx: Context, portal: RunningPortal) -> None:
    patient = person(ctx)
    exam(ctx, patient.id)
    portal.faults.next(Fault.S401)
    report = worker(ctx).run_once()
    assert (report.accepted, report.left) == (2, 0)
    assert portal.requests == [LOGIN_PATH, SEND_PATH, LOGIN_PATH, SEND_PATH, SEND_PATH]


def test_a_station_the_portal_does_not_know_by_this_code_loses_no_row(
    ctx: Context, portal: RunningPortal
) -> None:
    person(ctx)
    with ctx.store.writing() as uow:
        right = uow.settings.station()
        uow.settings.set_station(type(right)(code="38888", name=right.name, commune=right.commune))
        uow.commit()
    report = worker(ctx).run_once()
    assert (report.code, report.left) == ("ORG_MISMATCH", 1)
    with ctx.store.writing() as uow:
        uow.settings.set_station(right)
        uow.commit()
    report = worker(ctx).run_once()
    assert (report.accepted, report.left) == (1, 0), "the message was built anew with the right code"


def test_a_row_of_a_former_station_code_does_not_stop_the_others(ctx: Context, portal: RunningPortal) -> None:
    former = person(ctx)
    portal.faults.next(Fault.DROP_BEFORE)
    worker(ctx).run_once(patience=0.0)
    assert entries(ctx)[0].state is OutboxState.UNKNOWN
    with ctx.store.writing() as uow:
        station = uow.settings.station()
        uow.settings.set_station(type(station)(code="38888", name=station.name, commune=station.commune))
        uow.commit()
    portal.add_station(code="38888", username="tram.moi")
    set_channel(ctx, portal.url, user="tram.moi")
    person(ctx, "Lò Văn Mẫu")
    report = worker(ctx).run_once()
    assert (report.accepted, report.rejected, report.left) == (1, 1, 0)
    (entry,) = entries(ctx, OutboxState.REJECTED)
    assert (entry.record_id, entry.last_code) == (former.id, "ORG_MISMATCH")
    with ctx.store.writing() as uow:
        uow.outbox.requeue(entry.seq)
        uow.commit()
    assert worker(ctx).run_once().accepted == 1


def test_a_portal_asking_for_a_pause_gets_it(ctx: Context, portal: RunningPortal) -> None:
    patient = person(ctx)
    exam(ctx, patient.id)
    portal.faults.retry_after = "1"
    portal.faults.next(Fault.S429)
    report = worker(ctx).run_once()
    assert (report.accepted, report.left) == (2, 0)
    portal.faults.retry_after = "900"
    portal.faults.next(Fault.S429)
    exam(ctx, patient.id)
    report = worker(ctx).run_once()
    assert (report.code, report.left) == ("HTTP_429", 1)
    assert entries(ctx)[0].state is OutboxState.PENDING


def test_behind_a_sign_in_page_everything_stays_here(ctx: Context, portal: RunningPortal) -> None:
    person(ctx)
    portal.faults.next(Fault.CAPTIVE, path=LOGIN_PATH)
    report = worker(ctx).run_once()
    assert (report.code, report.left) == ("CAPTIVE", 1)
    portal.faults.next(Fault.CAPTIVE)
    report = worker(ctx).run_once()
    assert (report.code, report.left) == ("CAPTIVE", 1)
    assert entries(ctx)[0].state is OutboxState.PENDING, "nobody but the portal can make it unknown"
    assert worker(ctx).run_once().left == 0


# --- everything else that may be wrong with a station


@pytest.mark.parametrize("years", [-10, 10])
def test_a_wrong_clock_changes_nothing_but_what_it_shows(
    tmp_path: Path, portal: RunningPortal, years: int
) -> None:
    clock = SetClock()
    ctx = station_with_channel(tmp_path / "station", portal.url)
    ctx.store.close()
    ctx = reopen(tmp_path / "station", clock=clock)
    told = Told()
    sender = worker(ctx, told)
    sender.start()
    patient = person(ctx)
    record = exam(ctx, patient.id, pulse=70)
    sender.wake()
    told.wait_for(lambda s: s.acknowledged == 2)
    clock.at = NOW + timedelta(days=365 * years)
    amended(ctx, record, pulse=90)
    sender.wake()
    told.wait_for(lambda s: s.acknowledged == 3 and s.unsent == 0)
    assert sender.stop()
    (held,) = portal.exams()
    assert (held["content"]["MACH"], held["revision"]) == ("90", 2)
    ctx.store.close()


def test_a_withdrawn_exam_is_taken_back_at_the_portal(ctx: Context, portal: RunningPortal) -> None:
    patient = person(ctx)
    record = exam(ctx, patient.id)
    worker(ctx).run_once()
    save(
        ctx,
        RecordKind.EXAM,
        dict(record.answers),
        record_id=record.id,
        person_id=patient.id,
        base=1,
        status=RecordStatus.ENTERED_IN_ERROR,
        reason="nhầm người",
    )
    assert worker(ctx).run_once().accepted == 1
    (held,) = portal.exams()
    assert held["withdrawn"] is True


def test_another_address_for_one_run(ctx: Context, portal: RunningPortal) -> None:
    person(ctx)
    set_channel(ctx, f"http://127.0.0.1:{free_port()}")
    assert worker(ctx).run_once().code == "OFFLINE"
    assert worker(ctx, portal_url=portal.url).run_once().left == 0


def test_two_programs_on_one_store_send_each_row_once(ctx: Context, portal: RunningPortal) -> None:
    patient = person(ctx)
    for _ in range(10):
        exam(ctx, patient.id)
    told = Told()
    senders = [worker(ctx, told), worker(ctx, told)]
    for sender in senders:
        sender.start()
    told.wait_for(lambda s: s.unsent == 0 and s.acknowledged == 11)
    assert [sender.stop() for sender in senders] == [True, True]
    assert totals(ctx).unsent == 0
    assert len(portal.exams()) == 10
