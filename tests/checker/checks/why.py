"""Why the service level is low: the gate, the totals, the sum of the printed parts, and the causes that are named.

The parts of volume, handle time, staffing and mix come from a model that the checker does not have. It holds them to
their sum, and the causes to the largest part and to the factors' own history.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import fmean

from tests.checker.case import Truth
from tests.checker.checks.common import (
    Check,
    Checks,
    Evidence,
    Wrong,
    count_of,
    growth_of,
    percent_of,
    seconds_of,
    true,
)
from tests.checker.figures import DaySums, quotient
from tests.checker.ranges import printed_range, written_number
from tests.checker.rounding import Written, half_up
from tests.checker.statements import Statement
from tests.checker.usual import Usual, usual_of, usual_of_factor

_BELOW = 0.025
_LEAST_FALL = Fraction(3, 100)
_FEWEST_CONTACTS, _FEWEST_DAYS = 150, 5
_FACTORS = ("volume", "handle", "staffing", "mix")
_WEIGHTS = {"staffing": 10_000, "mix": 40_000}
"""One over the squared relative deviation that chance alone gives: 1 % and 0.5 %."""
_NEAR = 1e-9


@dataclass(frozen=True)
class Low:
    """A service level that lies below its usual range, and the days that it is compared with."""

    truth: Truth
    days: Sequence[date]
    is_unusual: bool

    @property
    def sums(self) -> list[DaySums]:
        """The days before, those of which half-hours are known."""
        return [self.truth.history[day] for day in self.days]

    @property
    def average(self) -> Fraction:
        """The service level of all days before together."""
        in_time, counted = (sum(getattr(day.group, name) or 0 for day in self.sums) for name in ("in_time", "counted"))
        return Fraction(in_time, counted)

    @property
    def level(self) -> Fraction:
        """The service level of the day."""
        return self.truth.sums.group.service_level or Fraction(0)

    @property
    def tenths(self) -> int:
        """The change as it is printed, in tenths of a point."""
        return int(half_up(1000 * self.level) - half_up(1000 * self.average))

    def figures(self, factor: str) -> tuple[list[float], float | None]:
        """A factor on each of the days before, and on the day."""
        days = [self._figure(factor, day) for day in self.sums]
        return [float(figure) for figure in days if figure is not None], self._figure(factor, self.truth.sums)

    @property
    def is_staffing_known(self) -> bool:
        """Whether the agents' time is known today and on enough of the days before."""
        days, today = self.figures("staffing")
        return today is not None and len(days) >= _FEWEST_DAYS

    def expected_of(self, factor: str) -> float:
        """The middle of a factor's usual range. Of the mix, or without a range, the average of all days before."""
        usual = None if factor == "mix" else self.usual(factor)
        if usual:
            return usual.centre
        if factor in ("volume", "staffing"):
            return fmean(self.figures(factor)[0])
        return _mean_time((counted, seconds) for counted, seconds in self._usual_queues.values())

    def _figure(self, factor: str, day: DaySums) -> float | None:
        if factor == "volume":
            return day.group.offered
        if factor == "staffing":
            parts = day.occupancy_parts if not day.by_medium and len(self.truth.media) == 1 else None
            return parts[1] / 1000 if parts else None
        queues = self._usual_queues
        if factor == "handle":
            return _mean_time((counted, _time(day, queue) or seconds) for queue, (counted, seconds) in queues.items())
        return _mean_time((_counted(day, queue), seconds) for queue, (_, seconds) in queues.items())

    @property
    def _usual_queues(self) -> dict[str, tuple[float, float | None]]:
        """Of each queue, its contacts and its handle time over all days before."""
        names = sorted({queue for day in (*self.sums, self.truth.sums) for queue in day.queues})
        queues: dict[str, tuple[float, float | None]] = {}
        for name in names:
            handled = sum(day.queues[name].handled or 0 for day in self.sums if name in day.queues)
            seconds = sum(day.queues[name].handle_ms or 0 for day in self.sums if name in day.queues) / 1000
            queues[name] = sum(_counted(day, name) for day in self.sums), seconds / handled if handled else None
        return queues

    def usual(self, factor: str) -> Usual | None:
        """The factor's own usual range, that of the weekday as far as weekdays differ."""

        def parts_on(day: date) -> tuple[float, float] | None:
            sums = self.truth.sums if day == self.truth.case.day else self.truth.history[day]
            handled = sum(queue.handled or 0 for queue in sums.queues.values())
            weight = {"volume": 1, "handle": handled, **_WEIGHTS}[factor]
            figure = self._figure(factor, sums)
            return (figure * weight, weight) if figure is not None else None

        return usual_of_factor(self.truth, parts_on, "offered" if factor == "volume" else "handle_time")

    def is_outside(self, factor: str) -> bool:
        """Whether the factor lies outside its own usual range."""
        usual, today = self.usual(factor), self.figures(factor)[1]
        return usual is not None and today is not None and not usual.low <= today <= usual.high


def _mean_time(queues: Iterable[tuple[float, float | None]]) -> float:
    timed_queues = [(counted, seconds) for counted, seconds in queues if seconds is not None]
    return float(
        sum(counted * seconds for counted, seconds in timed_queues) / (sum(counted for counted, _ in timed_queues) or 1)
    )


def _counted(day: DaySums, queue: str) -> int:
    return (day.queues[queue].counted or 0) if queue in day.queues else 0


def _time(day: DaySums, queue: str) -> float | None:
    sums = day.queues.get(queue)
    seconds = quotient(sums.handle_ms, sums.handled) if sums else None
    return float(seconds) / 1000 if seconds is not None else None


def low_of(truth: Truth) -> Low | None:
    """The day's low service level; None where it is not below its usual range, or by less than three points."""
    leading = truth.leading
    usual = usual_of(leading, "service_level")
    if not isinstance(usual, Usual) or usual.p_low >= _BELOW:
        return None
    low = Low(leading, usual.dates, usual.place == "low")
    return low if low.average - low.level >= _LEAST_FALL - Fraction(1, 10**9) else None


def _gate(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Whether there is anything to explain, and enough to explain it from."""
    low = low_of(evidence.truth)
    if low is None:
        yield Wrong("explained without need", "not below the usual range, or by less than 3 points")
    elif not low.is_unusual and not any(low.is_outside(factor) for factor in _FACTORS):
        yield Wrong("explained without need", "not unusual, and each factor is inside its usual range")
    elif (low.truth.sums.group.counted or 0) < _FEWEST_CONTACTS or len(low.days) < _FEWEST_DAYS:
        yield Wrong("explained from too little", f"{low.truth.sums.group.counted} contacts, {len(low.days)} days")


def _from_to(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _gate(statement, evidence)
    if low := low_of(evidence.truth):
        yield from percent_of(statement.values["average"], low.average)
        yield from percent_of(statement.values["level"], low.level)
        yield from _tenths_are(statement.values["change"], low.tenths)


def _total(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _gate(statement, evidence)
    if low := low_of(evidence.truth):
        yield from _tenths_are(statement.values["change"], low.tenths)


def _tenths_are(number: Written, tenths: int) -> Iterator[Wrong]:
    if number.value * 10 != tenths:
        yield Wrong("wrong points", f"{tenths / 10}")


def _average(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _gate(statement, evidence)
    if low := low_of(evidence.truth):
        yield from count_of(statement.values["days"], len(low.days))
        yield from growth_of(statement.values["average"], low.average)


def _steps(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The parts sum to the change, each figure is right, and each word says its direction."""
    yield from _gate(statement, evidence)
    low, steps = low_of(evidence.truth), statement.context["steps"]
    if low is None:
        return
    total = sum(values["points"].value for _, values in steps)
    if total * 10 != low.tenths:
        yield Wrong("parts do not sum to the change", f"{low.tenths / 10}")
    knows_staffing = low.is_staffing_known
    expected = [*(factor for factor in _FACTORS if factor != "staffing" or knows_staffing)]
    if [kind for kind, _ in steps] != [*expected, "rest" if knows_staffing else "rest_or_staffing"]:
        yield Wrong("wrong parts", ", ".join(expected))
    for kind, values in steps:
        if kind in _FACTORS:
            yield from _step_figures(kind, values, low)
    last = statement.context["total"]
    if last and not evidence.language.number(last.rsplit(" ", 1)[-1]).is_rounded(low.level * 100):
        yield Wrong("wrong percentage", f"{float(low.level):.4f}")


def _step_figures(factor: str, values: Mapping[str, object], low: Low) -> Iterator[Wrong]:
    today, expected = low.figures(factor)[1], low.expected_of(factor)
    for name, exact in (("today", today), ("average", expected)):
        if values.get(name) and not _is_written(values[name], factor, exact):
            yield Wrong("wrong figure", f"{factor} {name} {exact}")
    if factor == "mix" or today is None or expected is None:
        return
    is_more, points = today > expected, values["points"].value  # type: ignore[attr-defined]
    word = values.get("word")
    hour_or_one = 3600 if factor == "staffing" else 1
    if half_up(Fraction(today) / hour_or_one) == half_up(Fraction(expected) / hour_or_one):
        if word:
            yield Wrong("more or fewer of the same figure", f"{today} against {expected}")
        return
    if word and is_more != (word in ("More", "Mehr", "Longer", "Längere")):
        yield Wrong("wrong direction", f"{today} against {expected}")
    is_opposite = points > 0 if is_more != (factor == "staffing") else points < 0
    if bool(word) == is_opposite:
        yield Wrong("label against its sign", f"{today} against {expected}, {points} points")


def _is_written(number: object, factor: str, exact: float | None) -> bool:
    if exact is None:
        return False
    if factor in ("volume", "staffing"):
        exact_number = Fraction(exact) / (3600 if factor == "staffing" else 1)
        return isinstance(number, Written) and abs(number.value - exact_number) <= Fraction(1, 2) + Fraction(1, 10**6)
    return abs(seconds_of(str(number)) - exact) <= 0.5 + 1e-3


def _is_near(number: Written, exact: Fraction) -> bool:
    """Whether a number is rounded right, but for what floats lose."""
    return abs(number.value - exact) <= Fraction(1, 2 * 10**number.places) + Fraction(1, 1000)


def _row(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A factor's figure and its own usual range."""
    yield from _gate(statement, evidence)
    low, factor = low_of(evidence.truth), statement.context["factor"]
    if low is None:
        return
    usual, today = low.usual(factor), low.figures(factor)[1]
    if usual is None or today is None:
        yield Wrong("usual range of nothing", factor)
        return
    unit = 3600 if factor == "staffing" else 1
    number = written_number(re.sub(r" h$", "", statement.context["today"]), evidence.language)
    if not _is_near(number, Fraction(today) / unit):
        yield Wrong("wrong figure", f"{factor} {today}")
    printed = printed_range(statement.context["usual"], evidence.language)
    if not printed.is_of(usual.low / unit, usual.high / unit, 0, today if factor == "volume" else None):
        yield Wrong("wrong usual range", f"{usual.low / unit:.3f}–{usual.high / unit:.3f}")
    if (statement.context["verdict"] == "outside") != low.is_outside(factor):
        yield Wrong("wrong judgement of the usual", f"{today} in {usual.low}–{usual.high}")


def named_causes(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Each named cause lies outside its own usual range, and the first cost at least as much as the second."""
    yield from _gate(statement, evidence)
    low = low_of(evidence.truth)
    names = [statement.values[name] for name in ("cause", "other") if name in statement.values]
    for text in names if low else ():
        cause = evidence.language.read("why_cause", text)
        if cause is None or low is None:
            yield Wrong("not understood", text)
        elif not low.is_outside(cause.kind):
            yield Wrong("cause inside its usual range", cause.kind)
        else:
            yield from _size_of_cause(cause.kind, cause.values, low)
    if statement.kind == "why_talk_two" and _points(statement.values["part"]) < _points(statement.values["other_part"]):
        yield Wrong("not the largest part", str(statement.values["other_part"]))


def _points(part: str) -> int:
    return int(re.sub(r"\D", "", part)) if re.fullmatch(r"\d+", part) else 0


def _size_of_cause(factor: str, values: Mapping[str, Written], low: Low) -> Iterator[Wrong]:
    today, expected = low.figures(factor)[1], low.expected_of(factor)
    if today is None or factor == "mix":
        return
    growth = today / (float(half_up(Fraction(expected))) if factor == "volume" else expected) - 1
    if factor == "handle":
        seconds = values["seconds"].value if "seconds" in values else seconds_of(str(values["time"]))
        if ("seconds" in values) != (seconds < 60):
            yield Wrong("wrong unit", f"{seconds} s")
        if seconds != half_up(Fraction(today)) - half_up(Fraction(expected)):
            yield Wrong("wrong seconds", f"{today - expected:.2f}")
    elif abs(float(values["percent"].value) - abs(100 * growth)) > 0.5 + 1e-6:
        yield Wrong("wrong percentage", f"{100 * growth:.2f}")
    if (today > expected) != (factor != "staffing"):
        yield Wrong("wrong direction", f"{today} against {expected}")


def _usual_contacts(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The number of contacts that the explanation compares with."""
    yield from _gate(statement, evidence)
    if low := low_of(evidence.truth):
        yield from count_of(statement.values["usual"], int(half_up(Fraction(low.expected_of("volume")))))


def _talk_head(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _gate(statement, evidence)
    if low := low_of(evidence.truth):
        yield from count_of(statement.values["points"], int(half_up(100 * (low.average - low.level))))


def _no_cause(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Without a cause only an unusual service level is talked about. The whole parts sum to the whole change."""
    yield from _gate(statement, evidence)
    low = low_of(evidence.truth)
    if low and not low.is_unusual:
        yield Wrong("news without evidence", "not unusual, and no cause")
    if low and "parts" in statement.values:
        parts = [part.rsplit(" ", 1) for part in statement.values["parts"].split(", ")]
        unread = [name for name, _ in parts if not evidence.language.read("why_name", name)]
        total = sum(int(number.replace("−", "-")) for _, number in parts)
        if unread or total != -int(half_up(100 * (low.average - low.level))):
            yield Wrong("parts do not sum to the change", f"{float(low.level - low.average):.3f} {unread}")


def _staffing_is_known(is_known: bool) -> Check:
    def check(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
        yield from _gate(statement, evidence)
        low = low_of(evidence.truth)
        if low and is_known != low.is_staffing_known:
            yield Wrong("wrong reason", "agents’ time is known" if not is_known else "agents’ time is not known")

    return check


def _few(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    counted = evidence.truth.leading.sums.group.counted
    if counted is None or counted >= _FEWEST_CONTACTS:
        yield Wrong("wrong reason", f"{counted} contacts")


def _is_low(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    usual = usual_of(evidence.truth.leading, "service_level")
    low = low_of(evidence.truth)
    is_unusual = isinstance(usual, Usual) and usual.place == "low"
    if not is_unusual and not (low and any(low.is_outside(factor) for factor in _FACTORS)):
        yield Wrong("explained without need", str(usual))


CHECKS: Checks = {
    ("talk_head", "level_low"): _talk_head,
    ("talk", "why_talk_one"): named_causes,
    ("talk", "why_talk_two"): named_causes,
    ("talk", "why_talk_back"): _gate,
    ("talk", "why_talk_none"): _no_cause,
    ("talk", "why_talk_unexplained"): _no_cause,
    ("talk", "usual_middle"): _usual_contacts,
    ("talk", "why_talk_rest"): _staffing_is_known(False),
    ("why", "why_title"): _is_low,
    ("why", "why_from_to"): _from_to,
    ("why", "why_total"): _total,
    ("why", "why_one_cause"): named_causes,
    ("why", "why_two_causes"): named_causes,
    ("why", "why_cost"): _gate,
    ("why", "why_no_cause"): _gate,
    ("why", "why_unexplained"): _gate,
    ("why", "why_average"): _average,
    ("why", "why_note"): true,
    ("why", "why_hours"): _staffing_is_known(True),
    ("why", "why_no_hours"): _staffing_is_known(False),
    ("why", "why_few"): _few,
    ("why", "why_not_explained"): _is_low,
    ("why", "steps"): _steps,
    ("why", "row"): _row,
}
