"""Which groups are in which part of the board, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.http.board.conftest import GROUP, berlin
from worker.domain.calendar.schedule import newest_due, next_due
from worker.http.board import parts
from worker.http.board.parts import Part, in_parts
from worker.http.board.standups import Card, State

NOW = berlin("08:45")
PASSED, AHEAD = newest_due(NOW, GROUP), next_due(NOW, GROUP)
assert PASSED
assert AHEAD


def test_what_no_one_has_is_first_and_what_some_have_is_last() -> None:
    late, failed, partly = (Card(GROUP, PASSED, state) for state in (State.LATE, State.FAILED, State.IN_PART))
    risky, failed_ahead = (Card(GROUP, AHEAD, state) for state in (State.AT_RISK, State.FAILED))
    needy = in_parts([partly, late, failed, risky, failed_ahead], NOW)[0]
    assert needy.part == Part.NEEDS_YOU
    assert needy.cards == [failed_ahead, late, failed, risky, partly]


def test_the_stand_up_that_is_nearest_to_now_comes_first() -> None:
    long_ago = replace(PASSED, standup_at=PASSED.standup_at - timedelta(hours=5))
    cards = [Card(GROUP, due, State.FAILED) for due in (long_ago, PASSED)]
    assert in_parts(cards, NOW)[0].cards == cards[::-1]


@pytest.mark.parametrize(
    ("state", "is_ahead", "part"),
    [
        (State.TO_COME, False, Part.COMING),
        (State.ON_THE_WAY, False, Part.COMING),
        (State.PAUSED, True, Part.COMING),
        (State.PAUSED, False, Part.ENDED),
        (State.DELIVERED, True, Part.COMING),
        (State.DELIVERED, False, Part.ENDED),
        (State.NOT_BEGUN, True, Part.NEEDS_YOU),
    ],
)
def test_a_group_is_in_one_part(state: State, is_ahead: bool, part: Part) -> None:
    card = Card(GROUP, AHEAD if is_ahead else PASSED, state)
    assert [entry.part for entry in in_parts([card], NOW - timedelta(minutes=1)) if entry.cards] == [part]


def test_a_part_shows_only_its_first_groups_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SHOWN_CARDS", 2)
    ended = in_parts([Card(GROUP, PASSED, State.DELIVERED)] * 5, NOW)[2]
    assert (len(ended.cards), ended.count) == (2, 5)
