"""Bytes out and bytes in: time-outs, bounds, and nothing followed, remembered or read from the environment."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
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
from worker.deadline import Deadline
from worker.errors import MalformedAnswer, SourceUnavailable
from worker.genesys.api import public_addresses
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.public_addresses import Resolve

MEGABYTE = 1024 * 1024
_SHOWN_CHARACTERS = 100
_PROXY_LOGIN = 407
"""What only a proxy answers, never the API itself (RFC 9110, section 15.5.8)."""

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
        pool.ConnectionCls = _own_connection(pool.ConnectionCls, self._connect if pool.proxy is None else None)
        return cast(urllib3.HTTPConnectionPool, pool)


@cache
def _user_agent() -> str:
    return f"standup-briefings/{version('standup-briefings')}"


def _own_connection(kind: Any, connect: Connect | None) -> Any:
    if issubclass(kind, _OwnConnection):
        return kind
    attributes = {"connect_socket": staticmethod(connect)} if connect else {}
    return type("OwnConnection", (_OwnConnection, kind), attributes)


_present_deadline: ContextVar[Deadline | None] = ContextVar("deadline_of_exchange", default=None)
"""The time limit of the thread's present exchange, which urllib3 cannot be given."""


class _OwnConnection:
    """A connection of urllib3 that ends with the deadline of its exchange, and looks its host up by ``connect_socket``.

    urllib3's time-outs begin again with each byte of a handshake, a header or the size of a chunk.
    """

    connect_socket: Connect | None = None
    host: str
    port: int
    timeout: float | None
    sock: Any

    def _new_conn(self) -> socket.socket:
        """Connect for urllib3, which does the TLS handshake afterwards."""
        connection: socket.socket = self._connected() if self.connect_socket else super()._new_conn()  # type: ignore[misc]
        _end_in_time(connection)
        return connection

    def getresponse(self) -> Any:
        """Read status and headers. A connection that was kept gets the deadline of this exchange."""
        _end_in_time(self.sock)
        return super().getresponse()  # type: ignore[misc]

    def _connected(self) -> socket.socket:
        assert self.connect_socket is not None, "the caller has checked it"  # noqa: S101
        try:
            connection = self.connect_socket(self.host, self.port, self.timeout)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "timed out") from error
        except OSError as error:
            raise NewConnectionError(self, type(error).__name__) from error  # type: ignore[arg-type]
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


def _end_in_time(connection: Any) -> None:
    deadline = _present_deadline.get()
    if deadline is not None:
        deadline.watch(getattr(connection, "socket", connection))  # TLS inside TLS is no socket, and has one


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
            token = _present_deadline.set(deadline)
            try:
                with _as_our_errors(label, deadline, self._proxy_name):
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
                _present_deadline.reset(token)
            try:
                if response.status_code == _PROXY_LOGIN:
                    raise _proxy_error(label, self._proxy_name, f"it answers 407 {response.reason or ''}".strip())
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
        with _as_our_errors(self._label, self._deadline):
            return self._response.raw.read1(_PIECE, decode_content=True)


AWAY_SECONDS = 20.0
"""How long to wait for a host that gives no answer. Three attempts then outlast half a minute without the network. The
usual waits of two and four seconds do not.
"""

_LATER = "The step is retried automatically. If it fails again, look at the network and at status.mypurecloud.com."


@contextmanager
def _as_our_errors(label: str, deadline: Deadline, proxy: str = "") -> Iterator[None]:
    """Turn errors into ours. After the deadline there may be none: a connection that ends is how some answers end."""
    try:
        with _named_errors(label, proxy):
            yield
    finally:
        if deadline.passed:
            step_time.check(f"it waited for the answer to {label}")
            raise _no_answer(f"{label} did not end its answer in time.")


@contextmanager
def _named_errors(label: str, proxy: str) -> Iterator[None]:
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
    except requests.exceptions.ProxyError as error:
        raise _proxy_error(label, proxy, _reason(error)) from error
    except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
        raise _no_answer(f"{label}: the connection failed ({_reason(error)}{_host_of(error)}).") from error


def _name_of(proxy: str) -> str:
    """Return host and port of a proxy's address, which may have a password."""
    return urlsplit(proxy).netloc.rpartition("@")[2]


def _proxy_error(label: str, proxy: str, reason: str) -> SourceUnavailable:
    name = f"the proxy {proxy}" if proxy else "a proxy, although none is set,"
    return SourceUnavailable(
        f"{label}: {name} makes no connection ({reason[:_SHOWN_CHARACTERS]}).",
        way_out="Check the organisation's PROXY, and its user and password.",
        retry_after_seconds=AWAY_SECONDS,
    )


def _host_of(error: Exception) -> str:
    """Return the server of the request that failed, after a comma, "" if the error does not know it."""
    request = getattr(error, "request", None)
    host = urlsplit(request.url).hostname if request is not None and request.url else None
    return f", {host}" if host else ""


def _reason(error: BaseException) -> str:
    """Return the system's words for the first cause of an error. The libraries' own would show a link's query."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)
    first = causes[-1]
    if not isinstance(first, OSError):
        return type(first).__name__
    return (first.strerror or str(first))[:_SHOWN_CHARACTERS] or type(first).__name__


def _no_answer(problem: str) -> SourceUnavailable:
    return SourceUnavailable(problem, way_out=_LATER, retry_after_seconds=AWAY_SECONDS)
