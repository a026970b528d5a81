"""Station accounts, their tokens, and the two limits that protect the portal from a station gone wild."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, Engine, delete, insert, select, update

from sync.intake.schema import open_database, stations, tokens

TOKEN_SECONDS = 10_800


@dataclass(frozen=True, slots=True)
class StationAccount:
    code: str
    name: str
    username: str
    enabled: bool


def add_station(
    db_url: str,
    *,
    code: str,
    name: str,
    username: str,
    password: str,
    enabled: bool = True,
    hasher: PasswordHasher | None = None,
) -> None:
    """Create a station's account, or replace name, user, password and state of an existing one.

    ValueError for an empty or over-long value; the database's IntegrityError when another station has
    this user name. Only the salted hash of the password is kept; open logins of the account end.
    """
    if not (code and username and password) or len(code) > 20 or len(username) > 100 or len(name) > 200:
        raise ValueError("a station needs a code (20), a user name (100) and a password; the name has 200")
    engine = open_database(db_url)
    values = {
        "name": name,
        "username": username,
        "password_hash": (hasher or PasswordHasher()).hash(password),
        "enabled": enabled,
    }
    try:
        with engine.begin() as connection:
            known = connection.execute(select(stations.c.code).where(stations.c.code == code)).first()
            if known:
                connection.execute(update(stations).where(stations.c.code == code).values(**values))
                connection.execute(delete(tokens).where(tokens.c.station == code))
            else:
                now = datetime.now(UTC).isoformat()
                row = {"code": code, "created_at": now, "last_contact_at": "", **values}
                connection.execute(insert(stations).values(**row))
    finally:
        engine.dispose()


class Accounts:
    """Logins against the stations table. Tokens outlive a restart; only their digests are stored."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._hasher = PasswordHasher()

    def login(self, username: str, password: str) -> tuple[StationAccount, str] | None:
        """The account and a fresh token; None for a wrong user or password (equally slow for both)."""
        with self._engine.connect() as connection:
            row = connection.execute(select(stations).where(stations.c.username == username)).first()
        if not self._matches(row.password_hash if row else self._nobody, password) or row is None:
            return None
        account = StationAccount(row.code, row.name, row.username, row.enabled)
        if not account.enabled:
            return account, ""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._engine.begin() as connection:
            connection.execute(delete(tokens).where(tokens.c.expires_at < now.timestamp()))
            expires = now.timestamp() + TOKEN_SECONDS
            connection.execute(
                insert(tokens).values(digest=_digest(token), station=account.code, expires_at=expires)
            )
        return account, token

    @cached_property
    def _nobody(self) -> str:
        """What a password of an unknown user is checked against, so that it takes as long as a wrong one."""
        return self._hasher.hash(secrets.token_hex(8))

    def by_token(self, connection: Connection, token: str) -> StationAccount | None:
        found = connection.execute(
            select(stations, tokens.c.expires_at)
            .join(tokens, tokens.c.station == stations.c.code)
            .where(tokens.c.digest == _digest(token))
        ).first()
        if found is None or found.expires_at < self._clock().timestamp():
            return None
        return StationAccount(found.code, found.name, found.username, found.enabled)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False


class RateLimit:
    """A bucket per key that holds `per_minute` and refills evenly."""

    def __init__(self, per_minute: int, monotonic: Callable[[], float]) -> None:
        self._size = float(per_minute)
        self._rate = per_minute / 60.0
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, key: str, *, take: bool = True) -> float:
        """0 and one taken from the bucket, or the seconds until there is one."""
        now = self._monotonic()
        with self._lock:
            level, at = self._buckets.get(key, (self._size, now))
            level = min(self._size, level + (now - at) * self._rate)
            if level < 1.0:
                return (1.0 - level) / self._rate
            if len(self._buckets) > 10_000:
                self._buckets.clear()  # keys may be user names somebody invents
            self._buckets[key] = (level - 1.0 if take else level, now)
            return 0.0


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
