"""Sending again: what was sent stays sent, what is unknown waits for a word, and the run is opened for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import tomli_w
from redis import Redis

from tests.integration.services.conftest import NOW, RUN
from worker.channels.mail.smime import Certificates
from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, RetryLater, RunId, RunState, Step
from worker.groupfiles.reloading import Groups
from worker.services.resend import NotSentAgain, Resending, ResendRequest, ResendResult
from worker.services.runs import RunStarter
from worker.settings import Settings
from worker.state.deliveries import Deliveries
from worker.state.runs import Runs
from worker.wiring.channels import ChannelFactory

SENT = Delivery("email", "got-it@example.com", "sent", proof="250 ok")
REFUSED = Delivery("email", "bounced@example.com", "refused", why="550 no such mailbox")
UNKNOWN = Delivery("email", "perhaps@example.com", "unknown", why="no reply")
LATER = "2999-01-01T00:00:00+00:00"
IN_STORE = Delivery("bucket", "archive", "unknown", why="the worker died")
CHAT = Delivery("slack", "ops", "unknown", why="no answer")


@dataclass(frozen=True)
class Office:
    """What resending uses, and the chains that it sent."""

    runs: Runs
    deliveries: Deliveries
    groups: Groups
    sent_steps: list[Step] = field(default_factory=list)

    @property
    def starter(self) -> RunStarter:
        return RunStarter(self.runs, lambda _, step: self.sent_steps.append(step))

    def resend(self, request: ResendRequest, run_id: RunId = RUN, **smtp: bool) -> ResendResult:
        settings = Settings(smtp={"host": "127.0.0.1", "sender": "s@example.com", **smtp})
        rule = ChannelFactory(settings, Certificates(None), lambda: NOW).when_unknown
        service = Resending(self.runs, self.deliveries, self.groups, self.starter, rule, "email")
        return service.resend(run_id, request)


@pytest.fixture
def office(redis: Redis, tmp_path: Path) -> Office:
    path = tmp_path / "groups.toml"
    group = {
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": "08:30",
        "catch_up_until": "12:00",
        "queues": ["Q"],
        "deliver": {"email": ["got-it@example.com", "new@example.com"]},
    }
    path.write_text(tomli_w.dumps({"groups": {"support": group}}))
    return Office(Runs(redis), Deliveries(redis), Groups(path))


@pytest.fixture(autouse=True)
def ended_run(office: Office) -> Iterator[None]:
    """A partly delivered run with a delivery in each state."""
    office.runs.claim(RUN, "beat", source="queries", step=Step.DELIVER)
    office.runs.enter(RUN, Step.DELIVER, "me")
    office.runs.settle(RUN, Step.DELIVER, "me", Finished(RunState.PARTLY_DELIVERED, "1 sent"))
    for each in (SENT, REFUSED, UNKNOWN, IN_STORE, CHAT):
        office.deliveries.move(RUN, each, expected=("",))
    return


def states(office: Office) -> dict[str, str]:
    return {each.recipient: each.state for each in office.deliveries.records(RUN)}


def is_open(office: Office) -> bool:
    run = office.runs.get(RUN)
    assert run is not None
    return run.state == RunState.OPEN and run.step == Step.DELIVER


def test_refused_ones_are_sent_again_and_unknown_ones_where_the_channel_has_a_rule(office: Office) -> None:
    outcome = office.resend(ResendRequest())
    assert {each.recipient for each in outcome.sending} == {"bounced@example.com", "archive"}
    assert {each.recipient for each in outcome.waiting} == {"perhaps@example.com", "ops"}
    assert states(office)["got-it@example.com"] == "sent"
    assert is_open(office)
    assert len(office.sent_steps) == 1


def test_failed_only_leaves_every_unknown_one_alone(office: Office) -> None:
    outcome = office.resend(ResendRequest(failed_only=True))
    assert [each.recipient for each in outcome.sending] == ["bounced@example.com"]
    assert states(office)["archive"] == "unknown"


def test_mail_of_unknown_outcome_is_sent_again_where_the_settings_say_so(office: Office) -> None:
    assert "perhaps@example.com" in {
        each.recipient for each in office.resend(ResendRequest(), resend_unknown=True).sending
    }


def test_named_recipients_alone_are_sent_to(office: Office) -> None:
    outcome = office.resend(ResendRequest(recipients=("email:bounced@example.com",)))
    assert [each.recipient for each in outcome.sending] == ["bounced@example.com"]
    assert states(office)["archive"] == "unknown"


def test_a_recipient_that_the_group_has_gained_gets_it_when_named(office: Office) -> None:
    office.resend(ResendRequest(recipients=("new@example.com",)))
    assert states(office)["new@example.com"] == "planned"


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (ResendRequest(recipients=("got-it@example.com",)), "nothing is sent twice"),
        (ResendRequest(recipients=("perhaps@example.com",)), "--settle perhaps@example.com=sent"),
        (ResendRequest(recipients=("stranger@example.com",)), "--also stranger@example.com"),
        (ResendRequest(settle={"got-it@example.com": "missing"}), "unknown outcome"),
        (ResendRequest(copies=("got-it@example.com",)), "test copy is for others"),
        (ResendRequest(copies=("nobody",)), "slack:ops-emea"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_changes(office: Office, request_: ResendRequest, says: str) -> None:
    before = states(office)
    with pytest.raises(NotSentAgain, match=says):
        office.resend(request_)
    assert states(office) == before
    assert not is_open(office)


def test_the_operators_word_settles_an_unknown_one(office: Office) -> None:
    outcome = office.resend(
        ResendRequest(settle={"perhaps@example.com": "sent", "slack:ops": "missing"}, failed_only=True)
    )
    assert [each.recipient for each in outcome.arrived] == ["perhaps@example.com"]
    assert states(office)["perhaps@example.com"] == "sent"
    assert states(office)["ops"] == "planned"


def test_a_test_copy_goes_to_nobody_else_and_may_be_sent_again(office: Office) -> None:
    outcome = office.resend(ResendRequest(copies=("me@example.org",)))
    assert [(each.recipient, each.test) for each in outcome.sending] == [("me@example.org", True)]
    assert states(office)["bounced@example.com"] == "refused"
    copy = next(each for each in office.deliveries.records(RUN) if each.test)
    office.deliveries.move(RUN, replace(copy, state="sent"), expected=("planned",))
    end(office)
    assert len(office.resend(ResendRequest(copies=("me@example.org",))).sending) == 1


BUSY = Delivery("email", "busy@example.com", "planned", why="451 later", tries=5, again_at=LATER, until=LATER)
IN_HAND = Delivery("email", "in-hand@example.com", "sending", tries=1, until=LATER)


@pytest.fixture
def waiting_run(office: Office) -> None:
    """The run is open, because a receiver is busy, and waits for its next turn."""
    office.runs.reopen(RUN, Step.DELIVER, "beat")
    office.runs.enter(RUN, Step.DELIVER, "me")
    office.runs.settle(RUN, Step.DELIVER, "me", RetryLater(50, "some receivers are busy"))
    for each in (BUSY, IN_HAND):
        office.deliveries.move(RUN, each, expected=("",))


def test_while_receivers_are_busy_the_operator_can_have_them_tried_now(office: Office, waiting_run: None) -> None:
    outcome = office.resend(ResendRequest(recipients=("busy@example.com",)))
    assert [each.recipient for each in outcome.sending] == ["busy@example.com"]
    found = next(each for each in office.deliveries.records(RUN) if each.recipient == "busy@example.com")
    assert (found.again_at, found.tries, found.until) == ("", 0, "")
    assert office.runs.enter(RUN, Step.DELIVER, "woken") == "mine"
    assert len(office.sent_steps) == 1


def test_while_receivers_are_busy_the_operators_word_settles_an_unknown_one(office: Office, waiting_run: None) -> None:
    outcome = office.resend(ResendRequest(settle={"perhaps@example.com": "sent"}, failed_only=True))
    assert [each.recipient for each in outcome.arrived] == ["perhaps@example.com"]
    assert states(office)["perhaps@example.com"] == "sent"


@pytest.mark.parametrize(
    "request_",
    [ResendRequest(recipients=("in-hand@example.com",)), ResendRequest(settle={"in-hand@example.com": "missing"})],
)
def test_what_a_worker_has_in_hand_is_left_to_it(office: Office, waiting_run: None, request_: ResendRequest) -> None:
    with pytest.raises(NotSentAgain, match="at this moment"):
        office.resend(request_)
    outcome = office.resend(ResendRequest())
    assert "in-hand@example.com" not in {each.recipient for each in (*outcome.sending, *outcome.waiting)}
    assert states(office)["in-hand@example.com"] == "sending"


def test_a_correction_may_be_begun_while_receivers_are_busy_and_not_while_the_briefing_is_made(
    office: Office, waiting_run: None
) -> None:
    revised = office.starter.revise(RUN, asked_by="operator", source="queries")
    assert revised == RUN.revised(2)
    assert office.runs.enter(RUN, Step.DELIVER, "woken") == "mine"
    assert len(office.sent_steps) == 2
    assert office.starter.revise(RUN, asked_by="operator", source="queries") is None


@pytest.mark.parametrize(
    "request_",
    [ResendRequest(), ResendRequest(recipients=("bounced@example.com",)), ResendRequest(copies=("me@example.org",))],
)
def test_a_run_that_was_corrected_is_sent_to_nobody_any_more(office: Office, request_: ResendRequest) -> None:
    office.runs.claim(RUN.revised(2), "operator", source="queries", state=RunState.DELIVERED)
    with pytest.raises(NotSentAgain, match=rf"standup resend {RUN}\.r2"):
        office.resend(request_)
    assert not is_open(office)


def test_what_became_of_a_run_that_was_corrected_can_still_be_said(office: Office) -> None:
    office.runs.claim(RUN.revised(2), "operator", source="queries")
    outcome = office.resend(ResendRequest(settle={"perhaps@example.com": "sent"}))
    assert [each.recipient for each in outcome.arrived] == ["perhaps@example.com"]
    assert outcome.sending == ()


def test_a_correction_that_failed_keeps_nobody_from_what_there_is(office: Office) -> None:
    office.runs.claim(RUN.revised(2), "operator", source="queries", state=RunState.FAILED)
    assert "bounced@example.com" in {each.recipient for each in office.resend(ResendRequest()).sending}


def test_a_run_that_is_being_made_or_unknown_is_left_alone(office: Office) -> None:
    being_made = replace(RUN, group="billing")
    office.runs.claim(being_made, "beat", source="queries", step=Step.RENDER)
    with pytest.raises(NotSentAgain, match="under way"):
        office.resend(ResendRequest(), being_made)
    with pytest.raises(NotSentAgain, match="no run"):
        office.resend(ResendRequest(), RUN.revised(7))


def test_a_run_that_never_came_to_delivering_is_sent_to_the_right_command(office: Office) -> None:
    other = replace(RUN, group="billing")
    office.runs.claim(other, "beat", state="failed", step=Step.POLL, source="queries")
    with pytest.raises(NotSentAgain, match="standup run billing"):
        office.resend(ResendRequest(), other)


def test_when_all_is_sent_nothing_happens(office: Office) -> None:
    for each in (REFUSED, UNKNOWN, IN_STORE, CHAT):
        office.deliveries.move(RUN, replace(each, state="sent"), expected=(each.state,))
    outcome = office.resend(ResendRequest())
    assert not outcome.sending
    assert not is_open(office)


def end(office: Office) -> None:
    office.runs.enter(RUN, Step.DELIVER, "me")
    office.runs.settle(RUN, Step.DELIVER, "me", Finished(RunState.PARTLY_DELIVERED, "1 sent"))
