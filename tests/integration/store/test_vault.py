"""Making and opening stores, and who may open them."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from app.domain.station import Role, User
from app.errors import AccessDenied, AppError, EnvironmentProblem
from app.store import vault
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
from tests.integration.store.opening import people_in, refused

NEW_PASSWORD = "mật khẩu mới 2026"


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


def test_a_folder_with_signs_that_mean_something_in_an_address(tmp_path: Path) -> None:
    made = make(tmp_path / "Trạm y tế #1 100% & more")
    made.save(person())
    made.store.close()
    assert people_in(made.folder) == 1
    assert [path.name for path in tmp_path.iterdir()] == [made.folder.name]


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
    groups[4] = ("Z" if groups[4][0] != "Z" else "Y") + groups[4][1:]
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


def test_key_files_are_not_readable_by_others(closed: Made) -> None:
    """Windows keeps this in access lists of the user's folder and always reports 0o666."""
    of_others = 0o077 if os.name == "posix" else 0
    for name in ("keys.json", "keys.json.bak", "station.db"):
        assert stat.S_IMODE((closed.folder / name).stat().st_mode) & of_others == 0, name


def test_exam_needs_its_person(made: Made) -> None:
    with pytest.raises(ValueError, match="person"):
        made.save(exam(person_id="nobody"))
