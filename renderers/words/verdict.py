"""The one sentence on top, and the sentences above half-hours, queues and agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renderers.words import numbers, readings
from renderers.words.dates import clock, span
from renderers.words.names import clean, tidy
from renderers.words.numbers import plural
from worker.domain.briefing import AgentLine, Briefing, HalfHour, QueueLine, Tile
from worker.domain.metrics import Metric, Reading, Status

NO_EARLIER_DAY = "no earlier day yet"
NOTHING_STANDS_OUT = "Nothing stands out."
_WORST_FIRST = (Status.MISSED, Status.WATCH, Status.ON_TARGET, Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A head and what stands behind it; ``status`` chooses icon and colour."""

    status: Status
    head: str
    detail: str = ""


def verdict(briefing: Briefing) -> Sentence:
    """How many targets were missed, and the reading that says it best. No verdict from partial figures."""
    if not briefing.has_interactions:
        return no_interactions(briefing)
    if not briefing.completeness.whole:
        return Sentence(Status.NO_DATA, "Incomplete data: no verdict", "The figures below are not the whole day.")
    judged = [tile for tile in briefing.tiles if tile.reading.status is not Status.NO_DATA]
    if not judged:
        return Sentence(Status.NO_DATA, "No target can be judged", "None of the four metrics has data for this day.")
    worst = min(judged, key=lambda tile: _WORST_FIRST.index(tile.reading.status))
    return Sentence(worst.reading.status, _targets(judged), _what_says_it(briefing, worst.reading))


def no_interactions(briefing: Briefing) -> Sentence:
    """What is said on a day without a single contact."""
    return Sentence(
        Status.NO_DATA,
        "No interactions recorded: check the source",
        "By the source, not one contact reached the group’s queues on this business day.",
    )


def corrected(revision: int) -> str:
    """Corrected, rev 2; nothing for the first revision."""
    return f"Corrected, rev {revision}" if revision > 1 else ""


def half_hours_summary(briefing: Briefing) -> Sentence:
    """9 of 28 half-hours were under target. The 11:00–12:30 window fell to 52%."""
    with_contacts = [half for half in briefing.half_hours if half.service_level is not None]
    if not with_contacts:
        return Sentence(Status.NO_DATA, "No service level by half-hour.", "The source gives the whole day only.")
    goal = service_level_goal(briefing)
    under = [half for half in with_contacts if _level(half) < goal]
    if not under:
        return Sentence(
            Status.ON_TARGET, f"Every half-hour with contacts was on target, all {len(with_contacts)} of them."
        )
    head = f"{len(under)} of {plural(len(with_contacts), 'half-hour')} {'was' if len(under) == 1 else 'were'}"
    return Sentence(Status.MISSED, f"{head} under target.", _worst_stretch(briefing, min(under, key=_level)))


def queues_summary(briefing: Briefing) -> str:
    """4 of 12 under the 80% service-level target."""
    return _under([line.service_level for line in briefing.queues], "service-level", "No queues on this day")


def agents_summary(briefing: Briefing) -> str:
    """10 of 46 under the 92% adherence target; or why there is no adherence."""
    return _under([line.adherence for line in briefing.agents], "adherence", "No agents on this day")


def more_queues(hidden: int) -> str:
    """What stands below a list of queues that was cut."""
    return f"+ {hidden:,} more in the workbook"


def other_queues(hidden: Sequence[QueueLine]) -> str:
    """What stands on the wall below the worst queues."""
    fine = all(line.service_level.status is Status.ON_TARGET for line in hidden)
    return f"+ {plural(len(hidden), 'more queue')}, {'all on target' if fine else 'see the workbook'}"


def more_agents(hidden: Sequence[AgentLine]) -> str:
    """What stands below a list of agents under target that was cut."""
    return f"+ {len(hidden):,} more under target: see the workbook"


def agent_caption(line: AgentLine) -> str:
    """1 h 58 off schedule · 2 late log-ins · Tech Support L1; what is not known is left out."""
    parts = [f"{numbers.minutes(line.off_schedule_seconds)} off schedule"] if line.off_schedule_seconds else []
    if line.late_logins:
        parts.append(plural(line.late_logins, "late log-in"))
    parts += [clean(name) for name in line.queues[:2]]
    if len(line.queues) > 2:
        parts.append(f"+ {len(line.queues) - 2}")
    return " · ".join(parts)


def service_level_goal(briefing: Briefing) -> float:
    """The group's service-level target as a fraction, 0 where no tile carries one."""
    goals = [tile.reading.goal for tile in briefing.tiles if tile.reading.metric is Metric.SERVICE_LEVEL]
    return goals[0] if goals and isinstance(goals[0], float) else 0.0


def _targets(judged: list[Tile]) -> str:
    missed = sum(tile.reading.status is Status.MISSED for tile in judged)
    watched = sum(tile.reading.status is Status.WATCH for tile in judged)
    if missed:
        return f"{missed} of {plural(len(judged), 'target')} missed"
    if watched:
        return f"No target missed, {watched} to watch"
    return "Target met" if len(judged) == 1 else f"All {len(judged)} targets met"


def _what_says_it(briefing: Briefing, reading: Reading) -> str:
    name, value = readings.METRIC_NAMES[reading.metric], readings.value(reading)
    days = briefing.lowest_of_days.get(reading.metric)
    if days:
        extreme = "highest" if reading.metric is Metric.ABANDONMENT else "lowest"
        return f"{name} {value}, the {extreme} in {plural(days, 'business day')}"
    return f"{name} {value}, goal {readings.goal(reading)}"


def _worst_stretch(briefing: Briefing, worst: HalfHour) -> str:
    level = numbers.percent(_level(worst), 0)
    runs = [found.figures for found in briefing.insights if found.kind == "worst_run"]
    for figures in runs:
        start, end = figures["start"], figures["end"]
        if start <= worst.start < end:  # type: ignore[operator]
            return f"The {span(start, end)} window fell to {level}."  # type: ignore[arg-type]
    return f"The lowest was {level} at {clock(worst.start)}."


def _level(half: HalfHour) -> float:
    return half.service_level.value if half.service_level else 0.0


def _under(those: list[Reading], target_name: str, none_at_all: str) -> str:
    if not those:
        return none_at_all
    judged = [reading for reading in those if reading.ratio is not None]
    if not judged:
        return f"No {target_name} data: {tidy(those[0].why)}" if those[0].why else f"No {target_name} data"
    under = sum(reading.status in (Status.MISSED, Status.WATCH) for reading in judged)
    edge = readings.goal(judged[0]).removeprefix("≥ ")
    unknown = f", {len(those) - len(judged):,} without data" if len(judged) < len(those) else ""
    return f"{under or 'None'} of {len(judged):,} under the {edge} {target_name} target{unknown}"
