"""An HTTP server that answers as a test asks it to, and keeps what arrived: chats, SendGrid, logins, stores."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer. Two replies come without one, after the whole request has arrived:

    ``cut`` closes the connection, ``hangs`` waits until the client closes it.
    """

    status: int = 200
    body: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    hangs: bool = False


CUT, HANG = Reply(cut=True), Reply(hangs=True)


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
    """A server that answers each path by its script, and with ``200 ok`` where there is no script.

    The last reply of a script applies to all later requests. A path that ends with ``*`` means all paths that begin
    with it. Scripts for requests with a word in their body come first.
    """

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self._scripts: dict[tuple[str, str], list[Reply]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False  # a request that hangs ends with the process
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def script(self, path: str, *replies: Reply, word: str = "") -> str:
        """Set the answers to requests for this path (without query) that contain the word; return its URL."""
        self._scripts[path, word] = list(replies)
        return self.url + path

    def requests_to(self, path: str, word: str = "") -> list[Arrived]:
        """Return the requests to this path that contain the word."""
        requests = [request for request in list(self.arrived) if _matches(path, request.path)]
        return [request for request in requests if word.encode() in request.body]

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, request: Arrived) -> Reply:
        keys = [key for key in self._scripts if _matches(key[0], request.path) and key[1].encode() in request.body]
        if not keys:
            return Reply()
        replies = self._scripts[max(keys, key=lambda key: len(key[1]))]
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def _handler(receiver: HttpReceiver) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                request = Arrived(self.command, self.path, dict(self.headers), body)
                receiver.arrived.append(request)
                reply = receiver._next(request)
                self.close_connection = True
                with suppress(OSError):  # the client may have closed the connection
                    if reply.hangs:
                        self.rfile.read(1)
                    elif not reply.cut:
                        self._send(reply)

            def _send(self, reply: Reply) -> None:
                content = reply.body.encode()
                self.send_response_only(reply.status)
                for name, value in (
                    reply.headers | {"Content-Length": str(len(content)), "Connection": "close"}
                ).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content if self.command != "HEAD" else b"")

            do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _answer

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _matches(pattern: str, path: str) -> bool:
    without_query = path.partition("?")[0]
    return without_query.startswith(pattern[:-1]) if pattern.endswith("*") else without_query == pattern
