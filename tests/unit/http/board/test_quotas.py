"""How much of a quota is in use and who waits for it, in words."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.http.board.conftest import GROUP, MakeRun, berlin
from worker.domain.calendar.schedule import newest_due
from worker.domain.runs import RunState
from worker.http.board.quotas import QuotaTexts, quota_texts, tickets, waits_until
from worker.http.board.standups import Card, State
from worker.http.board.times import Viewer
from worker.state.token_bucket import QuotaUse

NOW = berlin("08:12")
BERLIN = Viewer(NOW, ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (QuotaUse(300, 0, 0, 0, 0, {}), "0 of 300 requests in the last minute, no run waits"),
        (QuotaUse(300, 297, 1, 0.6, 0, {}), "297 of 300 requests in the last minute, 1 run waits until 08:12:01"),
        (
            QuotaUse(300, 99, 12, 41, 0, {}),
            "99 of 300 requests in the last minute, 12 runs wait, the last until 08:12:41",
        ),
        (QuotaUse(60, 9, 2, 9, 130, {}), "9 of 60 requests in the last minute, and the API wants none until 08:14:10"),
    ],
)
def test_the_quota_says_how_much_is_used_and_until_when_others_wait(use: QuotaUse, sentence: str) -> None:
    assert quota_texts("main", use, BERLIN) == QuotaTexts("main", sentence, use.used_count, use.limit)


def test_only_open_runs_are_looked_for_in_the_line(run: MakeRun) -> None:
    due = newest_due(NOW, GROUP)
    assert due
    runs = (run(), run(RunState.FAILED, revision=2), None)
    cards = [Card(GROUP, due, State.ON_THE_WAY, card_run) for card_run in runs]
    assert tickets(cards) == {"main": ["support:2026-11-25"]}


def test_a_run_in_the_line_waits_until_its_turn(run: MakeRun) -> None:
    use = QuotaUse(300, 297, 2, 60, 0, {"support:2026-11-25": 20})
    assert waits_until({"main": use}, NOW) == {run().id: NOW + timedelta(seconds=20)}
