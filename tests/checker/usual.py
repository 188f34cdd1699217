"""The checker's own usual range: docs/usual-range.md written once more, without anything of the product.

Tails of Student's t are integrals over its angle, those of counts are sums of their terms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from statistics import median

from tests.checker.case import Truth
from tests.checker.figures import Sums, binomial
from worker.domain.groups.thresholds import Thresholds

_SHARES = {  # low, high, least difference
    "service_level": (0.0025, 0.00005, "notable_change"),
    "abandonment": (0.0, 0.0004, 0.01),
    "offered": (0.0005, 0.0005, "notable_volume"),
    "handle_time": (0.0002, 0.0003, 0.05),
    "speed_of_answer": (0.0, 0.0002, 0.1),
    "occupancy": (0.0002, 0.0002, 0.02),
    "adherence": (0.0003, 0.0001, 0.02),
}
_TIMES = ("handle_time", "speed_of_answer")
_RELATIVE = ("offered", *_TIMES)
"""Their least difference is a share of the expected figure."""
_ABOVE_ZERO = ("offered", "handle_time")
"""A past day without any says nothing of them."""
_OF_CONTACTS = ("service_level", "abandonment", "offered", *_TIMES)
_QUEUE_MEASURES = ("service_level", "offered", "handle_time")
_SHARE_OF_QUEUES = 0.0006
_FEWEST_A_DAY = 5
_FEWEST_SILENT = 4
"""So many half-hours without a contact are two hours."""

Day = tuple[date, float, float]
"""A day, the numerator and the denominator of a figure."""


@dataclass(frozen=True, slots=True)
class Usual:
    """``place``: "low" or "high" if the figure is unusual, "" if not. ``hidden``: points that would not be noticed."""

    low: float
    high: float
    place: str
    days: int
    is_of_weekday: bool
    hidden: float
    is_chance: bool
    p_low: float
    dates: tuple[date, ...]
    """The days that the range is based on."""
    p_high: float
    centre: float


@dataclass(frozen=True, slots=True)
class NoRange:
    """Why there is no range: so many days are known, or the day is the first after a holiday."""

    days: int
    is_after_closure: bool = False


def usual_of(truth: Truth, metric: str) -> Usual | NoRange | None:
    """What is usual for a figure of the day; None where nothing is to be said of it."""
    thresholds = truth.case.group.insights
    today = _parts(truth, truth.case.day, metric)
    if today is None or today[1] <= 0 or not thresholds.usual_range or not truth.whole or _is_thin(truth, metric):
        return None
    days = _usual_days(truth)
    if days is None:
        return NoRange(0, is_after_closure=True)
    history = [(day, *parts) for day in days if (parts := _parts(truth, day, metric)) and parts[1] > 0]
    tests = max(len(truth.media), 1) if metric in _OF_CONTACTS else 1
    return _band(metric, tuple(history), (truth.case.day, *today), thresholds, tests) or NoRange(min(len(history), 4))


def unusual_queues(truth: Truth) -> dict[tuple[str, str, str], tuple[str, Usual]]:
    """The side and the usual range of each figure of a queue that is unusual, by medium, queue and figure.

    All figures of all queues are looked at together: of m p-values in order, all up to the last that is at most its
    place among them × 0.0006 ÷ m.
    """
    days = _usual_days(truth)
    if days is None or not truth.whole or not truth.case.group.insights.usual_range:
        return {}
    tests = {}
    for medium in truth.sums.media:
        rows = truth.case.rows
        for queue_id in dict.fromkeys([*truth.of_medium(medium).sums.queues, *(queue.id for queue in rows.queues)]):
            for measure in _QUEUE_MEASURES:
                if usual := _usual_of_queue(truth.of_medium(medium), queue_id, measure, days):
                    tests[medium, queue_id, measure] = usual
    ranked = sorted(tests, key=lambda test: min(tests[test].p_low, tests[test].p_high))
    last = 0
    for place, test in enumerate(ranked, start=1):
        p_value = min(2 * min(tests[test].p_low, tests[test].p_high), 1)
        last = place if p_value <= _SHARE_OF_QUEUES * place / len(ranked) else last
    sides = {test: ("low" if tests[test].p_low < tests[test].p_high else "high", tests[test]) for test in ranked[:last]}
    return {test: sides[test] for test in sides if _matters(truth.of_medium(test[0]), test[1], test[2], *sides[test])}


def usual_of_queue(truth: Truth, queue_id: str, measure: str) -> Usual | None:
    """What is usual for one figure of a queue of one medium. It is unusual if it were so as the only one looked at."""
    days = _usual_days(truth)
    if days is None or not truth.whole or not truth.case.group.insights.usual_range:
        return None
    usual = _usual_of_queue(truth, queue_id, measure, days)
    if usual is None:
        return None
    side = "low" if usual.p_low < usual.p_high else "high"
    is_far = 2 * min(usual.p_low, usual.p_high) < _SHARE_OF_QUEUES and _matters(truth, queue_id, measure, side, usual)
    return replace(usual, place=side if is_far else "")


def _usual_of_queue(truth: Truth, queue_id: str, measure: str, days: Sequence[date]) -> Usual | None:
    past_lines = {day: truth.history[day].queues.get(queue_id) for day in days if truth.history[day].media}
    offered = [line.offered or 0 if line else 0 for line in past_lines.values()]
    today = _parts_of(truth.sums.queues.get(queue_id), measure)
    if measure == "offered" and _offered_in(truth, queue_id) == 0:
        today = (0.0, 1.0) if _has_often(past_lines, truth.case.day) else None
    if not offered or sum(offered) / len(offered) < _FEWEST_A_DAY or today is None or today[1] <= 0:
        return None
    if measure != "offered" and today[1] < truth.case.group.insights.fewest_contacts:
        return None
    history = [
        (day, *parts) for day, line in past_lines.items() if (parts := _parts_of(line, measure)) and parts[1] > 0
    ]
    return _band(measure, tuple(history), (truth.case.day, *today), truth.case.group.insights, 1)


def _offered_in(truth: Truth, queue_id: str) -> int | None:
    """The contacts of a queue, 0 of one without a row."""
    line = truth.sums.queues.get(queue_id)
    return line.offered if line else 0


def _has_often(lines: Mapping[date, Sums | None], today: date) -> bool:
    """Whether contacts came on at least half of the days, and of the days of the same weekday."""
    has_any = {day: bool(line and line.offered) for day, line in lines.items()}
    same_weekday = [of_day for day, of_day in has_any.items() if day.weekday() == today.weekday()]
    return 2 * sum(has_any.values()) >= len(has_any) and 2 * sum(same_weekday) >= len(same_weekday)


def _matters(truth: Truth, queue_id: str, measure: str, side: str, usual: Usual) -> bool:
    parts = _parts_of(truth.sums.queues.get(queue_id), measure)
    parts = (0.0, 1.0) if measure == "offered" and not parts else parts
    least = _SHARES[measure][2]
    least = getattr(truth.case.group.insights, least) if isinstance(least, str) else least
    difference = parts[0] / parts[1] - usual.centre if parts else 0.0
    return (difference if side == "high" else -difference) >= least * (
        usual.centre if measure in _RELATIVE else 1
    ) - 1e-9


def _parts_of(line: Sums | None, measure: str) -> tuple[float, float] | None:
    """The sum and the number of contacts of a figure, in seconds; None where it is not known."""
    if line is None:
        return None
    parts = {
        "service_level": (None if line.offered == 0 else line.in_time, line.counted),
        "offered": (line.offered or None, 1),
        "handle_time": (line.handle_ms, line.handled),
        "speed_of_answer": (line.answer_ms, line.answered),
    }[measure]
    if parts[0] is None or parts[1] is None:
        return None
    return parts[0] / (1000 if measure in _TIMES else 1), float(parts[1])


def value_of(truth: Truth, measure: str, queue_id: str = "") -> Fraction | None:
    """The figure itself, of the group or of a queue; times in milliseconds."""
    line = truth.sums.queues.get(queue_id) if queue_id else truth.sums.group
    if measure in ("occupancy", "adherence", "abandonment"):
        return truth.sums.ratio(measure)
    if queue_id and measure == "offered":
        return None if (offered := _offered_in(truth, queue_id)) is None else Fraction(offered)
    if line is None or measure == "offered":
        return Fraction(line.offered) if line and line.offered is not None else None
    values = {
        "service_level": line.service_level,
        "handle_time": line.average_handle_ms,
        "speed_of_answer": line.average_answer_ms,
    }
    return values[measure]


def usual_of_factor(truth: Truth, parts_on: Callable[[date], tuple[float, float] | None], metric: str) -> Usual | None:
    """What is usual for a factor of the service level, of which ``parts_on`` returns the two sums on a day."""
    today = parts_on(truth.case.day)
    history = [(day, *parts) for day in _usual_days(truth) or () if (parts := parts_on(day)) and parts[1] > 0]
    if today is None or min(today) <= 0:
        return None
    return _band(metric, tuple(history), (truth.case.day, *today), truth.case.group.insights, 1)


def usual_at(truth: Truth, clocks: Sequence[str], measure: str) -> Usual | None:
    """What is usual in half-hours of these local times, if this day is unusually low then, of one medium."""
    days = _usual_days(truth)
    if days is None or not truth.whole or not truth.case.group.insights.usual_range:
        return None
    by_day = _clocks_by_day(truth, days)
    busy = _busy(by_day, truth.case.day)
    tests = max(len(busy), 1) * len(truth.media if measure == "service_level" else media_to_expect(truth))
    history = [(day, *_parts_at(halves, clocks, measure)) for day, halves in by_day.items()]
    today = (truth.case.day, *_parts_at(_by_clock(truth, truth.sums.half_hours), clocks, measure))
    if today[2] <= 0:
        return None
    usual = _band(measure, tuple(day for day in history if day[2] > 0), today, truth.case.group.insights, 1)
    share = 0.0004 if measure == "service_level" else 0.0001
    return usual if usual and usual.p_low * tests < share else None


def silences(truth: Truth) -> list[tuple[str, Usual]]:
    """Each medium without a contact in four neighbouring half-hours or more, and how many usually come in them."""
    return [(medium, usual) for medium in media_to_expect(truth) for usual in _silences_of(truth, medium)]


def media_to_expect(truth: Truth) -> tuple[str, ...]:
    """The media of the day, and the others that the group asks for."""
    other_media = (medium for medium in truth.case.group.media if medium not in truth.media)
    return truth.media if "all" in truth.media else (*truth.media, *other_media)


def _silences_of(truth: Truth, medium: str) -> Iterator[Usual]:
    of_medium = truth.of_medium(medium)
    busy = _busy(_clocks_by_day(of_medium, _usual_days(truth) or ()), truth.case.day)
    today = _by_clock(truth, of_medium.sums.half_hours)
    runs: list[list[str]] = [[]]
    for clock in sorted(busy):
        if _offered(today.get(clock)) or (runs[-1] and clock != _half_hour_after(runs[-1][-1])):
            runs.append([])
        if not _offered(today.get(clock)):
            runs[-1].append(clock)
    if today or (truth.sums.half_hours and medium not in truth.media):
        usual_runs = (usual_at(of_medium, run, "offered") for run in runs if len(run) >= _FEWEST_SILENT)
        yield from (usual for usual in usual_runs if usual)


def _half_hour_after(clock: str) -> str:
    return f"{datetime.combine(date.min, time.fromisoformat(clock)) + timedelta(minutes=30):%H:%M}"


def _clocks_by_day(truth: Truth, days: Iterable[date]) -> dict[date, dict[str, list[Sums]]]:
    """The half-hours of each day of which they are known. A day may have contacts in other media only."""
    known_days = (day for day in days if truth.day_history[day].half_hours)
    return {day: _by_clock(truth, truth.history[day].half_hours) for day in known_days}


def _busy(by_day: Mapping[date, Mapping[str, list[Sums]]], today: date) -> list[str]:
    """The half-hours in which contacts came on half of the days or more, and of the days of the same weekday."""
    starts = {start for halves in by_day.values() for start in halves}
    same_weekday = [halves for day, halves in by_day.items() if day.weekday() == today.weekday()]
    return [start for start in starts if _is_busy(start, by_day.values()) and _is_busy(start, same_weekday)]


def _is_busy(start: str, days: Collection[Mapping[str, list[Sums]]]) -> bool:
    return 2 * sum(_offered(halves.get(start)) > 0 for halves in days) >= len(days)


def _by_clock(truth: Truth, halves: Mapping[datetime, Sums]) -> dict[str, list[Sums]]:
    by_clock: dict[str, list[Sums]] = {}
    for start, half in halves.items():
        by_clock.setdefault(f"{start.astimezone(truth.case.group.tz):%H:%M}", []).append(half)
    return by_clock


def _offered(halves: list[Sums] | None) -> int:
    return sum(half.offered or 0 for half in halves or ())


def _parts_at(by_clock: Mapping[str, list[Sums]], clocks: Sequence[str], measure: str) -> tuple[float, float]:
    if measure == "offered":
        return float(sum(_offered(by_clock.get(clock)) for clock in clocks)), 1.0
    halves = [half for clock in clocks for half in by_clock.get(clock, ())]
    return float(sum(half.in_time or 0 for half in halves)), float(sum(half.counted or 0 for half in halves))


def _is_thin(truth: Truth, metric: str) -> bool:
    if metric in _TIMES:
        contacts = truth.sums.group.handled if metric == "handle_time" else truth.sums.group.answered
        return (contacts or 0) < truth.case.group.insights.fewest_contacts
    if metric == "offered":
        return (truth.sums.group.offered or 0) < truth.case.group.insights.fewest_contacts
    return truth.is_thin(metric, truth.sums)


def _parts(truth: Truth, day: date, metric: str) -> tuple[float, float] | None:
    sums = truth.sums if day == truth.case.day else truth.history.get(day)
    if sums is None:
        return None
    if metric == "offered":
        return None if sums.group.offered is None else (float(sums.group.offered), 1.0)
    if metric in _TIMES:
        return _parts_of(sums.group, metric)
    parts = sums.parts(metric)
    return (float(parts[0]), float(parts[1])) if parts else None


def _usual_days(truth: Truth) -> list[date] | None:
    """The days that count; None on the day after a holiday."""
    group, today = truth.case.group, truth.case.day
    open_days = sorted({day for day in truth.case.business_days if day < today})
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    def follows_closure(day: date) -> bool:
        workday_before = next(
            (
                day - timedelta(days=distance)
                for distance in range(1, 8)
                if names[(day - timedelta(days=distance)).weekday()] in group.workdays
            ),
            None,
        )
        return (
            bool(open_days)
            and workday_before is not None
            and open_days[0] <= workday_before < day
            and workday_before not in open_days
        )

    day_history = truth.day_history
    if follows_closure(today):
        similar = [day for day in open_days if follows_closure(day)][-26:]
        similar = [day for day in similar if day in day_history]
        return similar if len(similar) >= 5 else None
    usable = [day for day in open_days if day in day_history and not follows_closure(day)]
    offered = {day: number for day in usable if (number := day_history[day].group.offered) is not None}
    lately = {day: number for day, number in offered.items() if day in open_days[-26:]}

    def is_special(weekday: int) -> bool:
        contacts_of_weekday = [count for day, count in lately.items() if day.weekday() == weekday]
        rest = [count for day, count in lately.items() if day.weekday() != weekday]
        return bool(contacts_of_weekday and rest) and not median(rest) / 2 <= median(contacts_of_weekday) <= 2 * median(
            rest
        )

    special = {weekday for weekday in range(7) if is_special(weekday)}
    kind = {today.weekday()} if today.weekday() in special else set(range(7)) - special
    of_kind = [day for day in open_days if day.weekday() in kind][-26:]
    days = [day for day in usable if day in of_kind]
    counts = [offered[day] for day in days if day in offered]
    least = median(counts) / 4 if counts else 0
    return [day for day in days if offered.get(day, least) >= least]


@lru_cache(maxsize=4096)
def _band(metric: str, history: tuple[Day, ...], today: Day, thresholds: Thresholds, tests: int) -> Usual | None:
    """The usual range, calculated once for all statements of a day about one figure."""
    low_share, high_share, least = _SHARES[metric]
    forward, backward, chance = _scale(metric)
    days = [day for day in sorted(history) if metric not in _ABOVE_ZERO or day[1] > 0]
    if len(days) < 5:
        return None
    days = _without_outsiders(_since_shift(days, forward, chance), forward, chance)
    fitted = _Fit(days, forward, chance)
    mean, error, share = fitted.expected(today[0].weekday())
    noise = chance(today[2], _pooled(days))
    sd = thresholds.usual_widening * math.sqrt(noise + fitted.spread + error)
    t = (forward(today[1], today[2]) - mean) / sd
    p_low, p_high = _t_tail(-t, fitted.df), _t_tail(t, fitted.df)
    centre = backward(mean)
    if metric in ("service_level", "abandonment"):
        p_low = max(p_low, binomial(range(round(today[1]) + 1), round(today[2]), centre))
        p_high = max(p_high, binomial(range(round(today[1]), round(today[2]) + 1), round(today[2]), centre))
    if metric == "offered":
        p_low = max(p_low, _poisson(range(round(today[1]) + 1), centre))
        p_high = max(p_high, 1 - _poisson(range(round(today[1])), centre))
    value = today[1] / today[2]
    difference = getattr(thresholds, least) if isinstance(least, str) else least
    difference = (centre if metric in _RELATIVE else 1) * difference - 1e-9
    place = "low" if p_low < low_share / tests and centre - value >= difference else ""
    place = place or ("high" if p_high < high_share / tests and value - centre >= difference else "")
    half = t_quantile(0.025, fitted.df) * sd
    reach = (t_quantile(max(low_share, high_share) / tests, fitted.df) + t_quantile(0.2, fitted.df)) * sd
    hidden = centre - backward(mean - reach) if metric == "service_level" else 0.0
    ends = backward(mean - half), backward(mean + half)
    return Usual(
        *ends,
        place,
        len(days),
        share >= 0.5,
        hidden,
        noise >= sd * sd / 2,
        p_low,
        tuple(day[0] for day in days),
        p_high,
        centre,
    )


_Forward = Callable[[float, float], float]


def _scale(metric: str) -> tuple[_Forward, Callable[[float], float], _Forward]:
    if metric == "offered":
        return lambda k, _: math.sqrt(k + 3 / 8), lambda y: max(y, 0) ** 2, lambda *_: 0.25
    if metric == "handle_time":
        return lambda k, n: math.log(k / n), math.exp, lambda n, _: 1 / n
    if metric == "speed_of_answer":
        return (
            lambda k, n: math.log1p(k / n),
            lambda y: max(math.expm1(y), 0.0),
            lambda n, c: 4 / n * (max(c, 1) / (max(c, 1) + 1)) ** 2,
        )
    if metric in ("service_level", "abandonment"):
        return (
            lambda k, n: math.log(k + 0.5) - math.log(n - k + 0.5),
            lambda y: 0.5 + 0.5 * math.tanh(y / 2),
            lambda n, c: 1 / max(n * c * (1 - c), 1),
        )
    return (
        lambda k, n: math.asin(math.sqrt(min(max(k / n, 0), 1))),
        lambda y: math.sin(min(max(y, 0), math.pi / 2)) ** 2,
        lambda _, c: 0.000025 / 4 / max(c * (1 - c), 0.01),
    )


def _pooled(days: Sequence[Day]) -> float:
    return sum(day[1] for day in days) / sum(day[2] for day in days)


class _Fit:
    """The spread of the days beyond chance, and the mean that each weekday has."""

    def __init__(self, days: Sequence[Day], forward: _Forward, chance: _Forward) -> None:
        ratio = _pooled(days)
        self.values = [forward(day[1], day[2]) for day in days]
        self.noise = [chance(day[2], ratio) for day in days]
        weekdays = [day[0].weekday() for day in days]
        if len(set(weekdays)) < 2 or len(days) - len(set(weekdays)) < 10:
            weekdays = [0] * len(days)
        self.weekdays, self.df = weekdays, len(days) - len(set(weekdays))
        rows = list(zip(self.values, self.noise, strict=True))
        groups = {w: [row for row, weekday in zip(rows, weekdays, strict=True) if weekday == w] for w in set(weekdays)}
        self.spread = _moment_spread([groups[w] for w in sorted(groups)], self.df)
        self.means = {w: _weighted([(y, v + self.spread) for y, v in groups[w]]) for w in sorted(groups)}
        if len(self.means) > 1:
            self.weekday_spread = _moment_spread([list(self.means.values())], len(self.means) - 1)
            self.grand = _weighted([(y, v + self.weekday_spread) for y, v in self.means.values()])

    def expected(self, weekday: int) -> tuple[float, float, float]:
        """Mean, variance of its error, and how much the weekday's own mean counts."""
        if len(self.means) == 1:
            return (*next(iter(self.means.values())), 0.0)
        if weekday not in self.means:
            return self.grand[0], self.grand[1] + self.weekday_spread, 0.0
        mean, variance = self.means[weekday]
        share = self.weekday_spread / (self.weekday_spread + variance)
        return (
            (1 - share) * self.grand[0] + share * mean,
            share * variance + (1 - share) ** 2 * self.grand[1],
            share,
        )

    def residuals(self) -> list[float]:
        """How far each day is from its mean, in standard deviations."""
        return [
            (value - self.expected(weekday)[0]) / math.sqrt(noise + self.spread)
            for value, noise, weekday in zip(self.values, self.noise, self.weekdays, strict=True)
        ]


def _weighted(rows: Iterable[tuple[float, float]]) -> tuple[float, float]:
    rows = list(rows)
    total = sum(1 / variance for _, variance in rows)
    return sum(value / variance for value, variance in rows) / total, 1 / total


def _moment_spread(groups: Sequence[Sequence[tuple[float, float]]], df: int) -> float:
    means = [_weighted(group)[0] for group in groups]
    squares = sum((y - mean) ** 2 / v for group, mean in zip(groups, means, strict=True) for y, v in group)
    scale = sum(
        sum(1 / v for _, v in group) - sum(1 / v**2 for _, v in group) / sum(1 / v for _, v in group)
        for group in groups
    )
    return max((squares - df) / scale, 0.0) if scale > 0 else 0.0


def _since_shift(days: list[Day], forward: _Forward, chance: _Forward) -> list[Day]:
    if len(days) < 10:
        return days
    residuals = _Fit(days, forward, chance).residuals()
    splits = []
    for split in range(5, len(days) - 4):
        first, second = residuals[:split], residuals[split:]
        means = sum(first) / len(first), sum(second) / len(second)
        squares = sum((r - means[0]) ** 2 for r in first) + sum((r - means[1]) ** 2 for r in second)
        error = math.sqrt(squares / (len(days) - 2) * (1 / len(first) + 1 / len(second)))
        gap = abs(means[0] - means[1])
        splits.append((gap / error if error else (math.inf if gap else 0.0), -split))
    t, split = max(splits)
    p_value = 0.0 if math.isinf(t) else 2 * _t_tail(t, len(days) - 2)
    return days[-split:] if p_value * len(splits) < 0.001 else days


def _without_outsiders(days: list[Day], forward: _Forward, chance: _Forward) -> list[Day]:
    for _ in range(len(days) // 8):
        fitted = _Fit(days, forward, chance)
        if fitted.df <= 2:
            break
        scaled = [residual / math.sqrt(fitted.df / len(days)) for residual in fitted.residuals()]
        worst = min(range(len(days)), key=lambda index: (-round(abs(scaled[index]), 9), index))
        square = min(scaled[worst] ** 2, fitted.df - 1e-6)
        t = math.sqrt(square * (fitted.df - 1) / (fitted.df - square))
        if 2 * _t_tail(t, fitted.df - 1) * len(days) > 0.02:
            break
        days = days[:worst] + days[worst + 1 :]
    return days


def _t_tail(t: float, df: int) -> float:
    if t < 0:
        return 1 - _t_tail(-t, df)
    start = math.atan(t / math.sqrt(df))
    return _integral(start, df) / (2 * _integral(0.0, df))


def _integral(start: float, df: int) -> float:
    """The integral of cos^(df−1) from an angle to a right one, two powers at a time by parts."""
    power = (df - 1) % 2
    integral = 1 - math.sin(start) if power else math.pi / 2 - start
    while power < df - 1:
        power += 2
        integral = (integral * (power - 1) - math.cos(start) ** (power - 1) * math.sin(start)) / power
    return max(0.0, integral)


@cache
def t_quantile(tail: float, df: int) -> float:
    """The point beyond which Student's t has this tail."""
    low, high = 0.0, 1.0
    while _t_tail(high, df) > tail:
        high *= 2
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_tail(middle, df) > tail else (low, middle)
    return low


@cache
def _poisson(counts: range, mean: float) -> float:
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in counts) if mean > 0 else 1.0
