"""A store whose disk can fill up."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from app.errors import EnvironmentProblem
from app.ports import Store, UnitOfWork
from forms.text import Text

DISK_FULL = EnvironmentProblem(
    "disk-full",
    Text(
        "Chưa ghi được vì ổ đĩa đầy. Phiếu vẫn còn nguyên trên màn hình. Xoá bớt tệp rồi bấm Ctrl+S.",
        "Not saved because the disk is full. The form is still on screen. Free some space, press Ctrl+S.",
    ),
)


@dataclass
class BreakableStore:
    """The real store behind it; `full` makes every write fail."""

    store: Store
    full: bool = False

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self.store.reading()

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        if self.full:
            raise DISK_FULL
        return self.store.writing()

    @property
    def device_id(self) -> str:
        return self.store.device_id

    def close(self) -> None:
        self.store.close()
