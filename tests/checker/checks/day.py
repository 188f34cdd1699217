"""The half-hours of the day, and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from tests.checker.checks.common import (
    ROUNDING,
    Checks,
    Evidence,
    Wrong,
    beside_goal,
    count_of,
    growth_of,
    is_half_hour_thin,
    of_before_is,
    percent_of,
    true,
    wall_time,
    weekday_of,
    window_of,
)
from tests.checker.figures import DaySums, Sums, quotient
from tests.checker.grammar import Language
from tests.checker.ranges import written_time
from tests.checker.rounding import Written, decimal, half_up
from tests.checker.statements import Statement

COUNTS = ("offered", "answered", "abandoned", "not_in_time")
_SEVERAL = 3
FIGURES = (*COUNTS, "average_handle_ms", "average_answer_ms")


def _levels(evidence: Evidence) -> dict[datetime, Fraction]:
    """The service level of each half-hour that has one."""
    halves = evidence.truth.sums.half_hours.items()
    return {start: half.service_level for start, half in halves if half.service_level is not None}


def _judged_levels(evidence: Evidence) -> dict[datetime, Fraction]:
    """The levels of the half-hours that have enough contacts to be judged."""
    halves = evidence.truth.sums.half_hours
    return {
        start: level for start, level in _levels(evidence).items() if not is_half_hour_thin(halves[start], evidence)
    }


def _few_contacts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from count_of(statement.values["n"], len(_levels(evidence)) - len(_judged_levels(evidence)))


def _none_judged(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if number := len(_judged_levels(evidence)):
        yield Wrong("wrong verdict", f"{number} have enough contacts")


def _busy_on_target(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _none_under(statement, evidence)
    yield from count_of(statement.values["n"], len(_judged_levels(evidence)))


def _below_target(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    levels, goal = _judged_levels(evidence), evidence.truth.goal("service_level")[0]
    yield from count_of(statement.values["n"], sum(level < goal for level in levels.values()))
    yield from count_of(statement.values["all"], len(levels), "wrong denominator")
    yield from _unknown(statement, evidence)


def _unknown(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Half-hours with contacts and without a level are named, or they would be taken for on target."""
    halves = evidence.truth.sums.half_hours.values()
    number = sum(
        half.service_level is None and bool(half.offered or half.answered or half.abandoned) for half in halves
    )
    stated_number = int(statement.values["unknown"].value) if "unknown" in statement.values else 0
    if stated_number != number:
        yield Wrong("half-hours without a level are hidden", f"{number} have contacts and no level")


def _none_under(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    levels, goal = _judged_levels(evidence), evidence.truth.goal("service_level")[0]
    if any(level < goal for level in levels.values()):
        yield Wrong("wrong count", f"{sum(level < goal for level in levels.values())} were under target")
    yield from _unknown(statement, evidence)


def _all_on_target(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """All of several: each half-hour with contacts has a level on target, and one or two are not "all"."""
    yield from _none_under(statement, evidence)
    yield from count_of(statement.values["n"], len(_levels(evidence)))
    if len(_levels(evidence)) < _SEVERAL:
        yield Wrong("all of one", f"{len(_levels(evidence))} half-hours")


def _lowest_in_window(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The half-hour named is the lowest of the window, and has this level."""
    yield from _lowest(statement, evidence)
    inside = window_of(statement.values["window"], evidence)
    if not set(inside) & set(wall_time(statement.values["time"], evidence)):
        yield Wrong("wrong time", "a half-hour of the window")


def _lowest_half_hour(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The lowest of the half-hours that the sentence speaks of: the first of equals, or the only one."""
    yield from _lowest(statement, evidence)
    halves = evidence.truth.sums.half_hours
    levels = _levels(evidence)
    named_start = next((start for start in wall_time(statement.values["time"], evidence) if start in levels), None)
    if named_start is None:
        return
    equals = [
        start
        for start in levels
        if levels[start] == levels[named_start] and not is_half_hour_thin(halves[start], evidence)
    ]
    is_of_equals = statement.kind.startswith("first")
    if (len(equals) > 1) != is_of_equals or (is_of_equals and named_start != min(equals)):
        yield Wrong("wrong superlative", f"{len(equals)} half-hours are as low")
    lower_thin = [
        start for start in levels if levels[start] <= levels[named_start] and is_half_hour_thin(halves[start], evidence)
    ]
    if bool(lower_thin) != statement.kind.endswith("busy"):
        yield Wrong("wrong superlative", f"{len(lower_thin)} half-hours of few contacts are as low")


def _lowest(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The half-hour named has this level, is no thin one, and no other one with enough contacts is lower."""
    levels = _levels(evidence)
    starts = [start for start in wall_time(statement.values["time"], evidence) if start in levels]
    if not starts:
        yield Wrong("wrong time", "no half-hour with contacts")
        return
    yield from percent_of(statement.values["level"], levels[starts[0]])
    yield from beside_goal(statement.values["level"], levels[starts[0]], evidence)
    half = evidence.truth.sums.half_hours[starts[0]]
    if is_half_hour_thin(half, evidence):
        yield Wrong("thin half-hours chosen", f"only {half.offered} contacts")
    busy = [level for start, level in levels.items() if _is_busy(evidence.truth.sums.half_hours[start], evidence)]
    if any(level < levels[starts[0]] for level in busy):
        yield Wrong("wrong superlative", f"the lowest was {decimal(min(busy) * 100, 0)}%")


def _is_busy(half: Sums, evidence: Evidence) -> bool:
    return not is_half_hour_thin(half, evidence)


def _leading_medium(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The medium has more contacts than each other one."""
    words = {word[:1].upper() + word[1:]: medium for word, medium in evidence.language.media.items()}
    named_medium = words[statement.values["medium"]]
    offered = {medium: day.group.offered or 0 for medium, day in evidence.truth.sums.by_medium.items()}
    if any(count >= offered.get(named_medium, 0) for medium, count in offered.items() if medium != named_medium):
        yield Wrong("wrong medium", str(offered))


def _half_hours_lack(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if evidence.truth.whole:
        yield Wrong("wrong verdict", "the data are complete")


def _no_half_hours(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if _levels(evidence):
        yield Wrong("known figure not shown", f"{len(_levels(evidence))} half-hours have one")


def figure(sums: Sums, label: str) -> Fraction | int | None:
    """One of the day's sums."""
    value: Fraction | int | None = getattr(sums, label)
    return value


def seconds_of(text: str) -> int:
    """The seconds of 3:00, 1:02:07 or 42 s."""
    parts = [int(part) for part in re.findall(r"\d+", text)]
    return sum(part * 60**place for place, part in enumerate(reversed(parts)))


def figure_is(language: Language, text: str, label: str, exact: Fraction | int | None) -> Iterator[Wrong]:
    """Whether a count or an average duration is right."""
    if text in ("–", ""):
        yield from () if exact is None else [Wrong("known figure not shown", str(exact))]
    elif label in COUNTS:
        yield from count_of(language.number(text), None if exact is None else int(exact))
    elif exact is None:
        yield Wrong("wrong duration", "not known")
    else:
        number, seconds = written_time(text, language), Fraction(exact) / 1000
        if not number.is_rounded(seconds):
            kind = ROUNDING if number.is_half_down(seconds) else "wrong duration"
            yield Wrong(kind, f"{decimal(seconds, number.places)} s")


def _value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    label = statement.context["label"]
    yield from figure_is(evidence.language, statement.text, label, figure(evidence.truth.sums.group, label))


def _substitute(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A figure in the place of a metric: it is right, has no verdict, and a metric of agents is not known."""
    yield from _value(statement, evidence)
    if statement.context["status"].partition(":")[0] not in ("not_judged", "no_data"):
        yield Wrong("wrong status", "no goal")
    if all(evidence.truth.sums.ratio(metric) is not None for metric in ("occupancy", "adherence")):
        yield Wrong("known figure not shown", "occupancy and adherence are known")


def _previous(evidence: Evidence) -> DaySums | None:
    return evidence.truth.history.get(evidence.truth.previous) if evidence.truth.previous else None


def _is_previous(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    day = evidence.truth.previous
    if "day" in statement.values and (day is None or statement.values["day"] != weekday_of(evidence, day)):
        yield Wrong("wrong day", str(day))


def _only_under(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The only half-hour with enough contacts was under target."""
    levels, goal = list(_judged_levels(evidence).values()), evidence.truth.goal("service_level")[0]
    if len(levels) != 1 or levels[0] >= goal:
        yield Wrong("wrong count", f"{sum(level < goal for level in levels)} of {len(levels)} were under target")
    yield from _unknown(statement, evidence)


def _unchanged(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The contacts differ by less than 0.05 %, an average by less than half a second."""
    yield from _is_previous(statement, evidence)
    label, previous = statement.context["label"], _previous(evidence)
    now, earlier = figure(evidence.truth.sums.group, label), figure(previous.group, label) if previous else None
    if now is None or earlier is None:
        yield Wrong("wrong change", "not known")
    elif (
        half_up(Fraction(now, earlier) * 100 - 100, 1)
        if label == "offered"
        else half_up((now - earlier) / Fraction(1000))
    ):
        yield Wrong("wrong change", f"{earlier}, then {now}")
    yield from _of_enough_contacts(statement, evidence)


def _more_than_offered(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    part, offered = figure(evidence.truth.sums.group, statement.context["label"]), evidence.truth.sums.group.offered
    yield from count_of(statement.values["number"], None if part is None or offered is None else int(part) - offered)


def _growth(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _is_previous(statement, evidence)
    previous, now = _previous(evidence), evidence.truth.sums.group.offered
    earlier = previous.group.offered if previous else None
    fewest = evidence.truth.case.group.insights.fewest_contacts
    if any(offered is not None and offered < fewest for offered in (now, earlier)):
        yield Wrong("compared with a thin day", f"{now} offered after {earlier}")
    yield from growth_of(
        statement.values["percent"], Fraction(now, earlier) - 1 if earlier and now is not None else None
    )


def _slower(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _is_previous(statement, evidence)
    label, previous = statement.context["label"], _previous(evidence)
    now, earlier = figure(evidence.truth.sums.group, label), figure(previous.group, label) if previous else None
    if now is None or earlier is None:
        yield Wrong("wrong change", "not known")
    elif _signed_seconds(statement.values["time"]) != half_up(Fraction(now - earlier) / 1000):
        yield Wrong("wrong change", f"{decimal(Fraction(now - earlier) / 1000, 0)} s")
    yield from _of_enough_contacts(statement, evidence)


def _signed_seconds(text: str) -> int:
    """The seconds of +0:14 or −1:02."""
    return seconds_of(text) * (1 if text.startswith("+") else -1)


def _of_enough_contacts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """An average is compared only if it is of enough contacts, on both days."""
    name = {"average_handle_ms": "handled", "average_answer_ms": "answered"}.get(statement.context["label"])
    previous, fewest = _previous(evidence), evidence.truth.case.group.insights.fewest_contacts
    contacts = [getattr(day.group, name) for day in (evidence.truth.sums, previous) if name and day]
    if any(number is not None and number < fewest for number in contacts):
        yield Wrong("average of few contacts compared", ", then ".join(map(str, reversed(contacts))))


def _of_offered(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from percent_of(statement.values["percent"], _share_of_offered(statement, evidence))


def _of_few_offered(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    offered = evidence.truth.sums.group.offered
    yield from count_of(statement.values["number"], offered, "wrong denominator")
    if (offered or 0) >= evidence.truth.case.group.insights.fewest_contacts:
        yield Wrong("a share of enough contacts not shown", str(offered))


def _of_offered_unknown(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    share = _share_of_offered(statement, evidence)
    if share is not None and statement.context["label"] != "offered":
        yield Wrong("known figure not shown", decimal(share * 100, 1))


def _share_of_offered(statement: Statement, evidence: Evidence) -> Fraction | None:
    """The share of the figure that the caption belongs to: answered, abandoned or not in time."""
    group = evidence.truth.sums.group
    part: int | None = getattr(group, statement.context["label"])
    ended = (group.answered or 0) + (group.abandoned or 0)
    if part is not None and part <= (group.offered or 0) < ended:
        return None  # with contacts of the evening before, the shares would be more than all
    if statement.context["label"] == "not_in_time" and (group.counted != group.offered or not group.counted):
        return None  # its percentage is of the contacts that count
    return Fraction(part, group.offered) if part is not None and group.offered else None


def _of_counted(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Of those that count towards the service level, so that it and the tile add up to 100 %."""
    group = evidence.truth.sums.group
    yield from count_of(statement.values["number"], group.counted, "wrong denominator")
    yield from percent_of(statement.values["percent"], quotient(group.not_in_time, group.counted))


def seconds_are(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Whether the limit named is the source's."""
    if statement.values.get("seconds", Written(Fraction(0), 0)).value != (
        evidence.truth.case.rows.service_level_seconds or 0
    ):
        yield Wrong("wrong limit", f"{evidence.truth.case.rows.service_level_seconds} s")


def _chart_levels(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Every half-hour's level in the description of the chart."""
    if statement.values["goal"].value != half_up(evidence.truth.goal("service_level")[0] * 100, 1):
        yield Wrong("wrong goal", f"{decimal(evidence.truth.goal('service_level')[0] * 100, 1)}%")
    bars = re.findall(r"(\d\d:\d\d(?: UTC\S+)?) (\d[\d.,]* ?%)", statement.values["values"])
    levels = _levels(evidence)
    if len(bars) != len(levels):
        yield Wrong("wrong count", f"{len(levels)} half-hours")
    for (clock, text), (start, level) in zip(bars, sorted(levels.items()), strict=False):
        if start not in wall_time(clock, evidence):
            yield Wrong("wrong time", str(start))
        yield from percent_of(evidence.language.number(text), level)
        yield from beside_goal(evidence.language.number(text), level, evidence)


def _between_contacts(halves: list[tuple[datetime, Sums]]) -> list[tuple[datetime, Sums]]:
    """From the first to the last half-hour with a contact. In those beyond, contacts only end: they have no bars."""
    busy = [number for number, (_, half) in enumerate(halves) if half.offered or half.answered or half.abandoned]
    return halves[busy[0] : busy[-1] + 1] if busy else []


def _chart_volumes(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    bars = re.findall(r"(\d\d:\d\d(?: UTC\S+)?) (\S+) \((\S+)\)", statement.values["values"])
    halves = _between_contacts(sorted(evidence.truth.sums.half_hours.items()))
    if len(bars) != len(halves):
        yield Wrong("wrong count", f"{len(halves)} half-hours")
    for (clock, offered, abandoned), (start, half) in zip(bars, halves, strict=False):
        if start not in wall_time(clock, evidence):
            yield Wrong("wrong time", str(start))
        yield from figure_is(evidence.language, offered, "offered", half.offered)
        yield from figure_is(evidence.language, abandoned, "abandoned", half.abandoned)


def _parts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The count of the medium with the most contacts, and that of the other, or of all others together."""
    label, sums = statement.context["label"], evidence.truth.sums
    counts = {medium: getattr(day.group, label) for medium, day in sums.by_medium.items()}
    first = statement.values["first"]
    rest = [count for medium, count in counts.items() if medium != first]
    yield from count_of(statement.values["number"], counts.get(first))
    if "rest" in statement.values:
        yield from count_of(statement.values["rest"], None if None in rest else sum(rest))
    if "second" in statement.values and set(counts) != {first, statement.values["second"]}:
        yield Wrong("wrong medium", ", ".join(counts))


def _second_average(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    label, day = statement.context["label"], evidence.truth.sums.by_medium.get(statement.values["first"])
    exact = figure(day.group, label) if day else None
    yield from figure_is(evidence.language, statement.values["time"], label, exact)


CHECKS: Checks = {
    ("figure_caption", "parts"): _parts,
    ("figure_caption", "second_average"): _second_average,
    ("half_hours", "under"): _below_target,
    ("half_hours", "none_under"): _none_under,
    ("half_hours", "known_on_target"): _busy_on_target,
    ("half_hours", "none_judged"): _none_judged,
    ("half_hours", "few_contacts"): _few_contacts,
    ("half_hours", "busy_on_target"): _busy_on_target,
    ("half_hours", "all_on_target"): _all_on_target,
    ("half_hours", "no_half_hour_target"): true,
    ("half_hours", "first_lowest"): _lowest_half_hour,
    ("half_hours", "lowest_busy"): _lowest_half_hour,
    ("half_hours", "first_lowest_busy"): _lowest_half_hour,
    ("half_hours", "lowest_in_window"): _lowest_in_window,
    ("half_hours", "lowest_half_hour"): _lowest_half_hour,
    ("half_hours", "leading_medium"): _leading_medium,
    ("fact", "leading_medium"): _leading_medium,
    ("half_hours", "half_hours_lack"): _half_hours_lack,
    ("half_hours", "incomplete"): _half_hours_lack,
    ("half_hours", "no_half_hours"): _no_half_hours,
    ("half_hours", "whole_day_only"): _no_half_hours,
    ("half_hours", "nothing_counts"): _no_half_hours,
    ("half_hours", "part_lacking"): _no_half_hours,
    ("figure", "value"): _value,
    ("substitute", "value"): _substitute,
    ("figure_caption", "growth"): _growth,
    ("figure_caption", "slower"): _slower,
    ("figure_caption", "of_offered"): _of_offered,
    ("figure_caption", "of_few_offered"): _of_few_offered,
    ("figure_caption", "of_counted"): _of_counted,
    ("figure_caption", "of_offered_unknown"): _of_offered_unknown,
    ("foot", "seconds"): seconds_are,
    ("figure_caption", "unit"): true,
    ("figure_caption", "unchanged"): _unchanged,
    ("figure_caption", "more_than_offered"): _more_than_offered,
    ("half_hours", "only_under"): _only_under,
    ("half_hours", "of_before"): of_before_is,
    ("note", "chart_title"): true,
    ("chart", "levels"): _chart_levels,
    ("chart", "volumes"): _chart_volumes,
    ("chart_label", "level_label"): _lowest,
}
