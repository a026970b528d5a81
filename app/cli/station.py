"""`init`, `channel set`, `doctor`."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app import bootstrap
from app.cli.opening import folder_of, opened, secret
from app.cli.output import Output
from app.cli.parser import Commands
from app.cli.people import write_private
from app.domain.passwords import password_problem
from app.domain.station import ChannelSettings, Station
from app.errors import AppError
from app.services import stations
from app.services.syncing import QD831
from forms.codelists import code_list
from forms.text import Text


def register(commands: Commands) -> None:
    init = commands.add("init", init_command, "make a station and its recovery sheet")
    init.add_argument("--station-code", required=True, help="5-character facility code (QĐ 384)")
    init.add_argument("--station-name", required=True)
    init.add_argument("--commune", required=True, metavar="CODE", help="5-digit commune code")
    init.add_argument("--health-department", default="", help='printed on the form, "Sở Y tế …"')
    init.add_argument("--display-name", default="", help="the user's name on screen (default: the user name)")
    init.add_argument("--sheet", type=Path, metavar="F.pdf", help="where the recovery sheet goes")
    channel = commands.add("channel set", channel_command, "where a channel sends")
    channel.add_argument("name", choices=(QD831,))
    channel.add_argument("--url", required=True)
    channel.add_argument("--account", help="user name at the portal (also --user)")
    doctor = commands.add("doctor", doctor_command, "integrity, counts, index")
    doctor.add_argument("--rebuild-index", action="store_true")


def init_command(arguments: argparse.Namespace, out: Output) -> int:
    folder = folder_of(arguments)
    username = getattr(arguments, "user", None)
    if not username:
        raise AppError("user-missing", Text("Thiếu --user TÊN.", "--user NAME is missing."))
    commune = code_list("communes").get(arguments.commune)
    if commune is None:
        raise AppError(
            "unknown-commune",
            Text(
                f"Không có xã/phường mã {arguments.commune} trong danh mục hiện hành. Chưa tạo gì.",
                f"There is no commune {arguments.commune} in the current list. Nothing was made.",
            ),
        )
    station = Station(
        code=arguments.station_code,
        name=arguments.station_name,
        commune=arguments.commune,
        health_department=arguments.health_department,
    )
    password = secret("HOSO831_PASSWORD", Text("Mật khẩu mới", "New password"))
    weak = password_problem(password, username)
    if weak is not None:
        raise AppError("password-weak", Text(f"{weak.vi}. Chưa tạo gì.", f"{weak.en}. Nothing was made."))
    recovery = bootstrap.new_recovery_key()
    display_name = arguments.display_name or username
    bootstrap.create_station(folder, station, username, display_name, password, recovery).store.close()
    sheet = arguments.sheet or folder / "outgoing" / "phieu-khoi-phuc.pdf"
    write_private(sheet, bootstrap.recovery_sheet(station, username, recovery))
    out.note(
        Text(
            "In phiếu khôi phục, cất vào tủ có khoá rồi xoá tệp: ai có phiếu này mở được toàn bộ hồ sơ.",
            "Print the recovery sheet, lock it away, then delete the file: it opens every record.",
        )
    )
    out.result({"store": str(folder), "recovery_sheet": str(sheet)}, str(sheet))
    return 0


def channel_command(arguments: argparse.Namespace, out: Output) -> int:
    """Here `--user` is the account at the portal (architecture §8); the station's user is its first one."""
    account = arguments.account or getattr(arguments, "user", None)
    if not account:
        raise AppError("user-missing", Text("Thiếu --user TÊN.", "--user NAME is missing."))
    if not arguments.account:
        arguments.user = None
    settings = ChannelSettings(name=arguments.name, url=arguments.url.rstrip("/"), user=account)
    with opened(arguments) as ctx:
        password = secret("HOSO831_PORTAL_PASSWORD", Text("Mật khẩu cổng", "Portal password"))
        stations.set_channel(ctx, settings, password)
    out.result(asdict(settings), f"{settings.name}: {settings.url} ({settings.user})")
    return 0


def doctor_command(arguments: argparse.Namespace, out: Output) -> int:
    with opened(arguments) as ctx:
        report = bootstrap.examine(ctx, rebuild_index=arguments.rebuild_index)
    out.result(report.as_dict(), report.lines(out.language))
    return 0 if report.healthy else 1
