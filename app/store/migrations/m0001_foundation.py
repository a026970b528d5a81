"""The first schema: records, journal, outbox, drafts, projections.

Frozen: later changes are later migrations. A test compares the result with `app.store.tables`.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_UPGRADE = (
    """
CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_meta PRIMARY KEY (name)
)
 STRICT
""",
    """
CREATE TABLE setting (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_setting PRIMARY KEY (name)
)
 STRICT
""",
    """
CREATE TABLE user (
    id TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT pk_user PRIMARY KEY (id),
    CONSTRAINT uq_user_username_key UNIQUE (username_key)
)
 STRICT
""",
    """
CREATE TABLE channel (
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    username TEXT NOT NULL,
    password TEXT NOT NULL,
    acknowledged INTEGER DEFAULT 0 NOT NULL,
    built_messages INTEGER DEFAULT 0 NOT NULL,
    built_bytes INTEGER DEFAULT 0 NOT NULL,
    last_acknowledged_at TEXT,
    CONSTRAINT pk_channel PRIMARY KEY (name)
)
 STRICT
""",
    """
CREATE TABLE revision (
    seq INTEGER NOT NULL,
    record_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    person_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    form_code TEXT NOT NULL,
    form_version TEXT NOT NULL,
    status TEXT NOT NULL,
    answers TEXT NOT NULL,
    acknowledged TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    user_id TEXT NOT NULL,
    device_id TEXT NOT NULL,
    "before" INTEGER NOT NULL,
    digest TEXT NOT NULL,
    person INTEGER NOT NULL,
    CONSTRAINT pk_revision PRIMARY KEY (seq)
)
 STRICT
""",
    """
CREATE TRIGGER revision_is_never_changed
  BEFORE UPDATE ON revision
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
""",
    """
CREATE TRIGGER revision_is_never_deleted
  BEFORE DELETE ON revision
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
""",
    """
CREATE TABLE draft (
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    base_revision INTEGER NOT NULL,
    answers TEXT NOT NULL,
    typed TEXT NOT NULL,
    focus TEXT NOT NULL,
    user_id TEXT NOT NULL,
    updated_at TEXT,
    CONSTRAINT pk_draft PRIMARY KEY (id)
)
 WITHOUT ROWID,
 STRICT
""",
    """
CREATE TABLE record (
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    person INTEGER NOT NULL,
    head INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    CONSTRAINT pk_record PRIMARY KEY (seq),
    CONSTRAINT uq_record_id UNIQUE (id),
    CONSTRAINT ck_record_revision CHECK (revision >= 1),
    CONSTRAINT fk_record_person FOREIGN KEY(person) REFERENCES record (seq),
    CONSTRAINT fk_record_head FOREIGN KEY(head) REFERENCES revision (seq)
)
 STRICT
""",
    """
CREATE TABLE person (
    seq INTEGER NOT NULL,
    id TEXT NOT NULL,
    active INTEGER NOT NULL,
    full_name TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    birth_year INTEGER,
    village TEXT NOT NULL,
    commune TEXT NOT NULL,
    household_code TEXT NOT NULL,
    id_last4 TEXT NOT NULL,
    insurance_last4 TEXT NOT NULL,
    last_exam TEXT DEFAULT '' NOT NULL,
    exam_count INTEGER DEFAULT 0 NOT NULL,
    touched INTEGER NOT NULL,
    tokens TEXT NOT NULL,
    CONSTRAINT pk_person PRIMARY KEY (seq),
    CONSTRAINT fk_person_seq FOREIGN KEY(seq) REFERENCES record (seq)
)
 STRICT
""",
    "CREATE INDEX ix_person_active ON person (active)",
    "CREATE INDEX ix_person_birth_year ON person (birth_year)",
    """
CREATE VIRTUAL TABLE people_fts USING
  fts5(tokens, content='person', content_rowid='seq',
  tokenize="ascii tokenchars '=#<>'", prefix='1 2 3 4', detail=none)
""",
    """
CREATE TABLE exam (
    person INTEGER NOT NULL,
    exam_date TEXT NOT NULL,
    seq INTEGER NOT NULL,
    active INTEGER NOT NULL,
    diagnoses TEXT NOT NULL,
    CONSTRAINT pk_exam PRIMARY KEY (person, exam_date, seq),
    CONSTRAINT fk_exam_person FOREIGN KEY(person) REFERENCES record (seq),
    CONSTRAINT fk_exam_seq FOREIGN KEY(seq) REFERENCES record (seq)
)
 WITHOUT ROWID,
 STRICT
""",
    "CREATE INDEX ix_exam_exam_date_active ON exam (exam_date, active)",
    """
CREATE TABLE outbox (
    seq INTEGER NOT NULL,
    channel TEXT NOT NULL,
    record INTEGER NOT NULL,
    person INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    request_id TEXT DEFAULT '' NOT NULL,
    message_bytes INTEGER DEFAULT 0 NOT NULL,
    message_sha256 TEXT DEFAULT '' NOT NULL,
    receipt TEXT DEFAULT '' NOT NULL,
    acknowledged_at TEXT,
    last_code TEXT DEFAULT '' NOT NULL,
    last_message TEXT DEFAULT '' NOT NULL,
    queued_at TEXT NOT NULL,
    message BLOB,
    CONSTRAINT pk_outbox PRIMARY KEY (seq),
    CONSTRAINT ck_outbox_state CHECK (
        state IN ('pending', 'sending', 'unknown', 'acknowledged', 'rejected', 'superseded')),
    CONSTRAINT fk_outbox_channel FOREIGN KEY(channel) REFERENCES channel (name),
    CONSTRAINT fk_outbox_record FOREIGN KEY(record) REFERENCES record (seq),
    CONSTRAINT fk_outbox_person FOREIGN KEY(person) REFERENCES record (seq),
    CONSTRAINT fk_outbox_revision FOREIGN KEY(revision) REFERENCES revision (seq)
)
 STRICT
""",
    """
CREATE INDEX ix_outbox_unsettled ON outbox (channel, state, seq, message_bytes)
  WHERE state IN ('pending', 'sending', 'unknown')
""",
    "CREATE INDEX ix_outbox_person_record_newest_state ON outbox (person, record, newest, state)",
    "CREATE INDEX ix_outbox_rejected ON outbox (channel, seq) WHERE state = 'rejected' AND newest = 1",
    """
CREATE TABLE person_identifier (
    person INTEGER NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    last4 TEXT NOT NULL,
    active INTEGER NOT NULL,
    CONSTRAINT pk_person_identifier PRIMARY KEY (person, kind, value),
    CONSTRAINT fk_person_identifier_person FOREIGN KEY(person) REFERENCES person (seq)
)
 WITHOUT ROWID,
 STRICT
""",
    "CREATE INDEX ix_person_identifier_kind_value ON person_identifier (kind, value)",
)

_TABLES = (
    "person_identifier",
    "outbox",
    "exam",
    "people_fts",
    "person",
    "record",
    "draft",
    "revision",
    "channel",
    "user",
    "setting",
    "meta",
)


def upgrade() -> None:
    for statement in _UPGRADE:
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"DROP TABLE {table}")
