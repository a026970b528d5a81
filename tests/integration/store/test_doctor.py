"""Damage of every kind is named, and the index can always be made again from the answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.records import RecordStatus
from app.store import index
from app.store.connection import Access, open_raw
from app.store.doctor import examine
from tests.integration.store.making import CHANNEL, Made, exam, make, person


@pytest.fixture
def lived_in(tmp_path: Path) -> Iterator[Made]:
    """A store in which everything has happened once."""
    made = make(tmp_path / "tram")
    made.save(person())
    made.add_channel()
    made.save(person("p2", full_name="Lò Văn Thử", citizen_id="038085000001"))
    made.save(person(base=1, citizen_id="038185054321", village="Bản Lát"))
    made.save(person(base=2))
    made.save(exam("e1"))
    made.save(exam("e2", "p2", diagnoses=[{"code": "J06.9", "text": ""}, {"code": "", "text": "tự do"}]))
    made.save(exam("e1", base=1, exam_date="2026-11-20"))
    made.save(exam("e3"))
    made.save(exam("e3", base=1, status=RecordStatus.ENTERED_IN_ERROR))
    with made.store.writing() as uow:
        taken = uow.outbox.claim(CHANNEL.name)
        assert taken is not None
        uow.outbox.mark_sending(taken.seq, "R", b"<x/>")
        uow.outbox.acknowledge(taken.seq, "TN", "ACCEPTED", made.clock.now())
        uow.commit()
    yield made
    made.store.close()


def behind_the_back(made: Made, *statements: str) -> None:
    connection = open_raw(made.folder / "station.db", made.store.database_key, Access.WRITE)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_a_sound_store(lived_in: Made) -> None:
    report = examine(lived_in.store)
    assert report.healthy
    assert report.schema == "0001"
    assert report.revisions == 9
    assert report.rebuilt is None
    assert report.counts["person"] == 2
    assert report.counts["exam"] == 3
    assert report.outbox["qd831"]["acknowledged"] == 1
    assert report.keys == {"keys.json": "ok", "keys.json.bak": "ok"}
    assert report.database_bytes > 0
    assert report.free_bytes > 0


def test_the_report_speaks_both_languages_and_json(lived_in: Made) -> None:
    report = examine(lived_in.store)
    assert report.as_dict()["healthy"] is True
    vietnamese, english = list(report.lines("vi")), list(report.lines("en"))
    assert len(vietnamese) == len(english)
    assert vietnamese[0] == "Kho dữ liệu bình thường."
    assert all(a != b for a, b in zip(vietnamese, english, strict=True))
    assert not any("Đào" in line or "0381" in line for line in vietnamese)


DAMAGE = {
    "person": "UPDATE person SET full_name = 'Ai đó' WHERE id = 'p1'",
    "person ": "UPDATE person SET touched = 99 WHERE id = 'p2'",
    "person  ": "UPDATE person SET exam_count = 7",
    "person_identifier": "DELETE FROM person_identifier WHERE kind = 'citizen_id'",
    "person_identifier ": "UPDATE person_identifier SET active = 1",
    "exam": "UPDATE exam SET active = 1",
    "exam ": "DELETE FROM exam",
    "exam  ": "UPDATE exam SET diagnoses = ''",
}


@pytest.mark.parametrize("name", list(DAMAGE))
def test_a_wrong_projection_is_named_and_rebuilt(lived_in: Made, name: str) -> None:
    behind_the_back(lived_in, DAMAGE[name])
    report = examine(lived_in.store)
    assert not report.healthy
    assert name.strip() in report.projections
    repaired = examine(lived_in.store, rebuild_index=True)
    assert repaired.healthy
    assert repaired.rebuilt == 5


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO people_fts (people_fts) VALUES ('delete-all')",
        "INSERT INTO people_fts (people_fts, rowid, tokens) SELECT 'delete', seq, tokens FROM person",
        "INSERT INTO people_fts (rowid, tokens) VALUES (77, ' ma ')",
    ],
)
def test_a_wrong_search_index_is_named_and_rebuilt(lived_in: Made, statement: str) -> None:
    behind_the_back(lived_in, statement)
    report = examine(lived_in.store)
    assert not report.text_index
    assert not report.healthy
    assert examine(lived_in.store, rebuild_index=True).healthy
    with lived_in.store.reading() as uow:
        assert [row.id for row in uow.people.search("nguyen dao", 5)] == ["p1"]


def test_a_broken_chain_is_named(lived_in: Made) -> None:
    behind_the_back(
        lived_in, "DROP TRIGGER revision_is_never_changed", "UPDATE revision SET reason = 'x' WHERE seq = 4"
    )
    report = examine(lived_in.store)
    assert not report.healthy
    assert "4" in report.chain
    assert report.revisions == 0


def test_a_wrong_counter_is_named(lived_in: Made) -> None:
    behind_the_back(lived_in, "UPDATE channel SET acknowledged = 5")
    assert examine(lived_in.store).counters == {"qd831": 4}


@pytest.mark.parametrize(
    ("content", "state"), [(None, "missing"), (b"{}", "damaged"), ("other", "other-store")]
)
def test_key_files_are_looked_at(lived_in: Made, tmp_path: Path, content: object, state: str) -> None:
    path = lived_in.folder / "keys.json.bak"
    if content is None:
        path.unlink()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        other = make(tmp_path / "khac")
        path.write_bytes((other.folder / "keys.json").read_bytes())
        other.store.close()
    report = examine(lived_in.store)
    assert report.keys == {"keys.json": "ok", "keys.json.bak": state}
    assert not report.healthy


def test_a_damaged_page_spoils_one_answer_not_the_report(lived_in: Made) -> None:
    connection = open_raw(lived_in.folder / "station.db", lived_in.store.database_key, Access.WRITE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'exam'").fetchone()[0]
    connection.close()
    path = lived_in.folder / "station.db"
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"JUNK" * 1024
    path.write_bytes(bytes(content))
    report = examine(lived_in.store)
    assert not report.healthy
    assert report.projections == {"unreadable": 1}
    assert report.counts["person"] == 2
    assert report.outbox["qd831"]["acknowledged"] == 1
    with lived_in.store.reading() as uow:
        assert uow.people.row("p1") is not None, "another connection reads what is sound"
    assert any(str(page) in complaint for complaint in report.pages)
    assert report.schema == "0001"


def test_rebuilding_changes_nothing_in_a_sound_store(lived_in: Made) -> None:
    def all_rows() -> list[object]:
        with lived_in.store.reading() as uow:
            return [
                sorted(map(tuple, uow.sql.all(f"SELECT * FROM {table}")), key=repr)
                for table in ("person", "person_identifier", "exam", "revision", "record")
            ]

    before = all_rows()
    with lived_in.store.writing() as uow:
        index.rebuild(uow.sql)
        uow.commit()
    assert all_rows() == before
