"""People already registered who may be the one being registered, found while typing. Never merged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.people import DuplicateHint
from ui.entry.grid import FlowLayout
from ui.i18n import say, tr
from ui.pieces.card import SectionCard
from ui.pieces.chip import Chip
from ui.pieces.labels import ElidedLabel, label
from ui.pieces.layouts import column, scrolled
from ui.pieces.person_text import birth_text, last4_text, last_exam_text, sex_text
from ui.theme import theme

WIDTH, NARROW_WIDTH = 320, 240
"""Of the panel, in pixels of the 100 % design."""
LOOKED_AT = frozenset(
    {
        "full_name", "birth_date", "sex", "village", "mother_name", "father_name",
        "citizen_id", "old_id_card", "insurance_number",
    }
)  # fmt: skip
"""Keys of part A that the search for duplicates compares."""


class DuplicateButton(QPushButton):
    """One person and the reasons. Enter or a click opens the record.

    Signals:
        opened(str): person id.
    """

    opened = Signal(str)

    def __init__(self, hint: DuplicateHint) -> None:
        super().__init__()
        self.hint = hint
        row_ = hint.row
        self.setProperty("kind", "tile")
        self.setAutoDefault(True)
        facts = [sex_text(row_.sex), birth_text(row_.birth_date), row_.village]
        papers = [last4_text(row_), last_exam_text(row_)]
        reasons = FlowLayout(across=4, down=4)
        for reason in hint.reasons:
            reasons.addWidget(Chip(say(reason), "danger" if hint.certain else "warn"))
        box = column(
            ElidedLabel(row_.full_name, "strong"),
            ElidedLabel(" · ".join(f for f in facts if f)),
            ElidedLabel(" · ".join(p for p in papers if p), "label"),
            reasons,
            spacing=4,
            margins=(12, 8, 8, 8),
        )
        self.setLayout(box)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        said = [row_.full_name, *facts, *(say(r) for r in hint.reasons)]
        self.setAccessibleName(", ".join(s for s in said if s))
        self.clicked.connect(self._on_clicked)

    # A push button measures its text; what is shown here is its layout.

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout is not None else super().heightForWidth(width)

    def sizeHint(self) -> QSize:
        width = theme().px(NARROW_WIDTH - 40)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    @Slot()
    def _on_clicked(self) -> None:
        self.opened.emit(self.hint.row.id)


class DuplicatesPanel(SectionCard):
    """Signals:
    opened(str): open the record of this person instead.
    """

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Có thể đã có hồ sơ", "Perhaps already registered"))
        self._hint = label("", "muted", wrap=True)
        self._buttons: list[DuplicateButton] = []
        # The focus ring is drawn outside a button.
        self._list: QVBoxLayout = column(spacing=8, margins=2)
        self.add(self._hint)
        self._list.addStretch(1)
        content = QWidget()
        content.setLayout(self._list)
        self.add(scrolled(content))
        self.setFixedWidth(theme().px(WIDTH))
        self.show_hints(())

    def set_narrow(self, narrow: bool) -> None:
        """Give the form more of a small window."""
        self.setFixedWidth(theme().px(NARROW_WIDTH if narrow else WIDTH))

    @property
    def hints(self) -> tuple[DuplicateHint, ...]:
        return tuple(b.hint for b in self._buttons)

    @property
    def buttons(self) -> tuple[DuplicateButton, ...]:
        return tuple(self._buttons)

    def show_hints(self, hints: Sequence[DuplicateHint]) -> None:
        if hints and tuple(hints) == self.hints:
            return
        for old in self._buttons:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for hint in hints:
            button = DuplicateButton(hint)
            button.opened.connect(self.opened)
            self._list.insertWidget(self._list.count() - 1, button)
            self._buttons.append(button)
        self._hint.setText(
            tr(
                "Cùng một người thì mở hồ sơ cũ (Enter) thay vì đăng ký lại.",
                "If it is the same person, open that record (Enter) instead of registering again.",
            )
            if hints
            else tr(
                "Chưa thấy ai giống. Máy tự tìm theo tên, ngày sinh, giới tính và số giấy tờ khi bạn gõ.",
                "Nobody alike so far. Name, birth, sex and numbers are compared while you type.",
            )
        )

    def focus_first(self) -> bool:
        if not self._buttons:
            return False
        self._buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        return True
