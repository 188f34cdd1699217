"""A percentage and the counts beside it give back the counts behind it, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.genesys.exports.levels import RowSums, level_counts


def sums(answered: int, abandoned: int, fraction: float | None, **fields: int | bool) -> RowSums:
    return RowSums(answered, abandoned, fields.pop("short", 0), fields.pop("flowed", 0), fraction, **fields)


def test_the_only_whole_number_that_fits_a_percentage_is_found() -> None:
    assert level_counts([sums(20, 2, 0.6818)], 0.0001) == [(15, 22)]


def test_a_percentage_that_fits_several_counts_gives_none() -> None:
    assert level_counts([sums(120, 30, 0.81)], 0.01) is None


def test_a_coarse_percentage_suffices_beside_a_count_of_contacts_in_time() -> None:
    assert level_counts([sums(120, 30, 0.81, in_time=121 - 1)], 0.01) is None
    assert level_counts([sums(140, 10, 0.81, in_time=121)], 0.01) == [(121, 150)]


@pytest.mark.parametrize(
    ("switches", "rows", "expected"),
    [
        ("abandons count", [sums(8, 2, 0.7)], [(7, 10)]),
        (
            "short abandons do not count",
            [sums(7, 4, 0.6, short=1), sums(3, 0, 1.0)],
            [(6, 10), (3, 3)],
        ),
        (
            "flow-outs count",
            [sums(7, 2, 0.6, flowed=1), sums(8, 1, 0.7, flowed=1)],
            [(6, 10), (7, 10)],
        ),
        (
            "abandons do not count",
            [sums(9, 2, 1 / 3), sums(11, 4, 4 / 11)],
            [(3, 9), (4, 11)],
        ),
    ],
)
def test_the_denominator_that_fits_all_rows_is_the_organisations(
    switches: str, rows: list[RowSums], expected: list[tuple[int, int]]
) -> None:
    assert level_counts(rows, 1e-12) == expected, switches


def test_rows_that_fit_no_denominator_give_no_service_level() -> None:
    assert level_counts([sums(8, 2, 0.7), sums(8, 2, 0.123456)], 1e-6) is None


def test_a_row_without_a_percentage_has_no_service_level() -> None:
    assert level_counts([sums(8, 2, 0.7), sums(5, 0, None), sums(0, 0, None)], 1e-6) == [(7, 10), None, None]


def test_an_empty_level_of_a_queue_with_levels_means_none_in_time() -> None:
    rows = [
        sums(8, 2, 0.7, has_level=True),
        sums(3, 1, None, has_level=True),
        sums(0, 0, None, has_level=True),
    ]
    assert level_counts(rows, 1e-6) == [(7, 10), (0, 4), None]


def test_an_empty_cell_beside_contacts_in_time_is_no_zero() -> None:
    rows = [
        sums(8, 2, 0.7, has_level=True, in_time=7),
        sums(3, 1, None, has_level=True, in_time=3),
    ]
    assert level_counts(rows, 1e-6) == [(7, 10), None]


rows_of_a_day = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20), st.integers(0, 60)).map(
        lambda row: (row[0], row[1], min(row[2], row[0]))
    ),
    min_size=1,
    max_size=40,
)


@given(rows_of_a_day, st.sampled_from([2, 4, 12]))
def test_the_counts_of_any_day_are_recovered_from_its_percentages(
    day: list[tuple[int, int, int]], decimals: int
) -> None:
    rows, truth = [], []
    for answered, abandoned, in_time in day:
        whole = answered + abandoned
        fraction = round(in_time / whole, decimals) if whole else None
        rows.append(sums(answered, abandoned, fraction))
        truth.append((in_time, whole) if whole else None)
    collected_rows = level_counts(rows, 10.0**-decimals)
    assert collected_rows == truth
