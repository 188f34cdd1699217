"""Check an organisation: its credentials, its clock, and its quota."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from worker.doctor.finding import Finding, PlaceOf, of_error, ok, warning
from worker.doctor.recipients import with_permit
from worker.doctor.redis import clock_finding
from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.errors import RequestRefused, StandupError
from worker.genesys.api.auth import AccessTokens, MemoryTokenStore
from worker.genesys.api.quota_headers import Quota, read_quota
from worker.genesys.api.session import Answer, Session
from worker.http_dates import http_date

_LIMITS = "/api/v2/organizations/limits/namespaces/{namespaceName}"
_LIMIT_KEYS = ("client.credentials.token.rate.per.minute", "token.rate.per.minute")

_DATE_SECONDS = 5.0
"""A Date header has whole seconds, and some servers update it less often."""


def area_of(name: str) -> str:
    """Return the heading of findings about an organisation."""
    return f"organisation {name}"


def check_name(require: Callable[[str], None], group: Group, place_of: PlaceOf) -> Iterator[Finding]:
    """Check that the settings have the group's organisation. ``require`` raises if they do not have one of a name."""
    try:
        require(group.organisation)
    except StandupError as error:
        yield of_error(f"group {group.key}", error, place=place_of("organisation", group.organisation))


def check(name: str, session: Session, quota_per_minute: int, clock: Clock) -> Iterator[Finding]:
    """Check the credentials first: a shared access token may still work when the secret no longer does."""
    area = area_of(name)
    try:
        AccessTokens(session.organisation, MemoryTokenStore(), clock=clock).current()
        yield ok(area, "the OAuth client's id and secret are accepted")
        answer = with_permit(lambda: session.get("/api/v2/tokens/me"))
    except RequestRefused as error:
        if error.status != 404:
            yield of_error(area, error)
        else:
            yield ok(area, "a gateway answers, which does not tell the owner of the access token")
        return
    except StandupError as error:
        yield of_error(area, error)
        return
    yield ok(area, f"the access token belongs to {_owner(answer.body)}")
    yield from _clock(area, answer, clock)
    yield from _quota(area, session, read_quota(answer.headers, clock()), quota_per_minute)


def _owner(body: Mapping[str, object]) -> str:
    names = [part.get("name") for part in (body.get("organization"), body.get("OAuthClient")) if isinstance(part, dict)]
    return ", client ".join(repr(name) for name in names if name) or "an unnamed organisation"


def _clock(area: str, answer: Answer, clock: Clock) -> Iterator[Finding]:
    api_time = http_date(answer.headers.get("Date", ""))
    if api_time:
        yield clock_finding(area, "the API", (clock() - api_time).total_seconds(), _DATE_SECONDS)


def _quota(area: str, session: Session, quota: Quota | None, configured: int) -> Iterator[Finding]:
    """Compare the settings with the smaller of two quotas: the headers' and the organisation's limit."""
    quotas = [quota.allowed if quota else None, _limit(session)]
    allowed = min((value for value in quotas if value), default=None)
    if allowed is None:
        yield ok(area, f"the API does not tell its quota; the workers assume {configured} requests a minute")
    elif configured > allowed:
        setting = session.organisation.setting("QUOTA_PER_MINUTE")
        yield warning(
            area,
            f"the quota in force is {allowed} requests a minute, but the settings start with {configured}",
            f"Set {setting}={allowed}; otherwise the workers ask too fast until the first answers arrive.",
        )
    else:
        remaining = f", {quota.remaining} left in this window" if quota else ""
        yield ok(
            area, f"the quota in force is {allowed} requests a minute{remaining}; the settings start with {configured}"
        )


def _limit(session: Session) -> int | None:
    try:
        answer = with_permit(lambda: session.get(_LIMITS, ids={"namespaceName": "platform.api"}))
    except StandupError:
        return None  # the headers tell the quota too
    entities = answer.body.get("entities")
    limits = [entity for entity in entities if isinstance(entity, dict)] if isinstance(entities, list) else []
    values = [limit.get("value") for limit in limits if limit.get("key") in _LIMIT_KEYS]
    return min((int(value) for value in values if isinstance(value, int | float) and value > 0), default=None)
