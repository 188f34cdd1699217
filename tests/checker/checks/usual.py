"""The usual range of a figure, and what may be called unusual, a fall, a rise or the lowest."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.checker.case import Truth
from tests.checker.checks.common import (
    Checks,
    Evidence,
    Wrong,
    count_of,
    percent_of,
    queue_names,
    window_of,
)
from tests.checker.ranges import printed_range, written_time
from tests.checker.rounding import Written
from tests.checker.statements import Statement
from tests.checker.usual import NoRange, Usual, unusual_queues, usual_at, usual_of, value_of

_NEAR = 1e-6
_PRINTED = 5e-4
"""A figure that lies less than this outside of its range may be printed inside of it, and is then as usual."""
_FEW_DAYS = 10
_FEWEST_SILENT = 4
_TELLABLE = 0.1


def is_unusual(truth: Truth, metric: str, place: str) -> Iterator[Wrong]:
    """Whether a figure is unusual, and on this side."""
    usual = usual_of(truth, metric)
    if not isinstance(usual, Usual) or usual.place != place:
        yield Wrong("news without evidence", str(usual))


def _range(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Both ends are rounded outwards. The weekday is named where the range is its own, and few days are counted."""
    metric = statement.context["metric"]
    usual = usual_of(evidence.truth, metric)
    if not isinstance(usual, Usual):
        yield Wrong("usual range of nothing", str(usual))
        return
    yield from _is_range(statement, usual, evidence, metric)
    yield from _judgement(statement, evidence, usual)
    weekday = evidence.language.on_weekday(evidence.truth.case.day.weekday()) if usual.is_of_weekday else None
    is_short = statement.place.startswith("PDF")  # a tile without room for the number of days
    is_behind_pill = is_short and statement.kind == "unusual"
    off_goal = _side_off_goal(statement, evidence)
    has_no_room = is_short and "weekday" not in statement.values and (is_behind_pill or bool(off_goal))
    if statement.values.get("weekday") != weekday and not has_no_room:
        yield Wrong("wrong day", str(weekday))
    off_goal_text = statement.values.get("off", "")
    is_left_out = is_behind_pill and not off_goal_text
    if _GOAL_SIDES.get(off_goal_text.split(" ")[0], "") != off_goal and not is_left_out:
        yield Wrong("wrong side of the goal", off_goal or "an end of the range is on target")
    if ("days" in statement.values) != (usual.days < _FEW_DAYS) and not is_short:
        yield Wrong("wrong count", f"{usual.days} days")
    if "days" in statement.values:
        yield from count_of(statement.values["days"], usual.days)


_MEASURES = {"offered": "offered", "average_handle_ms": "handle_time", "average_answer_ms": "speed_of_answer"}


def _range_of_figure(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The same of a figure in the place of a metric."""
    measure = _MEASURES[statement.context["label"]]
    usual = usual_of(evidence.truth, measure)
    if not isinstance(usual, Usual):
        yield Wrong("usual range of nothing", str(usual))
        return
    yield from _is_range(statement, usual, evidence, measure, value_of(evidence.truth, measure))
    if (statement.kind == "unusual_figure") != bool(usual.place):
        yield Wrong("wrong judgement of the usual", usual.place or "not unusual")
    if "side" in statement.values:
        yield from _side(statement, usual)


_GOAL_SIDES = {"below": "below", "above": "above", "unter": "below", "über": "above"}


def _side_off_goal(statement: Statement, evidence: Evidence) -> str:
    """The side of its goal on which a printed range lies with both ends, "" if one of them is on target."""
    low, high = evidence.truth.goal(statement.context["metric"])
    printed = printed_range(statement.values["range"], evidence.language)
    if printed.high.value < 100 * low:
        return "below"
    return "above" if printed.low.value > 100 * high else ""


def _judgement(statement: Statement, evidence: Evidence, usual: Usual) -> Iterator[Wrong]:
    """An unusual figure is called so, on its side. One inside its range is as usual, another only has a range."""
    if (statement.kind == "unusual") != bool(usual.place):
        yield Wrong("wrong judgement of the usual", usual.place or "not unusual")
    elif statement.kind == "unusual" and "side" in statement.values:
        yield from _side(statement, usual)
    elif statement.kind != "unusual":
        ratio = evidence.truth.sums.ratio(statement.context["metric"])
        is_inside = ratio is not None and usual.low - _PRINTED <= ratio <= usual.high + _PRINTED
        is_outside = ratio is not None and not usual.low + _NEAR < ratio < usual.high - _NEAR
        if not (is_inside if statement.kind == "usual" else is_outside):
            yield Wrong("wrong judgement of the usual", f"{ratio} and {usual.low:.4f}–{usual.high:.4f}")


def _side(statement: Statement, usual: Usual) -> Iterator[Wrong]:
    if {"niedrig": "low", "hoch": "high"}.get(statement.values["side"], statement.values["side"]) != usual.place:
        yield Wrong("wrong direction", usual.place or "not unusual")


def called_unusual(statement: Statement, truth: Truth) -> Iterator[Wrong]:
    """Whether the figure of a metric is unusual, on the side that is named."""
    usual = usual_of(truth, statement.values["metric"])
    if not isinstance(usual, Usual) or not usual.place:
        yield Wrong("news without evidence", str(usual))
        return
    yield from _side(statement, usual)


def _measure_of(statement: Statement) -> str:
    return _MEASURES[statement.context["label"]] if "label" in statement.context else statement.context["metric"]


def _too_few_days(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    usual = usual_of(evidence.truth, _measure_of(statement))
    days = usual.days if isinstance(usual, NoRange) and not usual.is_after_closure else None
    yield from count_of(statement.values["day"], None if days is None else days + 1)
    yield from count_of(statement.values["needed"], 5)


def _after_holiday(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    usual = usual_of(evidence.truth, _measure_of(statement))
    if not isinstance(usual, NoRange) or not usual.is_after_closure:
        yield Wrong("wrong reason", str(usual))


def _hidden(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A change of so many points would not be noticed four times in five, for this reason."""
    if statement.role == "fact" and ("medium" in statement.context) != (len(evidence.truth.media) > 1):
        yield Wrong("wrong medium", ", ".join(evidence.truth.media) or "the day has one")
    usual = usual_of(evidence.truth, statement.context.get("metric", "service_level"))
    if not isinstance(usual, Usual) or usual.hidden <= _TELLABLE or usual.place:
        yield Wrong("wrong judgement of the usual", str(usual))
        return
    points = float(statement.values["points"].value)
    if not points - 1 - _NEAR < 100 * usual.hidden <= points + _NEAR:
        yield Wrong("wrong count", f"{100 * usual.hidden:.2f} points")
    if usual.is_chance != (statement.kind == "hidden_by_chance"):
        yield Wrong("wrong reason", "chance" if usual.is_chance else "days differ")


def _cannot_tell(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A change of ten points would not be noticed four times in five, for this reason."""
    usual = usual_of(evidence.truth, statement.context["metric"])
    if not isinstance(usual, Usual) or usual.hidden <= _TELLABLE or usual.place:
        yield Wrong("wrong judgement of the usual", str(usual))
    elif usual.is_chance != statement.text.startswith(("too few", "zu wenige")):
        yield Wrong("wrong reason", "chance" if usual.is_chance else "days differ")


def _unusual_figure(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figure that the head names is unusual, on the side that it names. What is praised is on target."""
    measure, side = _measure_and_side(statement.kind)
    yield from is_unusual(evidence.truth, measure, side)
    if (measure, side) == ("adherence", "high") and evidence.truth.metric_status(measure) != "on_target":
        yield Wrong("praise for a goal not met", evidence.truth.metric_status(measure))


def _unusual_queue(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figure of the queue that the head names is unusual, with all queues looked at together."""
    measure, side = _measure_and_side(statement.kind)
    if not any(found_side == side for found_side, _, _ in _of_queue(statement, measure, evidence)):
        yield Wrong("news without evidence", f"{measure} of {statement.values['name']}")


def _measure_and_side(kind: str) -> tuple[str, str]:
    measure, _, side = kind.partition("_")[2].rpartition("_")
    return measure, side


def _of_queue(statement: Statement, measure: str, evidence: Evidence) -> list[tuple[str, Usual, Fraction | None]]:
    """The side, the range and the figure of each queue that the head may mean, if this figure of it is unusual."""
    name, medium = evidence.language.without_medium(statement.context["name"])
    ids = {queue.id for queue in queue_names(evidence, name)}
    return [
        (side, usual, value_of(evidence.truth.of_medium(key[0]), measure, key[1]))
        for key, (side, usual) in unusual_queues(evidence.truth).items()
        if key[1] in ids and key[2] == measure and medium in ("", key[0])
    ]


def _usually(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figure of the head, and its usual range, rounded outwards."""
    kind = statement.context.get("head_kind", "")
    measure, _ = _measure_and_side(kind)
    if kind.startswith("queue_"):
        choices = [(usual, value) for _, usual, value in _of_queue(statement, measure, evidence)]
    else:
        usual_of_group = usual_of(evidence.truth, measure)
        is_known = isinstance(usual_of_group, Usual)
        choices = [(usual_of_group, value_of(evidence.truth, measure))] if is_known else []
    wrongs = [list(_is_usual(statement, measure, usual, value, evidence)) for usual, value in choices]
    yield from min(wrongs, key=len, default=[Wrong("usual range of nothing", measure)])


def _is_usual(
    statement: Statement, measure: str, usual: Usual, value: Fraction | None, evidence: Evidence
) -> Iterator[Wrong]:
    if value is None:
        yield Wrong("wrong figure", "not known")
    elif statement.kind == "usually_time":
        if not written_time(statement.values["value"], evidence.language).is_rounded(value / 1000):
            yield Wrong("wrong duration", f"{float(value / 1000):.2f} s")
    elif statement.kind == "usually_contacts":
        yield from count_of(statement.values["value"], int(value))
    else:
        yield from percent_of(statement.values["value"], value)
    yield from _is_range(statement, usual, evidence, measure, value)
    weekday = evidence.language.on_weekday(evidence.truth.case.day.weekday()) if usual.is_of_weekday else None
    if (statement.values.get("weekday") or "").rstrip(".") != (weekday or "").rstrip("."):
        yield Wrong("wrong day", str(weekday))
    if ("days" in statement.values) != (usual.days < _FEW_DAYS):
        yield Wrong("wrong count", f"{usual.days} days")


def _usually_then(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The service level of the head's half-hours is unusually low, and the range is that of the same ones."""
    starts = window_of(statement.context["window"], evidence) if "window" in statement.context else []
    zone = evidence.truth.case.group.tz
    usual = usual_at(evidence.truth, [f"{start.astimezone(zone):%H:%M}" for start in starts], "service_level")
    yield from _is_range_at(statement, usual, evidence, "service_level")


def _usually_come(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Contacts usually come between the times of the head."""
    usual = usual_at(evidence.truth, _clocks(statement.context.get("window", "")), "offered")
    yield from _is_range_at(statement, usual, evidence, "offered")


def _is_range_at(statement: Statement, usual: Usual | None, evidence: Evidence, measure: str) -> Iterator[Wrong]:
    if usual is None:
        yield Wrong("news without evidence", statement.context.get("window", ""))
    else:
        yield from _is_range(statement, usual, evidence, measure, Fraction(0))


def _is_range(
    statement: Statement, usual: Usual, evidence: Evidence, measure: str, value: Fraction | None = None
) -> Iterator[Wrong]:
    """Both ends are rounded outwards: to whole percent, tenths of a percent, seconds or contacts, or more exactly."""
    scale = 1 if measure in _MEASURES.values() else 100
    ends = scale * usual.low, scale * usual.high
    count = float(value) if measure == "offered" and value is not None else None
    printed = printed_range(statement.values["range"], evidence.language)
    if not printed.is_of(*ends, 1 if measure == "abandonment" else 0, count):
        yield Wrong("wrong usual range", f"{usual.low:.4f}–{usual.high:.4f}")


def _silent_hours(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from no_contact_in(statement.values["window"], evidence)


def no_contact_in(window: str, evidence: Evidence) -> Iterator[Wrong]:
    """No contact came for two hours or more, in which many usually come."""
    clocks, zone = _clocks(window), evidence.truth.case.group.tz
    halves = evidence.truth.sums.half_hours.items()
    offered = sum(half.offered or 0 for start, half in halves if f"{start.astimezone(zone):%H:%M}" in clocks)
    yield from count_of(Written(Fraction(0), 0), offered)
    if len(clocks) < _FEWEST_SILENT:
        yield Wrong("wrong length", f"{30 * len(clocks)} minutes")
    if usual_at(evidence.truth, clocks, "offered") is None:
        yield Wrong("news without evidence", window)


def _clocks(window: str) -> list[str]:
    """The local starts of the half-hours of a window such as 10:00–12:00."""
    if window.endswith("–00:00"):
        return []  # a day ends at 24:00
    first, last = (60 * int(clock[:2]) + int(clock[3:5]) for clock in window.split("–"))
    return [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(first, last, 30)]


FIGURE_HEADS = tuple(
    f"figure_{name}"
    for name in (
        *("service_level_low", "abandonment_high", "offered_low", "offered_high", "handle_time_low"),
        *("handle_time_high", "speed_of_answer_high", "occupancy_low", "occupancy_high"),
        *("adherence_low", "adherence_high"),
    )
)
QUEUE_HEADS = tuple(
    f"queue_{measure}_{side}" for measure in ("service_level", "offered", "handle_time") for side in ("low", "high")
)
HEADS = {**dict.fromkeys(FIGURE_HEADS, _unusual_figure), **dict.fromkeys(QUEUE_HEADS, _unusual_queue)}
"""What is said of an unusual figure of the group, or of a queue."""

CHECKS: Checks = {
    ("talk_head", "silent_hours"): _silent_hours,
    ("talk", "usually_then"): _usually_then,
    ("talk", "usually_come"): _usually_come,
    ("talk", "usually"): _usually,
    ("talk", "usually_time"): _usually,
    ("talk", "usually_contacts"): _usually,
    ("substitute_note", "usual_figure"): _range_of_figure,
    ("substitute_note", "outside_figure"): _range_of_figure,
    ("substitute_note", "unusual_figure"): _range_of_figure,
    ("substitute_note", "no_range_yet"): _too_few_days,
    ("substitute_note", "no_range_after_holiday"): _after_holiday,
    ("tile_note", "usual"): _range,
    ("tile_note", "outside"): _range,
    ("tile_note", "unusual"): _range,
    ("tile_note", "no_range_yet"): _too_few_days,
    ("tile_note", "no_range_after_holiday"): _after_holiday,
    ("tile_note", "cannot_tell"): _cannot_tell,
    ("tile_note", "hidden_by_chance"): _hidden,
    ("tile_note", "hidden_by_days"): _hidden,
    ("fact", "hidden_by_chance"): _hidden,
    ("fact", "hidden_by_days"): _hidden,
}
