"""The plan of a seed: pure, complete, and different for another seed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from tests.chaos.faults import FIRST_MOMENTS, MOMENTS, Card, all_cards, long_outages
from tests.chaos.moments import moment
from tests.chaos.plan import MOST_GROUPS, plan


def test_the_same_seed_gives_the_same_mornings() -> None:
    assert plan(7, 450) == plan(7, 450)


def test_another_seed_gives_other_faults() -> None:
    assert [morning.faults for morning in plan(7, 450)] != [morning.faults for morning in plan(8, 450)]


def test_mornings_have_as_many_runs_as_asked_for() -> None:
    mornings = plan(1, 2 * MOST_GROUPS + 30)
    assert [morning.groups for morning in mornings] == [MOST_GROUPS, MOST_GROUPS, 30]
    assert len(mornings[0].group_keys) == MOST_GROUPS
    assert len(set(mornings[0].group_keys)) == MOST_GROUPS


def test_a_morning_can_have_more_groups() -> None:
    assert [morning.groups for morning in plan(1, 1_300, most_groups=600)] == [600, 600, 100]


def test_a_longer_plan_begins_with_the_shorter_one() -> None:
    assert plan(3, 5 * MOST_GROUPS)[:2] == plan(3, 2 * MOST_GROUPS)


def test_every_fault_is_dealt_before_any_is_dealt_again() -> None:
    faults = [fault for morning in plan(5, 100 * MOST_GROUPS) for fault in morning.faults if not fault.is_reported]
    counts = Counter((fault.kind, fault.moment, fault.side) for fault in faults)
    in_deck = Counter((card.kind, card.moment, card.side) for card in all_cards())
    rounds = len(faults) // len(all_cards())
    assert rounds >= 2
    assert all(rounds * in_deck[card] <= counts[card] <= (rounds + 1) * in_deck[card] for card in in_deck)


def test_faults_last_as_long_as_their_card_says() -> None:
    limits = {(card.kind, card.moment, card.side): card.seconds for card in all_cards()}
    longest = {card.kind: card.seconds for card in long_outages()}
    for fault in (fault for morning in plan(2, 30 * MOST_GROUPS) for fault in morning.faults):
        name = fault.kind, fault.moment, fault.side
        least, most = longest[fault.kind] if fault.is_reported else limits[name]
        assert least - 0.05 <= fault.seconds <= most + 0.05


def test_faults_of_a_morning_come_one_after_another() -> None:
    for morning in plan(2, 10 * MOST_GROUPS):
        faults = [fault for fault in morning.faults if fault.moment not in FIRST_MOMENTS]
        assert all(fault.at_seconds > previous.at_seconds for previous, fault in pairwise(faults))


def test_other_faults_come_after_a_long_outage() -> None:
    mornings = [morning for morning in plan(6, 40 * MOST_GROUPS) if any(fault.is_reported for fault in morning.faults)]
    assert mornings
    for outage, *faults in (morning.faults for morning in mornings):
        assert outage.is_reported
        assert all(fault.at_seconds >= outage.at_seconds + outage.seconds - 0.1 for fault in faults)


def test_every_long_outage_has_its_morning() -> None:
    faults = [fault for morning in plan(4, 20 * MOST_GROUPS) for fault in morning.faults]
    assert {fault.kind for fault in faults if fault.is_reported} == {card.kind for card in long_outages()}


def test_a_small_plan_has_faults_too() -> None:
    (morning,) = plan(1, 5)
    assert len(morning.faults) == 3
    assert morning.late_groups < morning.groups


def test_every_moment_is_known_to_a_proxy() -> None:
    for name in MOMENTS:
        assert moment(name, "before").server


def test_workers_are_killed_before_and_after_every_moment() -> None:
    cards = {(card.moment, card.side) for card in all_cards() if card.kind == "kill_worker" and card.moment}
    assert cards == {(name, side) for name in MOMENTS for side in ("before", "after")} - {("take", "before")}


def test_cards_name_only_moments_that_exist() -> None:
    assert {card.moment for card in all_cards() if card != Card(card.kind, card.seconds)} <= set(MOMENTS)
