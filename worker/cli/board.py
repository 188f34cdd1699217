"""`standup board`: the web page "This morning" for operators."""

from __future__ import annotations

import asyncio
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import click

from worker import logs
from worker.errors import SettingsError
from worker.wiring import organisations, process, stores
from worker.wiring.process import settings


@click.command(short_help='Serve the web page "This morning".')
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8766, show_default=True, help="0: any free one.")
def board(host: str, port: int) -> None:
    """Serve a page with every group's stand-up: what needs you first, with the command that fixes it. Until SIGTERM.

    Needs STANDUP_BOARD__BASIC_AUTH or STANDUP_BOARD__USER_HEADER, see docs/board.md. The page changes nothing.
    """
    from worker.http.board import server
    from worker.http.board.access import Access
    from worker.http.board.reader import BoardReader

    board_settings = settings().board
    if board_settings is None:
        raise SettingsError(
            "STANDUP_BOARD__BASIC_AUTH is not set.",
            way_out="Set it to name:password, or STANDUP_BOARD__USER_HEADER behind an authenticating proxy.",
        )
    logs.configure(settings().log_level, settings().secret_values)
    basic_auth = board_settings.basic_auth.get_secret_value() if board_settings.basic_auth else ""
    reader = BoardReader(
        stores.groups(),
        stores.runs(),
        stores.deliveries(),
        stores.pauses(),
        organisations.quotas(),
        stores.heartbeat(),
        process.clock,
    )
    access = Access(basic_auth, board_settings.user_header or "", tuple(map(ip_network, board_settings.proxies)))
    zone = ZoneInfo(process.machine_zone() or "UTC")
    try:
        asyncio.run(server.serve(reader, zone, access, host, port, click.echo))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --host or --port."
        ) from None
