"""Buckets in local time, and arithmetic of spans."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from sandbox.instants import bounds, bucket, read_interval, utc_text
from sandbox.spans import common, union, without

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
    marks = bounds(read_interval(interval), granularity, ZoneInfo(zone))
    assert [(after - before) / HOUR for before, after in pairwise(marks)] == hours


def test_an_instant_belongs_to_the_bucket_that_begins_with_it() -> None:
    assert [bucket([10, 20, 30], at) for at in (9, 10, 19, 20, 29, 30)] == [None, 0, 0, 1, 1, None]


def test_instants_are_written_as_the_platform_writes_them() -> None:
    span = read_interval("2026-03-02T00:00:00-05:00/2026-03-03T00:00:00.5-05:00")
    assert [utc_text(at) for at in span] == ["2026-03-02T05:00:00.000Z", "2026-03-03T05:00:00.500Z"]


@pytest.mark.parametrize(
    ("spans", "merged"),
    [([], []), ([(3, 3)], []), ([(5, 9), (1, 4)], [(1, 4), (5, 9)]), ([(1, 4), (4, 6), (2, 3)], [(1, 6)])],
)
def test_a_union_has_no_overlaps(spans: list[tuple[int, int]], merged: list[tuple[int, int]]) -> None:
    assert union(spans) == merged


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], [(0, 10)]),
        ([(0, 10)], []),
        ([(-5, 2), (8, 20)], [(2, 8)]),
        ([(3, 4), (6, 7)], [(0, 3), (4, 6), (7, 10)]),
        ([(10, 12)], [(0, 10)]),
    ],
)
def test_what_is_taken_is_cut_out(taken: list[tuple[int, int]], left: list[tuple[int, int]]) -> None:
    assert without([(0, 10)], taken) == left


def test_what_two_spans_share_is_never_negative() -> None:
    assert [common((0, 10), other) for other in ((2, 5), (8, 20), (10, 12), (-3, -1))] == [3, 2, 0, 0]
