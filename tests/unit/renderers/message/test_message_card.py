"""The summary that chats show says what the message says, and survives its way through the artifacts."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date

from renderers import render_message
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.message.conftest import NOTICE
from worker.domain.briefing.content import FollowUp, Outcome, PointOutcome
from worker.domain.briefing.summary import Summary
from worker.domain.briefing.talking_points import TalkingPoint


def test_the_card_has_the_messages_verdict_readings_and_talk() -> None:
    message = render_message(SAMPLE)
    card = message.summary
    assert len(card.readings) == 4
    assert card.points
    one_line = " ".join(message.text.split())
    for insights in (
        card.verdict.head,
        *(point.head for point in card.points),
        *(reading.name for reading in card.readings),
    ):
        assert insights in one_line


def test_the_card_says_in_one_line_what_became_of_earlier_points() -> None:
    points = (
        PointOutcome(TalkingPoint("worst_run", 0.4, start="11:00", end="12:30"), Outcome.AGAIN, 0.44),
        PointOutcome(TalkingPoint("occupancy_low", 0.7), Outcome.GONE, 0.8),
    )
    card = render_message(replace(SAMPLE, follow_up=FollowUp(date(2026, 10, 20), points))).summary
    heading, line = "What became of the points of Tue 20 Oct", "Again: 11:00–12:30 under target; Gone: occupancy"
    assert card.points[-1].head == heading
    assert card.points[-1].detail.startswith(line)


def test_a_notice_is_a_verdict_alone() -> None:
    card = render_message(NOTICE).summary
    assert card.verdict.head == "No Business Day Data Available"
    assert "Thanksgiving Day" in card.verdict.detail
    assert (card.readings, card.points) == ((), ())


def test_no_agent_is_named_in_a_card() -> None:
    card = json.dumps(asdict(render_message(SAMPLE).summary), ensure_ascii=False)
    assert [agent.name for agent in SAMPLE.agents if agent.name in card] == []


def test_a_summary_survives_its_way_through_json() -> None:
    card = render_message(SAMPLE).summary
    assert Summary.from_plain(json.loads(json.dumps(asdict(card)))) == card
