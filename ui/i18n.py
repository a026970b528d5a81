"""Which of the two languages the screens speak, and Qt's own words in Vietnamese.

Every text is written where it is used as a pair (`tr("Lưu", "Save")`, `Text`), so there is no catalogue that
could be incomplete. The chosen language is a property of the one QApplication, beside its font, palette and
style sheet: Qt keeps exactly one of each per process, and a test gets a clean one with the application. It is
set before the first window is built; changing it in the settings rebuilds the window.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from forms.text import Language, Text

_PROPERTY = "hoso831.language"
_TRANSLATOR = "hoso831.qt-words"
_DEFAULT: Literal["vi"] = "vi"

# Qt ships no qtbase_vi. Keys are Qt's source texts; what is missing here no screen of ours can show.
_QT_WORDS = {
    "OK": "Đồng ý",
    "&OK": "Đồng ý",
    "Cancel": "Huỷ",
    "&Cancel": "Huỷ",
    "Close": "Đóng",
    "&Close": "Đóng",
    "Open": "Mở",
    "&Open": "Mở",
    "Save": "Lưu",
    "&Save": "Lưu",
    "Save As": "Lưu thành",
    "&Yes": "Có",
    "&No": "Không",
    "Yes": "Có",
    "No": "Không",
    "Apply": "Áp dụng",
    "Discard": "Bỏ",
    "Help": "Trợ giúp",
    "Reset": "Đặt lại",
    "Retry": "Thử lại",
    "&Undo": "Hoàn tác",
    "&Redo": "Làm lại",
    "Cu&t": "Cắt",
    "&Copy": "Sao chép",
    "&Paste": "Dán",
    "Delete": "Xoá",
    "&Delete": "Xoá",
    "Select All": "Chọn tất cả",
    "Copy &Link Location": "Sao chép địa chỉ liên kết",
    "Look in:": "Tìm trong:",
    "Back": "Quay lại",
    "Forward": "Tiến tới",
    "Parent Directory": "Thư mục cha",
    "Create New Folder": "Tạo thư mục mới",
    "Create a New Folder": "Tạo thư mục mới",
    "List View": "Dạng danh sách",
    "Detail View": "Dạng chi tiết",
    "Directory:": "Thư mục:",
    "File &name:": "Tên tệp:",
    "Files of type:": "Loại tệp:",
    "All Files (*)": "Mọi tệp (*)",
    "Directories": "Thư mục",
    "Folder": "Thư mục",
    "File": "Tệp",
    "Name": "Tên",
    "Size": "Dung lượng",
    "Type": "Loại",
    "Kind": "Loại",
    "Date Modified": "Ngày sửa",
    "My Computer": "Máy tính",
    "Computer": "Máy tính",
    "Drive": "Ổ đĩa",
    "New Folder": "Thư mục mới",
    "&New Folder": "Thư mục mới",
    "&Rename": "Đổi tên",
    "Show &hidden files": "Hiện tệp ẩn",
    "Remove": "Bỏ",
    "&Choose": "Chọn",
    "%1 already exists.\nDo you want to replace it?": "%1 đã có.\nThay tệp cũ?",
    "%1\nFile not found.\nPlease verify the correct file name was given.": (
        "%1\nKhông thấy tệp này. Kiểm tra lại tên tệp."
    ),
    "%1\nDirectory not found.\nPlease verify the correct directory name was given.": (
        "%1\nKhông thấy thư mục này. Kiểm tra lại tên thư mục."
    ),
    "Print": "In",
    "&Print": "In",
    "Printer": "Máy in",
    "&Printer": "Máy in",
    "&Name:": "Tên:",
    "P&roperties": "Thuộc tính",
    "&Options >>": "Tuỳ chọn >>",
    "&Options <<": "Tuỳ chọn <<",
    "Copies": "Số bản",
    "Copies:": "Số bản:",
    "Print range": "Trang in",
    "Print all": "In tất cả",
    "Pages from": "Từ trang",
    "to": "đến",
    "Pages": "Trang",
    "Current Page": "Trang hiện tại",
    "Location:": "Vị trí:",
    "Type:": "Loại:",
    "Preview": "Xem trước",
    "Output &file:": "Tệp ra:",
    "Shift": "Shift",
    "Return": "Enter",
    "Enter": "Enter",
    "PgUp": "PgUp",
    "PgDown": "PgDn",
    "Del": "Delete",
}


class QtWords(QTranslator):
    """Vietnamese for the words Qt puts into context menus and file and print dialogs."""

    def translate(
        self, _context: str, source: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        return _QT_WORDS.get(source)

    def isEmpty(self) -> bool:
        return False


def install_language(app: QCoreApplication, language: Language) -> None:
    """Make `language` the language of everything built from now on."""
    app.setProperty(_PROPERTY, language)
    QLocale.setDefault(QLocale("vi_VN" if language == "vi" else "en_GB"))
    installed = app.findChild(QTranslator, _TRANSLATOR)
    if installed is not None:
        app.removeTranslator(installed)
        installed.setParent(None)
        installed.deleteLater()
    words = _words_of(language, app)
    words.setObjectName(_TRANSLATOR)
    app.installTranslator(words)


def _words_of(language: Language, app: QCoreApplication) -> QTranslator:
    if language == "vi":
        return QtWords(app)
    words = QTranslator(app)
    words.load("qtbase_en", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return words


def language() -> Language:
    """The language of the screens; Vietnamese until one was chosen."""
    app = QCoreApplication.instance()
    chosen = app.property(_PROPERTY) if app is not None else None
    return "en" if chosen == "en" else _DEFAULT


def tr(vi: str, en: str, **values: object) -> str:
    """The text in the language of the screens; `{name}` placeholders are filled from `values`."""
    text = vi if language() == "vi" else en
    return text.format(**values) if values else text


def say(text: Text) -> str:
    return text.get(language())


def count_text(number: int) -> str:
    """1204 as "1.204" in Vietnamese, "1,204" in English."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language() == "vi" else grouped


def decimal_text(value: float, decimals: int = 1) -> str:
    """36.8 as "36,8" in Vietnamese."""
    shown = f"{value:,.{decimals}f}"
    if language() == "en":
        return shown
    return shown.translate(str.maketrans(",.", ".,"))


def size_text(size: int) -> str:
    """Bytes as people read them: "820 B", "21 KB", "1,4 MB"."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{count_text(round(size / 1000))} KB"
    return f"{decimal_text(size / 1_000_000)} MB"
