"""What to talk about: windows, queues, agents, occupancy, changes, volume and praise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import product

from tests.checker.case import Truth, exact
from tests.checker.checks import costly
from tests.checker.checks.common import (
    Check,
    Checks,
    Evidence,
    Wrong,
    all_queues,
    beside_goal,
    count_of,
    growth_of,
    is_day,
    is_day_thin,
    is_half_hour_thin,
    is_name,
    owner_of,
    percent_of,
    points_of,
    queues_below,
    queues_named,
    true,
    window_of,
)
from tests.checker.checks.metrics import average_ratio, goal_is, previous_ratio
from tests.checker.checks.usual import HEADS as UNUSUAL_HEADS
from tests.checker.checks.usual import is_unusual
from tests.checker.checks.why import low_of
from tests.checker.figures import Sums, agent_adherence
from tests.checker.rounding import Written, decimal, half_up
from tests.checker.statements import Statement
from tests.checker.usual import Usual, unusual_queues, usual_of
from worker.domain.rows import AgentDay

_FEWEST_FOR_STAFFING = 30
_DAYS_OF_A_PATTERN = 3
_LONGEST_TREND = 10
_ABANDONED_MORE = Fraction(1, 100)
_USUAL_IN_WHOLE_CONTACTS = 100
_HALF_HOUR = timedelta(minutes=30)


def _window_head(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    inside = window_of(statement.values["window"], evidence)
    if not inside:
        yield Wrong("wrong window", "no half-hours of this day")
    yield from _is_worst_window(inside, evidence)


def _beyond_chance(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The stretch as a whole misses the target by more than chance."""
    yield from _window_head(statement, evidence)
    inside = [evidence.truth.sums.half_hours[start] for start in window_of(statement.values["window"], evidence)]
    if not is_beyond_chance(inside, evidence):
        yield Wrong("a stretch within chance", "")


def is_beyond_chance(run: list[Sums], evidence: Evidence) -> bool:
    """Whether a group exactly on target hardly ever has a stretch as bad."""
    parts = (sum(half.in_time or 0 for half in run), sum(half.counted or 0 for half in run))
    return evidence.truth.status("service_level", Fraction(*parts) if parts[1] else None, parts=parts) == "missed"


def _weak_spot(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The only stretch of its shortfall, with no half-hour under target beside it."""
    yield from _window_head(statement, evidence)
    inside = window_of(statement.values["window"], evidence)
    halves, goal = evidence.truth.sums.half_hours, evidence.truth.goal("service_level")[0]
    named_shortfall = shortfall([halves[start] for start in inside], evidence)
    ties = sum(shortfall(run, evidence) == named_shortfall for run in worthwhile_runs(evidence))
    is_longer = any(
        level is not None and level < goal
        for start in inside[:1] + inside[-1:]
        for step in (-_HALF_HOUR, _HALF_HOUR)
        if start + step in halves and start + step not in inside
        for level in (halves[start + step].service_level,)
    )
    if ties > 1 or is_longer:
        yield Wrong("superlative of several", f"{ties} such stretches")


def _is_worst_window(inside: list[datetime], evidence: Evidence) -> Iterator[Wrong]:
    """No other run of half-hours below target, as long at most and no thin one, falls short by more contacts."""
    named_shortfall = shortfall([evidence.truth.sums.half_hours[start] for start in inside], evidence)
    worst = max((shortfall(run, evidence) for run in worthwhile_runs(evidence)), default=Fraction(0))
    if worst > named_shortfall:
        yield Wrong(
            "not the worst window",
            f"another run is {float(worst):.1f} contacts short, this {float(named_shortfall):.1f}",
        )


def worthwhile_runs(evidence: Evidence) -> Iterator[list[Sums]]:
    """Runs of half-hours below target, each with enough contacts to be worth a talk."""
    thresholds, goal = evidence.truth.case.group.insights, evidence.truth.goal("service_level")[0]
    halves = list(evidence.truth.sums.half_hours.values())
    for length in range(1, thresholds.longest_run + 1):
        for first in range(len(halves) - length + 1):
            run = halves[first : first + length]
            if all(_is_bad(half, goal, evidence) for half in run):
                yield run


def _is_bad(half: Sums, goal: Fraction, evidence: Evidence) -> bool:
    level = half.service_level
    return level is not None and level < goal and not is_half_hour_thin(half, evidence)


def shortfall(run: list[Sums], evidence: Evidence) -> Fraction:
    """How many more contacts in time the target would have taken."""
    goal = evidence.truth.goal("service_level")[0]
    return goal * sum(half.counted or 0 for half in run) - sum(half.in_time or 0 for half in run)


def _window_level(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    starts = window_of(statement.context["window"], evidence) if "window" in statement.context else []
    inside = [evidence.truth.sums.half_hours[start] for start in starts]
    counted = sum(half.counted or 0 for half in inside)
    ratio = Fraction(sum(half.in_time or 0 for half in inside), counted) if counted else None
    yield from percent_of(statement.values["level"], ratio)
    yield from beside_goal(statement.values["level"], ratio or Fraction(0), evidence)
    yield from count_of(statement.values["counted"], counted, "wrong denominator")
    abandoned, of_day = sum(half.abandoned or 0 for half in inside), evidence.truth.sums.group.abandoned
    if "abandons" in statement.values:
        yield from count_of(statement.values["abandons"], abandoned)
        yield from count_of(statement.values["all"], of_day, "wrong denominator")
    elif statement.kind == "window_only_abandon" and (abandoned, of_day) != (1, 1):
        yield Wrong("wrong count", f"{abandoned} of {of_day}")
    if minutes_of(statement.values["stretch"], evidence) != len(inside) * 30:
        yield Wrong("wrong length", f"{len(inside) * 30} minutes")
    if counted < evidence.truth.case.group.insights.fewest_contacts:
        yield Wrong("thin half-hours chosen", f"only {counted} contacts")


def _longer_stretch(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Each half-hour of the stretch is under target, and it is an hour longer than that of the head, at least."""
    stretch = window_of(statement.values["stretch"], evidence)
    inside = window_of(statement.context.get("window", ""), evidence) if "window" in statement.context else []
    goal, halves = evidence.truth.goal("service_level")[0], evidence.truth.sums.half_hours
    if not stretch or not all(_is_bad(halves[start], goal, evidence) for start in stretch):
        yield Wrong("wrong window", "a half-hour of it was on target")
    if not set(inside) <= set(stretch) or len(stretch) < len(inside) + 2:
        yield Wrong("wrong window", f"{len(stretch)} half-hours around {len(inside)}")


def minutes_of(text: str, evidence: Evidence) -> int:
    """How many minutes a stretch such as "1 h 58" or "90 minutes" has."""
    hours, _, rest = text.rpartition(" h ")
    digits = evidence.language.number(rest).value
    return int(evidence.language.number(hours).value * 60 + digits) if hours else int(digits)


def _queues_in_head(statement: Statement, evidence: Evidence) -> list[list[Sums]]:
    """The lines that each queue of a head may mean; none where no queue has the name.

    A name may have an "and" of its own, so that the head may be one name, and each "and" the one between two.
    """
    if whole_head := _lines_named(evidence, statement.context["head"]):
        return [whole_head]
    if "other" not in statement.context:
        return [_lines_named(evidence, statement.context["name"])] if "name" in statement.context else []
    joiner = evidence.language.joiner
    words = statement.context["head"].split(joiner)
    for number in range(1, len(words)):
        names = (joiner.join(words[:number]), joiner.join(words[number:]))
        lines = [_lines_named(evidence, name) for name in names]
        if all(lines):
            return lines
    return []


def _lines_named(evidence: Evidence, label: str) -> list[Sums]:
    """The lines that a label such as "Billing (voice)" may mean."""
    name, medium = evidence.language.without_medium(label)
    truth = evidence.truth.of_medium(medium) if medium else evidence.truth
    return queues_named(evidence._replace(truth=truth), name)


def _late_share(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Offered and not in time, of the queues named and of the others of the medium; and no other queue did worse."""
    medium, values = statement.values.get("medium"), statement.values
    group = (evidence.truth.of_medium(medium) if medium else evidence.truth).sums.group
    if not medium and len(evidence.truth.sums.media) > 1:
        yield Wrong("wrong medium", "several media")
    head_counts = (values["late"].value, values["all"].value)
    choices = _contacts_named(statement, evidence)
    if head_counts not in choices:
        yield Wrong("wrong count" if choices else "wrong name", " or ".join(map(str, choices)) or "no such queue")
    rest_counts = [
        None if total is None else int(total - part)
        for total, part in zip(_contacts([group]), head_counts, strict=True)
    ]
    yield from count_of(values["other_late"], rest_counts[0])
    yield from count_of(values["other_all"], rest_counts[1], "wrong denominator")
    for share, part, whole in (("share", *head_counts), ("other_share", *rest_counts)):
        yield from percent_of(values[share], Fraction(part, whole) if whole and part is not None else None)
    yield from _is_costly(statement, evidence)


def _is_costly(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The queues named did clearly worse than the others, and no other queue has more contacts too many."""
    shares = [values.value / 100 for values in (statement.values["share"], statement.values["other_share"])]
    if shares[0] <= shares[1]:
        yield Wrong("not a costly queue", "the others did no better")
    excess = costly.worst_of(evidence)
    names = [name for name in excess if is_in_head(name, statement)]
    worst = max(excess, key=lambda name: excess[name], default="none")
    if worst not in names:
        yield Wrong("not a costly queue", worst)


def is_in_head(name: str, statement: Statement) -> bool:
    """Whether a head of one or two queues, perhaps cut, names this one."""
    labels = [statement.context[key].split(" (")[0] for key in ("name", "other") if key in statement.context]
    return any(is_name(label, name) or name in statement.context["head"] for label in labels)


def _late_share_alone(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The two shares without their numbers, where a page has no room for them."""
    group = _contacts([evidence.truth.sums.group])
    shares = [
        (Fraction(late, offered), Fraction(group[0] - late, group[1] - offered))
        for late, offered in _contacts_named(statement, evidence)
        if group[0] is not None and group[1] is not None and offered and group[1] > offered
    ]
    values = (statement.values["share"], statement.values["other_share"])
    if not any(
        all(value.is_rounded(share * 100) for value, share in zip(values, pair, strict=True)) for pair in shares
    ):
        yield Wrong(
            "wrong percentage", " or ".join(str([decimal(share * 100, 0) for share in pair]) for pair in shares)
        )


def _contacts_named(statement: Statement, evidence: Evidence) -> list[tuple[int | None, int | None]]:
    """Not in time and offered of the queues in the head, for each choice of queues that it may mean."""
    queues = _queues_in_head(statement, evidence)
    return [_contacts(lines) for lines in product(*queues)] if queues else []


def _contacts(lines: Sequence[Sums]) -> tuple[int | None, int | None]:
    late, offered = [line.not_in_time for line in lines], [line.counted for line in lines]
    return (
        None if None in late else sum(number or 0 for number in late),
        None if None in offered else sum(number or 0 for number in offered),
    )


def _agents(evidence: Evidence) -> list[AgentDay]:
    """The agents under the floor."""
    floor = evidence.truth.case.group.insights.agent_floor
    lowest = (
        exact(floor) if floor is not None else max(evidence.truth.goal("adherence")[0] - Fraction(7, 100), Fraction(0))
    )
    ratios = [(agent, agent_adherence(agent)) for agent in evidence.truth.case.rows.agents]
    return [agent for agent, ratio in ratios if ratio is not None and ratio < lowest]


def _agents_under(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from count_of(statement.values["n"], len(_agents(evidence)))


def _off_schedule(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    agents = _agents(evidence)
    seconds = sum(agent.exception_seconds or 0 for agent in agents)
    if minutes_of(statement.values["time"], evidence) != half_up(Fraction(seconds, 60)):
        yield Wrong("wrong duration", f"{decimal(Fraction(seconds, 60), 0)} minutes")
    if "logins" in statement.values:
        yield from count_of(statement.values["logins"], sum(agent.late_logins or 0 for agent in agents))


def _band(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    ratio = evidence.truth.sums.ratio("occupancy")
    answered = evidence.truth.sums.group.answered
    if answered is not None and answered < _FEWEST_FOR_STAFFING:
        yield Wrong("advice after a few contacts", f"{answered} answered")
    yield from percent_of(statement.values["value"], ratio)
    yield from goal_is(evidence, "occupancy", statement.values["band"])
    low, high = evidence.truth.goal("occupancy")
    if ratio is not None and (ratio > high) != (statement.context["head_kind"] == "occupancy_above"):
        yield Wrong("wrong direction", "inside its band" if low <= ratio <= high else "on the other side of its band")


def _level_moved(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from is_unusual(evidence.truth, "service_level", "high" if statement.kind == "level_up" else "low")
    now, earlier = evidence.truth.sums.ratio("service_level"), previous_ratio(evidence, "service_level")
    yield from points_of(statement.values["points"], now, earlier)
    if now is not None and earlier is not None and (now > earlier) != (statement.kind == "level_up"):
        yield Wrong("wrong direction", "up" if now > earlier else "down")
    if statement.kind == "level_up":
        yield from _earned(evidence)


def _earned(evidence: Evidence) -> Iterator[Wrong]:
    """A rise is praised only if the target is met, and not where a third fewer contacts came than the day before."""
    truth = evidence.truth
    if (status := truth.metric_status("service_level")) != "on_target":
        yield Wrong("praise for a goal not met", status)
    previous = truth.history.get(truth.previous) if truth.previous else None
    now, earlier = truth.sums.group.offered, previous.group.offered if previous else None
    if now is not None and earlier and 3 * now <= 2 * earlier:
        yield Wrong("praise after a quiet day", f"{now} offered after {earlier}")


_BAD_SIDES = {"service_level": ("low",), "abandonment": ("high",), "occupancy": ("low", "high"), "adherence": ("low",)}


def _not_fallen(metric: str, evidence: Evidence) -> Iterator[Wrong]:
    """No praise for an unusually bad metric, nor for one clearly worse than on the day before and on the weekday."""
    usual = usual_of(evidence.truth, metric)
    if isinstance(usual, Usual) and usual.place in _BAD_SIDES[metric]:
        yield Wrong("praise for what is unusual", f"unusually {usual.place}")
    now, limit = evidence.truth.sums.ratio(metric), exact(evidence.truth.case.group.insights.notable_change)
    days = (evidence.truth.previous, evidence.truth.case.day)
    earlier = (previous_ratio(evidence, metric), average_ratio(evidence, metric)[0])
    if metric == "occupancy" or now is None or any(is_day_thin(evidence.truth, day, metric) for day in days):
        return
    losses = [None if ratio is None else (now - ratio if metric == "abandonment" else ratio - now) for ratio in earlier]
    if metric == "abandonment":
        if any(loss is not None and loss >= _ABANDONED_MORE for loss in losses):
            yield Wrong("praise for a metric that fell", f"{[float(loss) for loss in losses if loss is not None]}")
        return
    if all(loss is not None and loss >= limit for loss in losses):
        yield Wrong("praise for a metric that fell", f"{[float(loss) for loss in losses if loss is not None]}")


def _reference_day(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not is_day(evidence, statement.values["day"], evidence.truth.previous):
        yield Wrong("wrong day", str(evidence.truth.previous))


def _beside_average(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The service level lies above or below the average of the weekday over so many weeks."""
    now = evidence.truth.sums.ratio("service_level")
    average, weeks = average_ratio(evidence, "service_level")
    if now is None or average is None:
        yield Wrong("wrong change", "no weekday is known")
    elif (now > average) != (statement.kind == "above_average"):
        yield Wrong("wrong direction", "above" if now > average else "below")
    yield from count_of(statement.values["weeks"], weeks, "wrong number of weeks")
    if weeks == 1:
        yield Wrong("average of one day", "1 week")


def _beside_weekday(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The service level lies above or below that of the only weekday that is known and has enough contacts."""
    now, (earlier, weeks) = evidence.truth.sums.ratio("service_level"), average_ratio(evidence, "service_level")
    if now is None or earlier is None or (now > earlier) != (statement.kind == "above_weekday"):
        yield Wrong("wrong direction", "the other side, or not known")
    yield from count_of(Written(Fraction(1), 0), weeks, "wrong number of weeks")
    if not any(is_day(evidence, statement.values["day"], day) for day in evidence.truth.weekdays):
        yield Wrong("wrong day", ", ".join(map(str, evidence.truth.weekdays)))


def weeks_offered(evidence: Evidence) -> list[int]:
    """The contacts offered on the same weekday of the last four weeks, as far as known and not of a thin day."""
    days = [
        evidence.truth.history[day].group.offered for day in evidence.truth.weekdays if day in evidence.truth.history
    ]
    fewest = evidence.truth.case.group.insights.fewest_contacts
    return [offered for offered in days if offered is not None and offered >= fewest]


def _volume(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The percentage that a reader finds who divides the contacts of the day by the usual number on the page."""
    truth = evidence.truth if statement.context.get("medium") else evidence.truth.leading
    yield from is_unusual(truth, "offered", "high")
    weeks, offered = weeks_offered(evidence), evidence.truth.sums.group.offered
    usual_match = re.search(r"\d[\d.,]*(?=, | [oa])", statement.context["detail"])
    if not offered or not (weeks or (usual_match and low_of(evidence.truth))):
        yield Wrong("compared with a thin day", "no weekday is known that has enough contacts")
    elif usual_match is None:
        average = Fraction(sum(weeks), len(weeks))
        usual = half_up(average, 0 if average >= _USUAL_IN_WHOLE_CONTACTS else 1)
        yield from growth_of(statement.values["percent"], offered / usual - 1)
    else:
        usual = evidence.language.number(usual_match[0]).value
        yield from growth_of(statement.values["percent"], offered / usual - 1 if usual else None)


def _usual(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The average of the weekday, over as many weeks as the sentence names."""
    weeks = weeks_offered(evidence)
    yield from count_of(statement.values["weeks"], len(weeks), "wrong number of weeks")
    if not weeks:
        yield Wrong("compared with a thin day", "no weekday is known that has enough contacts")
    if not weeks or not statement.values["usual"].is_rounded(Fraction(sum(weeks), len(weeks))):
        yield Wrong("wrong count", decimal(Fraction(sum(weeks), len(weeks)), 0) if weeks else "not known")


def _only_day(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The contacts of the only earlier day of this weekday that is known."""
    weeks = weeks_offered(evidence)
    if len(weeks) != 1:
        yield Wrong("wrong number of weeks", str(len(weeks)))
    elif not statement.values["usual"].is_rounded(Fraction(weeks[0])):
        yield Wrong("wrong count", str(weeks[0]))


def _own_goal(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The goal of the service level of the head's queue, in one of its media."""
    wrongs = []
    for lines in _queues_in_head(statement, evidence):
        for line in lines:
            truth, queue = owner_of(line, evidence)
            scoped = evidence._replace(truth=truth)
            wrongs.append(list(goal_is(scoped, "service_level", statement.values["goal"], queue)))
    yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such queue")])


def _queue_level(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The queue of the head has this service level and so many contacts, in one of its media."""
    wrongs = [
        [
            *percent_of(statement.values["level"], line.service_level),
            *count_of(statement.values["offered"], line.offered),
        ]
        for lines in _queues_in_head(statement, evidence)
        for line in lines
    ]
    yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such queue")])


def _best_queue(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Of so many queues with so many contacts, two at least, this one alone shows the highest service level."""
    medium = evidence.language.without_medium(statement.context.get("name", ""))[1]
    truth = evidence.truth.of_medium(medium) if medium else evidence.truth
    fewest = evidence.truth.case.group.insights.fewest_contacts
    lines = [truth.sums.queues[queue.id] for queue in all_queues(evidence) if queue.id in truth.sums.queues]
    busy_lines = [line for line in lines if (line.offered or 0) >= fewest]
    levels = sorted((line.service_level for line in busy_lines if line.service_level is not None), reverse=True)
    yield from count_of(statement.values["fewest"], fewest, "wrong threshold")
    yield from count_of(statement.values["queues"], len(levels), "wrong number of queues")
    if len(levels) < 2 or half_up(levels[0] * 100, 1) == half_up(levels[1] * 100, 1):
        yield Wrong("no single best queue", ", ".join(decimal(level * 100, 1) for level in levels))
    if levels and levels[0] not in [
        line.service_level for queue in _queues_in_head(statement, evidence) for line in queue
    ]:
        yield Wrong("not the best queue", f"another queue has {decimal(levels[0] * 100, 1)}%")


def _praised_queue(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A queue of this name, whose service level is not unusually low."""
    yield from _queue_head(statement, evidence)
    low_lines = [
        evidence.truth.of_medium(medium).sums.queues[queue_id]
        for (medium, queue_id, measure), (side, _) in unusual_queues(evidence.truth).items()
        if (measure, side) == ("service_level", "low")
    ]
    if any(line in low_lines for lines in _queues_in_head(statement, evidence)[:1] for line in lines):
        yield Wrong("praise for what is unusual", "service level unusually low")


def _metric_met(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric = statement.context["metric"]
    yield from percent_of(statement.values["value"], evidence.truth.sums.ratio(metric))
    yield from goal_is(evidence, metric, statement.values["goal"])
    if statement.context["head_kind"] == "target_missed":
        return
    if evidence.truth.metric_status(metric) != "on_target":
        yield Wrong("praise for a goal not met", evidence.truth.metric_status(metric))
    yield from _not_fallen(metric, evidence)


def _target_missed(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium = statement.values.get("medium")
    truth = evidence.truth.of_medium(medium) if medium else evidence.truth
    if (status := truth.metric_status(statement.values["metric"])) != "missed":
        yield Wrong("wrong status", status)
    if is_told_another_day(truth, statement.values["metric"]):
        yield Wrong("a lasting miss told twice a week", str(evidence.truth.previous))


def _lasting_occupancy(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if is_told_another_day(evidence.truth, "occupancy"):
        yield Wrong("a lasting miss told twice a week", str(evidence.truth.previous))


def _contacts_off_target(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric, medium = statement.context["metric"], statement.context.get("medium")
    truth = evidence.truth.of_medium(medium) if medium else evidence.truth
    if metric != ("abandonment" if statement.kind == "contacts_too_many" else "service_level"):
        yield Wrong("wrong metric", metric)
    yield from count_of(statement.values["n"], truth.off_target(metric))


def _missed_on_days(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric, medium = statement.context["metric"], statement.context.get("medium")
    missed = missed_days(evidence.truth.of_medium(medium) if medium else evidence.truth, metric)
    yield from count_of(statement.values["missed"], missed)
    yield from count_of(statement.values["days"], 10)


def missed_days(truth: Truth, metric: str) -> int | None:
    """On how many of the last ten days the goal was missed; None where not on most of them, or a day is not known."""
    earlier = truth.last_days(9)
    ratios = [truth.history[day].ratio(metric) for day in earlier if day in truth.history]
    statuses = [truth.status(metric, ratio) for ratio in (*ratios, truth.sums.ratio(metric)) if ratio is not None]
    if len(statuses) != 10 or any(is_day_thin(truth, day, metric) for day in (*earlier, truth.case.day)):
        return None
    missed = sum(status in ("missed", "watch") for status in statuses)
    return missed if missed >= 7 else None


def is_told_another_day(truth: Truth, metric: str) -> bool:
    """Whether the goal is missed on most days, also on the day before in the same week, and nothing is unusual."""
    usual, previous = usual_of(truth, metric), truth.previous
    if missed_days(truth, metric) is None or previous is None or (isinstance(usual, Usual) and usual.place):
        return False
    is_same_week = previous.isocalendar()[:2] == truth.case.day.isocalendar()[:2]
    return is_same_week and truth.status(metric, truth.history[previous].ratio(metric)) in ("missed", "watch")


def _streak(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric, days = statement.values["metric"], int(statement.values["n"].value)
    days_before = evidence.truth.last_days(days - 1)
    ratios = [
        evidence.truth.history[day].ratio(metric) if day in evidence.truth.history else None for day in days_before
    ]
    ratios.append(evidence.truth.sums.ratio(metric))
    yield from _not_fallen(metric, evidence)
    thin = [day for day in (*days_before, evidence.truth.case.day) if is_day_thin(evidence.truth, day, metric)]
    if thin:
        yield Wrong("streak over thin days", ", ".join(map(str, thin)))
    if (statement.kind == "streak_at_least") != (days == _LONGEST_TREND):
        yield Wrong("a streak that may be longer", f"{days} days")
    on_target = [evidence.truth.status(metric, ratio) == "on_target" for ratio in ratios]
    if not all(on_target) or len(on_target) != days:
        yield Wrong("wrong count", f"{sum(on_target)} of {days} days on target")


def _all_targets(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if set(evidence.truth.statuses) != {"on_target"}:
        yield Wrong("wrong count", ", ".join(evidence.truth.statuses))
    if queues_under_target := queues_below(evidence):
        yield Wrong("praise beside a queue under target", ", ".join(name for name, _ in queues_under_target))


def _advice_help(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Who can help out is no question to the only agent."""
    if len(evidence.truth.case.rows.agents) == 1:
        yield Wrong("advice to a single agent", evidence.truth.case.rows.agents[0].name)


def _advice_wait(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if len(evidence.truth.case.rows.agents) != 1:
        yield Wrong("advice for a single agent", f"{len(evidence.truth.case.rows.agents)} agents")


def _advice_coaching(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """No room for coaching on a day when callers waited too long or hung up, with unusually many or few contacts, or
    if occupancy was low on fewer than three of the last five days.
    """
    usual = usual_of(evidence.truth.leading, "offered")
    if isinstance(usual, Usual) and usual.place:
        yield Wrong("advice conflicts with the day", f"unusual contacts: {usual.place}")
    truth = evidence.truth
    days = [*(truth.history[day] for day in truth.last_days(4) if day in truth.history), truth.sums]
    levels = [day.ratio("occupancy") for day in days]
    if sum(level is not None and level < truth.goal("occupancy")[0] for level in levels) < _DAYS_OF_A_PATTERN:
        yield Wrong("advice after one day", f"occupancy {[float(level) for level in levels if level is not None]}")
    for medium in evidence.truth.sums.media:
        truth = evidence.truth.of_medium(medium)
        for metric in ("service_level", "abandonment"):
            if truth.metric_status(metric) in ("missed", "watch"):
                yield Wrong("advice conflicts with the day", f"{metric} is {truth.metric_status(metric)}")
                return


def _incomplete(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if evidence.truth.whole:
        yield Wrong("wrong verdict", "the data are complete")


def _queue_head(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    lines = _queues_in_head(statement, evidence)
    if not lines or not all(lines):
        yield Wrong("wrong name", "no such queue")


def floor_is(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Whether the floor named is the group's."""
    floor = evidence.truth.case.group.insights.agent_floor
    lowest = (
        exact(floor) if floor is not None else max(evidence.truth.goal("adherence")[0] - Fraction(7, 100), Fraction(0))
    )
    yield from percent_of(statement.values["floor"], lowest, "wrong goal")


def all_of(
    *checks: Callable[[Statement, Evidence], Iterator[Wrong]],
) -> Callable[[Statement, Evidence], Iterator[Wrong]]:
    """Several checks as one."""

    def check(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
        for check_one in checks:
            yield from check_one(statement, evidence)

    return check


PRAISE = frozenset(
    {
        *("level_up", "well_done_metric", "well_done", "streak", "streak_at_least", "all_targets"),
        *("figure_adherence_high", "queue_service_level_high"),
    }
)
_SIGNS = {"on_target": True, "praise": True, "watch": False, "missed": False, "raise": False}


def _sign(statement: Statement, _: Evidence) -> Iterator[Wrong]:
    """The shape beside a talking point tells praise from what has to be raised. It is no status of a target."""
    sign, is_praise = statement.context["status"], statement.kind in PRAISE
    if sign and _SIGNS.get(sign) is not is_praise:
        yield Wrong("wrong sign", "praise" if is_praise else "to raise")


_HEADS: Mapping[str, Check] = {
    "window": _beyond_chance,
    "weak_spot": _weak_spot,
    "agents_under": all_of(_agents_under, floor_is),
    "occupancy_above": _lasting_occupancy,
    "occupancy_below": _lasting_occupancy,
    "level_up": _level_moved,
    "level_down": _level_moved,
    "volume": _volume,
    "well_done_metric": true,
    "well_done": _praised_queue,
    "streak": _streak,
    "streak_at_least": _streak,
    "target_missed": _target_missed,
    "all_targets": _all_targets,
    "incomplete": _incomplete,
    "two_queues": _queue_head,
    "queue": _queue_head,
    **UNUSUAL_HEADS,
}
CHECKS: Checks = {
    **{("talk_head", kind): all_of(_sign, check) for kind, check in _HEADS.items()},
    ("talk", "window_level"): _window_level,
    ("talk", "window_only_abandon"): _window_level,
    ("talk", "longer_stretch"): _longer_stretch,
    ("talk", "late_share"): _late_share,
    ("talk", "late_share_alone"): _late_share_alone,
    ("talk", "away"): _off_schedule,
    ("talk", "against_band"): _band,
    ("talk", "against"): _reference_day,
    ("talk", "above_average"): _beside_average,
    ("talk", "above_weekday"): _beside_weekday,
    ("talk", "below_weekday"): _beside_weekday,
    ("talk", "below_average"): _beside_average,
    ("talk", "usual"): _usual,
    ("talk", "only_day"): _only_day,
    ("talk", "own_goal"): _own_goal,
    ("talk", "queue_level"): _queue_level,
    ("talk", "best_queue"): _best_queue,
    ("talk", "incomplete"): _incomplete,
    ("talk", "metric_met"): _metric_met,
    ("talk", "contacts_short"): _contacts_off_target,
    ("talk", "contacts_too_many"): _contacts_off_target,
    ("talk", "missed_on_days"): _missed_on_days,
    ("talk", "streak_days"): true,
    ("talk", "question"): true,
    ("talk", "advice_help"): _advice_help,
    ("talk", "advice_wait"): _advice_wait,
    ("talk", "advice_coaching"): _advice_coaching,
}
