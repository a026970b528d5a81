"""F1: the keys that work right now, from the table in `ui.keyboard`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtWidgets import QWidget

from ui.i18n import say, tr
from ui.keyboard import SCOPE_TITLES, Scope, help_rows, keys_shown
from ui.pieces.labels import label
from ui.pieces.layouts import row
from ui.pieces.side_panel import SidePanel


class HelpPanel(SidePanel):
    def __init__(self, host: QWidget) -> None:
        super().__init__(host, tr("Phím của màn hình này", "Keys of this screen"), width=380)
        self._rows: list[QWidget] = []

    def show_keys(self, scopes: Iterable[Scope], available: set[str], names: Mapping[str, str]) -> None:
        """Replace the list by the keys of these scopes, then open; `names` renames actions by id."""
        self.clear_body()
        for scope, actions in help_rows(scopes, available):
            self.body.addWidget(label(say(SCOPE_TITLES[scope]), "strong"))
            for entry in actions:
                line = QWidget()
                keys = [label(key, "key") for key in keys_shown(entry)[:2]]
                line.setLayout(row(label(names.get(entry.id) or say(entry.label)), None, *keys, spacing=4))
                self.body.addWidget(line)
            gap = QWidget()
            gap.setFixedHeight(8)
            self.body.addWidget(gap)
        self.body.addStretch(1)
        self.open_panel()
