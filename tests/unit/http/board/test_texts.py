"""A card says what happened, to whom, why, and which command helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.http.board.conftest import GROUP, MakeRun, berlin
from worker.domain.calendar.schedule import newest_due, next_due
from worker.domain.deliveries import Delivery
from worker.domain.pauses import Pause
from worker.domain.runs import Event, RunState, Step
from worker.http.board.standups import Card, State
from worker.http.board.texts import card_texts, documents, summary, timeline_lines
from worker.http.board.times import Viewer

NOW = berlin("08:12")
NEW_YORK = Viewer(NOW, ZoneInfo("America/New_York"))
DUE = newest_due(NOW, GROUP)
NEXT = next_due(NOW, GROUP)
assert DUE
assert NEXT


def test_a_failed_briefing_has_its_sentence_and_the_command_that_resumes_it(run: MakeRun) -> None:
    failed = run(RunState.FAILED, Step.EXPORT, sentence="Grant routing:queue:view.", finished_at=berlin("07:46"))
    card = card_texts(Card(GROUP, DUE, State.FAILED, failed), NEW_YORK)
    assert (card.word, card.tone, card.sentence) == ("Failed", "bad", "Grant routing:queue:view.")
    assert card.command == "standup run support --date 2026-11-25"
    assert card.segments == ("done", "now", "none", "none", "none")
    assert card.step == "failed at export after 60 s"


def test_a_partly_delivered_briefing_counts_its_recipients_and_names_the_refused(run: MakeRun) -> None:
    deliveries = (
        Delivery("email", "ana@example.com", "sent"),
        Delivery("email", "bo@example.com", "refused", why="550 no such user"),
        Delivery("email", "test@example.com", "sent", test=True),
    )
    card = card_texts(Card(GROUP, DUE, State.IN_PART, run(RunState.PARTLY_DELIVERED), deliveries), NEW_YORK)
    assert card.people == "1 of 2 reached, 1 refused"
    assert card.refused == ("bo@example.com: 550 no such user",)
    assert card.command == "standup resend support:2026-11-25"


def test_a_delivered_briefing_without_records_says_nothing_of_who_was_reached(run: MakeRun) -> None:
    card = card_texts(Card(GROUP, DUE, State.DELIVERED, run(RunState.DELIVERED)), NEW_YORK)
    assert card.people == "2 recipients"


def test_a_card_names_ten_refused_recipients_and_the_command_that_names_all(run: MakeRun) -> None:
    deliveries = tuple(Delivery("email", f"a{number}@example.com", "refused", why="550") for number in range(500))
    card = card_texts(Card(GROUP, DUE, State.IN_PART, run(RunState.PARTLY_DELIVERED), deliveries), NEW_YORK)
    assert len(card.refused) == 11
    assert card.refused[-1] == "and 490 more: standup explain support:2026-11-25"


def test_who_is_named_in_the_sentence_is_not_named_twice(run: MakeRun) -> None:
    deliveries = (Delivery("email", "bo@example.com", "refused", why="550"),)
    partly = run(RunState.PARTLY_DELIVERED, sentence="Not delivered to bo@example.com: 550.")
    assert card_texts(Card(GROUP, DUE, State.IN_PART, partly, deliveries), NEW_YORK).refused == ()


def test_a_slow_briefing_says_what_it_waits_for_and_how_to_follow_it(run: MakeRun) -> None:
    events = [Event(NOW, "poll", "not ready yet", "adherence: running")]
    card = card_texts(Card(GROUP, DUE, State.AT_RISK, run(), usual=timedelta(seconds=40)), NEW_YORK, events)
    assert card.sentence == "Not ready yet. adherence: running. Usually done in 40 s."
    assert card.command == "standup explain support:2026-11-25 --follow"
    assert [(line.time, line.step) for line in card.timeline] == [("08:12:00", "poll")]


def test_a_line_of_the_timeline_says_how_long_it_was_until_the_next() -> None:
    events = [Event(NOW + timedelta(seconds=seconds), "poll", "not ready yet") for seconds in (0, 22, 22 + 26 * 60)]
    assert [line.pause for line in timeline_lines(events, GROUP.tz)] == ["22 s", "26 min", ""]


def test_a_standup_to_come_needs_no_command() -> None:
    card = card_texts(Card(GROUP, NEXT, State.TO_COME), NEW_YORK)
    assert (card.standup, card.word, card.command) == ("Fri 08:30 Berlin", "Begins 07:45 local", "")
    assert (card.people, card.step) == ("2 recipients", "not begun")


def test_a_paused_group_says_until_when_and_how_to_end_it() -> None:
    pause = Pause(NOW, NEXT.standup_at.date())
    card = card_texts(Card(GROUP, NEXT, State.PAUSED, pause=pause), NEW_YORK)
    assert (card.word, card.sentence) == ("Paused until 2026-11-27", "To end the pause: standup resume support")


@pytest.mark.parametrize(
    ("zone", "text"), [("America/New_York", "02:30 New York, in 18 min"), ("Europe/Paris", "in 18 min")]
)
def test_the_time_of_the_machine_is_shown_where_it_is_another_one(zone: str, text: str) -> None:
    card = card_texts(Card(GROUP, DUE, State.TO_COME), Viewer(NOW, ZoneInfo(zone)))
    assert card.standup_for_viewer == text


def test_the_summary_counts_groups_by_state_those_in_need_first() -> None:
    cards = [Card(GROUP, DUE, state) for state in (State.DELIVERED, State.FAILED, State.DELIVERED)]
    assert summary(cards) == [(State.FAILED, "bad", 1), (State.DELIVERED, "good", 2)]


def test_a_group_whose_pause_prevented_a_run_has_nobody_to_reach_and_no_command(run: MakeRun) -> None:
    card = card_texts(Card(GROUP, DUE, State.PAUSED, run(RunState.MISSED, code="paused")), NEW_YORK)
    assert (card.word, card.people, card.command) == ("Paused", "2 recipients", "")


def test_a_run_that_waits_for_quota_says_until_when_by_the_groups_clocks(run: MakeRun) -> None:
    waiting = Card(GROUP, DUE, State.ON_THE_WAY, run(), quota_until=NOW + timedelta(seconds=41))
    texts = card_texts(waiting, NEW_YORK, [Event(NOW, "poll", "waiting for quota", "The quota is used up for now.")])
    assert (texts.wait, texts.sentence) == ("Waits for quota until 08:12:41, about 41 s more", "")
    assert card_texts(replace(waiting, quota_until=None), NEW_YORK).wait == ""


def test_the_documents_of_a_card_are_those_that_were_made_last() -> None:
    first = Event(NOW, "render", "documents made", "daily-standup-support.pdf 9 bytes, SHA-256 0011")
    last = "daily-standup-support.pdf 241,001 bytes, SHA-256 a.1; daily-standup-support.xlsx 33,000 bytes, SHA-256 b"
    events = [first, Event(NOW, "render", "documents made", last), Event(NOW, "deliver", "1 sent, 0 not")]
    assert documents(events) == "PDF 242 kB, XLSX 33 kB"
    assert documents(events[2:]) == ""
