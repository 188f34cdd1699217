"""The operations webhook: one POST per alert.

The address of a webhook is its only secret, so no error and no log contains it. The request is made with the standard
library, because requests and urllib3 log the path, quote it in exceptions and rewrite it.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from typing import IO, Any, cast
from urllib.error import HTTPError, URLError
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from pydantic import SecretStr

from worker.alerts.forms import FORMS, Alert, Kind
from worker.channels import answers
from worker.channels.answers import Answer, Outcome
from worker.deadline import Deadline, allowance_seconds
from worker.domain import hosts
from worker.errors import ChannelBusy, DeliveryRefused, SettingsError

_READ_BYTES = 2000
_RETRIED_STATUSES = (408, 425, 429)
_WAY_OUT = "Check STANDUP_ALERTS__WEBHOOK_URL and STANDUP_ALERTS__KIND."

# such as Slack's "no_service". A longer body may be a page that quotes the address
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


_CONFIRMATIONS: Mapping[Kind, Callable[[Answer], Outcome]] = {
    "slack": answers.slack_webhook,
    "teams": answers.teams,
    "json": answers.any_receiver,
}
"""What each kind of receiver answers when it has taken an alert. Something else that answers 200 has not taken it."""


class AlertWebhook:
    """Posts alerts to a Slack incoming webhook, a Teams workflow webhook, or any receiver of plain JSON."""

    def __init__(self, url: SecretStr, kind: Kind = "json", timeout_seconds: float = 10) -> None:
        if not hosts.is_web_address(url.get_secret_value()):
            raise SettingsError(
                "STANDUP_ALERTS__WEBHOOK_URL is not a web address.", way_out="Expected https://host/path."
            )
        self._url = url
        self._kind: Kind = kind
        self._timeout_seconds = timeout_seconds

    def send(self, alert: Alert) -> None:
        """Post one alert.

        `ChannelBusy`: busy or no answer (429, 5xx). `DeliveryRefused`: refused for good (4xx), or a 2xx that is not
        this kind of receiver's success.
        """
        answer = self._post(json.dumps(FORMS[self._kind](alert)).encode())
        subject = f"to the alert for {alert.run_id}"
        if isinstance(answer, ssl.SSLCertVerificationError):
            raise DeliveryRefused(
                f"The operations webhook's certificate is not trusted: {answer.verify_message}.", way_out=_WAY_OUT
            )
        if isinstance(answer, Exception):
            raise ChannelBusy(f"The operations webhook gave no answer {subject}: {type(answer).__name__}.")
        self._require_success(answers.of_connector(answer) if self._kind == "teams" else answer, subject)

    def _require_success(self, answer: Answer, subject: str) -> None:
        if _CONFIRMATIONS[self._kind](answer) == "sent":
            return
        sentence = f"The operations webhook answered {_without_address(answer)} {subject}."
        if answer.status in _RETRIED_STATUSES or answer.status >= 500:
            raise ChannelBusy(sentence, retry_after_seconds=answer.retry_after_seconds)
        if answer.is_yes:
            sentence = f"{sentence[:-1]}, which does not confirm it."
        raise DeliveryRefused(sentence, way_out=_WAY_OUT)

    def _post(self, body: bytes) -> Answer | Exception:
        """Return the answer with any status, or the error. Name only its type: its text contains the address."""
        request = Request(  # noqa: S310 - the constructor admits only http and https
            self._url.get_secret_value(), body, {"Content-Type": "application/json"}
        )
        with Deadline() as deadline:
            deadline.begin(allowance_seconds(self._timeout_seconds, len(body)))
            return self._open(request, deadline)

    def _open(self, request: Request, deadline: Deadline) -> Answer | Exception:
        opener = build_opener(_NoRedirects, DeadlineHandler(deadline))
        try:
            with opener.open(request, timeout=self._timeout_seconds) as response:
                if deadline.passed:
                    return TimeoutError()  # http.client accepts headers that are cut off
                return _read(response.status, response)
        except HTTPError as error:
            with error:
                return _read(error.code, error)
        except URLError as error:
            return error.reason if isinstance(error.reason, Exception) else error
        except (OSError, HTTPException) as error:
            return error


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirect, because it would send the alert to another host. The operator corrects the setting."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        return None


class DeadlineHandler(HTTPSHandler, HTTPHandler):
    """Opens connections that end with the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def do_open(self, http_class: Any, req: Request, **options: Any) -> Any:
        """Open the connection of a request. urllib calls this."""

        def open_connection(host: str, **options: Any) -> HTTPConnection:
            connection: Any = http_class(host, **options)
            connection._create_connection = self._connect  # called before a proxy's greeting and TLS
            return cast(HTTPConnection, connection)

        return super().do_open(open_connection, req, **options)

    def _connect(self, address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
        return self._deadline.connect(*address, timeout)


def _read(status: int, response: Any) -> Answer:
    body = ""
    with suppress(OSError, HTTPException):
        body = response.read(_READ_BYTES).decode("utf-8", "replace").strip()
    return Answer(status, response.headers, body)


def _without_address(answer: Answer) -> str:
    """Return the answer without a text that may quote the address."""
    return str(answer) if answer.is_page or _ERROR_CODE.fullmatch(answer.text) else str(answer.status)
