"""The recovery sheet: shown, and saved or printed before anything is created."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.station import Station
from app.errors import AppError, EnvironmentProblem
from forms.text import Text, fold
from ui.bridge import NoticeKind
from ui.i18n import tr
from ui.pieces.banner import Banner
from ui.pieces.buttons import link_button, primary_button, secondary_button
from ui.pieces.card import SectionCard
from ui.pieces.form_row import FormRow
from ui.pieces.labels import label
from ui.pieces.layouts import column, row
from ui.services import RecoverySheet
from ui.start.paper import PaperWay, documents_folder, write_pdf
from ui.start.window import StartPage
from ui.theme import theme


def _save_problem(error: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(
        "pdf-not-saved",
        Text(
            f"Chưa lưu được phiếu vào chỗ này (lỗi {error.errno}). Chưa tạo gì. "
            "Chọn thư mục hoặc ổ khác rồi lưu lại.",
            f"The sheet could not be saved there (error {error.errno}). Nothing was created. "
            "Choose another folder.",
        ),
    )


class RecoveryPage(StartPage):
    """`next_requested` comes only after the sheet was saved or printed."""

    def __init__(
        self, sheet: RecoverySheet, station: Station, paper: PaperWay, folder: Path | None = None
    ) -> None:
        super().__init__()
        self._sheet = sheet
        self._paper = paper
        self.kept = False
        self.banner = Banner()
        self.where = FormRow(tr("Lưu phiếu vào tệp", "Save the sheet as"))
        name = f"Phieu-khoi-phuc-{fold(station.code) or 'tram'}.pdf"
        self.where.set_text(str((folder or documents_folder()) / name))
        self._browse = link_button(tr("Chọn nơi khác…", "Choose a place…"), self._on_browse, "folder")
        self.save_button = secondary_button(tr("Lưu PDF", "Save PDF"), self.save, "save")
        self.print_button = secondary_button(tr("In phiếu", "Print"), self.print_sheet, "print")
        self.next_button = primary_button(
            tr("Tạo trạm  Ctrl+Enter", "Make the station  Ctrl+Enter"), self.confirm, "next"
        )
        self._back = link_button(tr("Quay lại  Esc", "Back  Esc"), self.back_requested.emit, "back")
        self.progress = label("", "muted")
        self._lay_out(sheet.text)
        self.where.entered.connect(self.save)
        self._show_state()

    def _lay_out(self, text: str) -> None:
        card = SectionCard(tr("Phiếu khôi phục", "Recovery sheet"))
        card.set_spacing(12)
        card.add_to_head(label(tr("Bước 3/3", "Step 3 of 3"), "muted"))
        why = tr(
            "Nếu quên mật khẩu, chỉ phiếu này mở lại được hồ sơ. Không ai khác giữ mã, kể cả nhà cung cấp. "
            "In hoặc lưu phiếu, cất vào tủ có khoá, không để trên máy này.",
            "If the password is forgotten, only this sheet opens the records. Nobody else has the key. "
            "Print or save it, lock it away, and do not keep it on this computer.",
        )
        card.add(label(why, wrap=True))
        card.add(_key_block(text))
        card.add(self.banner)
        card.add(self.where)
        card.add(row(self.save_button, self.print_button, self._browse, None))
        buttons = row(self._back, None, self.progress, self.next_button)
        self.setLayout(column(None, card, buttons, None, spacing=12))

    def activate(self) -> None:
        (self.next_button if self.kept else self.where.edit).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def confirm(self) -> None:
        if self.kept and self.next_button.isEnabled():
            self.next_requested.emit()
        elif not self.kept:
            self.banner.show_text(
                tr("Lưu hoặc in phiếu trước đã, rồi mới tạo trạm.", "Save or print the sheet first."),
                NoticeKind.WARN,
            )
            self.where.edit.setFocus()

    @Slot()
    def save(self) -> None:
        typed = self.where.text().strip()
        if not typed:
            self.where.set_error(tr("Chưa có tên tệp", "No file name"))
            return
        path = Path(typed).expanduser()
        if path.suffix.lower() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        try:
            write_pdf(path, self._sheet.pdf, _save_problem)
        except AppError as problem:
            self.banner.show_problem(problem)
            return
        self.where.set_text(str(path))
        self._keep(
            tr(
                "Đã lưu phiếu. Chép sang USB hoặc in ra, rồi xoá tệp trên máy.",
                "Saved. Copy it to a USB stick or print it, then delete it here.",
            )
        )

    @Slot()
    def print_sheet(self) -> None:
        try:
            printed = self._paper.send_to_printer(self, self._sheet.pdf)
        except AppError as problem:
            self.banner.show_problem(problem)
            return
        if printed:
            self._keep(
                tr(
                    "Đã gửi phiếu tới máy in. Xem lại tờ giấy trước khi tạo trạm.",
                    "Sent to the printer. Look at the paper before going on.",
                )
            )

    def busy(self, words: str) -> None:
        self.progress.setText(words)
        self.next_button.setEnabled(not words and self.kept)
        self._back.setEnabled(not words)

    def _keep(self, words: str) -> None:
        self.kept = True
        self.banner.show_text(words, NoticeKind.OK)
        self._show_state()
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self) -> None:
        self.next_button.setEnabled(self.kept)

    @Slot()
    def _on_browse(self) -> None:
        chosen = self._paper.choose_file(self, Path(self.where.text()))
        if chosen is not None:
            self.where.set_text(str(chosen))
            self.save()


def _key_block(text: str) -> QWidget:
    """The key in its groups, large enough to copy by hand."""
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme().px(24))
    grid.setVerticalSpacing(theme().px(4))
    for place, group in enumerate(text.split("-")):
        grid.addWidget(label(group, "mono", selectable=True), place // 4, place % 4)
    grid.setColumnStretch(4, 1)
    block.setAccessibleName(text)
    return block
