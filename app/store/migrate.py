"""Bringing an older store to this program's schema: on a verified copy that is swapped in.

At no moment is there only a half-migrated file: the old one stays in place until the new one is checked
and durable, and a copy of it is kept in `backups/`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.errors import EnvironmentProblem
from app.store.connection import Access, keyed_engine, open_raw
from app.store.folder import Layout, make_private, sync_file, sync_folder
from app.store.migrations import HEAD, REVISIONS
from app.store.problems import problem
from forms.text import Text

_COUNTED = ("record", "revision", "outbox", "draft", "user")


def needs_migration(version: str) -> bool:
    """False for the version of this program; EnvironmentProblem schema-newer for one it does not know."""
    if version == HEAD:
        return False
    if version in REVISIONS:
        return True
    raise EnvironmentProblem(
        "schema-newer",
        Text(
            f"Kho dữ liệu này do phiên bản chương trình mới hơn tạo ra (cấu trúc {version}, chương trình này "
            f"biết đến {HEAD}). Chưa thay đổi gì. Hãy cài bản chương trình mới rồi mở lại.",
            f"This store was made by a newer version of the program (schema {version}; this program knows "
            f"up to {HEAD}). Nothing was changed. Install the newer program, then open it again.",
        ),
    )


def build_schema(path: Path, database_key: bytes) -> None:
    """A new, empty database file with the current schema."""
    _upgrade_file(path, database_key, Access.CREATE)


def kept_name(version: str, at: datetime, unique: str) -> str:
    """File name of the old store; `unique` because a station's clock may repeat itself."""
    return f"station-schema-{version}-{at:%Y%m%d-%H%M%S}-{unique[:8]}.db"


def migrate(layout: Layout, database_key: bytes, name: str) -> Path:
    """Upgrade station.db; the old file is kept in backups/ as `name`. The caller holds the store's lock."""
    layout.backups.mkdir(exist_ok=True)
    kept = layout.backups / name
    layout.migrating.unlink(missing_ok=True)
    _settle(layout.database, database_key)
    try:
        for copy in (kept, layout.migrating):
            _copy(layout.database, copy, database_key)
        _upgrade_copy(layout.migrating, database_key)
    except BaseException:
        # The store itself is untouched; copies of a failed attempt would only fill the disk.
        for copy in (kept, layout.migrating):
            copy.unlink(missing_ok=True)
        raise
    layout.migrating.replace(layout.database)
    sync_folder(layout.folder)
    return kept


def _upgrade_copy(path: Path, database_key: bytes) -> None:
    before = _counts(path, database_key)
    _upgrade_file(path, database_key, Access.WRITE)
    _verify(path, database_key)
    if _counts(path, database_key) != before:
        raise RuntimeError("the migration lost rows; the store was left as it was")
    sync_file(path)


def _upgrade_file(path: Path, database_key: bytes, access: Access) -> None:
    from app.store.migrations import runner  # noqa: PLC0415 - Alembic takes 0.2 s to import; opening must not pay

    engine = keyed_engine(open_raw(path, database_key, access))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.commit()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            runner.upgrade(connection)
            connection.commit()
    finally:
        engine.dispose()


def _settle(path: Path, database_key: bytes) -> None:
    """Move everything into the one file: a leftover WAL would be applied to the file swapped in."""
    connection = open_raw(path, database_key, Access.WRITE)
    try:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != ("delete",):
            raise problem("store-busy")
    finally:
        connection.close()


def _copy(source: Path, target: Path, database_key: bytes) -> None:
    """Page by page between two keyed connections, then checked and flushed to the disk."""
    reading = open_raw(source, database_key, Access.READ)
    try:
        make_private(target)
        writing = open_raw(target, database_key, Access.CREATE)
        try:
            reading.backup(writing)
        finally:
            writing.close()
    finally:
        reading.close()
    _verify(target, database_key)
    sync_file(target)


def _verify(path: Path, database_key: bytes) -> None:
    connection = open_raw(path, database_key, Access.LOOK)
    try:
        sound = not connection.execute("PRAGMA cipher_integrity_check").fetchall()
        if not sound or connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise problem("store-damaged")
    finally:
        connection.close()


def _counts(path: Path, database_key: bytes) -> tuple[int, ...]:
    connection = open_raw(path, database_key, Access.LOOK)
    try:
        return tuple(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED)
    finally:
        connection.close()
