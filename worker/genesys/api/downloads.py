"""Finished files: streamed to disk, bounded, and only from hosts that the organisation's settings allow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from worker.errors import MalformedAnswer, RateLimited, RequestRefused, SourceUnavailable
from worker.genesys.api.json_body import read_object
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.refusals import TEMPORARY, source_unavailable
from worker.genesys.api.session import Session
from worker.genesys.api.wire import MEGABYTE, Reply
from worker.traces import exchanges as traced

FILE_LIMIT = 256 * MEGABYTE
JSON_FILE_LIMIT = 64 * MEGABYTE
MAX_REDIRECTS = 3
_USUAL_PORTS = {"https": 443, "http": 80}
_IN_MEMORY = 4 * MEGABYTE
_GONE = (401, 403, 404, 410)
_ERROR_BYTES = 4096
_EXPIRED = re.compile(
    rb"<Code>(?:ExpiredToken|InvalidToken|TokenRefreshRequired|RequestExpired)</Code>|Request has expired"
)
"""What object stores answer with status 400 to a signed link whose credentials have expired (S3, "Error codes")."""
_TIMED_OUT = b"<Code>RequestTimeout</Code>"


class LinkExpired(RequestRefused):
    """The download link no longer works. A fresh one may."""


class TargetRefused(MalformedAnswer):
    """A download link leads to a place that the organisation's settings do not allow."""


class Downloads:
    """Fetches files of one organisation.

    Links in answers are untrusted: host, port and scheme are checked for the link and for each redirect. The session's
    wire connects only to public addresses of hosts that are not the organisation's own. No access
    token is sent, because signed links refuse a second credential. If the API's own host answers 401, the request is
    repeated with the token.
    """

    def __init__(self, session: Session, *, limit: int = FILE_LIMIT) -> None:
        self._session = session
        self._limit = limit

    @contextmanager
    def file(self, url: str) -> Iterator[IO[bytes]]:
        """Yield the file behind a link, at its beginning. It is deleted afterwards.

        Raises `LinkExpired`, and `TargetRefused` if the link leads to a host that is not allowed.
        """
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            self._fetch(url, file)
            file.seek(0)
            yield file

    def json(self, url: str) -> dict[str, object]:
        """Return the JSON object behind a link."""
        with self.file(url) as file:
            return read_object(file.read(), self._label(urlsplit(url)))

    def _fetch(self, url: str, file: IO[bytes]) -> None:
        for _ in range(MAX_REDIRECTS + 1):
            target = check_target(url, self._session.organisation)
            location = self._fetch_once(target, file)
            if location is None:
                return
            url = urljoin(url, location)
        raise MalformedAnswer(
            f"{self._label(urlsplit(url))}: the download is redirected more than {MAX_REDIRECTS} times."
        )

    def _fetch_once(self, target: SplitResult, file: IO[bytes]) -> str | None:
        """Write the file, or return the address of a redirect."""
        status, headers = self._request(target, {}, file)
        if status == 401 and _is_api(target, self._session.organisation):
            status, headers = self._request(target, self._session.bearer(), file)
        if status == 200:
            return None
        if 300 <= status < 400 and headers.get("Location"):
            return headers["Location"]
        raise _refused(self._label(target), status, headers, self._session.now())

    def _request(self, target: SplitResult, headers: dict[str, str], file: IO[bytes]) -> tuple[int, Mapping[str, str]]:
        """Write the file, if that is the answer, and return the status and the headers."""
        with (
            traced.request("GET", "{download}", self._session.organisation.name) as record_status,
            self._session.wire.exchange(self._label(target), "GET", target.geturl(), headers=headers) as reply,
        ):
            record_status(reply.status)
            if reply.status == 200:
                _write(reply, file, self._limit)
            if reply.status == 400:
                _check_store_error(self._label(target), reply.beginning(_ERROR_BYTES))
            return reply.status, reply.headers

    def _label(self, target: SplitResult) -> str:
        """Leave out the query: a signed link is as good as a password."""
        address = f"{target.scheme}://{target.hostname}{target.path[:120]}"
        return f"GET {address} of organisation {self._session.organisation.name!r}"


def check_target(url: str, organisation: Organisation) -> SplitResult:
    """Return the parts of an allowed address. Else `TargetRefused` names reason and setting."""
    try:
        target = urlsplit(url)
        host = (target.hostname or "").lower()
        port = target.port
    except ValueError:
        raise _refuse_target("a download link that is no address", organisation) from None
    if not _allowed_host(host, organisation):
        raise _refuse_target(f"a download from {host or 'nowhere'!r}, which is not allowed", organisation)
    if target.username or target.password:
        raise _refuse_target(f"a download link to {host!r} with a password", organisation)
    if target.scheme != "https" and not (target.scheme == "http" and organisation.may_go_plain(host)):
        raise _refuse_target(f"a download from {host!r} without TLS", organisation)
    if not _allowed_port(host, port, target.scheme, organisation):
        raise _refuse_target(f"a download from {host!r} at port {port}, which is not allowed", organisation)
    return target


def _allowed_host(host: str, organisation: Organisation) -> bool:
    return host in organisation.own_hosts or bool(_entries_for(host, organisation))


def _allowed_port(host: str, port: int | None, scheme: str, organisation: Organisation) -> bool:
    """Tell whether the port is the scheme's, one of the organisation's addresses, or one that the settings name."""
    usual_port = _USUAL_PORTS[scheme]
    if port in (None, usual_port):
        return True
    return port in organisation.own_ports(host) or any(
        entry.endswith(f":{port}") for entry in _entries_for(host, organisation)
    )


def _entries_for(host: str, organisation: Organisation) -> list[str]:
    """Return the settings' entries that allow a host: ``files.example.com``, ``*.example.com``, each with a port."""
    entries = map(str.lower, organisation.download_hosts)
    return [entry for entry in entries if _covers(entry, host)]


def _covers(entry: str, host: str) -> bool:
    pattern = entry.partition(":")[0] if entry.count(":") == 1 else entry
    return host.endswith(pattern[1:]) if pattern.startswith("*.") else host == pattern


def _refuse_target(reason: str, organisation: Organisation) -> TargetRefused:
    return TargetRefused(
        f"Organisation {organisation.name!r} answers with {reason}. Nothing was downloaded.",
        way_out=f"If the host is right, add it to {organisation.setting('DOWNLOAD_HOSTS')}.",
    )


def _is_api(target: SplitResult, organisation: Organisation) -> bool:
    api = urlsplit(organisation.api_url)
    return (target.scheme, target.hostname, target.port) == (api.scheme, api.hostname, api.port)


def _write(reply: Reply, file: IO[bytes], limit: int) -> None:
    for piece in reply.pieces(limit):
        file.write(piece)


def _check_store_error(label: str, body: bytes) -> None:
    """Raise the error of an object store that answers 400 although the request was right."""
    if _EXPIRED.search(body):
        raise LinkExpired(f"{label} answers 400: the download link has expired.", status=400)
    if _TIMED_OUT in body:
        raise SourceUnavailable(f"{label} answers 400: time-out.", way_out="The step is retried automatically.")


def _refused(label: str, status: int, headers: Mapping[str, str], now: datetime) -> Exception:
    if status in _GONE:
        return LinkExpired(f"{label} answers {status}: the download link no longer works.", status=status)
    if status == 429:
        return RateLimited(f"{label} answers 429.", retry_after_seconds=60.0)
    if status >= 500 or status in TEMPORARY:
        return source_unavailable(f"{label} answers {status}", headers, now)
    return RequestRefused(f"{label} answers {status} to a download.", status=status)
