"""The two families of trouble: what the program is not to blame for, and bugs (everything else).

Every AppError carries a sentence in both languages that says what happened, what is safe and what to
do. Texts never contain a person's data; ids and numbers may appear.
"""

from __future__ import annotations

from collections.abc import Sequence

from forms.model import Finding
from forms.text import Text


class AppError(Exception):
    """Base of all expected failures. `code` is stable, for scripts, logs and support."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code = code
        self.text = text


class EnvironmentProblem(AppError):
    """Full disk, locked or damaged file, missing printer: the surroundings, not the program."""


class AccessDenied(AppError):
    """Wrong password or a right that the user does not have."""


class NotFound(AppError):
    """The id names nothing in this store."""


class RuleViolation(AppError):
    """A record cannot be finished; `findings` say where and why, with values: they are never logged."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            "rule-violation",
            Text(
                "Phiếu chưa hoàn tất được. Những gì đã nhập vẫn còn; xem các mục được đánh dấu.",
                "The form cannot be finished yet. What was typed is kept; see the marked fields.",
            ),
        )
        self.findings = tuple(findings)


class StaleRevision(AppError):
    """Somebody saved a newer revision while this one was being edited; nothing was overwritten."""

    def __init__(self, record_id: str, based_on: int, current: int) -> None:
        super().__init__(
            "stale-revision",
            Text(
                f"Hồ sơ đã được sửa ở nơi khác (bản {current}, đang sửa bản {based_on}). "
                "Chưa ghi đè gì. Mở lại hồ sơ để xem bản mới rồi nhập lại phần thay đổi.",
                f"The record was changed elsewhere (revision {current}, you edited {based_on}). "
                "Nothing was overwritten. Open it again to see the new revision, then repeat your change.",
            ),
        )
        self.record_id = record_id
        self.based_on = based_on
        self.current = current
