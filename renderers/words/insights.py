"""What to talk about: a sentence for each kind of insight that `worker.domain.insights` finds.

A head has at most 34 characters and a detail at most 96, so that a phone shows them in one and two lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from renderers.words import dates, numbers, readings
from renderers.words.names import clean, shorten
from renderers.words.numbers import plural
from renderers.words.verdict import Sentence
from worker.domain.briefing import Insight
from worker.domain.metrics import Metric, Status

HEAD_LIMIT = 34
DETAIL_LIMIT = 96
_Figures = Mapping[str, Any]


def insight(found: Insight) -> Sentence:
    """The sentence of an insight; ValueError names a kind that has none."""
    if found.kind not in _SENTENCES:
        raise ValueError(f"there is no sentence for insights of kind {found.kind!r}: add one to renderers.words")
    head, detail = _SENTENCES[found.kind](found.figures, found.status)
    return Sentence(found.status, shorten(head, HEAD_LIMIT), shorten(detail, DETAIL_LIMIT))


def _incomplete_data(figures: _Figures, _: Status) -> tuple[str, str]:
    return "Incomplete data", clean(figures["detail"])


def _worst_run(figures: _Figures, status: Status) -> tuple[str, str]:
    window = dates.span(figures["start"], figures["end"])
    head = f"{window} cost us the day" if status is Status.MISSED else f"{window} was the weak spot"
    level = f"{numbers.percent(figures['service_level'], 0)} service level"
    share = figures["abandons_share"]
    abandons = f" and {numbers.percent(share, 0)} of the day’s abandons" if share else ""
    return head, f"{level}{abandons} in {_stretch(figures['minutes'])}. Can it recur today?"


def _costly_queues(figures: _Figures, _: Status) -> tuple[str, str]:
    names = [clean(name) for name in figures["names"]]
    those = "this queue" if len(names) == 1 else f"these {_SMALL.get(len(names), len(names))} queues"
    of_all = f"({numbers.count(figures['late'])} of {numbers.count(figures['late_total'])})"
    return _joined(names), f"{numbers.percent(figures['share'], 0)} of all late answers {of_all} came from {those}."


def _agents_under_floor(figures: _Figures, _: Status) -> tuple[str, str]:
    number, late = figures["count"], figures["late_logins"]
    head = f"{plural(number, 'agent')} under {numbers.bare_percent(figures['floor'])}% adherence"
    together = "Together " if number > 1 else ""
    logins = f", {plural(late, 'late log-in')}" if late else ""
    return (
        head,
        f"{together}{numbers.minutes(figures['off_schedule_seconds'])} away from schedule{logins}. What kept them?",
    )


def _occupancy_high(figures: _Figures, _: Status) -> tuple[str, str]:
    return "Occupancy above its band", f"{_against_band(figures)} No time to breathe: who can help out, and when?"


def _occupancy_low(figures: _Figures, _: Status) -> tuple[str, str]:
    return "Occupancy below its band", f"{_against_band(figures)} Is there room for coaching or back-office work?"


def _against_band(figures: _Figures) -> str:
    band = f"{numbers.bare_percent(figures['low'])}–{numbers.bare_percent(figures['high'])}%"
    return f"{numbers.percent(figures['value'])} against {band}."


def _service_level_change(figures: _Figures, _: Status) -> tuple[str, str]:
    moved: float = figures["points"]
    previous: date = figures["previous"]
    way, ask = ("up", "What helped?") if moved > 0 else ("down", "What changed?")
    return (
        f"Service level {way} {numbers.points(moved)}",
        f"Against {dates.short_day(previous)}, and the weekday average says the same. {ask}",
    )


def _volume_high(figures: _Figures, _: Status) -> tuple[str, str]:
    more = numbers.percent(figures["ratio"] - 1, 0)
    return f"{more} more contacts than usual", "More than the same weekday of the last four weeks. Does it go on today?"


def _best_queue(figures: _Figures, _: Status) -> tuple[str, str]:
    level, offered = numbers.percent(figures["service_level"]), numbers.count(figures["offered"])
    return f"Well done: {clean(figures['name'])}", f"{level} of {offered} answered in time, best queue of the day."


def _on_target_streak(figures: _Figures, _: Status) -> tuple[str, str]:
    name = readings.METRIC_NAMES[Metric(figures["metric"])]
    return (
        f"{name}: {plural(figures['days'], 'day')} on target",
        "Business days in a row, this one included. Well done.",
    )


def _all_targets_met(_: _Figures, __: Status) -> tuple[str, str]:
    return "All targets met", "Every target of the day was met. Say thank you."


_SMALL = {2: "two", 3: "three", 4: "four"}
_SENTENCES: dict[str, Callable[[_Figures, Status], tuple[str, str]]] = {
    "incomplete_data": _incomplete_data,
    "worst_run": _worst_run,
    "costly_queues": _costly_queues,
    "agents_under_floor": _agents_under_floor,
    "occupancy_high": _occupancy_high,
    "occupancy_low": _occupancy_low,
    "service_level_change": _service_level_change,
    "volume_high": _volume_high,
    "best_queue": _best_queue,
    "on_target_streak": _on_target_streak,
    "all_targets_met": _all_targets_met,
}
KINDS = frozenset(_SENTENCES)


def _joined(names: list[str]) -> str:
    """One name, or several with "and"; where that is too long each gets an equal share of the line."""
    whole = " and ".join(names)
    if len(whole) <= HEAD_LIMIT:
        return whole
    share = (HEAD_LIMIT - len(" and ") * (len(names) - 1)) // len(names)
    spare = sum(max(share - len(name), 0) for name in names)
    return " and ".join(shorten(name, share + spare) for name in names)


def _stretch(of_minutes: int) -> str:
    return f"{of_minutes} minutes" if of_minutes <= 120 else numbers.minutes(of_minutes * 60)
