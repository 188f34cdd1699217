"""Sending again: what was sent stays sent, what is unknown waits for a word, and the run is opened for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from redis import Redis

from tests.integration.services.conftest import RUN
from worker.celery import WAITING_QUEUE, create_app
from worker.domain.runs import Later, Over, RunState, Step
from worker.services import runs as chain
from worker.services.resend import NotSentAgain, Wish, resend
from worker.settings import Settings
from worker.state.deliveries import Delivery
from worker.wiring import Parts

SENT = Delivery("email", "got-it@example.com", "sent", proof="250 ok")
REFUSED = Delivery("email", "bounced@example.com", "refused", why="550 no such mailbox")
UNKNOWN = Delivery("email", "perhaps@example.com", "unknown", why="no reply")
LATER = "2999-01-01T00:00:00+00:00"
IN_STORE = Delivery("bucket", "archive", "unknown", why="the worker died")
CHAT = Delivery("slack", "ops", "unknown", why="no answer")


@pytest.fixture
def parts(redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parts:
    groups = tmp_path / "groups.toml"
    group = {
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": "08:30",
        "catch_up_until": "12:00",
        "queues": ["Q"],
        "deliver": {"email": ["got-it@example.com", "new@example.com"]},
    }
    groups.write_text(tomli_w.dumps({"groups": {"support": group}}))
    made = Parts(Settings(redis_url=redis_url, groups=groups, smtp={"host": "127.0.0.1", "sender": "s@example.com"}))
    monkeypatch.setattr(chain, "app", create_app(made.settings))
    return made


@pytest.fixture(autouse=True)
def ended_run(parts: Parts) -> Iterator[None]:
    """A partly delivered run with a delivery in each state."""
    parts.runs.claim(RUN, "beat", source="queries", step=Step.DELIVER)
    parts.runs.enter(RUN, Step.DELIVER, "me")
    parts.runs.settle(RUN, Step.DELIVER, "me", Over(RunState.PARTLY_DELIVERED, "1 sent"))
    for each in (SENT, REFUSED, UNKNOWN, IN_STORE, CHAT):
        parts.deliveries.move(RUN, each, expected=("",))
    return


def states(parts: Parts) -> dict[str, str]:
    return {each.recipient: each.state for each in parts.deliveries.of(RUN)}


def is_open(parts: Parts) -> bool:
    run = parts.runs.get(RUN)
    assert run is not None
    return run.state == RunState.OPEN and run.step == Step.DELIVER


def steps_sent(redis_url: str) -> int:
    return int(Redis.from_url(redis_url.replace("/0", "/1")).llen(WAITING_QUEUE))


def test_refused_ones_are_sent_again_and_unknown_ones_where_the_channel_has_a_rule(
    parts: Parts, redis_url: str
) -> None:
    outcome = resend(parts, RUN, Wish())
    assert {each.recipient for each in outcome.sending} == {"bounced@example.com", "archive"}
    assert {each.recipient for each in outcome.waiting} == {"perhaps@example.com", "ops"}
    assert states(parts)["got-it@example.com"] == "sent"
    assert is_open(parts)
    assert steps_sent(redis_url) == 1


def test_failed_only_leaves_every_unknown_one_alone(parts: Parts) -> None:
    outcome = resend(parts, RUN, Wish(failed_only=True))
    assert [each.recipient for each in outcome.sending] == ["bounced@example.com"]
    assert states(parts)["archive"] == "unknown"


def test_mail_of_unknown_outcome_is_sent_again_where_the_settings_say_so(parts: Parts) -> None:
    smtp = {"host": "127.0.0.1", "sender": "s@example.com", "resend_unknown": True}
    brave = Parts(Settings(**parts.settings.model_dump(exclude={"smtp"}), smtp=smtp))
    assert "perhaps@example.com" in {each.recipient for each in resend(brave, RUN, Wish()).sending}


def test_named_recipients_alone_are_sent_to(parts: Parts) -> None:
    outcome = resend(parts, RUN, Wish(to=("email:bounced@example.com",)))
    assert [each.recipient for each in outcome.sending] == ["bounced@example.com"]
    assert states(parts)["archive"] == "unknown"


def test_a_recipient_that_the_group_has_gained_gets_it_when_named(parts: Parts) -> None:
    resend(parts, RUN, Wish(to=("new@example.com",)))
    assert states(parts)["new@example.com"] == "planned"


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(to=("got-it@example.com",)), "nothing is sent twice"),
        (Wish(to=("perhaps@example.com",)), "--settle perhaps@example.com=sent"),
        (Wish(to=("stranger@example.com",)), "--also stranger@example.com"),
        (Wish(settle={"got-it@example.com": "missing"}), "unknown outcome"),
        (Wish(also=("got-it@example.com",)), "test copy is for others"),
        (Wish(also=("nobody",)), "slack:ops-emea"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_changes(parts: Parts, wish: Wish, says: str) -> None:
    before = states(parts)
    with pytest.raises(NotSentAgain, match=says):
        resend(parts, RUN, wish)
    assert states(parts) == before
    assert not is_open(parts)


def test_the_operators_word_settles_an_unknown_one(parts: Parts) -> None:
    outcome = resend(parts, RUN, Wish(settle={"perhaps@example.com": "sent", "slack:ops": "missing"}, failed_only=True))
    assert [each.recipient for each in outcome.settled] == ["perhaps@example.com"]
    assert states(parts)["perhaps@example.com"] == "sent"
    assert states(parts)["ops"] == "planned"


def test_a_test_copy_goes_to_nobody_else_and_may_be_sent_again(parts: Parts) -> None:
    outcome = resend(parts, RUN, Wish(also=("me@example.org",)))
    assert [(each.recipient, each.test) for each in outcome.sending] == [("me@example.org", True)]
    assert states(parts)["bounced@example.com"] == "refused"
    copy = next(each for each in parts.deliveries.of(RUN) if each.test)
    parts.deliveries.move(RUN, replace(copy, state="sent"), expected=("planned",))
    end(parts)
    assert len(resend(parts, RUN, Wish(also=("me@example.org",))).sending) == 1


BUSY = Delivery("email", "busy@example.com", "planned", why="451 later", tries=5, again_at=LATER, until=LATER)
IN_HAND = Delivery("email", "in-hand@example.com", "sending", tries=1, until=LATER)


@pytest.fixture
def waiting_run(parts: Parts) -> None:
    """The run is open, because a receiver is busy, and waits for its next turn."""
    parts.runs.reopen(RUN, Step.DELIVER, "beat")
    parts.runs.enter(RUN, Step.DELIVER, "me")
    parts.runs.settle(RUN, Step.DELIVER, "me", Later(50, "some receivers are busy"))
    for each in (BUSY, IN_HAND):
        parts.deliveries.move(RUN, each, expected=("",))


def test_while_receivers_are_busy_the_operator_can_have_them_tried_now(
    parts: Parts, waiting_run: None, redis_url: str
) -> None:
    outcome = resend(parts, RUN, Wish(to=("busy@example.com",)))
    assert [each.recipient for each in outcome.sending] == ["busy@example.com"]
    found = next(each for each in parts.deliveries.of(RUN) if each.recipient == "busy@example.com")
    assert (found.again_at, found.tries, found.until) == ("", 0, "")
    assert parts.runs.enter(RUN, Step.DELIVER, "woken") == "mine"
    assert steps_sent(redis_url) == 1


def test_while_receivers_are_busy_the_operators_word_settles_an_unknown_one(parts: Parts, waiting_run: None) -> None:
    outcome = resend(parts, RUN, Wish(settle={"perhaps@example.com": "sent"}, failed_only=True))
    assert [each.recipient for each in outcome.settled] == ["perhaps@example.com"]
    assert states(parts)["perhaps@example.com"] == "sent"


@pytest.mark.parametrize("wish", [Wish(to=("in-hand@example.com",)), Wish(settle={"in-hand@example.com": "missing"})])
def test_what_a_worker_has_in_hand_is_left_to_it(parts: Parts, waiting_run: None, wish: Wish) -> None:
    with pytest.raises(NotSentAgain, match="at this moment"):
        resend(parts, RUN, wish)
    outcome = resend(parts, RUN, Wish())
    assert "in-hand@example.com" not in {each.recipient for each in (*outcome.sending, *outcome.waiting)}
    assert states(parts)["in-hand@example.com"] == "sending"


def test_a_correction_may_be_begun_while_receivers_are_busy_and_not_while_the_briefing_is_made(
    parts: Parts, waiting_run: None, redis_url: str
) -> None:
    revised = chain.revise(parts.runs, RUN, asked_by="operator", source="queries")
    assert revised == RUN.revised(2)
    assert parts.runs.enter(RUN, Step.DELIVER, "woken") == "mine"
    assert steps_sent(redis_url) == 2
    assert chain.revise(parts.runs, RUN, asked_by="operator", source="queries") is None


@pytest.mark.parametrize("wish", [Wish(), Wish(to=("bounced@example.com",)), Wish(also=("me@example.org",))])
def test_a_run_that_was_corrected_is_sent_to_nobody_any_more(parts: Parts, wish: Wish) -> None:
    parts.runs.claim(RUN.revised(2), "operator", source="queries", state=RunState.DELIVERED)
    with pytest.raises(NotSentAgain, match=rf"standup resend {RUN}\.r2"):
        resend(parts, RUN, wish)
    assert not is_open(parts)


def test_what_became_of_a_run_that_was_corrected_can_still_be_said(parts: Parts) -> None:
    parts.runs.claim(RUN.revised(2), "operator", source="queries")
    outcome = resend(parts, RUN, Wish(settle={"perhaps@example.com": "sent"}))
    assert [each.recipient for each in outcome.settled] == ["perhaps@example.com"]
    assert outcome.sending == ()


def test_a_correction_that_failed_keeps_nobody_from_what_there_is(parts: Parts) -> None:
    parts.runs.claim(RUN.revised(2), "operator", source="queries", state=RunState.FAILED)
    assert "bounced@example.com" in {each.recipient for each in resend(parts, RUN, Wish()).sending}


def test_a_run_that_is_being_made_or_unknown_is_left_alone(parts: Parts) -> None:
    being_made = replace(RUN, group="billing")
    parts.runs.claim(being_made, "beat", source="queries", step=Step.RENDER)
    with pytest.raises(NotSentAgain, match="under way"):
        resend(parts, being_made, Wish())
    with pytest.raises(NotSentAgain, match="no run"):
        resend(parts, RUN.revised(7), Wish())


def test_a_run_that_never_came_to_delivering_is_sent_to_the_right_command(parts: Parts) -> None:
    other = replace(RUN, group="billing")
    parts.runs.claim(other, "beat", state="failed", step=Step.POLL, source="queries")
    with pytest.raises(NotSentAgain, match="standup run billing"):
        resend(parts, other, Wish())


def test_when_all_is_sent_nothing_happens(parts: Parts) -> None:
    for each in (REFUSED, UNKNOWN, IN_STORE, CHAT):
        parts.deliveries.move(RUN, replace(each, state="sent"), expected=(each.state,))
    outcome = resend(parts, RUN, Wish())
    assert not outcome.sending
    assert not is_open(parts)


def end(parts: Parts) -> None:
    parts.runs.enter(RUN, Step.DELIVER, "me")
    parts.runs.settle(RUN, Step.DELIVER, "me", Over(RunState.PARTLY_DELIVERED, "1 sent"))
