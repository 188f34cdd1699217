"""The HTTP server: ``POST /notices``, ``GET /metrics``, ``GET /healthcheck``.

It uses Tornado, which Flower needs anyway: it limits headers, bodies and idle connections, and a slow sender holds no
thread. Calls to Redis run in a thread of their own. TLS is the task of a reverse proxy. By default the server
listens on loopback only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError
from tornado.web import Application, RequestHandler

from worker.http.export_finished import TOLERANCE_SECONDS, NoticeIntake, NoticeRefused
from worker.http.listening import BoundedServer, serve_until_stopped
from worker.http.prometheus import CONTENT_TYPE, SystemMetrics
from worker.state.counters import Measures
from worker.wiring import process, services, stores

MAX_BODY = 64 * 1024

log = structlog.get_logger("standup.notices")


class _Handler(RequestHandler):
    def set_default_headers(self) -> None:
        self.set_header("Server", "standup")

    def write_error(self, status_code: int, **_: object) -> None:
        self.finish({"error": self._reason})


class _Notices(_Handler):
    def initialize(self, intake: NoticeIntake, measures: Measures) -> None:
        self.intake = intake
        self.measures = measures

    async def post(self) -> None:
        """Take one notice: 200 with the runs that were woken, otherwise the status and the reason."""
        try:
            woken = await asyncio.to_thread(self._accept)
        except NoticeRefused as refusal:
            await asyncio.to_thread(self.measures.noticed, "refused")
            log.warning("notice refused", status=refusal.status, because=refusal.reason)
            self.set_status(refusal.status)
            self.finish({"error": refusal.reason})
            return
        await asyncio.to_thread(self.measures.noticed, "woken" if woken else "idle")
        log.info("notice taken", woken=woken)
        self.finish({"woken": woken})

    def _accept(self) -> list[str]:
        try:
            return [str(run_id) for run_id in self.intake.accept(self.request.headers, self.request.body)]
        except (RedisError, OperationalError):
            raise NoticeRefused(503, "Redis does not answer; the runs poll by themselves") from None


class _Metrics(_Handler):
    def initialize(self, metrics: SystemMetrics) -> None:
        self.metrics = metrics

    async def get(self) -> None:
        """All metrics, or 503 while Redis is away."""
        try:
            content = await asyncio.to_thread(self.metrics.exposition)
        except RedisError:
            self.send_error(503)
            return
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(content)


class _Health(_Handler):
    def initialize(self, redis: Redis) -> None:
        self.redis = redis

    async def get(self) -> None:
        """200 while Redis answers."""
        try:
            await asyncio.to_thread(self.redis.ping)
        except RedisError:
            self.send_error(503)
            return
        self.finish({"status": "ok"})


def system_metrics() -> SystemMetrics:
    """Return the metrics of this installation."""
    return SystemMetrics(
        stores.counters(),
        stores.runs(),
        stores.mornings(),
        stores.heartbeat(),
        tuple(process.settings().organisations),
        process.clock,
    )


def notice_intake(secret: bytes) -> NoticeIntake:
    """Return what accepts notices that are signed with this secret."""
    return NoticeIntake(
        secret,
        stores.accepted_notices(3 * TOLERANCE_SECONDS),
        stores.waiting_runs(),
        stores.runs(),
        services.run_starter().send_chain,
        process.clock,
    )


def _notices_route(secret: bytes | None) -> list[Any]:
    if secret is None:
        log.warning("notices are not accepted, because STANDUP_NOTICES__SECRET is not set")
        return []
    return [("/notices", _Notices, {"intake": notice_intake(secret), "measures": stores.measures()})]


async def serve(secret: bytes | None, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. Without a secret no notices are accepted.

    ``ready`` gets the address, with the chosen port if ``port`` is 0.
    """
    routes: list[Any] = [
        *_notices_route(secret),
        ("/metrics", _Metrics, {"metrics": system_metrics()}),
        ("/healthcheck", _Health, {"redis": process.redis()}),
    ]
    server = BoundedServer(Application(routes, log_function=lambda _: None), max_body_size=MAX_BODY)
    await serve_until_stopped(server, host, port, ready)
