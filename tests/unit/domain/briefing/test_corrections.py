"""A later revision says what it states otherwise than the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from worker.domain.briefing.content import ChangedParts, Correction, Counts, RevisedFigure, TargetCount, Tile
from worker.domain.briefing.corrections import EarlierRevision, correction
from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.groups import Targets
from worker.domain.metrics import Metric, Ratio
from worker.domain.rows import Gap
from worker.domain.statuses import reading

COUNTS = Counts(100, 95, 5, 22, 300_000.0, 30_000.0)
BEFORE = DayFigures(COUNTS, {Metric.SERVICE_LEVEL: Ratio(0.78, 78, 100)}, {"b": Ratio(0.6), "s": Ratio(0.9)})
NAMES = {"b": "Billing", "s": "Sales", "n": "New"}


def changes_to(now: DayFigures, earlier: DayFigures = BEFORE) -> tuple[RevisedFigure, ...]:
    return correction(EarlierRevision(1, earlier), now, NAMES).changes


def test_the_same_figures_give_no_change():
    assert correction(EarlierRevision(3, BEFORE), BEFORE, NAMES) == Correction(3, ())


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (
            replace(BEFORE, ratios={Metric.SERVICE_LEVEL: Ratio(0.8)}),
            RevisedFigure("metric", "service_level", 0.78, 0.8),
        ),
        (replace(BEFORE, ratios={}), RevisedFigure("metric", "service_level", 0.78, None)),
        (
            replace(BEFORE, ratios={**BEFORE.ratios, Metric.ADHERENCE: Ratio(0.9)}),
            RevisedFigure("metric", "adherence", None, 0.9),
        ),
        (replace(BEFORE, counts=replace(COUNTS, offered=101)), RevisedFigure("count", "offered", 100, 101)),
        (replace(BEFORE, counts=replace(COUNTS, late=None)), RevisedFigure("count", "late", 22, None)),
        (
            replace(BEFORE, counts=replace(COUNTS, average_answer_ms=31_000.0)),
            RevisedFigure("count", "average_answer_ms", 30_000.0, 31_000.0),
        ),
        (replace(BEFORE, queues={"b": Ratio(0.6), "s": Ratio(0.8)}), RevisedFigure("queue", "Sales", 0.9, 0.8)),
        (replace(BEFORE, queues={**BEFORE.queues, "n": Ratio(1.0)}), RevisedFigure("queue", "New", None, 1.0)),
    ],
)
def test_each_figure_that_differs_is_listed_with_both_values(now, change):
    assert changes_to(now) == (change,)


def test_an_average_that_moves_by_less_than_a_page_shows_is_no_change():
    assert changes_to(replace(BEFORE, counts=replace(COUNTS, average_answer_ms=30_400.0))) == ()


def test_an_average_whose_printed_seconds_differ_is_a_change():
    (change,) = changes_to(
        replace(BEFORE, counts=replace(COUNTS, average_answer_ms=30_600.0)),
        replace(BEFORE, counts=replace(COUNTS, average_answer_ms=30_400.0)),
    )
    assert (change.name, change.earlier, change.now) == ("average_answer_ms", 30_400.0, 30_600.0)


def test_metrics_come_first_then_sums_then_the_queues_that_moved_most():
    now = DayFigures(
        replace(COUNTS, offered=120), {Metric.SERVICE_LEVEL: Ratio(0.7)}, {"b": Ratio(0.61), "s": Ratio(0.7)}
    )
    assert [field.name for field in changes_to(now)] == ["service_level", "offered", "Sales", "Billing"]


def test_a_briefing_is_held_against_the_earlier_figures_of_its_own_day(make_briefing, small_day):
    assert make_briefing(small_day).correction is None
    unchanged = make_briefing(small_day, earlier=EarlierRevision(1, figures_of(small_day)))
    assert unchanged.correction == Correction(1, ())
    fewer = replace(small_day, intervals=small_day.intervals[1:])
    changed = make_briefing(small_day, earlier=EarlierRevision(2, figures_of(fewer))).correction
    assert changed.revision == 2
    # the 10 contacts of Billing at nine were missing
    assert RevisedFigure("count", "offered", 90, 100) in changed.changes
    assert RevisedFigure("queue", "Billing", 21 / 40, 30 / 50) in changed.changes


def tiles_of(**values: float | None) -> list[Tile]:
    ratios = {metric: values.get(metric.value) for metric in Metric}
    return [Tile(reading(metric, Ratio(value) if value else None, Targets())) for metric, value in ratios.items()]


def test_a_metric_that_has_data_now_adds_a_target_to_the_verdict():
    now = replace(BEFORE, ratios={**BEFORE.ratios, Metric.ADHERENCE: Ratio(0.5)})
    tiles = tiles_of(service_level=0.78, adherence=0.5)
    targets = correction(EarlierRevision(1, BEFORE), now, NAMES, tiles).targets
    assert targets == (TargetCount(1, 1), TargetCount(2, 2))


def test_the_verdict_of_half_a_day_is_not_compared():
    half_day = replace(BEFORE, ratios={}, whole=False)
    completed = correction(EarlierRevision(1, half_day), BEFORE, NAMES, tiles_of(service_level=0.78))
    assert completed.targets == (None, TargetCount(1, 1))
    assert completed.completes
    assert correction(EarlierRevision(1, BEFORE), half_day, NAMES, tiles_of(service_level=0.78)).targets is None


def corrected(make_briefing, earlier, now):
    return make_briefing(now, earlier=EarlierRevision(1, figures_of(earlier), earlier)).correction


def test_a_revision_of_the_same_rows_changes_nothing(make_briefing, small_day):
    correction = corrected(make_briefing, small_day, small_day)
    assert (correction.parts, correction.changes_nothing) == (ChangedParts(), True)


def test_totals_alone_do_not_tell_that_nothing_changed(make_briefing, small_day):
    correction = make_briefing(small_day, earlier=EarlierRevision(1, figures_of(small_day))).correction
    assert (correction.changes, correction.parts, correction.changes_nothing) == ((), None, False)


def test_contacts_that_moved_to_another_half_hour_are_a_change(make_briefing, small_day):
    first, second, *_ = [row for row in small_day.intervals if row.queue_id == "b" and row.offered]
    rows = [row for row in small_day.intervals if row not in (first, second)]
    swapped_rows = (replace(first, start=second.start), replace(second, start=first.start), *rows)
    correction = corrected(make_briefing, replace(small_day, intervals=swapped_rows), small_day)
    assert (correction.changes, correction.changes_nothing) == ((), False)
    assert [start.timestamp() for start in correction.parts.half_hours] == [
        first.start.timestamp(),
        second.start.timestamp(),
    ]


def test_half_hours_that_only_fill_the_day_have_not_changed(make_briefing, small_day):
    last = max((row for row in small_day.intervals if row.offered), key=lambda row: row.start)
    three_hours_later = replace(last, start=last.start + timedelta(hours=3))
    rows = tuple(row for row in small_day.intervals if row is not last)
    correction = corrected(make_briefing, replace(small_day, intervals=(*rows, three_hours_later)), small_day)
    changed = [start.timestamp() for start in correction.parts.half_hours]
    assert changed == [last.start.timestamp(), three_hours_later.start.timestamp()]


def test_an_agent_whose_log_ins_changed_is_a_change(make_briefing, small_day):
    first, *other_agents = small_day.agents
    earlier = replace(small_day, agents=(replace(first, late_logins=7), *other_agents))
    correction = corrected(make_briefing, earlier, small_day)
    assert (correction.parts, correction.changes_nothing) == (ChangedParts(agents=1), False)


def test_a_gap_that_is_filled_is_a_change(make_briefing, small_day):
    earlier = replace(small_day, gaps=(Gap("unavailable", "One report is missing."),))
    assert corrected(make_briefing, earlier, small_day).parts == ChangedParts(gaps=True)
