"""Holidays, whose notice tells what the day after brings and which points are still open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tests.checker import planned
from tests.checker.case import Case
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.groups import Language
from worker.domain.rows import Queue, Rows

POINTS = (
    TalkingPoint("worst_run", 0.523, start="11:00", end="12:30"),
    TalkingPoint("costly_queues", 0.613, queue_id="billing"),
    TalkingPoint("costly_queues", 0.7, queue_id="gone"),
    TalkingPoint("agents_under_floor", 5, floor=0.85),
    TalkingPoint("target_missed", None, "abandonment"),
    TalkingPoint("volume_high", 1900),
)


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _closed(plan: str, *points: TalkingPoint) -> Callable[[], Case]:
    """A holiday before a day with this plan."""

    def make() -> Case:
        case = planned.DAYS[plan]()
        return replace(
            case, rows=Rows((Queue("billing", "Billing"),), ()), holiday="Founders Day", earlier_points=points or None
        )

    return make


def _without_plan() -> Case:
    return replace(_closed("shortage", *POINTS)(), today=None)


DAYS: Mapping[str, Callable[[], Case]] = {
    "holiday before a shortage": _closed("shortage", *POINTS),
    "holiday without a plan": _without_plan,
    "holiday after a quiet day": _closed("none short"),
    "holiday, several media planned": _closed("several media planned", POINTS[0]),
    "holiday, no schedule": _closed("no schedule", POINTS[1]),
    "holiday, late answer": _closed("late answer"),
    "holiday, no licence": _closed("no licence", POINTS[3]),
}
