"""Who this is: name, sex, age, village, masked numbers, last blood pressure, state. Always on top."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from app.domain.outbox import SYNC_LABELS
from app.domain.people import PersonRecord
from app.domain.records import RecordStatus
from forms.compute import age_text
from forms.text import Text
from ui.i18n import language, say, tr
from ui.icons import icon
from ui.keyboard import with_key
from ui.pieces.buttons import icon_button, primary_button, secondary_button
from ui.pieces.chip import SYNC_LOOK, Chip
from ui.pieces.labels import ElidedLabel, set_property
from ui.pieces.layouts import column, page, row, set_margins
from ui.pieces.person_text import birth_text, last4_text, sex_text
from ui.record.record_text import iso_shown, pressure_text
from ui.services import Services
from ui.theme import theme

NARROW_BELOW = 900
SHOWN_MS = 30_000
"""Full numbers hide themselves again."""
_NUMBERS = (
    ("citizen_id", Text("CCCD", "ID")),
    ("old_id_card", Text("CMND cũ", "Old ID")),
    ("insurance_number", Text("BHYT", "Ins.")),
    ("mobile_phone", Text("ĐT", "Tel.")),
)


class PersonBanner(QFrame):
    """Signals:
    exam_requested(): F4.
    print_requested(): F9.
    """

    exam_requested = Signal()
    print_requested = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._record: PersonRecord | None = None
        self.setProperty("ground", "top")
        self.name = ElidedLabel("", "name")
        self.facts = ElidedLabel("", "")
        self.eye = icon_button("eye", tr("Hiện đủ số giấy tờ", "Show the full numbers"), self._on_eye)
        # No higher than the line it stands in: the examination below needs the room.
        self.eye.setFixedHeight(theme().px(20))
        self.eye.setIconSize(QSize(theme().px(15), theme().px(15)))
        self.pressure = ElidedLabel("", "muted")
        self.sync = Chip()
        self.print_button: QPushButton = secondary_button(
            with_key(tr("In", "Print"), "print"), self.print_requested.emit, "print"
        )
        self.exam_button: QPushButton = primary_button(
            with_key(tr("Khám mới", "New examination"), "new-exam"), self.exam_requested.emit
        )
        facts = row(self.facts, self.eye, None, spacing=4)
        who = column(self.name, facts, spacing=0)
        self._right = QWidget()
        self._right.setLayout(row(self.pressure, self.sync, spacing=12))
        line = row(who, self._right, self.print_button, self.exam_button, spacing=8)
        line.setStretch(0, 1)
        outer = page(line)
        set_margins(outer, (16, 4, 16, 4))
        self.setLayout(outer)
        self._hide_again = QTimer(self)
        self._hide_again.setSingleShot(True)
        self._hide_again.setInterval(SHOWN_MS)
        self._hide_again.timeout.connect(self._mask)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small window the last blood pressure gives way: the list and the sheet show it too."""
        super().resizeEvent(event)
        self._place_pressure()

    def _place_pressure(self) -> None:
        room = self.width() >= theme().px(NARROW_BELOW)
        self.pressure.setVisible(room and bool(self.pressure.text()))

    def show_person(self, record: PersonRecord) -> None:
        self._record = record
        self.name.setText(record.row.full_name.upper())
        self.name.setAccessibleName(record.row.full_name)
        self._mask()
        self._show_pressure(record)
        tone, picture = SYNC_LOOK[record.row.sync]
        self.sync.set(say(SYNC_LABELS[record.row.sync]), tone, picture)

    def set_entering(self, entering: bool) -> None:
        """During an examination its own keys finish it; starting another one is not offered."""
        self.exam_button.setVisible(not entering)
        self.print_button.setVisible(not entering)

    @property
    def numbers_shown(self) -> bool:
        return self._hide_again.isActive()

    def _facts(self, record: PersonRecord, numbers: str) -> str:
        row_ = record.row
        today = self._services.ctx.clock.now().date()
        age = age_text(row_.birth_date, today, language())
        birth = birth_text(row_.birth_date)
        born = f"{birth} ({age})" if birth and age else birth
        return " · ".join(part for part in (sex_text(row_.sex), born, row_.village, numbers) if part)

    def _show_pressure(self, record: PersonRecord) -> None:
        for exam in record.exams:
            shown = pressure_text(exam.answers)
            if shown and exam.status is not RecordStatus.ENTERED_IN_ERROR:
                day = iso_shown(exam.answers.get("exam_date"))
                self.pressure.setText(tr("HA {bp} ({day})", "BP {bp} ({day})", bp=shown, day=day))
                break
        else:
            self.pressure.clear()
        self._place_pressure()

    @Slot()
    def _on_eye(self) -> None:
        if self._record is None:
            return
        if self.numbers_shown:
            self._mask()
            return
        answers = self._record.person.answers
        numbers = " · ".join(f"{say(name)} {answers[key]}" for key, name in _NUMBERS if answers.get(key))
        self.facts.setText(self._facts(self._record, numbers))
        self.eye.setIcon(icon("eye-off", "muted"))
        self.eye.setToolTip(tr("Che số giấy tờ", "Hide the numbers"))
        self._hide_again.start()

    @Slot()
    def _mask(self) -> None:
        self._hide_again.stop()
        if self._record is not None:
            self.facts.setText(self._facts(self._record, last4_text(self._record.row)))
        self.eye.setIcon(icon("eye", "muted"))
        self.eye.setToolTip(tr("Hiện đủ số giấy tờ", "Show the full numbers"))
        set_property(self.facts, "role", "")
