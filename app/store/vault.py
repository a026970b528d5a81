"""Making a store, opening it, and changing who may open it.

Nothing is written before the key has been proved and the file checked; a store that does not open is
left exactly as it is. The password work is deliberately slow (Argon2id): call it off the GUI thread.
"""

from __future__ import annotations

from pathlib import Path

from app.clock import SystemClock, new_uuid
from app.domain.passwords import SHORTEST
from app.domain.station import Role, Station, User
from app.ports import Clock, IdFactory
from app.store import key_files, messages
from app.store.connection import Access, Sql, make_durable, open_raw
from app.store.folder import Layout, make_private, sync_file, sync_folder, write_atomically
from app.store.inspection import require_sound, require_writable
from app.store.keys import KdfCost, KeyFile, WrongSecret, new_database_key
from app.store.lock import StoreLock
from app.store.migrate import build_schema, kept_name, migrate, needs_migration
from app.store.problems import environment
from app.store.recovery import RecoveryKey
from app.store.settings import SqlSettings, SqlUsers
from app.store.store import SqlStore
from forms.text import Text


def create_store(
    folder: Path,
    *,
    password: str,
    user: User,
    station: Station,
    clock: Clock,
    new_id: IdFactory,
    program_version: str,
    recovery: RecoveryKey | None = None,
    cost: KdfCost | None = None,
) -> tuple[SqlStore, RecoveryKey]:
    """A new station folder with its first user, opened. EnvironmentProblem store-exists if there is one.

    All or nothing: it is built aside and moved into place, station.db last. The recovery key (made before,
    so that its sheet is on paper first, or here) is returned once and kept nowhere.
    """
    _require_password(password)
    layout = Layout(folder)
    with environment():
        _clear_unfinished(layout)
        if layout.holds_store():
            raise messages.store_exists()
        layout.make_folders()
        database_key, recovery = new_database_key(), recovery or RecoveryKey.generate()
        keys = (
            KeyFile.for_key(new_id(), database_key)
            .with_password(user.username, password, database_key, cost or KdfCost())
            .with_recovery(recovery, database_key)
        )
        staged = Layout(layout.staging)
        staged.folder.mkdir()
        make_private(staged.database)
        build_schema(staged.database, database_key)
        facts = {
            "store_id": keys.store_id,
            "device_id": new_id(),
            "created_at": clock.now().isoformat(),
            "created_by": program_version,
        }
        _fill(staged.database, database_key, facts, user, station)
        for path in (staged.keys, staged.keys_copy):
            write_atomically(path, keys.to_bytes())
        make_private(layout.lock)
        for name in (layout.keys_copy.name, layout.keys.name, layout.database.name):
            (staged.folder / name).replace(layout.folder / name)
        sync_folder(layout.folder)
        staged.folder.rmdir()
        return _open(layout, database_key, clock=clock, new_id=new_id), recovery


def list_usernames(folder: Path) -> tuple[str, ...]:
    """For the unlock screen, in the order the users were added."""
    with environment():
        return tuple(slot.username for slot in key_files.load(Layout(folder)).keys.passwords)


def unlock(
    folder: Path, username: str, password: str, *, clock: Clock | None = None, new_id: IdFactory = new_uuid
) -> tuple[SqlStore, User]:
    """AccessDenied unknown-user or wrong-password; EnvironmentProblem for everything about the files."""
    layout = Layout(folder)
    with environment():
        found = key_files.load(layout)
        slot = found.keys.slot_of(username)
        if slot is None:
            raise messages.unknown_user()
        try:
            database_key = found.keys.open_password(slot, password)
        except WrongSecret:
            raise messages.wrong_password() from None
        store = _open(layout, database_key, clock=clock or SystemClock(), new_id=new_id, keys=found)
    return store, _user_of(store, username)


def unlock_with_recovery(
    folder: Path,
    recovery_text: str,
    *,
    username: str = "",
    clock: Clock | None = None,
    new_id: IdFactory = new_uuid,
) -> tuple[SqlStore, User]:
    """Opens with the recovery sheet, as the named user or else as the head of the station.

    RecoveryMistyped names the mistyped group; AccessDenied wrong-recovery-key for the sheet of another store.
    Call `set_password` next, so that the user can come in again without the sheet.
    """
    key = RecoveryKey.parse(recovery_text)
    layout = Layout(folder)
    with environment():
        found = key_files.load(layout)
        try:
            database_key = found.keys.open_recovery(key)
        except WrongSecret:
            raise messages.wrong_recovery_key() from None
        store = _open(layout, database_key, clock=clock or SystemClock(), new_id=new_id, keys=found)
    return store, _user_of(store, username)


def change_password(folder: Path, username: str, old: str, new: str, *, cost: KdfCost | None = None) -> None:
    """Rewrites one slot; the database is not touched. AccessDenied if `old` is wrong, and nothing changes."""
    _require_password(new)
    layout = Layout(folder)
    with environment():
        keys = key_files.load(layout).keys
        slot = keys.slot_of(username)
        if slot is None:
            raise messages.unknown_user()
        try:
            database_key = keys.open_password(slot, old)
        except WrongSecret:
            raise messages.wrong_password() from None
        key_files.save(layout, keys.with_password(slot.username, new, database_key, cost or KdfCost()))


def set_password(store: SqlStore, username: str, password: str, *, cost: KdfCost | None = None) -> None:
    """A new slot or a forgotten password, from inside an open store. Rights are the caller's matter."""
    _require_password(password)
    with environment():
        keys = key_files.load(store.layout).keys
        key_files.save(
            store.layout, keys.with_password(username, password, store.database_key, cost or KdfCost())
        )


def add_user(store: SqlStore, user: User, password: str, *, cost: KdfCost | None = None) -> None:
    """A user with a password slot. AppError user-exists if the name is taken."""
    with store.reading() as uow:
        if uow.users.by_username(user.username) is not None:
            raise messages.user_exists()
    # A slot without a user opens nothing; a user without a slot could never come in.
    set_password(store, user.username, password, cost=cost)
    with store.writing() as uow:
        uow.users.add(user)
        uow.commit()


def renew_recovery(store: SqlStore) -> RecoveryKey:
    """A new recovery sheet; the old one opens nothing any more."""
    recovery = RecoveryKey.generate()
    with environment():
        keys = key_files.load(store.layout).keys
        key_files.save(store.layout, keys.with_recovery(recovery, store.database_key))
    return recovery


def _require_password(password: str) -> None:
    if len(password) < SHORTEST:
        raise messages.password_too_short(SHORTEST)


def _clear_unfinished(layout: Layout) -> None:
    """Remove what an interrupted creation left. Its keys were never handed to anybody.

    An empty staging folder means that everything had been moved: that store is complete.
    """
    if not layout.staging.exists():
        return
    staged = Layout(layout.staging)
    if staged.database.exists():
        for path in (layout.keys, layout.keys_copy):
            path.unlink(missing_ok=True)
    for path in layout.staging.iterdir():
        path.unlink()
    layout.staging.rmdir()


def _fill(path: Path, database_key: bytes, facts: dict[str, str], user: User, station: Station) -> None:
    raw = open_raw(path, database_key, Access.WRITE)
    try:
        make_durable(raw)
        sql = Sql(raw, writable=True)
        sql.run_many("INSERT INTO meta (name, value) VALUES (?, ?)", list(facts.items()))
        SqlUsers(sql).add(user)
        SqlSettings(sql, lambda _channel: 0).set_station(station)
        sql.commit()
    finally:
        raw.close()
    sync_file(path)


def _open(
    layout: Layout,
    database_key: bytes,
    *,
    clock: Clock,
    new_id: IdFactory,
    keys: key_files.Loaded | None = None,
) -> SqlStore:
    """The key is right. Lock, check, migrate if older, open; on any failure the lock is given back."""
    lock = StoreLock(layout.lock)
    lock.acquire()
    try:
        version = require_sound(layout, database_key)
        older = needs_migration(version)
        require_writable(layout)
        notes: tuple[Text, ...] = ()
        if keys is not None:
            key_files.repair(layout, keys)
            notes = keys.notes
        if older:
            migrate(layout, database_key, kept_name(version, clock.now(), new_id()))
        return SqlStore(layout, database_key, lock=lock, clock=clock, notes=notes)
    except BaseException:
        lock.withdraw()
        raise


def _user_of(store: SqlStore, username: str) -> User:
    with store.reading() as uow:
        if username:
            user = uow.users.by_username(username)
        else:
            users = uow.users.all()
            user = next((u for u in users if u.role is Role.HEAD), users[0] if users else None)
    if user is None:
        store.close()
        raise messages.unknown_user()
    return user
