"""The steps of making a station: what to do, the station, the first user."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from app.domain.passwords import HINT, password_problem
from app.domain.station import Station
from forms.codelists import code_list, commune_label
from forms.text import Text, clean
from ui.entry.editors.popup import Suggestion
from ui.entry.editors.search import SearchInput
from ui.i18n import language, say, tr
from ui.pieces.buttons import TileButton, link_button, primary_button
from ui.pieces.card import SectionCard
from ui.pieces.form_row import FormRow, PasswordEdit
from ui.pieces.labels import icon_label, label
from ui.pieces.layouts import column, row
from ui.start.window import StartPage

_CODE = re.compile(r"[A-Z0-9]{5}")
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")
_FOUND = 12


def _tile(icon_name: str, title: str, hint: str) -> TileButton:
    """A large choice: picture, title, what it means."""
    words = column(label(title, "section"), label(hint, "muted", wrap=True), spacing=4)
    face = row(
        icon_label(icon_name, "primary", 32), words, icon_label("right", "muted", 20), spacing=16, margins=16
    )
    face.setStretch(1, 1)
    return TileButton(face, f"{title}. {hint}")


class WelcomePage(StartPage):
    """Signals:
    station_requested(): make a new station here.
    demo_requested(): open the demo station.
    """

    station_requested = Signal()
    demo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.new_station = _tile(
            "station",
            tr("Tạo trạm mới", "Make a new station"),
            tr(
                "Cho trạm bắt đầu dùng thật. Khoảng 3 phút, cần máy in hoặc USB.",
                "For real use. Takes 3 minutes; have a printer or USB stick at hand.",
            ),
        )
        self.demo = _tile(
            "eye",
            tr("Mở trạm mẫu để xem thử", "Open the demo station"),
            tr(
                "Có sẵn người dân và lần khám do máy dựng. Thử gì cũng được.",
                "With made-up residents and examinations. Try anything.",
            ),
        )
        self.new_station.clicked.connect(self.station_requested)
        self.demo.clicked.connect(self.demo_requested)
        for tile in (self.new_station, self.demo):
            tile.installEventFilter(self)
        self.progress = label("", "muted")
        intro = tr("Máy này chưa có trạm nào.", "There is no station on this computer yet.")
        self.setLayout(
            column(
                None, label(tr("Bắt đầu", "Getting started"), "name"), label(intro, "muted"),
                self.new_station, self.demo, self.progress, None, None, spacing=12,
            )
        )  # fmt: skip

    def activate(self) -> None:
        self.new_station.setFocus(Qt.FocusReason.OtherFocusReason)

    def confirm(self) -> None:
        (self.demo if self.demo.hasFocus() else self.new_station).click()

    def busy(self, words: str) -> None:
        self.progress.setText(words)
        for tile in (self.new_station, self.demo):
            tile.setEnabled(not words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() not in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            return super().eventFilter(watched, event)
        other = self.demo if watched is self.new_station else self.new_station
        other.setFocus(Qt.FocusReason.TabFocusReason)
        return True


def _communes(text: str) -> Sequence[Suggestion]:
    provinces = code_list("provinces")
    found: list[Suggestion] = []
    for code in code_list("communes").find(text, _FOUND):
        province = provinces.get(code.attributes.get("province_code", ""))
        hint = province.name(language()) if province is not None else ""
        found.append(Suggestion(code.code, code.name(language()), hint, named=True))
    return found


def health_department_of(commune: str) -> str:
    """As printed in the head of the form: Sở Y tế Thanh Hóa for a commune of that province."""
    entry = code_list("communes").get(commune)
    province = code_list("provinces").get(entry.attributes.get("province_code", "")) if entry else None
    return f"Sở Y tế {province.attributes.get('name', '')}".strip() if province else ""


class _StepPage(StartPage):
    """A card with a title, rows, and the buttons that go on and back."""

    def __init__(self, step: int, title: str) -> None:
        super().__init__()
        self.card = SectionCard(title)
        self.card.set_spacing(12)
        self.card.add_to_head(label(tr("Bước {n}/3", "Step {n} of 3", n=step), "muted"))
        self.next_button = primary_button(
            tr("Tiếp tục  Ctrl+Enter", "Continue  Ctrl+Enter"), self.confirm, "next"
        )
        self._back = link_button(tr("Quay lại  Esc", "Back  Esc"), self.back_requested.emit, "back")
        self.setLayout(column(None, self.card, row(self._back, None, self.next_button), None, spacing=12))

    def rows(self) -> tuple[FormRow, ...]:
        return ()

    def connect_enter(self) -> None:
        """Enter goes down the rows, and from the last one on."""
        lines = self.rows()
        for line, following in pairwise(lines):
            line.entered.connect(following.edit.setFocus)
        lines[-1].entered.connect(self.confirm)

    def activate(self) -> None:
        first = next((line for line in self.rows() if line.error), self.rows()[0])
        first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def problems(self) -> None:
        """Set the error of every row."""

    @Slot()
    def confirm(self) -> None:
        self.problems()
        wrong = next((line for line in self.rows() if line.error), None)
        if wrong is not None:
            wrong.edit.setFocus()
            return
        self.next_requested.emit()


class StationPage(_StepPage):
    def __init__(self) -> None:
        super().__init__(1, tr("Trạm y tế", "The station"))
        self.code = FormRow(
            tr("Mã cơ sở khám chữa bệnh", "Facility code"),
            tr(
                "5 ký tự, như trên giấy phép hoạt động, ví dụ 38261",
                "5 characters as on the licence, e.g. 38261",
            ),
        )
        self.name = FormRow(
            tr("Tên trạm", "Name"), tr("In ở đầu phiếu, ví dụ Trạm Y tế xã Mường Lát", "Printed on the form")
        )
        self.search = SearchInput(_communes, popup_width=420)
        self.commune = FormRow(
            tr("Xã, phường, đặc khu", "Commune"),
            tr("Gõ tên, không cần dấu, rồi Enter để chọn", "Type the name, Enter chooses"),
            editor=self.search,
        )
        self.department = FormRow(tr("Sở Y tế", "Health department"))
        self._commune_code = ""
        for line in self.rows():
            self.card.add(line)
        # A SearchInput says `confirmed` instead of `returnPressed`, as its list wants Enter first.
        self.search.confirmed.connect(self._on_commune_confirmed)
        self.search.picked.connect(self._on_commune_picked)
        self.search.textEdited.connect(self._on_commune_edited)
        self.search.left.connect(self._on_commune_left)
        self.connect_enter()

    def rows(self) -> tuple[FormRow, ...]:
        return (self.code, self.name, self.commune, self.department)

    @property
    def station(self) -> Station:
        """What was entered; valid once the page let through."""
        return Station(
            code=clean(self.code.text()).upper(),
            name=clean(self.name.text()),
            commune=self._commune_code,
            health_department=clean(self.department.text()),
        )

    def problems(self) -> None:
        entered = self.station
        good = bool(_CODE.fullmatch(entered.code))
        self.code.set_error(
            "" if good else tr("Mã gồm đúng 5 chữ số hoặc chữ cái", "Exactly 5 digits or letters")
        )
        self.name.set_error("" if entered.name else tr("Chưa nhập tên trạm", "The station needs a name"))
        self.commune.set_error(
            ""
            if entered.commune
            else tr("Chọn một xã trong danh sách hiện ra khi gõ", "Choose one from the list")
        )
        self.department.set_error(
            "" if entered.health_department else tr("Chưa nhập tên Sở Y tế", "Type the health department")
        )

    def _take(self, code: str) -> None:
        suggested = health_department_of(self._commune_code)
        self._commune_code = code
        self.search.setText(commune_label(code, language()))
        self.commune.set_error("")
        if self.department.text() in ("", suggested):
            self.department.set_text(health_department_of(code))

    @Slot(object)
    def _on_commune_picked(self, row_picked: Suggestion) -> None:
        self._take(row_picked.code)
        self.department.edit.setFocus()

    @Slot(str)
    def _on_commune_edited(self, _text: str) -> None:
        self._commune_code = ""

    @Slot()
    def _on_commune_confirmed(self) -> None:
        if not self.search.take_current():
            self._resolve()
            self.department.edit.setFocus()

    @Slot()
    def _on_commune_left(self) -> None:
        self.search.close_list()
        self._resolve()

    def _resolve(self) -> None:
        """What was typed in full, without choosing from the list."""
        if not self._commune_code and self.search.text().strip():
            meant = code_list("communes").resolve(self.search.text())
            if meant is not None:
                self._take(meant.code)


class UserPage(_StepPage):
    def __init__(self) -> None:
        super().__init__(2, tr("Người dùng đầu tiên", "The first user"))
        self.display_name = FormRow(
            tr("Họ tên", "Full name"), tr("Hiện trên phiếu và thanh trạng thái", "Shown on forms")
        )
        self.username = FormRow(
            tr("Tên đăng nhập", "User name"),
            tr("Chữ không dấu và số, ví dụ hathu", "Letters without marks and digits"),
        )
        edit, again = PasswordEdit(), PasswordEdit()
        self.password = FormRow(tr("Mật khẩu", "Password"), say(HINT), editor=edit)
        self.again = FormRow(tr("Gõ lại mật khẩu", "Password again"), editor=again)
        edit.caps_lock_noticed.connect(self._on_caps_lock)
        for line in self.rows():
            self.card.add(line)
        self.connect_enter()

    def rows(self) -> tuple[FormRow, ...]:
        return (self.display_name, self.username, self.password, self.again)

    def problems(self) -> None:
        self.display_name.set_error(
            "" if clean(self.display_name.text()) else tr("Chưa nhập họ tên", "Type the name")
        )
        name_ok = bool(_USERNAME.fullmatch(self.username.text().strip()))
        self.username.set_error(
            ""
            if name_ok
            else tr(
                "2 đến 32 chữ không dấu hoặc số, không có khoảng trắng",
                "2 to 32 letters or digits, no spaces",
            )
        )
        weak: Text | None = password_problem(self.password.text(), self.username.text().strip())
        self.password.set_error(say(weak) if weak else "")
        differ = weak is None and self.password.text() != self.again.text()
        self.again.set_error(tr("Hai lần gõ chưa giống nhau", "The two differ") if differ else "")

    @Slot(bool)
    def _on_caps_lock(self, on: bool) -> None:
        self.password.set_hint(
            tr("Phím Caps Lock có vẻ đang bật", "Caps Lock seems to be on") if on else say(HINT)
        )
