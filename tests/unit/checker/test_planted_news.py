"""The checker finds each planted sentence that calls an ordinary figure, queue or half-hour unusual."""

from __future__ import annotations

import pytest

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
