"""The rail at the left: the screens that exist, each with its Alt key."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton

from forms.text import Text
from ui.i18n import say
from ui.icons import icon
from ui.pieces.labels import icon_label
from ui.pieces.layouts import column
from ui.theme import theme

WIDTH = 84


@dataclass(frozen=True, slots=True)
class RailItem:
    id: str
    label: Text
    icon: str


class Rail(QFrame):
    """Signals:
    chosen(str): id of the item the user wants.
    """

    chosen = Signal(str)

    def __init__(self, items: tuple[RailItem, ...]) -> None:
        super().__init__()
        self.setProperty("ground", "rail")
        look = theme()
        self.setFixedWidth(look.px(WIDTH))
        self._items = items
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        logo = icon_label("logo", "on_rail", 30)
        box = column(logo, spacing=2, margins=(0, 12, 0, 8))
        box.setAlignment(logo, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(look.px(12))
        for number, item in enumerate(items, 1):
            box.addWidget(self._button(item, number))
        box.addStretch(1)
        self.setLayout(box)
        self._group.buttonClicked.connect(self._on_clicked)

    def _button(self, item: RailItem, number: int) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "rail")
        button.setProperty("item", item.id)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIcon(icon(item.icon, "on_rail"))
        side = theme().px(22)
        button.setIconSize(QSize(side, side))
        button.setText(say(item.label))
        button.setToolTip(f"{say(item.label)}  Alt+{number}")
        button.setAccessibleName(say(item.label))
        button.setFixedWidth(theme().px(WIDTH))
        # Tab goes through the form; the rail has its Alt keys.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._group.addButton(button)
        return button

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self._items)

    @property
    def current(self) -> str:
        checked = self._group.checkedButton()
        return str(checked.property("item")) if checked is not None else ""

    def mark(self, item_id: str) -> None:
        for button in self._group.buttons():
            if button.property("item") == item_id:
                button.setChecked(True)

    @Slot(object)
    def _on_clicked(self, button: QToolButton) -> None:
        self.chosen.emit(str(button.property("item")))
