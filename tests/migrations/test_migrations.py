"""The schema, its history, and the swap of an older store (style.md §2.1, §4.4 point 23)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic import op
from sqlalchemy import Connection

from app.errors import AppError
from app.store import migrate, migrations, vault
from app.store.connection import Access, keyed_engine, open_raw
from app.store.doctor import examine
from app.store.folder import Layout
from app.store.migrations import runner
from app.store.tables import metadata
from tests.integration.store.making import CHANNEL, HEAD, PASSWORD, Made, exam, make, person

KEY = bytes(range(32))
Schema = dict[tuple[str, str], list[str]]


@contextmanager
def database(path: Path, key: bytes = KEY) -> Iterator[Connection]:
    engine = keyed_engine(open_raw(path, key, Access.CREATE))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def schema(connection: Connection) -> Schema:
    """(type, name) -> the words of its SQL, without Alembic's own table and SQLite's bookkeeping."""
    rows = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").all()
    connection.rollback()
    return {
        (kind, name): re.findall(r"\w+|[^\w\s]", sql or "")
        for kind, name, table, sql in rows
        if table not in {"alembic_version", "sqlite_sequence"}
    }


def upgraded(connection: Connection, to: str = migrations.HEAD) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    runner.upgrade(connection, to)
    connection.commit()


def downgraded(connection: Connection, to: str | None = None) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    runner.downgrade(connection, to)
    connection.commit()


def before(revision: str) -> str | None:
    place = migrations.REVISIONS.index(revision)
    return migrations.REVISIONS[place - 1] if place else None


# --- the five tests


def test_the_schema_after_upgrade_is_the_schema_of_the_models(tmp_path: Path) -> None:
    with database(tmp_path / "upgraded.db") as connection:
        upgraded(connection)
        migrated = schema(connection)
    with database(tmp_path / "models.db") as connection:
        metadata.create_all(connection)
        connection.commit()
        modelled = schema(connection)
    assert migrated.keys() == modelled.keys()
    for name, words in modelled.items():
        assert migrated[name] == words, name


@pytest.mark.parametrize("revision", migrations.REVISIONS)
def test_every_migration_goes_up(tmp_path: Path, revision: str) -> None:
    with database(tmp_path / "x.db") as connection:
        upgraded(connection, revision)
        assert version(connection) == revision


@pytest.mark.parametrize("revision", migrations.REVISIONS)
def test_every_migration_goes_down(tmp_path: Path, revision: str) -> None:
    with database(tmp_path / "x.db") as connection:
        if (earlier := before(revision)) is not None:
            upgraded(connection, earlier)
        below = schema(connection)
        upgraded(connection, revision)
        downgraded(connection, before(revision))
        assert schema(connection) == below
        assert version(connection) == before(revision)


@pytest.mark.parametrize("revision", migrations.REVISIONS)
def test_down_and_up_again_leaves_the_schema_unchanged(tmp_path: Path, revision: str) -> None:
    with database(tmp_path / "x.db") as connection:
        upgraded(connection, revision)
        first = schema(connection)
        downgraded(connection, before(revision))
        upgraded(connection, revision)
        assert schema(connection) == first


def test_data_of_every_kind_fits_the_migrated_schema(tmp_path: Path) -> None:
    """A real store is always made by the migrations; fill every table and examine it."""
    made = make(tmp_path / "tram")
    fill(made)
    report = examine(made.store)
    made.store.close()
    assert report.healthy
    assert all(
        report.counts[table] for table in ("person", "exam", "revision", "outbox", "person_identifier")
    )


def version(connection: Connection) -> str | None:
    value: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    connection.rollback()
    return value


def fill(made: Made) -> None:
    made.add_channel()
    made.save(person())
    made.save(exam())
    made.save(exam(base=1, reason="gõ nhầm"))
    with made.store.writing() as uow:
        uow.settings.put("x", 1)
        taken = uow.outbox.claim(CHANNEL.name)
        assert taken is not None
        uow.outbox.mark_sending(taken.seq, "R", b"<x/>")
        uow.commit()


# --- history


def test_one_head_one_base_and_the_declared_order() -> None:
    scripts = runner.revision_map()
    assert scripts.heads == (migrations.HEAD,)
    assert scripts.bases == (migrations.REVISIONS[0],)
    assert tuple(module.revision for module in runner.MODULES) == migrations.REVISIONS
    assert [module.down_revision for module in runner.MODULES] == [None, *migrations.REVISIONS[:-1]]


def test_modules_are_all_listed() -> None:
    """A module that is not imported by name would be missing from a frozen program."""
    folder = Path(migrations.__file__).parent
    assert sorted(path.stem for path in folder.glob("m[0-9]*.py")) == sorted(
        module.__name__.rpartition(".")[2] for module in runner.MODULES
    )


def test_constraints_have_names(tmp_path: Path) -> None:
    for table in metadata.tables.values():
        for constraint in table.constraints:
            if table.primary_key is constraint and not constraint.columns:
                continue
            assert constraint.name or table.primary_key is constraint, table.name


# --- the swap, with a migration that does not exist in the product


class _Later(ModuleType):
    """A schema after the present head: one more table."""

    revision = "9001"
    down_revision = migrations.HEAD

    def __init__(self, statements: tuple[str, ...]) -> None:
        super().__init__("m9001_later")
        self._statements = statements

    def upgrade(self) -> None:
        for statement in self._statements:
            op.execute(statement)

    def downgrade(self) -> None:
        op.execute("DROP TABLE later")


@pytest.fixture
def old(tmp_path: Path) -> Made:
    """A closed store with data, of the schema that is the head today."""
    made = make(tmp_path / "tram")
    fill(made)
    made.store.close()
    return made


def tomorrow(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """The program of the future, whose head is one step further."""
    revisions = (*migrations.REVISIONS, _Later.revision)
    for module in (migrations, migrate):
        monkeypatch.setattr(module, "REVISIONS", revisions)
        monkeypatch.setattr(module, "HEAD", _Later.revision)
    monkeypatch.setattr(runner, "MODULES", (*runner.MODULES, _Later(statements)))
    monkeypatch.setattr(runner.upgrade, "__defaults__", (_Later.revision,))


def opened(made: Made) -> Any:
    store, _ = vault.unlock(made.folder, HEAD.username, PASSWORD, clock=made.clock)
    return store


def test_an_older_store_is_migrated_and_the_old_file_kept(old: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    before_bytes = (old.folder / "station.db").stat().st_size
    tomorrow(monkeypatch, "CREATE TABLE later (x TEXT)")
    store = opened(old)
    with store.reading() as uow:
        assert uow.sql.value("SELECT count(*) FROM later") == 0
        assert uow.records.verify_chain() == 3
        assert uow.outbox.totals(CHANNEL.name).sending == 1
    with store.writing() as uow:
        uow.save(person("p2"))
        uow.commit()
    store.close()
    (kept,) = (old.folder / "backups").iterdir()
    assert kept.name.startswith(f"station-schema-{migrations.REVISIONS[0]}-")
    assert kept.stat().st_size == before_bytes
    assert not Layout(old.folder).migrating.exists()
    again = opened(old)
    again.close()
    assert len(list((old.folder / "backups").iterdir())) == 1


def test_the_kept_file_opens_with_the_program_of_yesterday(
    old: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as future:
        tomorrow(future, "CREATE TABLE later (x TEXT)")
        opened(old).close()
    with pytest.raises(AppError) as caught:
        opened(old)
    assert caught.value.code == "schema-newer"
    (kept,) = (old.folder / "backups").iterdir()
    kept.replace(old.folder / "station.db")
    store = opened(old)
    with store.reading() as uow:
        assert uow.people.count() == 1
    store.close()


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE person (x TEXT)", "DELETE FROM outbox", "SELECT missing FROM nowhere"],
    ids=["fails", "loses rows", "is wrong"],
)
def test_a_failed_migration_leaves_the_store_as_it_was(
    old: Made, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    with monkeypatch.context() as future:
        tomorrow(future, "CREATE TABLE later (x TEXT)", statement)
        with pytest.raises(Exception, match=r"lost rows|already exists|no such table"):
            opened(old)
    assert list((old.folder / "backups").iterdir()) == []
    assert not Layout(old.folder).migrating.exists()
    store = opened(old)
    with store.reading() as uow:
        assert uow.sql.value("SELECT version_num FROM alembic_version") == migrations.HEAD
        assert uow.outbox.totals(CHANNEL.name).sending == 1
    assert examine(store).healthy
    store.close()


def test_a_crash_before_the_swap_is_simply_repeated(old: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    Layout(old.folder).migrating.write_bytes(b"half a copy")
    tomorrow(monkeypatch, "CREATE TABLE later (x TEXT)")
    store = opened(old)
    assert examine_counts(store) == 1
    store.close()


def examine_counts(store: Any) -> int:
    with store.reading() as uow:
        return int(uow.people.count())


def test_saves_left_in_the_wal_by_a_crash_are_migrated_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path / "tram")
    made.save(person())
    crashed = tmp_path / "crashed"
    shutil.copytree(made.folder, crashed)
    made.store.close()
    tomorrow(monkeypatch, "CREATE TABLE later (x TEXT)")
    store, _ = vault.unlock(crashed, HEAD.username, PASSWORD)
    assert examine_counts(store) == 1
    store.close()


def test_names_of_kept_files_never_collide() -> None:
    at = datetime(1980, 1, 1, tzinfo=UTC)
    assert migrate.kept_name("0001", at, "aaaaaaaa-1") != migrate.kept_name("0001", at, "bbbbbbbb-1")
