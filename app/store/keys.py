"""Key slots: the random database key, wrapped once per password and once for the recovery sheet.

`keys.json` and its duplicate `keys.json.bak` hold no key in the clear. A checksum tells a damaged key
file from a wrong password, a keyed check value tells a wrong key file from a damaged database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.store.recovery import RecoveryKey

FORMAT = 1
KEY_BYTES = 32
_NONCE_BYTES = 12
_SALT_BYTES = 16
_CHECK_LABEL = b"hoso831 database key check 1"
_RECOVERY_INFO = b"hoso831 recovery slot 1"


class DamagedKeys(Exception):
    """The file is not a key file, or not as it was written."""


class WrongSecret(Exception):
    """The slot is sound and this password or recovery key does not open it."""


@dataclass(frozen=True, slots=True)
class KdfCost:
    """Argon2id work. The default takes 0.3-1 s on the reference station (RFC 9106, low memory)."""

    time_cost: int = 3
    memory_kib: int = 65_536
    parallelism: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSlot:
    username: str
    cost: KdfCost
    salt: bytes
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverySlot:
    salt: bytes
    nonce: bytes
    sealed: bytes


def username_key(username: str) -> str:
    """How user names are compared: composed, trimmed, without case."""
    return unicodedata.normalize("NFC", username).strip().casefold()


def new_database_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def key_check(database_key: bytes) -> bytes:
    return hmac.new(database_key, _CHECK_LABEL, hashlib.sha256).digest()


def _password_kek(password: str, salt: bytes, cost: KdfCost) -> bytes:
    return hash_secret_raw(
        unicodedata.normalize("NFC", password).encode(),
        salt,
        time_cost=cost.time_cost,
        memory_cost=cost.memory_kib,
        parallelism=cost.parallelism,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )


def _recovery_kek(key: RecoveryKey, salt: bytes) -> bytes:
    """The recovery key is random already: no stretching needed."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=_RECOVERY_INFO).derive(key.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """The content of keys.json. Immutable: a change of password is a new file."""

    store_id: str
    check: bytes
    passwords: tuple[PasswordSlot, ...] = ()
    recovery: RecoverySlot | None = None

    @classmethod
    def for_key(cls, store_id: str, database_key: bytes) -> Self:
        return cls(store_id=store_id, check=key_check(database_key))

    def fits(self, database_key: bytes) -> bool:
        """Whether the slots hold this key."""
        return hmac.compare_digest(key_check(database_key), self.check)

    def slot_of(self, username: str) -> PasswordSlot | None:
        wanted = username_key(username)
        return next((s for s in self.passwords if username_key(s.username) == wanted), None)

    def with_password(self, username: str, password: str, database_key: bytes, cost: KdfCost) -> KeyFile:
        """A file whose slot of this user opens with `password`; other slots are untouched."""
        salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
        name = unicodedata.normalize("NFC", username).strip()
        sealed = AESGCM(_password_kek(password, salt, cost)).encrypt(
            nonce, database_key, self._bound_to("password", username_key(name))
        )
        slot = PasswordSlot(username=name, cost=cost, salt=salt, nonce=nonce, sealed=sealed)
        others = [s for s in self.passwords if username_key(s.username) != username_key(name)]
        return replace(self, passwords=(*others, slot))

    def with_recovery(self, key: RecoveryKey, database_key: bytes) -> KeyFile:
        """A file whose recovery slot opens with `key` and with no earlier recovery sheet."""
        salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(_recovery_kek(key, salt)).encrypt(nonce, database_key, self._bound_to("recovery", ""))
        return replace(self, recovery=RecoverySlot(salt=salt, nonce=nonce, sealed=sealed))

    def open_password(self, slot: PasswordSlot, password: str) -> bytes:
        kek = _password_kek(password, slot.salt, slot.cost)
        return self._unseal(kek, slot.nonce, slot.sealed, ("password", username_key(slot.username)))

    def open_recovery(self, key: RecoveryKey) -> bytes:
        if self.recovery is None:
            raise WrongSecret
        kek = _recovery_kek(key, self.recovery.salt)
        return self._unseal(kek, self.recovery.nonce, self.recovery.sealed, ("recovery", ""))

    def _unseal(self, kek: bytes, nonce: bytes, sealed: bytes, owner: tuple[str, str]) -> bytes:
        try:
            database_key = AESGCM(kek).decrypt(nonce, sealed, self._bound_to(*owner))
        except InvalidTag:
            raise WrongSecret from None
        if not self.fits(database_key):
            raise DamagedKeys("the slot holds another key")
        return database_key

    def _bound_to(self, kind: str, owner: str) -> bytes:
        """Authenticated with the key, so slots cannot be moved between stores or users."""
        return json.dumps([FORMAT, self.store_id, kind, owner]).encode()

    def to_bytes(self) -> bytes:
        content: dict[str, Any] = {
            "format": FORMAT,
            "store_id": self.store_id,
            "check": _b64(self.check),
            "passwords": [
                {
                    "username": s.username,
                    "kdf": {
                        "name": "argon2id",
                        "time_cost": s.cost.time_cost,
                        "memory_kib": s.cost.memory_kib,
                        "parallelism": s.cost.parallelism,
                        "salt": _b64(s.salt),
                    },
                    "nonce": _b64(s.nonce),
                    "sealed": _b64(s.sealed),
                }
                for s in self.passwords
            ],
            "recovery": _recovery_json(self.recovery),
        }
        content["checksum"] = _checksum(content)
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """DamagedKeys when a single bit is not as it was written."""
        try:
            content = json.loads(data.decode())
            checksum = content.pop("checksum")
            if content["format"] != FORMAT or not hmac.compare_digest(checksum, _checksum(content)):
                raise DamagedKeys("checksum")
            return cls(
                store_id=content["store_id"],
                check=_bytes(content["check"]),
                passwords=tuple(_password_slot(entry) for entry in content["passwords"]),
                recovery=_recovery_slot(content["recovery"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedKeys(type(error).__name__) from None


def _recovery_json(slot: RecoverySlot | None) -> dict[str, str] | None:
    if slot is None:
        return None
    return {
        "kdf": "hkdf-sha256",
        "salt": _b64(slot.salt),
        "nonce": _b64(slot.nonce),
        "sealed": _b64(slot.sealed),
    }


def _recovery_slot(entry: Mapping[str, str] | None) -> RecoverySlot | None:
    if entry is None:
        return None
    return RecoverySlot(
        salt=_bytes(entry["salt"]), nonce=_bytes(entry["nonce"]), sealed=_bytes(entry["sealed"])
    )


def _password_slot(entry: Mapping[str, Any]) -> PasswordSlot:
    kdf = entry["kdf"]
    return PasswordSlot(
        username=str(entry["username"]),
        cost=KdfCost(int(kdf["time_cost"]), int(kdf["memory_kib"]), int(kdf["parallelism"])),
        salt=_bytes(kdf["salt"]),
        nonce=_bytes(entry["nonce"]),
        sealed=_bytes(entry["sealed"]),
    )


def _checksum(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error
