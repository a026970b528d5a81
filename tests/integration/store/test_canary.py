"""Nothing about a person is readable in any file of the folder, at any moment of a store's life."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.records import Draft, RecordKind
from app.errors import StaleRevision
from app.store import vault
from app.store.connection import Access, open_raw
from app.store.doctor import examine
from forms.text import fold
from tests.integration.store.making import CHANNEL, HEAD, PASSWORD, Made, exam, person

NAME = "Kiều Thị Hoàng Yến Chim"
NUMBER = "038199777888"
PHONE = "0977666555"
NOTE = "ghi chú mật về bệnh nhân"
CANARIES = (NAME, fold(NAME), *fold(NAME).split(), NUMBER, NUMBER[::-1], PHONE, NOTE, "hoàng yến", "bí mật")
SHORT = 6


def needles() -> Iterator[bytes]:
    for text in CANARIES:
        if len(text) >= SHORT:
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                yield text.encode(encoding)


def readable(folder: Path) -> list[tuple[str, bytes]]:
    return [
        (path.name, needle)
        for path in folder.rglob("*")
        if path.is_file()
        for needle in needles()
        if needle in path.read_bytes()
    ]


@pytest.fixture
def canary(made: Made) -> Made:
    """Saved, amended, drafted, sent, searched, refused."""
    answers = {"full_name": NAME, "citizen_id": NUMBER, "mobile_phone": PHONE, "village": NOTE}
    made.add_channel()
    made.save(person(**answers))
    made.save(exam(advice=NOTE))
    made.save(exam(base=1, advice=NOTE, reason=NOTE))
    with made.store.writing() as uow:
        uow.drafts.put(
            Draft(
                id="d1",
                kind=RecordKind.EXAM,
                record_id="e9",
                person_id="p1",
                base_revision=0,
                answers={"advice": NOTE},
                typed={"weight": NUMBER},
                user_id=HEAD.id,
            )
        )
        taken = uow.outbox.claim(CHANNEL.name)
        assert taken is not None
        uow.outbox.mark_sending(taken.seq, "R-1", f"<HOTEN>{NAME}</HOTEN>".encode())
        uow.commit()
    with made.store.reading() as uow:
        assert uow.people.search(NAME, 5)
    with pytest.raises(StaleRevision):
        made.save(person(**answers))
    examine(made.store, rebuild_index=True)
    return made


def test_the_scan_would_find_it(tmp_path: Path) -> None:
    (tmp_path / "leak.log").write_text(f"user {NAME}", "utf-8")
    (tmp_path / "leak16").write_text(NOTE, "utf-16-le")
    assert {name for name, _ in readable(tmp_path)} == {"leak.log", "leak16"}


def test_while_open(canary: Made) -> None:
    assert (canary.folder / "station.db-wal").stat().st_size > 0
    assert readable(canary.folder) == []


def test_after_closing(canary: Made) -> None:
    canary.store.close()
    assert readable(canary.folder) == []


def test_after_a_damaged_opening(canary: Made) -> None:
    canary.store.close()
    path = canary.folder / "station.db"
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(Exception, match="store-damaged"):
        vault.unlock(canary.folder, HEAD.username, PASSWORD)
    assert readable(canary.folder) == []


def test_neither_logs_nor_errors_nor_standard_error(
    canary: Made, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    connection = open_raw(canary.folder / "station.db", canary.store.database_key, Access.WRITE)
    connection.execute("CREATE TRIGGER trap BEFORE INSERT ON exam BEGIN SELECT RAISE(ABORT, 'trapped'); END")
    connection.close()
    with pytest.raises(Exception, match="trapped") as caught:
        canary.save(exam("e5", advice=NOTE))
    everything = repr(caught.value) + str(caught.value) + caplog.text + "".join(capfd.readouterr())
    assert not [text for text in CANARIES if text in everything]


def test_the_key_is_nowhere(canary: Made, caplog: pytest.LogCaptureFixture) -> None:
    key = canary.store.database_key
    for path in canary.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert key not in content
            assert key.hex().encode() not in content.lower()
            assert PASSWORD.encode() not in content
            assert canary.recovery.text.encode() not in content
            assert canary.recovery.secret not in content
    assert key.hex() not in repr(vars(canary.store))
