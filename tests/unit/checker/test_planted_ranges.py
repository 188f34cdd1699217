"""The checker finds a range that contradicts its figure, that hides a missed goal, and a silence that is not named."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.checker import lasting
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.documents.passage import Passage
from tests.unit.checker.every_statement import assert_true
from worker.domain.groups import Language

CONTRADICTION = "figure and range contradict"
OFF_GOAL = "wrong side of the goal"
MET = "All 3 targets of the group met"
_DEAD = "silent day of one medium"
_DEAD_VOICE = "Voice: 08:00–20:00 without a contact."


@pytest.fixture(scope="module")
def day() -> Callable[[str], Case]:
    days = {case.name.removesuffix(" en"): case for case in lasting.cases("en")}
    return lambda name: days[name]


def _kinds(case: Case, passages: Sequence[tuple[str, tuple[str, ...]]]) -> set[str]:
    """The kinds of falsehood in these passages of a message."""
    report = check_passages([Passage("message, metrics", role, parts) for role, parts in passages], evidence_of(case))
    assert report.unknown == 0, report.findings
    return {finding.kind for finding in report.findings}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_statement_about_lasting_misses_and_silent_hours_is_true(language: Language) -> None:
    assert_true(lasting.cases(language))


@pytest.mark.parametrize(
    ("value", "note", "is_contradiction"),
    [
        ("44.5%", "usual here: 40–66% on Tue, below goal", False),
        ("44.5%", "usually 40–66% on Tue, below goal", True),
        ("44.5%", "Unusually low: usually 40–66% on Tue, below goal", True),
        ("44.5%", "usual here: 45–66% on Tue, below goal", True),
        ("44.5%", "as usual: 40–44% on Tue", True),
        ("44.5%", "usually 45–66% on Tue, below goal", False),
    ],
)
def test_a_figure_that_contradicts_the_range_beside_it_is_found(
    value: str, note: str, is_contradiction: bool, day: Callable[[str], Case]
) -> None:
    tile = ("tile", ("Service level", value, "missed:Missed", "goal ≥ 80%"))
    kinds = _kinds(day("always far below"), [tile, ("tile_note", ("Service level", note))])
    assert (CONTRADICTION in kinds) is is_contradiction


@pytest.mark.parametrize(
    ("detail", "is_contradiction"),
    [
        ("765 contacts, usually 1,214–1,380 on Tue.", False),
        ("765 contacts, usually 700–1,380 on Tue.", True),
    ],
)
def test_a_talking_point_that_contradicts_its_range_is_found(
    detail: str, is_contradiction: bool, day: Callable[[str], Case]
) -> None:
    kinds = _kinds(day("silent hours"), [("talk", ("watch", "Unusually few contacts", detail))])
    assert (CONTRADICTION in kinds) is is_contradiction


@pytest.mark.parametrize(
    ("metric", "note", "is_false"),
    [
        ("Service level", "usual here: 40–66% on Tue, below goal", False),
        ("Service level", "as usual: 40–66% on Tue", True),
        ("Service level", "usual here: 40–66% on Tue, above goal", True),
        ("Abandonment", "usual here: 7.8–14.4% on Tue, above goal", False),
        ("Abandonment", "as usual: 7.8–14.4% on Tue", True),
        ("Occupancy", "as usual: 75–88% on Tue", False),
        ("Occupancy", "usual here: 75–88% on Tue, below goal", True),
    ],
)
def test_a_range_that_misses_its_goal_without_saying_so_is_found(
    metric: str, note: str, is_false: bool, day: Callable[[str], Case]
) -> None:
    assert (OFF_GOAL in _kinds(day("always far below"), [("tile_note", (metric, note))])) is is_false


@pytest.mark.parametrize(
    ("name", "parts", "kind"),
    [
        ("silent hours", ("on_target", MET, "10:00–13:00 without a contact."), "wrong status"),
        ("silent hours", ("watch", MET, "Service level 98.4%, goal ≥ 80%."), "hours without a contact are not named"),
        (
            "silent hours",
            ("watch", MET, "Service level 98.4%, goal ≥ 80%. 10:00–13:00 without a contact."),
            "hours without a contact are not named",
        ),
        ("silent hours", ("watch", MET, "10:00–13:30 without a contact."), "wrong count"),
        ("silent hours", ("watch", MET, "Voice: 10:00–13:00 without a contact."), "wrong medium"),
        ("silent hours of one medium", ("watch", MET, "10:00–13:00 without a contact."), "wrong medium"),
        ("always far below", ("missed", MET, "10:00–13:00 without a contact."), "news without evidence"),
        (_DEAD, ("on_target", MET, _DEAD_VOICE), "wrong status"),
        (_DEAD, ("watch", MET, "Service level 95.9%, goal ≥ 80%."), "hours without a contact are not named"),
        (_DEAD, ("watch", MET, "08:00–20:00 without a contact."), "wrong medium"),
        ("closed as on each Tuesday", ("watch", MET, _DEAD_VOICE), "news without evidence"),
    ],
)
def test_a_false_verdict_on_silent_hours_is_found(
    name: str, parts: tuple[str, ...], kind: str, day: Callable[[str], Case]
) -> None:
    assert kind in _kinds(day(name), [("verdict", parts)])


def test_false_talking_points_on_a_silent_day_are_found(day: Callable[[str], Case]) -> None:
    case = day(_DEAD)
    praise = ("on_target", "Service level: at least 10 days on target", "Well done.")
    assert "praise beside hours without a contact" in _kinds(case, [("talk", praise)])
    silence = ("watch", "08:00–20:00 without a contact", "Usually 376–479 contacts come at this time.")
    assert "wrong count" in _kinds(case, [("talk", silence)]), "chats came"


def test_a_change_that_cannot_be_told_is_of_a_named_medium(day: Callable[[str], Case]) -> None:
    hidden = "Days here differ too much to tell a change under 25 points."
    case = day("silent hours of one medium")
    assert "wrong medium" in _kinds(case, [("fact", ("Service level", hidden))])
    sentence = "Voice: days here differ too much to tell a change under 16 points."
    assert "wrong medium" not in _kinds(case, [("fact", ("Service level", sentence))])
