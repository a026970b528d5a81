"""The two screens the entry package builds, as the window uses them. Tests may put others in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import SignalInstance

from app.domain.records import Draft
from forms.model import Json
from ui.screen import Screen
from ui.services import Services


class RecordScreenLike(Protocol):
    def open_person(self, person_id: str) -> None: ...

    def resume(self, draft: Draft) -> None:
        """Go on with a draft of a registered person."""
        ...


class NewPersonScreenLike(Protocol):
    @property
    def person_saved(self) -> SignalInstance: ...

    def resume(self, draft: Draft) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenMakers:
    record: Callable[[Services], Screen]
    """Also a RecordScreenLike."""
    new_person: Callable[[Services, Mapping[str, Json]], Screen]
    """Also a NewPersonScreenLike; the mapping holds answers of part A known beforehand."""
