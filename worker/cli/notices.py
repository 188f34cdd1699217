"""`standup notices` and `standup metrics`: the small HTTP server, and the metrics on standard output."""

from __future__ import annotations

import asyncio

import click

from worker import logs
from worker.wiring.process import settings


@click.command(short_help="Serve notices of finished exports, and the metrics.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free one.")
def notices(host: str, port: int) -> None:
    """Serve signed "export finished" notices, which wake the waiting runs, and the metrics.

    POST /notices, GET /metrics, GET /healthcheck, until SIGTERM. Without STANDUP_NOTICES__SECRET there is no
    POST /notices, see docs/notifications.md.
    """
    from worker.http import server

    logs.configure(settings().log_level, settings().secret_values)
    notice_settings = settings().notices
    secret = notice_settings.secret.get_secret_value().encode() if notice_settings else None
    try:
        asyncio.run(server.serve(secret, host, port, click.echo))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --host or --port."
        ) from None


@click.command(short_help="Print the metrics in Prometheus' text format.")
def metrics() -> None:
    """Print the metrics in Prometheus' text format, e.g. for node_exporter's textfile collector.

    `standup notices` serves the same at /metrics.
    """
    from worker.http import server

    click.echo(server.system_metrics().exposition(), nl=False)
