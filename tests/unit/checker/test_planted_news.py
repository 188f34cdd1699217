"""The checker finds each planted sentence that calls an ordinary figure, queue or half-hour unusual."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.checker import unusual_days
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.documents.passage import Passage
from tests.queue_days import Cause, Centre, case_of

EVIDENCE = evidence_of(case_of(Centre(1500), 7, Cause()))
QUEUE = EVIDENCE.truth.case.rows.queues[0].name


@pytest.mark.parametrize(
    ("head", "detail"),
    [
        ("Handle time unusually long", "3:20, usually 2:50–3:16."),
        ("Answers unusually slow", "0:20, usually 0:05–0:19."),
        ("Unusually few contacts", "1,200 contacts, usually 1,300–1,700."),
        (f"{QUEUE}: handle time unusually short", "2:20, usually 2:50–3:16."),
        (f"{QUEUE}: service level unusually low", "60.0% of 300 contacts, usually 74–84%."),
        ("10:00–12:00 without a contact", "Usually 100–180 contacts come at this time."),
        ("11:00–12:30 was under target", "Usually 74–84% at this time."),
        ("11:00–12:30 was under target", "All of 09:00–14:00 was under target."),
    ],
)
def test_planted_news_of_an_ordinary_day_is_found(head: str, detail: str) -> None:
    report = check_passages([Passage("message, talk", "talk", ("✕", head, detail))], EVIDENCE)
    texts = [finding.text for finding in report.findings]
    assert report.unknown == 0
    assert any(detail in text for text in texts)


@pytest.fixture(scope="module")
def unusual_day() -> Callable[[str], Case]:
    days = {case.name.removesuffix(" en"): case for case in unusual_days.cases("en")}
    return lambda name: days[name]


@pytest.mark.parametrize(
    ("name", "head", "detail"),
    [
        ("adherence low on target", "Adherence: at least 10 days on target", ""),
        ("adherence low on target", "Well done: Adherence", "94.8% against a goal of ≥ 92%."),
        ("occupancy high on target", "Occupancy: at least 10 days on target", ""),
        ("best queue low", "Well done: Billing", "90.0% service level, 500 contacts offered."),
    ],
)
def test_praise_of_what_is_unusually_bad_is_found(
    name: str, head: str, detail: str, unusual_day: Callable[[str], Case]
) -> None:
    passages = [Passage("message, talk", "talk", ("✓", head, detail))]
    findings = check_passages(passages, evidence_of(unusual_day(name))).findings
    assert "praise for what is unusual" in {finding.kind for finding in findings}, findings


@pytest.mark.parametrize(
    ("name", "points", "kind"),
    [
        (
            "adherence high off target",
            [("✓", "Adherence unusually high", "86.1%, usually 75–77%.")],
            "praise for a goal not met",
        ),
        (
            "occupancy high above band",
            [
                ("✕", "Occupancy above its band", "95.2% against 75–85%."),
                ("▲", "Occupancy unusually high", "95.2%, usually 70–72%."),
            ],
            "occupancy is told twice",
        ),
    ],
)
def test_a_point_that_contradicts_the_target_is_found(
    name: str, points: list[tuple[str, str, str]], kind: str, unusual_day: Callable[[str], Case]
) -> None:
    passages = [Passage("message, talk", "talk", point) for point in points]
    findings = check_passages(passages, evidence_of(unusual_day(name))).findings
    assert kind in {finding.kind for finding in findings}, findings


def test_a_wrong_singular_is_not_understood(unusual_day: Callable[[str], Case]) -> None:
    evidence = evidence_of(unusual_day("one contact in a queue"))
    for detail, unknown in (("1 contact, usually 35–72.", 0), ("1 contacts, usually 35–72.", 1)):
        passage = Passage("message, talk", "talk", ("▲", "Sales: unusually few contacts", detail))
        assert check_passages([passage], evidence).unknown == unknown


def test_a_queue_without_a_contact_is_not_said_to_have_one(unusual_day: Callable[[str], Case]) -> None:
    point = ("▲", "Sales: unusually few contacts", "1 contact, usually 39–71.")
    evidence = evidence_of(unusual_day("no contact in a queue"))
    findings = check_passages([Passage("message, talk", "talk", point)], evidence).findings
    assert "wrong count" in {finding.kind for finding in findings}
