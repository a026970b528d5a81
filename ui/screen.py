"""What the main window asks of every screen it shows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.records import ChangeSet
from ui.keyboard import Scope


class Screen(QWidget):
    """Base of the screens in the main window. Refreshes from change sets, never from guesses.

    Signals:
        closed(): the screen is done; the window goes back to where it came from.
        person_requested(str): open the record of this person.
    """

    closed = Signal()
    person_requested = Signal(str)

    scopes: tuple[Scope, ...] = ()
    """Scopes of the keyboard table that work here, besides WINDOW; the F1 panel lists them."""

    def activate(self) -> None:
        """The screen became the visible one: load what is stale and put the focus where typing starts."""

    def back(self) -> bool:
        """Esc: close an inner panel and return True, or return False to let the window go back."""
        return False

    def flush_drafts(self) -> None:
        """Queue the saving of all that is typed and unsaved; called before leaving, locking and quitting."""

    def has_unsaved(self) -> bool:
        """Something typed is not in the store yet (asked after `flush_drafts` ran: the saving failed)."""
        return False

    def apply_changes(self, changes: ChangeSet) -> None:
        """Data changed (also elsewhere). Defer the refresh while an editor is open."""
