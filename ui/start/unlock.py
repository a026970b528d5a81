"""Unlocking: who, password; and the way in with the recovery sheet when a password is forgotten."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot

from app.domain.passwords import HINT, password_problem
from app.errors import AccessDenied, AppError
from app.ports import Context
from ui.bridge import NoticeKind
from ui.i18n import say, tr
from ui.pieces.banner import Banner
from ui.pieces.buttons import link_button, primary_button
from ui.pieces.card import SectionCard
from ui.pieces.form_row import ChoiceRow, FormRow, PasswordEdit, side_by_side
from ui.pieces.labels import label
from ui.pieces.layouts import column, row
from ui.services import StoreDoor
from ui.start.window import StartPage
from ui.tasks import TaskRunner

_MOST_BUTTONS = 6


def caps_lock_text() -> str:
    return tr("Phím Caps Lock có vẻ đang bật", "Caps Lock seems to be on")


class UnlockPage(StartPage):
    """Signals:
    opened(Context): the store is open.
    recovery_requested(str): this user forgot the password.
    demo_requested(): look at the demo station instead.
    """

    opened = Signal(object)
    recovery_requested = Signal(str)
    demo_requested = Signal()

    def __init__(self, door: StoreDoor, runner: TaskRunner) -> None:
        super().__init__()
        self._door = door
        self._runner = runner
        self.banner = Banner()
        self._names, trouble = self._known_names()
        self.username = FormRow(tr("Tên đăng nhập", "User name"))
        self.users: ChoiceRow | None = None
        edit = PasswordEdit()
        self.password = FormRow(tr("Mật khẩu", "Password"), editor=edit)
        edit.caps_lock_noticed.connect(self._on_caps_lock)
        self.button = primary_button(tr("Mở  Enter", "Open  Enter"), self.confirm, "lock")
        self._progress = label("", "muted")
        self._forgot = link_button(
            tr("Quên mật khẩu: dùng phiếu khôi phục", "Forgot it: use the recovery sheet"), self._on_forgot
        )
        self._lay_out()
        if trouble is not None:
            self.banner.show_problem(trouble)
        self.username.entered.connect(self.password.edit.setFocus)
        self.password.entered.connect(self.confirm)

    def _lay_out(self) -> None:
        card = SectionCard(tr("Mở hồ sơ của trạm", "Open the station's records"))
        card.set_spacing(12)
        card.add(self.banner)
        if 0 < len(self._names) <= _MOST_BUTTONS:
            # The names are in the key file anyway; choosing beats typing.
            self.users = ChoiceRow(tr("Người dùng", "User"), [(n, n) for n in self._names], self._names[0])
            self.users.chosen.connect(self._on_user_chosen)
            card.add(self.users)
        else:
            card.add(self.username)
        card.add(self.password)
        card.add(row(self.button, self._progress, None, self._forgot))
        place = label(str(self._door.folder), "label", wrap=True, selectable=True)
        self.setLayout(column(None, card, place, None, None))

    def _known_names(self) -> tuple[tuple[str, ...], AppError | None]:
        try:
            return self._door.usernames(), None
        except AppError as problem:
            return (), problem

    @property
    def message(self) -> str:
        return self.banner.text

    def activate(self) -> None:
        known = self.users is not None
        (self.password.edit if known else self.username.edit).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def confirm(self) -> None:
        name = self._name()
        if not name:
            self.username.set_error(tr("Chưa nhập tên đăng nhập", "Type your user name"))
            self.username.edit.setFocus()
            return
        if not self.password.text():
            self.password.set_error(tr("Chưa nhập mật khẩu", "Type your password"))
            self.password.edit.setFocus()
            return
        if not self.button.isEnabled():
            return
        self.password.set_error("")
        self._busy(tr("Đang mở…", "Opening…"))
        work = partial(self._door.unlock, name, self.password.text())
        self._runner.run(self, work).then(self._on_opened, self._on_failed)

    def _name(self) -> str:
        return self.users.current if self.users is not None else self.username.text().strip()

    def _busy(self, words: str) -> None:
        self.banner.clear()
        self._progress.setText(words)
        self.button.setEnabled(not words)

    @Slot(object)
    def _on_opened(self, ctx: Context) -> None:
        self._busy("")
        self.password.edit.clear()
        self.opened.emit(ctx)

    def _on_failed(self, problem: Exception) -> None:
        self._busy("")
        if isinstance(problem, AccessDenied):
            self.password.set_error(say(problem.text))
            self.password.edit.selectAll()
            self.password.edit.setFocus()
        elif isinstance(problem, AppError):
            self.banner.show_problem(problem)
            self.password.edit.setFocus()
        else:
            self._runner.failed.emit(problem)

    @Slot(bool)
    def _on_caps_lock(self, on: bool) -> None:
        self.password.set_hint(caps_lock_text() if on else "")

    @Slot(str)
    def _on_user_chosen(self, _name: str) -> None:
        self.password.edit.setFocus()

    @Slot()
    def _on_forgot(self) -> None:
        self.recovery_requested.emit(self._name())


class RecoverPage(StartPage):
    """The recovery key from the printed sheet, then a new password.

    Signals:
        opened(Context): the store is open and the new password is in force.
    """

    opened = Signal(object)

    def __init__(self, door: StoreDoor, runner: TaskRunner, username: str) -> None:
        super().__init__()
        self._door = door
        self._runner = runner
        self.banner = Banner()
        self.key = FormRow(
            tr("Mã trên phiếu khôi phục", "Key on the recovery sheet"),
            tr(
                "Gõ đủ các nhóm chữ và số; hoa hay thường, có hay không có gạch đều được.",
                "All groups; case and hyphens do not matter.",
            ),
        )
        self.username = FormRow(tr("Tên đăng nhập", "User name"))
        self.username.set_text(username)
        self.new = FormRow(tr("Mật khẩu mới", "New password"), say(HINT), editor=PasswordEdit())
        self.again = FormRow(tr("Gõ lại mật khẩu mới", "New password again"), editor=PasswordEdit())
        self.button = primary_button(
            tr("Đặt mật khẩu và mở", "Set the password and open"), self.confirm, "key"
        )
        self._back = link_button(tr("Quay lại  Esc", "Back  Esc"), self.back_requested.emit, "back")
        self._progress = label("", "muted")
        card = SectionCard(tr("Mở bằng phiếu khôi phục", "Open with the recovery sheet"))
        card.set_spacing(12)
        explained = tr(
            "Phiếu khôi phục được in hoặc lưu khi tạo trạm. Hồ sơ không mất gì khi quên mật khẩu.",
            "It was printed or saved when the station was made. Nothing is lost with a forgotten password.",
        )
        for item in (self.banner, label(explained, "muted", wrap=True), self.key, self.username):
            card.add(item)
        card.add(side_by_side(self.new, self.again))
        card.add(row(self.button, self._progress, None, self._back))
        self.setLayout(column(None, card, None))
        order = (self.key, self.username, self.new, self.again)
        for line, following in pairwise(order):
            line.entered.connect(following.edit.setFocus)
        self.again.entered.connect(self.confirm)

    def activate(self) -> None:
        self.key.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def confirm(self) -> None:
        if not self.button.isEnabled() or not self._valid():
            return
        self.banner.clear()
        self._progress.setText(tr("Đang mở…", "Opening…"))
        self.button.setEnabled(False)
        work = partial(self._door.recover, self.key.text(), self.username.text().strip(), self.new.text())
        self._runner.run(self, work).then(self._on_opened, self._on_failed)

    def _valid(self) -> bool:
        weak = password_problem(self.new.text(), self.username.text())
        differ = self.new.text() != self.again.text() and weak is None
        self.key.set_error("" if self.key.text().strip() else tr("Chưa gõ mã", "Type the key"))
        self.username.set_error(
            "" if self.username.text().strip() else tr("Chưa nhập tên đăng nhập", "Type your user name")
        )
        self.new.set_error(say(weak) if weak else "")
        self.again.set_error(tr("Hai lần gõ chưa giống nhau", "The two differ") if differ else "")
        wrong = next((line for line in (self.key, self.username, self.new, self.again) if line.error), None)
        if wrong is not None:
            wrong.edit.setFocus()
        return wrong is None

    @Slot(object)
    def _on_opened(self, ctx: Context) -> None:
        self._done()
        self.opened.emit(ctx)

    def _on_failed(self, problem: Exception) -> None:
        self._done()
        if not isinstance(problem, AppError):
            self._runner.failed.emit(problem)
        elif problem.code.startswith("recovery") or isinstance(problem, AccessDenied):
            self.key.set_error(say(problem.text))
            self.key.edit.setFocus()
        else:
            self.banner.show_text(say(problem.text), NoticeKind.DANGER)

    def _done(self) -> None:
        self._progress.setText("")
        self.button.setEnabled(True)
