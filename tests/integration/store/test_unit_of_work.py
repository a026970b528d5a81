"""One save, one transaction: record, projections, chained revision, outbox rows."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from app.domain.outbox import OutboxState, SyncState
from app.domain.records import RecordKind, RecordStatus
from app.errors import EnvironmentProblem, StaleRevision
from app.store import index
from app.store.canonical import FIRST_DIGEST
from app.store.connection import Access, open_raw
from tests.integration.store.making import CHANNEL, DAO, HEAD, Made, exam, person


def test_a_saved_person_is_complete(made: Made) -> None:
    saved = made.save(person())
    with made.store.reading() as uow:
        assert uow.records.get(RecordKind.PERSON, "p1") == saved
        assert uow.records.get(RecordKind.EXAM, "p1") is None
        assert uow.records.get(RecordKind.PERSON, "p2") is None
        row = uow.people.row("p1")
        assert uow.people.row("p2") is None
    assert saved.answers == DAO
    assert (saved.revision, saved.status, saved.updated_by) == (1, RecordStatus.FINAL, HEAD.id)
    assert saved.created_at == saved.updated_at
    assert saved.created_at.utcoffset() is not None
    assert row is not None
    assert (row.full_name, row.sex, row.birth_date) == ("Nguyễn Thị Hồng Đào", "female", "1985-09-05")
    assert (row.village, row.commune, row.household_code) == ("Bản Poọng", "14848", "000417")
    assert (row.id_last4, row.insurance_last4) == ("2345", "5678")
    assert (row.exam_count, row.last_exam, row.sync) == (0, None, SyncState.NONE)


def test_an_amendment_is_a_new_revision(made: Made) -> None:
    made.save(person())
    first = made.save(exam())
    second = made.save(exam(base=1, reason="gõ nhầm", systolic=123))
    with made.store.reading() as uow:
        history = uow.records.history("e1")
        current = uow.records.get(RecordKind.EXAM, "e1")
        chain = uow.records.verify_chain()
    assert current == second
    assert second.created_at == first.created_at < second.updated_at
    assert [(r.revision, r.status.value, r.reason) for r in history] == [
        (1, "final", ""),
        (2, "amended", "gõ nhầm"),
    ]
    assert [r.answers["systolic"] for r in history] == [132, 123]
    assert history[0].device_id == made.store.device_id
    assert chain == 3


def test_revisions_are_chained_and_numbered_without_gaps(made: Made) -> None:
    made.save(person())
    made.save(exam())
    with made.store.reading() as uow:
        first, second = uow.records.history("p1")[0], uow.records.history("e1")[0]
    assert (first.seq, second.seq) == (1, 2)
    assert len({first.digest, second.digest, FIRST_DIGEST}) == 3


def test_stale_revisions_are_refused_and_write_nothing(made: Made) -> None:
    made.save(person())
    made.save(person(base=1, village="Bản Lát"))
    for base in (0, 1, 3):
        with pytest.raises(StaleRevision) as caught:
            made.save(person(base=base, village="Bản Ón"))
        assert (caught.value.based_on, caught.value.current) == (base, 2)
    with pytest.raises(StaleRevision) as caught:
        made.save(person("p9", base=1))
    assert caught.value.current == 0
    with made.store.reading() as uow:
        assert len(uow.records.history("p1")) == 2
        assert uow.people.count() == 1


def test_without_commit_nothing_stays(made: Made) -> None:
    with made.store.writing() as uow:
        uow.save(person())

    def save_both() -> None:
        with made.store.writing() as uow:
            uow.save(person())
            uow.save(exam(person_id="nobody"))

    with pytest.raises(ValueError, match="person"):
        save_both()
    with made.store.reading() as uow:
        assert uow.people.count() == 0
        assert uow.people.search("đào", 5) == []
        assert uow.records.verify_chain() == 0
    assert made.save(person()).revision == 1


def test_after_commit_the_unit_of_work_is_over(made: Made) -> None:
    with made.store.writing() as uow:
        uow.save(person())
        uow.commit()
        with pytest.raises(RuntimeError):
            uow.people.count()
    with pytest.raises(RuntimeError):
        uow.people.count()


def test_reading_cannot_write(made: Made) -> None:
    with made.store.reading() as uow:
        with pytest.raises(RuntimeError):
            uow.save(person())
        with pytest.raises(RuntimeError):
            uow.settings.put("x", 1)


def test_reading_sees_one_snapshot(made: Made) -> None:
    made.save(person())
    with made.store.reading() as uow:
        assert uow.people.count() == 1
        made.save(person("p2"))
        assert uow.people.count() == 1
    with made.store.reading() as uow:
        assert uow.people.count() == 2


def test_writing_inside_writing_is_a_bug(made: Made) -> None:
    with made.store.writing(), pytest.raises(RuntimeError), made.store.writing():
        pass


def test_kind_and_person_never_change(made: Made) -> None:
    made.save(person())
    made.save(person("p2"))
    made.save(exam())
    with pytest.raises(ValueError, match="never change"):
        made.save(exam(person_id="p2", base=1))
    with pytest.raises(ValueError, match="never change"):
        made.save(exam("p1", base=1))
    with pytest.raises(ValueError, match="own person"):
        made.save(exam("p3", person_id="p1").__class__(**{**_fields(person("p3")), "person_id": "p1"}))


def _fields(change: object) -> dict[str, object]:
    return {name: getattr(change, name) for name in change.__dataclass_fields__}  # type: ignore[attr-defined] # a dataclass


def test_exams_are_listed_newest_date_first_with_those_in_error(made: Made) -> None:
    made.save(person())
    made.save(exam("e1", exam_date="2026-01-05"))
    made.save(exam("e2", exam_date="2026-11-20"))
    made.save(exam("e3", exam_date="2025-12-31"))
    made.save(
        exam("e2", base=1, status=RecordStatus.ENTERED_IN_ERROR, exam_date="2026-11-20", reason="nhầm người")
    )
    with made.store.reading() as uow:
        listed = uow.records.exams_of("p1")
        row = uow.people.row("p1")
        assert uow.records.exams_of("p2") == []
        assert uow.people.exams_on("2026-11-20") == []
        assert [p.id for p in uow.people.exams_on("2026-01-05")] == ["p1"]
    assert [(e.id, e.status.value) for e in listed] == [
        ("e2", "entered-in-error"),
        ("e1", "final"),
        ("e3", "final"),
    ]
    assert row is not None
    assert (row.exam_count, row.last_exam) == (2, date(2026, 1, 5))


def test_exams_today_latest_entry_first(made: Made) -> None:
    for name in ("p1", "p2", "p3"):
        made.save(person(name))
    for number, name in enumerate(("p2", "p3", "p1", "p2")):
        made.save(exam(f"e{number}", name))
    with made.store.reading() as uow:
        assert [p.id for p in uow.people.exams_on("2026-11-22")] == ["p2", "p1", "p3"]


def test_a_person_entered_in_error_is_found_by_id_only(made: Made) -> None:
    made.save(person())
    made.save(person("p2", citizen_id="038185099999"))
    with made.store.writing() as uow:
        change = person(base=1)
        uow.save(change.__class__(**{**_fields(change), "status": RecordStatus.ENTERED_IN_ERROR}))
        uow.commit()
    with made.store.reading() as uow:
        assert [p.id for p in uow.people.search("đào", 5)] == ["p2"]
        assert [p.id for p in uow.people.search("", 5)] == ["p2"]
        assert uow.people.by_identifier("citizen_id", "038185012345") == []
        assert [p.id for p in uow.people.by_birth_year(1985)] == ["p2"]
        assert uow.people.count() == 1
        assert uow.people.row("p1") is not None


def test_identifiers_in_any_writing_active_ones_only(made: Made) -> None:
    made.save(person())
    with made.store.reading() as uow:
        for kind, value in (
            ("citizen_id", "038 185 012345"),
            ("insurance_number", "dt2 38 3812345678"),
            ("insurance_number", "3812345678"),
        ):
            assert [p.id for p in uow.people.by_identifier(kind, value)] == ["p1"], value
        assert uow.people.by_identifier("old_id_card", "038185012345") == []
        assert uow.people.by_identifier("citizen_id", "185012345") == []
    made.save(person(base=1, citizen_id="038185054321"))
    with made.store.reading() as uow:
        assert uow.people.by_identifier("citizen_id", "038185012345") == []
        assert [p.id for p in uow.people.by_identifier("citizen_id", "038185054321")] == ["p1"]
    made.save(person(base=2))
    with made.store.reading() as uow:
        assert [p.id for p in uow.people.by_identifier("citizen_id", "038185012345")] == ["p1"]
        assert index.differences(uow.sql) == {}


def test_birth_years_with_spread(made: Made) -> None:
    for year in (1983, 1984, 1985, 1986, 1987):
        made.save(person(f"p{year}", birth_date=str(year)))
    with made.store.reading() as uow:
        assert [p.id for p in uow.people.by_birth_year(1985, spread=1)] == ["p1984", "p1985", "p1986"]


def test_people_in_order_of_registration(made: Made) -> None:
    for name in ("z", "a", "m"):
        made.save(person(name))
    made.save(person("z", base=1))
    with made.store.reading() as uow:
        assert list(uow.records.person_ids()) == ["z", "a", "m"]


def test_answers_of_any_shape_are_kept_as_they_are(made: Made) -> None:
    odd = {"full_name": 17, "birth_date": [1985], "citizen_id": None, "village": {"a": 1}, "note": "đ\u0323"}
    saved = made.save(person(**odd))
    with made.store.reading() as uow:
        assert uow.records.get(RecordKind.PERSON, "p1") == saved
        assert index.differences(uow.sql) == {}
    made.save(exam(diagnoses="không phải danh sách", exam_date=5))
    made.save(exam("e2", diagnoses=[{"text": "không mã"}, "lạ", {"code": 7}]))
    with made.store.reading() as uow:
        assert index.differences(uow.sql) == {}


def test_what_json_cannot_say_is_a_bug_and_saves_nothing(made: Made) -> None:
    made.save(person())
    with pytest.raises(ValueError, match="JSON"):
        made.save(exam(temperature=float("nan")))
    with made.store.reading() as uow:
        assert uow.records.exams_of("p1") == []


def test_outbox_rows_come_with_the_save(made: Made) -> None:
    made.add_channel()
    made.save(person())
    made.save(exam())
    with made.store.reading() as uow:
        entries = uow.outbox.entries(CHANNEL.name)
    assert [(e.kind, e.record_id, e.revision, e.state) for e in entries] == [
        (RecordKind.EXAM, "e1", 1, OutboxState.PENDING),
        (RecordKind.PERSON, "p1", 1, OutboxState.PENDING),
    ]


def test_threads_write_in_turn(made: Made) -> None:
    made.save(person())
    errors: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for number in range(15):
                made.save(exam(f"e{name}-{number}"))
                with made.store.reading() as uow:
                    uow.records.exams_of("p1")
        except BaseException as error:  # noqa: BLE001 -- shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with made.store.reading() as uow:
        assert len(uow.records.exams_of("p1")) == 60
        assert uow.records.verify_chain() == 61


# --- the journal


def tamper(made: Made, statement: str) -> None:
    """Change the file behind the program's back, journal guards removed."""
    connection = open_raw(made.folder / "station.db", made.store.database_key, Access.WRITE)
    connection.execute("DROP TRIGGER IF EXISTS revision_is_never_changed")
    connection.execute("DROP TRIGGER IF EXISTS revision_is_never_deleted")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE revision SET answers = '{}' WHERE seq = 2", 2),
        ("UPDATE revision SET at = '1980-01-01T00:00:00+07:00' WHERE seq = 1", 1),
        ("UPDATE revision SET user_id = 'kẻ khác' WHERE seq = 3", 3),
        ("DELETE FROM revision WHERE seq = 2", 2),
        ("DELETE FROM revision WHERE seq = 3", 3),
        ("UPDATE revision SET seq = 9 WHERE seq = 3", 3),
        ("UPDATE record SET revision = 2 WHERE id = 'e1'", 2),
    ],
)
def test_a_changed_journal_is_found(made: Made, statement: str, row: int) -> None:
    made.save(person())
    made.save(exam("e1"))
    made.save(exam("e2"))
    tamper(made, statement)
    with made.store.reading() as uow, pytest.raises(EnvironmentProblem) as caught:
        uow.records.verify_chain()
    assert caught.value.code == "chain-broken"
    assert str(row) in caught.value.text.en


@pytest.mark.parametrize("statement", ["UPDATE revision SET answers = '{}'", "DELETE FROM revision"])
def test_the_journal_refuses_changes(made: Made, statement: str) -> None:
    made.save(person())
    with made.store.writing() as uow, pytest.raises(Exception, match="append-only"):
        uow.sql.run(statement)


def test_exceptions_never_carry_values(made: Made) -> None:
    with made.store.writing() as uow, pytest.raises(Exception, match="UNIQUE") as caught:
        uow.users.add(HEAD)
    assert HEAD.display_name not in str(caught.value)
    assert HEAD.username not in str(caught.value)
