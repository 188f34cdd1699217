"""Bytes out and bytes in: time-outs, bounds, and nothing followed, remembered or read from the environment."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any, cast
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from worker import step_time
from worker.errors import MalformedAnswer, SourceUnavailable
from worker.genesys.api import public_addresses
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.public_addresses import Resolve

MEGABYTE = 1024 * 1024
_PIECE = 64 * 1024

Params = Mapping[str, str | int | Sequence[str]]


Connect = Callable[[str, int, float | None], socket.socket]
"""Connects to a host and port within a time, or raises OSError or an error of ours."""


class _Adapter(HTTPAdapter):
    """A requests adapter that connects by ``connect``, and trusts the context's authorities besides those of requests.

    A proxy looks the names up itself, so ``connect`` is not used for connections through one.
    """

    def __init__(self, tls: ssl.SSLContext | None, connect: Connect | None) -> None:
        self._options: dict[str, Any] = {"ssl_context": tls} if tls else {}
        self._connect = connect
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Make the pool of direct connections. The constructor calls this."""
        super().init_poolmanager(connections, maxsize, block, **options, **self._options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pool of connections through a proxy."""
        return super().proxy_manager_for(proxy, **options, **self._options)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> urllib3.HTTPConnectionPool:
        """Return the pool that requests takes its connections from."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        if self._connect and pool.proxy is None:
            pool.ConnectionCls = _connecting_by(self._connect, pool.ConnectionCls)
        return cast(urllib3.HTTPConnectionPool, pool)


@cache
def _user_agent() -> str:
    return f"standup-briefings/{version('standup-briefings')}"


def _connecting_by(connect: Connect, kind: Any) -> Any:
    if issubclass(kind, _OwnConnection):
        return kind
    return type("OwnConnection", (_OwnConnection, kind), {"connect_socket": staticmethod(connect)})


class _OwnConnection:
    """The part of a connection of urllib3 that looks a name up and connects."""

    connect_socket: Connect
    host: str
    port: int
    timeout: float | None

    def _new_conn(self) -> socket.socket:
        """Connect for urllib3, which does the TLS handshake afterwards."""
        try:
            connection = self.connect_socket(self.host, self.port, self.timeout)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from error  # type: ignore[arg-type]
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


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
            self._pool.mount(scheme, _Adapter(tls, connect))
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
        deadline = time.monotonic() + self._total_seconds
        with _as_our_errors(label):
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
        try:
            yield Reply(label, response, deadline)
        finally:
            response.close()


class Reply:
    """The status and headers of an answer, and its body as far as the caller reads it."""

    def __init__(self, label: str, response: requests.Response, deadline: float) -> None:
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
        """Return what one read of the socket gives, so that a slow body cannot outlast the time."""
        step_time.check(f"it read the answer to {self._label}")
        if time.monotonic() > self._deadline:
            raise SourceUnavailable(f"{self._label} did not end its answer in time.", way_out=_LATER)
        with _as_our_errors(self._label):
            return self._response.raw.read1(_PIECE, decode_content=True)


AWAY_SECONDS = 20.0
"""How long to wait for a host that gives no answer. Three attempts then outlast half a minute without the network. The
usual waits of two and four seconds do not.
"""

_LATER = "The step is retried automatically. If it fails again, look at the network and at status.mypurecloud.com."


@contextmanager
def _as_our_errors(label: str) -> Iterator[None]:
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
        raise SourceUnavailable(
            f"{label}: no trustworthy TLS connection.",
            way_out="Check the address and this machine's clock. The organisation's CA_FILE names a private authority.",
        ) from error
    except urllib3.exceptions.DecodeError as error:
        raise MalformedAnswer(f"{label} answers with a body that does not unpack.") from error
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise _no_answer(f"{label}: no answer in time.") from error
    except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
        raise _no_answer(f"{label}: the connection failed ({type(error).__name__}{_host_of(error)}).") from error


def _host_of(error: Exception) -> str:
    """Return the server of the request that failed, after a comma, "" if the error does not know it."""
    request = getattr(error, "request", None)
    host = urlsplit(request.url).hostname if request is not None and request.url else None
    return f", {host}" if host else ""


def _no_answer(problem: str) -> SourceUnavailable:
    return SourceUnavailable(problem, way_out=_LATER, retry_after_seconds=AWAY_SECONDS)
