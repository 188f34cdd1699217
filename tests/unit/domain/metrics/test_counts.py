import pytest

from worker.domain.briefing.counts import by_queue, counts


def test_counts_are_sums_over_the_intervals(interval):
    rows = [interval("a", offered=10, answered=8, abandoned=2), interval("b", offered=5, answered=5, abandoned=0)]
    total = counts(rows)
    assert (total.offered, total.answered, total.abandoned) == (15, 13, 2)


@pytest.mark.parametrize("missing_count", ["offered", "answered", "abandoned"])
def test_a_count_that_a_queue_with_contacts_does_not_state_is_not_known(interval, missing_count):
    rows = [
        interval("a", offered=10, answered=8, abandoned=2),
        interval("b", **{"offered": 5, "answered": 4, "abandoned": 1, missing_count: None}),
    ]
    assert getattr(counts(rows), missing_count) is None


def test_a_row_without_inbound_contacts_takes_nothing_from_the_counts(interval):
    rows = [interval("a", offered=10, answered=8, abandoned=2), interval("b"), interval("out", handled=9, handle_ms=9)]
    total = counts(rows)
    assert (total.offered, total.answered, total.abandoned) == (10, 8, 2)


def test_contacts_that_came_before_midnight_and_were_answered_in_time_are_not_late(interval):
    answered_after_midnight = interval(offered=0, answered=12, answered_late=0, abandoned=0)
    waiting_at_midnight = interval(offered=30, answered=4, answered_late=1, abandoned=0)
    assert counts([answered_after_midnight]).late == 0
    assert counts([answered_after_midnight, waiting_at_midnight]).late == 1


def test_contacts_that_were_all_abandoned_are_late(interval):
    assert counts([interval(offered=3, answered=0, answered_late=0, abandoned=3)]).late == 3


def test_what_no_interval_states_is_unknown_and_not_zero(interval):
    total = counts([interval()])
    assert (total.offered, total.answered, total.abandoned, total.late) == (None, None, None, None)
    assert (total.average_handle_ms, total.average_answer_ms) == (None, None)


@pytest.mark.parametrize(
    ("figures", "late"),
    [
        ({"offered": 10, "answered": 8, "answered_late": 3, "abandoned": 2}, 5),
        ({"offered": 10, "service_level_numerator": 6, "service_level_denominator": 9}, 3),
        ({"offered": 31, "answered": 4, "answered_late": 0, "abandoned": 0, "flowed_out": 27}, 0),
        ({"offered": 10, "answered": 8}, None),
        ({"answered": 8, "answered_late": 3}, None),
        ({"offered": 3, "abandoned": 3}, None),
    ],
)
def test_late_is_what_counts_towards_the_service_level_less_answered_in_time(interval, figures, late):
    assert counts([interval(**figures)]).late == late


def test_average_times_are_sums_over_the_contacts_they_belong_to(interval):
    # 100 handled in 30,000 s and 10 in 6,000 s: 36,000 s ÷ 110
    rows = [
        interval("a", handled=100, handle_ms=30_000_000, answered=100, answer_ms=1_000_000),
        interval("b", handled=10, handle_ms=6_000_000, answered=10, answer_ms=100_000),
        interval("c", handled=0, handle_ms=0, answered=0),
    ]
    total = counts(rows)
    assert total.average_handle_ms == pytest.approx(36_000_000 / 110)
    assert total.average_answer_ms == 10_000


def test_a_queue_is_all_its_media_together(interval):
    rows = [interval("a"), interval("b"), interval("a", "chat")]
    assert {queue_id: len(rows_of_queue) for queue_id, rows_of_queue in by_queue(rows).items()} == {"a": 2, "b": 1}


@pytest.mark.parametrize("part", [{"handled": 5}, {"handle_ms": 9_999}])
def test_an_average_without_the_time_or_the_contacts_of_one_queue_is_not_known(interval, part):
    rows = [interval("a", handled=100, handle_ms=30_000_000), interval("b", **part)]
    assert counts(rows).average_handle_ms is None


def test_averages_are_not_known_if_a_queue_with_contacts_states_nothing_of_them(interval):
    known_interval = interval("a", offered=60, answered=60, handled=60, handle_ms=12_000_000, answer_ms=300_000)
    total = counts([known_interval, interval("b", offered=40, abandoned=0)])
    assert (total.average_handle_ms, total.average_answer_ms) == (None, None)


def test_an_average_needs_nothing_of_a_queue_whose_contacts_all_hung_up(interval):
    known_interval = interval("a", offered=60, answered=60, handled=60, handle_ms=12_000_000, answer_ms=300_000)
    total = counts([known_interval, interval("b", offered=4, answered=0, abandoned=4)])
    assert (total.average_handle_ms, total.average_answer_ms) == (200_000, 5_000)


def test_average_times_over_two_media_are_not_known(interval):
    rows = [
        interval("a", handled=100, handle_ms=30_000_000, answered=100, answer_ms=1),
        interval("a", "chat", handled=10, handle_ms=9_000_000, answered=10, answer_ms=1),
    ]
    assert (counts(rows).average_handle_ms, counts(rows).average_answer_ms) == (None, None)
