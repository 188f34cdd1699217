"""Chat messages stay within their receivers' limits, whatever a briefing says, and no name becomes markup."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.channels.channel import Link, OutgoingMessage
from worker.channels.chat import content as chat
from worker.channels.chat import slack as slack_form
from worker.channels.chat import teams as teams_form
from worker.domain.briefing.summary import Point, ReadingLine, Summary

READING = ReadingLine("Service level", "78.4%", "goal ≥ 80%", "✕", "missed", "Tue 20 ▼ 3.1 pts worse")
SUMMARY = Summary("Support", "Friday 20 November 2026", "", Point("✕", "Two targets missed"), (), (READING,))
OUTGOING = OutgoingMessage(
    run_id="support:2026-11-20",
    group_key="support",
    reporting_day=date(2026, 11, 20),
    revision=1,
    sent_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
    subject="Daily Standup Report - 2026-11-20",
    text="",
    html="",
    summary=SUMMARY,
)

texts = st.text(max_size=2000)
summaries = st.builds(
    Summary,
    group=texts,
    verdict=st.builds(Point, st.just("✕"), texts, texts),
    warnings=st.lists(texts, max_size=30).map(tuple),
    readings=st.lists(st.just(READING), max_size=20).map(tuple),
    points=st.lists(st.builds(Point, st.just("▲"), texts, texts), max_size=40).map(tuple),
)


@given(summary=summaries)
def test_both_forms_stay_within_their_limits_for_any_summary(summary: Summary) -> None:
    message = chat.message_of(replace(OUTGOING, summary=summary))
    payload = slack_form.payload(message)
    assert len(payload["blocks"]) <= 50
    assert len(payload["text"]) <= 3000
    assert all(len(text) <= 3000 for text in texts_in(payload["blocks"]))
    assert all(text for text in texts_in(payload["blocks"]))
    assert len(teams_form.encoded(message)) < 28 * 1024


def texts_in(value: object) -> list[str]:
    """Every ``text`` that is shown."""
    if isinstance(value, dict):
        direct_texts = [value["text"]] if isinstance(value.get("text"), str) else []
        return direct_texts + [text for inner in value.values() for text in texts_in(inner)]
    return [text for inner in value for text in texts_in(inner)] if isinstance(value, list) else []


def test_a_reading_says_value_goal_status_and_change() -> None:
    block_texts = texts_in(slack_form.blocks(chat.message_of(OUTGOING)))
    assert "✕ Service level 78.4% (goal ≥ 80%): missed" in block_texts
    assert "\nTue 20 ▼ 3.1 pts worse" in block_texts


def test_a_reading_without_a_goal_has_no_brackets() -> None:
    reading = ReadingLine("Contacts offered", "5,438", "", "○", "No goal")
    assert chat.reading_lines(reading) == ("○ Contacts offered 5,438: No goal", "")


def test_a_link_ends_in_the_groups_zone() -> None:
    sent_at = datetime(2026, 10, 22, 6, tzinfo=timezone(-timedelta(hours=4)))
    links = (Link("a.xlsx", "https://x.example/a", datetime(2026, 10, 29, 12, tzinfo=UTC)),)
    message = chat.message_of(replace(OUTGOING, sent_at=sent_at, links=links))
    assert message.links == (("a.xlsx (until 2026-10-29 08:00-04:00)", "https://x.example/a"),)


def test_links_say_when_they_end_in_the_briefings_language() -> None:
    links = (
        Link("a.pdf", "https://x.example/a", datetime(2026, 11, 30, 7, tzinfo=UTC)),
        Link("b.xlsx", "https://x.example/b"),
    )
    german = replace(OUTGOING, links=links, summary=replace(SUMMARY, until="bis {instant}"))
    card = json.loads(teams_form.encoded(chat.message_of(german)))["attachments"][0]["content"]
    assert [action["title"] for action in card["actions"]] == ["a.pdf (bis 2026-11-30 07:00+00:00)", "b.xlsx"]


@pytest.mark.parametrize("name", ["<!channel>", "<https://evil.example|click>", "& < >"])
def test_the_fallback_line_is_escaped(name: str) -> None:
    hostile = replace(OUTGOING, summary=replace(SUMMARY, group=name))
    text = slack_form.fallback(chat.message_of(hostile))
    assert "<" not in text
    assert ">" not in text


def test_a_message_without_a_summary_shows_its_subject() -> None:
    blocks = slack_form.blocks(chat.message_of(replace(OUTGOING, summary=Summary())))
    assert texts_in(blocks) == ["Daily Standup Report - 2026-11-20"]
