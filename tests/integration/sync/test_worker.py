"""The sync thread with a scripted channel on a real store: bugs, full disks, listeners, stopping."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.outbox import OutboxState
from app.domain.records import ChangeKind
from app.ports import Context
from forms.text import Text
from sync.outcome import Accepted, Message, Outcome, Rejected, Retry, Scope, Unknown
from sync.status import LinkState, SyncStatus
from sync.worker import SyncWorker
from tests.helpers.portal import free_port
from tests.helpers.station import make_station
from tests.integration.sync.doubles import FULL, FakeTime, FaultyStore, Scripted, SteppedTime
from tests.integration.sync.records import (
    STATION,
    Told,
    amended,
    entries,
    exam,
    person,
    set_channel,
    station_with_channel,
    totals,
    worker,
)

WHY = Text("vì thế", "because")
LOST = Unknown("NO_ANSWER", WHY)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    opened = station_with_channel(tmp_path / "station", f"http://127.0.0.1:{free_port()}")
    yield opened
    opened.store.close()


def run(ctx: Context, channel: Scripted, told: Told | None = None, **given: Any) -> SyncWorker:
    return worker(ctx, told, factory=channel.factory, timebase=FakeTime(), **given)


def state_of(ctx: Context, record_id: str) -> OutboxState:
    return next(e.state for e in entries(ctx) if e.record_id == record_id)


# --- bugs of ours


def test_a_record_we_cannot_build_is_parked_and_the_rest_goes_on(
    ctx: Context, caplog: pytest.LogCaptureFixture
) -> None:
    patient = person(ctx)
    bad, good = exam(ctx, patient.id), exam(ctx, patient.id)
    channel = Scripted()
    channel.unbuildable = {bad.id}
    report = run(ctx, channel).run_once()
    assert (report.accepted, report.rejected, report.left) == (2, 1, 0)
    (entry,) = entries(ctx, OutboxState.REJECTED)
    assert entry.record_id == bad.id
    assert entry.last_code.startswith("BUG-")
    assert entry.last_code in entry.last_message
    assert state_of(ctx, good.id) is OutboxState.ACKNOWLEDGED
    assert "038185000042" not in caplog.text + entry.last_message

    with ctx.store.writing() as uow:
        uow.outbox.requeue(entry.seq)
        uow.commit()
    channel.unbuildable.clear()
    assert run(ctx, channel).run_once().accepted == 1, "a repaired program builds it anew"


def test_a_bug_while_sending_leaves_the_row_unknown(ctx: Context, caplog: pytest.LogCaptureFixture) -> None:
    person(ctx)
    channel = Scripted(ZeroDivisionError("038185000042"))
    report = run(ctx, channel).run_once(patience=0.0)
    assert (report.unknown, report.left) == (1, 1)
    assert report.code.startswith("BUG-")
    assert "038185000042" not in caplog.text
    assert run(ctx, channel).run_once().accepted == 1
    assert channel.sent[0] == channel.sent[1], "the same bytes with the same id"


def test_a_bug_at_login_is_a_reason_not_a_crash(ctx: Context) -> None:
    person(ctx)
    report = run(ctx, Scripted(login=ZeroDivisionError())).run_once()
    assert report.code.startswith("BUG-")
    assert (report.left, totals(ctx).sending) == (1, 0)


def test_listeners_that_fail_do_not_stop_the_sending(ctx: Context, caplog: pytest.LogCaptureFixture) -> None:
    person(ctx)

    def broken(_: object) -> None:
        raise RuntimeError("the window is gone")

    told = Told()
    told.status = broken  # type: ignore[method-assign] # the listener under test
    told.changed = broken  # type: ignore[method-assign] # the listener under test
    assert run(ctx, Scripted(), told).run_once().accepted == 1
    assert "status listener failed: BUG-" in caplog.text


# --- the store in trouble


@pytest.mark.parametrize("failing", [3, -3])
def test_an_answer_that_could_not_be_written_down_is_not_asked_for_again(ctx: Context, failing: int) -> None:
    person(ctx)
    channel = Scripted()
    # writes: 1 recover, 2 claim, 3 settle
    sender = SyncWorker(
        store=FaultyStore(ctx, failing), factory=channel.factory, clock=ctx.clock, timebase=FakeTime()
    )
    report = sender.run_once()
    assert report.code == "disk-full"
    report = sender.run_once()
    assert (report.left, len(channel.sent)) == (0, 1)
    assert entries(ctx)[0].state is OutboxState.ACKNOWLEDGED


@pytest.mark.parametrize("failing", [1, 2, -2])
def test_a_full_disk_before_sending_sends_nothing(ctx: Context, failing: int) -> None:
    person(ctx)
    channel = Scripted()
    told = Told()
    sender = SyncWorker(
        store=FaultyStore(ctx, failing),
        factory=channel.factory,
        clock=ctx.clock,
        timebase=FakeTime(),
        on_status=told.status,
    )
    report = sender.run_once()
    assert (report.code, report.reason, channel.sent) == ("disk-full", FULL.text, [])
    assert told.statuses[-1].link is LinkState.STOPPED
    assert sender.run_once().accepted == 1


# --- rows


def test_a_row_that_was_unknown_stays_unknown_when_a_resend_does_not_arrive(ctx: Context) -> None:
    record = person(ctx)
    offline = Retry("OFFLINE", WHY, Scope.LINK)
    channel = Scripted(LOST, offline)
    report = run(ctx, channel).run_once()
    assert (report.code, report.left) == ("OFFLINE", 1)
    assert state_of(ctx, record.id) is OutboxState.UNKNOWN, "the first try may have arrived"
    assert run(ctx, channel).run_once().accepted == 1
    assert len({message.body for message in channel.sent}) == 1


def test_a_row_that_certainly_did_not_arrive_is_here(ctx: Context) -> None:
    record = person(ctx)
    run(ctx, Scripted(Retry("OFFLINE", WHY, Scope.LINK))).run_once()
    assert state_of(ctx, record.id) is OutboxState.PENDING


def test_one_row_nobody_answers_does_not_delay_the_others(ctx: Context) -> None:
    patient = person(ctx)
    stuck = exam(ctx, patient.id)
    others = [exam(ctx, patient.id) for _ in range(20)]
    channel = Scripted()

    def send(message: Message) -> Outcome:
        channel.sent.append(message)
        return LOST if message.request_id.startswith(stuck.id) else Accepted("r")

    channel.send = send  # type: ignore[method-assign] # this portal cannot take one record
    report = run(ctx, channel).run_once(patience=0.0)
    assert (report.accepted, report.unknown, report.left) == (21, 1, 1)
    assert all(state_of(ctx, other.id) is OutboxState.ACKNOWLEDGED for other in others)


def test_order_holds_per_record(ctx: Context) -> None:
    patient = person(ctx)
    record = exam(ctx, patient.id)
    channel = Scripted(Accepted("r"), LOST)
    run(ctx, channel).run_once(patience=0.0)
    amended(ctx, record, pulse=90)
    run(ctx, channel).run_once()
    sent = [m.request_id for m in channel.sent if m.request_id.startswith(record.id)]
    assert sent == [f"{record.id}.1", f"{record.id}.1", f"{record.id}.2"]


def test_a_limit_ends_the_run(ctx: Context) -> None:
    patient = person(ctx)
    for _ in range(5):
        exam(ctx, patient.id)
    report = run(ctx, Scripted()).run_once(limit=2)
    assert (report.accepted, report.left, report.code) == (2, 4, "LIMIT")


def test_short_waits_are_sat_out_and_long_ones_end_the_run(ctx: Context) -> None:
    person(ctx)
    channel = Scripted(LOST, LOST)
    sender = run(ctx, channel)
    assert sender.run_once().accepted == 1
    person(ctx, "Lò Văn Mẫu")
    channel.plan = [Retry("RATE_LIMITED", WHY, Scope.LINK, 300.0)]
    report = sender.run_once()
    assert (report.code, report.reason, report.left) == ("RATE_LIMITED", WHY, 1)


def test_rows_left_to_another_program_are_named(ctx: Context) -> None:
    person(ctx)
    sender = run(ctx, Scripted())
    assert sender.run_once().complete
    person(ctx, "Lò Văn Mẫu")
    with ctx.store.writing() as uow:
        claim = uow.outbox.claim("qd831")
        assert claim is not None
        uow.outbox.mark_sending(claim.seq, "x", b"x")
        uow.commit()
    told = Told()
    report = sender.run_once()
    assert (report.code, report.left) == ("ELSEWHERE", 1)
    assert told.statuses == []
    assert sender.status.link is LinkState.WAITING


# --- settings


def test_without_a_portal_nothing_is_tried(tmp_path: Path) -> None:
    ctx = make_station(tmp_path / "station", station=STATION)
    person(ctx)
    told = Told()
    channel = Scripted()
    sender = run(ctx, channel, told)
    report = sender.run_once()
    assert (report.code, report.left) == ("NOT_SET_UP", 0)
    assert told.statuses[-1].link is LinkState.NOT_SET_UP
    assert "Chưa khai báo cổng" in told.statuses[-1].message.vi
    set_channel(ctx, "http://127.0.0.1:9")
    assert sender.run_once().accepted == 1
    ctx.store.close()


def test_settings_of_another_program_are_noticed(ctx: Context) -> None:
    person(ctx)
    made: list[tuple[str, str]] = []
    channel = Scripted()

    def factory(settings: Any, password: str, station: Any) -> Scripted:
        made.append((settings.url, password))
        return channel

    sender = worker(ctx, factory=factory, timebase=FakeTime())
    sender.run_once()
    set_channel(ctx, "http://127.0.0.1:9", password="moi")
    person(ctx, "Lò Văn Mẫu")
    sender.run_once()
    assert made[-1] == ("http://127.0.0.1:9", "moi")


# --- the thread


def test_changes_name_the_person_and_the_outbox(ctx: Context) -> None:
    patient = person(ctx)
    told = Told()
    run(ctx, Scripted(), told).run_once()
    assert all(ChangeKind.OUTBOX in change.kinds for change in told.changes)
    assert [change.person_ids for change in told.changes] == [{patient.id}, {patient.id}]


def test_it_sleeps_until_it_is_woken(ctx: Context) -> None:
    told = Told()
    sender = worker(ctx, told, factory=Scripted().factory)
    sender.start()
    told.wait_for(lambda s: s.link is LinkState.READY and s.acknowledged == 0)
    person(ctx)
    sender.wake()
    told.wait_for(lambda s: s.acknowledged == 1 and s.link is LinkState.READY)
    assert sender.stop()
    assert sender.status.message.vi == "Cổng đã nhận hết"


def test_send_now_skips_the_waiting(ctx: Context) -> None:
    person(ctx)
    told = Told()
    channel = Scripted(*[Retry("OFFLINE", WHY, Scope.LINK)] * 8)
    sender = worker(ctx, told, factory=channel.factory, jitter=lambda: 0.99)
    sender.start()
    for tries in range(1, 9):
        told.wait_for(lambda s, n=tries: s.link is LinkState.OFFLINE and len(channel.sent) == n)  # type: ignore[misc]
        told.forget()
        sender.send_now()
    told.wait_for(lambda s: s.acknowledged == 1)
    assert sender.stop()


def test_a_new_network_is_a_reason_to_try(ctx: Context) -> None:
    person(ctx)
    told = Told()
    channel = Scripted(Retry("OFFLINE", WHY, Scope.LINK))
    sender = worker(ctx, told, factory=channel.factory, jitter=lambda: 0.99)
    sender.start()
    told.wait_for(lambda s: s.link is LinkState.OFFLINE)
    sender.network_changed()
    told.wait_for(lambda s: s.acknowledged == 1)
    assert sender.stop()


def test_stopping_cuts_a_call_on_the_wire_and_keeps_its_row(ctx: Context) -> None:
    record = person(ctx)
    channel = Scripted(Unknown("CLOSED", WHY))
    on_the_wire = threading.Event()

    def wait_until_closed() -> None:
        on_the_wire.set()
        assert channel.closed.wait(10)

    channel.before_send = wait_until_closed
    sender = worker(ctx, factory=channel.factory)
    sender.start()
    assert on_the_wire.wait(10)
    assert sender.stop(timeout=10)
    assert state_of(ctx, record.id) is OutboxState.UNKNOWN


def test_stopping_while_it_waits_is_immediate(ctx: Context) -> None:
    told = Told()
    sender = worker(ctx, told, factory=Scripted().factory)
    sender.start()
    told.wait_for(lambda s: s.link is LinkState.READY)
    assert sender.stop(timeout=5)
    assert sender.stop(), "stopping twice is fine"


def test_a_worker_that_was_never_started_can_be_stopped(ctx: Context) -> None:
    assert worker(ctx, factory=Scripted().factory).stop()


def test_a_store_that_closes_first_ends_quietly(tmp_path: Path) -> None:
    ctx = station_with_channel(tmp_path / "station", "http://127.0.0.1:9")
    told = Told()
    sender = worker(ctx, told, factory=Scripted().factory)
    sender.start()
    told.wait_for(lambda s: s.link is LinkState.READY)
    ctx.store.close()
    sender.wake()
    told.wait_for(lambda s: s.link is LinkState.STOPPED)
    assert sender.stop()


def test_one_run_at_a_time(ctx: Context) -> None:
    told = Told()
    sender = worker(ctx, told, factory=Scripted().factory)
    sender.start()
    told.wait_for(lambda s: s.link is LinkState.READY)
    with pytest.raises(RuntimeError, match="send_now"):
        sender.run_once()
    assert sender.stop()


def test_an_idle_worker_looks_again_after_a_while(ctx: Context) -> None:
    """Another program may save without being able to wake this one."""
    told = Told()
    time = SteppedTime()
    sender = worker(ctx, told, factory=Scripted().factory, timebase=time)
    sender.start()
    told.wait_for(lambda s: s.link is LinkState.READY)
    person(ctx)
    time.let_pass()
    told.wait_for(lambda s: s.acknowledged == 1)
    assert sender.stop()


def test_statuses_say_what_is_going_on(ctx: Context) -> None:
    patient = person(ctx)
    exam(ctx, patient.id)
    told = Told()
    run(ctx, Scripted(Rejected("X", "vì thế")), told).run_once()
    said = [(s.link, s.message.vi) for s in told.statuses]
    assert said[0] == (LinkState.SENDING, "Đang đăng nhập cổng")
    assert said[1] == (LinkState.SENDING, "Đang gửi, còn 2 phiếu")
    assert said[-1] == (LinkState.READY, "Cổng từ chối 1 phiếu, xem mục Cần sửa")
    assert isinstance(told.statuses[-1], SyncStatus)
    assert (told.statuses[-1].rejected, told.statuses[-1].unsent) == (1, 0)
