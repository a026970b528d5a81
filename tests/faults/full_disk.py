"""What happens on a full disk, as scenarios that run in a test and in a child process.

`python -m tests.faults.full_disk SCENARIO FOLDER` runs one; FOLDER is the mount point of a small file system,
or any folder, whose disk then only pretends to be full.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from app.errors import EnvironmentProblem
from app.store import vault
from app.store.doctor import examine
from app.store.store import SqlStore
from tests.integration.store.making import CHEAP, HEAD, PASSWORD, Made, exam, fingerprint, make, person


class Disk:
    """A small file system of its own, or a folder whose disk pretends to be full."""

    def __init__(self, point: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.point = point
        self.real = point.is_mount()
        self._monkeypatch = monkeypatch

    def fill(self, store: SqlStore | None = None) -> None:
        """To the last byte. Pretending: files do not reach the disk, the database may not grow."""
        if self.real:
            with (self.point / "film.mkv").open("wb", buffering=0) as stream:
                for size in (65536, 4096, 1):
                    _write_until_full(stream, size)
            return
        self._monkeypatch.setattr(os, "fsync", _no_room)
        if store is not None:
            with store.writing() as uow:
                uow.sql.run(f"PRAGMA max_page_count = {uow.sql.value('PRAGMA page_count')}")

    def free(self, store: SqlStore | None = None) -> None:
        if self.real:
            (self.point / "film.mkv").unlink()
            return
        self._monkeypatch.undo()
        if store is not None:
            with store.writing() as uow:
                uow.sql.run("PRAGMA max_page_count = 1000000")


def _no_room(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _write_until_full(stream: BinaryIO, size: int) -> None:
    with suppress(OSError):
        while stream.write(bytes(size)) == size:
            pass


def _save_many(made: Made, done: list[str]) -> None:
    done.extend(made.save(exam(f"e{number}", advice="x" * 2000)).id for number in range(5000))


def saving(disk: Disk) -> None:
    """What was acknowledged is there and nothing else, and it goes on once there is room."""
    made = make(disk.point / "tram")
    made.save(person())
    disk.fill(made.store)
    done: list[str] = []
    with pytest.raises(EnvironmentProblem) as caught:
        _save_many(made, done)
    assert caught.value.code == "disk-full"
    with made.store.reading() as uow:
        present = sorted(e.id for e in uow.records.exams_of("p1"))
    assert present == sorted(done)
    disk.free(made.store)
    made.save(exam("after"))
    made.store.close()
    store, _ = vault.unlock(made.folder, HEAD.username, PASSWORD)
    assert examine(store).healthy
    with store.reading() as uow:
        assert len(uow.records.exams_of("p1")) == len(done) + 1
    store.close()


def opening(disk: Disk) -> None:
    """Opening and changing a password say so and change no file."""
    made = make(disk.point / "tram")
    made.save(person())
    made.store.close()
    disk.fill()
    before = fingerprint(made.folder)
    with pytest.raises(EnvironmentProblem) as caught:
        vault.unlock(made.folder, HEAD.username, PASSWORD)
    assert caught.value.code == "disk-full"
    with pytest.raises(EnvironmentProblem) as caught:
        vault.change_password(made.folder, HEAD.username, PASSWORD, "mật khẩu mới 2026", cost=CHEAP)
    assert caught.value.code == "disk-full"
    assert fingerprint(made.folder) == before
    disk.free()
    store, _ = vault.unlock(made.folder, HEAD.username, PASSWORD)
    store.close()


def making(disk: Disk) -> None:
    """A store that could not be made leaves nothing in the way of the next attempt."""
    disk.fill()
    with pytest.raises(EnvironmentProblem) as caught:
        make(disk.point / "tram")
    assert caught.value.code == "disk-full"
    disk.free()
    made = make(disk.point / "tram")
    made.save(person())
    made.store.close()


SCENARIOS = {scenario.__name__: scenario for scenario in (saving, opening, making)}


def main() -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        disk = Disk(Path(sys.argv[2]), monkeypatch)
        SCENARIOS[sys.argv[1]](disk)
    sys.stdout.write(f"done, {'real' if disk.real else 'pretended'}\n")


if __name__ == "__main__":
    main()
