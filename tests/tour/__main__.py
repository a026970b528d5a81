"""`dev.py tour` and `dev.py demo` without a display: the working day, its pictures and the printed form."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pypdfium2
from PySide6.QtWidgets import QApplication

from tests.tour.day import Day, Summary
from ui.app import end_qt


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="leave the station folder here (otherwise it is removed)")
    arguments = parser.parse_args()
    out: Path = arguments.out
    if out.exists():
        for old in [*out.glob("*.png"), *out.glob("*.pdf")]:
            old.unlink()
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="hoso831-tour-") as folder:
        paper = Path(folder) / "paper"
        summary = Day(app, arguments.keep or Path(folder), paper, out).run()
        if summary.pdf is not None:
            summary.pdf = Path(shutil.copy(summary.pdf, out / "phieu-831.pdf"))
            summary.pictures += page_pictures(summary.pdf, out)
    sys.stdout.write(told(summary, out))
    end_qt(app)
    return 0


def page_pictures(pdf: Path, out: Path) -> list[Path]:
    with pypdfium2.PdfDocument(pdf) as document:
        made = []
        for number, page in enumerate(document, 1):
            path = out / f"paper-{number}.png"
            page.render(scale=1.5).to_pil().save(path)
            made.append(path)
        return made


def told(summary: Summary, out: Path) -> str:
    receipts = summary.receipts
    return (
        f"Residents in the demo station   {summary.residents}\n"
        f"Examination through the windows {summary.exam_keys} keys, search to finish\n"
        f"Printed form                    {summary.pdf}\n"
        f"Receipts from the portal        {len(receipts)}, e.g. {receipts[0] if receipts else '-'}\n"
        f"Pictures                        {len(summary.pictures)} in {out}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
