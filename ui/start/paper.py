"""A PDF to a file the user names, or to a printer. Nothing is written anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QRect, QStandardPaths, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import EnvironmentProblem
from forms.text import Text
from ui.i18n import tr

_PRINT_DPI = 300


class PaperWay(Protocol):
    """How paper leaves the program; tests put their own in its place."""

    def choose_file(self, parent: QWidget, suggested: Path) -> Path | None: ...

    def send_to_printer(self, parent: QWidget, pdf: bytes) -> bool:
        """False when the user cancelled. EnvironmentProblem when there is no printer."""
        ...


class SystemPaper:
    """The file dialog and the printers of the computer."""

    def choose_file(self, parent: QWidget, suggested: Path) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(
            parent, tr("Lưu PDF", "Save PDF"), str(suggested), "PDF (*.pdf)"
        )
        return Path(chosen) if chosen else None

    def send_to_printer(self, parent: QWidget, pdf: bytes) -> bool:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setResolution(_PRINT_DPI)
        if not printer.isValid():
            raise EnvironmentProblem(
                "no-printer",
                Text(
                    "Máy chưa có máy in nào. Chưa in gì. Lưu PDF rồi in ở máy khác cũng được.",
                    "No printer is installed. Nothing was printed. Save the PDF and print it elsewhere.",
                ),
            )
        dialog = QPrintDialog(printer, parent)
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return False
        paint_pages(pdf, printer)
        return True


def paint_pages(pdf: bytes, printer: QPrinter) -> None:
    """Raster every page at the printer's resolution: the same on paper as in the PDF."""
    import pypdfium2  # noqa: PLC0415 # loaded with the first paper

    document = pypdfium2.PdfDocument(pdf)
    painter = QPainter()
    if not painter.begin(printer):
        raise EnvironmentProblem(
            "printer-failed",
            Text(
                "Máy in không nhận lệnh. Chưa in gì. Kiểm tra máy in đã bật, còn giấy, rồi in lại.",
                "The printer did not accept the job. Nothing was printed. Check that it is on and has paper.",
            ),
        )
    try:
        for number, sheet in enumerate(document):
            if number:
                printer.newPage()
            image = sheet.render(scale=printer.resolution() / 72).to_pil().convert("RGB")
            raster = QImage(
                image.tobytes(), image.width, image.height, image.width * 3, QImage.Format.Format_RGB888
            )
            area = QRect(painter.viewport())
            fitted = raster.scaled(
                area.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            painter.drawImage(area.topLeft(), fitted)
    finally:
        painter.end()
        document.close()


def documents_folder() -> Path:
    return Path(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home()
    )


def write_pdf(path: Path, pdf: bytes, problem: Callable[[OSError], EnvironmentProblem]) -> None:
    """All or nothing: a partial file never keeps the wanted name."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(pdf)
        partial.replace(path)
    except OSError as error:
        raise problem(error) from error
    finally:
        partial.unlink(missing_ok=True)
