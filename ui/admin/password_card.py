"""One's own password: old, new, new again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot

from app.domain.passwords import HINT, password_problem
from app.errors import AccessDenied, AppError
from forms.text import Text
from ui.bridge import Notice
from ui.i18n import say, tr
from ui.pieces.banner import Banner
from ui.pieces.buttons import secondary_button
from ui.pieces.card import SectionCard
from ui.pieces.form_row import FormRow, PasswordEdit, side_by_side
from ui.pieces.labels import label
from ui.pieces.layouts import row
from ui.services import ChangePassword, Services


class PasswordCard(SectionCard):
    def __init__(self, services: Services, change: ChangePassword) -> None:
        super().__init__(tr("Mật khẩu của tôi", "My password"))
        self._services = services
        self._change = change
        self._banner = Banner()
        self.old = FormRow(tr("Mật khẩu đang dùng", "Current password"), editor=PasswordEdit())
        self.new = FormRow(tr("Mật khẩu mới", "New password"), say(HINT), editor=PasswordEdit())
        self.again = FormRow(tr("Gõ lại mật khẩu mới", "New password again"), editor=PasswordEdit())
        self.button = secondary_button(tr("Đổi mật khẩu", "Change password"), self.change, "password")
        self._progress = label("", "muted")
        self.add(self._banner)
        self.add(self.old)
        self.add(side_by_side(self.new, self.again))
        self.add(row(self.button, self._progress, None))
        self.again.entered.connect(self.change)
        self.old.entered.connect(self.new.edit.setFocus)
        self.new.entered.connect(self.again.edit.setFocus)

    @Slot()
    def change(self) -> None:
        user = self._services.ctx.user
        weak = password_problem(self.new.text(), user.username)
        different = self.new.text() != self.again.text()
        self.old.set_error(
            "" if self.old.text() else tr("Chưa nhập mật khẩu đang dùng", "Type the current password")
        )
        self.new.set_error(say(weak) if weak else "")
        self.again.set_error(
            tr("Hai lần gõ chưa giống nhau", "The two differ") if different and not weak else ""
        )
        wrong = next((line for line in (self.old, self.new, self.again) if line.error), None)
        if wrong is not None:
            wrong.edit.setFocus()
            return
        self._busy(tr("Đang đổi…", "Changing…"))
        work = partial(self._change, self.old.text(), self.new.text())
        self._services.runner.run(self, work).then(self._on_changed, self._on_failed)

    def _busy(self, words: str) -> None:
        self._banner.clear()
        self._progress.setText(words)
        self.button.setEnabled(not words)

    @Slot(object)
    def _on_changed(self, _nothing: object) -> None:
        self._busy("")
        for line in (self.old, self.new, self.again):
            line.edit.clear()
        self._services.bridge.notify(Notice(text=Text("Đã đổi mật khẩu", "Password changed")))

    def _on_failed(self, problem: Exception) -> None:
        self._busy("")
        if isinstance(problem, AccessDenied):
            self.old.set_error(say(problem.text))
            self.old.edit.setFocus()
        elif isinstance(problem, AppError):
            self._banner.show_problem(problem)
        else:
            self._services.runner.failed.emit(problem)
