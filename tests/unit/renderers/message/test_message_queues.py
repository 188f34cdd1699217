"""A queue's row: the bar shows the reading against its goal, the caption only what the source says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from renderers.message.queues import queues
from renderers.words import speak
from worker.domain.briefing.content import Briefing, Counts
from worker.domain.metrics import Ratio

EN = speak("en")


@pytest.mark.parametrize(
    ("value", "goal", "pieces"),
    [
        (0.70, 0.80, "filled 70, track 10, goal 1, track 19"),
        (0.80, 0.80, "filled 80, goal 1, track 19"),
        (0.90, 0.80, "filled 80, goal 1, filled 9, track 10"),
        (1.00, 0.80, "filled 80, goal 1, filled 19"),
        (0.00, 0.80, "track 80, goal 1, track 19"),
        (1.00, 1.00, "filled 99, goal 1"),
        (0.50, 0.00, "goal 1, filled 49, track 50"),
        (1.20, 0.80, "filled 80, goal 1, filled 19"),
    ],
)
def test_the_bar_reaches_as_far_as_the_reading_and_has_its_goal_in_place(
    make_briefing: Callable[..., Briefing], value: float, goal: float, pieces: str
) -> None:
    line = make_briefing().queues[0]
    reading = dataclasses.replace(line.service_level, ratio=Ratio(value), goal=goal)
    (row,) = queues(EN, make_briefing(queues=(dataclasses.replace(line, service_level=reading),))).rows
    assert ", ".join(f"{piece.kind} {piece.width}" for piece in row.bar) == pieces


@pytest.mark.parametrize(
    ("changes", "caption"),
    [
        ({}, "304 of 1,017 not in time · 85 of 1,017 abandoned (8.4%) · AHT 5:11"),
        ({"abandonment": None}, "304 of 1,017 not in time · AHT 5:11"),
        ({"counts": Counts(None, None, None, None, None, None), "abandonment": Ratio(0.084)}, "8.4% abandoned"),
        ({"counts": Counts(0, 0, 0, 0, None, None), "abandonment": None}, "0 offered"),
    ],
)
def test_the_caption_leaves_out_what_is_not_known(
    make_briefing: Callable[..., Briefing], changes: dict[str, object], caption: str
) -> None:
    line = dataclasses.replace(make_briefing().queues[0], **changes)
    (row,) = queues(EN, make_briefing(queues=(line,))).rows
    assert row.caption == caption


def test_a_queue_without_a_reading_has_no_bar(make_briefing: Callable[..., Briefing]) -> None:
    line = make_briefing().queues[0]
    unknown = dataclasses.replace(line.service_level, ratio=None)
    (row,) = queues(EN, make_briefing(queues=(dataclasses.replace(line, service_level=unknown, change=None),))).rows
    assert (row.bar, row.value, row.change) == ((), "–", None)


def test_the_day_that_changes_are_against_is_named_once(make_briefing: Callable[..., Briefing]) -> None:
    sample = make_briefing()
    unchanged = tuple(dataclasses.replace(line, change=None) for line in sample.queues)
    assert queues(EN, sample).summary.endswith("; changes against Tue 20")
    assert "changes" not in queues(EN, make_briefing(queues=unchanged)).summary
