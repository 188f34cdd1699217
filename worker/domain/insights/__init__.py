"""Choose what to talk about at the stand-up. Each insight carries the figures that it is based on.

concerns       rules that find what went wrong with the whole day
lasting      targets that are missed on most days, told once a week
costly_queues  the rule that finds the queues that kept more contacts waiting than the others
worst_run      the rule that finds the half-hours that cost the most
agents         rules about the agents' times
today          the rule that finds what today's shortage of agents costs
unusual        what else is unusual: a figure of the group, or of a queue
consequence    how many contacts a concern is about
praise         rules that find what went well
points         what to remember of a briefing, so that the next one can say what became of it
follow_up      what became of the points of the day before

There are at most `MOST` insights. The concern that left the most contacts unserved comes first, then praise, and what
concerns people only after it. If the data of a day are incomplete, that is its only insight.

The kinds and their figures:

`incomplete_data`         gaps: those that make the day incomplete
`worst_run`               start, end: aware, in the group's zone · service_level · goal · counted contacts
                          · minutes · abandons: of abandons_of_day, None where not known
                          · usual: what is usual then, if this is not · around: a longer stretch under target
`silent_hours`            start, end: local times · usual: how many contacts usually come between them
`today_short`             start, end: aware, of today · contacts forecast, service_level expected · goal
                          · contacts_short of the goal · can_move: activities of agents
                          · planned_medium: of a plan with several
`costly_queues`           names: one or two · late of their counted contacts · other_late of the other_counted ones
                          of the same medium · own_goal: of one queue, if it is not the group's
`target_missed`           metric · value · goal · contacts_off_target, where contacts are counted
                          · missed_days of so many days, if the goal is missed on most days
`agents_under_floor`      count · floor · off_schedule_seconds of all of them · late_logins of all of them, or None
`occupancy_high`          value · low and high edge of the band · is_one_agent, if the group has no other
`occupancy_low`           value · low and high edge of the band · is_once: not on most of the last days
`service_level_change`    points (now − then) against the previous business day · previous: that day · weeks: how many
                          of the same weekday it is compared with too · weekday: the last of them
`service_level_low`       why: the explanation, which names causes or is of an unusual service level
`volume_high`             ratio: offered ÷ usual · usual: the average of this weekday, rounded · weeks: over so many
                          · day: the last of these days · without these two, usual: the middle of the usual range
`figure_unusual`          measure · value: a fraction, contacts or seconds · usual: its usual range · day
`queue_unusual`           the same, name of the queue · contacts that the value is of
`best_queue`              name · service_level · goal · offered · queues: how many are compared
                          · fewest_contacts: that each of them has · own_goal: if it is not the group's
`on_target_streak`        metric · days in a row, the reporting day included · may_be_longer: as the trend ends
`target_met`              metric · value · goal: a fraction, or the thresholds of a band
`all_targets_met`         nothing

On a day with several media, insights about service level or abandonment have the figure ``medium``, and costly_queues
has ``media``, one for each name. `silent_hours` has it if another medium had contacts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from worker.domain.briefing.comparison import UsualVolume
from worker.domain.briefing.content import Briefing, Insight
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS, Thresholds
from worker.domain.insights.agents import agents_under_floor, occupancy_out_of_band
from worker.domain.insights.concerns import (
    MOST_TARGETS_MISSED,
    agents_targets_missed,
    service_level_down,
    service_level_low,
    targets_missed,
    volume_high,
)
from worker.domain.insights.consequence import contacts_short
from worker.domain.insights.costly_queues import costly_queues
from worker.domain.insights.praise import all_targets_met, best_queue, on_target_streak, service_level_up, target_met
from worker.domain.insights.today import today_short
from worker.domain.insights.unusual import is_told_by, silent_hours, unusual_figures, unusual_queues
from worker.domain.insights.worst_run import worst_runs
from worker.domain.metrics import Status
from worker.domain.unusual.half_hours import RangeOfRun
from worker.domain.why.content import Why

MOST = 4
"""As many as a team remembers and a phone page holds."""

_SEVERITY = (Status.MISSED, Status.WATCH)


def talk_about(
    day: Briefing,
    usual: UsualVolume | None,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
    usual_in_run: RangeOfRun = lambda *_: None,
) -> tuple[Insight, ...]:
    """Return the insights of a day. ``usual``: the usual number of contacts on this weekday, None if not known.

    ``usual_in_run`` returns what is usual in half-hours, None if they are not unusually late.
    """
    if not day.completeness.whole:
        return (incomplete_data(day),)
    if not day.has_interactions:
        return ()
    unusual = [*unusual_figures(day), *unusual_queues(day)]
    praise, people = _praise(day, unusual, thresholds), agents_under_floor(day, thresholds)
    runs = worst_runs(day, thresholds, usual_in_run)
    unusual_concerns = [*silent_hours(day), *(insight for insight in unusual if not _is_good(insight))]
    concerns = _concerns(day, usual, runs, unusual_concerns, people, thresholds)
    most = MOST - len(praise)
    return (*concerns[:most], *praise, *([people] if people and len(concerns) < most else []))


def _is_good(insight: Insight) -> bool:
    return insight.status is Status.ON_TARGET


def incomplete_data(day: Briefing) -> Insight:
    """Return what the source says is missing."""
    return Insight("incomplete_data", Status.WATCH, {"gaps": day.completeness.holes})


def _concerns(
    day: Briefing,
    usual: UsualVolume | None,
    runs: Sequence[Insight],
    unusual: Collection[Insight],
    people: Insight | None,
    thresholds: Thresholds,
) -> list[Insight]:
    """Return what went wrong, what left the most contacts unserved first. ``people``: what is said of agents."""
    occupancy = occupancy_out_of_band(day)
    low = service_level_low(day)
    missed = [target for target in targets_missed(day, runs) if not is_told_by(day, target, unusual)]
    candidates = (
        low,
        None if low else service_level_down(day, thresholds),
        *runs,
        costly_queues(day, thresholds),
        *missed[:MOST_TARGETS_MISSED],
        volume_high(day, usual, thresholds),
        today_short(day, thresholds),
        *unusual,
        occupancy,
        *agents_targets_missed(day, (occupancy, people)),
    )
    concerns = [candidate for candidate in candidates if candidate]
    concerns = [concern for concern in concerns if not is_told_by(day, concern, concerns)]
    return sorted(concerns, key=lambda concern: _rank(day, concern))


def _rank(day: Briefing, concern: Insight) -> tuple[int, bool, int]:
    """Rank the most contacts unserved first, then what is unusual, then missed targets."""
    return -round(contacts_short(day, concern)), not _is_unusual(concern), _SEVERITY.index(concern.status)


def _is_unusual(concern: Insight) -> bool:
    """Return whether a concern is about something unusual. A low service level that is explained need not be."""
    explanation = concern.figures.get("why")
    if isinstance(explanation, Why):
        return explanation.is_unusual
    return concern.kind in ("figure_unusual", "queue_unusual", "volume_high", "service_level_change")


def _praise(day: Briefing, unusual: Iterable[Insight], thresholds: Thresholds) -> tuple[Insight, ...]:
    """Praise one thing, but none on a day with hours without a contact: its good figures are of the rest of the day."""
    if day.silent_time:
        return ()
    if good_news := [insight for insight in unusual if _is_good(insight)]:
        return tuple(good_news[:1])
    rules = (all_targets_met, service_level_up, best_queue, on_target_streak, target_met)
    insights = (rule(day, thresholds) for rule in rules)
    return next(((insight,) for insight in insights if insight), ())
