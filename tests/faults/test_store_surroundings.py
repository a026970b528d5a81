"""Read-only folder, a second program, busy and failing files: a clear message, nothing lost.

Each is brought about for real: a child without rights, a lock of another process. Full disks have their own
module.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2.exceptions import HashingError
from sqlcipher3 import dbapi2

from app.errors import EnvironmentProblem
from app.store import folder as folder_module
from app.store import problems
from app.store.connection import Access, open_raw
from app.store.problems import classify, environment
from tests.integration.store.making import (
    Made,
    exam,
    fingerprint,
    make,
    person,
)

NOBODY = 65534


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    made = make(tmp_path / "tram")
    made.save(person())
    yield made
    made.store.close()


def run(code: str, *arguments: object) -> str:
    """A child process with the same program; what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout.strip()


TRY_TO_OPEN = """
import os, sys
from pathlib import Path
from app.errors import AppError
from app.store import vault
from tests.integration.store.making import HEAD, PASSWORD
if len(sys.argv) > 2 and os.getuid() == 0:
    os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
try:
    store, _ = vault.unlock(Path(sys.argv[1]), HEAD.username, PASSWORD)
except AppError as error:
    print(error.code)
else:
    print("opened"); store.close()
"""


# --- a second program


def test_a_second_program_is_told_and_the_first_goes_on(made: Made) -> None:
    assert run(TRY_TO_OPEN, made.folder) == "store-in-use"
    made.save(exam())
    made.store.close()
    assert run(TRY_TO_OPEN, made.folder) == "opened"


HOLD = """
import sys
from pathlib import Path
from app.store import vault
from tests.integration.store.making import HEAD, PASSWORD
store, _ = vault.unlock(Path(sys.argv[1]), HEAD.username, PASSWORD)
print("holding", flush=True)
sys.stdin.read()
"""


def test_a_killed_program_leaves_no_lock(made: Made) -> None:
    made.store.close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(made.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"holding"
        assert run(TRY_TO_OPEN, made.folder) == "store-in-use"
        holder.kill()
    assert run(TRY_TO_OPEN, made.folder) == "opened"


def test_a_foreign_writer_makes_the_save_fail_clearly(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backup or repair tool that ignores our lock."""
    with made.store.writing() as uow:
        uow.sql.run("PRAGMA busy_timeout = 1")
    intruder = open_raw(made.folder / "station.db", made.store.database_key, Access.WRITE)
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(EnvironmentProblem) as caught:
        made.save(exam())
    assert caught.value.code == "store-busy"
    intruder.execute("ROLLBACK")
    intruder.close()
    assert made.save(exam()).revision == 1


# --- read-only


def test_a_read_only_folder(made: Made) -> None:
    made.store.close()
    if sys.platform != "win32" and os.getuid() == 0:
        _give_to_nobody(made.folder)
    for path in made.folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    made.folder.chmod(0o555)
    before = fingerprint(made.folder)
    assert run(TRY_TO_OPEN, made.folder, NOBODY) == "store-readonly"
    assert fingerprint(made.folder) == before
    made.folder.chmod(0o755)
    assert run(TRY_TO_OPEN, made.folder, NOBODY) == "store-readonly", "the files themselves are read-only"
    for path in made.folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert run(TRY_TO_OPEN, made.folder, NOBODY) == "opened"


def _give_to_nobody(folder: Path) -> None:
    """Nothing is read-only for root, so the child becomes somebody else and must be able to come here."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o055)


def test_a_write_that_fails_half_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys.json"
    folder_module.write_atomically(path, b"old")

    def no_room(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(EnvironmentProblem) as caught, environment():
        folder_module.write_atomically(path, b"new")
    assert caught.value.code == "disk-full"
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("keys.json", b"old")]


# --- naming


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, ""), "disk-full"),
        (OSError(errno.EACCES, ""), "store-readonly"),
        (OSError(errno.EROFS, ""), "store-readonly"),
        (OSError(errno.EIO, ""), "io-error"),
        (MemoryError(), "out-of-memory"),
        (HashingError("Memory allocation error"), "out-of-memory"),
        (OSError(errno.ENOENT, ""), None),
        (ValueError("a bug"), None),
        (dbapi2.IntegrityError("UNIQUE"), None),
    ],
)
def test_what_is_the_surroundings_and_what_is_a_bug(error: BaseException, code: str | None) -> None:
    found = classify(error)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (5, "store-busy"),
        (6, "store-busy"),
        (8, "store-readonly"),
        (10, "io-error"),
        (10 | 12 << 8, "io-error"),
        (11, "store-damaged"),
        (11 | 1 << 8, "store-damaged"),
        (13, "disk-full"),
        (14, "cannot-open"),
        (26, "store-damaged"),
        (1, None),
        (19, None),
    ],
)
def test_sqlite_codes_with_their_extensions(number: int, code: str | None) -> None:
    error = dbapi2.OperationalError("x")
    error.sqlite_errorcode = number
    found = classify(error)
    assert (found.code if found else None) == code


def test_bugs_pass_unchanged_and_every_text_is_in_both_languages() -> None:
    with pytest.raises(KeyError), environment():
        raise KeyError("x")
    inner = problems.problem("disk-full")
    with pytest.raises(EnvironmentProblem) as caught, environment():
        raise inner
    assert caught.value is inner
    for code, text in problems.TEXTS.items():
        assert text.vi, code
        assert text.en, code
        assert "!" not in text.vi + text.en
