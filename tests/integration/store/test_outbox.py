"""The outbox rules: nothing lost, nothing sent twice under another key, order per record, no clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.outbox import Claim, OutboxEntry, OutboxState, SyncState
from app.domain.records import RecordKind, RecordStatus
from app.domain.station import ChannelSettings
from app.store import index
from app.store.outbox import TYPICAL_MESSAGE_BYTES
from tests.integration.store.making import CHANNEL, Made, exam, person

NAME = CHANNEL.name


@pytest.fixture
def sending(made: Made) -> Made:
    """A channel and one person waiting."""
    made.add_channel()
    made.save(person())
    return made


def entries(made: Made, *states: OutboxState) -> list[OutboxEntry]:
    with made.store.reading() as uow:
        return list(uow.outbox.entries(NAME, states))


def states(made: Made) -> dict[tuple[str, int], str]:
    return {(e.record_id, e.revision): e.state.value for e in entries(made)}


def claim(made: Made, *skip: int) -> Claim | None:
    with made.store.reading() as uow:
        return uow.outbox.claim(NAME, skip=skip)


def send(made: Made, message: bytes = b"<xml/>", request_id: str = "") -> Claim:
    """Claim and put on the wire, as the engine does."""
    with made.store.writing() as uow:
        taken = uow.outbox.claim(NAME)
        assert taken is not None
        uow.outbox.mark_sending(
            taken.seq,
            taken.request_id or request_id or f"R{taken.revision.record_id}-{taken.revision.revision}",
            taken.message or message,
        )
        uow.commit()
    return taken


def settle(made: Made, seq: int, how: str, *arguments: object) -> bool:
    with made.store.writing() as uow:
        done = getattr(uow.outbox, how)(seq, *arguments)
        uow.commit()
    return bool(done)


def acknowledge(made: Made, seq: int, receipt: str = "TN-1") -> bool:
    return settle(made, seq, "acknowledge", receipt, "ACCEPTED", made.clock.now())


def sync_of(made: Made, *record_ids: str) -> list[SyncState]:
    with made.store.reading() as uow:
        found = uow.outbox.states_of(record_ids)
    return [found[record_id] for record_id in record_ids]


def test_without_a_channel_nothing_is_queued(made: Made) -> None:
    made.save(person())
    assert claim(made) is None
    assert sync_of(made, "p1", "unknown id") == [SyncState.NONE, SyncState.NONE]
    with made.store.reading() as uow:
        totals = uow.outbox.totals(NAME)
    assert (totals.unsent, totals.acknowledged, totals.waiting_bytes) == (0, 0, 0)


def test_a_new_channel_gets_every_record_in_order_of_registration(made: Made) -> None:
    made.save(person())
    made.save(exam())
    made.save(person("p2"))
    made.save(person(base=1, village="Bản Lát"))
    made.save(exam("wrong"))
    made.save(exam("wrong", base=1, status=RecordStatus.ENTERED_IN_ERROR))
    made.add_channel()
    assert [(e.record_id, e.revision) for e in reversed(entries(made))] == [("p1", 2), ("e1", 1), ("p2", 1)]
    made.add_channel()
    assert len(entries(made)) == 3
    made.save(exam("wrong", base=2))
    assert len(entries(made)) == 4


def test_one_record_through_to_the_receipt(sending: Made) -> None:
    assert sync_of(sending, "p1") == [SyncState.HERE]
    taken = send(sending)
    assert (taken.attempts, taken.request_id, taken.message) == (0, "", None)
    assert taken.person == taken.revision
    assert sync_of(sending, "p1") == [SyncState.SENDING]
    assert claim(sending) is None
    assert acknowledge(sending, taken.seq)
    assert sync_of(sending, "p1") == [SyncState.ACKNOWLEDGED]
    assert claim(sending) is None
    (entry,) = entries(sending)
    assert (entry.receipt, entry.last_code, entry.attempts) == ("TN-1", "ACCEPTED", 1)
    assert (entry.message_bytes, entry.request_id) == (6, "Rp1-1")
    assert entry.person_name == "Nguyễn Thị Hồng Đào"
    assert entry.acknowledged_at is not None
    with sending.store.reading() as uow:
        assert uow.sql.value("SELECT message FROM outbox") is None
        row = uow.people.row("p1")
    assert row is not None
    assert row.sync is SyncState.ACKNOWLEDGED


def test_settling_touches_exactly_one_row_in_the_state_it_was_sent_in(sending: Made) -> None:
    sending.save(person("p2"))
    first = send(sending)
    assert not acknowledge(sending, first.seq + 1), "p2 is not on the wire"
    assert not settle(sending, first.seq + 1, "reject", "X", "no")
    assert not settle(sending, first.seq + 1, "release", "X")
    assert not settle(sending, first.seq + 1, "mark_unknown", "X")
    assert acknowledge(sending, first.seq)
    assert not acknowledge(sending, first.seq), "settled once"
    assert not settle(sending, first.seq, "reject", "X", "no")
    assert states(sending) == {("p1", 1): "acknowledged", ("p2", 1): "pending"}
    with sending.store.reading() as uow:
        assert uow.outbox.totals(NAME).acknowledged == 1


def test_an_edit_during_the_send_stays_unsent_and_goes_next(sending: Made) -> None:
    first = send(sending)
    sending.save(person(base=1, village="Bản Lát"))
    assert claim(sending) is None, "nothing of a record on the wire"
    assert sync_of(sending, "p1") == [SyncState.HERE]
    acknowledge(sending, first.seq)
    assert states(sending) == {("p1", 1): "acknowledged", ("p1", 2): "pending"}
    assert sync_of(sending, "p1") == [SyncState.HERE]
    second = send(sending)
    assert second.revision.revision == 2
    assert second.revision.answers["village"] == "Bản Lát"


def test_two_saves_before_any_attempt_become_one_message(sending: Made) -> None:
    sending.save(person(base=1))
    sending.save(person(base=2))
    assert states(sending) == {("p1", 1): "superseded", ("p1", 2): "superseded", ("p1", 3): "pending"}
    taken = send(sending)
    assert taken.revision.revision == 3


def test_what_was_attempted_is_never_superseded(sending: Made) -> None:
    first = send(sending)
    settle(sending, first.seq, "release", "503")
    sending.save(person(base=1))
    assert states(sending) == {("p1", 1): "pending", ("p1", 2): "pending"}
    again = send(sending)
    assert (again.seq, again.attempts, again.message, again.request_id) == (first.seq, 1, b"<xml/>", "Rp1-1")
    acknowledge(sending, again.seq)
    assert send(sending).revision.revision == 2


def test_a_crash_on_the_wire_becomes_unknown_and_resends_the_same_bytes(sending: Made) -> None:
    first = send(sending, b"<first/>", "R-first")
    sending.save(person(base=1, village="Bản Lát"))
    with sending.store.writing() as uow:
        assert uow.outbox.recover() == 1
        assert uow.outbox.recover() == 0
        uow.commit()
    assert states(sending) == {("p1", 1): "unknown", ("p1", 2): "pending"}
    assert sync_of(sending, "p1") == [SyncState.HERE]
    again = send(sending)
    assert (again.seq, again.request_id, again.message) == (first.seq, "R-first", b"<first/>")
    assert again.revision.revision == 1
    acknowledge(sending, again.seq)
    assert send(sending).revision.revision == 2


def test_an_unknown_outcome_cannot_be_sent_with_other_bytes(sending: Made) -> None:
    first = send(sending, b"<first/>", "R-first")
    settle(sending, first.seq, "mark_unknown", "timeout")
    assert sync_of(sending, "p1") == [SyncState.UNKNOWN]
    for request_id, message in (("R-first", b"<other/>"), ("R-other", b"<first/>"), ("R-first", b"")):
        with sending.store.writing() as uow, pytest.raises(ValueError, match="unknown"):
            uow.outbox.mark_sending(first.seq, request_id, message)


def test_an_unknown_outcome_may_be_settled_by_asking(sending: Made) -> None:
    first = send(sending)
    settle(sending, first.seq, "mark_unknown", "timeout")
    assert acknowledge(sending, first.seq, "TN-asked")
    assert entries(sending)[0].receipt == "TN-asked"


def test_what_is_not_waiting_cannot_be_sent(sending: Made) -> None:
    first = send(sending)
    for seq in (first.seq, first.seq + 99):
        with sending.store.writing() as uow, pytest.raises(ValueError, match="not waiting"):
            uow.outbox.mark_sending(seq, "R", b"x")


def test_a_rejected_record_waits_for_a_person_and_holds_up_nobody(sending: Made) -> None:
    sending.save(person("p2"))
    first = send(sending)
    assert settle(sending, first.seq, "reject", "INVALID", "Thiếu mã xã")
    assert sync_of(sending, "p1") == [SyncState.REJECTED]
    (inbox,) = entries(sending, OutboxState.REJECTED)
    assert (inbox.last_code, inbox.last_message) == ("INVALID", "Thiếu mã xã")
    assert send(sending).revision.record_id == "p2"
    with sending.store.reading() as uow:
        assert uow.outbox.totals(NAME).rejected == 1


def test_a_new_revision_answers_a_rejection(sending: Made) -> None:
    settle(sending, send(sending).seq, "reject", "INVALID", "Thiếu mã xã")
    sending.save(person(base=1, current_commune="14848"))
    assert entries(sending, OutboxState.REJECTED) == []
    with sending.store.reading() as uow:
        assert uow.outbox.totals(NAME).rejected == 0
    assert sync_of(sending, "p1") == [SyncState.HERE]
    assert states(sending) == {("p1", 1): "rejected", ("p1", 2): "pending"}
    assert send(sending).revision.revision == 2


def test_a_person_sends_a_rejected_revision_again(sending: Made) -> None:
    first = send(sending)
    settle(sending, first.seq, "reject", "INVALID", "Thiếu mã xã")
    assert settle(sending, first.seq, "requeue")
    assert not settle(sending, first.seq, "requeue")
    taken = claim(sending)
    assert taken is not None
    assert (taken.seq, taken.attempts, taken.request_id, taken.message) == (first.seq, 0, "", None)
    sending.save(person(base=1))
    assert states(sending)["p1", 1] == "superseded"


def test_an_answered_rejection_cannot_be_sent_again(sending: Made) -> None:
    first = send(sending)
    settle(sending, first.seq, "reject", "INVALID", "")
    sending.save(person(base=1))
    assert not settle(sending, first.seq, "requeue")


def test_a_message_that_could_not_be_built_is_parked(sending: Made) -> None:
    with sending.store.writing() as uow:
        taken = uow.outbox.claim(NAME)
        assert taken is not None
        uow.outbox.mark_sending(taken.seq, "", b"")
        uow.outbox.reject(taken.seq, "BUG-1", "không lập được")
        uow.commit()
    assert [e.message_bytes for e in entries(sending, OutboxState.REJECTED)] == [0]


def test_bytes_of_a_released_row_may_be_built_anew(sending: Made) -> None:
    first = send(sending, b"<old/>", "R-old")
    settle(sending, first.seq, "release", "409")
    with sending.store.writing() as uow:
        uow.outbox.mark_sending(first.seq, "R-new", b"<newer/>")
        uow.commit()
    assert acknowledge(sending, first.seq)
    assert entries(sending)[0].request_id == "R-new"


def test_unknown_first_then_queue_order_and_never_the_clock(sending: Made) -> None:
    for name in ("p2", "p3", "p4"):
        sending.clock.at -= timedelta(days=3650)
        sending.save(person(name))
    order = []
    first = send(sending)
    second = send(sending)
    settle(sending, second.seq, "mark_unknown", "timeout")
    settle(sending, first.seq, "release", "503")
    for _ in range(4):
        taken = send(sending)
        order.append(taken.revision.record_id)
        acknowledge(sending, taken.seq)
    assert order == ["p2", "p1", "p3", "p4"]


def test_skipped_rows_wait_and_others_flow_past(sending: Made) -> None:
    sending.save(person("p2"))
    first = claim(sending)
    assert first is not None
    other = claim(sending, first.seq)
    assert other is not None
    assert other.revision.record_id == "p2"
    assert claim(sending, first.seq, other.seq) is None


def test_an_exam_goes_with_the_newest_revision_of_its_person(sending: Made) -> None:
    acknowledge(sending, send(sending).seq)
    sending.save(exam())
    sending.save(person(base=1, mobile_phone="0987654321"))
    taken = send(sending)
    assert taken.revision.kind is RecordKind.EXAM
    assert taken.person.revision == 2
    assert taken.person.answers["mobile_phone"] == "0987654321"


def test_the_list_row_tells_the_most_urgent_state_of_person_and_exams(sending: Made) -> None:
    def told() -> SyncState:
        with sending.store.reading() as uow:
            row = uow.people.row("p1")
        assert row is not None
        return row.sync

    acknowledge(sending, send(sending).seq)
    assert told() is SyncState.ACKNOWLEDGED
    sending.save(exam())
    assert told() is SyncState.HERE
    taken = send(sending)
    assert told() is SyncState.SENDING
    settle(sending, taken.seq, "reject", "INVALID", "")
    assert told() is SyncState.REJECTED
    assert sync_of(sending, "p1", "e1") == [SyncState.ACKNOWLEDGED, SyncState.REJECTED]


def test_entered_in_error_is_sent_like_any_revision(sending: Made) -> None:
    sending.save(exam())
    sending.save(exam(base=1, status=RecordStatus.ENTERED_IN_ERROR, reason="nhầm người"))
    acknowledge(sending, send(sending).seq)
    taken = send(sending)
    assert (taken.revision.status, taken.revision.reason) == (RecordStatus.ENTERED_IN_ERROR, "nhầm người")


def test_totals_and_the_size_of_what_waits(sending: Made) -> None:
    with sending.store.reading() as uow:
        assert uow.outbox.totals(NAME).waiting_bytes == TYPICAL_MESSAGE_BYTES
    first = send(sending, b"x" * 1000)
    at = sending.clock.now()
    with sending.store.writing() as uow:
        uow.outbox.acknowledge(first.seq, "TN", "ACCEPTED", at)
        uow.commit()
    for name in ("p2", "p3", "p4"):
        sending.save(person(name))
    second = send(sending, b"x" * 3000)
    settle(sending, second.seq, "mark_unknown", "timeout")
    with sending.store.reading() as uow:
        totals = uow.outbox.totals(NAME)
    assert (totals.pending, totals.sending, totals.unknown) == (2, 0, 1)
    assert (totals.acknowledged, totals.rejected, totals.unsent) == (1, 0, 3)
    assert totals.waiting_bytes == 3000 + 2 * 2000
    assert totals.last_acknowledged_at == at


def test_entries_by_state_newest_first_and_limited(sending: Made) -> None:
    for number in range(5):
        sending.save(person(f"q{number}"))
    first = send(sending)
    settle(sending, first.seq, "mark_unknown", "timeout")
    with sending.store.reading() as uow:
        unsettled = uow.outbox.entries(NAME, (OutboxState.PENDING, OutboxState.UNKNOWN, OutboxState.PENDING))
        limited = uow.outbox.entries(NAME, (OutboxState.PENDING,), limit=2)
        assert uow.outbox.entries("khác") == []
    assert [e.record_id for e in unsettled] == ["q4", "q3", "q2", "q1", "q0", "p1"]
    assert [e.record_id for e in limited] == ["q4", "q3"]


def test_many_states_at_once(sending: Made) -> None:
    names = [f"q{number}" for number in range(1200)]
    with sending.store.writing() as uow:
        for name in names:
            uow.save(person(name))
        uow.commit()
    assert set(sync_of(sending, *names)) == {SyncState.HERE}


def test_channels_are_independent(sending: Made) -> None:
    with sending.store.writing() as uow:
        uow.settings.set_channel(ChannelSettings(name="usb", url="usb:", user=""), None)
        uow.commit()
    acknowledge(sending, send(sending).seq)
    assert sync_of(sending, "p1") == [SyncState.HERE], "the other receiver has not answered"
    with sending.store.reading() as uow:
        assert uow.outbox.totals("usb").pending == 1
        assert uow.settings.channels() == ["qd831", "usb"]
    sending.save(person(base=1))
    with sending.store.reading() as uow:
        assert uow.outbox.totals("usb").pending == 1
        assert uow.outbox.totals(NAME).pending == 1


def test_bookkeeping_never_touches_the_record(sending: Made) -> None:
    def revisions() -> list[tuple[int, str]]:
        with sending.store.reading() as uow:
            return [(r.revision, r.digest) for r in uow.records.history("p1")]

    before = revisions()
    first = send(sending)
    settle(sending, first.seq, "mark_unknown", "timeout")
    acknowledge(sending, first.seq)
    assert revisions() == before


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("unsettled", "ix_outbox_unsettled"),
        ("rejected", "ix_outbox_rejected"),
        ("person", "ix_outbox_person_record"),
        ("record", "ix_outbox_person_record"),
    ],
)
def test_indexes_are_used(sending: Made, query: str, name: str) -> None:
    """SQLite picks a partial index only when the text of its condition stands in the query."""
    seen: list[str] = []
    with sending.store.reading() as uow:
        inner = uow.sql.all

        def explaining(statement: str, *values: object) -> object:
            plan = inner(f"EXPLAIN QUERY PLAN {statement}", *values)
            seen.extend(str(row[3]) for row in plan)
            return inner(statement, *values)

        uow.sql.all = explaining  # type: ignore[method-assign,assignment] # looks over the shoulder
        uow.sql.one = lambda statement, *values: next(iter(explaining(statement, *values)), None)  # type: ignore[method-assign,call-overload] # as above
        actions = {
            "unsettled": lambda: uow.outbox.claim(NAME),
            "rejected": lambda: uow.outbox.entries(NAME, (OutboxState.REJECTED,)),
            "person": lambda: uow.people.row("p1"),
            "record": lambda: uow.outbox.states_of(["p1"]),
        }
        actions[query]()
    assert any(name in step for step in seen), seen


def test_projections_agree_after_all_that(sending: Made) -> None:
    sending.save(exam())
    acknowledge(sending, send(sending).seq)
    with sending.store.reading() as uow:
        assert index.differences(uow.sql) == {}
