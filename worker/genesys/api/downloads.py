"""Finished files: streamed to disk, bounded, and only from hosts that the organisation's settings allow."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from worker.errors import MalformedAnswer, RateLimited, RequestRefused, SourceUnavailable
from worker.genesys.api.json_body import read_object
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session
from worker.genesys.api.wire import MEGABYTE, Reply

FILE_LIMIT = 256 * MEGABYTE
MAX_REDIRECTS = 3
_IN_MEMORY = 4 * MEGABYTE
_GONE = (401, 403, 404, 410)

Resolve = Callable[[str], tuple[str, ...]]
"""The addresses of a host name."""


def addresses_of(host: str) -> tuple[str, ...]:
    """All addresses of a host, as the system resolves it; none where it is unknown."""
    try:
        return tuple(str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return ()


class LinkExpired(RequestRefused):
    """The download link works no longer; a fresh one may."""


class Downloads:
    """Fetches files of one organisation.

    The links come from answers and count as input of others: host, scheme and address are checked for the link and
    for each redirect. No access token is sent, as signed links refuse a second credential; only where the API's own
    host answers 401 is it asked again with one.
    """

    def __init__(self, session: Session, *, resolve: Resolve = addresses_of, limit: int = FILE_LIMIT) -> None:
        self._session = session
        self._resolve = resolve
        self._limit = limit

    @contextmanager
    def file(self, url: str) -> Iterator[IO[bytes]]:
        """The file behind a link, at its beginning; it is gone afterwards.

        `LinkExpired` where the link works no longer, `MalformedAnswer` where it leads where we do not go.
        """
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            self._fetch(url, file)
            file.seek(0)
            yield file

    def json(self, url: str) -> dict[str, object]:
        """The JSON object behind a link."""
        with self.file(url) as file:
            return read_object(file.read(), _where(urlsplit(url)))

    def _fetch(self, url: str, file: IO[bytes]) -> None:
        for _ in range(MAX_REDIRECTS + 1):
            target = check_target(url, self._session.organisation, self._resolve)
            onward = self._hop(target, file)
            if onward is None:
                return
            url = urljoin(url, onward)
        raise MalformedAnswer(f"{_where(urlsplit(url))}: the download is redirected more than {MAX_REDIRECTS} times.")

    def _hop(self, target: SplitResult, file: IO[bytes]) -> str | None:
        """Write the file, or give the address to go on to."""
        onward, status = self._get(target, {}, file)
        if status == 401 and _is_api(target, self._session.organisation):
            onward, status = self._get(target, self._session.bearer(), file)
        if status == 200:
            return None
        if onward:
            return onward
        raise _refused(_where(target), status)

    def _get(self, target: SplitResult, headers: dict[str, str], file: IO[bytes]) -> tuple[str | None, int]:
        with self._session.wire.exchange(_where(target), "GET", target.geturl(), headers=headers) as reply:
            if reply.status == 200:
                _write(reply, file, self._limit)
            onward = reply.headers.get("Location") if 300 <= reply.status < 400 else None
            return onward, reply.status


def check_target(url: str, organisation: Organisation, resolve: Resolve = addresses_of) -> SplitResult:
    """The address in its parts, if we may fetch it; `MalformedAnswer` says why not and which setting would allow it."""
    try:
        target = urlsplit(url)
        host = (target.hostname or "").lower()
        target.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise _no_go("a download link that is no address", organisation) from None
    if not _allowed_host(host, organisation):
        raise _no_go(f"a download from {host or 'nowhere'!r}, which is not allowed", organisation)
    if target.username or target.password:
        raise _no_go(f"a download link to {host!r} with a password", organisation)
    if target.scheme != "https" and not (target.scheme == "http" and organisation.may_go_plain(host)):
        raise _no_go(f"a download from {host!r} without TLS", organisation)
    if host not in organisation.own_hosts:
        _check_addresses(host, organisation, resolve)
    return target


def _allowed_host(host: str, organisation: Organisation) -> bool:
    if host in organisation.own_hosts:
        return True
    return any(
        host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed
        for allowed in map(str.lower, organisation.download_hosts)
    )


def _check_addresses(host: str, organisation: Organisation, resolve: Resolve) -> None:
    """A public name that leads to a private address is how a link reaches inside: refused."""
    for address in resolve(host):
        if not ipaddress.ip_address(address.partition("%")[0]).is_global:
            raise _no_go(f"a download from {host!r}, which leads to the private address {address}", organisation)


def _no_go(what: str, organisation: Organisation) -> MalformedAnswer:
    return MalformedAnswer(
        f"Organisation {organisation.name!r} answers with {what}; nothing was fetched.",
        way_out=f"If the host is right, add it to {organisation.setting('DOWNLOAD_HOSTS')}.",
    )


def _is_api(target: SplitResult, organisation: Organisation) -> bool:
    own = urlsplit(organisation.api_url)
    return (target.scheme, target.hostname, target.port) == (own.scheme, own.hostname, own.port)


def _where(target: SplitResult) -> str:
    """Without the query: a signed link is as good as a password."""
    return f"GET {target.scheme}://{target.hostname}{target.path[:120]}"


def _write(reply: Reply, file: IO[bytes], limit: int) -> None:
    for piece in reply.pieces(limit):
        file.write(piece)


def _refused(where: str, status: int) -> Exception:
    if status in _GONE:
        return LinkExpired(f"{where} answers {status}: the download link works no longer.", status=status)
    if status == 429:
        return RateLimited(f"{where} answers 429.", retry_after_seconds=60.0)
    if status >= 500:
        return SourceUnavailable(f"{where} answers {status}.", way_out="It is tried again by itself.")
    return RequestRefused(f"{where} answers {status} to a download.", status=status)
