"""Axes of the charts."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from renderers import pdf
from renderers.pdf.charts.time_axis import TimeAxis
from renderers.pdf.charts.volume_chart import grid_step
from tests.checker.documents.ink import drawn_pages
from tests.unit.renderers.conftest import with_media
from worker.domain.briefing.content import Counts, HalfHour
from worker.domain.metrics import Ratio, Status

HALF_HOUR = timedelta(minutes=30)


def halves(zone: str, first: datetime, offered: list[int]) -> tuple[HalfHour, ...]:
    index = [(first + HALF_HOUR * number).astimezone(ZoneInfo(zone)) for number in range(len(offered))]
    return tuple(
        HalfHour(start, Counts(count, count, 0, 0, None, None), Ratio(0.8) if count else None)
        for start, count in zip(index, offered, strict=True)
    )


@pytest.mark.parametrize(
    ("zone", "midnight", "number"),
    [
        ("Europe/Berlin", datetime(2026, 10, 24, 22, tzinfo=UTC), 50),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, tzinfo=UTC), 46),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 13, tzinfo=UTC), 49),
        ("Asia/Kolkata", datetime(2026, 10, 20, 18, 30, tzinfo=UTC), 48),
    ],
    ids=["25 hours", "23 hours", "24.5 hours", "24 hours"],
)
def test_half_hours_are_equally_far_apart_on_a_day_of_any_length(zone, midnight, number):
    axis = TimeAxis.for_day(halves(zone, midnight, [5] * number), 100, 580)
    places = [axis.place(half.start) for half in axis.halves]
    steps = [second - first for first, second in itertools.pairwise(places)]
    assert places[0] == 100
    assert steps == pytest.approx([480 / number] * (number - 1))
    assert places[-1] + axis.slot == pytest.approx(580)


def test_the_axis_begins_and_ends_with_a_contact():
    axis = TimeAxis.for_day(halves("UTC", datetime(2026, 10, 21, tzinfo=UTC), [0, 0, 3, 0, 4, 0]), 0, 90)
    assert [half.counts.offered for half in axis.halves] == [3, 0, 4]


def test_without_any_contact_there_is_no_axis():
    assert TimeAxis.for_day(halves("UTC", datetime(2026, 10, 21, tzinfo=UTC), [0, 0]), 0, 90) is None


def test_an_instant_outside_the_axis_is_at_its_end():
    axis = TimeAxis.for_day(halves("UTC", datetime(2026, 10, 21, 8, tzinfo=UTC), [1, 1]), 0, 90)
    assert axis.place(datetime(2026, 10, 21, 7, tzinfo=UTC)) == 0
    assert axis.place(datetime(2026, 10, 22, tzinfo=UTC)) == 90


@pytest.mark.parametrize(
    ("most", "lines", "step"),
    [(1, 4, 1), (4, 4, 1), (5, 4, 2), (17, 4, 5), (356, 4, 100), (356, 2, 200), (9000, 4, 5000)],
)
def test_grid_lines_are_at_round_numbers_and_no_more_than_asked_for(most, lines, step):
    assert grid_step(most, lines) == step


RED = (179, 38, 30)
PALE = (201, 212, 228)
LEVELS = {
    "the only one below target": [0.95] * 5 + [0.5] + [0.95] * 6,
    "the first half-hour": [0.1] + [0.95] * 11,
    "the last half-hour": [0.95] * 11 + [0.1],
    "none in time": [0.95] * 4 + [0.0, 0.0] + [0.95] * 6,
    "just below target": [0.95] * 6 + [0.799] + [0.95] * 5,
    "near a grid line": [0.7] * 6 + [0.605] + [0.7] * 5,
}


@pytest.mark.parametrize(("is_thin", "number_pale", "number_red"), [(True, 1, 0), (False, 0, 1)])
def test_the_bar_of_few_contacts_is_pale_and_never_red(make_briefing, is_thin, number_pale, number_red):
    levels = [0.95] * 5 + [0.1] + [0.95] * 6
    half_hours = tuple(
        HalfHour(half.start, Counts(40, 40, 0, 0, None, None), Ratio(level, 40), is_thin=is_thin and level < 0.8)
        for half, level in zip(make_briefing().half_hours, levels, strict=False)
    )
    page = drawn_pages(pdf.render(make_briefing(half_hours=half_hours, insights=()), "phone"))[1]
    wide = [shape for shape in page.shapes if shape.kind == "area" and shape.box.top - shape.box.bottom > 20]
    assert [sum(shape.colour == colour for shape in wide) for colour in (PALE, RED)] == [number_pale, number_red]


@pytest.mark.parametrize("pages", ["phone", "a4"])
@pytest.mark.parametrize("levels", LEVELS.values(), ids=LEVELS)
def test_the_label_of_the_lowest_half_hour_is_below_its_bar(make_briefing, levels, pages):
    half_hours = tuple(
        HalfHour(start, Counts(40, 40, 4, 0, None, None), Ratio(level, 40))
        for start, level in zip((half.start for half in make_briefing().half_hours), levels, strict=False)
    )
    content = pdf.render(make_briefing(half_hours=half_hours, insights=()), pages)
    page = drawn_pages(content)[1 if pages == "phone" else 0]
    (label,) = [text for text in page.texts if " at " in text.content and text.colour == RED]
    reds = [shape.box for shape in page.shapes if shape.colour == RED and shape.box.bottom >= label.box.top]
    bars = [box for box in reds if box.left_edge < label.box.right and box.right > label.box.left_edge]
    assert min(box.bottom for box in bars) - label.box.top < 8


@pytest.mark.parametrize(("medium", "tinted_areas"), [("voice", 1), ("email", 0)])
def test_the_chart_of_a_medium_shades_and_names_no_half_hours_of_another(briefing, texts, medium, tinted_areas):
    worst = dataclasses.replace(briefing.insights[0], figures={**briefing.insights[0].figures, "medium": medium})
    rendered = pdf.render(dataclasses.replace(with_media(briefing), insights=(worst,)))
    shapes = drawn_pages(rendered)[1].shapes
    assert sum(shape.colour == (253, 243, 242) for shape in shapes) == tinted_areas
    assert ("Lowest in 11:00–12:30: 52%" in texts(rendered)[1]) == bool(tinted_areas)


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_the_description_of_a_chart_without_a_goal_names_no_target(make_briefing, opened, pages):
    not_judged = dataclasses.replace(make_briefing().tiles[0].reading, status=Status.NOT_JUDGED)
    tiles = (dataclasses.replace(make_briefing().tiles[0], reading=not_judged), *make_briefing().tiles[1:])
    objects = opened(pdf.render(make_briefing(tiles=tiles), pages)).objects
    texts = [str(node.Alt) for node in objects if isinstance(node, pikepdf.Dictionary) and "/Alt" in node]
    (description,) = [text for text in texts if text.startswith("Service level, %")]
    assert description.startswith("Service level, % answered in 20 s, by half-hour: 07:00 93%, ")


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_a_chart_of_one_half_hour_that_begins_no_hour_has_its_time(make_briefing, texts, pages):
    half = dataclasses.replace(make_briefing().half_hours[0], start=make_briefing().half_hours[7].start)
    assert "10:30" not in texts(pdf.render(make_briefing(half_hours=(), insights=()), pages))[pages == "phone"]
    page = texts(pdf.render(make_briefing(half_hours=(half,), insights=()), pages))[pages == "phone"]
    assert page.count(" 10:30 ") >= (2 if pages == "phone" else 1)
