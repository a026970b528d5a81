"""An unlocked store: one writer, several readers, every unit of work on its own connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from app.errors import EnvironmentProblem
from app.ports import Clock
from app.store.connection import reader_engine, writer_engine
from app.store.folder import Layout
from app.store.lock import StoreLock
from app.store.problems import DAMAGE
from app.store.unit_of_work import SqlUnitOfWork
from forms.text import Text


class SqlStore:
    """Implements `app.ports.Store`. Made by `app.store.vault`, which has checked the file and holds the lock.

    notes: what the user should know about this opening, e.g. that the duplicate key file was used.
    """

    def __init__(
        self,
        layout: Layout,
        database_key: bytes,
        *,
        lock: StoreLock,
        clock: Clock,
        notes: tuple[Text, ...] = (),
    ) -> None:
        self.layout = layout
        self.notes = notes
        self._database_key = database_key
        self._lock = lock
        self._clock = clock
        self._closed = False
        self._turn = threading.Lock()
        self._turn_of: int | None = None
        self._writer = writer_engine(layout.database, database_key)
        self._readers = reader_engine(layout.database, database_key)
        try:
            self._connection = self._writer.connect()
            found = self._connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'device_id'")
            self._device_id = str(found.scalar_one())
            self._connection.rollback()
        except BaseException:
            self._writer.dispose()
            raise

    @property
    def folder(self) -> Path:
        return self.layout.folder

    @property
    def device_id(self) -> str:
        return self._device_id

    @property
    def database_key(self) -> bytes:
        """For the vault and for copies made inside `app.store`; never logged, never written in the clear."""
        return self._database_key

    @contextmanager
    def reading(self) -> Iterator[SqlUnitOfWork]:
        self._require_open()
        with self._readers.connect() as connection:
            connection.begin()
            uow = self._unit(connection, writable=False)
            try:
                yield uow
            except EnvironmentProblem as found:
                _drop_if_damaged(connection, found)
                raise
            finally:
                uow.end()

    @contextmanager
    def writing(self) -> Iterator[SqlUnitOfWork]:
        """Waits for the unit of work of another thread; one inside another on the same thread is a bug."""
        self._require_open()
        if self._turn_of == threading.get_ident():
            raise RuntimeError("Store.writing() inside Store.writing()")
        with self._turn:
            self._require_open()
            self._turn_of = threading.get_ident()
            try:
                transaction = self._connection.begin()
                uow = self._unit(self._connection, writable=True)
                try:
                    yield uow
                except EnvironmentProblem as found:
                    _drop_if_damaged(self._connection, found)
                    raise
                finally:
                    uow.end()
                    transaction.close()
            finally:
                self._turn_of = None

    def close(self) -> None:
        """Moves everything into station.db, so that the folder can be copied, and frees the lock."""
        if self._turn_of == threading.get_ident():
            raise RuntimeError("Store.close() inside Store.writing()")
        with self._turn:
            if self._closed:
                return
            self._closed = True
            self._readers.dispose()
            self._connection.close()
            self._writer.dispose()
            self._lock.release()

    def _unit(self, connection: Connection, *, writable: bool) -> SqlUnitOfWork:
        return SqlUnitOfWork(
            connection,
            clock=self._clock,
            device_id=self._device_id,
            writable=writable,
        )

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")


def _drop_if_damaged(connection: Connection, found: EnvironmentProblem) -> None:
    if found.code in DAMAGE:
        connection.invalidate()
