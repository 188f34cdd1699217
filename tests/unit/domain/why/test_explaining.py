"""A low service level is explained from whole days only, and a cause is named where one was planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.checker.case import Case
from tests.queue_days import Cause, Centre, case_of, workdays
from worker.domain import compose as composing
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.history import figures_of
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.compose import build
from worker.domain.insights.points import talking_points
from worker.domain.metrics import Metric
from worker.domain.staffing.explanation import Explanation, Factor
from worker.domain.why.content import NotExplained, Why
from worker.domain.why.explaining import explain_any_day
from worker.domain.why.factors import FactorDays, explained_factors
from worker.domain.why.reference import MediumDay, QueueDay, Reference

CENTRE = Centre(1500, queue_shares=(0.6, 0.25, 0.15))


def composed(case: Case, *, has_half_hours: bool = True) -> Briefing:
    zone = case.group.tz if has_half_hours else None
    return build(
        run_id="queue-days:2026-09-08",
        group=case.group,
        reporting_day=case.day,
        revision=1,
        window=case.window,
        generated_at=datetime.combine(case.day + timedelta(days=1), time(5), UTC),
        rows=case.rows,
        history={day: figures_of(rows, zone) for day, rows in case.history.items()},
        business_days=case.business_days,
    )


def explained(case: Case) -> Why:
    explanation = composed(case).explanation
    assert isinstance(explanation, Why)
    return explanation


@pytest.mark.parametrize(
    ("cause", "factors"),
    [
        (Cause(volume=1.2), (Factor.VOLUME,)),
        (Cause(handle=1.2), (Factor.HANDLE,)),
        (Cause(staffing=0.72), (Factor.STAFFING,)),
        (Cause(volume=1.2, staffing=0.75), (Factor.STAFFING, Factor.VOLUME)),
    ],
)
def test_a_planted_cause_is_named(cause: Cause, factors: tuple[Factor, ...]) -> None:
    explanation = explained(case_of(CENTRE, 7, cause))
    assert explanation.causes == factors
    assert all(explanation.factor(factor).is_outside for factor in factors)


BUSY_MONDAYS = replace(CENTRE, weekdays=(1.5, 1, 1, 1, 1, 1, 1))
"""Mondays have half as many contacts again as other days, and the agents for them."""


def test_on_a_busy_weekday_more_contacts_are_more_than_it_usually_has() -> None:
    monday = explained(case_of(BUSY_MONDAYS, 7, Cause(volume=1.2), past_days=25))
    volume = monday.factor(Factor.VOLUME)
    assert monday.causes == (Factor.VOLUME,)
    assert volume.today is not None
    assert volume.expected is not None
    assert volume.today / volume.expected == pytest.approx(1.2, abs=0.05)
    # the agents whom Mondays always have bring nothing back, and their usual contacts cost nothing
    assert monday.factor(Factor.STAFFING).part == pytest.approx(0, abs=0.03)
    assert volume.part == pytest.approx(monday.change, abs=0.06)


def test_an_ordinary_day_of_a_busy_weekday_has_next_to_no_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "explain_day", explain_any_day)
    monday = explained(case_of(BUSY_MONDAYS, 7, Cause(), past_days=25))
    for factor in monday.factors:
        assert factor.part == pytest.approx(0, abs=0.05)


def test_the_parts_sum_to_the_change_of_the_printed_service_level() -> None:
    case = case_of(CENTRE, 7, Cause(volume=1.2))
    explanation = explained(case)
    parts = sum(factor.part or 0.0 for factor in explanation.factors)
    assert parts + explanation.unexplained == pytest.approx(explanation.level - explanation.average, abs=1e-12)
    reading = composed(case).tiles[0].reading
    assert reading.ratio is not None
    assert explanation.level == pytest.approx(reading.ratio.value, abs=1e-12)


@pytest.mark.parametrize("cause", [Cause(volume=1.12, staffing=0.88), Cause(volume=1.2), Cause(staffing=0.5)])
def test_an_unusually_low_level_is_followed_up_whether_explained_or_not(cause: Cause) -> None:
    case = case_of(CENTRE, 7, cause)
    briefing = composed(case)
    assert isinstance(briefing.explanation, Why)
    kinds = [point.kind for point in talking_points(briefing, case.rows)]
    assert ("service_level_change" in kinds) is briefing.explanation.is_unusual


def test_a_quiet_day_is_not_explained() -> None:
    briefing = composed(case_of(CENTRE, 7, Cause()))
    assert briefing.explanation is None
    assert all(insight.kind != "service_level_low" for insight in briefing.insights)


def test_a_low_day_that_is_not_unusual_and_has_no_cause_is_not_explained() -> None:
    briefing = composed(case_of(CENTRE, 7, Cause(volume=1.06, handle=1.04, staffing=0.92)))
    usual = briefing.tile(Metric.SERVICE_LEVEL).usual
    assert isinstance(usual, UsualFigure)
    assert (usual.place, usual.p_low < 0.025) == (Place.OUTSIDE, True)
    assert briefing.explanation is None
    assert all(insight.kind != "service_level_low" for insight in briefing.insights)


def medium_day_of(offered: int, agent_seconds: float | None = 100_000.0) -> MediumDay:
    queue = QueueDay(counted=offered, in_time=0.8 * offered, handled=offered, handle_seconds=200.0 * offered)
    return MediumDay(offered, 0, 0.0, {"09:00": offered}, {"q0": queue}, agent_seconds)


def factor_days(today: MediumDay, reporting_day: date, days: int = 25, widening: float = 1.0) -> FactorDays:
    """Return days on which Mondays have twice the contacts of other days."""
    past_days = {
        day: medium_day_of((2000 if day.weekday() == 0 else 1000) + 5 * (number % 3))
        for number, day in enumerate(workdays(date(2026, 8, 3), days))
    }
    reference = Reference.of_days(list(past_days.values()), today)
    return FactorDays(reference, past_days, reporting_day, today, 20, widening)


MONDAY = date(2026, 9, 7)


def is_outside(days: FactorDays, factor: Factor = Factor.VOLUME) -> bool:
    explanation = Explanation(-0.1, dict.fromkeys(Factor, -0.02), 1.0)
    (explained_factor,) = (row for row in explained_factors(explanation, days) if row.factor is factor)
    assert explained_factor.is_outside is explained_factor.is_clearly_outside
    return explained_factor.is_outside


@pytest.mark.parametrize(
    ("offered", "weekday", "expected"), [(2010, 0, False), (2010, 1, True), (1010, 1, False), (1010, 0, True)]
)
def test_a_factor_is_held_against_its_own_weekday(offered: int, weekday: int, expected: bool) -> None:
    days = factor_days(medium_day_of(offered), MONDAY + timedelta(days=weekday))
    assert is_outside(days) is expected


def test_wider_ranges_of_a_group_are_those_of_the_factors_too() -> None:
    today, tuesday = medium_day_of(1200), MONDAY + timedelta(days=1)
    assert is_outside(factor_days(today, tuesday))
    assert not is_outside(factor_days(today, tuesday, widening=5.0))


def test_a_factor_of_fewer_than_five_days_has_no_range() -> None:
    days = factor_days(medium_day_of(3000), MONDAY, days=4)
    assert days.usual_range(Factor.VOLUME) is None
    assert not is_outside(days)


def test_agent_hours_are_held_against_their_own_days() -> None:
    assert is_outside(factor_days(medium_day_of(1000, 80_000.0), MONDAY), Factor.STAFFING)
    assert not is_outside(factor_days(medium_day_of(1000, 99_000.0), MONDAY), Factor.STAFFING)
    assert not is_outside(factor_days(medium_day_of(1000, None), MONDAY), Factor.STAFFING)


def test_without_the_agents_time_staffing_has_no_part() -> None:
    case = case_of(CENTRE, 7, Cause(handle=1.2))
    explanation = explained(replace(case, rows=replace(case.rows, agents=())))
    assert explanation.factor(Factor.STAFFING).part is None
    assert not explanation.is_staffing_known


def test_days_that_an_older_version_stored_do_not_explain() -> None:
    assert composed(case_of(CENTRE, 7, Cause(volume=1.3)), has_half_hours=False).explanation is NotExplained.FEW_DAYS


def test_few_contacts_are_not_explained() -> None:
    few = Centre(115, queue_shares=(0.6, 0.4))
    outcomes = {composed(case_of(few, seed, Cause(staffing=0.3))).explanation for seed in range(7, 10)}
    assert outcomes <= {NotExplained.FEW_CONTACTS, None}
    assert NotExplained.FEW_CONTACTS in outcomes


def test_a_day_without_a_threshold_of_seconds_is_not_explained() -> None:
    case = case_of(CENTRE, 7, Cause(staffing=0.5))
    rows = replace(case.rows, service_level_seconds=None)
    assert composed(replace(case, rows=rows)).explanation is NotExplained.NO_THRESHOLD
