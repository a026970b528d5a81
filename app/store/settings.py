"""Settings, channels and users of the station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from app.domain.station import ChannelSettings, Role, Station, User
from app.store.canonical import dump, load
from app.store.connection import Sql
from app.store.keys import username_key
from forms.model import Json

_STATION = "station"
_PUT = (
    "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class SqlSettings:
    """Implements `app.ports.Settings`. `enrol` queues every record for a channel that is new to it."""

    def __init__(self, sql: Sql, enrol: Callable[[str], int]) -> None:
        self._sql = sql
        self._enrol = enrol

    def station(self) -> Station:
        return Station(**load(self._sql.value("SELECT value FROM setting WHERE name = ?", _STATION)))

    def set_station(self, station: Station) -> None:
        self._sql.run(_PUT, _STATION, dump(asdict(station)))

    def get(self, key: str) -> Json:
        text = self._sql.value("SELECT value FROM setting WHERE name = ?", f"app/{key}")
        value: Json = None if text is None else load(text)
        return value

    def put(self, key: str, value: Json) -> None:
        self._sql.run(_PUT, f"app/{key}", dump(value))

    def channel(self, name: str) -> ChannelSettings | None:
        row = self._sql.one("SELECT name, url, username FROM channel WHERE name = ?", name)
        return ChannelSettings(name=row[0], url=row[1], user=row[2]) if row else None

    def set_channel(self, settings: ChannelSettings, password: str | None) -> None:
        self._sql.run(
            "INSERT INTO channel (name, url, username, password) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET url = excluded.url, username = excluded.username",
            settings.name,
            settings.url,
            settings.user,
            password or "",
        )
        if password is not None:
            self._sql.run("UPDATE channel SET password = ? WHERE name = ?", password, settings.name)
        self._enrol(settings.name)

    def channel_password(self, name: str) -> str:
        return str(self._sql.value("SELECT password FROM channel WHERE name = ?", name) or "")

    def channels(self) -> Sequence[str]:
        return [row[0] for row in self._sql.all("SELECT name FROM channel ORDER BY name")]


def _user_from(row: Any) -> User:
    return User(id=row[0], username=row[1], display_name=row[2], role=Role(row[3]))


class SqlUsers:
    """Implements `app.ports.Users`. Names are compared without case; the password lives in a key slot."""

    _SELECT = "SELECT id, username, display_name, role FROM user "

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def all(self) -> Sequence[User]:
        return [_user_from(row) for row in self._sql.all(self._SELECT + "ORDER BY username_key")]

    def get(self, user_id: str) -> User | None:
        row = self._sql.one(self._SELECT + "WHERE id = ?", user_id)
        return _user_from(row) if row else None

    def by_username(self, username: str) -> User | None:
        row = self._sql.one(self._SELECT + "WHERE username_key = ?", username_key(username))
        return _user_from(row) if row else None

    def add(self, user: User) -> None:
        self._sql.run(
            "INSERT INTO user (id, username, username_key, display_name, role) VALUES (?, ?, ?, ?, ?)",
            user.id,
            user.username,
            username_key(user.username),
            user.display_name,
            user.role.value,
        )
