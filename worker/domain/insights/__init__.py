"""What to talk about at the stand-up: rules over a day, each with the figures it rests on.

Troubles come worst first, at most `MOST` of all, the last of them praise where there is any. Incomplete data is the
only thing said about a day whose data are incomplete. The kinds and their figures:

incomplete_data       detail: what is missing, in whole sentences
worst_run             start, end: aware, in the group's zone · service_level · abandons_share of the day's, or None ·
                      minutes
costly_queues         names: one or two · share of the group's late contacts · late of them · late_total
agents_under_floor    count · floor · off_schedule_seconds together · late_logins together, or None
occupancy_high, _low  value · low and high edge of the band
service_level_change  points (now − then) against the previous business day · previous: that day
volume_high           ratio: offered ÷ usually offered on this weekday
best_queue            name · service_level · offered
on_target_streak      metric · days in a row, the reporting day included
target_met            metric · value · goal: a fraction, or the edges of a band
all_targets_met       nothing
"""

from __future__ import annotations

from worker.domain.briefing.content import Briefing, Insight
from worker.domain.groups.thresholds import USUAL, Thresholds
from worker.domain.insights.praise import all_targets_met, best_queue, on_target_streak, service_level_up, target_met
from worker.domain.insights.troubles import (
    agents_under_floor,
    costly_queues,
    occupancy_out_of_band,
    service_level_down,
    volume_high,
)
from worker.domain.insights.worst_run import worst_run
from worker.domain.metrics import Status

MOST = 4
"""As many things as a team remembers, and a phone page holds."""

_SEVERITY = (Status.MISSED, Status.WATCH)


def talk_about(day: Briefing, usual_offered: float | None, edges: Thresholds = USUAL) -> tuple[Insight, ...]:
    """The insights of a day; ``usual_offered`` contacts come on this weekday, None where that is not known."""
    if not day.completeness.whole:
        return (incomplete_data(day),)
    if not day.has_interactions:
        return ()
    praise = _praise(day, edges)
    return (*_troubles(day, usual_offered, edges)[: MOST - len(praise)], *praise)


def incomplete_data(day: Briefing) -> Insight:
    """What the source says is missing."""
    detail = " ".join(_sentence(gap.detail) for gap in day.completeness.holes)
    return Insight("incomplete_data", Status.WATCH, {"detail": detail})


def _sentence(said: str) -> str:
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _troubles(day: Briefing, usual_offered: float | None, edges: Thresholds) -> list[Insight]:
    found = (
        worst_run(day, edges),
        costly_queues(day, edges),
        agents_under_floor(day, edges),
        occupancy_out_of_band(day),
        service_level_down(day, edges),
        volume_high(day, usual_offered, edges),
    )
    return sorted((trouble for trouble in found if trouble), key=lambda trouble: _SEVERITY.index(trouble.status))


def _praise(day: Briefing, edges: Thresholds) -> tuple[Insight, ...]:
    rules = (all_targets_met, service_level_up, best_queue, on_target_streak, target_met)
    found = (rule(day, edges) for rule in rules)
    return next(((praise,) for praise in found if praise), ())
