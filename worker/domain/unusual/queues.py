"""Find queues with an unusual service level, number of contacts or handle time, looked at together.

With 12 queues a page tests 36 figures. Each alone at 0.2 % would call a queue unusual on one quiet morning in fourteen.
Benjamini and Hochberg's procedure keeps that share for the whole page, and finds more when several queues are off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from worker.domain.briefing.comparison import pick_medium
from worker.domain.briefing.history import DayFigures, MediumFigures
from worker.domain.briefing.usual import KINDS, UsualSource, error_shares, figure_in_range, figure_of_sums
from worker.domain.briefing.usual_content import Measure, Place, UnusualQueue, UsualFigure
from worker.domain.groups import Group
from worker.domain.usual.discoveries import discoveries
from worker.domain.usual.scales import DayFigure
from worker.domain.usual.usual_range import UsualRange, p_values, usual_range

SHARE = 0.0006
"""How often a quiet page may call any figure of any queue unusual."""

FEWEST_A_DAY = 5
"""Queues with fewer contacts in the mean are not looked at."""

RangeOfQueue = Callable[[str, str | None, Measure], tuple[float, UsualFigure] | None]
"""Returns a figure of a queue in a medium with its usual range, None if it has none."""

_MEASURES = (Measure.SERVICE_LEVEL, Measure.OFFERED, Measure.HANDLE_TIME)


@dataclass(frozen=True, slots=True)
class _Test:
    """A figure of a queue, the same figure on past days, and the two-sided probability of such a day."""

    queue_id: str
    medium: str
    measure: Measure
    today: DayFigure
    history: tuple[DayFigure, ...]
    p_value: float
    is_low: bool


def unusual_queues(
    source: UsualSource, today: DayFigures, media: Collection[str], group: Group, names: Mapping[str, str]
) -> tuple[UnusualQueue, ...]:
    """Return what is unusual of the queues, the least probable first.

    ``media``: those of the day. ``names``: those of the group's queues, also of one without rows, by id.
    """
    if not source.thresholds.usual_range or source.usual_days.is_after_closure or not today.whole:
        return ()
    is_only_medium = len(group.media) == 1
    tests = [test for medium in media for test in _tests(source, today, medium, names, is_only_medium=is_only_medium)]
    found_tests = [tests[index] for index in discoveries([test.p_value for test in tests], SHARE)]
    ranked_tests = sorted(found_tests, key=lambda test: test.p_value)
    queues = (_unusual_queue(source, test, names, is_only=len(media) == 1) for test in ranked_tests)
    return tuple(queue for queue in queues if queue)


def range_of_queue(source: UsualSource, today: DayFigures, group: Group, media: Sequence[str]) -> RangeOfQueue:
    """Return how to look up what is usual for one figure of one queue. ``media``: those of the day."""
    has_ranges = source.thresholds.usual_range and not source.usual_days.is_after_closure and today.whole

    def look_up(queue_id: str, medium: str | None, measure: Measure) -> tuple[float, UsualFigure] | None:
        first_medium = medium or next(iter(media), None)
        if first_medium is None or not has_ranges:
            return None
        tests = _tests(source, today, first_medium, (queue_id,), is_only_medium=len(group.media) == 1)
        test = next((test for test in tests if (test.queue_id, test.measure) == (queue_id, measure)), None)
        return _in_range(source, test) if test else None

    return look_up


def _in_range(source: UsualSource, test: _Test) -> tuple[float, UsualFigure] | None:
    """Return a figure with its usual range, for a question about this figure alone."""
    usual = usual_range(KINDS[test.measure], test.history, test.today, SHARE, source.thresholds.usual_widening)
    if usual is None:
        return None
    value = test.today.numerator / test.today.denominator
    is_far = test.p_value < SHARE and _matters(source, test, usual)
    place = _side(test) if is_far else Place.INSIDE if usual.low <= value <= usual.high else Place.OUTSIDE
    return value, figure_in_range(test.measure, usual, test.today, place)


def _side(test: _Test) -> Place:
    return Place.UNUSUALLY_LOW if test.is_low else Place.UNUSUALLY_HIGH


def _matters(source: UsualSource, test: _Test, usual: UsualRange) -> bool:
    """Return whether a figure differs from the expected one by an amount that matters."""
    value = test.today.numerator / test.today.denominator
    difference = usual.centre - value if test.is_low else value - usual.centre
    return error_shares(source.thresholds)[test.measure].matters(usual.centre, difference)


def _tests(
    source: UsualSource, today: DayFigures, medium: str, queue_ids: Collection[str], *, is_only_medium: bool
) -> Iterator[_Test]:
    """Yield the tests of the queues with rows, and of these ``queue_ids``, which may have none."""
    pick = pick_medium(medium, is_only_medium=is_only_medium)
    figures_of_today = pick(today)
    past_days = {day: figures for day in source.usual_days.days if (figures := pick(source.history[day]))}
    for queue_id in sorted({*figures_of_today.sums, *queue_ids}) if figures_of_today else ():
        if _mean_contacts(past_days, queue_id) >= FEWEST_A_DAY and figures_of_today:
            for measure in _MEASURES:
                figure = _figure_of_today(source.reporting_day, measure, figures_of_today, queue_id, past_days)
                if figure and not _is_thin(measure, figure, source.thresholds.fewest_contacts):
                    yield from _test(source, medium, measure, queue_id, figure, past_days)


def _figure_of_today(
    day: date, measure: Measure, figures: MediumFigures, queue_id: str, past_days: Mapping[date, MediumFigures]
) -> DayFigure | None:
    """Return a figure of a queue. One without a row had no contacts, which is a figure if some usually come."""
    is_without_row = measure is Measure.OFFERED and queue_id not in figures.sums
    figure = DayFigure(day, 0) if is_without_row else _figure(day, measure, figures, queue_id)
    if measure is not Measure.OFFERED or figure is None or figure.numerator:
        return figure
    return figure if _usually_has_contacts(day, past_days, queue_id) else None


def _usually_has_contacts(day: date, past_days: Mapping[date, MediumFigures], queue_id: str) -> bool:
    """Return whether contacts came on at least half of the past days, and of those of the same weekday.

    A queue that is closed on Fridays has none each Friday. The range of its contacts leaves out days without any.
    """
    sums_by_day = {past_day: figures.sums.get(queue_id) for past_day, figures in past_days.items()}
    offered = {past_day: bool(queue and queue.offered) for past_day, queue in sums_by_day.items()}
    same_weekday = [has_any for past_day, has_any in offered.items() if past_day.weekday() == day.weekday()]
    return all(2 * sum(days) >= len(days) for days in (list(offered.values()), same_weekday))


def _mean_contacts(past_days: Mapping[date, MediumFigures], queue_id: str) -> float:
    sums = (figures.sums.get(queue_id) for figures in past_days.values())
    return sum(queue.offered or 0 for queue in sums if queue) / len(past_days) if past_days else 0.0


def _figure(day: date, measure: Measure, figures: MediumFigures, queue_id: str) -> DayFigure | None:
    """Return a figure of a queue, None if it is not known."""
    if measure is Measure.SERVICE_LEVEL:
        ratio = figures.queues.get(queue_id)
        if ratio is None or ratio.numerator is None or not ratio.denominator:
            return None
        return DayFigure(day, ratio.numerator, ratio.denominator)
    return figure_of_sums(day, measure, (figures.sums[queue_id],)) if queue_id in figures.sums else None


def _is_thin(measure: Measure, figure: DayFigure, fewest_contacts: int) -> bool:
    """Return whether a percentage or an average is of few contacts. Few contacts themselves may be the news."""
    return measure is not Measure.OFFERED and figure.denominator < fewest_contacts


def _test(
    source: UsualSource,
    medium: str,
    measure: Measure,
    queue_id: str,
    today: DayFigure,
    past_days: Mapping[date, MediumFigures],
) -> Iterator[_Test]:
    figures = (_figure(day, measure, of_day, queue_id) for day, of_day in past_days.items())
    history = tuple(figure for figure in figures if figure)
    tails = p_values(KINDS[measure], history, today, source.thresholds.usual_widening)
    if tails:
        p_value = min(1.0, 2 * min(tails))
        yield _Test(queue_id, medium, measure, today, history, p_value, tails[0] < tails[1])


def _unusual_queue(source: UsualSource, test: _Test, names: Mapping[str, str], *, is_only: bool) -> UnusualQueue | None:
    """Return what a page says about a figure, None if it differs from the expected one by an amount of no matter."""
    usual = usual_range(KINDS[test.measure], test.history, test.today, SHARE, source.thresholds.usual_widening)
    value = test.today.numerator / test.today.denominator
    if usual is None or not _matters(source, test, usual):
        return None
    return UnusualQueue(
        queue_id=test.queue_id,
        name=names.get(test.queue_id, test.queue_id),
        medium=None if is_only else test.medium,
        measure=test.measure,
        value=value,
        contacts=round(test.today.numerator if test.measure is Measure.OFFERED else test.today.denominator),
        usual=figure_in_range(test.measure, usual, test.today, _side(test)),
    )
