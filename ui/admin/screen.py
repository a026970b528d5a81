"""Quản trị."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.station import User
from app.services import stations
from forms.codelists import commune_label
from ui.admin.password_card import PasswordCard
from ui.admin.portal_card import PortalCard
from ui.i18n import language, tr
from ui.pieces.card import SectionCard
from ui.pieces.form_row import ChoiceRow
from ui.pieces.labels import label
from ui.pieces.layouts import column, page, row, scrolled
from ui.preferences import Preferences
from ui.reception.screen import WIDE
from ui.screen import Screen
from ui.services import Services
from ui.theme import SCALES


def _fact(caption: str, value: str) -> QWidget:
    holder = QWidget()
    holder.setLayout(column(label(caption, "label"), label(value, wrap=True, selectable=True), spacing=2))
    return holder


class AdminScreen(Screen):
    """Signals:
    preferences_chosen(Preferences): show everything like this from now on.
    """

    preferences_chosen = Signal(object)

    def __init__(self, services: Services, preferences: Preferences) -> None:
        super().__init__()
        self._services = services
        self._preferences = preferences
        self.portal = PortalCard(services)
        self.password = (
            PasswordCard(services, services.change_password) if services.change_password is not None else None
        )
        self._users = label("", wrap=True)
        left = column(self._station_card(), self._look_card(), None, spacing=12)
        right = (
            column(self.portal, self.password, None, spacing=12)
            if self.password
            else column(self.portal, None)
        )
        sides = row(left, right, spacing=16)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        content = column(label(tr("Quản trị", "Admin"), "title"), sides, None, spacing=12)
        inner = QWidget()
        inner.setLayout(page(content, WIDE))
        self.setLayout(column(scrolled(inner), spacing=0))

    def activate(self) -> None:
        self.portal.load()
        self._services.runner.run(self, partial(stations.users, self._services.ctx)).then(self._on_users)
        self.portal.url.edit.setFocus()

    def _station_card(self) -> SectionCard:
        station = self._services.station
        card = SectionCard(tr("Trạm này", "This station"))
        card.add(_fact(tr("Tên trạm", "Name"), station.name))
        commune = commune_label(station.commune, language())
        card.add(_fact(tr("Mã cơ sở", "Facility code"), station.code))
        card.add(_fact(tr("Địa bàn", "Commune"), commune))
        if station.health_department:
            card.add(_fact(tr("Cơ quan quản lý", "Health department"), station.health_department))
        if station.demo:
            card.add(
                label(
                    tr(
                        "Trạm mẫu: người và số liệu đều do máy dựng.",
                        "Demo station: everybody here is made up.",
                    ),
                    "info",
                )
            )
        users = QWidget()
        users.setLayout(column(label(tr("Người dùng", "Users"), "label"), self._users, spacing=2))
        card.add(users)
        return card

    def _look_card(self) -> SectionCard:
        chosen = self._preferences
        card = SectionCard(tr("Màn hình", "Screen"))
        self.language_choice = ChoiceRow(
            tr("Ngôn ngữ", "Language"), [("vi", "Tiếng Việt"), ("en", "English")], chosen.language
        )
        self.scale_choice = ChoiceRow(
            tr("Cỡ chữ", "Text size"), [(str(s), f"{s} %") for s in SCALES], str(chosen.scale)
        )
        self.contrast_choice = ChoiceRow(
            tr("Độ tương phản", "Contrast"),
            [("normal", tr("Bình thường", "Normal")), ("high", tr("Cao", "High"))],
            "high" if chosen.high_contrast else "normal",
        )
        for choice in (self.language_choice, self.scale_choice, self.contrast_choice):
            choice.chosen.connect(self._on_look_chosen)
            card.add(choice)
        return card

    @Slot(object)
    def _on_users(self, users: tuple[User, ...]) -> None:
        self._users.setText("\n".join(f"{u.display_name} ({u.username})" for u in users))

    @Slot(str)
    def _on_look_chosen(self, _code: str) -> None:
        self.preferences_chosen.emit(
            Preferences(
                language="en" if self.language_choice.current == "en" else "vi",
                scale=int(self.scale_choice.current),
                high_contrast=self.contrast_choice.current == "high",
            )
        )
