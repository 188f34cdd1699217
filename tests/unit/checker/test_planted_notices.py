"""Every statement of a notice is true, and the checker finds false ones beside the holiday that shows what is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.checker import closed, planned
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.documents.passage import Passage
from tests.unit.checker.every_statement import assert_true
from worker.domain.groups import Language

HOLIDAY = "holiday before a shortage"
PLANTED = (
    (HOLIDAY, "verdict", ("no_data", "All 4 targets of the group met", ""), "wrong count"),
    (
        HOLIDAY,
        "verdict",
        (
            "no_data",
            "No Business Day Data Available",
            "Tuesday 20 October 2026 was Founders Day in the group's calendar, so no figures were asked for.",
        ),
        "wrong day",
    ),
    (
        HOLIDAY,
        "verdict",
        (
            "no_data",
            "No Business Day Data Available",
            "Wednesday 21 October 2026 was May Day in the group's calendar, so no figures were asked for.",
        ),
        "wrong holiday",
    ),
    (
        HOLIDAY,
        "verdict",
        ("no_data", "No Business Day Data Available", "The last business day was Monday 19 October 2026."),
        "wrong day",
    ),
    (HOLIDAY, "follow_up_heading", ("What became of the points of Tue 20 Oct",), "wrong heading"),
    (HOLIDAY, "follow_up_heading", ("Still open from Mon 19 Oct",), "wrong day"),
    (HOLIDAY, "follow_up", ("Gone: 11:00–12:30 under target", "52.3% on Tue 20."), "wrong outcome"),
    (HOLIDAY, "follow_up", ("Open: 11:00–12:00 under target", "52.3% on Tue 20."), "no such point"),
    (HOLIDAY, "follow_up", ("Open: 11:00–12:30 under target", "53.2% on Tue 20."), "wrong figure"),
    (HOLIDAY, "follow_up", ("Open: 11:00–12:30 under target", "52.3% on Mon 19."), "wrong day"),
    (HOLIDAY, "follow_up", ("Open: Sales under target", "61.3% on Tue 20."), "no such point"),
    (HOLIDAY, "follow_up", ("Open: Abandonment off target", "5.0% on Tue 20."), "figure of nothing"),
    (HOLIDAY, "today", ("Riskiest: 10:00–12:00, up to 25 short.",), "wrong shortage"),
    ("holiday, no licence", "today", ("No schedule is published for today.",), "wrong reason"),
    ("holiday after a quiet day", "follow_up_heading", ("Still open from Tue 20 Oct",), "no such point"),
)


@pytest.fixture(scope="module")
def day() -> Callable[[str], Case]:
    days = {case.name.removesuffix(" en"): case for case in closed.cases("en")}
    return lambda name: days[name]


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_of_a_notice_is_true(language: Language) -> None:
    assert_true(closed.cases(language))


@pytest.mark.parametrize(("name", "role", "parts", "kind"), PLANTED, ids=lambda value: str(value)[:60])
def test_it_notices_a_false_statement_in_a_notice(
    name: str, role: str, parts: tuple[str, ...], kind: str, day: Callable[[str], Case]
) -> None:
    report = check_passages([Passage("message, notice", role, parts)], evidence_of(day(name)))
    assert kind in {finding.kind for finding in report.findings}, report.findings


def test_it_notices_a_business_day_that_is_called_a_holiday() -> None:
    case = next(case for case in planned.cases("en") if case.name == "shortage en")
    passages = [Passage("message, verdict", "verdict", ("no_data", "No Business Day Data Available", ""))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(case)).findings}
    assert "called a holiday" in kinds
