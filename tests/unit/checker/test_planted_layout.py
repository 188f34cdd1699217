"""The checker notices what is wrong with a whole text: order, direction, status, cut words, repetitions."""

from __future__ import annotations

import pytest

from tests.checker import awkward
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.checks.layout import touching
from tests.checker.deliver import deliver
from tests.checker.documents import plain
from tests.checker.documents.passage import Passage
from tests.checker.documents.pdf import Element, Page, Text


def _case(name: str) -> Case:
    return next(case for case in awkward.cases("en") if case.name.startswith(name))


def _kinds(case: Case, text: str) -> set[str]:
    passages = list(plain.passages(text))
    return {finding.kind for finding in check_passages(passages, evidence_of(case)).findings}


def _text(case: Case) -> str:
    return deliver(case, "phone", ()).text


@pytest.mark.parametrize(
    ("name", "old", "new", "kind"),
    [
        ("correction", "✕ Missed", "✓ On target", "wrong status"),
        ("correction", "✕ Missed", "✓ Missed", "wrong status"),
        ("volume", "▲", "▼", "wrong direction"),
        ("volume", " points", " points better", "news without evidence"),
        ("correction", "goal ≥ 80%", "goal ≤ 80%", "wrong goal"),
        ("correction", "✕ Billing", "✕ Accounting", "wrong name"),
        ("correction", "Wednesday", "Thursday", "wrong day"),
        ("correction", "half-hours were under target", "half-ho… were under target", "sentence is cut"),
        ("correction", "✕ Billing\n", "✕ Billing at 2026-10-21T10:00:00+02:00\n", "technical text before a supervisor"),
    ],
)
def test_it_notices_a_planted_falsehood(name: str, old: str, new: str, kind: str) -> None:
    case = _case(name)
    honest = _text(case)
    planted = honest.replace(old, new, 1)
    assert planted != honest
    assert kind in _kinds(case, planted) - _kinds(case, honest)


def test_it_notices_a_gap_that_is_stated_three_times() -> None:
    case = _case("no adherence")
    lines = [
        Passage(
            "message, head",
            "warning",
            ("Not available: No management unit is named for this group, so adherence is not known",),
        )
    ] * 3
    kinds = {finding.kind for finding in check_passages(lines, evidence_of(case)).findings}
    assert kinds == {"gap is repeated"}


def test_it_notices_texts_that_share_ink() -> None:
    texts = (Text("9:45", 10, 10, 30, 20), Text("11:06:40", 28, 11, 60, 19), Text("apart", 70, 10, 90, 20))
    (finding,) = touching([Page(1, 390, (Element(1, "P", texts=texts),))])
    assert finding.text == "9:45 and 11:06:40"
