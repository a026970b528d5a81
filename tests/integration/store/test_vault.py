"""Making and opening stores; every refusal has its own code and both languages, and changes no file."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.station import Role, User
from app.errors import AccessDenied, AppError, EnvironmentProblem
from app.store import vault
from app.store.connection import Access, open_raw
from app.store.folder import Layout
from app.store.keys import KdfCost, KeyFile
from app.store.recovery import RecoveryKey, RecoveryMistyped
from tests.integration.store.making import (
    CHEAP,
    HEAD,
    PASSWORD,
    STATION,
    Made,
    SteppingClock,
    counting_ids,
    exam,
    fingerprint,
    make,
    person,
)

NEW_PASSWORD = "mật khẩu mới 2026"


@pytest.fixture
def closed(tmp_path: Path) -> Made:
    """A store with one person, closed."""
    made = make(tmp_path / "tram")
    made.save(person())
    made.store.close()
    return made


def refused(folder: Path, username: str = HEAD.username, password: str = PASSWORD) -> AppError:
    """The error of an opening, after checking that it changed nothing and speaks both languages."""
    before = fingerprint(folder) if folder.exists() else None
    with pytest.raises(AppError) as caught:
        vault.unlock(folder, username, password)
    assert (fingerprint(folder) if folder.exists() else None) == before
    assert caught.value.text.vi
    assert caught.value.text.en
    assert caught.value.text.vi != caught.value.text.en
    return caught.value


def people_in(folder: Path, password: str = PASSWORD) -> int:
    store, _ = vault.unlock(folder, HEAD.username, password)
    with store.reading() as uow:
        number = uow.people.count()
    store.close()
    return number


# --- making


def test_a_new_store_has_its_layout_and_opens(made: Made) -> None:
    assert {path.name for path in made.folder.iterdir()} >= {
        "station.db",
        "keys.json",
        "keys.json.bak",
        "station.lock",
        "backups",
        "outgoing",
        "logs",
    }
    assert (made.folder / "keys.json").read_bytes() == (made.folder / "keys.json.bak").read_bytes()
    assert not Layout(made.folder).staging.exists()
    with made.store.reading() as uow:
        assert uow.settings.station() == STATION
        assert list(uow.users.all()) == [HEAD]
    assert made.store.device_id


def test_a_folder_with_a_store_is_refused(closed: Made) -> None:
    before = fingerprint(closed.folder)
    with pytest.raises(EnvironmentProblem) as caught:
        make(closed.folder)
    assert caught.value.code == "store-exists"
    assert fingerprint(closed.folder) == before


@pytest.mark.parametrize("left", ["keys.json", "keys.json.bak", "station.db"])
def test_a_single_file_of_a_store_is_reason_enough(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_bytes(b"something of somebody")
    with pytest.raises(EnvironmentProblem) as caught:
        make(tmp_path)
    assert caught.value.code == "store-exists"
    assert (tmp_path / left).read_bytes() == b"something of somebody"


@pytest.mark.parametrize("moved", [(), ("keys.json.bak",), ("keys.json.bak", "keys.json")])
def test_an_interrupted_creation_is_begun_anew(tmp_path: Path, moved: tuple[str, ...]) -> None:
    """Power cut before station.db was moved into place: nobody has a key to what is there."""
    folder = tmp_path / "tram"
    finished = make(folder)
    finished.store.close()
    staging = Layout(folder).staging
    staging.mkdir()
    for name in ("keys.json.bak", "keys.json", "station.db"):
        if name not in moved:
            (folder / name).rename(staging / name)
    made = make(folder)
    made.save(person())
    made.store.close()
    assert people_in(folder) == 1
    assert not staging.exists()


def test_a_finished_creation_is_never_cleared(closed: Made) -> None:
    Layout(closed.folder).staging.mkdir()
    with pytest.raises(EnvironmentProblem) as caught:
        make(closed.folder)
    assert caught.value.code == "store-exists"
    assert people_in(closed.folder) == 1


def test_a_short_password_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(AppError) as caught:
        vault.create_store(
            tmp_path / "tram",
            password="ngắn",
            user=HEAD,
            station=STATION,
            clock=SteppingClock(),
            new_id=counting_ids(),
            program_version="0",
            cost=CHEAP,
        )
    assert caught.value.code == "password-too-short"
    assert not (tmp_path / "tram").exists()


def test_a_recovery_key_made_beforehand_is_the_one(tmp_path: Path) -> None:
    recovery = RecoveryKey.generate()
    store, returned = vault.create_store(
        tmp_path / "tram",
        password=PASSWORD,
        user=HEAD,
        station=STATION,
        clock=SteppingClock(),
        new_id=counting_ids(),
        program_version="0",
        recovery=recovery,
        cost=CHEAP,
    )
    store.close()
    assert returned == recovery
    reopened, user = vault.unlock_with_recovery(tmp_path / "tram", recovery.text)
    reopened.close()
    assert user == HEAD


def test_default_cost_is_the_documented_one() -> None:
    assert KdfCost() == KdfCost(time_cost=3, memory_kib=65_536, parallelism=2)


def test_cost_is_read_from_the_slot(closed: Made) -> None:
    vault.change_password(
        closed.folder,
        HEAD.username,
        PASSWORD,
        NEW_PASSWORD,
        cost=KdfCost(time_cost=2, memory_kib=16, parallelism=1),
    )
    slot = json.loads((closed.folder / "keys.json").read_text("utf-8"))["passwords"][0]
    assert (slot["kdf"]["time_cost"], slot["kdf"]["memory_kib"]) == (2, 16)
    assert people_in(closed.folder, NEW_PASSWORD) == 1


# --- opening


def test_what_was_saved_is_there_after_reopening(closed: Made) -> None:
    assert people_in(closed.folder) == 1


def test_names_are_compared_without_case_and_in_any_composition(tmp_path: Path) -> None:
    made = make(tmp_path / "tram")
    vault.add_user(
        made.store, User(id="u2", username="Đào", display_name="Đ", role=Role.STAFF), PASSWORD, cost=CHEAP
    )
    made.store.close()
    store, user = vault.unlock(made.folder, " ĐÀO ", PASSWORD)
    store.close()
    assert user.id == "u2"


def test_the_password_is_compared_composed(closed: Made) -> None:
    import unicodedata

    assert people_in(closed.folder, unicodedata.normalize("NFD", PASSWORD)) == 1


def test_usernames_for_the_unlock_screen(made: Made) -> None:
    vault.add_user(
        made.store, User(id="u2", username="lan", display_name="Lan", role=Role.STAFF), PASSWORD, cost=CHEAP
    )
    assert vault.list_usernames(made.folder) == ("thu", "lan")


def test_recovery_sheet_opens_as_head_and_sets_a_new_password(closed: Made) -> None:
    store, user = vault.unlock_with_recovery(closed.folder, closed.recovery.text.lower())
    assert user == HEAD
    vault.set_password(store, user.username, NEW_PASSWORD, cost=CHEAP)
    store.close()
    assert people_in(closed.folder, NEW_PASSWORD) == 1
    assert refused(closed.folder).code == "wrong-password"


def test_recovery_as_a_named_user(made: Made) -> None:
    staff = User(id="u2", username="lan", display_name="Lan", role=Role.STAFF)
    vault.add_user(made.store, staff, PASSWORD, cost=CHEAP)
    made.store.close()
    store, user = vault.unlock_with_recovery(made.folder, made.recovery.text, username="lan")
    store.close()
    assert user == staff


def test_a_renewed_recovery_sheet_replaces_the_old_one(made: Made) -> None:
    renewed = vault.renew_recovery(made.store)
    made.store.close()
    with pytest.raises(AccessDenied) as caught:
        vault.unlock_with_recovery(made.folder, made.recovery.text)
    assert caught.value.code == "wrong-recovery-key"
    store, _ = vault.unlock_with_recovery(made.folder, renewed.text)
    store.close()


def test_a_sheet_of_another_station_is_told_from_a_mistyped_one(closed: Made) -> None:
    before = fingerprint(closed.folder)
    with pytest.raises(AccessDenied) as caught:
        vault.unlock_with_recovery(closed.folder, RecoveryKey.generate().text)
    assert caught.value.code == "wrong-recovery-key"
    groups = closed.recovery.text.split("-")
    groups[4] = groups[4][1:] + groups[4][:1]
    if groups[4] != closed.recovery.text.split("-")[4]:
        with pytest.raises(RecoveryMistyped) as mistyped:
            vault.unlock_with_recovery(closed.folder, "-".join(groups))
        assert mistyped.value.groups == (5,)
    assert fingerprint(closed.folder) == before


def test_changing_a_password_rewrites_one_slot_only(made: Made) -> None:
    vault.add_user(
        made.store, User(id="u2", username="lan", display_name="Lan", role=Role.STAFF), PASSWORD, cost=CHEAP
    )
    made.store.close()
    before = KeyFile.from_bytes((made.folder / "keys.json").read_bytes())
    database = (made.folder / "station.db").read_bytes()
    vault.change_password(made.folder, "lan", PASSWORD, NEW_PASSWORD, cost=CHEAP)
    after = KeyFile.from_bytes((made.folder / "keys.json").read_bytes())
    assert after.slot_of("thu") == before.slot_of("thu")
    assert after.slot_of("lan") != before.slot_of("lan")
    assert after.recovery == before.recovery
    assert (made.folder / "station.db").read_bytes() == database
    assert (made.folder / "keys.json").read_bytes() == (made.folder / "keys.json.bak").read_bytes()
    assert people_in(made.folder) == 0


def test_changing_with_a_wrong_old_password_changes_nothing(closed: Made) -> None:
    before = fingerprint(closed.folder)
    for username, code in ((HEAD.username, "wrong-password"), ("nobody", "unknown-user")):
        with pytest.raises(AccessDenied) as caught:
            vault.change_password(closed.folder, username, "sai mật khẩu", NEW_PASSWORD, cost=CHEAP)
        assert caught.value.code == code
    assert fingerprint(closed.folder) == before


def test_a_taken_user_name_is_refused(made: Made) -> None:
    keys = (made.folder / "keys.json").read_bytes()
    with pytest.raises(AppError) as caught:
        vault.add_user(
            made.store, User(id="u2", username="THU", display_name="", role=Role.STAFF), PASSWORD, cost=CHEAP
        )
    assert caught.value.code == "user-exists"
    assert (made.folder / "keys.json").read_bytes() == keys


# --- refusals


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


def test_closing_leaves_one_file_to_copy(closed: Made) -> None:
    assert not (closed.folder / "station.db-wal").exists()
    assert not (closed.folder / "station.db-shm").exists()


def test_closing_twice_is_harmless_and_use_after_it_is_a_bug(made: Made) -> None:
    made.store.close()
    made.store.close()
    with pytest.raises(RuntimeError), made.store.reading():
        pass
    with pytest.raises(RuntimeError), made.store.writing():
        pass


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_key_files_are_not_readable_by_others(closed: Made) -> None:
    for name in ("keys.json", "keys.json.bak", "station.db"):
        assert stat.S_IMODE((closed.folder / name).stat().st_mode) & 0o077 == 0, name


def test_exam_needs_its_person(made: Made) -> None:
    with pytest.raises(ValueError, match="person"):
        made.save(exam(person_id="nobody"))
