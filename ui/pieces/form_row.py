"""Label above, editor, one line for a hint or what is wrong below. For set-up, unlock and settings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.i18n import tr
from ui.icons import icon
from ui.pieces.buttons import icon_button
from ui.pieces.labels import label, set_property, set_role
from ui.pieces.layouts import column, row
from ui.theme import theme

_STEPS = {
    int(Qt.Key.Key_Left): -1,
    int(Qt.Key.Key_Up): -1,
    int(Qt.Key.Key_Right): 1,
    int(Qt.Key.Key_Down): 1,
}


class FormRow(QWidget):
    """A labelled one-line editor.

    Signals:
        entered(): Enter was pressed in the editor.
    """

    entered = Signal()

    def __init__(self, caption: str, hint: str = "", *, editor: QLineEdit | None = None) -> None:
        super().__init__()
        self.edit = editor if editor is not None else QLineEdit()
        self._hint = hint
        self._caption = label(caption, "label")
        self._caption.setBuddy(self.edit)
        self._below = label(hint, "label", wrap=True)
        # Only ever hidden here: showing a widget that has no parent yet opens it as a window.
        if not hint:
            self._below.hide()
        self.edit.setAccessibleName(caption)
        self.edit.returnPressed.connect(self.entered)
        self.edit.textEdited.connect(self._on_edited)
        self.setLayout(column(self._caption, self.edit, self._below, spacing=4))
        self.setFocusProxy(self.edit)

    def text(self) -> str:
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def set_error(self, message: str) -> None:
        """Show what is wrong under the editor; "" brings the hint back."""
        set_property(self.edit, "state", "error" if message else "")
        set_role(self._below, "error" if message else "label")
        self._below.setText(message or self._hint)
        self._below.setVisible(bool(message or self._hint))
        self.edit.setAccessibleDescription(message)

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        if not self.error:
            self.set_error("")

    @property
    def error(self) -> str:
        return self._below.text() if self.edit.property("state") == "error" else ""

    @property
    def hint(self) -> str:
        return self._hint

    @Slot(str)
    def _on_edited(self, _text: str) -> None:
        if self.error:
            self.set_error("")


def side_by_side(*rows: FormRow) -> QHBoxLayout:
    """Rows beside each other, their editors on one line whatever stands below."""
    line = row(*rows, spacing=12)
    for each in rows:
        line.setAlignment(each, Qt.AlignmentFlag.AlignTop)
        line.setStretchFactor(each, 1)
    return line


class PasswordEdit(QLineEdit):
    """Masked, with an eye to look at it (Alt+H). Watches Caps Lock as far as typing shows it.

    Signals:
        caps_lock_noticed(bool): the last letter typed does, or does not, look like Caps Lock is on.
    """

    caps_lock_noticed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        # Vietnamese input methods compose several keys into one letter; a password is taken key by key.
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        # Not QLineEdit.addAction: Qt draws those at 16 px whatever the scale.
        self._eye = icon_button("eye", tr("Hiện mật khẩu (Alt+H)", "Show the password (Alt+H)"), self.toggle)
        self._eye.setParent(self)
        self._eye.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._eye.setCursor(Qt.CursorShape.ArrowCursor)
        self.setTextMargins(0, 0, theme().px(26), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height() - 2
        self._eye.setGeometry(self.width() - side - 2, 1, side, side)

    @Slot()
    def toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icon("eye-off" if hidden else "eye", "muted"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_H and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.toggle()
            return
        typed = event.text()
        if typed.isalpha():
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock_noticed.emit(typed.isupper() != shift and typed.upper() != typed.lower())
        super().keyPressEvent(event)


class _ChoiceButton(QPushButton):
    """One alternative; says its code when pressed."""

    picked = Signal(str)

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.setProperty("kind", "choice")
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.clicked.connect(self._on_clicked)

    @Slot()
    def _on_clicked(self) -> None:
        self.picked.emit(self.code)


class ChoiceRow(QWidget):
    """A few alternatives as buttons in a row. Tab reaches the chosen one, arrows move, Enter chooses.

    Signals:
        chosen(str): code of the alternative the user chose.
    """

    chosen = Signal(str)

    def __init__(self, caption: str, options: list[tuple[str, str]], current: str) -> None:
        super().__init__()
        self._current = current
        # No QButtonGroup: it would choose at every arrow key, or let Tab skip the chosen button.
        self.buttons: list[_ChoiceButton] = []
        line = row(spacing=4)
        for code, text in options:
            button = _ChoiceButton(code, text)
            button.setAccessibleName(f"{caption}: {text}" if caption else text)
            button.installEventFilter(self)
            button.picked.connect(self._on_picked)
            self.buttons.append(button)
            line.addWidget(button)
        line.addStretch(1)
        box = column(spacing=4)
        if caption:
            box.addWidget(label(caption, "label"))
        box.addLayout(line)
        self.setLayout(box)
        self._show_current()

    @property
    def current(self) -> str:
        return self._current

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The chosen button gets it."""
        chosen = next((b for b in self.buttons if b.isChecked()), self.buttons[0])
        chosen.setFocus(reason)

    def _show_current(self) -> None:
        for place, button in enumerate(self.buttons):
            chosen = button.code == self._current
            button.setChecked(chosen)
            reached = chosen or (place == 0 and not self._current)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if reached else Qt.FocusPolicy.ClickFocus)

    @Slot(str)
    def _on_picked(self, code: str) -> None:
        self._current = code
        self._show_current()
        self.chosen.emit(code)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
            place = next((i for i, b in enumerate(self.buttons) if b is watched), 0) + _STEPS[event.key()]
            self.buttons[place % len(self.buttons)].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().eventFilter(watched, event)
