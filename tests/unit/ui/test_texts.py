"""How people, moments and typed searches are read and written."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.passwords import password_problem
from forms.model import Json
from tests.helpers.station import NOW
from ui.pieces.person_text import matched_spans, moment_text
from ui.shell.prefill import prefill_from
from ui.wizard.pages import health_department_of


@pytest.mark.parametrize(
    ("name", "query", "bold"),
    [
        ("Nguyễn Thị Hồng Đào", "nguyen dao", ["Nguyễn", "Đào"]),
        ("Nguyễn Thị Hồng Đào", "dao ho", ["Hồ", "Đào"]),
        ("Nguyễn Thị Hồng Đào", "Đào 85", ["Đào"]),
        ("Giàng A Páo", "h", []),
        ("H'Mông Thị Dợ", "hmo", ["H'Mô"]),
        ("Lò Thị Mẫu", "", []),
    ],
)
def test_matched_letters(name: str, query: str, bold: list[str]) -> None:
    spans = matched_spans(name, query)
    assert [name[a:b] for a, b in spans] == bold
    decomposed = unicodedata.normalize("NFD", query)
    assert matched_spans(name, decomposed) == spans


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("", {}),
        ("lò thị mẫu", {"full_name": "Lò Thị Mẫu"}),
        ("LÒ THỊ MẪU 1985", {"full_name": "LÒ THỊ MẪU", "birth_date": "1985"}),
        ("Giàng A Páo 5/9/1985", {"full_name": "Giàng A Páo", "birth_date": "1985-09-05"}),
        ("páo 09/1985", {"full_name": "Páo", "birth_date": "1985-09"}),
        ("038185000123", {"citizen_id": "038185000123"}),
        ("0381 8500 0123", {"citizen_id": "038185000123"}),
        ("171234567", {"old_id_card": "171234567"}),
        ("0912345678", {"mobile_phone": "0912345678"}),
        ("3821234567", {"insurance_number": "3821234567"}),
        ("gd4383821234567", {"insurance_number": "GD4383821234567"}),
        ("dao 2345", {"full_name": "Dao"}),
        ("31/02/1985 Hoa", {"full_name": "31/02/1985 Hoa"}),
    ],
)
def test_what_was_typed_becomes_answers(typed: str, known: dict[str, Json]) -> None:
    assert prefill_from(typed) == known


def test_moments_as_short_as_they_can_be() -> None:
    assert moment_text(NOW, NOW) == "14:07"
    assert moment_text(NOW - timedelta(days=1), NOW) == "14:07 21/11"
    assert moment_text(NOW.replace(year=2025), NOW) == "14:07 22/11/2025"
    assert moment_text(datetime(2026, 11, 22, 7, 7, tzinfo=UTC), NOW) == "14:07"


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("1234567", True),
        ("12345678", True),
        ("mật khẩu 123", True),
        ("aaaaaaaaaa", True),
        ("hathu831", True),
        ("HaThu831", True),
        ("suối trong nước mát", False),
        ("alllowercaseletters", False),
    ],
)
def test_passwords_are_long_and_not_common(qapp: QApplication, password: str, refused: bool) -> None:
    assert (password_problem(password, "hathu831") is not None) is refused


def test_the_health_department_follows_the_commune() -> None:
    assert health_department_of("14848") == "Sở Y tế Thanh Hóa"
    assert health_department_of("99999") == ""
