"""One field on the screen: label, editor, previous value, and one line for what is wrong. Never a dialog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from forms.model import Field, Finding, Severity
from forms.text import Text
from ui.entry.editors.base import FieldEditor, Mark
from ui.i18n import say, tr
from ui.icons import pixmap
from ui.pieces.buttons import link_button
from ui.pieces.labels import ElidedLabel, label, set_property
from ui.theme import theme

Mode = Literal["stacked", "inline", "cell"]
LABEL_WIDTH = 112
"""Of an inline field, in pixels of the 100 % design."""

_ICONS = {
    Severity.ERROR: ("error", "danger"),
    Severity.WARNING: ("alert", "warn"),
    Severity.INFO: ("info", "info"),
}
_ROLES = {Severity.ERROR: "error-line", Severity.WARNING: "warn-line", Severity.INFO: "previous"}


class FindingLine(QWidget):
    """The first finding of a field in one wrapped line, with "still right" beside a warning.

    Signals:
        acknowledged(): the person says the value is right all the same.
    """

    acknowledged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = QLabel()
        self._text = label("", wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._confirm: QPushButton | None = None
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme().px(4))
        self._box.addWidget(self._icon)
        self._box.addWidget(self._text, 1)
        self._box.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_finding(self, finding: Finding | None, *, confirmed: bool, more: int = 0) -> None:
        if finding is None:
            self.hide()
            self._text.clear()
            return
        icon_name, tint = _ICONS[finding.severity]
        self._icon.setPixmap(pixmap("check" if confirmed else icon_name, tint, 14))
        words = say(finding.message)
        if confirmed:
            words = tr("{words} Đã xác nhận.", "{words} Confirmed.", words=words)
        self._text.setText(f"{words} (+{more})" if more else words)
        set_property(self._text, "role", _ROLES[finding.severity])
        offer = finding.severity is Severity.WARNING and not confirmed
        if offer and self._confirm is None:
            self._confirm = link_button(tr("Vẫn đúng", "Still right"), self.acknowledged.emit)
            self._confirm.setProperty("density", "line")
            self._confirm.setAutoDefault(True)
            self._confirm.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._box.addWidget(self._confirm)
        if self._confirm is not None:
            self._confirm.setVisible(offer)
        self.show()


class FieldBlock(QWidget):
    """`stacked` has its label above; `inline` a short one at the left (dense sections); `cell` is an inline
    field as narrow as its label, whose findings are shown by its neighbourhood.

    Signals:
        acknowledge_requested(str): the warnings of this field are right all the same.
        template_requested(str): its label was double-clicked.
    """

    acknowledge_requested = Signal(str)
    template_requested = Signal(str)

    def __init__(
        self, field: Field, editor: FieldEditor, *, mode: Mode = "stacked", label_width: int = LABEL_WIDTH
    ) -> None:
        super().__init__()
        self.field = field
        self.editor = editor
        self.mode: Mode = mode
        caption = field.label if mode == "stacked" else field.short or field.label
        self.caption = ElidedLabel(say(caption), "label")
        self.caption.setAccessibleName(say(field.label))
        self._dot: QLabel | None = None
        self._reason = label("", "muted")
        self._reason.hide()
        self._previous: QLabel | None = None
        self._finding: FindingLine | None = None
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(2))
        head = self._head(label_width)
        if mode == "stacked":
            self._column.addLayout(head)
            self._column.addWidget(editor)
            self._column.addWidget(self._reason)
            self.setLayout(self._column)
        else:
            line = QHBoxLayout(self)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme().px(8))
            line.addLayout(head)
            self._column.addWidget(editor)
            self._column.addWidget(self._reason)
            line.addLayout(self._column, 1)

    def _head(self, label_width: int) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(theme().px(4))
        head.addWidget(self.caption)
        if self.field.required:
            dot = label("•")
            dot.setProperty("role", "required")
            dot.setObjectName("required-dot")
            dot.setToolTip(tr("Cần có để hoàn tất", "Needed to finish"))
            # Bigger than the label beside it, yet the line must not grow by it.
            dot.setFixedHeight(QFontMetrics(theme().font(9)).height())
            self._dot = dot
            head.addWidget(dot)
        if self.mode == "cell":
            self.caption.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        elif self.mode == "inline":
            room = theme().px(10) if self.field.required and label_width else 0
            self.caption.setFixedWidth(theme().px(label_width) - room)
            self.caption.setFixedHeight(theme().px(28))
            head.setAlignment(Qt.AlignmentFlag.AlignTop)
        else:
            head.addStretch(1)
            self.caption.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        return head

    def hide_caption(self) -> None:
        """Where the surroundings name the field already."""
        self.caption.hide()
        if self._dot is not None:
            self._dot.hide()

    @property
    def finding_text(self) -> str:
        return self._finding.text if self._finding is not None and not self._finding.isHidden() else ""

    @property
    def reason_text(self) -> str:
        return "" if self._reason.isHidden() else self._reason.text()

    @property
    def previous_text(self) -> str:
        return "" if self._previous is None or self._previous.isHidden() else self._previous.text()

    def show_reason(self, reason: Text | None) -> None:
        """Hide the editor and say why the field does not apply; None brings it back."""
        hidden = reason is not None
        self._reason.setText(say(reason) if reason is not None else "")
        self._reason.setVisible(hidden)
        self.editor.setVisible(not hidden)
        if self._previous is not None:
            self._previous.setVisible(not hidden and bool(self._previous.text()))

    def show_previous(self, text: str, on: str) -> None:
        """The last examination's value and date, greyed: below, or inside while the caret is there."""
        shown = tr("lần trước {day}: {text}", "last time {day}: {text}", day=on, text=text) if text else ""
        if self.mode == "inline":
            hint, focused_only = (shown, True) if shown else self.editor.own_hint
            self.editor.set_hint(hint, focused_only=focused_only)
        if self.mode != "stacked":
            self.editor.setToolTip(shown)
            return
        if not text and self._previous is None:
            return
        if self._previous is None:
            self._previous = ElidedLabel("", "")
            set_property(self._previous, "role", "previous")
            self._column.insertWidget(self._column.indexOf(self._reason) + 1, self._previous)
        self._previous.setText(shown)
        self._previous.setVisible(bool(text))

    def show_findings(self, findings: Sequence[Finding], *, confirmed: bool, template: bool = False) -> None:
        """The most severe one in words; all of them as the colour of the outline."""
        self.editor.set_mark(mark_of(findings, confirmed=confirmed, template=template))
        first = findings[0] if findings else None
        self.editor.set_description(say(first.message) if first is not None else "")
        if self.mode == "cell" or (first is None and self._finding is None):
            return
        if self._finding is None:
            self._finding = FindingLine()
            self._finding.acknowledged.connect(self._on_acknowledged)
            self._column.addWidget(self._finding)
        self._finding.show_finding(first, confirmed=confirmed, more=max(0, len(findings) - 1))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.childAt(event.position().toPoint()) is self.caption:
            self.template_requested.emit(self.field.key)

    @Slot()
    def _on_acknowledged(self) -> None:
        self.acknowledge_requested.emit(self.field.key)


def mark_of(findings: Sequence[Finding], *, confirmed: bool, template: bool = False) -> Mark:
    severities = {f.severity for f in findings}
    if Severity.ERROR in severities:
        return "error"
    if Severity.WARNING in severities:
        return "acknowledged" if confirmed else "warn"
    return "template" if template else ""
