"""The HTTP server: ``POST /notices``, ``GET /metrics``, ``GET /healthcheck``.

Tornado, because Flower brings it, it bounds headers, bodies and idle connections, and one slow sender holds no thread.
What asks Redis runs in a thread of its own. TLS and networks are a reverse proxy's business; by default it listens on
loopback only.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import structlog
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from worker import wiring
from worker.http import export_finished as body
from worker.http import export_finished as signature
from worker.http import prometheus as metrics
from worker.http.export_finished import NoticeRefused, wake
from worker.state.notices import TakenNotices
from worker.wiring import Parts

MAX_BODY = 64 * 1024
MAX_HEADERS = 16 * 1024
PATIENCE_SECONDS = 10.0

log = structlog.get_logger("standup.notices")


class _Handler(RequestHandler):
    def initialize(self, parts: Parts) -> None:
        self.parts = parts

    def set_default_headers(self) -> None:
        self.set_header("Server", "standup")

    def write_error(self, status_code: int, **_: object) -> None:
        self.finish({"error": self._reason})


class _Notices(_Handler):
    async def post(self) -> None:
        """Take one notice: 200 with the runs that were woken, else the status and why."""
        try:
            woken = await asyncio.to_thread(self._take)
        except NoticeRefused as refused:
            await asyncio.to_thread(self.parts.measures.noticed, "refused")
            log.warning("notice refused", status=refused.status, because=refused.why)
            self.set_status(refused.status)
            self.finish({"error": refused.why})
            return
        await asyncio.to_thread(self.parts.measures.noticed, "woken" if woken else "idle")
        log.info("notice taken", woken=woken)
        self.finish({"woken": woken})

    def _take(self) -> list[str]:
        notices = self.parts.settings.notices
        if notices is None:
            raise NoticeRefused(404, "this server takes no notices: STANDUP_NOTICES__SECRET is not set")
        headers, content = self.request.headers, self.request.body
        given = signature.check(
            notices.secret.get_secret_value().encode(),
            headers.get(signature.TIMESTAMP, ""),
            headers.get(signature.SIGNATURE, ""),
            content,
            wiring.now(),
        )
        jobs = body.jobs_of(content)
        try:
            if not TakenNotices(self.parts.redis, 3 * signature.TOLERANCE_SECONDS).take(given):
                raise NoticeRefused(409, "this notice was taken before")
            return [str(run_id) for run_id in wake(self.parts, jobs)]
        except (RedisError, OperationalError):
            raise NoticeRefused(503, "Redis does not answer; the runs poll by themselves") from None


class _Metrics(_Handler):
    async def get(self) -> None:
        """All metrics, or 503 while Redis is away."""
        try:
            content = await asyncio.to_thread(metrics.exposition, self.parts)
        except RedisError:
            self.send_error(503)
            return
        self.set_header("Content-Type", metrics.CONTENT_TYPE)
        self.finish(content)


class _Health(_Handler):
    async def get(self) -> None:
        """200 while Redis answers."""
        try:
            await asyncio.to_thread(self.parts.redis.ping)
        except RedisError:
            self.send_error(503)
            return
        self.finish({"status": "ok"})


async def serve(parts: Parts, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is told the address, with the port that was free where it was 0."""
    routes = [("/notices", _Notices), ("/metrics", _Metrics), ("/healthcheck", _Health)]
    server = HTTPServer(
        Application([(path, handler, {"parts": parts}) for path, handler in routes], log_function=lambda _: None),
        max_body_size=MAX_BODY,
        max_header_size=MAX_HEADERS,
        body_timeout=PATIENCE_SECONDS,
        idle_connection_timeout=60,
        decompress_request=False,
    )
    sockets = bind_sockets(port, host)
    server.add_sockets(sockets)
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    ready(f"http://{f'[{host}]' if ':' in host else host}:{sockets[0].getsockname()[1]}")
    await over.wait()
    server.stop()
    await server.close_all_connections()
