"""A remembered day holds the sums that its usual range needs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from worker.domain.briefing.codec import decode_figures, encode_figures
from worker.domain.briefing.history import figures_of
from worker.domain.briefing.sums import QueueSums, contacts_by_half_hour, sums
from worker.domain.rows import QueueInterval, Rows

NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2026, 10, 21, 13, tzinfo=UTC)


def test_a_day_is_remembered_by_queue_and_by_half_hour(small_day: Rows) -> None:
    figures = figures_of(small_day, NEW_YORK)
    billing = next(queue.id for queue in small_day.queues if queue.name == "Billing")
    rows = [row for row in small_day.intervals if row.queue_id == billing]
    offered, handled = sum(row.offered or 0 for row in rows), sum(row.handled or 0 for row in rows)
    assert (figures.sums[billing].offered, figures.sums[billing].handled) == (offered, handled)
    assert figures.sums[billing].handle_ms == 300_000 * handled
    assert set(figures.half_hours) == {"09:00", "10:00", "10:30"}
    assert sum(contacts[0] for contacts in figures.half_hours.values()) == figures.counts.offered
    level = figures.ratios["service_level"]
    assert sum(contacts[1] for contacts in figures.half_hours.values()) == level.numerator
    assert sum(contacts[2] for contacts in figures.half_hours.values()) == level.denominator


def test_the_sums_come_back_as_they_were_stored(small_day: Rows) -> None:
    figures = figures_of(small_day, NEW_YORK)
    assert decode_figures(encode_figures(figures)) == figures


def test_a_day_of_an_older_version_has_no_sums(small_day: Rows) -> None:
    figures = figures_of(small_day, NEW_YORK)
    stored = json.loads(encode_figures(figures))
    del stored["value"]["sums"], stored["value"]["half_hours"]
    assert decode_figures(json.dumps(stored).encode()) == dataclasses.replace(figures, sums={}, half_hours={})


def test_each_medium_has_sums_of_its_own(half_hour: Callable[..., QueueInterval]) -> None:
    rows = (half_hour("a", NINE, 8, 2, 0), half_hour("a", NINE, 1, 4, 0, "chat"))
    figures = figures_of(Rows((), rows), NEW_YORK)
    assert (figures.sums, figures.half_hours) == ({}, {})
    assert figures.media["chat"].sums["a"].offered == 5
    assert figures.media["chat"].half_hours == {"09:00": (5, 1, 5)}
    assert figures.media["voice"].half_hours == {"09:00": (10, 8, 10)}


def test_what_one_interval_does_not_say_is_not_a_sum(half_hour: Callable[..., QueueInterval]) -> None:
    row = half_hour("a", NINE, 8, 2, 0)
    assert sums((row, dataclasses.replace(row, handle_ms=None))).handle_ms is None
    untimed = dataclasses.replace(row, answered=None, answer_ms=None, handled=None, handle_ms=None)
    assert sums((row, untimed)) == QueueSums(20, 0)
    assert sums((row, QueueInterval("a", "voice", NINE, offered=0))) == QueueSums(10, 0, 10, 300_000, 10, 3_000_000)


def test_half_hours_of_which_one_is_unknown_are_none(half_hour: Callable[..., QueueInterval]) -> None:
    row = half_hour("a", NINE, 8, 2, 0)
    assert contacts_by_half_hour((row, dataclasses.replace(row, answered_late=None)), NEW_YORK) == {}
    assert contacts_by_half_hour((row, dataclasses.replace(row, start=None)), NEW_YORK) == {}


def test_a_half_hour_that_a_clock_change_repeats_is_one(half_hour: Callable[..., QueueInterval]) -> None:
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    rows = (half_hour("a", first, 8, 2, 0), half_hour("a", second, 1, 0, 0))
    assert contacts_by_half_hour(rows, NEW_YORK) == {"01:30": (11, 9, 11)}
