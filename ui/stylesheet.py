"""The one style sheet. Widgets choose their look by dynamic property, never by a sheet of their own.

`kind` on buttons: primary, quiet, danger, link, choice, tile, rail, icon
`role` on labels: muted, label, small, section, title, name, strong, error, warn, ok, info, key, mono
`ground` on frames: card, panel, popup, bar, top, rail, line, soft-info, soft-warn, soft-danger, soft-ok
`state` on inputs: error, warn
"""

from __future__ import annotations

from collections.abc import Callable
from string import Template

_SHEET = """
* { outline: none; }
QWidget { color: $text; font-size: ${body}; }
QMainWindow, QWidget[ground="page"], QScrollArea[ground="page"] { background: $bg; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget[ground="scrolled"] { background: transparent; }
QToolTip { background: $text; color: $surface; border: none; padding: ${p4} ${p8}; }

QFrame[ground="card"], QFrame[ground="panel"] {
    background: $surface; border: 1px solid $border; border-radius: ${radius};
}
QFrame[ground="panel"] { border-radius: 0; border-width: 0 0 0 1px; }
QFrame[ground="popup"] { background: $surface; border: 1px solid $border_strong; border-radius: ${radius}; }
QFrame[ground="bar"] { background: $surface; border: none; border-top: 1px solid $border; }
QFrame[ground="top"] { background: $surface; border: none; border-bottom: 1px solid $border; }
QFrame[ground="rail"] { background: $rail; border: none; }
QFrame[ground="line"] { background: $border; border: none; }
QFrame[ground="privacy"] { background: $rail; border: none; }
QFrame[ground^="soft-"] { border-width: 1px; border-style: solid; border-radius: ${radius}; }
QFrame[ground="soft-info"] { background: $info_soft; border-color: $info; }
QFrame[ground="soft-ok"] { background: $ok_soft; border-color: $ok; }
QFrame[ground="soft-warn"] { background: $warn_soft; border-color: $warn; }
QFrame[ground="soft-danger"] { background: $danger_soft; border-color: $danger; }
QFrame[ground="soft-primary"] { background: $primary_soft; border-color: $primary; }

QLabel { background: transparent; border: none; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="label"] { color: $muted; font-size: ${small}; }
QLabel[role="small"] { font-size: ${small}; }
QLabel[role="section"] { font-size: ${section}; font-weight: 500; }
QLabel[role="title"] { font-size: ${title}; font-weight: 500; }
QLabel[role="name"] { font-size: ${name}; font-weight: 500; }
QLabel[role="strong"] { font-weight: 500; }
QLabel[role="error"] { color: $danger; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="ok"] { color: $ok; }
QLabel[role="info"] { color: $info; }
QLabel[role="on-rail"] { color: $on_rail; }
QLabel[role="on-rail-title"] { color: $on_primary; font-size: ${section}; font-weight: 500; }
QLabel[role="on-rail-name"] { color: $on_primary; font-size: ${brand}; font-weight: 500; }
QLabel[role="key"] {
    background: $surface; border: 1px solid $border_strong; border-radius: ${p4}; padding: 1px ${p6};
    font-size: ${small}; color: $muted;
}
QLabel[role="mono"] { font-size: ${title}; font-weight: 500; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
    background: $surface; color: $text; border: 1px solid $border_strong; border-radius: ${p4};
    padding: 0 ${p8}; selection-background-color: $primary; selection-color: $on_primary;
}
QLineEdit { min-height: ${control_in}; max-height: ${control_in}; }
QPlainTextEdit, QTextEdit { padding: ${p4} ${p4}; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $focus; }
QLineEdit[state="error"], QPlainTextEdit[state="error"] { border-color: $danger; background: $danger_soft; }
QLineEdit[state="warn"], QPlainTextEdit[state="warn"] { border-color: $warn; background: $warn_soft; }
QLineEdit:read-only, QPlainTextEdit:read-only { background: $bg; border-color: $border; }
QLineEdit:disabled, QPlainTextEdit:disabled { background: $bg; color: $muted; border-color: $border; }
QLineEdit[role="omnibox"] { font-size: ${omnibox}; border-radius: ${radius}; padding-left: ${p4}; }

QPushButton {
    background: $surface; color: $text; border: 1px solid $border_strong; border-radius: ${p4};
    padding: 0 ${p12}; min-height: ${control_in};
}
QPushButton:hover { background: $primary_soft; border-color: $primary; }
QPushButton:pressed { background: $border; }
QPushButton:disabled { color: $muted; background: $bg; border-color: $border; }
QPushButton[kind="primary"] {
    background: $primary; color: $on_primary; border-color: $primary; font-weight: 500; padding: 0 ${p16};
}
QPushButton[kind="primary"]:hover { background: $primary_strong; border-color: $primary_strong; }
QPushButton[kind="primary"]:disabled { background: $border; color: $muted; border-color: $border; }
QPushButton[kind="danger"] { color: $danger; border-color: $danger; }
QPushButton[kind="danger"]:hover { background: $danger_soft; }
QPushButton[kind="quiet"] { background: transparent; border-color: transparent; padding: 0 ${p8}; }
QPushButton[kind="quiet"]:hover { background: $primary_soft; }
QPushButton[kind="link"] {
    background: transparent; border-color: transparent; color: $primary; padding: 0 ${p4}; font-weight: 500;
}
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="choice"] { padding: 0 ${p12}; }
QPushButton[kind="choice"]:checked {
    background: $primary_soft; border: 1px solid $primary; color: $primary_strong; font-weight: 500;
}
QPushButton[kind="tile"] {
    text-align: left; padding: 0; min-height: 0; border-radius: ${radius}; border-color: $border;
}
QPushButton[kind="tile"]:hover { border-color: $primary; background: $surface; }
QPushButton[kind="tile"]:checked { border: 2px solid $primary; background: $primary_soft; }

QToolButton[kind="rail"] {
    background: transparent; color: $on_rail; border: none; border-left: 3px solid transparent;
    padding: ${p8} ${p2} ${p6} ${p2}; font-size: ${small};
}
QToolButton[kind="rail"]:hover { background: $rail_active; color: $on_primary; }
QToolButton[kind="rail"]:checked {
    background: $rail_active; color: $on_primary; border-left-color: $focus; font-weight: 500;
}
QToolButton[kind="icon"] { background: transparent; border: none; border-radius: ${p4}; padding: ${p4}; }
QToolButton[kind="icon"]:hover { background: $primary_soft; }

QTabBar { background: transparent; border: none; }
QTabBar::tab {
    background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
    padding: ${p6} ${p12}; margin-right: ${p4};
}
QTabBar::tab:hover { color: $primary; }
QTabBar::tab:selected { color: $primary_strong; border-bottom-color: $primary; font-weight: 500; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }

QTableView, QListView, QTreeView {
    background: $surface; border: none; selection-background-color: $primary_soft; selection-color: $text;
    gridline-color: $border;
}
QTableView::item, QListView::item { padding: 0 ${p8}; border-bottom: 1px solid $border; }
QTableView::item:hover, QListView::item:hover { background: $bg; }
QTableView::item:selected, QListView::item:selected { background: $primary_soft; color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $muted; border: none; border-bottom: 1px solid $border_strong;
    padding: ${p4} ${p8} ${p4} ${p11}; font-size: ${small}; font-weight: 500;
}
QTableCornerButton::section { background: $surface; border: none; }

QScrollBar:vertical { background: transparent; width: ${p12}; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}; margin: 0; }
QScrollBar::handle {
    background: $border_strong; border-radius: ${p4}; min-height: ${p24}; min-width: ${p24}; margin: ${p2};
}
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: $surface; border: 1px solid $border_strong; padding: ${p4}; }
QMenu::item { padding: ${p6} ${p24} ${p6} ${p12}; border-radius: ${p4}; }
QMenu::item:selected { background: $primary_soft; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: ${p4} 0; }
QSplitter::handle { background: $border; }
QCheckBox { spacing: ${p8}; background: transparent; }
QCheckBox::indicator { width: ${p16}; height: ${p16}; }
"""


def stylesheet(colours: dict[str, str], px: Callable[[float], int], pt: Callable[[float], float]) -> str:
    """The sheet with token colours, and lengths and type sizes of the current scale."""
    lengths = {f"p{n}": f"{px(n)}px" for n in (2, 4, 6, 8, 11, 12, 16, 24)}
    sizes = {
        "body": f"{pt(10.5)}pt",
        "small": f"{pt(9)}pt",
        "section": f"{pt(12)}pt",
        "omnibox": f"{pt(11)}pt",
        "title": f"{pt(15)}pt",
        "brand": f"{pt(22)}pt",
        "name": f"{pt(17)}pt",
        "radius": f"{px(6)}px",
        "control_in": f"{px(32) - 2}px",
    }
    return Template(_SHEET).substitute(colours | lengths | sizes)
