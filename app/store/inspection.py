"""Looking at station.db without changing anything, before it is opened for work."""

from __future__ import annotations

import os
from typing import Any

from sqlcipher3 import dbapi2

from app.store import messages
from app.store.connection import Access, open_raw
from app.store.folder import Layout
from app.store.problems import classify, problem

_CHECKED_AT_OPENING = 16 * 1024 * 1024
"""Every page of a file up to this size is verified at opening (about 40 ms); of larger ones by `doctor`."""
_ROOM_TO_OPEN = 64 * 1024
"""Bytes of free disk that opening needs for the WAL index."""


def require_sound(layout: Layout, database_key: bytes) -> str:
    """The schema version. The key is known to be right: what does not open is damaged or foreign."""
    if layout.database.stat().st_size == 0:
        raise messages.database_empty()
    unsettled = layout.wal.exists() and layout.wal.stat().st_size > 0
    try:
        thorough = not unsettled and layout.database.stat().st_size <= _CHECKED_AT_OPENING
        return _version(layout, database_key, Access.LOOK, thorough=thorough)
    except dbapi2.Error as error:
        if not unsettled:
            raise _why(error) from error
    # A power cut while the WAL was being moved into the file can leave a torn page that the WAL still holds.
    before = layout.shm.read_bytes() if layout.shm.exists() else None
    try:
        return _version(layout, database_key, Access.READ, thorough=False)
    except dbapi2.Error as error:
        _put_back(layout, before)
        raise _why(error) from error


def _version(layout: Layout, database_key: bytes, access: Access, *, thorough: bool) -> str:
    connection: Any = open_raw(layout.database, database_key, access)
    try:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if thorough and connection.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
            raise problem("store-damaged")
    finally:
        connection.close()
    if version is None:
        raise problem("store-damaged")
    return str(version[0])


def _why(error: BaseException) -> Exception:
    """A readable file without our tables is as foreign as one that cannot be read."""
    return classify(error) or problem("store-damaged")


def _put_back(layout: Layout, shared_memory: bytes | None) -> None:
    if shared_memory is None:
        layout.shm.unlink(missing_ok=True)
    else:
        layout.shm.write_bytes(shared_memory)


def require_writable(layout: Layout) -> None:
    """OSError when the folder or the file is read-only or the disk is full; leaves nothing behind."""
    with layout.database.open("r+b"):
        pass
    probe = layout.folder / ".write-test"
    try:
        with probe.open("wb") as stream:
            stream.write(bytes(_ROOM_TO_OPEN))
            stream.flush()
            os.fsync(stream.fileno())
    finally:
        probe.unlink(missing_ok=True)
