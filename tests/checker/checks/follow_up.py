"""What became of the talking points of the day before, held against the rows of both days."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.checker.case import Truth
from tests.checker.checks.common import Checks, Evidence, Wrong, is_day, is_name, seconds_of
from tests.checker.figures import agent_adherence
from tests.checker.rounding import Written, half_up
from tests.checker.statements import Statement
from tests.checker.usual import Usual, usual_at, usual_of, usual_of_queue, value_of
from worker.domain.briefing.talking_points import TalkingPoint

_WORDS = {
    "Again": "again",
    "Better": "better",
    "Gone": "gone",
    "Cannot tell": "unknown",
    "Still outside": "outside",
    "Wieder": "again",
    "Besser": "better",
    "Erledigt": "gone",
    "Unklar": "unknown",
    "Noch außerhalb": "outside",
    "Open": "open",
    "Offen": "open",
}
_KINDS = {
    "window": ("worst_run",),
    "target": ("target_missed",),
    "queue": ("costly_queues",),
    "agents": ("agents_under_floor",),
    "occupancy_high": ("occupancy_high",),
    "occupancy_low": ("occupancy_low",),
    "level": ("service_level_change", "figure_unusual"),
    "volume": ("volume_high",),
    "silent": ("silent_hours",),
}
_A_QUEUE = ("a queue", "eine Warteschlange")
_TIMES = ("handle_time", "speed_of_answer")
_UNUSUAL = (
    "figure_abandonment_high",
    "figure_offered_low",
    "figure_offered_high",
    "figure_handle_time_low",
    "figure_handle_time_high",
    "figure_speed_of_answer_high",
    "figure_occupancy_low",
    "figure_occupancy_high",
    "figure_adherence_low",
    "queue_service_level_low",
    "queue_offered_low",
    "queue_offered_high",
    "queue_handle_time_low",
    "queue_handle_time_high",
)
"""Heads of unusual figures: of the group or of a queue, the measure, and the side."""
Figure = tuple[str, Fraction | None]
"""What became of a point, and its figure on the day."""


def _point(kind: str, values: dict[str, object], evidence: Evidence) -> TalkingPoint | None:
    """The point that a head is about."""
    points = evidence.truth.case.earlier_points or ()
    return next((point for point in points if _has_head(point, kind) and _is_about(point, values, evidence)), None)


def _has_head(point: TalkingPoint, kind: str) -> bool:
    if kind not in _UNUSUAL:
        return point.kind in _KINDS[kind] and (kind != "level" or point.metric == "service_level")
    subject, rest = kind.split("_", 1)
    measure, side = rest.rsplit("_", 1)
    return (point.kind, point.metric, point.place) == (f"{subject}_unusual", measure, f"unusually_{side}")


def _is_about(point: TalkingPoint, values: dict[str, object], evidence: Evidence) -> bool:
    if _printed_medium(point, evidence.truth) != values.get("medium"):
        return False
    if "window" in values:
        return values["window"] == f"{point.start}–{_end_of(point)}"
    if "metric" in values:
        return values["metric"] == point.metric
    if "name" in values:
        names = {queue.id: queue.name for queue in evidence.truth.case.rows.queues}
        name = names.get(point.queue_id or "")
        return is_name(str(values["name"]), name) if name else values["name"] in _A_QUEUE
    return True


def _medium_of(point: TalkingPoint, truth: Truth) -> str | None:
    """The medium of a point: the one that it names, or the only one of its day."""
    media = truth.history[truth.previous].media if truth.previous in truth.history else ()
    return point.medium or (media[0] if len(media) == 1 else None)


def _printed_medium(point: TalkingPoint, truth: Truth) -> str | None:
    """The medium that the head names: also that of a day with one medium, if this day has another."""
    medium = _medium_of(point, truth)
    if truth.case.holiday or _is_of_agents(point) or truth.media in ((), (medium,)):
        return point.medium
    return medium


def _goals(point: TalkingPoint, truth: Truth) -> tuple[Fraction, Fraction] | None:
    """The lowest and the highest value on target today, of the figure that a point is about."""
    medium = _medium_of(point, truth)
    truth_of_medium = truth.of_medium(medium) if medium in truth.media and medium else truth
    metric = "service_level" if point.kind in ("worst_run", "costly_queues") else point.metric
    if metric not in ("service_level", "abandonment", "occupancy", "adherence"):
        return None
    queue = next((queue for queue in truth.case.rows.queues if queue.id == point.queue_id), None)
    return truth_of_medium.goal(metric, queue)


def _is_goal_changed(point: TalkingPoint, truth: Truth) -> bool:
    """Whether the target that a point missed is another one today."""
    is_of_target = point.kind in ("worst_run", "costly_queues", "target_missed", "occupancy_high", "occupancy_low")
    goals = _goals(point, truth)
    if not is_of_target or point.goal is None or goals is None:
        return False
    earlier_goals = point.goal if isinstance(point.goal, tuple) else (point.goal,)
    return not {Fraction(repr(goal)) for goal in earlier_goals} <= {*goals}


def _is_of_agents(point: TalkingPoint) -> bool:
    kinds = ("agents_under_floor", "occupancy_high", "occupancy_low")
    return point.kind in kinds or point.metric in ("occupancy", "adherence")


def _end_of(point: TalkingPoint) -> str:
    """The end of a point's window: a day ends at 24:00."""
    return "24:00" if point.end == "00:00" else str(point.end)


def _outcome(point: TalkingPoint, truth: Truth) -> Figure:
    """What became of a point. On a holiday it is open, and of an incomplete day nothing is said."""
    if truth.case.holiday:
        return "open", None
    if not truth.whole:
        return "unknown", None
    if point.kind in ("occupancy_high", "occupancy_low"):
        return ("unknown", None) if _is_goal_changed(point, truth) else _occupancy(point, truth)
    medium = _medium_of(point, truth)
    is_silence = point.kind == "silent_hours" and medium is not None
    if not _is_of_agents(point) and not is_silence and medium not in truth.media:
        return "unknown", None
    if _is_goal_changed(point, truth):
        return "unknown", None
    of_medium = truth.of_medium(medium) if medium and not _is_of_agents(point) else truth.leading
    return {
        "worst_run": _window,
        "costly_queues": _queue,
        "agents_under_floor": _agents,
        "target_missed": _target,
        "service_level_change": _level,
        "volume_high": _volume,
        "figure_unusual": _figure_unusual,
        "queue_unusual": _queue_unusual,
        "silent_hours": _silent,
    }[point.kind](point, of_medium)


def _window(point: TalkingPoint, truth: Truth) -> Figure:
    zone = truth.case.group.tz
    sums = [
        half
        for start, half in truth.sums.half_hours.items()
        if str(point.start) <= f"{start.astimezone(zone):%H:%M}" < _end_of(point)
    ]
    counted = sum(half.counted or 0 for half in sums if half.service_level is not None)
    in_time = sum(half.in_time or 0 for half in sums if half.service_level is not None)
    return _outcome_of_level(truth, in_time, counted)


def _outcome_of_level(truth: Truth, in_time: int, counted: int, queue: object = None) -> Figure:
    if counted < max(truth.case.group.insights.fewest_contacts, 1):
        return "unknown", Fraction(in_time, counted) if counted else None
    level = Fraction(in_time, counted)
    status = truth.status("service_level", level, queue)  # type: ignore[arg-type]
    return ("gone" if status == "on_target" else "again"), level


def _queue(point: TalkingPoint, truth: Truth) -> Figure:
    sums = truth.sums.queues.get(point.queue_id or "")
    queue = next((queue for queue in truth.case.rows.queues if queue.id == point.queue_id), None)
    if sums is None or queue is None or sums.service_level is None:
        return "unknown", None
    return _outcome_of_level(truth, sums.in_time or 0, sums.counted or 0, queue)


def _agents(point: TalkingPoint, truth: Truth) -> Figure:
    ratios = [ratio for agent in truth.case.rows.agents if (ratio := agent_adherence(agent)) is not None]
    if not ratios:
        return "unknown", None
    count = sum(ratio < Fraction(repr(point.floor)) for ratio in ratios)
    if count == 1:
        return "unknown", None
    return ("again" if count else "gone"), Fraction(count)


def _target(point: TalkingPoint, truth: Truth) -> Figure:
    """Missed again, met, or missed by a figure that is back inside its usual range."""
    metric, ratio = str(point.metric), truth.sums.ratio(str(point.metric))
    status = truth.metric_status(metric)
    if status not in ("missed", "watch", "on_target"):
        return "unknown", ratio
    if status == "on_target":
        return "gone", ratio
    usual = usual_of(truth, metric)
    if not isinstance(usual, Usual) or point.value is None or ratio is None:
        return "again", ratio
    was_outside = point.value > usual.high if metric == "abandonment" else point.value < usual.low
    was_outside = was_outside and point.was_unusual
    is_inside = usual.low <= ratio <= usual.high and not usual.place
    return ("better" if was_outside and is_inside else "again"), ratio


def _occupancy(point: TalkingPoint, truth: Truth) -> Figure:
    ratio = truth.sums.ratio("occupancy")
    if truth.metric_status("occupancy") not in ("missed", "watch", "on_target") or ratio is None:
        return "unknown", ratio
    low, high = truth.goal("occupancy")
    is_again = ratio > high if point.kind == "occupancy_high" else ratio < low
    return ("again" if is_again else "gone"), ratio


def _level(_: TalkingPoint, truth: Truth) -> Figure:
    return _by_range(truth, "service_level", "low", truth.sums.ratio("service_level"))


def _volume(_: TalkingPoint, truth: Truth) -> Figure:
    offered = truth.sums.group.offered
    if not _is_leading(truth):
        return "unknown", None
    return _by_range(truth, "offered", "high", None if offered is None else Fraction(offered))


def _is_leading(truth: Truth) -> bool:
    """Whether these are sums of the medium with the most contacts: what is usual is known of its counts and times."""
    return not truth.medium or truth.medium == truth.media[0]


def _by_range(truth: Truth, metric: str, bad: str, value: Fraction | None) -> Figure:
    return _on_side(usual_of(truth, metric), bad, value, 1000 if metric in _TIMES else 1)


def _on_side(usual: object, bad: str, value: Fraction | None, unit: int) -> Figure:
    """Unusual on the bad side again, or not beyond the usual range there."""
    if not isinstance(usual, Usual) or value is None:
        return "unknown", value
    if usual.place == bad:
        return "again", value
    is_beyond = value < usual.low * unit if bad == "low" else value > usual.high * unit
    return ("outside" if is_beyond else "gone"), value


def _figure_unusual(point: TalkingPoint, truth: Truth) -> Figure:
    measure = str(point.metric)
    if measure not in ("service_level", "abandonment") and not _is_leading(truth):
        return "unknown", None
    value = truth.sums.ratio(measure) if measure == "service_level" else value_of(truth, measure)
    return _by_range(truth, measure, str(point.place).removeprefix("unusually_"), value)


def _queue_unusual(point: TalkingPoint, truth: Truth) -> Figure:
    measure, queue_id = str(point.metric), str(point.queue_id)
    if queue_id not in truth.sums.queues:
        return "unknown", None
    usual = usual_of_queue(truth, queue_id, measure)
    value = value_of(truth, measure, queue_id) if usual else None
    return _on_side(usual, str(point.place).removeprefix("unusually_"), value, 1000 if measure in _TIMES else 1)


def _silent(point: TalkingPoint, truth: Truth) -> Figure:
    """Without a contact again, where so few are improbable, or with enough contacts."""
    zone = truth.case.group.tz
    starts = [f"{number // 2:02d}:{number % 2 * 30:02d}" for number in range(48)]
    clocks = [clock for clock in starts if str(point.start) <= clock < _end_of(point)]
    contacts = sum(
        half.offered or 0
        for start, half in truth.sums.half_hours.items()
        if f"{start.astimezone(zone):%H:%M}" in clocks
    )
    if contacts >= truth.case.group.insights.fewest_contacts:
        return "gone", Fraction(contacts)
    is_again = not contacts and usual_at(truth, clocks, "offered") is not None
    return ("again", Fraction(0)) if is_again else ("unknown", None)


def _head(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    point = _point(statement.kind, dict(statement.values), evidence)
    if point is None:
        yield Wrong("no such point", str(evidence.truth.case.earlier_points))
        return
    right, _ = _outcome(point, evidence.truth)
    if _WORDS.get(statement.values["outcome"]) != right:
        yield Wrong("wrong outcome", right)


def _of_head(statement: Statement, evidence: Evidence) -> tuple[TalkingPoint | None, Figure]:
    head = evidence.language.read("follow_up_head", statement.context["head"])
    point = _point(head.kind, dict(head.values), evidence) if head else None
    return point, _outcome(point, evidence.truth) if point else ("", None)


def _figures(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figure of the point, and the same of this day, each with its day."""
    point, (_, now) = _of_head(statement, evidence)
    values = statement.values
    if point is None or point.value is None or now is None:
        yield Wrong("figure of nothing", "not known")
        return
    unit = 1000 if point.metric in _TIMES else 1
    for key, exact in (("before", Fraction(repr(point.value)) * unit), ("after", now)):
        yield from _figure(point, values[key], exact, evidence)
    for key, day in (("day", evidence.truth.previous), ("next", evidence.truth.case.day)):
        if not is_day(evidence, values[key], day):
            yield Wrong("wrong day", str(day))


def _figure(point: TalkingPoint, text: str, exact: Fraction, evidence: Evidence) -> Iterator[Wrong]:
    """A figure with its unit, which does not look like the goal that it misses."""
    if point.metric in _TIMES:
        if seconds_of(text) != half_up(exact / 1000):
            yield Wrong("wrong time", str(float(exact)))
        return
    yield from _unit(point, text)
    number = evidence.language.number(text)
    scaled = exact * 100 if "%" in text else exact
    if not Written(number.value, number.places).is_rounded(scaled):
        yield Wrong("wrong figure", str(float(scaled)))
    goals = _goals(point, evidence.truth) if point.goal is not None and "%" in text else None
    if goals and exact not in goals and number.value / 100 in goals:
        yield Wrong("looks like the goal it misses", str(float(scaled)))


def _unit(point: TalkingPoint, text: str) -> Iterator[Wrong]:
    """Check that a number is called one of agents or of contacts, whichever it counts."""
    unit = next((unit for unit in ("agent", "contact", "kontakt") if unit in text.lower()), "").replace("k", "c")
    if "%" in text or ":" in text:
        return
    if unit != ("agent" if point.kind == "agents_under_floor" else "contact"):
        yield Wrong("wrong unit", text)


def _open_figure(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figure of a point that is open, with its day."""
    point, (right, _) = _of_head(statement, evidence)
    if point is None or point.value is None or right != "open":
        yield Wrong("figure of nothing", "not known")
        return
    yield from _unit(point, statement.values["before"])
    number, exact = evidence.language.number(statement.values["before"]), Fraction(repr(point.value))
    if not number.is_rounded(exact * 100 if "%" in statement.values["before"] else exact):
        yield Wrong("wrong figure", str(point.value))
    if not is_day(evidence, statement.values["day"], evidence.truth.previous):
        yield Wrong("wrong day", str(evidence.truth.previous))


def _reason(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    point, (right, _) = _of_head(statement, evidence)
    if right != {"back": "better", "outside": "outside"}.get(statement.kind, "unknown"):
        yield Wrong("wrong outcome", right)
    if point and statement.kind == "goal_changed" and not _is_goal_changed(point, evidence.truth):
        yield Wrong("wrong reason", f"the goal was {point.goal}")


def _heading(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not evidence.truth.case.earlier_points:
        yield Wrong("no such point", "the day before is not known")
    elif not is_day(evidence, statement.values["day"], evidence.truth.previous):
        yield Wrong("wrong day", str(evidence.truth.previous))
    if (statement.kind == "open_points_heading") != bool(evidence.truth.case.holiday):
        yield Wrong("wrong heading", "a holiday has open points, any other day has followed ones")


CHECKS: Checks = {
    ("follow_up_heading", "follow_up_heading"): _heading,
    ("follow_up_heading", "open_points_heading"): _heading,
    **{("follow_up_head", kind): _head for kind in (*_KINDS, *_UNUSUAL)},
    ("follow_up", "figures"): _figures,
    ("follow_up", "open_figure"): _open_figure,
    ("follow_up", "back"): _reason,
    ("follow_up", "too_little"): _reason,
    ("follow_up", "goal_changed"): _reason,
    ("follow_up", "outside"): _reason,
}
