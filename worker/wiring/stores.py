"""The stores: everything that is kept in Redis and in files, and the group files."""

from __future__ import annotations

from functools import cache

from worker.groupfiles.reloading import Groups
from worker.state.ageing.compaction import Compaction
from worker.state.ageing.retention import Retention
from worker.state.alert_dedup import AlertDedup
from worker.state.counters import Counters, Measures, Mornings
from worker.state.deliveries import Deliveries
from worker.state.files.answers import StoredAnswers
from worker.state.files.artifacts import Artifacts, OutageMark
from worker.state.files.decoded_answers import DecodedAnswers
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.forecasts import Forecasts
from worker.state.heartbeat import Heartbeat
from worker.state.history import History
from worker.state.index.building import RunIndex
from worker.state.notices import AcceptedNotices, WaitingRuns
from worker.state.pauses import Pauses
from worker.state.runs import Runs
from worker.state.single_flight import Landings
from worker.state.version import StateVersion
from worker.state.watch import Watch
from worker.wiring.process import clock, redis, settings

_DEFAULT_ALERTS_PER_HOUR = 20


@cache
def groups() -> Groups:
    """Return the groups of the group files, which are read again when one has changed."""
    return Groups(settings().groups_path)


@cache
def runs() -> Runs:
    """Return the run ledger."""
    return Runs(redis())


@cache
def state_version() -> StateVersion:
    """Return the version of what is stored in Redis."""
    return StateVersion(redis())


@cache
def pauses() -> Pauses:
    """Return which groups are paused."""
    return Pauses(redis())


@cache
def deliveries() -> Deliveries:
    """Return the delivery records, each of which is counted when it has ended."""
    return Deliveries(redis(), lambda delivery: measures().delivered(delivery.channel, delivery.state))


@cache
def history() -> History:
    """Return the sums of past days."""
    return History(redis())


@cache
def forecasts() -> Forecasts:
    """Return the forecasts of days, which are compared with their contacts the next morning."""
    return Forecasts(redis())


@cache
def heartbeat() -> Heartbeat:
    """Return the instant of beat's last question."""
    return Heartbeat(redis())


@cache
def waiting_runs() -> WaitingRuns:
    """Return which runs wait for which job."""
    return WaitingRuns(redis())


def accepted_notices(keep_seconds: int) -> AcceptedNotices:
    """Return the signatures of accepted notices."""
    return AcceptedNotices(redis(), keep_seconds)


@cache
def landings() -> Landings:
    """Return where runs wait for the requests of others."""
    return Landings(redis())


@cache
def watch() -> Watch:
    """Return the watchdog's memory."""
    return Watch(redis())


@cache
def alert_dedup() -> AlertDedup:
    """Return what operations know already."""
    alerts = settings().alerts
    return AlertDedup(redis(), alerts.per_hour if alerts else _DEFAULT_ALERTS_PER_HOUR)


@cache
def counters() -> Counters:
    """Return the counts behind the Prometheus metrics."""
    return Counters(redis())


@cache
def measures() -> Measures:
    """Return the counting of events."""
    return Measures(counters())


@cache
def mornings() -> Mornings:
    """Return the counts of requests and briefings by day."""
    return Mornings(redis())


@cache
def artifacts() -> Artifacts:
    """Return the rows and documents of runs."""
    return Artifacts(settings().artifacts)


@cache
def journal() -> DeliveryJournal:
    """Return who got each run, as far as it is known outside of Redis."""
    return DeliveryJournal(artifacts())


def outage_mark(server: str) -> OutageMark:
    """Return the mark that says that operations know of an outage of this server: ``redis`` or ``broker``."""
    return OutageMark(artifacts(), server)


@cache
def retention() -> Retention:
    """Return all stored data, by group and day."""
    return Retention(artifacts(), redis())


@cache
def compaction() -> Compaction:
    """Return what makes the records of old runs small."""
    return Compaction(redis())


@cache
def decoded_answers() -> DecodedAnswers:
    """Return the answers that this process has decoded."""
    return DecodedAnswers()


@cache
def run_index() -> RunIndex:
    """Return the index of runs by group and state."""
    return RunIndex(redis())


def answers_of(organisation: str) -> StoredAnswers:
    """Return an organisation's recent answers, which all workers share."""
    return StoredAnswers(artifacts(), organisation, clock, decoded_answers())
