"""An organisation: do the credentials work, whose are they, what time is it there, and how much may we ask?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from worker.doctor.finding import Finding, of_error, ok, warning
from worker.doctor.recipients import patiently
from worker.doctor.redis import clock_finding
from worker.errors import RequestRefused, StandupError
from worker.genesys.api.auth import AccessTokens, MemoryTokenStore
from worker.genesys.api.quota_headers import read_quota
from worker.genesys.api.session import Answer, Session
from worker.wiring import Parts, now

_LIMITS = "/api/v2/organizations/limits/namespaces/{namespaceName}"
_LIMIT_KEYS = ("client.credentials.token.rate.per.minute", "token.rate.per.minute")

_DATE_SECONDS = 5.0
"""A Date header has whole seconds, and some servers write it less often than that."""


def area_of(name: str) -> str:
    """How findings about an organisation are headed."""
    return f"organisation {name}"


def check(parts: Parts, name: str, session: Session) -> Iterator[Finding]:
    """Credentials first: the access token that the workers share may still work when the secret no longer does."""
    area = area_of(name)
    try:
        AccessTokens(session.organisation, MemoryTokenStore()).current()
        yield ok(area, "the OAuth client's id and secret are accepted")
        answer = patiently(lambda: session.get("/api/v2/tokens/me"))
    except RequestRefused as error:
        if error.status != 404:
            yield of_error(area, error)
        else:
            yield ok(area, "a gateway: it does not tell whose access token this is")
        return
    except StandupError as error:
        yield of_error(area, error)
        return
    yield ok(area, f"the access token is of {_whose(answer.body)}")
    yield from _clock(area, answer)
    yield from _quota(parts, area, session, answer)


def _whose(body: Mapping[str, object]) -> str:
    names = [part.get("name") for part in (body.get("organization"), body.get("OAuthClient")) if isinstance(part, dict)]
    return ", client ".join(repr(name) for name in names if name) or "somebody unnamed"


def _clock(area: str, answer: Answer) -> Iterator[Finding]:
    there = _http_date(answer.headers.get("Date", ""))
    if there:
        yield clock_finding(area, "the API", (now() - there).total_seconds(), _DATE_SECONDS)


def _http_date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _quota(parts: Parts, area: str, session: Session, answer: Answer) -> Iterator[Finding]:
    """What the headers say, and what the organisation's limits say; the smaller one counts."""
    quota = read_quota(answer.headers, now())
    told = [quota.allowed if quota else None, _limit(session)]
    allowed = min((each for each in told if each), default=None)
    ours = parts.settings.organisations[session.organisation.name].quota_per_minute
    if allowed is None:
        yield ok(area, f"the API does not tell its quota; {ours} requests a minute are reckoned with")
    elif ours > allowed:
        setting = session.organisation.setting("QUOTA_PER_MINUTE")
        yield warning(
            area,
            f"the quota in force is {allowed} requests a minute, and the settings begin with {ours}",
            f"Set {setting}={allowed}; until the first answers the workers would ask too fast.",
        )
    else:
        left = f", {quota.remaining} left in this window" if quota else ""
        yield ok(area, f"the quota in force is {allowed} requests a minute{left}; the settings begin with {ours}")


def _limit(session: Session) -> int | None:
    try:
        answer = patiently(lambda: session.get(_LIMITS, ids={"namespaceName": "platform.api"}))
    except StandupError:
        return None  # the headers say it as well
    listed = answer.body.get("entities")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    values = [one.get("value") for one in entries if one.get("key") in _LIMIT_KEYS]
    return min((int(value) for value in values if isinstance(value, int | float) and value > 0), default=None)
