"""Sessions with the organisations of the settings, and the source of a group.

A session's requests take permits from the organisation's quota, share its access token and are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from redis import Redis

from worker.domain.clock import Clock
from worker.domain.groups import Group
from worker.domain.groups.model import plain
from worker.domain.runs import RunId
from worker.genesys.access import OrganisationAccess
from worker.genesys.api.auth import AccessToken, AccessTokens
from worker.genesys.api.organisation import Organisation
from worker.genesys.api.session import Session
from worker.genesys.sharing.plan import Sharing
from worker.genesys.source import PlanSource, Source
from worker.settings import PREFIX, OrganisationSettings
from worker.state.access_tokens import RedisTokenStore
from worker.state.counters import Counters, Measures, Mornings
from worker.state.runs import Runs
from worker.state.single_flight import ShortWaits, SingleFlight
from worker.state.token_bucket import Permits, Quotas, TokenBucket
from worker.wiring import stores
from worker.wiring.names import unknown_name
from worker.wiring.process import clock, connect_at_once, redis, settings


class Sessions:
    """Opens sessions, each for one thread."""

    def __init__(
        self,
        organisations: Mapping[str, OrganisationSettings],
        redis: Redis,
        runs: Runs,
        measures: Measures,
        clock: Clock,
    ) -> None:
        self._organisations = organisations
        self._redis = redis
        self._runs = runs
        self._measures = measures
        self._mornings = Mornings(redis)
        self._clock = clock

    def open(self, organisation: str, run_id: RunId | None = None, rank: int | None = None) -> Session:
        """Return a session with an organisation's API whose requests count for ``run_id``.

        Permits are given by ``rank``, by default the instant of the run's stand-up (seconds since 1970).
        """
        address = self._address(organisation)

        def count(_route: str, status: int, _seconds: float) -> None:
            self._measures.request(organisation, status)
            self._mornings.request(organisation, self._clock().date())
            if run_id:
                self._runs.count_request(run_id)

        return Session(
            address,
            permits=self._permits(address, run_id, rank),
            tokens=AccessTokens(address, RedisTokenStore(self._redis, AccessToken, self._clock), clock=self._clock),
            on_request=count,
            clock=self._clock,
        )

    def require(self, name: str) -> None:
        """Raise SettingsError with the known names if the settings do not have the organisation."""
        if name not in self._organisations:
            setting = f"{PREFIX}ORGANISATIONS__{plain(name).upper()}"
            way_out = f"Set {setting}__REGION, __CLIENT_ID and __CLIENT_SECRET."
            raise unknown_name("organisation", name, self._organisations, way_out)

    def _address(self, name: str) -> Organisation:
        self.require(name)
        return _address(name, self._organisations[name])

    def _permits(self, organisation: Organisation, run_id: RunId | None, rank: int | None) -> Permits:
        limit = self._organisations[organisation.name].quota_per_minute

        def on_wait(seconds: float) -> None:
            short_waits().pause()
            self._measures.waited_for_permit(organisation.name, seconds)

        return Permits(
            TokenBucket(self._redis, organisation.client_key, limit),
            on_wait=on_wait,
            rank=cache(lambda: self._standup_rank(run_id) if rank is None else rank),
            ticket=str(run_id or ""),
        )

    def _standup_rank(self, run_id: RunId | None) -> int:
        """Return the instant of the run's stand-up, or the present one if it has none, as for an operator."""
        run = self._runs.get(run_id) if run_id else None
        return int(((run.standup_at if run else None) or self._clock()).timestamp())


def _address(name: str, organisation: OrganisationSettings) -> Organisation:
    """Return the organisation that the settings describe, by region or by addresses of its own."""
    if organisation.api_url is None:
        return Organisation.for_region(
            organisation.region or "",
            name=name,
            client_id=organisation.client_id,
            client_secret=organisation.client_secret,
            download_hosts=organisation.download_hosts,
            ca_file=organisation.ca_file,
            proxy=organisation.proxy,
        )
    return Organisation(
        name=name,
        api_url=organisation.api_url,
        login_url=organisation.login_url or organisation.api_url,
        client_id=organisation.client_id,
        client_secret=organisation.client_secret,
        download_hosts=organisation.download_hosts,
        allow_plain_http=organisation.allow_plain_http,
        ca_file=organisation.ca_file,
        proxy=organisation.proxy,
    )


@cache
def sessions() -> Sessions:
    """Return the sessions of this process."""
    return Sessions(settings().organisations, redis(), stores.runs(), stores.measures(), clock)


def quotas() -> Quotas:
    """Return what reads how much of each organisation's quota is in use."""
    organisations = settings().organisations.items()
    return Quotas(
        redis(), {name: (_address(name, values).client_key, values.quota_per_minute) for name, values in organisations}
    )


@cache
def access() -> OrganisationAccess:
    """Return the access to the organisations on behalf of runs."""
    return OrganisationAccess(sessions().open, stores.answers_of, flights_of)


def session_of(organisation: OrganisationSettings, redis_url: str) -> Session:
    """Return a session with an organisation that the settings do not have yet."""
    redis = connect_at_once(redis_url)
    return Sessions({"main": organisation}, redis, Runs(redis), Measures(Counters(redis)), clock).open("main")


def flights_of(run_id: RunId) -> SingleFlight:
    """Return the single flights of a run. When one has landed, the runs that wait for it are woken."""
    from worker.wiring.services import run_starter

    def wake(waiting: Iterable[str]) -> None:
        run_starter().wake(map(RunId.parse, waiting), "what another run asked for is there")

    return SingleFlight(redis(), str(run_id), wake, short_waits())


@cache
def short_waits() -> ShortWaits:
    """Return the waits of this process for the answers of other runs."""
    return ShortWaits()


def refresh_flights() -> SingleFlight:
    """Return the single flights of the look-up refresh, for which no run waits."""
    return SingleFlight(redis(), "refresh", lambda _: None)


def plan_source_of(group: Group, run_id: RunId | None = None, sharing: Sharing | None = None) -> PlanSource:
    """Return what asks for the plan of a group's day, with requests that count for a run."""
    from worker.genesys.wfm.source import TodaySource

    return TodaySource(sessions().open(group.organisation, run_id), stores.answers_of(group.organisation), sharing)


def source_of(group: Group, run_id: RunId | None = None, sharing: Sharing | None = None) -> Source:
    """Return the group's source, which sends requests for a run."""
    from worker.genesys.exports.source import ExportsSource
    from worker.genesys.queries.source import QueriesSource
    from worker.genesys.reporting.source import ReportingSource

    session, answers = sessions().open(group.organisation, run_id), stores.answers_of(group.organisation)
    if group.source == "reporting":
        return ReportingSource(session, answers, clock)
    if group.source == "exports":
        return ExportsSource(session, answers, clock, sharing)
    return QueriesSource(session, answers, clock, sharing)
