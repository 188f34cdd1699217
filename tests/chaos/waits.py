"""What the steps that were begun again waited for: the lease, the sweep, the messages before theirs, or Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.faults import Kind
from tests.chaos.injecting import Injection
from tests.chaos.resuming import Resumption
from worker.domain.runs import Event
from worker.services.recovery import SENT_AGAIN

Period = tuple[float, float]

_REDIS_OUTAGES: tuple[Kind, ...] = ("kill_redis", "redis_full", "redis_read_only", "redis_flaps", "dead_connections")
"""Faults during which no step can begin."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a step waited until it was begun again, in seconds, and what for.

    ``lease``: from the fault until the lease of the first worker ended. ``sweep``: after that until the step was last
    sent again. ``queue``: after that until a worker began it. Without ``sent_again``, which counts the messages of the
    sweep, the broker gave an earlier message to another worker, and all is in ``queue``. ``redis_away``: the part of
    the time in which Redis was broken. ``faults``: all faults of that time.
    """

    run_id: str
    step: str
    seconds: float
    lease: float
    sweep: float
    queue: float
    sent_again: int
    redis_away: float
    faults: tuple[str, ...]


def waits(
    resumptions: Iterable[Resumption], injections: Sequence[Injection], timeline: Callable[[str], list[Event]]
) -> Iterator[Wait]:
    """Yield what each of the resumed steps waited for. ``timeline`` returns the events of a run."""
    for resumption in resumptions:
        happened = [injection for injection in injections if injection.happened]
        yield _wait(resumption, happened, timeline(resumption.run_id))


def _wait(resumption: Resumption, injections: Sequence[Injection], events: Sequence[Event]) -> Wait:
    begin, end = resumption.interrupted_at, resumption.begun_at
    earlier_events = [event for event in events if event.time.timestamp() <= end]
    sent = [event.time.timestamp() for event in earlier_events if event.text == SENT_AGAIN]
    sent = [instant for instant in sent if instant >= begin]
    left_at = max(resumption.lease_ended_at, sent[-1] if sent else 0.0)
    present = [injection for injection in injections if _overlap((begin, end), injection)]
    return Wait(
        run_id=resumption.run_id,
        step=earlier_events[-1].step if earlier_events else "",
        seconds=round(resumption.seconds, 1),
        lease=round(resumption.lease_ended_at - begin, 1),
        sweep=round(left_at - resumption.lease_ended_at, 1),
        queue=round(end - left_at, 1),
        sent_again=len(sent),
        redis_away=round(_seconds_away(present, (begin, end)), 1),
        faults=tuple(f"{injection.fault} at {injection.began_at - begin:+.1f} s" for injection in present),
    )


def _overlap(period: Period, injection: Injection) -> Period | None:
    """Return the part of the period in which the fault lasted."""
    begin, end = max(period[0], injection.began_at), min(period[1], injection.ended_at or period[1])
    return (begin, end) if begin <= end else None


def _seconds_away(injections: Iterable[Injection], period: Period) -> float:
    """Return for how long of the period Redis was broken. Faults at the same time count once."""
    outages = (injection for injection in injections if injection.fault.kind in _REDIS_OUTAGES)
    seconds, counted_until = 0.0, period[0]
    for begin, end in sorted(filter(None, (_overlap(period, outage) for outage in outages))):
        seconds += max(0.0, end - max(begin, counted_until))
        counted_until = max(counted_until, end)
    return seconds
