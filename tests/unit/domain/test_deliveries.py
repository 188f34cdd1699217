"""What follows an attempt at a delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker.domain.countdowns import RetryPeriod
from worker.domain.deliveries import (
    Delivery,
    Progress,
    WhenUnknown,
    all_recipients,
    current_deliveries,
    former_deliveries,
    in_order_of_sending,
)

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
IN_A_MINUTE = (NOW + timedelta(minutes=1)).isoformat()
PLANNED = Delivery("email", "ana@example.com", "planned")
UNANSWERED = replace(PLANNED, state="sending", unsure=True, again_at=IN_A_MINUTE)


def test_the_first_attempt_starts_the_retry_period_and_later_ones_keep_it() -> None:
    first = PLANNED.attempted(NOW, RetryPeriod(timedelta(minutes=30)))
    second = first.attempted(NOW + timedelta(minutes=10), RetryPeriod(timedelta(minutes=30)))
    assert first.until == second.until == (NOW + timedelta(minutes=30)).isoformat()
    assert (first.tries, second.tries) == (1, 2)


def test_a_busy_receiver_is_tried_again_or_refused_without_time_for_it() -> None:
    assert PLANNED.busy("451 later", IN_A_MINUTE).state == "planned"
    assert PLANNED.busy("451 later", "").state == "refused"


@pytest.mark.parametrize(
    ("delivery", "rule", "retried", "resent"),
    [
        (PLANNED, "ask", False, False),
        (PLANNED, "look_up", True, False),
        (PLANNED, "resend", True, True),
        (UNANSWERED, "resend", False, True),
        (replace(UNANSWERED, again_at=""), "resend", False, False),
        (replace(UNANSWERED, again_at=""), "look_up", True, False),
    ],
    ids=["ask", "look up", "first copy", "second copy", "worker died during the second copy", "bucket"],
)
def test_an_unanswered_message_is_sent_once_more_if_the_rule_says_so(
    delivery: Delivery, rule: WhenUnknown, retried: bool, resent: bool
) -> None:
    assert (delivery.is_retried(rule), delivery.is_resent(rule)) == (retried, resent)


def test_an_operator_plans_a_delivery_as_if_it_had_never_been_tried() -> None:
    tried = replace(UNANSWERED, tries=5, until=IN_A_MINUTE)
    assert tried.replanned() == PLANNED


def test_a_correction_goes_to_all_who_may_have_what_it_corrects() -> None:
    earlier = [
        Delivery("email", "left@example.com", "sent"),
        Delivery("slack", "ops", "unknown"),
        Delivery("email", "bounced@example.com", "refused"),
        Delivery("email", "operator@example.com", "sent", test=True),
    ]
    group = [PLANNED.address, ("slack", "ops")]
    assert all_recipients(group, earlier) == [PLANNED.address, ("slack", "ops"), ("email", "left@example.com")]


def test_another_spelling_of_a_mailbox_gets_no_mail_of_its_own() -> None:
    earlier = [replace(PLANNED, recipient="Ana@Example.com", state="sent")]
    group = [("email", "ana@example.com"), ("sendgrid", "ana@example.com"), ("slack", "Ops"), ("slack", "ops")]
    assert all_recipients(group, earlier) == group


OLD = Delivery("email", "ana@exmaple.com", "refused", why="550")
REACHED = Delivery("email", "ben@example.com", "sent", proof="250")


def test_a_corrected_address_takes_the_place_of_the_wrong_one() -> None:
    group = [REACHED.address, PLANNED.address]
    (reached, added) = current_deliveries(group, [OLD, REACHED])
    assert reached == REACHED
    assert (added.address, added.state) == (PLANNED.address, "planned")
    assert former_deliveries(group, [OLD, REACHED]) == [OLD]


def test_a_removed_address_no_longer_counts() -> None:
    assert current_deliveries([REACHED.address], [OLD, REACHED]) == [REACHED]


def test_a_new_recipient_is_not_owed_what_was_delivered_before() -> None:
    assert current_deliveries([REACHED.address, PLANNED.address], [REACHED]) == [REACHED]


def test_a_former_recipient_who_has_it_and_a_test_copy_still_count() -> None:
    records = [REACHED, replace(OLD, test=True)]
    assert current_deliveries([], records) == records


def test_another_spelling_of_a_refused_address_is_the_same_recipient() -> None:
    refused = replace(PLANNED, state="refused")
    assert current_deliveries([("email", "Ana@Example.com")], [refused]) == [refused]


def test_buckets_are_first_and_then_the_least_tried() -> None:
    bucket, tried = Delivery("bucket", "archive", "planned", tries=3), replace(PLANNED, recipient="b", tries=2)
    waiting = replace(PLANNED, recipient="c", again_at=IN_A_MINUTE)
    sent = replace(PLANNED, recipient="d", state="sent")
    assert in_order_of_sending([tried, PLANNED, waiting, sent, bucket], NOW) == [bucket, PLANNED, tried]


def test_progress_waits_for_the_next_delivery_and_ends_with_the_last() -> None:
    waiting, sent = replace(PLANNED, again_at=IN_A_MINUTE), replace(PLANNED, recipient="b", state="sent")
    assert Progress.at_instant([waiting, sent], ["451 later", "451 later"], NOW) == Progress(
        (waiting, sent), "451 later", 60.0
    )
    assert Progress.at_instant([sent], [], NOW).wait_seconds is None
