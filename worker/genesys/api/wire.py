"""Bytes out and bytes in: time-outs, bounds, and nothing followed, remembered or read from the environment."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version

import requests
import urllib3

from worker.errors import MalformedAnswer, SourceUnavailable

MEGABYTE = 1024 * 1024
_PIECE = 64 * 1024

Params = Mapping[str, str | int | Sequence[str]]


class Wire:
    """A pool of connections; threads may share it.

    Redirects are not followed, cookies not kept, proxies, ``.netrc`` and certificates of the environment not used: an
    access token goes where the settings say and nowhere else.
    """

    def __init__(
        self, *, connect_seconds: float = 5.0, read_seconds: float = 30.0, total_seconds: float = 120.0
    ) -> None:
        self._timeouts = (connect_seconds, read_seconds)
        self._total_seconds = total_seconds
        self._pool = requests.Session()
        self._pool.trust_env = False
        self._pool.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._pool.headers["User-Agent"] = f"standup-briefings/{version('standup-briefings')}"

    @contextmanager
    def exchange(
        self,
        where: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Params | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Iterator[Reply]:
        """Send and yield the reply, its body not yet read; ``where`` is what errors call this request."""
        deadline = time.monotonic() + self._total_seconds
        with _as_our_errors(where):
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
            yield Reply(where, response, deadline)
        finally:
            response.close()


class Reply:
    """Status and headers of an answer, and its body as far as one wants it."""

    def __init__(self, where: str, response: requests.Response, deadline: float) -> None:
        self._where = where
        self._response = response
        self._deadline = deadline
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers

    def pieces(self, limit: int) -> Iterator[bytes]:
        """The body piece by piece; `MalformedAnswer` beyond ``limit`` bytes, `SourceUnavailable` beyond the time."""
        taken = 0
        while piece := self._piece():
            taken += len(piece)
            if taken > limit:
                raise MalformedAnswer(
                    f"{self._where} answers with more than {limit // MEGABYTE} MB; the rest was not read.",
                    way_out="Ask for less (fewer queues or columns), or find out what stands between us and the API.",
                )
            yield piece

    def body(self, limit: int) -> bytes:
        """The whole body, bounded as in `pieces`."""
        return b"".join(self.pieces(limit))

    def beginning(self, size: int) -> bytes:
        """The first bytes of the body, for an error's text."""
        content = b""
        while len(content) < size and (piece := self._piece()):
            content += piece
        return content[:size]

    def _piece(self) -> bytes:
        """What one read of the socket gives: a body that trickles in cannot outlast the time."""
        if time.monotonic() > self._deadline:
            raise SourceUnavailable(f"{self._where} did not end its answer in time.", way_out=_LATER)
        with _as_our_errors(self._where):
            return self._response.raw.read1(_PIECE, decode_content=True)


_LATER = "It is tried again by itself; if that goes on, look at the network and at status.mypurecloud.com."


@contextmanager
def _as_our_errors(where: str) -> Iterator[None]:
    try:
        yield
    except (requests.exceptions.SSLError, urllib3.exceptions.SSLError) as error:
        raise SourceUnavailable(
            f"{where}: no trustworthy TLS connection.",
            way_out="Check the address, this machine's clock and its certificates.",
        ) from error
    except urllib3.exceptions.DecodeError as error:
        raise MalformedAnswer(f"{where} answers with a body that does not unpack.") from error
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise SourceUnavailable(f"{where}: no answer in time.", way_out=_LATER) from error
    except (requests.exceptions.ConnectionError, urllib3.exceptions.HTTPError, OSError) as error:
        raise SourceUnavailable(f"{where}: the connection failed ({type(error).__name__}).", way_out=_LATER) from error
