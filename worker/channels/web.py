"""One POST to a receiver on the web, and what its answer or its silence means for a delivery.

A receiver cannot have accepted anything before the first byte of the body is sent. So every failure before that byte is
`ChannelBusy` or `DeliveryRefused`, and a missing answer after it is `OutcomeUnknown`. A webhook's address is its only
secret, so no error contains it.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

from worker.channels.answers import Answer, Outcome
from worker.deadline import Deadline, allowance_seconds
from worker.domain import hosts
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown, SettingsError


class DeadlineAdapter(HTTPAdapter):
    """A requests adapter whose connections end with the deadline, those through a proxy too."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """Return the pool that requests takes its connections from."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _with_deadline(self._deadline, pool.ConnectionCls)
        return cast(HTTPConnectionPool, pool)


def _with_deadline(deadline: Deadline, kind: type[HTTPConnection]) -> type[HTTPConnection]:
    class DeadlineConnection(kind):  # type: ignore[misc,valid-type]
        def _new_conn(self) -> socket.socket:
            """Connect for urllib3, which does the TLS handshake and a proxy's greeting afterwards."""
            if kind._new_conn is not HTTPConnection._new_conn:  # a SOCKS proxy
                connection: socket.socket = super()._new_conn()
                deadline.watch(connection)
                return connection
            try:
                return deadline.connect(self.host, self.port, self.timeout)
            except OSError as error:
                raise NewConnectionError(self, type(error).__name__) from error

    return DeadlineConnection


_MAX_ANSWER_BYTES = 64 * 1024
_PIECE_BYTES = 8 * 1024
_NOT_ITS_PAGE = ", which a proxy or a login page on the way sends and not the receiver"
_IMPOSSIBLE = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.InvalidProxyURL)
"""Errors for an address, of the receiver or a proxy, that no request can be made to."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """A receiver under the name that the operator knows, e.g. ``Slack ops-emea``. ``way_out`` goes into refusals."""

    name: str
    way_out: str
    timeout_seconds: float = 20

    def post(
        self,
        url: SecretStr,
        body: bytes,
        headers: Mapping[str, str],
        before_acceptance: Callable[[], None] | None = None,
        deadline: Deadline | None = None,
    ) -> Answer:
        """Post and return the answer, whatever its status.

        Pass ``before_acceptance`` if the receiver accepts the message with this request. Without it a missing answer is
        only `ChannelBusy`. A redirect is an answer too: following it would give the message to a stranger. Requests can
        share a ``deadline``. Without one this request has its own.
        """
        if deadline is None:
            with Deadline() as own_deadline:
                own_deadline.begin(allowance_seconds(self.timeout_seconds, len(body)))
                return self._post(url, body, headers, before_acceptance, own_deadline)
        return self._post(url, body, headers, before_acceptance, deadline)

    def _post(
        self,
        url: SecretStr,
        body: bytes,
        headers: Mapping[str, str],
        before_acceptance: Callable[[], None] | None,
        deadline: Deadline,
    ) -> Answer:
        data = _ObservedBody(body, before_acceptance or (lambda: None))
        with requests.Session() as session:
            for scheme in ("http://", "https://"):
                session.mount(scheme, DeadlineAdapter(deadline))
            try:
                request = requests.Request("POST", url.get_secret_value(), data=data, headers=dict(headers)).prepare()
                return _read(self._send(session, request, deadline), deadline)
            except requests.RequestException as error:
                may_be_accepted = before_acceptance is not None and data.was_read
                raise self._no_answer(error, deadline, may_be_accepted=may_be_accepted) from None

    def _send(
        self, session: requests.Session, request: requests.PreparedRequest, deadline: Deadline
    ) -> requests.Response:
        """Send the request and return the response before its body is read."""
        options = session.merge_environment_settings(request.url, {}, True, None, None) | {"stream": True}
        response = session.send(request, timeout=self.timeout_seconds, allow_redirects=False, **options)
        if deadline.passed:
            raise requests.ConnectionError  # http.client accepts response headers that were cut off
        return response

    def require(self, outcome: Outcome, answer: Answer, *, may_be_accepted: bool = True) -> None:
        """Raise the error for an outcome of this answer other than "sent": try later, never, or unknown."""
        if outcome == "sent":
            return
        if outcome == "unknown" and may_be_accepted:
            raise self.unknown(f"{_sender_of(answer)} answered {answer}")
        if outcome == "refused":
            raise self.refused(f"answered {answer}{_NOT_ITS_PAGE if answer.is_yes and answer.is_page else ''}")
        raise self.busy(f"answered {answer}", answer.retry_after_seconds)

    def busy(self, predicate: str, retry_after_seconds: float | None = None) -> ChannelBusy:
        """Return the error for a receiver that may accept later: ``Slack ops-emea answered 429.``"""
        return ChannelBusy(f"{self.name} {predicate}.", retry_after_seconds=retry_after_seconds)

    def refused(self, predicate: str) -> DeliveryRefused:
        """Return the error for a receiver that will refuse until an operator changes something."""
        return DeliveryRefused(f"{self.name} {predicate}.", way_out=self.way_out)

    def unknown(self, cause: str) -> OutcomeUnknown:
        """Return the error for a message that was sent and may or may not have arrived."""
        return OutcomeUnknown(
            f"{self.name} was sent the whole message and did not confirm it: {cause}.",
            way_out="Check whether it arrived before sending again.",
        )

    def _no_answer(
        self, error: requests.RequestException, deadline: Deadline, *, may_be_accepted: bool
    ) -> ChannelBusy | DeliveryRefused | OutcomeUnknown:
        """Return the error for a request without an answer. It names the cause's type, not its text."""
        reason = _untrusted_certificate(error)
        if reason:
            return DeliveryRefused(f"The certificate of {self.name} is not trusted: {reason}.")
        if isinstance(error, _IMPOSSIBLE):
            return self.refused(f"cannot be asked: {type(error).__name__}")
        cause = f"too slow, {deadline.seconds:.0f} s in all" if deadline.passed else type(error).__name__
        return self.unknown(cause) if may_be_accepted else self.busy(f"gave no answer: {cause}")


def _sender_of(answer: Answer) -> str:
    return "it" if answer.is_yes else "a gateway"


class _ObservedBody(BytesIO):
    """A body that calls back before its first byte is read, which is after the TLS handshake."""

    def __init__(self, content: bytes, on_first_read: Callable[[], None]) -> None:
        super().__init__(content)
        self._on_first_read = on_first_read
        self.was_read = False

    def read(self, size: int | None = -1, /) -> bytes:
        if not self.was_read:
            self._on_first_read()
            self.was_read = True
        return super().read(size)


def checked_url(url: SecretStr, setting: str) -> SecretStr:
    """Return the address if it is a complete https address, or http on this machine.

    Otherwise raise SettingsError, which names the setting and not the address, because the address is a secret.
    """
    text = url.get_secret_value()
    if not hosts.is_web_address(text):
        raise SettingsError(f"{setting} is not a web address.", way_out="Expected https://host/path.")
    parts = urlsplit(text)
    if parts.scheme == "http" and not hosts.is_loopback(parts.hostname or ""):
        raise SettingsError(f"{setting} is not an https address.", way_out="Expected https://host/path.")
    return url


def _read(response: requests.Response, deadline: Deadline) -> Answer:
    """Read at most 64 KB. The status counts even if the body breaks off or never ends."""
    body, broken_off = bytearray(), False
    try:
        for piece in response.iter_content(_PIECE_BYTES):
            body += piece
            if len(body) >= _MAX_ANSWER_BYTES:
                break
    except requests.RequestException:
        broken_off = True
    text = body[:_MAX_ANSWER_BYTES].decode("utf-8", "replace")
    whole = not (broken_off or deadline.passed)
    return Answer(response.status_code, CaseInsensitiveDict(response.headers), text, whole)


def _untrusted_certificate(error: BaseException | None) -> str:
    """Return the reason of a failed certificate verification anywhere in the chain of errors, or ""."""
    visited: set[int] = set()
    while error is not None and id(error) not in visited:
        visited.add(id(error))
        if isinstance(error, ssl.SSLCertVerificationError):
            return str(error.verify_message)
        inner = getattr(error, "reason", None)
        argument = error.args[0] if error.args else None
        causes = (inner, argument, error.__cause__, error.__context__)
        error = next((cause for cause in causes if isinstance(cause, BaseException)), None)
    return ""
