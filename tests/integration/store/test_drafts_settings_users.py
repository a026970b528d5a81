from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.domain.records import Draft, RecordKind
from app.domain.station import ChannelSettings, Role, Station, User
from app.store import vault
from forms.model import Json
from tests.integration.store.making import CHANNEL, HEAD, PASSWORD, STATION, Made, person


def draft(draft_id: str = "d1", person_id: str = "p1", user_id: str = HEAD.id, **answers: Json) -> Draft:
    return Draft(
        id=draft_id,
        kind=RecordKind.EXAM,
        record_id=f"exam-of-{draft_id}",
        person_id=person_id,
        base_revision=0,
        answers=answers,
        typed={"temperature": "36,"},
        focus="temperature",
        user_id=user_id,
    )


def put(made: Made, *drafts: Draft) -> None:
    with made.store.writing() as uow:
        for each in drafts:
            uow.drafts.put(each)
        uow.commit()


def test_a_draft_keeps_everything_typed_and_the_place_of_the_cursor(made: Made) -> None:
    made.save(person())
    first = draft(systolic=132, advice="Giảm muối")
    put(made, first)
    later = Draft(
        **{name: getattr(first, name) for name in first.__dataclass_fields__}
        | {"answers": {"systolic": 138}, "focus": "pulse", "updated_at": made.clock.now()}
    )
    put(made, later)
    with made.store.reading() as uow:
        assert uow.drafts.get("d1") == later
        assert uow.drafts.get("d2") is None
        assert uow.drafts.of_person("p1") == [later]
        assert uow.drafts.of_person("p2") == []
        assert uow.drafts.of_user(HEAD.id) == [later]
        assert uow.drafts.of_user("someone else") == []


def test_a_draft_may_be_of_somebody_not_registered_yet(made: Made) -> None:
    put(made, draft(person_id="not saved yet"))
    with made.store.reading() as uow:
        assert len(uow.drafts.of_person("not saved yet")) == 1


def test_drafts_survive_a_crash(made: Made, tmp_path: Path) -> None:
    import shutil

    put(made, draft(systolic=132))
    shutil.copytree(made.folder, tmp_path / "crashed")
    (tmp_path / "crashed" / "station.db-shm").unlink()
    store, _ = vault.unlock(tmp_path / "crashed", HEAD.username, PASSWORD)
    with store.reading() as uow:
        assert [d.answers for d in uow.drafts.of_user(HEAD.id)] == [{"systolic": 132}]
    store.close()


def test_latest_draft_first_whatever_the_clock_says(made: Made) -> None:
    put(made, draft("d1"), draft("d2"), draft("d3"))
    made.clock.at -= timedelta(days=3650)
    put(made, draft("d2", pulse=70))
    with made.store.reading() as uow:
        assert [d.id for d in uow.drafts.of_user(HEAD.id)] == ["d2", "d3", "d1"]


def test_a_removed_draft_is_gone_and_removing_twice_is_harmless(made: Made) -> None:
    put(made, draft())
    with made.store.writing() as uow:
        uow.drafts.remove("d1")
        uow.drafts.remove("d1")
        uow.commit()
    with made.store.reading() as uow:
        assert uow.drafts.get("d1") is None


def test_settings_keep_any_json(made: Made) -> None:
    values: dict[str, Json] = {
        "a": None,
        "b": [1, 2.5, "đ"],
        "c": {"x": {"y": False}},
        "station": "not the station",
    }
    with made.store.writing() as uow:
        for key, value in values.items():
            uow.settings.put(key, value)
        uow.settings.put("a", "changed")
        uow.commit()
    with made.store.reading() as uow:
        assert {key: uow.settings.get(key) for key in values} == values | {"a": "changed"}
        assert uow.settings.get("never put") is None
        assert uow.settings.station() == STATION


def test_the_station_may_change(made: Made) -> None:
    changed = Station(code="38T02", name="Trạm mới", commune="14845", health_department="Sở Y tế", demo=True)
    with made.store.writing() as uow:
        uow.settings.set_station(changed)
        uow.commit()
    with made.store.reading() as uow:
        assert uow.settings.station() == changed


def test_a_channel_keeps_its_password_unless_a_new_one_is_given(made: Made) -> None:
    made.add_channel()
    moved = ChannelSettings(name=CHANNEL.name, url="http://127.0.0.1:10/", user="khác")
    with made.store.writing() as uow:
        uow.settings.set_channel(moved, None)
        uow.commit()
    with made.store.reading() as uow:
        assert uow.settings.channel(CHANNEL.name) == moved
        assert uow.settings.channel_password(CHANNEL.name) == "bí mật"
        assert uow.settings.channel("nope") is None
        assert uow.settings.channel_password("nope") == ""
    with made.store.writing() as uow:
        uow.settings.set_channel(moved, "mới")
        assert uow.settings.channel_password(CHANNEL.name) == "mới"


def test_users_by_id_and_by_name(made: Made) -> None:
    staff = User(id="u2", username="Đào", display_name="Lò Thị Đào", role=Role.STAFF)
    with made.store.writing() as uow:
        uow.users.add(staff)
        uow.commit()
    with made.store.reading() as uow:
        assert uow.users.get("u2") == staff
        assert uow.users.get("u3") is None
        assert uow.users.by_username("ĐÀO ") == staff
        assert uow.users.by_username("dao") is None
        assert list(uow.users.all()) == [HEAD, staff]
