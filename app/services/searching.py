"""Finding people."""

from __future__ import annotations

from app.domain.people import SearchResult
from app.ports import Context


def search_people(ctx: Context, text: str, limit: int = 20) -> SearchResult:
    """Words in any order, with or without diacritics; best match first."""
    with ctx.store.reading() as uow:
        rows = tuple(uow.people.search(text, limit + 1))
    return SearchResult(rows[:limit], truncated=len(rows) > limit)


def exams_today(ctx: Context) -> SearchResult:
    with ctx.store.reading() as uow:
        rows = tuple(uow.people.exams_on(ctx.clock.now().date().isoformat()))
    return SearchResult(rows, truncated=False)
