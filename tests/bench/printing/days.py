"""Days to make documents of: the tests' sample day, as another group has it, with all pages, with many rows."""

from __future__ import annotations

import functools
from dataclasses import replace

from tests.gallery.days import with_plan
from tests.unit.renderers.conftest import SAMPLE
from worker.domain.briefing.content import Briefing, Counts
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import ExplainedFactor, Why

WHY = Why(
    level=0.775,
    average=0.834,
    days=8,
    factors=(
        ExplainedFactor(Factor.VOLUME, -0.031, 5_438, 5_021, (4_610, 5_300), is_outside=True, is_clearly_outside=True),
        ExplainedFactor(Factor.HANDLE, -0.012, 344, 331, (318, 345)),
        ExplainedFactor(Factor.STAFFING, -0.009, 1_310_000, 1_342_000, (1_290_000, 1_390_000)),
        ExplainedFactor(Factor.MIX, 0.002, 339, 341, (333, 349)),
    ),
    unexplained=-0.009,
    causes=(Factor.VOLUME,),
    is_unusual=True,
)
"""Why the sample's service level is low: more contacts."""


def sample_variant(number: int) -> Briefing:
    """A day with other names and counts, and as much to say."""
    return replace(
        SAMPLE,
        group_title=f"{SAMPLE.group_title} {number}",
        half_hours=tuple(replace(half, counts=_raised(half.counts, number)) for half in SAMPLE.half_hours),
        queues=tuple(
            replace(line, name=f"{line.name}-{number}", counts=_raised(line.counts, number)) for line in SAMPLE.queues
        ),
        agents=tuple(replace(line, name=f"{line.name}-{number}") for line in SAMPLE.agents),
    )


def full_variant(number: int) -> Briefing:
    """A day with every page: also why the service level is low, today's plan, and what became of earlier points.

    The plan and the earlier points are another day's, so their figures do not agree with those of the other pages.
    """
    planned = _planned()
    return replace(sample_variant(number), today=planned.today, explanation=WHY, follow_up=planned.follow_up)


@functools.cache
def _planned() -> Briefing:
    return with_plan("en")


def many(queues: int, agents: int) -> Briefing:
    """The sample day, its queues and agents over and over."""
    lines, people = SAMPLE.queues, SAMPLE.agents
    return replace(
        SAMPLE,
        queues=tuple(replace(lines[index % len(lines)], name=f"Queue {index}") for index in range(queues)),
        agents=tuple(replace(people[index % len(people)], name=f"Agent {index}") for index in range(agents)),
    )


def _raised(counts: Counts, number: int) -> Counts:
    return replace(counts, offered=(counts.offered or 0) + number, abandoned=(counts.abandoned or 0) + number)
