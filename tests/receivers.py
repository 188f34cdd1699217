"""An HTTP server that answers as a test tells it, and remembers what arrived: chats, SendGrid, logins, stores."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What to answer. ``cut``: hang up instead, after the whole request has arrived; ``hang``: say nothing so long."""

    status: int = 200
    body: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hang_seconds: float = 0


CUT = Reply(cut=True)


@dataclass(frozen=True)
class Arrived:
    """One request, read to its end."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class HttpReceiver:
    """Answers each path by its script, the last reply for ever; without a script with ``200 ok``.

    A path that ends with ``*`` stands for all that begin so; scripts for requests with a word in their body go first.
    """

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self._scripts: dict[tuple[str, str], list[Reply]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def script(self, path: str, *replies: Reply, word: str = "") -> str:
        """Say what to answer at this path (without query), to requests that hold the word; returns its address."""
        self._scripts[path, word] = list(replies)
        return self.url + path

    def at(self, path: str, word: str = "") -> list[Arrived]:
        """What arrived at this path with this word in it."""
        there = [each for each in list(self.arrived) if _is_at(path, each.path)]
        return [each for each in there if word.encode() in each.body]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, arrived: Arrived) -> Reply:
        found = [key for key in self._scripts if _is_at(key[0], arrived.path) and key[1].encode() in arrived.body]
        if not found:
            return Reply()
        replies = self._scripts[max(found, key=lambda key: len(key[1]))]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def _handler(receiver: HttpReceiver) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                arrived = Arrived(self.command, self.path, dict(self.headers), body)
                receiver.arrived.append(arrived)
                reply = receiver._next(arrived)
                time.sleep(reply.hang_seconds)
                self.close_connection = True
                if reply.cut:
                    return
                content = reply.body.encode()
                self.send_response_only(reply.status)
                for name, value in (reply.headers | {"Content-Length": str(len(content))}).items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # the other side may have lost patience
                    self.wfile.write(content if self.command != "HEAD" else b"")

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _is_at(wanted: str, path: str) -> bool:
    bare = path.partition("?")[0]
    return bare.startswith(wanted[:-1]) if wanted.endswith("*") else bare == wanted
