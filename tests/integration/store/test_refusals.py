"""Every refusal to open has its own code and both languages, and changes no file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.store import vault
from app.store.connection import Access, open_raw
from app.store.keys import KeyFile
from tests.integration.store.making import (
    HEAD,
    PASSWORD,
    Made,
    make,
    person,
)
from tests.integration.store.opening import people_in, refused


def test_wrong_password(closed: Made) -> None:
    assert refused(closed.folder, password="sai mật khẩu").code == "wrong-password"


def test_unknown_user(closed: Made) -> None:
    assert refused(closed.folder, username="không có").code == "unknown-user"


def test_no_store_in_the_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "store-missing"
    assert refused(tmp_path / "nowhere").code == "store-missing"


def test_both_key_files_missing_names_the_recovery_sheet(closed: Made) -> None:
    (closed.folder / "keys.json").unlink()
    (closed.folder / "keys.json.bak").unlink()
    error = refused(closed.folder)
    assert error.code == "keys-missing"
    assert "phiếu khôi phục" in error.text.vi
    assert "recovery sheet" in error.text.en


def damage_json(path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    content["passwords"][0]["kdf"]["time_cost"] += 1
    path.write_text(json.dumps(content), "utf-8")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 4)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_object(path: Path) -> None:
    path.write_text("[1, 2]", "utf-8")


DAMAGES = [damage_json, truncate, binary, empty, no_object]


@pytest.mark.parametrize("damage", DAMAGES)
def test_both_key_files_damaged(closed: Made, damage: Callable[[Path], None]) -> None:
    damage(closed.folder / "keys.json")
    damage(closed.folder / "keys.json.bak")
    assert refused(closed.folder).code == "keys-damaged"


def test_one_missing_and_one_damaged(closed: Made) -> None:
    (closed.folder / "keys.json").unlink()
    truncate(closed.folder / "keys.json.bak")
    assert refused(closed.folder).code == "keys-damaged"


@pytest.mark.parametrize("damage", [*DAMAGES, Path.unlink])
def test_the_duplicate_opens_with_a_note_and_restores_the_file(
    closed: Made, damage: Callable[[Path], None]
) -> None:
    keys, copy = closed.folder / "keys.json", closed.folder / "keys.json.bak"
    damage(keys)
    damaged = keys.read_bytes() if keys.exists() else None
    assert refused(closed.folder, password="sai mật khẩu").code == "wrong-password"
    store, _ = vault.unlock(closed.folder, HEAD.username, PASSWORD)
    assert "keys.json.bak" in store.notes[0].vi
    store.close()
    assert keys.read_bytes() == copy.read_bytes()
    aside = closed.folder / "keys.json.damaged"
    assert (aside.read_bytes() if aside.exists() else None) == damaged
    again, _ = vault.unlock(closed.folder, HEAD.username, PASSWORD)
    assert again.notes == ()
    again.close()


def test_a_missing_duplicate_is_made_again(closed: Made) -> None:
    (closed.folder / "keys.json.bak").unlink()
    assert people_in(closed.folder) == 1
    assert (closed.folder / "keys.json").read_bytes() == (closed.folder / "keys.json.bak").read_bytes()


def test_a_slot_moved_to_another_user_opens_nothing(closed: Made) -> None:
    keys = KeyFile.from_bytes((closed.folder / "keys.json").read_bytes())
    slot = keys.passwords[0]
    moved = KeyFile(
        store_id=keys.store_id,
        check=keys.check,
        passwords=(
            type(slot)(
                username="kẻ khác", cost=slot.cost, salt=slot.salt, nonce=slot.nonce, sealed=slot.sealed
            ),
        ),
        recovery=keys.recovery,
    )
    for name in ("keys.json", "keys.json.bak"):
        (closed.folder / name).write_bytes(moved.to_bytes())
    assert refused(closed.folder, username="kẻ khác").code == "wrong-password"


def test_keys_of_another_store_are_a_damaged_or_foreign_file(closed: Made, tmp_path: Path) -> None:
    other = make(tmp_path / "khac")
    other.store.close()
    shutil.copy(other.folder / "station.db", closed.folder / "station.db")
    assert refused(closed.folder).code == "store-damaged"


def test_database_missing(closed: Made) -> None:
    (closed.folder / "station.db").unlink()
    assert refused(closed.folder).code == "database-missing"
    assert not (closed.folder / "station.db").exists()


def test_database_empty(closed: Made) -> None:
    (closed.folder / "station.db").write_bytes(b"")
    assert refused(closed.folder).code == "database-empty"


def page_of_junk(content: bytes, page: int) -> bytes:
    return content[: page * 4096] + b"JUNK" * 1024 + content[(page + 1) * 4096 :]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content[:100],
        lambda content: b"rubbish " * (len(content) // 8),
        lambda content: b"SQLite format 3\x00" + content[16:],
        lambda content: page_of_junk(content, 0),
        lambda content: page_of_junk(content, 7),
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    ],
    ids=["half", "one byte less", "less than a page", "junk", "header", "page 1", "page 8", "last bit"],
)
def test_a_damaged_database_is_told_from_a_wrong_password(
    closed: Made, spoil: Callable[[bytes], bytes]
) -> None:
    path = closed.folder / "station.db"
    path.write_bytes(spoil(path.read_bytes()))
    assert refused(closed.folder).code == "store-damaged"
    assert refused(closed.folder, password="sai mật khẩu").code == "wrong-password"


def crashed_copy(made: Made, target: Path) -> Path:
    """The folder as a power cut leaves it: saves in the WAL, nothing moved into station.db."""
    shutil.copytree(made.folder, target)
    (target / "station.db-shm").unlink(missing_ok=True)
    assert (target / "station.db-wal").stat().st_size > 0
    return target


def test_after_a_crash_the_wal_is_used(made: Made, tmp_path: Path) -> None:
    made.save(person())
    assert people_in(crashed_copy(made, tmp_path / "hong")) == 1


def test_a_torn_page_that_the_wal_still_holds_is_no_damage(tmp_path: Path) -> None:
    """A power cut while the WAL was being moved into station.db."""
    made = make(tmp_path / "tram")
    made.store.close()
    store, _ = vault.unlock(made.folder, HEAD.username, PASSWORD)
    with store.writing() as uow:
        uow.sql.run("CREATE TABLE later_page_one (x)")  # every schema change rewrites page 1
        uow.commit()
    shutil.copytree(made.folder, tmp_path / "hong")
    store.close()
    torn = tmp_path / "hong" / "station.db"
    content = torn.read_bytes()
    torn.write_bytes(content[:512] + b"JUNK" * 896 + content[4096:])
    assert people_in(tmp_path / "hong") == 0


@pytest.mark.parametrize("with_shared_memory", [False, True])
def test_damage_beside_a_wal_changes_nothing(made: Made, tmp_path: Path, with_shared_memory: bool) -> None:
    made.save(person())
    folder = tmp_path / "hong"
    shutil.copytree(made.folder, folder)
    if not with_shared_memory:
        (folder / "station.db-shm").unlink()
    (folder / "station.db").write_bytes(b"rubbish " * 4000)
    assert refused(folder).code == "store-damaged"


def test_a_newer_schema_is_refused(closed: Made) -> None:
    connection = open_raw(closed.folder / "station.db", key_of(closed), Access.WRITE)
    connection.execute("UPDATE alembic_version SET version_num = '9731'")
    connection.close()
    error = refused(closed.folder)
    assert error.code == "schema-newer"
    assert "9731" in error.text.vi


def key_of(made: Made) -> bytes:
    keys = KeyFile.from_bytes((made.folder / "keys.json").read_bytes())
    return keys.open_recovery(made.recovery)


def test_a_lost_lock_file_is_made_again(closed: Made) -> None:
    (closed.folder / "station.lock").unlink()
    assert people_in(closed.folder) == 1
    assert (closed.folder / "station.lock").exists()


def test_a_lost_lock_file_and_a_damaged_database(closed: Made) -> None:
    (closed.folder / "station.lock").unlink()
    (closed.folder / "station.db").write_bytes(b"rubbish " * 4000)
    assert refused(closed.folder).code == "store-damaged"


def test_second_opening_in_the_same_program(made: Made) -> None:
    made.save(person())
    assert refused(made.folder).code == "store-in-use"
    made.store.close()
    assert people_in(made.folder) == 1
