"""A part drawn from its definition: one card per section, fields in paper order on the 12-column grid."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from forms.model import Part, Section
from forms.text import Text
from ui.entry.board import EntryBoard
from ui.entry.grid import GridLayout12
from ui.entry.layout import place_of, shared_heading
from ui.i18n import say
from ui.pieces.card import SectionCard
from ui.pieces.labels import label
from ui.pieces.layouts import scrolled
from ui.theme import theme


class FormView(QWidget):
    """Scrolls by itself; the focused field is always visible."""

    def __init__(self, part: Part, board: EntryBoard) -> None:
        super().__init__()
        self.board = board
        self.cards: dict[str, SectionCard] = {}
        content = QWidget()
        self._column = QVBoxLayout(content)
        edge = theme().px(2)
        # The focus ring is drawn outside the control; it needs a little room at the edges.
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._column.setSpacing(theme().px(12))
        for section in part.sections:
            card = self._card(section)
            self.cards[section.id] = card
            self._column.addWidget(card)
        self._column.addStretch(1)
        self.area: QScrollArea = scrolled(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)
        board.focus_moved.connect(self._on_focus_moved)
        board.refreshed.connect(self._on_refreshed)
        board.chain_tab_order()

    def _card(self, section: Section) -> SectionCard:
        card = SectionCard(say(section.title), section.number)
        grid = GridLayout12(across=12, down=10)
        holder = QWidget()
        heading: Text | None = None
        for field in section.fields:
            if field.computed:
                continue
            place = place_of(field)
            shared = shared_heading(field) if place.headed else None
            if shared is not None and shared != heading:
                grid.add(label(say(shared), "strong"), 12, starts_row=True)
            heading = shared
            block = self.board.block(field.key)
            if shared is not None and field.short is not None:
                block.caption.setText(say(field.short))
            grid.add(block, place.span, starts_row=place.starts_row)
        holder.setLayout(grid)
        card.add(holder)
        return card

    @Slot(str)
    def _on_focus_moved(self, key: str) -> None:
        block = self.board.blocks.get(key)
        if block is not None:
            self.area.ensureWidgetVisible(block, 0, theme().px(24))

    @Slot()
    def _on_refreshed(self) -> None:
        """A section none of whose fields applies is one line with the reason."""
        state = self.board.state
        for section in self.board.part.sections:
            reasons = [state.hidden_reason(f.key) for f in section.fields]
            card = self.cards[section.id]
            first = next((r for r in reasons if r is not None), None)
            if reasons and all(reasons) and first is not None:
                card.collapse(say(first))
            elif card.collapsed:
                card.expand()
