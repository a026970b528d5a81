"""The one place where a failure of the surroundings gets its name: SQLite and operating system codes.

Anything that is not listed here is a bug and passes unchanged.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from argon2.exceptions import HashingError
from sqlalchemy.exc import DBAPIError

from app.errors import AppError, EnvironmentProblem
from forms.text import Text

TEXTS: dict[str, Text] = {
    "disk-full": Text(
        "Ổ đĩa đã đầy nên lần ghi này chưa lưu được. Những gì đã lưu trước đó vẫn nguyên vẹn. "
        "Hãy xoá bớt tệp không cần trên ổ đĩa rồi lưu lại.",
        "The disk is full, so this was not saved. Everything saved before is intact. "
        "Free some space on the disk, then save again.",
    ),
    "store-readonly": Text(
        "Thư mục trạm chỉ cho đọc, chương trình không ghi được. Dữ liệu chưa thay đổi gì. "
        "Hãy cấp quyền ghi cho thư mục (hoặc bỏ khoá chống ghi của ổ) rồi mở lại.",
        "The station folder is read-only. No data was changed. "
        "Allow writing to the folder (or unlock the drive), then open it again.",
    ),
    "store-busy": Text(
        "Tệp dữ liệu đang bị chương trình khác giữ. Chưa lưu gì lần này, dữ liệu cũ vẫn nguyên vẹn. "
        "Hãy đợi vài giây rồi thử lại; nếu vẫn vậy, kiểm tra phần mềm diệt vi-rút hoặc sao lưu.",
        "Another program holds the data file. Nothing was saved this time, earlier data is intact. "
        "Wait a few seconds and try again; if it stays, check the antivirus or backup software.",
    ),
    "store-in-use": Text(
        "Kho dữ liệu này đang được mở ở một cửa sổ khác. Chưa thay đổi gì. "
        "Hãy dùng cửa sổ đang mở, hoặc đóng cửa sổ đó rồi mở lại.",
        "This store is already open in another window. Nothing was changed. "
        "Use that window, or close it and open the store again.",
    ),
    "io-error": Text(
        "Ổ đĩa báo lỗi khi đọc hoặc ghi. Lần ghi này chưa lưu; những gì đã lưu trước đó không bị xoá. "
        "Kiểm tra dây cáp hoặc ổ đĩa, và chép thư mục trạm sang ổ khác càng sớm càng tốt.",
        "The disk reported an error while reading or writing. This was not saved; nothing saved before was "
        "deleted. Check the cable or the disk, and copy the station folder to another disk soon.",
    ),
    "store-damaged": Text(
        "Tệp station.db bị hỏng hoặc không thuộc kho này. Mật khẩu đúng, chương trình không sửa hay xoá gì. "
        "Hãy giữ nguyên thư mục, chép sang nơi khác rồi khôi phục từ bản sao lưu gần nhất.",
        "The file station.db is damaged or belongs to another store. The key is right; nothing was changed "
        "or deleted. Keep the folder as it is, copy it elsewhere, then restore the latest backup.",
    ),
    "cannot-open": Text(
        "Không mở được tệp dữ liệu. Chưa thay đổi gì. "
        "Kiểm tra thư mục trạm còn đó và bạn có quyền đọc, ghi, rồi mở lại.",
        "The data file could not be opened. Nothing was changed. "
        "Check that the station folder is there and that you may read and write it, then open it again.",
    ),
    "out-of-memory": Text(
        "Máy không đủ bộ nhớ để làm việc này. Dữ liệu đã lưu vẫn nguyên vẹn. "
        "Hãy đóng bớt chương trình khác rồi thử lại.",
        "The computer ran out of memory. Saved data is intact. Close other programs and try again.",
    ),
    "chain-broken": Text(
        "Sổ nhật ký sửa đổi không khớp từ dòng {seq}. Chưa thay đổi gì. "
        "Hãy chép thư mục trạm sang nơi khác và báo người hỗ trợ.",
        "The journal of revisions does not fit from row {seq} on. Nothing was changed. "
        "Copy the station folder elsewhere and call support.",
    ),
}

DAMAGE = frozenset({"store-damaged", "io-error"})
"""After these a connection is not used again: SQLCipher keeps failing on it, a fresh one may not."""

_SQLITE = {
    5: "store-busy",  # BUSY
    6: "store-busy",  # LOCKED
    7: "out-of-memory",  # NOMEM
    8: "store-readonly",  # READONLY
    10: "io-error",  # IOERR
    11: "store-damaged",  # CORRUPT
    13: "disk-full",  # FULL
    14: "cannot-open",  # CANTOPEN
    15: "store-busy",  # PROTOCOL
    23: "store-readonly",  # AUTH
    26: "store-damaged",  # NOTADB
}
_ERRNO = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EROFS: "store-readonly",
    errno.EACCES: "store-readonly",
    errno.EPERM: "store-readonly",
    errno.EIO: "io-error",
    errno.ENOMEM: "out-of-memory",
    errno.EBUSY: "store-busy",
}


def problem(code: str, **values: object) -> EnvironmentProblem:
    text = TEXTS[code]
    return EnvironmentProblem(code, text.format(**values) if values else text)


def classify(error: BaseException) -> AppError | None:
    """The environment problem behind an exception, or None if it is a bug.

    SQLite's extended codes carry the primary code in their low byte. Argon2 fails only for want of memory.
    """
    if isinstance(error, AppError):
        return error
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        name = _SQLITE.get(code & 0xFF)
        return problem(name) if name else None
    if isinstance(error, (MemoryError, HashingError)):
        return problem("out-of-memory")
    if isinstance(error, OSError):
        name = _ERRNO.get(error.errno or 0)
        return problem(name) if name else None
    return None


@contextmanager
def environment() -> Iterator[None]:
    """Let environment errors of the block leave as EnvironmentProblem, everything else as it is."""
    try:
        yield
    except Exception as error:
        found = classify(error)
        if found is None or found is error:
            raise
        raise found from error
