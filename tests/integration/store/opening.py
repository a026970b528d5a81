"""Trying to open a store from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import AppError
from app.store import vault
from tests.integration.store.making import HEAD, PASSWORD, fingerprint


def refused(folder: Path, username: str = HEAD.username, password: str = PASSWORD) -> AppError:
    """The error of an opening, after checking that it changed nothing and speaks both languages."""
    before = fingerprint(folder) if folder.exists() else None
    with pytest.raises(AppError) as caught:
        vault.unlock(folder, username, password)
    assert (fingerprint(folder) if folder.exists() else None) == before
    assert caught.value.text.vi
    assert caught.value.text.en
    assert caught.value.text.vi != caught.value.text.en
    return caught.value


def people_in(folder: Path, password: str = PASSWORD) -> int:
    store, _ = vault.unlock(folder, HEAD.username, password)
    with store.reading() as uow:
        number = uow.people.count()
    store.close()
    return number
