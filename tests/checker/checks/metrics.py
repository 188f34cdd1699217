"""The four metrics: value, status and goal, how they moved, and their last ten business days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from tests.checker.checks.common import (
    Checks,
    Evidence,
    Wrong,
    count_of,
    is_day,
    is_day_thin,
    percent_of,
    points_of,
    true,
    weekday_of,
)
from tests.checker.figures import combined
from tests.checker.parts import states_of_parts
from tests.checker.rounding import Written, decimal, half_up
from tests.checker.statements import Statement
from tests.checker.usual import Usual, usual_of
from worker.domain.rows import Queue

_METRICS = ("service_level", "abandonment", "occupancy", "adherence")
_DAYS_OF_LINE = 10
_OF_CONTACTS = ("service_level", "abandonment")
_BETTER_UP = {"service_level": True, "adherence": True, "abandonment": False}


def goal_is(evidence: Evidence, metric: str, text: str, queue: Queue | None = None) -> Iterator[Wrong]:
    """Whether a goal such as "≥ 80%" or "75–85%" is the group's, or the queue's."""
    low, high = evidence.truth.goal(metric, queue)
    numbers = [evidence.language.number(part).value for part in re.split("–", text)]
    goals = {"occupancy": [low * 100, high * 100], "abandonment": [high * 100]}.get(metric, [low * 100])
    sign = {"occupancy": "", "abandonment": "≤"}.get(metric, "≥")
    if numbers != [half_up(goal, 1) for goal in goals] or not text.startswith(sign):
        yield Wrong("wrong goal", f"{sign} {'–'.join(decimal(goal, 1) for goal in goals)}%")


def value_is(
    evidence: Evidence, metric: str, number: Written, exact: Fraction | None, queue: Queue | None = None
) -> Iterator[Wrong]:
    """Whether a shown value is the rounded one, and does not look like the goal that it misses."""
    yield from percent_of(number, exact)
    goals = evidence.truth.goal(metric, queue)
    is_missed = evidence.truth.status(metric, exact, queue) in ("watch", "missed")
    if exact is not None and is_missed and number.value / 100 in goals:
        yield Wrong("looks like the goal it misses", f"{decimal(exact * 100, 3)}%")


def _value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric = statement.context["metric"]
    yield from value_is(evidence, metric, statement.values["value"], evidence.truth.sums.ratio(metric))
    parts = evidence.truth.sums.parts(metric) if metric in _OF_CONTACTS else None
    if parts and evidence.truth.metric_status(metric) == "thin" and not statement.place.startswith("workbook"):
        yield Wrong("percentage of few contacts", f"{parts[0]} of {parts[1]}")


def _counts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The numbers of a metric of few contacts."""
    metric = statement.context["metric"]
    yield from counts_are(statement, evidence.truth.sums.parts(metric))
    if evidence.truth.metric_status(metric) != "thin":
        yield Wrong("wrong status", "enough contacts")


def counts_are(statement: Statement, parts: tuple[int | None, int | None] | None) -> Iterator[Wrong]:
    """Whether "5 of 8" are these two."""
    yield from count_of(statement.values["k"], parts[0] if parts else None)
    yield from count_of(statement.values["n"], parts[1] if parts else None)


def _no_value(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    ratio = evidence.truth.sums.ratio(statement.context["metric"])
    if ratio is not None:
        yield Wrong("known figure not shown", f"{decimal(ratio * 100, 1)}%")


def _status(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The shape, the word beside it and the rows must agree, and the word is one of the few that every page uses."""
    metric = statement.context["metric"]
    right = evidence.truth.metric_status(metric)
    shape, _, word = statement.text.partition(":")
    if right == "thin" and shape == "no_data":  # a message has ○ for every status without a verdict
        shape = right
    if shape != right or (word and evidence.language.statuses.get(word) != right):
        yield Wrong("wrong status", right)


def _goal(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from goal_is(evidence, statement.context["metric"], statement.values["goal"])


def previous_ratio(evidence: Evidence, metric: str) -> Fraction | None:
    """The ratio on the previous business day."""
    day = evidence.truth.history.get(evidence.truth.previous) if evidence.truth.previous else None
    return day.ratio(metric) if day else None


def average_ratio(evidence: Evidence, metric: str) -> tuple[Fraction | None, int]:
    """The ratio of the same weekday of the last four weeks together, and how many of them are known."""
    parts = average_parts(evidence, metric)
    return combined(list(parts.values())), len(parts)


def average_parts(evidence: Evidence, metric: str) -> dict[date, tuple[int, int]]:
    """What is known of the metric on the same weekday of the last four weeks."""
    return {
        day: parts
        for day in evidence.truth.weekdays
        if day in evidence.truth.history
        and not is_day_thin(evidence.truth, day, metric)
        and (parts := evidence.truth.history[day].parts(metric))
    }


def _change(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric = statement.context["metric"]
    if "day" in statement.values and not is_day(evidence, statement.values["day"], evidence.truth.previous):
        yield from _one_weekday_change(statement, evidence)
        return
    yield from _both_solid(evidence, evidence.truth.previous, metric)
    yield from _tone_is(statement, evidence)
    yield from change_is(
        statement, evidence, metric, evidence.truth.sums.ratio(metric), previous_ratio(evidence, metric)
    )


def _one_weekday_change(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A change against the only earlier day of this weekday that is known."""
    metric = statement.context["metric"]
    earlier, weeks = average_ratio(evidence, metric)
    days = [day for day in evidence.truth.weekdays if day in evidence.truth.history]
    if weeks != 1 or not any(is_day(evidence, statement.values["day"], day) for day in days):
        yield Wrong("wrong day", str(evidence.truth.previous))
    yield from _both_solid(evidence, None, metric)
    yield from _tone_is(statement, evidence)
    yield from change_is(statement, evidence, metric, evidence.truth.sums.ratio(metric), earlier)


def _both_solid(evidence: Evidence, day: date | None, metric: str) -> Iterator[Wrong]:
    """Neither the reporting day nor the day that it is compared with has too few contacts."""
    if any(is_day_thin(evidence.truth, each_day, metric) for each_day in (day, evidence.truth.case.day)):
        yield Wrong("compared with a thin day", str(day))


def _average_change(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric, weekday = statement.context["metric"], weekday_of(evidence, evidence.truth.case.day)
    if statement.values.get("weekday", weekday) != weekday:
        yield Wrong("wrong day", weekday)
    if "weekday" in statement.values and average_ratio(evidence, metric)[1] == 1:
        yield Wrong("one day called an average", "the day")
    yield from _both_solid(evidence, None, metric)
    yield from _tone_is(statement, evidence)
    yield from change_is(
        statement, evidence, metric, evidence.truth.sums.ratio(metric), average_ratio(evidence, metric)[0]
    )


def change_is(
    statement: Statement, evidence: Evidence, metric: str, now: Fraction | None, earlier: Fraction | None
) -> Iterator[Wrong]:
    """Size, direction and tone of a change."""
    points = statement.values.get("points", Written(Fraction(0), 1))
    yield from points_of(points, now, earlier)
    if now is None or earlier is None or "points" not in statement.values:
        return
    rises = now > earlier
    if direction(statement) not in ("up" if rises else "down", ""):
        yield Wrong("wrong direction", "up" if rises else "down")
    tone = statement.values.get("tone")
    if tone and (metric not in _BETTER_UP or (tone == "better") != (_BETTER_UP[metric] == rises)):
        yield Wrong("wrong direction", "better" if _BETTER_UP.get(metric) == rises else "worse")


def _tone_is(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Better and worse are said of an unusual figure that has changed to the side on which it lies, and only then."""
    metric = statement.context["metric"]
    usual = usual_of(evidence.truth, metric)
    place = usual.place if isinstance(usual, Usual) else ""
    is_news = metric in _BETTER_UP and place != "" and direction(statement) == {"high": "up", "low": "down"}[place]
    if "tone" in statement.values and not is_news:
        yield Wrong("news without evidence", str(usual))
    elif is_news and "tone" not in statement.values and not statement.place.startswith("workbook"):
        yield Wrong("news not told", place)


def direction(statement: Statement) -> str:
    """Which way a change points, by its triangle or the sign of its number."""
    sign = statement.values.get("sign") or ""
    number = re.search(r"([+−-])\d", statement.text)
    return {"▲": "up", "▼": "down", "+": "up", "−": "down", "-": "down"}.get(sign or (number[1] if number else ""), "")


def _no_earlier_day(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric = statement.context["metric"]
    if evidence.truth.sums.ratio(metric) is None or not evidence.truth.whole:
        return
    if _earlier_days(evidence) or _is_known_lately(evidence, metric):
        yield Wrong("known day called unknown", "an earlier day is known")


def _unknown_before(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The day before is not known, nor a day of the same weekday, and another day that the line spans is."""
    metric = statement.context["metric"]
    if _earlier_days(evidence):
        yield Wrong("known day called unknown", "there is a day to compare with")
    if not _is_known_lately(evidence, metric):
        yield Wrong("unknown day called known", "no day that the line spans is known")


def _is_known_lately(evidence: Evidence, metric: str) -> bool:
    truth = evidence.truth.leading
    days = truth.last_days(_DAYS_OF_LINE - 1)
    return any(day in truth.history and truth.history[day].ratio(metric) is not None for day in days)


def _unknown_earlier(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Earlier days are known, and this metric on none of them."""
    metric = statement.context["metric"]
    if not _earlier_days(evidence):
        yield Wrong("unknown day called known", "no earlier day")
    elif previous_ratio(evidence, metric) is not None or average_ratio(evidence, metric)[1]:
        yield Wrong("known figure called unknown", "it is known on an earlier day")


def _earlier_days(evidence: Evidence) -> set[date]:
    return {*evidence.truth.weekdays, evidence.truth.previous} & set(evidence.truth.history)


def _too_thin(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The reporting day or each known day that it could be compared with has too few contacts."""
    metric, truth = statement.context["metric"], evidence.truth
    days = [day for day in {truth.previous, *truth.weekdays} if day in truth.history]
    if not is_day_thin(truth, truth.case.day, metric) and not all(is_day_thin(truth, day, metric) for day in days):
        yield Wrong("known day called thin", "there is a day to compare with")


def _not_compared(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if evidence.truth.whole:
        yield Wrong("wrong reason", "the data are complete")


def _no_reason(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    metric = statement.context.get("metric", "service_level")
    if evidence.truth.sums.ratio(metric) is not None:
        yield Wrong("known figure not shown", "the metric has data")
    states = states_of_parts(evidence.truth, metric)
    right = "part_lacking" if {True, False} <= states else "not_stated" if False in states else ""
    reasons = ("part_lacking", "not_stated", "nothing_counts", "midnight", "no_times", "no_schedule")
    if statement.kind in reasons and (statement.kind if statement.kind in reasons[:2] else "") != right:
        yield Wrong("wrong reason", right or "nothing is blank")


def _legend(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """So many business days are drawn in the line that has the most, of so many days that a line spans."""
    truth, days = evidence.truth.leading, statement.values["days"].value
    earlier = truth.last_days(int(days) - 1)
    known_days = [
        sum(day in truth.history and truth.history[day].ratio(metric) is not None for day in earlier) + truth.whole
        for metric in _METRICS
        if truth.sums.ratio(metric) is not None
    ]
    if (
        len(earlier) + 1 != days
        or max(known_days, default=0) != statement.values.get("known", statement.values["days"]).value
    ):
        yield Wrong("wrong count", f"{max(known_days, default=0)} of {len(earlier) + 1} days")


def _trend(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Each of the last business days, this one last."""
    metric = statement.values["metric"]
    texts = re.split(rf"{', '}(?=[\d–-])", statement.values["values"])
    days = evidence.truth.last_days(len(texts) - 1)
    if metric == "offered":
        yield from _trend_of_offered(texts, days, evidence)
        return
    ratios = [evidence.truth.history[day].ratio(metric) if day in evidence.truth.history else None for day in days]
    ratios.append(evidence.truth.sums.ratio(metric) if evidence.truth.whole else None)
    if statement.values["days"].value != len(texts) or len(ratios) != len(texts):
        yield Wrong("wrong count", f"{len(ratios)} days")
    for text, ratio in zip(texts, ratios, strict=False):
        if text == "–":
            yield from () if ratio is None else [Wrong("known figure not shown", decimal(ratio * 100, 1))]
        else:
            yield from percent_of(evidence.language.number(text), ratio)


def _trend_of_offered(texts: Sequence[str], days: Sequence[date], evidence: Evidence) -> Iterator[Wrong]:
    """The contacts of each of the last business days, this one last."""
    history = [evidence.truth.history.get(day) for day in days]
    counts = [*(sums.group.offered if sums else None for sums in history), evidence.truth.sums.group.offered]
    if len(counts) != len(texts):
        yield Wrong("wrong count", f"{len(counts)} days")
    for text, count in zip(texts, counts, strict=False):
        if text != "–":
            yield from count_of(evidence.language.number(text), count)
        elif count is not None:
            yield Wrong("known figure not shown", str(count))


def _reading_beside(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The reading of another medium, with its goal and the shape of its status."""
    metric = statement.context["metric"]
    ratio = evidence.truth.sums.ratio(metric)
    yield from value_is(evidence, metric, statement.values["value"], ratio)
    if "goal" in statement.values:
        yield from goal_is(evidence, metric, statement.values["goal"])
    right = evidence.truth.metric_status(metric)
    if statement.context["status"] != right:
        yield Wrong("wrong status", right)


def _thin_reading_beside(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from counts_are(statement, evidence.truth.sums.parts(statement.context["metric"]))
    if evidence.truth.metric_status(statement.context["metric"]) != "thin":
        yield Wrong("wrong status", "enough contacts")


def _target_label(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The target beside the line of the chart is the one on the tile, with its decimal place."""
    yield from goal_is(evidence, "service_level", f"≥ {statement.text}")


CHECKS: Checks = {
    ("tile_other", "other"): _reading_beside,
    ("tile_other", "other_thin"): _thin_reading_beside,
    ("tile_other", "no_other"): _no_value,
    ("tile_value", "value"): _value,
    ("tile_value", "counts"): _counts,
    ("tile_value", "no_value"): _no_value,
    ("tile", "status"): _status,
    ("tile_goal", "goal"): _goal,
    ("change", "change"): _change,
    ("change", "average_change"): _average_change,
    ("change", "no_change"): _change,
    ("change", "no_average_change"): _average_change,
    ("tile_note", "no_earlier_day"): _no_earlier_day,
    ("tile_note", "unknown_before"): _unknown_before,
    ("tile_note", "unknown_earlier"): _unknown_earlier,
    ("tile_note", "not_compared"): _not_compared,
    ("tile_note", "too_thin"): _too_thin,
    ("tile_note", "nothing_counts"): _no_reason,
    ("tile_note", "part_lacking"): _no_reason,
    ("tile_note", "not_stated"): _no_reason,
    ("tile_note", "midnight"): _no_reason,
    ("tile_note", "not_judged"): true,
    ("tile_note", "no_times"): _no_reason,
    ("tile_note", "no_schedule"): _no_reason,
    ("tile_note", "no_total"): _no_reason,
    ("chart", "trend"): _trend,
    ("chart_label", "target_label"): _target_label,
    ("note", "legend"): _legend,
}
