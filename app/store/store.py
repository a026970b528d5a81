"""An unlocked store: one writer, several readers, every unit of work on its own connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import PoolProxiedConnection

from app.errors import EnvironmentProblem
from app.ports import Clock
from app.store.connection import Sql, reader_engine, writer_engine
from app.store.folder import Layout
from app.store.lock import StoreLock
from app.store.problems import DAMAGE, environment
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
        self._device_id = ""
        self._writer = writer_engine(layout.database, database_key)
        self._readers = reader_engine(layout.database, database_key)
        self._held: PoolProxiedConnection | None = None
        try:
            with self.writing() as uow:
                self._device_id = str(uow.sql.value("SELECT value FROM meta WHERE name = 'device_id'"))
        except BaseException:
            self._let_go()
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
        with environment():
            connection = self._readers.raw_connection()
        try:
            with self._unit_of_work(connection, writable=False) as uow:
                yield uow
        finally:
            connection.close()

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
                if self._held is None or not self._held.is_valid:
                    with environment():
                        self._held = self._writer.raw_connection()
                with self._unit_of_work(self._held, writable=True) as uow:
                    yield uow
            finally:
                self._turn_of = None

    @contextmanager
    def _unit_of_work(self, connection: PoolProxiedConnection, *, writable: bool) -> Iterator[SqlUnitOfWork]:
        sql = Sql(connection.dbapi_connection, writable=writable)
        try:
            yield SqlUnitOfWork(sql, clock=self._clock, device_id=self._device_id, writable=writable)
        except EnvironmentProblem as found:
            sql.end()
            if found.code in DAMAGE:
                connection.invalidate()
            raise
        finally:
            sql.end()

    def close(self) -> None:
        """Moves everything into station.db, so that the folder can be copied, and frees the lock."""
        if self._turn_of == threading.get_ident():
            raise RuntimeError("Store.close() inside Store.writing()")
        with self._turn:
            if self._closed:
                return
            self._closed = True
            self._let_go()
            self._lock.release()

    def _let_go(self) -> None:
        self._readers.dispose()
        if self._held is not None:
            self._held.close()
        self._writer.dispose()

    def _require_open(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")
