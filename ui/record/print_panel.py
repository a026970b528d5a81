"""The paper form before it is printed. Pages live in memory only; a file is written where the user says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.errors import AppError, EnvironmentProblem
from app.services import printing
from forms.text import Text
from ui.bridge import Notice, NoticeKind
from ui.i18n import say, tr
from ui.pieces.banner import Banner
from ui.pieces.buttons import primary_button, secondary_button
from ui.pieces.labels import label
from ui.pieces.layouts import row
from ui.pieces.side_panel import SidePanel
from ui.services import Services
from ui.start.paper import PaperWay, documents_folder, write_pdf
from ui.theme import theme

_WIDTH = 560
_PAGE_WIDTH = 500
_POINTS_A4 = 595.28


@dataclass(frozen=True, slots=True)
class Page:
    """One page as pixels, RGB 8 bit."""

    pixels: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Printout:
    pdf: bytes
    pages: tuple[Page, ...]


def make_printout(services: Services, person_id: str, exam_id: str | None, width: int) -> Printout:
    """Runs in the database lane."""
    pdf = printing.print_form(services.ctx, services.printer, person_id, exam_id)
    return Printout(pdf, rasters(pdf, width))


def rasters(pdf: bytes, width: int) -> tuple[Page, ...]:
    """The pages at about `width` pixels."""
    import pypdfium2  # noqa: PLC0415 # loaded with the first paper

    document = pypdfium2.PdfDocument(pdf)
    try:
        images = [sheet.render(scale=width / _POINTS_A4).to_pil().convert("RGB") for sheet in document]
    finally:
        document.close()
    return tuple(Page(image.tobytes(), image.width, image.height) for image in images)


class PrintPanel(SidePanel):
    """Signals:
    printed(): the job went to a printer.
    """

    printed = Signal()

    def __init__(self, host: QWidget, services: Services, paper: PaperWay) -> None:
        super().__init__(host, tr("In phiếu", "Print the form"), _WIDTH)
        self._services = services
        self._paper = paper
        self._printout: Printout | None = None
        self.print_button: QPushButton = primary_button(tr("In", "Print"), self.send, "print")
        self.print_button.setAutoDefault(True)
        self.save_button: QPushButton = secondary_button(tr("Lưu PDF…", "Save PDF…"), self.save, "save")
        self.save_button.setAutoDefault(True)
        self.note = Banner()
        self._about = label("", "muted", wrap=True)
        self._pages: list[QLabel] = []
        self.body.addLayout(row(self.print_button, self.save_button, None))
        self.body.addWidget(self.note)
        self.body.addWidget(self._about)
        self.body.addStretch(1)

    @property
    def page_count(self) -> int:
        return len(self._pages)

    def open_for(self, person_id: str, exam_id: str | None, about: str) -> None:
        """Prepare and show; `about` says which examination, or that part D stays blank."""
        self._printout = None
        self._drop_pages()
        self.note.clear()
        self._about.setText(about)
        self._set_ready(ready=False)
        self.open_panel()
        work = partial(make_printout, self._services, person_id, exam_id, theme().px(_PAGE_WIDTH))
        self._services.runner.run(self, work).then(self._on_made, self._on_failed)

    def _set_ready(self, *, ready: bool) -> None:
        self.print_button.setEnabled(ready)
        self.save_button.setEnabled(ready)

    def _drop_pages(self) -> None:
        for page in self._pages:
            self.body.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages = []

    @Slot(object)
    def _on_made(self, printout: Printout) -> None:
        self._printout = printout
        self._drop_pages()
        for number, page in enumerate(printout.pages, 1):
            raster = QImage(page.pixels, page.width, page.height, page.width * 3, QImage.Format.Format_RGB888)
            shown = QLabel()
            shown.setPixmap(QPixmap.fromImage(raster))
            shown.setProperty("ground", "card")
            shown.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            shown.setAccessibleName(tr("Trang {n}", "Page {n}", n=number))
            self.body.insertWidget(self.body.count() - 1, shown)
            self._pages.append(shown)
        self._set_ready(ready=True)
        if not self.isHidden():
            self.print_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_failed(self, problem: Exception) -> None:
        if isinstance(problem, AppError):
            self.note.show_problem(problem)
        else:
            self._services.runner.failed.emit(problem)

    @Slot()
    def send(self) -> None:
        if self._printout is None:
            return
        try:
            sent = self._paper.send_to_printer(self, self._printout.pdf)
        except EnvironmentProblem as problem:
            self.note.show_problem(problem)
            return
        if sent:
            self._services.bridge.notify(Notice(text=Text("Đã gửi sang máy in.", "Sent to the printer.")))
            self.close_panel()
            self.printed.emit()

    @Slot()
    def save(self) -> None:
        if self._printout is None:
            return
        # The name of a file is seen by others: it does not say whose form it is.
        today = self._services.ctx.clock.now().date()
        path = self._paper.choose_file(self, documents_folder() / f"phieu-831-{today:%d%m%Y}.pdf")
        if path is not None:
            work = partial(_write, path, self._printout.pdf)
            self._services.runner.run(self, work).then(self._on_written, self._on_failed)

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        text = Text(f"Đã lưu {path.name}.", f"Saved {path.name}.")
        self.note.show_text(say(text), NoticeKind.OK)


def _write(path: Path, pdf: bytes) -> Path:
    write_pdf(path, pdf, _file_problem)
    return path


def _file_problem(error: OSError) -> EnvironmentProblem:
    return EnvironmentProblem(
        "pdf-not-saved",
        Text(
            f"Chưa lưu được tệp PDF ({error.strerror or 'lỗi tệp'}). Hồ sơ trong máy không sao. "
            "Chọn nơi khác còn chỗ và ghi được.",
            f"The PDF was not saved ({error.strerror or 'file error'}). The record itself is safe. "
            "Choose another place with room that can be written to.",
        ),
    )
