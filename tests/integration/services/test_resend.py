"""Sending again: what was sent stays sent, what is unknown waits for a word, and the run is opened for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import tomli_w
from redis import Redis

from tests.integration.services.conftest import NOW, RUN
from worker.channels.mail.certificates import CertificateFolder
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
    group_file: Path
    sent_steps: list[Step] = field(default_factory=list)

    @property
    def starter(self) -> RunStarter:
        return RunStarter(self.runs, lambda _, step: self.sent_steps.append(step))

    def resend(self, request: ResendRequest, run_id: RunId = RUN, **smtp: bool) -> ResendResult:
        settings = Settings(smtp={"host": "127.0.0.1", "sender": "s@example.com", **smtp})
        rule = ChannelFactory(settings, CertificateFolder(None), lambda: NOW).when_unknown
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
        "deliver": {
            "email": ["got-it@example.com", "bounced@example.com", "perhaps@example.com", "new@example.com"],
            "bucket": ["archive"],
            "slack": ["ops"],
        },
    }
    path.write_text(tomli_w.dumps({"groups": {"support": group}}))
    return Office(Runs(redis), Deliveries(redis), Groups(path), path)


@pytest.fixture(autouse=True)
def ended_run(office: Office) -> Iterator[None]:
    """A partly delivered run with a delivery in delivery state."""
    office.runs.claim(RUN, "beat", source="queries", step=Step.DELIVER)
    office.runs.enter(RUN, Step.DELIVER, "me")
    office.runs.settle(RUN, Step.DELIVER, "me", Finished(RunState.PARTLY_DELIVERED, "1 sent"))
    for delivery in (SENT, REFUSED, UNKNOWN, IN_STORE, CHAT):
        office.deliveries.move(RUN, delivery, expected=("",))
    return


def states(office: Office) -> dict[str, str]:
    return {delivery.recipient: delivery.state for delivery in office.deliveries.records(RUN)}


def is_open(office: Office) -> bool:
    run = office.runs.get(RUN)
    assert run is not None
    return run.state == RunState.OPEN and run.step == Step.DELIVER


def test_refused_deliveries_are_resent_and_unknown_ones_by_the_channels_rule(office: Office) -> None:
    outcome = office.resend(ResendRequest())
    assert {delivery.recipient for delivery in outcome.sending} == {"bounced@example.com", "archive"}
    assert {delivery.recipient for delivery in outcome.waiting} == {"perhaps@example.com", "ops"}
    assert states(office)["got-it@example.com"] == "sent"
    assert is_open(office)
    assert len(office.sent_steps) == 1


def test_failed_only_leaves_unknown_deliveries_alone(office: Office) -> None:
    outcome = office.resend(ResendRequest(failed_only=True))
    assert [delivery.recipient for delivery in outcome.sending] == ["bounced@example.com"]
    assert states(office)["archive"] == "unknown"


def test_mail_of_unknown_outcome_is_resent_if_the_settings_say_so(office: Office) -> None:
    assert "perhaps@example.com" in {
        delivery.recipient for delivery in office.resend(ResendRequest(), resend_unknown=True).sending
    }


def test_only_named_recipients_get_the_resent_briefing(office: Office) -> None:
    outcome = office.resend(ResendRequest(recipients=("email:bounced@example.com",)))
    assert [delivery.recipient for delivery in outcome.sending] == ["bounced@example.com"]
    assert states(office)["archive"] == "unknown"


def test_a_new_recipient_of_the_group_gets_the_briefing_if_named(office: Office) -> None:
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
        (ResendRequest(recipients=("Got-It@Example.com",)), "nothing is sent twice"),
        (ResendRequest(copies=("Got-It@Example.com",)), "test copy is for others"),
        (ResendRequest(copies=("nobody",)), "slack:ops-emea"),
    ],
)
def test_an_impossible_request_is_refused_before_anything_changes(
    office: Office, request_: ResendRequest, says: str
) -> None:
    states_before = states(office)
    with pytest.raises(NotSentAgain, match=says):
        office.resend(request_)
    assert states(office) == states_before
    assert not is_open(office)


def test_the_operators_word_settles_an_unknown_delivery(office: Office) -> None:
    outcome = office.resend(
        ResendRequest(settle={"perhaps@example.com": "sent", "slack:ops": "missing"}, failed_only=True)
    )
    assert [delivery.recipient for delivery in outcome.arrived] == ["perhaps@example.com"]
    assert states(office)["perhaps@example.com"] == "sent"
    assert states(office)["ops"] == "planned"


def test_a_test_copy_goes_to_its_address_alone_and_may_be_sent_again(office: Office) -> None:
    outcome = office.resend(ResendRequest(copies=("me@example.org",)))
    assert [(delivery.recipient, delivery.test) for delivery in outcome.sending] == [("me@example.org", True)]
    assert states(office)["bounced@example.com"] == "refused"
    copy = next(delivery for delivery in office.deliveries.records(RUN) if delivery.test)
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
    for delivery in (BUSY, IN_HAND):
        office.deliveries.move(RUN, delivery, expected=("",))


def test_the_operator_can_retry_busy_receivers_at_once(office: Office, waiting_run: None) -> None:
    outcome = office.resend(ResendRequest(recipients=("busy@example.com",)))
    assert [delivery.recipient for delivery in outcome.sending] == ["busy@example.com"]
    record = next(delivery for delivery in office.deliveries.records(RUN) if delivery.recipient == "busy@example.com")
    assert (record.again_at, record.tries, record.until) == ("", 0, "")
    assert office.runs.enter(RUN, Step.DELIVER, "woken")[0] == "mine"
    assert len(office.sent_steps) == 1


def test_the_operators_word_counts_while_receivers_are_busy(office: Office, waiting_run: None) -> None:
    outcome = office.resend(ResendRequest(settle={"perhaps@example.com": "sent"}, failed_only=True))
    assert [delivery.recipient for delivery in outcome.arrived] == ["perhaps@example.com"]
    assert states(office)["perhaps@example.com"] == "sent"


@pytest.mark.parametrize(
    "request_",
    [ResendRequest(recipients=("in-hand@example.com",)), ResendRequest(settle={"in-hand@example.com": "missing"})],
)
def test_a_delivery_in_progress_is_left_to_its_worker(
    office: Office, waiting_run: None, request_: ResendRequest
) -> None:
    with pytest.raises(NotSentAgain, match="at this moment"):
        office.resend(request_)
    outcome = office.resend(ResendRequest())
    assert "in-hand@example.com" not in {delivery.recipient for delivery in (*outcome.sending, *outcome.waiting)}
    assert states(office)["in-hand@example.com"] == "sending"


def test_a_correction_may_begin_while_receivers_are_busy_but_not_before(office: Office, waiting_run: None) -> None:
    revised = office.starter.revise(RUN, asked_by="operator", source="queries")
    assert revised == RUN.revised(2)
    assert office.runs.enter(RUN, Step.DELIVER, "woken")[0] == "mine"
    assert len(office.sent_steps) == 2
    assert office.starter.revise(RUN, asked_by="operator", source="queries") is None


@pytest.mark.parametrize(
    "request_",
    [ResendRequest(), ResendRequest(recipients=("bounced@example.com",)), ResendRequest(copies=("me@example.org",))],
)
def test_a_corrected_run_is_not_resent(office: Office, request_: ResendRequest) -> None:
    office.runs.claim(RUN.revised(2), "operator", source="queries", state=RunState.DELIVERED)
    with pytest.raises(NotSentAgain, match=rf"standup resend {RUN}\.r2"):
        office.resend(request_)
    assert not is_open(office)


def test_the_operators_word_counts_for_a_corrected_run(office: Office) -> None:
    office.runs.claim(RUN.revised(2), "operator", source="queries")
    outcome = office.resend(ResendRequest(settle={"perhaps@example.com": "sent"}))
    assert [delivery.recipient for delivery in outcome.arrived] == ["perhaps@example.com"]
    assert outcome.sending == ()


def test_a_run_whose_correction_failed_is_resent(office: Office) -> None:
    office.runs.claim(RUN.revised(2), "operator", source="queries", state=RunState.FAILED)
    assert "bounced@example.com" in {delivery.recipient for delivery in office.resend(ResendRequest()).sending}


def test_a_run_that_is_not_rendered_yet_or_does_not_exist_is_not_resent(office: Office) -> None:
    being_made = replace(RUN, group="billing")
    office.runs.claim(being_made, "beat", source="queries", step=Step.RENDER)
    with pytest.raises(NotSentAgain, match="under way"):
        office.resend(ResendRequest(), being_made)
    with pytest.raises(NotSentAgain, match="no run"):
        office.resend(ResendRequest(), RUN.revised(7))


def test_a_run_that_failed_before_delivery_names_the_right_command(office: Office) -> None:
    failed_run = replace(RUN, group="billing")
    office.runs.claim(failed_run, "beat", state="failed", step=Step.POLL, source="queries")
    with pytest.raises(NotSentAgain, match="standup run billing"):
        office.resend(ResendRequest(), failed_run)


def test_a_run_with_all_deliveries_sent_is_left_alone(office: Office) -> None:
    for delivery in (REFUSED, UNKNOWN, IN_STORE, CHAT):
        office.deliveries.move(RUN, replace(delivery, state="sent"), expected=(delivery.state,))
    outcome = office.resend(ResendRequest())
    assert not outcome.sending
    assert not is_open(office)


def test_a_corrected_address_gets_it_and_the_wrong_one_no_longer(office: Office) -> None:
    correct(office, "bounced@example.com", "corrected@example.com")
    outcome = office.resend(ResendRequest(failed_only=True))
    assert {delivery.recipient for delivery in outcome.sending} == {"corrected@example.com", "new@example.com"}
    assert [delivery.recipient for delivery in outcome.former] == ["bounced@example.com"]
    assert states(office)["bounced@example.com"] == "refused"
    assert is_open(office)


def test_a_run_is_counted_again_after_an_address_was_removed(office: Office) -> None:
    for delivery in (UNKNOWN, IN_STORE, CHAT):
        office.deliveries.move(RUN, replace(delivery, state="sent"), expected=(delivery.state,))
    new = Delivery("email", "new@example.com", "sent")
    office.deliveries.move(RUN, new, expected=("",))
    correct(office, '"bounced@example.com",', "")
    outcome = office.resend(ResendRequest())
    assert (outcome.sending, [delivery.recipient for delivery in outcome.former]) == ((), ["bounced@example.com"])
    assert is_open(office)


def test_an_operator_may_still_send_to_a_former_recipient(office: Office) -> None:
    correct(office, "bounced@example.com", "corrected@example.com")
    outcome = office.resend(ResendRequest(recipients=("bounced@example.com",)))
    assert [delivery.recipient for delivery in outcome.sending] == ["bounced@example.com"]
    assert outcome.former == ()


def test_a_test_copy_alone_does_not_count_the_run_again(office: Office) -> None:
    correct(office, "bounced@example.com", "corrected@example.com")
    assert office.resend(ResendRequest(copies=("me@example.org",))).former == ()


def correct(office: Office, wrong: str, right: str) -> None:
    """Correct an address in the group file."""
    office.group_file.write_text(office.group_file.read_text("utf-8").replace(wrong, right), "utf-8")


def end(office: Office) -> None:
    office.runs.enter(RUN, Step.DELIVER, "me")
    office.runs.settle(RUN, Step.DELIVER, "me", Finished(RunState.PARTLY_DELIVERED, "1 sent"))
