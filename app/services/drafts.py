"""What was typed and not finished. Drafts never leave the encrypted store and are never sent."""

from __future__ import annotations

from dataclasses import replace

from app.domain.records import ChangeKind, ChangeSet, Draft
from app.ports import Context


def save_draft(ctx: Context, draft: Draft) -> Draft:
    """Durable when it returns; `updated_at` is the time to show as "nháp lưu"."""
    stamped = replace(draft, user_id=ctx.user.id, updated_at=ctx.clock.now())
    with ctx.store.writing() as uow:
        uow.drafts.put(stamped)
        uow.commit()
    return stamped


def discard_draft(ctx: Context, draft_id: str) -> ChangeSet:
    with ctx.store.writing() as uow:
        draft = uow.drafts.get(draft_id)
        uow.drafts.remove(draft_id)
        uow.commit()
    people = frozenset({draft.person_id}) if draft else frozenset[str]()
    return ChangeSet(frozenset({ChangeKind.DRAFT}), people)


def open_drafts(ctx: Context) -> tuple[Draft, ...]:
    """This user's unfinished work, latest first."""
    with ctx.store.reading() as uow:
        return tuple(uow.drafts.of_user(ctx.user.id))
