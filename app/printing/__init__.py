"""Paper: the official form and the recovery sheet as PDF bytes. The only importer of reportlab."""

from __future__ import annotations

from app.printing.printer import ReportlabPrinter
from app.printing.recovery import recovery_sheet

__all__ = ["ReportlabPrinter", "recovery_sheet"]
