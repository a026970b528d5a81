"""The operator's page: plain HTML, no script, readable with a screen reader. Vietnamese only by purpose:
it is the portal's own desk, not the station's program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:1.5rem;color:#1b1f24;background:#fff}"
    "table{border-collapse:collapse;margin:0 0 2rem;width:100%}"
    "caption{text-align:left;font-weight:700;padding:.5rem 0}"
    "th,td{text-align:left;padding:.375rem .75rem;border-bottom:1px solid #8c959f;vertical-align:top}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "code{overflow-wrap:anywhere}"
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def operator_page(summary: Mapping[str, Any], receipts: Iterable[Mapping[str, Any]]) -> str:
    stations = _table(
        "Các trạm",
        ("Mã trạm", "Tên trạm", "Trạng thái", "Số biên nhận", "Lần gửi cuối (UTC)"),
        [
            (
                s["code"],
                s["name"],
                "Đang mở" if s["enabled"] else "Đã khóa",
                s["receipts"],
                s["last_contact_at"],
            )
            for s in summary["stations"]
        ],
    )
    latest = _table(
        "Biên nhận mới nhất",
        ("Nhận lúc (UTC)", "Trạm", "Mã bản tin", "Mã biên nhận", "Số phiếu khám", "Số lần gửi"),
        [
            (
                r["received_at"],
                r["station"],
                r["request_id"],
                r["tracking_id"],
                r["exam_count"],
                r["times_seen"],
            )
            for r in receipts
        ],
    )
    totals = (
        f"Biên nhận: {summary['receipts']} · Người: {summary['people']} · "
        f"Phiếu khám: {summary['exams']} · Từ chối: {summary['refusals']}"
    )
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Cổng nhận hồ sơ sức khỏe</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>Cổng nhận hồ sơ sức khỏe</h1><p>{totals}</p>{stations}{latest}</main></body></html>"
    )


def _table(caption: str, heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    empty = f'<tr><td colspan="{len(heads)}">Chưa có</td></tr>'
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body or empty}</tbody></table>"
    )


def _cell(value: object) -> str:
    number = ' class="n"' if isinstance(value, int) else ""
    return f"<td{number}>{escape(str(value))}</td>"
