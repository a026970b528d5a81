"""A discarded draft can be taken back for as long as the toast stands."""

from __future__ import annotations

from functools import partial

from app.domain.records import ChangeKind, ChangeSet, Draft
from app.services import drafts
from forms.text import Text
from ui.bridge import Notice, NoticeKind
from ui.services import Services

_UNDO = Text("Hoàn tác", "Undo")


def offer_undo(services: Services, draft: Draft, words: Text) -> None:
    """Say that the draft is gone, with one button that brings it back to the list of unfinished work."""
    services.bridge.notify(
        Notice(text=words, kind=NoticeKind.INFO, action=_UNDO, on_action=partial(_restore, services, draft))
    )


def _restore(services: Services, draft: Draft) -> None:
    services.runner.run(services.bridge, partial(_save, services, draft)).then(services.bridge.publish)


def _save(services: Services, draft: Draft) -> ChangeSet:
    kept = drafts.save_draft(services.ctx, draft)
    return ChangeSet(frozenset({ChangeKind.DRAFT}), frozenset({kept.person_id}))
