"""Days to make documents of: the tests' sample day, as another group would have it, or with thousands of rows."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.renderers.conftest import SAMPLE
from worker.domain.briefing.content import Briefing, Counts


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
