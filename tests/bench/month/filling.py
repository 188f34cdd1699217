"""Passes the runs of many mornings through all steps, with what each leaves in Redis and among the artifacts."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from redis import Redis

from tests.bench.month.pipelined import PipelinedRedis
from tests.integration.model.model_clock import ModelClock, scripts_by_model_clock
from tests.queue_days import Centre, rows_of_day
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, NextStep, RetryLater, RunId, RunState, Step, StepOutcome
from worker.services.expiring import COMPACT_AFTER
from worker.state import scripts
from worker.state.ageing.compaction import Compaction
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import FIGURES, MESSAGE, ROWS, Artifacts, of_run
from worker.state.forecasts import Forecasts
from worker.state.history import History
from worker.state.runs import Runs

TICK_MICROS = 13_577
"""Each call of the ledger is so much later than the one before, so that all instants differ, as in production."""

FAILED_OF = 50
"""One run of so many fails."""

_FIRST_MINUTE = time(6, 30)
_DAYS_OF_FIGURES = 40
_QUEUES = 3
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Month:
    """What is simulated: groups with one recipient and three queues each, every day from ``first_day`` on."""

    groups: int
    days: int
    first_day: date
    keeps_files: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys of all groups."""
        return [f"support-team-{number:05}" for number in range(self.groups)]

    @property
    def reporting_days(self) -> list[date]:
        """All reporting days, oldest first."""
        return [self.first_day + timedelta(days=number) for number in range(self.days)]


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills one Redis and one artifact store."""

    month: Month
    redis: Redis
    artifacts: Artifacts

    def fill(self) -> Iterator[date]:
        """Play one morning after another, and yield each day when it is over and old records were made small."""
        client = PipelinedRedis(self.redis)
        figures, forecasts = list(_figures()), _forecast()
        clock = ModelClock(self.redis)
        self.redis.script_load(scripts.source("record_day"))
        with scripts_by_model_clock(self.redis, tick_micros=TICK_MICROS):
            for day in self.month.reporting_days:
                morning = datetime.combine(day + timedelta(days=1), _FIRST_MINUTE, UTC)
                clock.advance(morning.timestamp() - clock.seconds)
                self._morning(client, day, figures)
                forecast_records = Forecasts(client)
                for key in self.month.keys:
                    forecast_records.record(key, day + timedelta(days=1), 1, forecasts)
                client.flush()
                self._compact(morning + timedelta(hours=12))
                yield day

    def _morning(self, client: PipelinedRedis, day: date, figures: Sequence[DayFigures]) -> None:
        run_ids = [RunId(key, day) for key in self.month.keys]
        standup_at = datetime.combine(day + timedelta(days=1), time(8), UTC).isoformat()
        for start in range(0, len(run_ids), _BATCH):
            claims = [(run_id, {"standup_at": standup_at, "source": "queries"}) for run_id in run_ids[start:][:_BATCH]]
            assert all(Runs(self.redis).claim_all("beat", claims))
        for number in range(len(_outcomes(run_ids[0]))):
            for run_id in run_ids:
                _step(client, run_id, number)
            client.flush()
        history = History(client)
        for number, run_id in enumerate(run_ids):
            history.record(run_id.group, day, 1, figures[(number + day.toordinal()) % len(figures)])
            if self.month.keeps_files:
                self._store_files(run_id)
        client.flush()

    def _store_files(self, run_id: RunId) -> None:
        """Store files with the names of a run's, which `expire` lists and deletes."""
        for name in (ROWS, FIGURES, MESSAGE, "daily-standup.pdf", "daily-standup.xlsx"):
            self.artifacts.put(of_run(run_id, name), b"{}")

    def _compact(self, now: datetime) -> None:
        Compaction(self.redis).compact(int((now - COMPACT_AFTER).timestamp() * 1000))


def _step(client: Redis, run_id: RunId, number: int) -> None:
    """Let a worker do one step of a run, with its requests, and its delivery if it is the last one."""
    runs, holder = Runs(client), f"{random.getrandbits(128):032x}"
    step, outcome = _outcomes(run_id)[number]
    runs.enter(run_id, step, holder)
    if step in (Step.EXPORT, Step.POLL):
        runs.count_request(run_id)
    if step == Step.DELIVER and not _fails(run_id):
        _deliver(Deliveries(client), run_id)
    runs.settle(run_id, step, holder, outcome)


def _deliver(deliveries: Deliveries, run_id: RunId) -> None:
    address, day = f"{run_id.group}@northgate.example", run_id.reporting_day + timedelta(days=1)
    deliveries.plan(run_id, [("email", address)])
    planned = Delivery("email", address, "planned", tries=1, until=f"{day}T09:00:00+00:00")
    deliveries.move(run_id, replace(planned, state="sending"), ("planned",))
    proof = f"250 2.0.0 Ok: queued as {random.getrandbits(40):010X}"
    message_id = f"<{run_id.group}.{run_id.reporting_day}.r1.{random.getrandbits(32):08x}@northgate.example>"
    deliveries.move(run_id, planned.sent(proof, message_id), ("sending",))


def _fails(run_id: RunId) -> bool:
    return (int(run_id.group[-5:]) + run_id.reporting_day.toordinal()) % FAILED_OF == 0


def _outcomes(run_id: RunId) -> Sequence[tuple[Step, StepOutcome]]:
    """Return how the steps of a run end, as `standup explain` shows it of a run with the source ``queries``."""
    last = (
        Finished(
            RunState.FAILED,
            "failed: delivery_refused",
            {"code": "delivery_refused", "sentence": "No recipient got the briefing. 550 5.1.1 no such mailbox"},
            detail="No recipient got the briefing. 550 5.1.1 no such mailbox",
        )
        if _fails(run_id)
        else Finished(RunState.DELIVERED, "1 sent, 0 not")
    )
    return (
        (Step.HOLIDAY_CHECK, NextStep(Step.EXPORT, "business day")),
        (Step.EXPORT, RetryLater(0, "another run is asking for this")),
        (Step.EXPORT, NextStep(Step.POLL, "export started", {"job": '{"id":"queries","status":"done"}'})),
        (Step.POLL, RetryLater(0, "asked for several groups, to be asked again", {"polls": 1})),
        (Step.POLL, NextStep(Step.RENDER, "rows fetched", detail="3 queues, 432 intervals, 12 agents")),
        (Step.RENDER, NextStep(Step.DELIVER, "documents made", {"outcome": "briefing"}, detail=_documents(run_id))),
        (Step.DELIVER, last),
    )


def _documents(run_id: RunId) -> str:
    name = f"daily-standup-{run_id.group}-{run_id.reporting_day}"
    return "; ".join(
        f"{name}.{kind} {size + random.getrandbits(12):,} bytes, SHA-256 {random.getrandbits(64):016x}"
        for kind, size in (("pdf", 40_000), ("xlsx", 20_000))
    )


def _figures() -> Iterator[DayFigures]:
    """Yield the figures of simulated days with 24 half-hours."""
    centre = Centre(400, queue_shares=[1 / _QUEUES] * _QUEUES)
    chance = random.Random(1)
    queue_ids = {f"q{number}": str(uuid.UUID(int=chance.getrandbits(128))) for number in range(_QUEUES)}
    for number in range(_DAYS_OF_FIGURES):
        rows = rows_of_day(centre, date(2026, 8, 3) + timedelta(days=number), chance)
        intervals = tuple(replace(row, queue_id=queue_ids[row.queue_id]) for row in rows.intervals)
        yield figures_of(replace(rows, intervals=intervals), ZoneInfo("UTC"))


def _forecast() -> dict[str, dict[str, float]]:
    """Return the forecast of a day of 24 half-hours."""
    return {"voice": {f"{8 + number // 2:02}:{30 * (number % 2):02}": 17.25 + number for number in range(24)}}
