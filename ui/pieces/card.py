"""A section of a form or page: official number and title as on paper, then its content."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.pieces.labels import label
from ui.pieces.layouts import Item, column, row, set_margins
from ui.theme import theme


class SectionCard(QFrame):
    """Add content with `add`; put actions into the head with `add_to_head`.

    `collapse("Nam giới")` hides the content and says why in one line, `expand()` brings it back.
    """

    def __init__(self, title: str, number: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self._title = label(f"{number}. {title}" if number else title, "section")
        self._reason = label("", "muted")
        self._reason.hide()
        self._head: QHBoxLayout = row(self._title, self._reason, None)
        self._content = QWidget()
        self.body: QVBoxLayout = column(spacing=8)
        self._content.setLayout(self.body)
        outer = column(self._head, self._content, spacing=8)
        set_margins(outer, (16, 12, 16, 12))
        self.setLayout(outer)

    def add(self, item: Item) -> None:
        if item is None:
            self.body.addStretch(1)
        elif isinstance(item, QWidget):
            self.body.addWidget(item)
        else:
            self.body.addLayout(item)

    def add_to_head(self, widget: QWidget) -> None:
        """To the right of the title."""
        self._head.addWidget(widget)

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self._title.setVisible(bool(title))

    def set_spacing(self, pixels: int) -> None:
        self.body.setSpacing(theme().px(pixels))

    def collapse(self, reason: str) -> None:
        self._reason.setText(reason)
        self._reason.show()
        self._content.hide()

    def expand(self) -> None:
        self._reason.hide()
        self._content.show()

    @property
    def collapsed(self) -> bool:
        return self._content.isHidden()
