"""Errors for HTTP statuses, with the request and the way out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from worker.errors import (
    CredentialsRefused,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    SourceUnavailable,
    StandupError,
)
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.quota_headers import outage_seconds

DEFAULT_HOLD_SECONDS = 60.0
"""How long to wait after a 429 that does not say: the quota's window is a minute."""

TEMPORARY = (206, 408, 421, 423, 425)
"""Statuses after which the same request may be sent again.

Request Timeout and Misdirected Request (RFC 9110 15.5.9, 15.5.20), Locked (RFC 4918 11.3), Too Early (RFC 8470 5.2).
Partial Content answers a request for a range (RFC 9110 15.3.7). No request asks for one, so the rest is missing.
"""

_PERMISSION = re.compile(r"\b[a-zA-Z]\w*:[a-zA-Z*]\w*:[a-zA-Z*]\w*")
_RETRY_IN = re.compile(r"\[(\d{1,4})\] seconds")
_SHOWN_CHARACTERS = 300


def refusal(
    organisation: Organisation, label: str, status: int, headers: Mapping[str, str], content: bytes, now: datetime
) -> StandupError:
    """Return the error for an unsuccessful answer that came ``now``, except 429: see `rate_limited`."""
    error_body = _error_body(content)
    place = f"{label} answers {status}{_context(headers, error_body)}"
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _web_page(organisation, place, status, outage_seconds(headers, now))
    if status == 401:
        return CredentialsRefused(
            f"{place}: the access token is refused, a fresh one too.",
            way_out=f"Check that {organisation.setting('API_URL')} and {organisation.setting('LOGIN_URL')} are of one "
            f"region and that the OAuth client of organisation {organisation.name!r} is active.",
        )
    if status == 403:
        return _permission_missing(organisation, place, error_body)
    if status >= 500 or status in TEMPORARY:
        return source_unavailable(place, headers, now)
    if 300 <= status < 400:
        return RequestRefused(
            f"{place}: a redirect, which is not followed so that the access token goes nowhere else.",
            status=status,
            way_out=f"Check {organisation.setting('API_URL')}.",
        )
    return RequestRefused(f"{place}: {_message(error_body)}", status=status, way_out=_WAYS_OUT.get(status, ""))


def source_unavailable(problem: str, headers: Mapping[str, str], now: datetime) -> SourceUnavailable:
    """Return the error for a host that is away for a while, with the wait that its answer asks for."""
    return SourceUnavailable(
        f"{problem}.",
        way_out="The step is retried automatically.",
        retry_after_seconds=outage_seconds(headers, now),
    )


def _web_page(organisation: Organisation, place: str, status: int, wait_seconds: float) -> StandupError:
    """Return the error for an answer that no API gives: a proxy or a gateway before it gives."""
    settings = f"{organisation.setting('API_URL')} and {organisation.setting('PROXY')}"
    problem = f"{place} and a web page instead of JSON, as a proxy or gateway before the API does."
    if status >= 500 or status in TEMPORARY:
        way_out = f"The step is retried automatically. If it fails again, check {settings}."
        return SourceUnavailable(problem, way_out=way_out, retry_after_seconds=wait_seconds)
    return RequestRefused(problem, status=status, way_out=f"Check {settings}, and whether they let requests through.")


_WAYS_OUT = {
    400: "The request itself is wrong: check ids, names and dates of the group.",
    404: "Check the ids of the group, and whether the organisation has this feature.",
    413: "Ask for less at once.",
}


def rate_limited(label: str, retry_after_seconds: float | None, content: bytes) -> RateLimited:
    """Return the error for a 429. The wait is the header's if it is more than 0, else the text's, else a minute."""
    in_text = _RETRY_IN.search(content.decode("utf-8", "replace"))
    # 0 is no time to wait: sent again at once, the request would be refused again
    seconds = retry_after_seconds or (float(in_text[1]) if in_text else 0.0) or DEFAULT_HOLD_SECONDS
    return RateLimited(
        f"{label} answers 429: the quota of the OAuth client is used up for {seconds:.0f} s.",
        way_out="No worker sends until then. If it happens again, look for another program that uses the same client.",
        retry_after_seconds=seconds,
    )


def _permission_missing(organisation: Organisation, place: str, error_body: Mapping[str, object]) -> PermissionMissing:
    permissions = _PERMISSION.findall(json.dumps(error_body.get("messageParams"))) or _PERMISSION.findall(
        _message(error_body)
    )
    names = ", ".join(dict.fromkeys(permissions))
    return PermissionMissing(
        f"{place}: the OAuth client of organisation {organisation.name!r} lacks "
        f"{f'the permission {names}' if names else f'a permission ({_message(error_body)})'}.",
        permission=names or "unknown",
        way_out="Grant it to a role of the client in Admin > Integrations > OAuth, for the divisions of the queues.",
    )


def _error_body(content: bytes) -> Mapping[str, object]:
    try:
        error_body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return error_body if isinstance(error_body, dict) else {}


def _message(error_body: Mapping[str, object]) -> str:
    message = (
        error_body.get("message")
        or error_body.get("error_description")
        or error_body.get("error")
        or "no reason is given."
    )
    return str(message)[:_SHOWN_CHARACTERS]


def _context(headers: Mapping[str, str], error_body: Mapping[str, object]) -> str:
    context = headers.get("ININ-Correlation-Id") or error_body.get("contextId")
    return f" (contextId {str(context)[:80]})" if context else ""
