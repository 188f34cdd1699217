"""The HTTP server of the board: for reading only, by those who may see it, with nothing for a cache or a frame."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
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
from worker.http.listening import BoundedServer, serve_until_stopped

T = TypeVar("T")

log = structlog.get_logger("standup.board")

_FIRST_DAY = date(2000, 1, 1)
"""No run is older. It keeps the calendar away from its own beginning."""

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
            html = await self.html_of(*path)
        except RedisError as error:
            log.warning("no page: Redis is away", error=type(error).__name__)
            self.set_status(503)
            html = pages.away_page(Viewer(self.reader.clock(), self.zone))
        if html is None:
            self.send_error(404)
        else:
            self.finish(html)

    async def html_of(self, *path: str) -> str | None:
        """Return the HTML, made in a thread, or None if there is no such page."""
        return await asyncio.to_thread(self.page, *path)

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
    """The board, made once for all who ask while it is being made. It is the page that all operators keep open."""

    def initialize(self, reader: BoardReader, zone: ZoneInfo, access: Access) -> None:
        super().initialize(reader, zone, access)
        self.making: set[asyncio.Task[str | None]] = self.application.settings["making_board"]

    async def html_of(self, *path: str) -> str | None:
        if not self.making:
            task = asyncio.create_task(super().html_of(*path))
            self.making.add(task)
            task.add_done_callback(self.making.discard)
        return await asyncio.shield(next(iter(self.making)))  # a viewer who leaves does not end it for others

    def page(self) -> str:  # type: ignore[override]  # this route has no parts
        return pages.board_page(self.reader, self.zone)


class _DayPage(_Page):
    def page(self, day: str) -> str | None:  # type: ignore[override]  # this route has one part
        parsed_day = _parsed(date.fromisoformat, day)
        if parsed_day is None or parsed_day < _FIRST_DAY:
            return None
        return pages.day_page(self.reader, parsed_day, self.zone)


class _WeeksPage(_Page):
    def page(self) -> str:  # type: ignore[override]  # this route has no parts
        return pages.weeks_page(self.reader, self.zone)


class _RunPage(_Page):
    def page(self, run_id: str) -> str | None:  # type: ignore[override]  # this route has one part
        parsed_id = _parsed(RunId.parse, run_id)
        story = self.reader.story(parsed_id) if parsed_id else None
        return pages.run_page(self.reader, story, self.zone) if story else None


class _GroupPage(_Page):
    def page(self, key: str) -> str | None:  # type: ignore[override]  # this route has one part
        group = self.reader.group(key)
        return pages.group_page(self.reader, group, self.zone) if group else None


def _parsed(parse: Callable[[str], T], text: str) -> T | None:
    try:
        return parse(text)
    except ValueError:
        return None


class _UnknownPage(_Page):
    def page(self) -> None:  # type: ignore[override]  # this route has no parts
        return None


async def serve(
    reader: BoardReader, zone: ZoneInfo, access: Access, host: str, port: int, ready: Callable[[str], None]
) -> None:
    """Serve until SIGTERM or SIGINT. ``ready`` gets the address, with the chosen port if ``port`` is 0."""
    await serve_until_stopped(http_server(reader, zone, access), host, port, ready)


def http_server(reader: BoardReader, zone: ZoneInfo, access: Access) -> HTTPServer:
    """Return the server, which does not listen yet."""
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
        making_board=set(),
    )
    return BoundedServer(application, max_body_size=1024)
