"""`kill -9` at random moments of saving: every save that was acknowledged is there, and everything fits.

One store is used over all kills, so damage would add up. HOSO831_KILLS sets how often (`dev.py faults`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from threading import Timer

from app.store import vault
from app.store.connection import Access, open_raw
from app.store.doctor import examine
from app.store.store import SqlStore
from tests.integration.store.making import HEAD, PASSWORD, make, person

KILLS = int(os.environ.get("HOSO831_KILLS", "50"))
SEED = int(os.environ.get("HOSO831_SEED", "831"))
THOROUGH_EVERY = 10


def killed_while_saving(folder: Path, first: int, after: float) -> list[int]:
    """Start the saving process and kill it `after` seconds; the numbers it had acknowledged by then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.store_child", str(folder), str(first)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    assert ready == b"ready\n", "the store must open after every kill"
    executioner = Timer(after, process.kill)
    executioner.start()
    said = process.stdout.read()
    executioner.join()
    process.wait()
    process.stdout.close()
    assert b"failed" not in said, said[-200:]
    whole_lines = said[: said.rfind(b"\n") + 1]
    return [int(line) for line in whole_lines.split()]


def saved_numbers(store: SqlStore) -> set[int]:
    with store.reading() as uow:
        return {int(exam.id.removeprefix("e")) for exam in uow.records.exams_of("p1")}


def test_no_acknowledged_save_is_ever_lost(tmp_path: Path) -> None:
    made = make(tmp_path / "tram")
    made.save(person())
    made.add_channel()
    made.store.close()
    rng = Random(SEED)  # noqa: S311 -- a repeatable schedule
    acknowledged: set[int] = set()
    number = 1
    for kill in range(KILLS):
        acknowledged |= set(killed_while_saving(made.folder, number, rng.uniform(0.001, 0.12)))
        number = check(made.folder, acknowledged, thorough=kill % THOROUGH_EVERY == 0 or kill == KILLS - 1)
    assert len(acknowledged) > KILLS, "the killed processes were at work"


def check(folder: Path, acknowledged: set[int], *, thorough: bool) -> int:
    """Reopens as a user would; returns the next free number."""
    store, _ = vault.unlock(folder, HEAD.username, PASSWORD)
    key = store.database_key
    present = saved_numbers(store)
    assert acknowledged <= present, f"lost: {sorted(acknowledged - present)}"
    assert len(present - acknowledged) <= KILLS, "at most one save per kill was durable but not yet said"
    with store.reading() as uow:
        uow.records.verify_chain()
        assert uow.outbox.totals("qd831").pending == uow.sql.value("SELECT count(*) FROM record")
    if thorough:
        assert examine(store).healthy
    store.close()
    connection = open_raw(folder / "station.db", key, Access.LOOK)
    assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    connection.close()
    return max(present, default=0) + 1
