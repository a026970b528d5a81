"""What a command prints: results on stdout (JSON with --json), everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any, TextIO

from app.errors import AppError, RuleViolation
from forms.text import Language, Text


@dataclass(frozen=True, slots=True)
class Output:
    as_json: bool
    language: Language
    stdout: TextIO
    stderr: TextIO

    def result(self, data: Any, text: str | Iterable[str]) -> None:
        """The command's answer: `data` with --json, otherwise `text` line by line."""
        if self.as_json:
            json.dump(data, self.stdout, ensure_ascii=False, indent=2)
            self.stdout.write("\n")
            return
        for line in [text] if isinstance(text, str) else text:
            self.stdout.write(f"{line}\n")

    def note(self, text: Text) -> None:
        self.stderr.write(f"{text.get(self.language)}\n")
        self.stderr.flush()

    def failure(self, error: AppError) -> None:
        """One sentence; with --json also as an object on stdout, so that scripts can read the code."""
        self.note(error.text)
        findings = error.findings if isinstance(error, RuleViolation) else ()
        for finding in findings:
            self.note(finding.message)
        if self.as_json:
            problem = {"code": error.code, "message": error.text.get(self.language)}
            json.dump({"error": problem}, self.stdout, ensure_ascii=False)
            self.stdout.write("\n")

    def say(self, vi: str, en: str) -> str:
        return vi if self.language == "vi" else en


def use_utf8() -> None:
    """Windows consoles and pipes default to a legacy code page that has no Vietnamese."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
