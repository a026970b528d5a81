"""Where records are sent: address, account, password of the portal; checked, then saved."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.records import ChangeSet
from app.domain.station import ChannelSettings
from app.errors import AppError
from app.services import stations, syncing
from forms.text import Text
from ui.bridge import Notice, NoticeKind
from ui.i18n import say, tr
from ui.pieces.banner import Banner
from ui.pieces.buttons import link_button, secondary_button
from ui.pieces.card import SectionCard
from ui.pieces.form_row import FormRow, PasswordEdit, side_by_side
from ui.pieces.labels import label
from ui.pieces.layouts import row
from ui.services import Services


class PortalCard(SectionCard):
    """The stored password is never shown; leaving the box empty keeps it."""

    def __init__(self, services: Services) -> None:
        super().__init__(tr("Cổng nhận hồ sơ", "Receiving portal"))
        self._services = services
        self._stored: ChannelSettings | None = None
        self._banner = Banner()
        self.url = FormRow(
            tr("Địa chỉ cổng", "Address"),
            tr(
                "Do Sở Y tế cấp, bắt đầu bằng https://",
                "Given by the health department, begins with https://",
            ),
        )
        self.url.edit.setPlaceholderText("https://")
        self.user = FormRow(tr("Tài khoản", "User name"))
        self.password = FormRow(tr("Mật khẩu", "Password"), editor=PasswordEdit())
        checking = services.check_portal is not None and services.network is not None
        save = tr("Kiểm tra và lưu", "Check and save") if checking else tr("Lưu", "Save")
        self.save_button = secondary_button(save, self.save, "portal")
        self._save_anyway = link_button(tr("Vẫn lưu", "Save anyway"), self.save_unchecked)
        self._save_anyway.hide()
        self._progress = label("", "muted")
        self.add(self._banner)
        self.add(self.url)
        self.add(side_by_side(self.user, self.password))
        self.add(row(self.save_button, self._save_anyway, self._progress, None))
        for line in (self.url, self.user, self.password):
            line.entered.connect(self._on_entered)

    def load(self) -> None:
        work = partial(stations.channel, self._services.ctx, syncing.QD831)
        self._services.runner.run(self, work).then(self._on_loaded)

    @property
    def message(self) -> str:
        return self._banner.text

    @Slot(object)
    def _on_loaded(self, stored: ChannelSettings | None) -> None:
        self._stored = stored
        if stored is None:
            return
        if not self.url.edit.isModified():
            self.url.set_text(stored.url)
        if not self.user.edit.isModified():
            self.user.set_text(stored.user)
        self.password.edit.setPlaceholderText(tr("(giữ mật khẩu đã lưu)", "(keep the stored password)"))

    @Slot()
    def _on_entered(self) -> None:
        editors: list[QLineEdit] = [self.url.edit, self.user.edit, self.password.edit]
        current: QWidget | None = self.focusWidget()
        place = next((i for i, e in enumerate(editors) if e is current), len(editors) - 1)
        if place + 1 < len(editors):
            editors[place + 1].setFocus()
        else:
            self.save()

    @Slot()
    def save(self) -> None:
        """Check against the portal when that is possible, then store."""
        settings = self._read()
        if settings is None:
            return
        check, network = self._services.check_portal, self._services.network
        if check is None or network is None:
            self._store(settings)
            return
        self._busy(tr("Đang hỏi cổng…", "Asking the portal…"))
        work = partial(check, settings, self._password())
        network.run(self, work).then(self._on_checked, self._on_check_failed)

    @Slot()
    def save_unchecked(self) -> None:
        """The portal does not answer now: store all the same; sending tries again by itself."""
        settings = self._read()
        if settings is not None:
            self._store(settings)

    def _password(self) -> str | None:
        typed = self.password.text()
        return typed if typed or self._stored is None else None

    def _read(self) -> ChannelSettings | None:
        address = self.url.text().strip()
        wrong: list[FormRow] = []
        parts = urlsplit(address) if "//" in address else urlsplit("")
        if parts.scheme not in ("https", "http") or not parts.netloc:
            self.url.set_error(
                tr("Địa chỉ phải có dạng https://tên-cổng", "The address looks like https://portal-name")
            )
            wrong.append(self.url)
        if not self.user.text().strip():
            self.user.set_error(tr("Chưa nhập tài khoản", "No user name"))
            wrong.append(self.user)
        if not self.password.text() and self._stored is None:
            self.password.set_error(tr("Chưa nhập mật khẩu", "No password"))
            wrong.append(self.password)
        if wrong:
            wrong[0].edit.setFocus()
            return None
        return ChannelSettings(name=syncing.QD831, url=address, user=self.user.text().strip())

    def _store(self, settings: ChannelSettings) -> None:
        self._busy(tr("Đang lưu…", "Saving…"))
        work = partial(stations.set_channel, self._services.ctx, settings, self._password())
        self._services.runner.run(self, work).then(self._on_saved, self._on_save_failed)

    def _busy(self, words: str) -> None:
        self._banner.clear()
        self._progress.setText(words)
        self.save_button.setEnabled(not words)
        self._save_anyway.hide()

    @Slot(object)
    def _on_checked(self, _nothing: object) -> None:
        settings = self._read()
        if settings is not None:
            self._store(settings)

    def _on_check_failed(self, problem: Exception) -> None:
        self._busy("")
        if not isinstance(problem, AppError):
            self._services.runner.failed.emit(problem)
            return
        words = tr("{what} Chưa lưu thay đổi nào.", "{what} Nothing was saved yet.", what=say(problem.text))
        self._banner.show_text(words, NoticeKind.WARN)
        self._save_anyway.show()

    def _on_save_failed(self, problem: Exception) -> None:
        self._busy("")
        if isinstance(problem, AppError):
            self._banner.show_problem(problem)
        else:
            self._services.runner.failed.emit(problem)

    @Slot(object)
    def _on_saved(self, changes: ChangeSet) -> None:
        self._busy("")
        self.password.edit.clear()
        for editor in (self.url.edit, self.user.edit):
            editor.setModified(False)
        if self._services.sync is not None:
            self._services.sync.settings_changed()
        bridge = self._services.bridge
        bridge.publish(changes)
        bridge.notify(Notice(text=Text("Đã lưu cổng nhận hồ sơ", "The portal is saved")))
        self.load()
