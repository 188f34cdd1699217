"""Bytes out and bytes in: time-outs, bounds, and nothing followed, remembered or read from the environment."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from worker.errors import MalformedAnswer, SourceUnavailable
from worker.genesys.api.organisation import Organisation

MEGABYTE = 1024 * 1024
_PIECE = 64 * 1024

Params = Mapping[str, str | int | Sequence[str]]


class _TlsAdapter(HTTPAdapter):
    """A requests adapter whose TLS connections trust the context's authorities besides those of requests."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._options: dict[str, Any] = {"ssl_context": tls} if tls else {}
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Make the pool of direct connections. The constructor calls this."""
        super().init_poolmanager(connections, maxsize, block, **options, **self._options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pool of connections through a proxy."""
        return super().proxy_manager_for(proxy, **options, **self._options)


class Wire:
    """A pool of connections that threads may share.

    It follows no redirects, keeps no cookies, and ignores proxies, ``.netrc`` and certificates of the environment. So
    an access token goes only where the settings say. ``tls`` trusts further authorities, and ``proxy`` is the address
    of a proxy for all requests.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        proxy: str = "",
        connect_seconds: float = 5.0,
        read_seconds: float = 30.0,
        total_seconds: float = 120.0,
    ) -> None:
        self._timeouts = (connect_seconds, read_seconds)
        self._total_seconds = total_seconds
        self._pool = requests.Session()
        self._pool.trust_env = False
        self._pool.mount("https://", _TlsAdapter(tls))
        self._pool.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self._pool.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._pool.headers["User-Agent"] = f"standup-briefings/{version('standup-briefings')}"

    @classmethod
    def for_organisation(cls, organisation: Organisation) -> Wire:
        """Return a wire with the organisation's authorities and proxy. Raises SettingsError for an unreadable file."""
        proxy = organisation.proxy.get_secret_value() if organisation.proxy else ""
        return cls(tls=organisation.tls_context(), proxy=proxy)

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
        if time.monotonic() > self._deadline:
            raise SourceUnavailable(f"{self._label} did not end its answer in time.", way_out=_LATER)
        with _as_our_errors(self._label):
            return self._response.raw.read1(_PIECE, decode_content=True)


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
        raise SourceUnavailable(f"{label}: no answer in time.", way_out=_LATER) from error
    except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
        raise SourceUnavailable(f"{label}: the connection failed ({type(error).__name__}).", way_out=_LATER) from error
