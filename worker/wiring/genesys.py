"""Builds sessions with the organisations of the settings: whose permits, whose token, and who counts the requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from redis import Redis

from worker.domain.runs import RunId
from worker.errors import SettingsError
from worker.genesys.api.auth import AccessToken, AccessTokens
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session
from worker.settings import OrganisationSettings
from worker.state.access_tokens import RedisTokenStore
from worker.state.counters import Measures, Mornings
from worker.state.runs import Runs
from worker.state.token_bucket import Permits, TokenBucket


class Sessions:
    """Opens sessions; one per process, each session for one thread."""

    def __init__(
        self,
        organisations: Mapping[str, OrganisationSettings],
        redis: Redis,
        runs: Runs,
        measures: Measures,
        now: Callable[[], datetime],
    ) -> None:
        self._organisations = organisations
        self._redis = redis
        self._runs = runs
        self._measures = measures
        self._mornings = Mornings(redis)
        self._now = now

    def open(self, name: str, run_id: RunId | None = None, rank: int | None = None) -> Session:
        """A session with an organisation's API; requests are counted for ``run_id``.

        Permits are given by ``rank``: unless it is named, the instant of the run's stand-up (seconds since 1970).
        """
        asked = self._organisation(name)

        def count(_route: str, status: int, _seconds: float) -> None:
            self._measures.request(name, status)
            self._mornings.request(name, self._now().date())
            if run_id:
                self._runs.count_request(run_id)

        return Session(
            asked,
            permits=self._permits(asked, run_id, rank),
            tokens=AccessTokens(asked, RedisTokenStore(self._redis, AccessToken)),
            on_request=count,
        )

    def _organisation(self, name: str) -> Organisation:
        chosen = self._organisations.get(name)
        if chosen is None:
            known = ", ".join(sorted(self._organisations)) or "none"
            raise SettingsError(
                f"The settings know no organisation {name!r} (known: {known}).",
                way_out=f"Set STANDUP_ORGANISATIONS__{name.upper()}__REGION, __CLIENT_ID and __CLIENT_SECRET.",
            )
        return _organisation(name, chosen)

    def _permits(self, organisation: Organisation, run_id: RunId | None, rank: int | None) -> Permits:
        limit = self._organisations[organisation.name].quota_per_minute
        return Permits(
            TokenBucket(self._redis, organisation.client_key, limit),
            on_wait=lambda seconds: self._measures.waited_for_permit(organisation.name, seconds),
            rank=self._rank(run_id) if rank is None else rank,
            ticket=str(run_id or ""),
        )

    def _rank(self, run_id: RunId | None) -> int:
        """The instant of the run's stand-up; whoever has none, as an operator who asks, stands where now stands."""
        run = self._runs.get(run_id) if run_id else None
        return int(((run.standup_at if run else None) or self._now()).timestamp())


def _organisation(name: str, chosen: OrganisationSettings) -> Organisation:
    """The organisation that the settings describe: by region, or by addresses of its own."""
    if chosen.api_url is None:
        return Organisation.for_region(
            chosen.region or "",
            name=name,
            client_id=chosen.client_id,
            client_secret=chosen.client_secret,
            download_hosts=chosen.download_hosts,
        )
    return Organisation(
        name=name,
        api_url=chosen.api_url,
        login_url=chosen.login_url or chosen.api_url,
        client_id=chosen.client_id,
        client_secret=chosen.client_secret,
        download_hosts=chosen.download_hosts,
        allow_plain_http=chosen.allow_plain_http,
    )
