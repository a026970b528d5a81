"""The one composition root: builds everything, may import everything, decides nothing.

Heavy packages are imported where they are needed, so that `hoso831 search` does not load Qt and the window
does not load the portal.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import __version__
from app.clock import SystemClock, new_uuid
from app.domain.station import ChannelSettings, Role, Station, User
from app.errors import AppError
from app.ports import Context, FormPrinter, Store
from app.store import vault
from app.store.folder import Layout, default_folder
from app.store.recovery import RecoveryKey
from app.store.store import SqlStore
from forms.text import Language, Text

if TYPE_CHECKING:
    from app.store.doctor import DoctorReport
    from sync.channels.base import ChannelFactory
    from sync.intake.local import LocalPortal
    from sync.status import RunReport
    from ui.bridge import AppBridge
    from ui.services import Backend, NewStation, RecoverySheet

__all__ = ["default_folder"]

DEMO_USER = "demo"
DEMO_PASSWORD = "demo-831"  # noqa: S105 -- the demo station holds nobody's data and says so
DEMO_RESIDENTS = 300
DEMO_STATION = Station(
    code="38T01",
    name="Trạm Y tế xã Tam Chung (bản mẫu)",
    commune="14848",
    health_department="Sở Y tế Thanh Hóa",
    demo=True,
)


def printer() -> FormPrinter:
    from app.printing import ReportlabPrinter

    return ReportlabPrinter()


def context(store: Store, user: User) -> Context:
    from app.services import catalogues
    from forms.catalogue import form as current_form

    ctx = Context(store=store, form=current_form(), user=user, clock=SystemClock(), new_id=new_uuid)
    catalogues.use_imported(ctx)
    return ctx


def new_recovery_key() -> RecoveryKey:
    return RecoveryKey.generate()


def create_station(
    folder: Path, station: Station, username: str, display_name: str, password: str, recovery: RecoveryKey
) -> Context:
    """Make the store with exactly this recovery key and open it. Refuses a folder that holds a store."""
    user = User(id=new_uuid(), username=username, display_name=display_name, role=Role.HEAD)
    store, _ = vault.create_store(
        folder,
        password=password,
        user=user,
        station=station,
        recovery=recovery,
        clock=SystemClock(),
        new_id=new_uuid,
        program_version=__version__,
    )
    return context(store, user)


def recovery_sheet(station: Station, username: str, recovery: RecoveryKey) -> bytes:
    from app.printing.recovery import recovery_sheet as render

    return render(station, username, recovery.text, SystemClock().now())


def open_station(folder: Path, username: str | None, password: str) -> Context:
    """Without a user name as the station's first user."""
    name = username or next(iter(vault.list_usernames(folder)), "")
    store, user = vault.unlock(folder, name, password)
    return context(store, user)


def examine(ctx: Context, *, rebuild_index: bool = False) -> DoctorReport:
    from app.store import doctor

    return doctor.examine(_sql_store(ctx), rebuild_index=rebuild_index)


def sync_once(ctx: Context, portal: str | None = None) -> RunReport:
    """One synchronous run of the QĐ 831 channel; `portal` overrides the address."""
    from sync.channels.qd831 import qd831_channels
    from sync.worker import SyncWorker

    worker = SyncWorker(
        store=ctx.store, factory=qd831_channels(ctx.form), clock=ctx.clock, portal_url=portal or ""
    )
    return worker.run_once()


def loopback_portal(database: Path, station_code: str) -> AbstractContextManager[LocalPortal]:
    from sync.intake.local import local_portal

    return local_portal(database, station_code)


def serve_portal(
    host: str,
    port: int,
    *,
    db_url: str,
    stations: Sequence[tuple[str, str]],
    password: str,
    operator_token: str,
    announce: Callable[[Text], None],
) -> None:
    """Admit the given stations, then serve until interrupted."""
    from sync.intake import add_station, serve

    if stations and not password:
        raise AppError(
            "password-missing",
            Text(
                "Đặt HOSO831_PORTAL_PASSWORD cho tài khoản của trạm rồi chạy lại.",
                "Set HOSO831_PORTAL_PASSWORD for the station's account and run again.",
            ),
        )
    for code, user in stations:
        add_station(db_url, code=code, name=code, username=user, password=password)
    token = operator_token or secrets.token_urlsafe(18)
    announce(Text(f"Cổng tiếp nhận: http://{host}:{port}", f"Intake portal: http://{host}:{port}"))
    if not stations:
        announce(
            Text(
                "Thêm trạm được gửi: --station MÃ:TÀI_KHOẢN, mật khẩu trong HOSO831_PORTAL_PASSWORD.",
                "To admit a station: --station CODE:USER, password in HOSO831_PORTAL_PASSWORD.",
            )
        )
    if not operator_token:
        announce(Text(f"Mã người vận hành (lần chạy này): {token}", f"Operator token (this run): {token}"))
    serve(db_url=db_url, operator_token=token, host=host, port=port)


# --- the window


class StationDoor:
    """`ui.services.StoreDoor` over one station folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def exists(self) -> bool:
        return Layout(self.folder).holds_store()

    def usernames(self) -> tuple[str, ...]:
        return vault.list_usernames(self.folder)

    def prepare(self, new: NewStation) -> RecoverySheet:
        from ui.services import RecoverySheet

        recovery = new_recovery_key()
        return RecoverySheet(text=recovery.text, pdf=recovery_sheet(new.station, new.username, recovery))

    def create(self, new: NewStation, recovery_text: str) -> Context:
        recovery = RecoveryKey.parse(recovery_text)
        return create_station(
            self.folder, new.station, new.username, new.display_name, new.password, recovery
        )

    def unlock(self, username: str, password: str) -> Context:
        return open_station(self.folder, username, password)

    def recover(self, recovery_text: str, username: str, new_password: str) -> Context:
        store, user = vault.unlock_with_recovery(self.folder, recovery_text, username=username)
        try:
            vault.set_password(store, user.username, new_password)
        except BaseException:
            store.close()
            raise
        return context(store, user)

    def open_demo(self) -> Context:
        return open_demo(demo_folder(self.folder))


def demo_folder(station: Path) -> Path:
    return station.with_name(f"{station.name}-demo")


def open_demo(folder: Path, residents: int = DEMO_RESIDENTS) -> Context:
    """The demo station, made on first use: synthetic residents only, and it says so everywhere."""
    from app.services import transfer
    from app.services.synthetic import Population, lines

    if Layout(folder).holds_store():
        return open_station(folder, DEMO_USER, DEMO_PASSWORD)
    ctx = create_station(folder, DEMO_STATION, DEMO_USER, "Hà Văn Thử", DEMO_PASSWORD, new_recovery_key())
    transfer.import_records(ctx, lines(Population(count=residents, today=ctx.clock.now().date())))
    return ctx


def connect(stack: ExitStack, ctx: Context, bridge: AppBridge) -> Backend:
    """What runs beside the screens: the sync thread and, for the demo station, a portal to send to."""
    from app.services import stations, syncing
    from sync.channels.qd831 import qd831_channels
    from sync.worker import SyncWorker
    from ui.services import Backend

    station = stations.station(ctx)
    if station.demo:
        database = _sql_store(ctx).folder / "demo-portal.db"
        portal = stack.enter_context(loopback_portal(database, station.code))
        account = ChannelSettings(name=syncing.QD831, url=portal.url, user=portal.user)
        stations.set_channel(ctx, account, portal.password)
    factory = qd831_channels(ctx.form)
    worker = SyncWorker(
        store=ctx.store,
        factory=factory,
        clock=ctx.clock,
        on_changes=bridge.publish,
        on_status=bridge.publish_sync,
    )
    worker.start()
    return Backend(
        printer=printer(),
        sync=worker,
        check_portal=partial(_check_portal, ctx, factory),
        change_password=partial(vault.change_password, _sql_store(ctx).folder, ctx.user.username),
    )


def _check_portal(
    ctx: Context, factory: ChannelFactory, settings: ChannelSettings, password: str | None
) -> None:
    from sync.outcome import LoggedIn

    with ctx.store.reading() as uow:
        stored = uow.settings.channel_password(settings.name)
        station = uow.settings.station()
    channel = factory(settings, stored if password is None else password, station)
    try:
        outcome = channel.login()
    finally:
        channel.close()
    if not isinstance(outcome, LoggedIn):
        raise AppError(outcome.code, outcome.why)


def run_window(folder: Path, language: Language | None = None) -> int:
    """The program with its window; returns the exit code when it is closed."""
    from ui.app import run

    with ExitStack() as stack:
        return run(sys.argv[:1], door=StationDoor(folder), connect=partial(connect, stack), language=language)


def run_demo_window(folder: Path | None, language: Language | None = None) -> int:
    """As `run_window`, over the demo station; its user and password stand in the README."""
    chosen = folder or demo_folder(default_folder())
    open_demo(chosen).store.close()
    return run_window(chosen, language)


def window_opens() -> bool:
    """Qt starts offscreen and the first window can be built (self-test, also of the frozen program)."""
    from ui.app import first_window_opens

    with tempfile.TemporaryDirectory(prefix="hoso831-") as folder:
        return first_window_opens(StationDoor(Path(folder) / "station"))


def _sql_store(ctx: Context) -> SqlStore:
    if not isinstance(ctx.store, SqlStore):
        raise TypeError("bootstrap works on the real store")
    return ctx.store
