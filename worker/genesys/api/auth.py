"""The access token of an OAuth client (client credentials): all workers share one, and one of them renews it early."""

from __future__ import annotations

import base64
import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import SecretStr

from worker.domain.clock import Clock
from worker.errors import CredentialsRefused, MalformedAnswer, NotYet, RequestRefused, TransientError
from worker.genesys.api.json_body import read_object
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.quota_headers import read_retry_after
from worker.genesys.api.refusals import TEMPORARY, rate_limited, source_unavailable
from worker.genesys.api.wire import MEGABYTE, Reply, Wire
from worker.traces import exchanges as traced

MARGIN = timedelta(minutes=5)
"""How long before its end an access token is renewed: this, or a tenth of its life if that is less."""

_SHORTEST_LIFE_SECONDS = 300.0
_LONGEST_LIFE_SECONDS = 172_800.0
_OTHERS_RENEWAL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An OAuth access token and its lifetime. Both instants are aware."""

    value: SecretStr
    obtained_at: datetime
    expires_at: datetime

    @property
    def renew_at(self) -> datetime:
        """From when on a new one is fetched, while this one still works."""
        return self.expires_at - min((self.expires_at - self.obtained_at) / 10, MARGIN)


class TokenStore(Protocol):
    """Where the workers share the access token of a client. ``client_key`` is `Organisation.client_key`."""

    def get(self, client_key: str) -> AccessToken | None:
        """Return the stored access token, or None."""

    def put(self, client_key: str, token: AccessToken) -> None:
        """Store an access token in place of the previous one."""

    def renewing(self, client_key: str) -> AbstractContextManager[bool]:
        """Yield True to the one caller that must renew the token now, and False at once to the others."""


class MemoryTokenStore:
    """A `TokenStore` for one process: the operator's shell."""

    def __init__(self) -> None:
        self._tokens: dict[str, AccessToken] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def get(self, client_key: str) -> AccessToken | None:
        """Return the stored access token, or None."""
        return self._tokens.get(client_key)

    def put(self, client_key: str, token: AccessToken) -> None:
        """Store an access token."""
        self._tokens[client_key] = token

    @contextmanager
    def renewing(self, client_key: str) -> Iterator[bool]:
        """Yield True to the first thread, and False to those that come while it renews."""
        lock = self._locks[client_key]
        is_renewer = lock.acquire(blocking=False)
        try:
            yield is_renewer
        finally:
            if is_renewer:
                lock.release()


class AccessTokens:
    """Gives out a working access token. Login requests need no permit: they do not count against the quota."""

    def __init__(
        self,
        organisation: Organisation,
        store: TokenStore,
        *,
        clock: Clock,
        wire: Wire | None = None,
    ) -> None:
        self._organisation = organisation
        self._store = store
        self._wire = wire
        self._clock = clock

    def current(self) -> AccessToken:
        """Return the shared access token, renewed if its end is near. Raises CredentialsRefused."""
        token = self._store.get(self._organisation.client_key)
        now = self._clock()
        if token is None or token.expires_at <= now:
            return self._renewed(token)
        if token.renew_at <= now:
            return self._renewed_ahead(token)
        return token

    def after_refusal(self, refused: AccessToken) -> AccessToken:
        """Return a token other than the one that the API just refused: a new one, or the one another worker got."""
        return self._renewed(refused)

    def _renewed_ahead(self, token: AccessToken) -> AccessToken:
        """The old token still works: a caller that may not renew it, or cannot reach the login host, uses it on."""
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
        # no failed attempt: a worker that was killed while it renewed blocks all runs for half a minute
        raise NotYet(
            f"Another worker is still renewing the access token of organisation {self._organisation.name!r}.",
            way_out="The step is retried automatically.",
            retry_after_seconds=2.0,
        )

    def _try_renewing(self, old: AccessToken | None) -> AccessToken | None:
        """Return a token other than ``old``, or None while another worker is requesting it."""
        key = self._organisation.client_key
        with self._store.renewing(key) as is_renewer:
            shared_token = self._store.get(key)
            if (
                shared_token
                and (old is None or shared_token.value != old.value)
                and shared_token.expires_at > self._clock()
            ):
                return shared_token
            if not is_renewer:
                return None
            fresh = self._requested()
            self._store.put(key, fresh)
            return fresh

    def _requested(self) -> AccessToken:
        organisation = self._organisation
        label = f"POST /oauth/token of organisation {organisation.name!r}"
        wire = self._wire or Wire.for_organisation(organisation)
        with (
            traced.request("POST", "/oauth/token", organisation.name) as record_status,
            wire.exchange(
                label,
                "POST",
                f"{organisation.login_url.rstrip('/')}/oauth/token",
                headers={"Authorization": _basic(organisation), "Accept": "application/json"},
                form={"grant_type": "client_credentials"},
            ) as reply,
        ):
            record_status(reply.status)
            now = self._clock()
            if reply.status == 429:
                raise rate_limited(label, read_retry_after(reply.headers, now), reply.beginning(1024))
            if reply.status != 200:
                raise _login_refused(organisation, label, reply, now)
            return _read(read_object(reply.body(MEGABYTE), label), now, label)


def _basic(organisation: Organisation) -> str:
    pair = f"{organisation.client_id}:{organisation.client_secret.get_secret_value()}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _login_refused(organisation: Organisation, label: str, reply: Reply, now: datetime) -> Exception:
    """Never quote the answer: a careless gateway could repeat the secret in it."""
    status = reply.status
    if status in (400, 401, 403):
        return CredentialsRefused(
            f"{label} answers {status}: the client id or the secret is not accepted.",
            way_out=f"Check {organisation.setting('CLIENT_ID')} and {organisation.setting('CLIENT_SECRET')}, "
            "and that the OAuth client has the grant type Client Credentials.",
        )
    if status >= 500 or status in TEMPORARY:
        return source_unavailable(f"{label} answers {status}", reply.headers, now)
    return RequestRefused(
        f"{label} answers {status}.", status=status, way_out=f"Check {organisation.setting('LOGIN_URL')}."
    )


def _read(body: dict[str, object], now: datetime, label: str) -> AccessToken:
    value = body.get("access_token")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value or " " in value:
        raise MalformedAnswer(f"{label} answers without an access token.", way_out="Check the login address.")
    return AccessToken(SecretStr(value), now, now + timedelta(seconds=_life_seconds(body.get("expires_in"))))


def _life_seconds(stated_seconds: object) -> float:
    """Return the lifetime that the host states if it is usable, else the shortest that can be set for a client."""
    if (
        isinstance(stated_seconds, bool)
        or not isinstance(stated_seconds, int | float)
        or not math.isfinite(stated_seconds)
        or stated_seconds <= 0
    ):
        return _SHORTEST_LIFE_SECONDS
    return min(float(stated_seconds), _LONGEST_LIFE_SECONDS)
