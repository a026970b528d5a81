"""Schema versions in order. Plain modules, imported by name, so that a frozen program carries them.

Alembic itself is imported only when a store is made or migrated; opening compares one string.
"""

from __future__ import annotations

REVISIONS = ("0001",)
"""Oldest first; the last one is what this program reads and writes. A test compares it with the modules."""

HEAD = REVISIONS[-1]
