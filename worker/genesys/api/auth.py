"""The access token of an OAuth client (client credentials): one for all workers, renewed ahead of its end by one."""

from __future__ import annotations

import base64
import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pydantic import SecretStr

from worker.errors import CredentialsRefused, MalformedAnswer, RequestRefused, SourceUnavailable, TransientError
from worker.genesys.api.json_body import read_object
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.quota_headers import read_retry_after
from worker.genesys.api.refusals import rate_limited
from worker.genesys.api.wire import MEGABYTE, Wire

MARGIN = timedelta(minutes=5)
"""A long-lived access token is renewed so long before its end; a short-lived one a tenth of its life before."""

_SHORTEST_LIFE_SECONDS = 300.0
_LONGEST_LIFE_SECONDS = 172_800.0
_OTHERS_RENEWAL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An OAuth access token with its life; both instants are aware."""

    value: SecretStr
    obtained_at: datetime
    expires_at: datetime

    @property
    def renew_at(self) -> datetime:
        """From when on a new one should be fetched while this one still works."""
        return self.expires_at - min((self.expires_at - self.obtained_at) / 10, MARGIN)


class TokenStore(Protocol):
    """Where the workers share the access token of a client; ``client_key`` is `Organisation.client_key`."""

    def get(self, client_key: str) -> AccessToken | None:
        """The kept access token, or None."""

    def put(self, client_key: str, token: AccessToken) -> None:
        """Keep an access token in place of the one before."""

    def renewing(self, client_key: str) -> AbstractContextManager[bool]:
        """True for the one caller that shall renew now, False at once for the others."""


class MemoryTokenStore:
    """A `TokenStore` for one process: the operator's shell."""

    def __init__(self) -> None:
        self._tokens: dict[str, AccessToken] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, client_key: str) -> AccessToken | None:
        """The kept access token, or None."""
        return self._tokens.get(client_key)

    def put(self, client_key: str, token: AccessToken) -> None:
        """Keep an access token."""
        self._tokens[client_key] = token

    @contextmanager
    def renewing(self, client_key: str) -> Iterator[bool]:
        """True for the first thread, False for those that come while it renews."""
        lock = self._locks[client_key]
        mine = lock.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                lock.release()


def utc_now() -> datetime:
    """The present instant, for those who are handed no clock."""
    return datetime.now(UTC)


class AccessTokens:
    """Hands out an access token that works. The login host is asked without a permit: it has no part in the quota."""

    def __init__(
        self,
        organisation: Organisation,
        store: TokenStore,
        *,
        wire: Wire | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._organisation = organisation
        self._store = store
        self._wire = wire or Wire()
        self._clock = clock

    def current(self) -> AccessToken:
        """The shared access token, renewed where its end is near; CredentialsRefused where the client is refused."""
        token = self._store.get(self._organisation.client_key)
        now = self._clock()
        if token is None or token.expires_at <= now:
            return self._renewed(token)
        if token.renew_at <= now:
            return self._renewed_ahead(token)
        return token

    def after_refusal(self, refused: AccessToken) -> AccessToken:
        """Another access token than the one that the API just refused: a fresh one, or what another worker got."""
        return self._renewed(refused)

    def _renewed_ahead(self, token: AccessToken) -> AccessToken:
        """The old one still works: whoever may not renew, or finds no login host, goes on with it."""
        try:
            return self._try_renewing(token) or token
        except TransientError:
            return token

    def _renewed(self, old: AccessToken | None) -> AccessToken:
        give_up_at = time.monotonic() + _OTHERS_RENEWAL_SECONDS
        while time.monotonic() < give_up_at:
            token = self._try_renewing(old)
            if token:
                return token
            time.sleep(0.05)
        raise SourceUnavailable(
            f"Another worker is renewing the access token of organisation {self._organisation.name!r} and is not done.",
            way_out="It is tried again by itself.",
            retry_after_seconds=2.0,
        )

    def _try_renewing(self, old: AccessToken | None) -> AccessToken | None:
        """A token other than ``old``; None while somebody else is fetching it."""
        key = self._organisation.client_key
        with self._store.renewing(key) as mine:
            there = self._store.get(key)
            if there and (old is None or there.value != old.value) and there.expires_at > self._clock():
                return there
            if not mine:
                return None
            fresh = self._fetched()
            self._store.put(key, fresh)
            return fresh

    def _fetched(self) -> AccessToken:
        organisation = self._organisation
        where = f"POST /oauth/token of organisation {organisation.name!r}"
        with self._wire.exchange(
            where,
            "POST",
            f"{organisation.login_url.rstrip('/')}/oauth/token",
            headers={"Authorization": _basic(organisation), "Accept": "application/json"},
            form={"grant_type": "client_credentials"},
        ) as reply:
            now = self._clock()
            if reply.status == 429:
                raise rate_limited(where, read_retry_after(reply.headers, now), reply.beginning(1024))
            if reply.status != 200:
                raise _login_refused(organisation, where, reply.status)
            return _read(read_object(reply.body(MEGABYTE), where), now, where)


def _basic(organisation: Organisation) -> str:
    pair = f"{organisation.client_id}:{organisation.client_secret.get_secret_value()}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _login_refused(organisation: Organisation, where: str, status: int) -> Exception:
    """Never quotes the answer: a careless gateway could repeat the secret in it."""
    if status in (400, 401, 403):
        return CredentialsRefused(
            f"{where} answers {status}: the client id or the secret is not accepted.",
            way_out=f"Check {organisation.setting('CLIENT_ID')} and {organisation.setting('CLIENT_SECRET')}, "
            "and that the OAuth client has the grant type Client Credentials.",
        )
    if status >= 500:
        return SourceUnavailable(f"{where} answers {status}.", way_out="It is tried again by itself.")
    return RequestRefused(
        f"{where} answers {status}.", status=status, way_out=f"Check {organisation.setting('LOGIN_URL')}."
    )


def _read(body: dict[str, object], now: datetime, where: str) -> AccessToken:
    value = body.get("access_token")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value or " " in value:
        raise MalformedAnswer(f"{where} answers without an access token.", way_out="Check the login address.")
    return AccessToken(SecretStr(value), now, now + timedelta(seconds=_life_seconds(body.get("expires_in"))))


def _life_seconds(said: object) -> float:
    """What the host says, where it makes sense; else the shortest life that can be set for a client."""
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said) or said <= 0:
        return _SHORTEST_LIFE_SECONDS
    return min(float(said), _LONGEST_LIFE_SECONDS)
