"""Tables of the intake portal: its own, not the station's store. SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.exc import SQLAlchemyError

from app.errors import EnvironmentProblem
from forms import text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

_NO_DATABASE = text.Text(
    "Không mở được cơ sở dữ liệu của cổng. Xem lại địa chỉ sau --db và quyền ghi của thư mục.",
    "The portal's database could not be opened. Check the address after --db and the folder's permissions.",
)
_INSTANT = String(40)  # ISO 8601 with offset, UTC: sorts as text and reads the same in every database

stations = Table(
    "stations",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("username", String(100), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", _INSTANT, nullable=False),
    Column("last_contact_at", _INSTANT, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("station", ForeignKey("stations.code"), nullable=False),
    Column("expires_at", Float, nullable=False),  # seconds since 1970 by the portal's own clock
)

receipts = Table(
    "receipts",
    metadata,
    Column("tracking_id", String(40), primary_key=True),
    Column("station", ForeignKey("stations.code"), nullable=False),
    Column("request_id", String(100), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("received_at", _INSTANT, nullable=False),
    Column("times_seen", Integer, nullable=False),
    Column("last_seen_at", _INSTANT, nullable=False),
    Column("person_key", String(120), nullable=False),
    Column("exam_count", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("message", LargeBinary, nullable=False),
    UniqueConstraint("station", "request_id"),
)
Index("ix_receipts_received_at", receipts.c.received_at)

people = Table(
    "people",
    metadata,
    Column("station", ForeignKey("stations.code"), primary_key=True),
    Column("person_key", String(120), primary_key=True),
    Column("revision", Integer, nullable=False),  # 0: the sender does not number its revisions
    Column("content", Text, nullable=False),  # JSON by tag
    Column("tracking_id", ForeignKey("receipts.tracking_id"), nullable=False),
    Column("updated_at", _INSTANT, nullable=False),
)

exams = Table(
    "exams",
    metadata,
    Column("station", ForeignKey("stations.code"), primary_key=True),
    Column("ma_lk", String(100), primary_key=True),
    Column("person_key", String(120), nullable=False),
    Column("exam_date", String(10), nullable=False),  # ISO
    Column("revision", Integer, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("content", Text, nullable=False),
    Column("tracking_id", ForeignKey("receipts.tracking_id"), nullable=False),
    Column("updated_at", _INSTANT, nullable=False),
)
Index("ix_exams_exam_date", exams.c.exam_date)

refusals = Table(
    "refusals",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("station", ForeignKey("stations.code"), nullable=False),
    Column("request_id", String(100), nullable=False),
    Column("at", _INSTANT, nullable=False),
    Column("code", String(40), nullable=False),
    Column("fields", Text, nullable=False),  # names of tags, never values
)


def open_database(url: str) -> Engine:
    """Opens and, where needed, creates the tables; EnvironmentProblem if that cannot be done.

    A bound value never appears in an exception.
    """
    try:
        engine = create_engine(url, hide_parameters=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_connected)
            event.listen(engine, "begin", _sqlite_begins)
        metadata.create_all(engine)
    except (SQLAlchemyError, ImportError) as error:
        raise EnvironmentProblem("portal-database", _NO_DATABASE) from error
    return engine


def _sqlite_connected(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_sqlite_begins`, not by the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begins(connection: Any) -> None:
    # A writer that starts as a reader can deadlock with another one; this portal is small enough to queue.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
