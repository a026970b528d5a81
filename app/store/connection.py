"""Keyed SQLCipher connections and the SQLAlchemy engines over them.

The key goes in raw, as the first statement, so no PBKDF2 runs and nothing is read before it. It is
never part of a URL, and bound values never appear in an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import ExceptionContext
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from app.store.problems import classify

BUSY_SECONDS = 5.0
_READERS = 4
_SQLITE_READONLY = 8
_Answer = TypeVar("_Answer")


class Access(StrEnum):
    """How a database file is opened, as SQLite's URI parameters."""

    CREATE = "mode=rwc"
    WRITE = "mode=rw"
    READ = "mode=ro"
    LOOK = "mode=ro&immutable=1"
    """Touches nothing beside the file: no lock, no WAL, no shared memory."""


def open_raw(path: Path, database_key: bytes, access: Access) -> Any:
    """A keyed DB-API connection (sqlcipher3 ships no type information)."""
    connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?{access}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        # SQLCipher writes to standard error otherwise; failures reach us as exceptions.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{database_key.hex()}'\"")
    except BaseException:
        connection.close()
        raise
    return connection


def make_durable(connection: Any) -> None:
    """What every writing connection needs before its first transaction."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.execute("PRAGMA synchronous = FULL")


def writer_engine(path: Path, database_key: bytes) -> Engine:
    """One connection: SQLite has one writer anyway, and waiting in Python is fair."""

    def connect() -> Any:
        connection = open_raw(path, database_key, Access.WRITE)
        make_durable(connection)
        return connection

    return _engine(connect, pool_size=1, max_overflow=0)


def reader_engine(path: Path, database_key: bytes) -> Engine:
    """Connections that cannot write; each unit of work sees one snapshot."""

    def connect() -> Any:
        connection = open_raw(path, database_key, Access.WRITE)
        connection.execute("PRAGMA query_only = ON")
        return connection

    return _engine(connect, pool_size=_READERS, max_overflow=_READERS)


def keyed_engine(connection: Any) -> Engine:
    """An engine over one connection that is open and keyed already; migrations run on it."""
    return _engine(lambda: connection, pool_size=1, max_overflow=0)


def _classify(context: ExceptionContext) -> None:
    found = classify(context.original_exception)
    if found is not None:
        raise found from context.original_exception


def _engine(connect: Callable[[], Any], *, pool_size: int, max_overflow: int) -> Engine:
    engine = create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_use_lifo=True,
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", _classify)
    return engine


class Sql:
    """One transaction, statements with `?` parameters; refuses to outlive it.

    Straight on the driver: an examination is saved in seven statements and a keystroke answered with
    three, and SQLAlchemy's own work would double their time. Environment errors leave as EnvironmentProblem.
    """

    def __init__(self, driver: Any, *, writable: bool) -> None:
        """Begins: a writer takes the write lock now, a reader fixes its snapshot with the first statement."""
        self._driver = driver
        self._writable = writable
        self._open = True
        self._ended = False
        with self._named():
            driver.execute("BEGIN IMMEDIATE" if writable else "BEGIN")

    def commit(self) -> None:
        """Returns once it is durable. Nothing can follow."""
        with self._named():
            self._driver.execute("COMMIT")
        self._open = False

    def end(self) -> None:
        """Takes back what was not committed; harmless after a commit and after SQLite did it itself."""
        if self._ended:
            return
        self._open, self._ended = False, True
        if self._driver.in_transaction:
            self._driver.rollback()

    def all(self, statement: str, *values: object) -> Sequence[Any]:
        return self._ask(statement, values, _all)

    def one(self, statement: str, *values: object) -> Any:
        """The first row or None."""
        return self._ask(statement, values, _one)

    def value(self, statement: str, *values: object) -> Any:
        """The first column of the first row; None without rows."""
        row = self._ask(statement, values, _one)
        return row[0] if row else None

    def run(self, statement: str, *values: object) -> int:
        """Number of rows changed."""
        return self._ask(statement, values, _changed)

    def run_many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        with self._named():
            self._driver.executemany(statement, rows)

    def stream(self, statement: str, *values: object) -> Iterator[Any]:
        """Rows one by one, for walks over whole tables."""
        with self._named():
            # Not `yield from`: that would close the cursor of a connection that was dropped meanwhile.
            for row in self._driver.execute(statement, values):
                self._require_open()
                yield row

    def _ask(self, statement: str, values: tuple[object, ...], take: Callable[[Any], _Answer]) -> _Answer:
        with self._named():
            return take(self._driver.execute(statement, values))

    @contextmanager
    def _named(self) -> Iterator[None]:
        self._require_open()
        try:
            yield
        except dbapi2.Error as error:
            if not self._writable and getattr(error, "sqlite_errorcode", None) == _SQLITE_READONLY:
                raise RuntimeError("a unit of work from Store.reading() was used to write") from error
            found = classify(error)
            if found is None:
                raise
            raise found from error

    def _require_open(self) -> None:
        if not self._open:
            raise RuntimeError("the unit of work has ended")


def _all(cursor: Any) -> Sequence[Any]:
    rows: Sequence[Any] = cursor.fetchall()
    return rows


def _one(cursor: Any) -> Any:
    return cursor.fetchone()


def _changed(cursor: Any) -> int:
    return int(cursor.rowcount)
