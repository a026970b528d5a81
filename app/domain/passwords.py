"""What a password must be: long enough and not one that everybody tries first. No composition rules."""

from __future__ import annotations

from forms.text import Text, fold

SHORTEST = 8
_COMMON = frozenset((
    "12345678", "123456789", "1234567890", "0123456789", "87654321", "11111111", "00000000", "88888888",
    "66666666", "99999999", "12341234", "11223344", "abcd1234", "abc12345", "1234abcd", "qwertyui",
    "qwerty123", "asdfghjk", "asdf1234", "zxcvbnm1", "1q2w3e4r", "1qaz2wsx", "iloveyou", "password",
    "password1", "passw0rd", "admin123", "administrator", "matkhau1", "matkhau123", "matkhau12",
    "tramyte1", "tramyte123", "tramyte831", "hoso8311", "hosoyte1", "suckhoe1", "suckhoe123", "vietnam1",
    "vietnam123", "hanoi123", "thanhhoa", "thanhhoa1", "thanhhoa36", "muonglat", "muonglat1", "nguyenvan",
    "anhyeuem", "emyeuanh", "khongbiet", "khongcho", "khongnho", "01011990", "19001000", "02091945",
    "30041975",
))  # fmt: skip
"""Lower case, without diacritics or spaces."""


HINT = Text(
    f"Ít nhất {SHORTEST} ký tự. Một câu ngắn dễ nhớ là tốt nhất.",
    f"At least {SHORTEST} characters. A short sentence is best.",
)


def password_problem(password: str, username: str) -> Text | None:
    """None if the password will do."""
    if len(password) < SHORTEST:
        return Text(
            f"Mật khẩu cần ít nhất {SHORTEST} ký tự, đang có {len(password)}",
            f"At least {SHORTEST} characters are needed, there are {len(password)}",
        )
    plain = fold(password).replace(" ", "")
    if plain in _COMMON or len(set(plain)) <= 2:
        return Text(
            "Mật khẩu này quá dễ đoán, chọn một câu khác", "This one is guessed at once, choose another"
        )
    if plain == fold(username).replace(" ", ""):
        return Text("Mật khẩu không được trùng tên đăng nhập", "The password must differ from the user name")
    return None
