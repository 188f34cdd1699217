"""Counts what was lost, sent twice, recorded wrongly or not reported. Pure: it reads nothing but the readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Literal

from tests.chaos.faults import Kind
from tests.chaos.outages import faults_of_report, reported_after
from tests.chaos.reading import DeliveryReading, MorningReading, RunReading, Silence
from tests.chaos.waits import Wait
from worker.domain.runs import RunState

Count = Literal["lost", "twice", "wrong_status", "untold"]
FATAL: tuple[Count, ...] = ("lost", "twice", "wrong_status", "untold")
"""Counts that must be zero."""

_GIVEN_UP: Mapping[str, Collection[Kind]] = {
    "step_never_ended": ("kill_worker", "kill_main_process", "kill_child", "stop_worker"),
    "source_unavailable": ("platform_away", "silent_platform"),
    "store_unavailable": ("full_disk",),
    "render_process_died": ("kill_render_process", "kill_child"),
}
"""Codes of runs that are failed on purpose, with an alert, and the faults of the morning that excuse it: the step ended
three workers, or was attempted three times in vain."""

_NEVER_SENT = ("", "planned", "refused")
_OPEN_OUTCOME = ("sending", "unknown")
_BAD_ENDS = (RunState.FAILED, RunState.PARTLY_DELIVERED, RunState.MISSED)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must not happen, and where."""

    count: Count
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class OutageReading:
    """A long outage, and after how many seconds operations heard of it. None: they did not."""

    fault: str
    reported_after: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """All counts of a seed."""

    runs: int
    deliveries: int
    mornings: int
    faults: Counter[str]
    faults_not_reached: Counter[str]
    states: Counter[str]
    unknown: int
    unknown_alerted: int
    given_up: int
    silences: tuple[Silence, ...]
    load: tuple[float, ...]
    outages: tuple[OutageReading, ...]
    waits: tuple[Wait, ...]
    problems: tuple[Problem, ...]

    def count(self, name: Count) -> int:
        """Return how many problems of this kind there are."""
        return sum(problem.count == name for problem in self.problems)

    @property
    def resume(self) -> dict[str, float]:
        """The median, the 99th percentile and the longest of the times to resume, in seconds."""
        return _percentiles([wait.seconds for wait in self.waits])

    @property
    def resume_with_redis(self) -> dict[str, float]:
        """The same of the times without those in which Redis was broken, when no worker can begin a step."""
        return _percentiles([wait.seconds - wait.redis_away for wait in self.waits])

    def longest_silences(self, count: int) -> list[Silence]:
        """Return the longest times that runs were without an event, one of each run."""
        return sorted(self.silences, reverse=True)[:count]

    def slowest(self, count: int) -> list[Wait]:
        """Return the steps that waited longest."""
        return sorted(self.waits, key=lambda wait: wait.seconds, reverse=True)[:count]


def judge(mornings: Sequence[MorningReading]) -> Verdict:
    """Return the counts of all mornings together."""
    runs = [run for morning in mornings for run in morning.runs]
    unknown = [run for run in runs for delivery in run.deliveries if delivery.state in _OPEN_OUTCOME]
    injections = [injection for morning in mornings for injection in morning.injections]
    return Verdict(
        runs=len(runs),
        deliveries=sum(len(run.deliveries) for run in runs),
        mornings=len(mornings),
        faults=Counter(str(injection.fault) for injection in injections if injection.happened),
        faults_not_reached=Counter(str(injection.fault) for injection in injections if not injection.happened),
        states=Counter(run.state or "absent" for run in runs),
        unknown=len(unknown),
        unknown_alerted=sum(run.is_alerted for run in unknown),
        given_up=sum(run.code in given_up_codes(morning) for morning in mornings for run in morning.runs),
        silences=tuple(run.silence for run in runs),
        load=tuple(load for morning in mornings for load in morning.load),
        outages=tuple(outage for morning in mornings for outage in _outages(morning)),
        waits=tuple(wait for morning in mornings for wait in morning.waits),
        problems=tuple(problem for morning in mornings for problem in problems(morning)),
    )


def _outages(morning: MorningReading) -> Iterator[OutageReading]:
    for injection in morning.injections:
        if injection.happened and injection.fault.is_reported:
            seconds = reported_after(injection, morning.alerts)
            yield OutageReading(str(injection.fault), seconds if seconds is None else round(seconds, 1))


def _percentiles(values: Collection[float]) -> dict[str, float]:
    if not values:
        return {}
    seconds = sorted(values)
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1), "max": round(seconds[-1], 1)}


def problems(morning: MorningReading) -> Iterator[Problem]:
    """Yield everything that must not happen."""
    place, excused_codes = f"morning {morning.number}", given_up_codes(morning)
    for run in morning.runs:
        yield from (Problem(count, f"{place}, {run.run_id}", text) for count, text in _of_run(run, excused_codes))
    for injection in morning.injections:
        yield from (Problem("untold", place, text) for text in faults_of_report(injection, morning.alerts))


def given_up_codes(morning: MorningReading) -> frozenset[str]:
    """Return the codes with which a run of this morning may fail."""
    kinds = {injection.fault.kind for injection in morning.injections if injection.happened}
    return frozenset(code for code, causes in _GIVEN_UP.items() if kinds.intersection(causes))


def _of_run(run: RunReading, excused_codes: frozenset[str]) -> Iterator[tuple[Count, str]]:
    if run.is_open:
        yield "wrong_status", f"it has not ended: {run.state or 'no record'}"
    elif run.state == RunState.DELIVERED and any(delivery.state != "sent" for delivery in run.deliveries):
        yield "wrong_status", "delivered, and not every delivery is sent"
    if run.state in _BAD_ENDS and not run.is_alerted:
        yield "untold", f"{run.state} ({run.code}) without an alert"
    for delivery in run.deliveries:
        is_excused = run.code in excused_codes
        yield from ((count, f"{delivery}") for count in _of_delivery(delivery, is_excused))


def _of_delivery(delivery: DeliveryReading, is_excused: bool) -> Iterable[Count]:
    if delivery.arrived > 1:
        yield "twice"
    if delivery.state in _NEVER_SENT and delivery.arrived:
        yield "wrong_status"
    if delivery.state == "sent" and not delivery.arrived:
        yield from ("wrong_status", "lost")
    if delivery.state in _NEVER_SENT and not delivery.arrived and not is_excused:
        yield "lost"
