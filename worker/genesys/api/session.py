"""Sends every request to an organisation's API.

Each request takes a permit and the access token. Then the bucket learns the quota headers, and an unsuccessful status
becomes an error of `worker.errors`. The session retries only a request whose access token was refused. Otherwise the
task is retried, with a countdown and without blocking a worker.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from worker import step_time
from worker.domain.clock import Clock
from worker.errors import LookupFailed
from worker.genesys.api.auth import AccessToken, AccessTokens
from worker.genesys.api.json_body import read_object
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.quota_headers import read_quota, read_retry_after
from worker.genesys.api.refusals import TEMPORARY, rate_limited, refusal
from worker.genesys.api.wire import MEGABYTE, Params, Reply, Wire
from worker.traces import exchanges as traced

JSON_LIMIT = 32 * MEGABYTE
"""A day of 200 queues with five media types is as much (see `worker.genesys.sharing.analytics`)."""

_ERROR_LIMIT = 64 * 1024


class Permits(Protocol):
    """The token bucket of one OAuth client, and what the API says about it."""

    def take(self) -> None:
        """Return when the caller may send one request. Sleeps 2 s at most, else raises `errors.QuotaWait`."""

    def observe(self, remaining: int, allowed: int | None, reset_seconds: float | None) -> None:
        """Learn from an answer: ``remaining`` of ``allowed`` requests until the window ends in ``reset_seconds``."""

    def hold(self, seconds: float) -> None:
        """Give out no permit for this long, because the API answered 429."""


OnRequest = Callable[[str, int, float], None]
"""Called after each answer with the route and its ``{placeholders}``, the HTTP status, and the seconds it took."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer. ``correlation_id`` finds it in Genesys' logs, ``label`` names the request."""

    status: int
    body: Mapping[str, object]
    correlation_id: str
    label: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: int
    headers: Mapping[str, str]
    content: bytes


class Session:
    """Asks one organisation's API. Threads may share it. ``requests_sent`` counts what was sent."""

    def __init__(
        self,
        organisation: Organisation,
        permits: Permits,
        tokens: AccessTokens,
        *,
        clock: Clock,
        on_request: OnRequest | None = None,
        wire: Wire | None = None,
    ) -> None:
        self.organisation = organisation
        self._wire = wire
        self.requests_sent = 0
        self._permits = permits
        self._tokens = tokens
        self._on_request = on_request
        self._clock = clock
        self._counting = threading.Lock()

    @property
    def wire(self) -> Wire:
        """The connections, made when the first request needs them: most steps find their answers in the cache."""
        if self._wire is None:
            self._wire = Wire.for_organisation(self.organisation)
        return self._wire

    def get(
        self,
        route: str,
        params: Params | None = None,
        *,
        ids: Mapping[str, str] | None = None,
        limit: int = JSON_LIMIT,
    ) -> Answer:
        """GET a JSON object. ``ids`` fill the route's placeholders. Raises errors of `worker.errors`."""
        return self._ask("GET", route, params=params, ids=ids, limit=limit)

    def post(
        self,
        route: str,
        body: object,
        *,
        ids: Mapping[str, str] | None = None,
        limit: int = JSON_LIMIT,
    ) -> Answer:
        """POST a JSON value and read a JSON object."""
        return self._ask("POST", route, ids=ids, body=body, limit=limit)

    def now(self) -> datetime:
        """Return the present instant by the session's clock."""
        return self._clock()

    def bearer(self) -> dict[str, str]:
        """Take a permit and return the authorization header for a download from the organisation's own API host."""
        self._permits.take()
        return _headers(self._tokens.current())

    def _ask(
        self,
        method: str,
        route: str,
        *,
        params: Params | None = None,
        ids: Mapping[str, str] | None = None,
        body: object = None,
        limit: int,
    ) -> Answer:
        path = _path(route, ids or {})
        label = f"{method} {path} of organisation {self.organisation.name!r}"
        step_time.check(f"it asked {label}")

        def send(token: AccessToken) -> _Outcome:
            url = self.organisation.api_url.rstrip("/") + path
            with (
                traced.request(method, route, self.organisation.name) as record_status,
                self.wire.exchange(label, method, url, headers=_headers(token), params=params, json=body) as reply,
            ):
                record_status(reply.status)
                return _outcome(reply, limit)

        outcome = self._with_token(route, send)
        if outcome.status == 429:
            raise self._rate_limited(label, outcome)
        if not 200 <= outcome.status < 300 or outcome.status in TEMPORARY:
            raise refusal(self.organisation, label, outcome.status, outcome.headers, outcome.content, self._clock())
        correlation = outcome.headers.get("ININ-Correlation-Id", "")
        return Answer(outcome.status, read_object(outcome.content, label), correlation, label, outcome.headers)

    def _with_token(self, route: str, send: Callable[[AccessToken], _Outcome]) -> _Outcome:
        self._permits.take()
        token = self._tokens.current()
        outcome = self._counted(route, send, token)
        if outcome.status != 401:
            return outcome
        fresh = self._tokens.after_refusal(token)
        self._permits.take()
        return self._counted(route, send, fresh)

    def _counted(self, route: str, send: Callable[[AccessToken], _Outcome], token: AccessToken) -> _Outcome:
        started_at, status = time.monotonic(), 0
        with self._counting:
            self.requests_sent += 1
        try:
            outcome = send(token)
            status = outcome.status
        finally:
            if self._on_request:
                self._on_request(route, status, time.monotonic() - started_at)
        quota = read_quota(outcome.headers, self._clock())
        if quota:
            self._permits.observe(quota.remaining, quota.allowed, quota.reset_seconds)
        return outcome

    def _rate_limited(self, label: str, outcome: _Outcome) -> Exception:
        now = self._clock()
        seconds = read_retry_after(outcome.headers, now)
        if not seconds:
            quota = read_quota(outcome.headers, now)
            seconds = quota.reset_seconds if quota else None
        error = rate_limited(label, seconds, outcome.content)
        self._permits.hold(error.retry_after_seconds or 0.0)
        return error


def _headers(token: AccessToken) -> dict[str, str]:
    return {"Authorization": f"Bearer {token.value.get_secret_value()}", "Accept": "application/json"}


def _outcome(reply: Reply, limit: int) -> _Outcome:
    succeeded = 200 <= reply.status < 300
    return _Outcome(reply.status, reply.headers, reply.body(limit) if succeeded else reply.beginning(_ERROR_LIMIT))


def _path(route: str, ids: Mapping[str, str]) -> str:
    """Return the route with its ids filled in. Refuses an id that would lead elsewhere (``../…``)."""
    for name, value in ids.items():
        if value.strip(".") == "":
            raise LookupFailed(f"{value!r} is no {name}.", way_out="Check the ids of the group.")
    return route.format(**{name: quote(value, safe="") for name, value in ids.items()})
