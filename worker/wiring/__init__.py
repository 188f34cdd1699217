"""Builds clients, stores and channels once per process, from the settings. Nobody else does.

Everything is built when it is first needed, so that beat starts without SMTP settings and the shell without Redis.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, cached_property

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from renderers import font_files
from renderers.font_files import Fonts
from worker import settings
from worker.alerts.webhook import AlertWebhook
from worker.channels.bucket import BucketChannel
from worker.channels.guards import PersonalDataGuard
from worker.channels.mail.smime import Certificates
from worker.channels.parcel import Channel
from worker.channels.smtp.channel import EmailChannel
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.genesys.api.session import Session
from worker.genesys.exports.source import ExportsSource
from worker.genesys.queries.source import QueriesSource
from worker.genesys.reporting.source import ReportingSource
from worker.genesys.sharing.plan import Sharing
from worker.genesys.source import Source
from worker.groupfiles.reading import GroupFile
from worker.groupfiles.reloading import Groups
from worker.state.answers import StoredAnswers
from worker.state.artifacts import Artifacts
from worker.state.counters import Counters, Measures, Mornings
from worker.state.deliveries import Deliveries
from worker.state.heartbeat import Heartbeat
from worker.state.history import History
from worker.state.notices import WaitingRuns
from worker.state.retention import Retention
from worker.state.runs import Runs
from worker.state.streaks import Streaks
from worker.state.watch import Watch
from worker.wiring.channels import Channels, Routes, WhenUnknown
from worker.wiring.genesys import Sessions

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
            sealed_for = self.certificates.covers if kind == "email" else lambda _: False
            return PersonalDataGuard(channel, group.personal_data, sealed_for)

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

    def group_file(self) -> GroupFile:
        """All groups and all problems of the group files; read again when a file has changed."""
        return self._groups.file()

    def group(self, key: str) -> Group:
        """The group of this key; SettingsError names those there are, or its mistake."""
        return self._groups.group(key)

    @cached_property
    def _groups(self) -> Groups:
        return Groups(self.settings.groups_path)

    def session(self, organisation: str, run_id: RunId | None = None, rank: int | None = None) -> Session:
        """A session with an organisation's API; requests are counted for ``run_id``, permits given by ``rank``."""
        return self._sessions.open(organisation, run_id, rank)

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

    @cached_property
    def _sessions(self) -> Sessions:
        return Sessions(self.settings.organisations, self.redis, self.runs, self.measures, now)


@cache
def parts() -> Parts:
    """The parts of this process."""
    return Parts(settings.load())
