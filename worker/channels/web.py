"""One POST to a receiver on the web, and what its answer, or its silence, means for a delivery.

The receiver can have accepted nothing before the body's first byte is sent: that is the handover. Every failure before
it is `ChannelBusy` or `DeliveryRefused`; a missing answer after it is `OutcomeUnknown`. A webhook's address is its only
secret, so no error names it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from worker.channels.deadline import Deadline, allowance_seconds
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown, SettingsError


class DeadlineAdapter(HTTPAdapter):
    """Mounted on a session, it lets each of its connections end with the deadline, those by a proxy too."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """The pool that requests takes its connections from."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _ending_with(self._deadline, pool.ConnectionCls)
        return cast(HTTPConnectionPool, pool)


def _ending_with(deadline: Deadline, kind: type[HTTPConnection]) -> type[HTTPConnection]:
    class Ending(kind):  # type: ignore[misc,valid-type]
        def _new_conn(self) -> socket.socket:
            """Where urllib3 connects; the handshake and a proxy's greeting come after it."""
            if kind._new_conn is not HTTPConnection._new_conn:  # by a SOCKS proxy
                made: socket.socket = super()._new_conn()
                deadline.watch(made)
                return made
            try:
                return deadline.connect(self.host, self.port, self.timeout)
            except OSError as error:
                raise NewConnectionError(self, type(error).__name__) from error

    return Ending


MAX_WORDS = 300
"""Characters of an answer that go into records and alerts."""

_MAX_ANSWER_BYTES = 64 * 1024
_PIECE_BYTES = 8 * 1024
_IMPOSSIBLE = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL)
"""Errors for an address, or a proxy's, that no request can be made to."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
_LATER = (408, 425, 429, 500, 503)
_SILENCE = (502, 504)
"""A gateway that cannot tell what became of the request that it passed on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (by any case of their name) and at most 64 KB of text; ``whole`` unless the text broke off."""

    status: int
    headers: Mapping[str, str]
    text: str
    whole: bool = True

    def __str__(self) -> str:
        return f"{self.status} {' '.join(self.text.split())[:MAX_WORDS]}".strip()

    @property
    def is_yes(self) -> bool:
        """2xx."""
        return 200 <= self.status < 300

    @property
    def retry_after_seconds(self) -> float | None:
        """What ``Retry-After`` says: seconds, or a date, counted from the answer's own; None where it says neither."""
        said = self.headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(said):
            return float(said)
        try:
            apart = parsedate_to_datetime(said) - parsedate_to_datetime(self.headers.get("Date", ""))
        except (TypeError, ValueError):
            return None
        return max(0.0, apart.total_seconds())


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is posted to, as the operator knows it: ``Slack ops-emea``; ``way_out`` is for its refusals."""

    name: str
    way_out: str
    timeout_seconds: float = 20

    def post(
        self,
        url: SecretStr,
        body: bytes,
        headers: Mapping[str, str],
        before_handover: Callable[[], None] | None = None,
        within: Deadline | None = None,
    ) -> Answer:
        """Post and return the answer, whatever its status.

        ``before_handover`` is given where the receiver takes the message over by this request; without it a missing
        answer is only `ChannelBusy`. Redirects are answers: following one would hand the message to somebody else.
        ``within`` is a deadline that this request shares with others; else it has one of its own.
        """
        told = _TellingBody(body, before_handover or (lambda: None))
        with requests.Session() as session, Deadline() as own:
            deadline = within or own
            if within is None:
                own.begin(allowance_seconds(self.timeout_seconds, len(body)))
            for scheme in ("http://", "https://"):
                session.mount(scheme, DeadlineAdapter(deadline))
            try:
                request = requests.Request("POST", url.get_secret_value(), data=told, headers=dict(headers)).prepare()
                return _read(self._send(session, request, deadline), deadline)
            except requests.RequestException as error:
                handed_over = before_handover is not None and told.begun
                raise self._no_answer(error, deadline, handed_over=handed_over) from None

    def _send(
        self, session: requests.Session, request: requests.PreparedRequest, deadline: Deadline
    ) -> requests.Response:
        """Up to the answer's body."""
        surroundings = session.merge_environment_settings(request.url, {}, True, None, None) | {"stream": True}
        response = session.send(request, timeout=self.timeout_seconds, allow_redirects=False, **surroundings)
        if deadline.passed:
            raise requests.ConnectionError  # http.client takes a head that is cut off for a whole one
        return response

    def refuse_unless_yes(self, answer: Answer, *, handed_over: bool = True) -> None:
        """Raise what an answer means that is no 2xx: later, never, or nobody knows."""
        if answer.is_yes:
            return
        if answer.status in _SILENCE and handed_over:
            raise self.unknown(f"a gateway answered {answer}")
        if answer.status in _LATER or answer.status in _SILENCE:
            raise self.busy(f"answered {answer}", answer.retry_after_seconds)
        raise self.refused(f"answered {answer}")

    def busy(self, what: str, retry_after_seconds: float | None = None) -> ChannelBusy:
        """Later may go: ``Slack ops-emea answered 429.``"""
        return ChannelBusy(f"{self.name} {what}.", retry_after_seconds=retry_after_seconds)

    def refused(self, what: str) -> DeliveryRefused:
        """Never, until an operator has done something."""
        return DeliveryRefused(f"{self.name} {what}.", way_out=self.way_out)

    def unknown(self, cause: str) -> OutcomeUnknown:
        """The message went out and nobody knows whether it arrived."""
        return OutcomeUnknown(
            f"{self.name} was sent the whole message and did not confirm it: {cause}.",
            way_out="Look whether it arrived before sending again.",
        )

    def _no_answer(
        self, error: requests.RequestException, deadline: Deadline, *, handed_over: bool
    ) -> ChannelBusy | DeliveryRefused | OutcomeUnknown:
        """The error is named by its type: its words hold the address."""
        untrusted = _untrusted_certificate(error)
        if untrusted:
            return DeliveryRefused(f"The certificate of {self.name} is not to be trusted: {untrusted}.")
        if isinstance(error, _IMPOSSIBLE):
            return self.refused(f"cannot be asked: {type(error).__name__}")
        cause = f"too slow, {deadline.seconds:.0f} s in all" if deadline.passed else type(error).__name__
        return self.unknown(cause) if handed_over else self.busy(f"gave no answer: {cause}")


class _TellingBody(BytesIO):
    """A body that tells when its first byte is asked for, which is after the connection stands and is encrypted."""

    def __init__(self, content: bytes, on_first_read: Callable[[], None]) -> None:
        super().__init__(content)
        self._on_first_read = on_first_read
        self.begun = False

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.begun:
            self._on_first_read()
            self.begun = True
        return super().read(size)


def checked_url(url: SecretStr, setting: str) -> SecretStr:
    """The address; SettingsError by the setting's name alone for one that is none, or that is not encrypted.

    Plain HTTP is taken on this machine only.
    """
    try:
        parts = urlsplit(url.get_secret_value())
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    text = url.get_secret_value()
    if not complete or parts.scheme not in ("http", "https") or not (text.isascii() and text.isprintable()):
        raise SettingsError(f"{setting} is no web address.", way_out="Expected https://host/path.")
    if " " in text or (parts.scheme == "http" and not _is_loopback(parts.hostname or "")):
        raise SettingsError(f"{setting} is no https address.", way_out="Expected https://host/path.")
    return url


def _read(response: requests.Response, deadline: Deadline) -> Answer:
    """The status is the answer: a body that breaks off, or has no end, takes nothing from it."""
    said, broken_off = bytearray(), False
    try:
        for piece in response.iter_content(_PIECE_BYTES):
            said += piece
            if len(said) >= _MAX_ANSWER_BYTES:
                break
    except requests.RequestException:
        broken_off = True
    text = said[:_MAX_ANSWER_BYTES].decode("utf-8", "replace")
    whole = not (broken_off or deadline.passed)
    return Answer(response.status_code, CaseInsensitiveDict(response.headers), text, whole)


def _untrusted_certificate(error: BaseException | None) -> str:
    """The verification's words, wherever in the chain of errors they stand."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        inner = getattr(error, "reason", None)
        given = error.args[0] if error.args else None
        error = next(
            (each for each in (inner, given, error.__cause__, error.__context__) if isinstance(each, BaseException)),
            None,
        )
    return ""


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
