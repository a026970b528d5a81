"""The schema as SQLAlchemy metadata. Migrations build the same schema; a test compares the two.

Authority: `record` and `revision` (answers live in the journal, once), `outbox`, `draft`, `user`,
`channel`, `setting`, `meta`. Projections, which `index.rebuild` makes again from the journal: `person`,
`exam`, `person_identifier`, `people_fts`.

Local row numbers (`seq`) join tables; UUIDs are for the outside. Ordering never uses a time of day.
Every index has to earn its place: each one is another encrypted page to write in every save.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, default: str | None = None) -> Column[str]:
    if default is None:
        return Column(name, Text, nullable=False)
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


def _integer(name: str, default: int | None = None) -> Column[int]:
    if default is None:
        return Column(name, Integer, nullable=False)
    return Column(name, Integer, nullable=False, server_default=text(str(default)))


meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    _text("value"),
    sqlite_strict=True,
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    _text("value"),
    sqlite_strict=True,
)

user = Table(
    "user",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    _text("username"),
    _text("username_key"),
    _text("display_name"),
    _text("role"),
    UniqueConstraint("username_key"),
    sqlite_strict=True,
)

channel = Table(
    "channel",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    _text("url"),
    _text("username"),
    _text("password"),
    # Running totals, so that the status bar does not count hundreds of thousands of rows.
    _integer("acknowledged", 0),
    _integer("built_messages", 0),
    _integer("built_bytes", 0),
    Column("last_acknowledged_at", Text),
    sqlite_strict=True,
)

revision = Table(
    "revision",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("record_id"),
    _text("kind"),
    _text("person_id"),
    _integer("revision"),
    _text("form_code"),
    _text("form_version"),
    _text("status"),
    _text("answers"),
    _text("acknowledged"),
    _text("reason"),
    _text("at"),
    _text("user_id"),
    _text("device_id"),
    # The revision of the same record before this one, 0 for the first: a history is walked from its head.
    _integer("before"),
    _text("digest"),
    # Row number of the person in this file; with it the journal's end tells who was touched last.
    _integer("person"),
    sqlite_strict=True,
)

record = Table(
    "record",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("id"),
    _text("kind"),
    Column("person", Integer, ForeignKey("record.seq"), nullable=False),
    Column("head", Integer, ForeignKey("revision.seq"), nullable=False),
    _integer("revision"),
    _text("status"),
    _text("created_at"),
    UniqueConstraint("id"),
    CheckConstraint("revision >= 1", name="revision"),
    sqlite_strict=True,
)

person = Table(
    "person",
    metadata,
    Column("seq", Integer, ForeignKey("record.seq"), primary_key=True),
    _text("id"),
    _integer("active"),
    _text("full_name"),
    _text("sex"),
    _text("birth_date"),
    Column("birth_year", Integer),
    _text("village"),
    _text("commune"),
    _text("household_code"),
    _text("id_last4"),
    _text("insurance_last4"),
    _text("last_exam", ""),
    _integer("exam_count", 0),
    _integer("touched"),
    _text("tokens"),
    Index(None, "active"),
    Index(None, "birth_year"),
    sqlite_strict=True,
)

person_identifier = Table(
    "person_identifier",
    metadata,
    Column("person", Integer, ForeignKey("person.seq"), primary_key=True, nullable=False),
    Column("kind", Text, primary_key=True, nullable=False),
    Column("value", Text, primary_key=True, nullable=False),
    _text("last4"),
    _integer("active"),
    Index(None, "kind", "value"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

exam = Table(
    "exam",
    metadata,
    Column("person", Integer, ForeignKey("record.seq"), primary_key=True, nullable=False),
    Column("exam_date", Text, primary_key=True, nullable=False),
    Column("seq", Integer, ForeignKey("record.seq"), primary_key=True, nullable=False),
    _integer("active"),
    # Codes in the order of the exam, separated by spaces.
    _text("diagnoses"),
    Index(None, "exam_date", "active"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("channel", Text, ForeignKey("channel.name"), nullable=False),
    Column("record", Integer, ForeignKey("record.seq"), nullable=False),
    Column("person", Integer, ForeignKey("record.seq"), nullable=False),
    Column("revision", Integer, ForeignKey("revision.seq"), nullable=False),
    _integer("newest"),
    _text("state"),
    _integer("attempts", 0),
    _text("request_id", ""),
    _integer("message_bytes", 0),
    _text("message_sha256", ""),
    _text("receipt", ""),
    Column("acknowledged_at", Text),
    _text("last_code", ""),
    _text("last_message", ""),
    _text("queued_at"),
    # Last, so that reading the rest of a row never walks through it. Dropped once acknowledged.
    Column("message", LargeBinary),
    CheckConstraint(
        "state IN ('pending', 'sending', 'unknown', 'acknowledged', 'rejected', 'superseded')", name="state"
    ),
    Index(None, "person", "record", "newest", "state"),
    sqlite_strict=True,
)
Index(
    "ix_outbox_unsettled",
    outbox.c.channel,
    outbox.c.state,
    outbox.c.seq,
    outbox.c.message_bytes,
    sqlite_where=text("state IN ('pending', 'sending', 'unknown')"),
)
Index(
    "ix_outbox_rejected",
    outbox.c.channel,
    outbox.c.seq,
    sqlite_where=text("state = 'rejected' AND newest = 1"),
)

draft = Table(
    "draft",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    _integer("seq"),
    _text("kind"),
    _text("record_id"),
    _text("person_id"),
    _integer("base_revision"),
    _text("answers"),
    _text("typed"),
    _text("focus"),
    _text("user_id"),
    Column("updated_at", Text),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

JOURNAL_GUARDS = tuple(
    f"CREATE TRIGGER revision_is_never_{done} BEFORE {event_name} ON revision "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for done, event_name in (("changed", "UPDATE"), ("deleted", "DELETE"))
)

PEOPLE_FTS = (
    "CREATE VIRTUAL TABLE people_fts USING fts5(tokens, content='person', content_rowid='seq', "
    "tokenize=\"ascii tokenchars '=#<>'\", prefix='1 2 3 4', detail=none)"
)


def _ddl(statement: str) -> DDL:
    return DDL(statement)  # type: ignore[no-untyped-call] # SQLAlchemy leaves this constructor untyped


for _statement in JOURNAL_GUARDS:
    event.listen(revision, "after_create", _ddl(_statement))
event.listen(person, "after_create", _ddl(PEOPLE_FTS))
