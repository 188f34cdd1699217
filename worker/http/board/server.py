"""The HTTP server of the board: for reading only, by those who may see it, with nothing for a cache or a frame."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from redis.exceptions import RedisError
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from worker.domain.runs import RunId
from worker.http.board import pages
from worker.http.board.access import Access
from worker.http.board.reader import BoardReader
from worker.http.board.times import Viewer
from worker.http.listening import MAX_HEADERS, serve_until_stopped

log = structlog.get_logger("standup.board")

_PLAIN_TEXTS = {
    401: "A name and a password are needed.",
    404: "There is no such page. / is the board.",
    405: "Pages are only for reading: GET or HEAD.",
    500: "The board has failed, and its log says why. If the workers are of a newer version: docs/upgrading.md.",
}


class _Page(RequestHandler):
    def initialize(self, reader: BoardReader, zone: ZoneInfo, access: Access) -> None:
        self.reader, self.zone, self.access = reader, zone, access

    def set_default_headers(self) -> None:
        self.set_header("Server", "standup")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", pages.content_security_policy())
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")

    def prepare(self) -> None:
        if self.access.allows(self.request.headers, self.request.remote_ip or ""):
            return
        if "Authorization" in self.request.headers:  # a browser asks without it first
            log.warning("login refused", address=self.request.remote_ip)
        self.send_error(401)

    async def head(self, *path: str) -> None:
        """Answer as to GET, without the page (RFC 9110, section 9.3.2)."""
        await self.get(*path)

    async def get(self, *path: str) -> None:
        """Answer with the page, 404 if there is none, or 503 while Redis is away."""
        try:
            html = await asyncio.to_thread(self.page, *path)
        except RedisError as error:
            log.warning("no page: Redis is away", error=type(error).__name__)
            self.set_status(503)
            html = pages.away_page(Viewer(self.reader.clock(), self.zone))
        if html is None:
            self.send_error(404)
        else:
            self.finish(html)

    def page(self, *path: str) -> str | None:
        """Return the HTML, or None if there is no such page."""
        raise NotImplementedError

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        if status_code == 401 and self.access.basic_auth:
            self.set_header("WWW-Authenticate", 'Basic realm="standup board", charset="UTF-8"')
        if status_code == 405:
            self.set_header("Allow", "GET, HEAD")
        self.finish(f"{_PLAIN_TEXTS.get(status_code, self._reason)}\n")


class _BoardPage(_Page):
    def page(self) -> str:  # type: ignore[override]  # this route has no parts
        return pages.board_page(self.reader, self.zone)


class _DayPage(_Page):
    def page(self, day: str) -> str | None:  # type: ignore[override]  # this route has one part
        try:
            return pages.day_page(self.reader, date.fromisoformat(day), self.zone)
        except (ValueError, OverflowError):  # no date, or the first one of the calendar
            return None


class _WeeksPage(_Page):
    def page(self) -> str:  # type: ignore[override]  # this route has no parts
        return pages.weeks_page(self.reader, self.zone)


class _RunPage(_Page):
    def page(self, run_id: str) -> str | None:  # type: ignore[override]  # this route has one part
        try:
            story = self.reader.story(RunId.parse(run_id))
        except ValueError:
            return None
        return pages.run_page(self.reader, story, self.zone) if story else None


class _GroupPage(_Page):
    def page(self, key: str) -> str | None:  # type: ignore[override]  # this route has one part
        group = self.reader.group(key)
        return pages.group_page(self.reader, group, self.zone) if group else None


class _UnknownPage(_Page):
    def page(self) -> None:  # type: ignore[override]  # this route has no parts
        return None


async def serve(
    reader: BoardReader, zone: ZoneInfo, access: Access, host: str, port: int, ready: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or SIGINT. ``ready`` gets the address, with the chosen port if ``port`` is 0."""
    arguments = {"reader": reader, "zone": zone, "access": access}
    routes: list[Any] = [
        ("/", _BoardPage, arguments),
        ("/days/([^/]+)", _DayPage, arguments),
        ("/weeks", _WeeksPage, arguments),
        ("/runs/([^/]+)", _RunPage, arguments),
        ("/groups/([^/]+)", _GroupPage, arguments),
    ]
    application = Application(
        routes,
        default_handler_class=_UnknownPage,
        default_handler_args=arguments,
        log_function=lambda _: None,
        compress_response=True,
    )
    server = HTTPServer(application, max_body_size=1024, max_header_size=MAX_HEADERS, idle_connection_timeout=60)
    await serve_until_stopped(server, host, port, ready)
