"""Buckets in local time, and arithmetic of time spans."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sandbox.records.instants import overlap, subtract, union
from sandbox.wire.times import bucket_edges, bucket_index, read_interval, utc_text

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("interval", "granularity", "zone", "hours"),
    [
        ("2026-11-16T00:00Z/2026-11-17T00:00Z", None, "UTC", [24]),
        ("2026-11-16T00:00Z/2026-11-16T02:15Z", "PT30M", "UTC", [0.5, 0.5, 0.5, 0.5, 0.25]),
        ("2026-10-24T00:00+02:00/2026-10-26T00:00+01:00", "P1D", "Europe/Berlin", [24, 25]),
        ("2026-03-28T00:00+01:00/2026-03-30T00:00+02:00", "P1D", "Europe/Berlin", [24, 23]),
        ("2026-10-03T00:00+10:30/2026-10-05T00:00+11:00", "P1D", "Australia/Lord_Howe", [24, 23.5]),
        ("2026-11-01T00:00Z/2026-11-16T00:00Z", "P1W", "UTC", [168, 168, 24]),
        ("2026-01-31T00:00Z/2026-03-01T00:00Z", "P1M", "UTC", [28 * 24, 24]),
    ],
)
def test_buckets_step_over_local_days_and_elapsed_hours(
    interval: str, granularity: str | None, zone: str, hours: list[float]
) -> None:
    edges = bucket_edges(read_interval(interval), granularity, ZoneInfo(zone))
    assert [(end - start) / HOUR for start, end in pairwise(edges)] == hours


def test_an_instant_belongs_to_the_bucket_that_begins_with_it() -> None:
    assert [bucket_index([10, 20, 30], instant) for instant in (9, 10, 19, 20, 29, 30)] == [None, 0, 0, 1, 1, None]


def test_instants_are_written_as_the_platform_writes_them() -> None:
    span = read_interval("2026-03-02T00:00:00-05:00/2026-03-03T00:00:00.5-05:00")
    assert [utc_text(instant) for instant in span] == ["2026-03-02T05:00:00.000Z", "2026-03-03T05:00:00.500Z"]


@pytest.mark.parametrize(
    ("spans", "merged"),
    [([], []), ([(3, 3)], []), ([(5, 9), (1, 4)], [(1, 4), (5, 9)]), ([(1, 4), (4, 6), (2, 3)], [(1, 6)])],
)
def test_a_union_has_no_overlaps(spans: list[tuple[int, int]], merged: list[tuple[int, int]]) -> None:
    assert union(spans) == merged


@pytest.mark.parametrize(
    ("removed", "rest"),
    [
        ([], [(0, 10)]),
        ([(0, 10)], []),
        ([(-5, 2), (8, 20)], [(2, 8)]),
        ([(3, 4), (6, 7)], [(0, 3), (4, 6), (7, 10)]),
        ([(10, 12)], [(0, 10)]),
    ],
)
def test_removed_spans_are_cut_out(removed: list[tuple[int, int]], rest: list[tuple[int, int]]) -> None:
    assert subtract([(0, 10)], removed) == rest


def test_the_overlap_of_two_spans_is_never_negative() -> None:
    assert [overlap((0, 10), span) for span in ((2, 5), (8, 20), (10, 12), (-3, -1))] == [3, 2, 0, 0]
