"""What people are told when a store cannot be made or opened, apart from plain disk trouble."""

from __future__ import annotations

from app.errors import AccessDenied, AppError, EnvironmentProblem
from forms.text import Text


def store_exists() -> AppError:
    return EnvironmentProblem(
        "store-exists",
        Text(
            "Thư mục này đã có kho dữ liệu. Chưa thay đổi gì. Hãy mở kho đó, hoặc chọn thư mục khác.",
            "This folder already holds a store. Nothing was changed. "
            "Open that store, or choose another folder.",
        ),
    )


def store_missing() -> AppError:
    return EnvironmentProblem(
        "store-missing",
        Text(
            "Chưa có kho dữ liệu trong thư mục này. Chưa thay đổi gì. "
            "Kiểm tra lại thư mục (ổ USB đã cắm chưa), hoặc tạo kho mới.",
            "There is no store in this folder. Nothing was changed. "
            "Check the folder (is the USB drive plugged in?), or make a new store.",
        ),
    )


def database_missing() -> AppError:
    return EnvironmentProblem(
        "database-missing",
        Text(
            "Thư mục trạm còn tệp khoá nhưng không thấy station.db. Chương trình không tạo lại tệp này. "
            "Hãy chép station.db về đúng thư mục, hoặc khôi phục từ bản sao lưu.",
            "The station folder has its key file but no station.db. The program does not make a new one. "
            "Put station.db back into the folder, or restore a backup.",
        ),
    )


def database_empty() -> AppError:
    return EnvironmentProblem(
        "database-empty",
        Text(
            "Tệp station.db trống (0 byte). Chương trình không ghi đè hay xoá gì. "
            "Hãy giữ nguyên thư mục và khôi phục từ bản sao lưu gần nhất.",
            "The file station.db is empty (0 bytes). Nothing was overwritten or deleted. "
            "Keep the folder as it is and restore the latest backup.",
        ),
    )


def keys_missing() -> AppError:
    return EnvironmentProblem(
        "keys-missing",
        Text(
            "Không thấy tệp khoá keys.json và bản dự phòng keys.json.bak. "
            "Dữ liệu trong station.db còn nguyên. Hãy chép một trong hai tệp đó từ bản sao lưu về thư mục "
            "trạm, rồi mở bằng mật khẩu hoặc phiếu khôi phục.",
            "The key file keys.json and its duplicate keys.json.bak are missing. The data in station.db is "
            "intact. Copy one of them from a backup into the station folder, then open with the password or "
            "the recovery sheet.",
        ),
    )


def keys_damaged() -> AppError:
    return EnvironmentProblem(
        "keys-damaged",
        Text(
            "Tệp khoá keys.json bị hỏng và không có bản dự phòng dùng được. "
            "Dữ liệu trong station.db còn nguyên. Hãy chép keys.json từ bản sao lưu về thư mục trạm, "
            "rồi mở bằng mật khẩu hoặc phiếu khôi phục.",
            "The key file keys.json is damaged and there is no usable duplicate. The data in station.db is "
            "intact. Copy keys.json from a backup into the station folder, then open with the password or "
            "the recovery sheet.",
        ),
    )


def unknown_user() -> AppError:
    return AccessDenied(
        "unknown-user",
        Text(
            "Kho này không có người dùng mang tên đó. Chưa thay đổi gì. Kiểm tra lại tên đăng nhập.",
            "This store has no user of that name. Nothing was changed. Check the user name.",
        ),
    )


def wrong_password() -> AppError:
    return AccessDenied(
        "wrong-password",
        Text(
            "Mật khẩu chưa đúng. Dữ liệu còn nguyên. Gõ lại (chú ý Caps Lock và bộ gõ tiếng Việt), "
            "hoặc dùng phiếu khôi phục.",
            "The password is not right. The data is intact. Type it again (mind Caps Lock and the Vietnamese "
            "keyboard), or use the recovery sheet.",
        ),
    )


def wrong_recovery_key() -> AppError:
    return AccessDenied(
        "wrong-recovery-key",
        Text(
            "Mã khôi phục đúng dạng nhưng không phải của kho này. Dữ liệu còn nguyên. "
            "Hãy dùng phiếu khôi phục mới nhất của trạm.",
            "The recovery key is well-formed but not of this store. The data is intact. "
            "Use the station's latest recovery sheet.",
        ),
    )


def user_exists() -> AppError:
    return AppError(
        "user-exists",
        Text(
            "Đã có người dùng mang tên đăng nhập này. Chưa thay đổi gì. Hãy chọn tên khác.",
            "There is already a user of that name. Nothing was changed. Choose another name.",
        ),
    )


def password_too_short(minimum: int) -> AppError:
    return AppError(
        "password-too-short",
        Text(
            f"Mật khẩu cần ít nhất {minimum} ký tự. Hãy đặt mật khẩu dài hơn, ví dụ vài từ dễ nhớ ghép lại.",
            f"A password needs at least {minimum} characters. "
            "Choose a longer one, for example a few words together.",
        ),
    )


KEYS_DUPLICATE_USED = Text(
    "Tệp khoá keys.json không đọc được nên đã dùng bản dự phòng keys.json.bak và khôi phục lại tệp. "
    "Nếu vừa đổi mật khẩu, hãy thử cả mật khẩu cũ. Nên sao lưu thư mục trạm.",
    "The key file keys.json could not be read; its duplicate keys.json.bak was used and the file restored. "
    "If the password was just changed, the old one may be the right one. Back up the station folder.",
)
