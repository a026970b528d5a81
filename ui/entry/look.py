"""The few looks only entry screens need, on top of `ui.stylesheet`: compact rows, template text, cells."""

from __future__ import annotations

from string import Template

from ui.theme import theme

_SHEET = """
QLineEdit[density="compact"] { min-height: ${compact_in}; max-height: ${compact_in}; padding: 0 ${p6}; }
QPlainTextEdit[density="compact"], QPlainTextEdit[density="entry"] { padding: 0 ${p4}; }
QLineEdit[state="template"], QPlainTextEdit[state="template"] { color: $muted; font-style: italic; }
QLineEdit[state="acknowledged"], QPlainTextEdit[state="acknowledged"] { border-color: $warn; }
QPushButton[density="compact"] { min-height: ${compact_in}; max-height: ${compact_in}; padding: 0 ${p8}; }
QPushButton[density="line"] {
    min-height: ${line_in}; max-height: ${line_in}; padding: 0 ${p4}; font-size: ${small};
}
QLabel[role="previous"] { color: $muted; font-size: ${small}; }
QLabel[role="error-line"] { color: $danger; font-size: ${small}; }
QLabel[role="warn-line"] { color: $warn; font-size: ${small}; }
QLabel[role="required"] { color: $primary; font-size: ${body}; font-weight: 700; }
QFrame[ground="quiet"] { background: $bg; border: none; border-radius: ${p4}; }
QFrame[ground="selected"] { background: $primary_soft; border: none; border-radius: ${p4}; }
"""


def entry_sheet() -> str:
    """Set on the root widget of an entry screen, before its children are made."""
    look = theme()
    return Template(_SHEET).substitute(
        look.values(),
        compact_in=f"{look.px(28) - 2}px",
        line_in=f"{look.px(18)}px",
        p4=f"{look.px(4)}px",
        p6=f"{look.px(6)}px",
        p8=f"{look.px(8)}px",
        body=f"{look.pt(10.5)}pt",
        small=f"{look.pt(9)}pt",
    )
