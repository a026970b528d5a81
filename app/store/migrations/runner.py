"""Runs Alembic in-process on a connection that is open and keyed already; no ini, no env.py, no files.

The modules are imported by name instead of being found in a folder: a frozen program has no folder.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.script.base import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection

from app.store.migrations import HEAD, m0001_foundation

MODULES: tuple[ModuleType, ...] = (m0001_foundation,)
"""In order; each names the one before it as its `down_revision`."""


def revision_map() -> RevisionMap:
    return RevisionMap(lambda: [Script(module, module.revision, module.__name__) for module in MODULES])


def upgrade(connection: Connection, to: str = HEAD) -> None:
    """Every step up to and including `to`, in the caller's transaction. The caller commits."""

    def steps(current: int, scripts: RevisionMap) -> list[Any]:
        wanted = MODULES[current : _place(to)]
        return [MigrationStep.upgrade_from_script(scripts, _script(scripts, m)) for m in wanted]

    _run(connection, steps)


def downgrade(connection: Connection, to: str | None = None) -> None:
    """Back to just after `to`; None undoes everything."""

    def steps(current: int, scripts: RevisionMap) -> list[Any]:
        wanted = MODULES[_place(to) : current]
        return [MigrationStep.downgrade_from_script(scripts, _script(scripts, m)) for m in reversed(wanted)]

    _run(connection, steps)


def _place(revision: str | None) -> int:
    """How many modules have run when the schema stands at `revision`."""
    if revision is None:
        return 0
    return [module.revision for module in MODULES].index(revision) + 1


def _script(scripts: RevisionMap, module: ModuleType) -> Any:
    return scripts.get_revision(module.revision)


def _run(connection: Connection, steps: Callable[[int, RevisionMap], list[Any]]) -> None:
    scripts = revision_map()

    def wanted(heads: tuple[str, ...], _context: MigrationContext) -> list[Any]:
        return steps(_place(heads[0] if heads else None), scripts)

    context = MigrationContext.configure(connection, opts={"fn": wanted})
    with Operations.context(context):
        context.run_migrations()
