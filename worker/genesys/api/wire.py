"""Bytes out and bytes in: time-outs, bounds, and nothing followed, remembered or read from the environment."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from urllib.parse import urlsplit

import requests

from worker import step_time
from worker.deadline import Deadline
from worker.errors import MalformedAnswer
from worker.genesys.api import public_addresses
from worker.genesys.api.connections import Adapter, Connect, present_deadline
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.public_addresses import Resolve
from worker.genesys.api.wire_errors import as_our_errors, proxy_error

MEGABYTE = 1024 * 1024
_PROXY_LOGIN = 407
"""What only a proxy answers, never the API itself (RFC 9110, section 15.5.8)."""

_PIECE = 64 * 1024

Params = Mapping[str, str | int | Sequence[str]]


@cache
def _user_agent() -> str:
    return f"standup-briefings/{version('standup-briefings')}"


class Wire:
    """A pool of connections that threads may share.

    It follows no redirects, keeps no cookies, and ignores proxies, ``.netrc`` and certificates of the environment. So
    an access token goes only where the settings say. ``tls`` trusts further authorities, ``proxy`` is the address of a
    proxy for all requests, and ``connect`` makes the other connections.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        proxy: str = "",
        connect: Connect | None = None,
        connect_seconds: float = 5.0,
        read_seconds: float = 30.0,
        total_seconds: float = 120.0,
    ) -> None:
        self._timeouts = (connect_seconds, read_seconds)
        self._total_seconds = total_seconds
        self._pool = requests.Session()
        self._pool.trust_env = False
        for scheme in ("http://", "https://"):
            self._pool.mount(scheme, Adapter(tls, connect))
        self._proxy_name = _name_of(proxy)
        self._pool.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._pool.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._pool.headers["User-Agent"] = _user_agent()

    @classmethod
    def for_organisation(cls, organisation: Organisation, resolve: Resolve = public_addresses.resolved) -> Wire:
        """Return a wire with the organisation's authorities and proxy. Raises SettingsError for an unreadable file.

        Hosts other than the organisation's own come from links in answers, and must have public addresses.
        """

        def connect(host: str, port: int, timeout: float | None) -> socket.socket:
            if host.lower() in organisation.own_hosts:
                return socket.create_connection((host, port), timeout)
            return public_addresses.connect(host, port, timeout, resolve)

        proxy = organisation.proxy.get_secret_value() if organisation.proxy else ""
        return cls(tls=organisation.tls_context(), proxy=proxy, connect=connect)

    @contextmanager
    def exchange(
        self,
        label: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Iterator[Reply]:
        """Send a request and yield the reply, its body not yet read. ``label`` is what errors call this request."""
        with Deadline() as deadline:
            deadline.begin(min(self._total_seconds, step_time.remaining_seconds(self._total_seconds)))
            token = present_deadline.set(deadline)
            try:
                with as_our_errors(label, deadline, self._proxy_name):
                    response = self._pool.request(
                        method,
                        url,
                        params=params,
                        headers=headers,
                        json=json,
                        data=form,
                        timeout=self._timeouts,
                        allow_redirects=False,
                        stream=True,
                    )
            finally:
                present_deadline.reset(token)
            try:
                if response.status_code == _PROXY_LOGIN:
                    raise proxy_error(label, self._proxy_name, f"it answers 407 {response.reason or ''}".strip())
                yield Reply(label, response, deadline)
            finally:
                response.close()


class Reply:
    """The status and headers of an answer, and its body as far as the caller reads it."""

    def __init__(self, label: str, response: requests.Response, deadline: Deadline) -> None:
        self._label = label
        self._response = response
        self._deadline = deadline
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers

    def pieces(self, limit: int) -> Iterator[bytes]:
        """Yield the body in pieces. `MalformedAnswer` beyond ``limit`` bytes, `SourceUnavailable` beyond the time."""
        byte_count = 0
        while piece := self._piece():
            byte_count += len(piece)
            if byte_count > limit:
                raise MalformedAnswer(
                    f"{self._label} answers with more than {limit // MEGABYTE} MB. The rest was not read.",
                    way_out="Ask for less (fewer queues or columns), or look for a proxy before the API.",
                )
            yield piece

    def body(self, limit: int) -> bytes:
        """Return the whole body, bounded as in `pieces`."""
        return b"".join(self.pieces(limit))

    def beginning(self, size: int) -> bytes:
        """Return the first bytes of the body, for an error's text."""
        content = b""
        while len(content) < size and (piece := self._piece()):
            content += piece
        return content[:size]

    def _piece(self) -> bytes:
        """Return what one read of the socket gives."""
        step_time.check(f"it read the answer to {self._label}")
        with as_our_errors(self._label, self._deadline):
            return self._response.raw.read1(_PIECE, decode_content=True)


def _name_of(proxy: str) -> str:
    """Return host and port of a proxy's address, which may have a password."""
    return urlsplit(proxy).netloc.rpartition("@")[2]
