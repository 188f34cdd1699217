import pytest

from worker.domain.briefing.counts import by_queue, counts


def test_counts_are_sums_over_the_intervals_that_state_them(interval):
    rows = [
        interval("a", offered=10, answered=8, answered_late=3, abandoned=2),
        interval("b", offered=5, answered=5, answered_late=1),
        interval("c"),
    ]
    total = counts(rows)
    assert (total.offered, total.answered, total.abandoned) == (15, 13, 2)


def test_what_no_interval_states_is_unknown_and_not_zero(interval):
    total = counts([interval()])
    assert (total.offered, total.answered, total.abandoned, total.late) == (None, None, None, None)
    assert (total.average_handle_ms, total.average_answer_ms) == (None, None)


@pytest.mark.parametrize(
    ("figures", "late"),
    [
        ({"offered": 10, "answered": 8, "answered_late": 3, "abandoned": 2}, 5),
        ({"offered": 10, "service_level_numerator": 6, "service_level_denominator": 9}, 4),
        ({"offered": 31, "answered": 4, "answered_late": 0, "flowed_out": 27}, 27),
        ({"offered": 10, "answered": 8}, None),
        ({"answered": 8, "answered_late": 3}, None),
    ],
)
def test_late_is_offered_less_answered_in_time(interval, figures, late):
    assert counts([interval(**figures)]).late == late


def test_average_times_are_sums_over_the_contacts_they_belong_to(interval):
    # 100 handled in 30,000 s and 10 in 6,000 s: 36,000 s ÷ 110; the third row's time has no count and stays out
    rows = [
        interval("a", handled=100, handle_ms=30_000_000, answered=100, answer_ms=1_000_000),
        interval("b", handled=10, handle_ms=6_000_000, answered=10, answer_ms=100_000),
        interval("c", handle_ms=9_999_999, answered=5),
    ]
    total = counts(rows)
    assert total.average_handle_ms == pytest.approx(36_000_000 / 110)
    assert total.average_answer_ms == 10_000


def test_a_queue_is_all_its_media_together(interval):
    rows = [interval("a"), interval("b"), interval("a", "chat")]
    assert {queue_id: len(of) for queue_id, of in by_queue(rows).items()} == {"a": 2, "b": 1}
