"""Builds clients, stores and channels once per process, from the settings. Nobody else does.

Everything is built when it is first needed, so that beat starts without SMTP settings and the shell without Redis.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from renderers import font_files
from renderers.font_files import Fonts
from worker import settings
from worker.channels.alert import AlertWebhook
from worker.channels.bucket import BucketChannel
from worker.channels.email import EmailChannel
from worker.channels.guarded import Guarded
from worker.channels.parcel import Channel
from worker.channels.smime import Certificates
from worker.domain import groupfile
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.errors import SettingsError
from worker.genesys.auth import AccessToken, AccessTokens
from worker.genesys.exports.source import ExportsSource
from worker.genesys.organisation import Organisation
from worker.genesys.queries import QueriesSource
from worker.genesys.reporting import ReportingSource
from worker.genesys.session import Session
from worker.genesys.source import Source
from worker.genesys.together import Sharing
from worker.state.access_tokens import RedisTokenStore
from worker.state.answers import StoredAnswers
from worker.state.artifacts import Artifacts
from worker.state.counters import Counters
from worker.state.deliveries import Deliveries
from worker.state.heartbeat import Heartbeat
from worker.state.history import History
from worker.state.measures import Measures
from worker.state.mornings import Mornings
from worker.state.notices import WaitingRuns
from worker.state.retention import Retention
from worker.state.runs import Runs
from worker.state.streaks import Streaks
from worker.state.token_bucket import Permits, TokenBucket
from worker.state.watch import Watch
from worker.wiring_channels import Channels, Routes, WhenUnknown

_REDIS_TIMEOUT_SECONDS = 10.0
_REDIS_RETRIES = 12
"""About fifteen seconds in all, well below a step's lease and limit."""


def now() -> datetime:
    """The present instant, in UTC: the one place where the system reads the clock."""
    return datetime.now(UTC)


class Parts:
    """The parts of one process. Properties are built on first use and kept."""

    def __init__(self, loaded: settings.Settings) -> None:
        self.settings = loaded
        self._groups: tuple[tuple[float, ...], groupfile.GroupFile] | None = None

    @cached_property
    def redis(self) -> Redis:
        """Our own Redis database, which the broker's messages never enter."""
        return Redis.from_url(
            self.settings.redis_url,
            decode_responses=True,
            socket_timeout=_REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=_REDIS_TIMEOUT_SECONDS,
            health_check_interval=15,
            # A server that restarts is away for some seconds; without this a step would fail for it.
            retry=Retry(ExponentialWithJitterBackoff(base=0.1, cap=2.0), _REDIS_RETRIES),
        )

    @cached_property
    def runs(self) -> Runs:
        """The run ledger."""
        return Runs(self.redis)

    @cached_property
    def deliveries(self) -> Deliveries:
        """The delivery records."""
        return Deliveries(self.redis, lambda ended: self.measures.delivered(ended.channel, ended.state))

    @cached_property
    def history(self) -> History:
        """The sums of past days."""
        return History(self.redis)

    @cached_property
    def heartbeat(self) -> Heartbeat:
        """Beat's sign of life."""
        return Heartbeat(self.redis)

    @cached_property
    def waiting(self) -> WaitingRuns:
        """Which runs wait for which job."""
        return WaitingRuns(self.redis)

    @cached_property
    def watch(self) -> Watch:
        """The watchdog's memory."""
        return Watch(self.redis)

    @cached_property
    def counters(self) -> Counters:
        """The counts behind the metrics."""
        return Counters(self.redis)

    @cached_property
    def mornings(self) -> Mornings:
        """What was asked on which day, and for how many briefings."""
        return Mornings(self.redis)

    @cached_property
    def measures(self) -> Measures:
        """What is counted."""
        return Measures(self.counters)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Rows and documents."""
        return Artifacts(self.settings.artifacts)

    @cached_property
    def retention(self) -> Retention:
        """All that is kept, by group and day."""
        return Retention(self.artifacts, self.redis)

    @cached_property
    def email(self) -> EmailChannel:
        """The mail server; SettingsError when none is named."""
        return self._routes.email()

    def channels(self, group: Group) -> Channels:
        """The channels for one handing over, which carry what the group's policy allows; close it afterwards."""

        def guarded(kind: str, channel: Channel) -> Channel:
            sealed_for = self.certificates.has if kind == "email" else lambda _: False
            return Guarded(channel, group.personal_data, sealed_for)

        return Channels(self._routes, guarded)

    @cached_property
    def streaks(self) -> Streaks:
        """What operations know already."""
        return Streaks(self.redis, self.settings.alerts.per_hour if self.settings.alerts else 20)

    def bucket(self, name: str) -> BucketChannel:
        """The bucket of this name; SettingsError names those there are."""
        return self._routes.bucket(name)

    def when_unknown(self, kind: str) -> WhenUnknown:
        """The rule for a delivery over this kind of channel whose outcome nobody knows."""
        return self._routes.when_unknown(kind)

    @cached_property
    def certificates(self) -> Certificates:
        """The certificates of those who get their mail encrypted."""
        return Certificates(self.settings.smime_certificates)

    @cached_property
    def _routes(self) -> Routes:
        return Routes(self.settings, self.certificates, now)

    @cached_property
    def alerts(self) -> AlertWebhook | None:
        """Operations' webhook, or None when the settings name none."""
        chosen = self.settings.alerts
        return AlertWebhook(chosen.webhook_url, kind=chosen.kind) if chosen else None

    @cached_property
    def fonts(self) -> Fonts:
        """Where names in scripts that no shipped face has get their letters from."""
        return Fonts(self.settings.fonts, font_files.FOLDERS)

    def group_file(self) -> groupfile.GroupFile:
        """All groups and all problems of the group file; read again when a file has changed."""
        path = self.settings.groups_path
        stamp = _stamp(path)
        if self._groups is None or self._groups[0] != stamp:
            self._groups = (stamp, groupfile.read(path))
        return self._groups[1]

    def group(self, key: str) -> Group:
        """The group of this key; SettingsError names those there are, or its mistake."""
        found = self.group_file()
        for group in found.groups:
            if group.key == key:
                return group
        problems = [str(problem) for problem in found.problems if key in str(problem)]
        there = ", ".join(group.key for group in found.groups) or "none"
        raise SettingsError(
            f"There is no healthy group {key!r} in {self.settings.groups}.",
            way_out=" ".join(problems) or f"The groups are: {there}.",
        )

    def session(self, organisation: str, run_id: RunId | None = None, rank: int | None = None) -> Session:
        """A session with an organisation's API; requests are counted for ``run_id``.

        Permits are given by ``rank``: unless it is named, the instant of the run's stand-up (seconds since 1970).
        """
        asked = self._organisation(organisation)

        def count(_route: str, status: int, _seconds: float) -> None:
            self.measures.request(organisation, status)
            self.mornings.request(organisation, now().date())
            if run_id:
                self.runs.count_request(run_id)

        return Session(
            asked,
            permits=self._permits(asked, run_id, rank),
            tokens=AccessTokens(asked, RedisTokenStore(self.redis, AccessToken)),
            on_request=count,
        )

    def source(self, group: Group, run_id: RunId | None = None, sharing: Sharing | None = None) -> Source:
        """The group's source, asking on behalf of a run."""
        session, answers = self.session(group.organisation, run_id), self.answers(group.organisation)
        if group.source == "reporting":
            return ReportingSource(session, answers, now)
        if group.source == "exports":
            return ExportsSource(session, answers, now, sharing)
        return QueriesSource(session, answers, now, sharing)

    def answers(self, organisation: str) -> StoredAnswers:
        """What this organisation said a moment ago, shared by all workers."""
        return StoredAnswers(self.artifacts, organisation, now)

    def _organisation(self, name: str) -> Organisation:
        chosen = self.settings.organisations.get(name)
        if chosen is None:
            known = ", ".join(sorted(self.settings.organisations)) or "none"
            raise SettingsError(
                f"The settings know no organisation {name!r} (known: {known}).",
                way_out=f"Set STANDUP_ORGANISATIONS__{name.upper()}__REGION, __CLIENT_ID and __CLIENT_SECRET.",
            )
        return _organisation(name, chosen)

    def _permits(self, organisation: Organisation, run_id: RunId | None, rank: int | None) -> Permits:
        limit = self.settings.organisations[organisation.name].quota_per_minute
        return Permits(
            TokenBucket(self.redis, organisation.client_key, limit),
            on_wait=lambda seconds: self.measures.waited(organisation.name, seconds),
            rank=self._rank(run_id) if rank is None else rank,
            ticket=str(run_id or ""),
        )

    def _rank(self, run_id: RunId | None) -> int:
        """The instant of the run's stand-up; whoever has none, as an operator who asks, stands where now stands."""
        run = self.runs.get(run_id) if run_id else None
        return int(((run.standup_at if run else None) or now()).timestamp())


def _organisation(name: str, chosen: settings.OrganisationSettings) -> Organisation:
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


def _stamp(path: Path) -> tuple[float, ...]:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return tuple(file.stat().st_mtime_ns for file in files if file.exists())


@cache
def parts() -> Parts:
    """The parts of this process."""
    return Parts(settings.load())
