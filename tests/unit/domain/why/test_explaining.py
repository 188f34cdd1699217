"""A low service level is explained from whole days only, and a cause is named where one was planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.checker.case import Case
from tests.queue_days import Cause, Centre, case_of
from worker.domain.briefing.content import Briefing
from worker.domain.briefing.history import figures_of
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.compose import build
from worker.domain.insights.follow_up import talking_points
from worker.domain.metrics import Metric
from worker.domain.staffing.causes import FactorOfDay, is_clearly_outside
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import NotExplained, Why

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
        (Cause(volume=1.2, staffing=0.75), (Factor.VOLUME, Factor.STAFFING)),
    ],
)
def test_a_planted_cause_is_named(cause: Cause, factors: tuple[Factor, ...]) -> None:
    explanation = explained(case_of(CENTRE, 7, cause))
    assert explanation.causes == factors
    assert all(explanation.factor(factor).is_outside for factor in factors)


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


def test_a_factor_is_held_against_its_own_weekday() -> None:
    history = [FactorOfDay(day % 5, (2000 if day % 5 == 0 else 1000) + day) for day in range(25)]
    assert not is_clearly_outside(Factor.VOLUME, history, FactorOfDay(0, 2010))
    assert is_clearly_outside(Factor.VOLUME, history, FactorOfDay(1, 2010))
    assert not is_clearly_outside(Factor.VOLUME, history[:4], FactorOfDay(1, 2010))


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
