"""The checker finds a false explanation of a low service level."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.checker import explained
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of, message_passages
from tests.checker.checks.common import Evidence
from tests.checker.deliver import Delivered, deliver
from tests.checker.documents.passage import Passage
from tests.queue_days import Cause, Centre, case_of


@cache
def _delivered(name: str = "fewer agents and more contacts") -> tuple[Case, Delivered]:
    case = next(case for case in explained.cases("en") if case.name == f"{name} en")
    return case, deliver(case)


@pytest.mark.parametrize(
    ("true", "false", "kind"),
    [
        ("22% more contacts", "31% more contacts", "wrong percentage"),
        ("About 25 points", "About 9 points", "not the largest part"),
        ("from 22% more contacts", "from 9 s longer handle time", "cause inside its usual range"),
        ("57 points below average", "41 points below average", "wrong count"),
        ("unusually low: 22% fewer", "unusually low: 31% fewer", "wrong percentage"),
        ("Service level is unusually low:", "Abandonment is unusually low:", "not the metric that is explained"),
    ],
)
def test_a_planted_cause_is_found_in_the_message(true: str, false: str, kind: str) -> None:
    _is_found(true, false, kind, *_delivered())


@pytest.mark.parametrize(
    ("true", "false", "kind"),
    [
        ("from 19% more contacts", "from 61% more contacts", "wrong percentage"),
        ("Usual: 2,244, the middle", "Usual: 2,274, the middle", "wrong count"),
        ("▲ 19% more contacts than usual", "▲ 17% more contacts than usual", "wrong percentage"),
    ],
)
def test_another_base_than_the_range_of_the_weekday_is_found(true: str, false: str, kind: str) -> None:
    _is_found(true, false, kind, *_delivered("more contacts on a busy weekday"))


def _is_found(true: str, false: str, kind: str, case: Case, delivered: Delivered) -> None:
    text = " ".join(delivered.text.split(" "))
    assert true in text
    planted = replace(delivered, text=text.replace(true, false))
    evidence = evidence_of(case)
    report = check_passages(message_passages(evidence.language, planted), evidence)
    assert kind in {finding.kind for finding in report.findings}


def _steps(*steps: str) -> list[Passage]:
    return [Passage("workbook, why", "why_steps", (*steps, ""))]


STEPS = (
    "More contacts 1,907 against 1,561 −20.3",
    "Longer handle time 3:04 against 3:02 −0.8",
    "Fewer agent hours 86 h against 110 h −25.4",
    "Mix of queues 3:02 against 3:02 0.0",
    "Not explained what the model cannot place −10.3",
)


@pytest.mark.parametrize(
    ("true", "false", "kind"),
    [
        ("", "", None),
        ("−10.3", "−10.2", "parts do not sum to the change"),
        ("1,907 against", "1,807 against", "wrong figure"),
        ("Fewer agent", "More agent", "wrong direction"),
        ("More contacts", "Contacts and timing", "label against its sign"),
        ("Not explained what the model cannot place", "Staffing or chance agents’ time is not known", "wrong parts"),
    ],
)
def test_planted_parts_are_found(true: str, false: str, kind: str | None) -> None:
    evidence = evidence_of(_delivered()[0])
    report = check_passages(_steps(*(step.replace(true, false) for step in STEPS)), evidence)
    assert {finding.kind for finding in report.findings} == ({kind} if kind else set())


def test_an_explanation_of_a_quiet_day_is_found() -> None:
    quiet: Evidence = evidence_of(case_of(Centre(1500, queue_shares=(0.6, 0.25, 0.15)), 7, Cause()))
    report = check_passages([Passage("PDF page 2", "why", ("No single cause.",))], quiet)
    assert {finding.kind for finding in report.findings} == {"explained without need"}
