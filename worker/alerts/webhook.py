"""The operations webhook: tells which run failed, where and how to rerun it. Shares nothing with the channels.

The address of a webhook is its only secret, so it stands in no error and no log: the request is made with the standard
library, which, unlike requests and urllib3, neither logs the path, nor quotes it in its exceptions, nor rewrites it.
"""

from __future__ import annotations

import json
import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import IO, Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from pydantic import SecretStr

from worker.alerts.forms import FORMS, Alert, Kind
from worker.channels.deadline import Deadline, allowance_seconds
from worker.errors import ChannelBusy, DeliveryRefused, SettingsError

__all__ = ["Alert", "AlertWebhook", "Kind"]

_LATER = (408, 425, 429)
_WAY_OUT = "Check STANDUP_ALERTS__WEBHOOK_URL and STANDUP_ALERTS__KIND."

# such as Slack's "no_service"; longer ones may be pages that quote the address
_ONE_WORD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    retry_after: str
    body: str

    def __str__(self) -> str:
        return f"{self.status} {self.body}" if _ONE_WORD.fullmatch(self.body) else str(self.status)


class AlertWebhook:
    """Posts alerts to a Slack incoming webhook, a Teams workflow webhook, or anything that takes plain JSON."""

    def __init__(self, url: SecretStr, kind: Kind = "json", timeout_seconds: float = 10) -> None:
        if not _is_web_address(url.get_secret_value()):
            raise SettingsError(
                "STANDUP_ALERTS__WEBHOOK_URL is not a web address.", way_out="Expected https://host/path."
            )
        self._url = url
        self._form = FORMS[kind]
        self._timeout_seconds = timeout_seconds

    def send(self, alert: Alert) -> None:
        """Post one alert. `ChannelBusy`: later may go (429, 5xx, no answer). `DeliveryRefused`: it will not (4xx)."""
        answer = self._post(json.dumps(self._form(alert)).encode())
        about = f"to the alert for {alert.run_id}"
        if isinstance(answer, ssl.SSLCertVerificationError):
            raise DeliveryRefused(
                f"The operations webhook's certificate is not trusted: {answer.verify_message}.", way_out=_WAY_OUT
            )
        if isinstance(answer, Exception):
            raise ChannelBusy(f"The operations webhook gave no answer {about}: {type(answer).__name__}.")
        if answer.status in _LATER or answer.status >= 500:
            wait = float(answer.retry_after) if answer.retry_after.isdecimal() else None
            raise ChannelBusy(f"The operations webhook answered {answer} {about}.", retry_after_seconds=wait)
        if answer.status >= 300:
            raise DeliveryRefused(f"The operations webhook answered {answer} {about}.", way_out=_WAY_OUT)

    def _post(self, body: bytes) -> _Answer | Exception:
        """The answer, whatever its status, or what went wrong, to be named by its type: its words hold the address."""
        request = Request(  # noqa: S310 - the constructor admits only http and https
            self._url.get_secret_value(), body, {"Content-Type": "application/json"}
        )
        with Deadline() as deadline:
            deadline.begin(allowance_seconds(self._timeout_seconds, len(body)))
            return self._open(request, deadline)

    def _open(self, request: Request, deadline: Deadline) -> _Answer | Exception:
        opener = build_opener(_RedirectsAreAnswers, _EndsWith(deadline))
        try:
            with opener.open(request, timeout=self._timeout_seconds) as response:
                if deadline.passed:
                    return TimeoutError()  # http.client takes a head that is cut off for a whole one
                return _read(response.status, response)
        except HTTPError as error:
            with error:
                return _read(error.code, error)
        except URLError as error:
            return error.reason if isinstance(error.reason, Exception) else error
        except (OSError, HTTPException) as error:
            return error


class _RedirectsAreAnswers(HTTPRedirectHandler):
    """A webhook that has moved is a setting to correct; following it would hand the alert to whoever answers."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        return None


class _EndsWith(HTTPSHandler, HTTPHandler):
    """Its connections end with the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def do_open(self, http_class: Any, req: Request, **more: Any) -> Any:
        """Where urllib asks for a connection."""

        def connection(host: str, **given: Any) -> HTTPConnection:
            made: Any = http_class(host, **given)
            made._create_connection = self._connect  # before a proxy's greeting and TLS
            return cast(HTTPConnection, made)

        return super().do_open(connection, req, **more)

    def _connect(self, address: tuple[str, int], timeout: float, _source: object = None) -> socket.socket:
        return self._deadline.connect(*address, timeout)


def _read(status: int, response: Any) -> _Answer:
    body = ""
    with suppress(OSError, HTTPException):
        body = response.read(200).decode("utf-8", "replace").strip()
    return _Answer(status, response.headers.get("Retry-After", ""), body)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return complete and url.isascii() and url.isprintable() and " " not in url
