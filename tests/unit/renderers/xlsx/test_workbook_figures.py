"""The values of the cells: numbers a supervisor can calculate with, in units that cannot be misread."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl.workbook import Workbook

from renderers import xlsx
from tests.unit.renderers.conftest import with_media
from tests.unit.renderers.xlsx.conftest import cells_under, opened, parts
from worker.domain.briefing.content import Briefing, Change, Counts, HalfHour
from worker.domain.metrics import Metric, Ratio, Reading, Status

NOTHING = Counts(None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("sheet", "header", "value", "number_format"),
    [
        ("Queues", "Service level", 0.701, "0.0%"),
        ("Queues", "Goal", 0.8, "0.0%"),
        ("Queues", "vs last workday", -2.5, '+0.0" points";-0.0" points";0.0" points"'),
        ("Queues", "Offered", 1017, "#,##0"),
        ("Queues", "Average handle", timedelta(seconds=311), "[h]:mm:ss"),
        ("Intervals", "Start", datetime(2026, 10, 21, 7, 0), "yyyy-mm-dd hh:mm"),
        ("Intervals", "UTC offset", "-04:00", "General"),
        ("Intervals", "Service level", 0.927, "0.0%"),
        ("Agents", "Adherence", 0.742, "0.0%"),
        ("Agents", "Off schedule", timedelta(hours=1, minutes=58), "[h]:mm"),
        ("Agents", "Late log-ins", 2, "#,##0"),
        ("Summary", "Value", 0.775, "0.0%"),
        ("Summary", "vs Wed avg", -5.9, '+0.0" points";-0.0" points";0.0" points"'),
    ],
)
def test_a_figure_is_a_number_in_its_unit(
    workbook: Workbook, sheet: str, header: str, value: object, number_format: str
) -> None:
    first = cells_under(workbook[sheet], header)[0]
    assert (first.value, first.number_format) == (value, number_format)


def test_a_change_against_an_average_of_fewer_days_is_shown(make_briefing: Callable[..., Briefing]) -> None:
    first, second, *other_tiles = make_briefing().tiles
    changes = tuple(
        dataclasses.replace(change, days=change.days[:2]) if change.kind == "weekday_average" else change
        for change in second.changes
    )
    tiles = (first, dataclasses.replace(second, changes=changes), *other_tiles)
    sheet = opened(xlsx.render(make_briefing(tiles=tiles)))["Summary"]
    assert None not in [cell.value for cell in cells_under(sheet, "vs Wed avg")][:2]


def test_a_change_against_other_days_than_the_headers_is_left_out(make_briefing: Callable[..., Briefing]) -> None:
    first, second, *other_tiles = make_briefing().tiles
    changes = tuple(dataclasses.replace(change, days=change.days[:1]) for change in second.changes)
    tiles = (first, dataclasses.replace(second, changes=changes), *other_tiles)
    sheet = opened(xlsx.render(make_briefing(tiles=tiles)))["Summary"]
    values = [cell.value for cell in cells_under(sheet, "vs Wed avg")]
    assert (values[0] is None, values[1] is None) == (False, True)


def test_every_queue_half_hour_and_agent_has_its_row(workbook: Workbook, briefing: Briefing) -> None:
    names = [cell.value for cell in cells_under(workbook["Queues"], "Queue")]
    assert names == [line.name for line in briefing.queues]
    assert len(cells_under(workbook["Intervals"], "Start")) == len(briefing.half_hours)
    assert [cell.value for cell in cells_under(workbook["Agents"], "Agent")] == [line.name for line in briefing.agents]


def test_no_data_is_a_blank_cell_and_never_zero(make_briefing: Callable[..., Briefing]) -> None:
    unknown = Reading(Metric.SERVICE_LEVEL, None, Status.NO_DATA, 0.8, "the source does not say")
    sample = make_briefing()
    line = dataclasses.replace(
        sample.queues[0], counts=NOTHING, service_level=unknown, abandonment=None, change=None, occupancy=None
    )
    sheet = opened(xlsx.render(make_briefing(queues=(line,))))["Queues"]
    row = [cell.value for cell in sheet[2]]
    assert row == [line.name, "No data", None, 0.8, *[None] * 9]


def test_cells_hold_what_they_show_rounded_half_up(make_briefing: Callable[..., Briefing]) -> None:
    sample = make_briefing()
    counts = dataclasses.replace(sample.queues[0].counts, average_handle_ms=311_499.7)
    line = dataclasses.replace(sample.queues[0], counts=counts, abandonment=Ratio(1 / 3))
    sheet = opened(xlsx.render(make_briefing(queues=(line,))))["Queues"]
    assert cells_under(sheet, "Abandonment")[0].value == 0.333
    assert cells_under(sheet, "Average handle")[0].value == timedelta(seconds=311)


def test_the_repeated_hour_in_autumn_is_distinguished_by_its_offset(
    make_briefing: Callable[..., Briefing],
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    halves = tuple(HalfHour(twice.replace(fold=fold), NOTHING, None) for fold in (0, 1))
    sheet = opened(xlsx.render(make_briefing(half_hours=halves)))["Intervals"]
    assert [cell.value for cell in cells_under(sheet, "Start")] == [datetime(2026, 10, 25, 2, 30)] * 2
    assert [cell.value for cell in cells_under(sheet, "UTC offset")] == ["+02:00", "+01:00"]


def test_the_trend_ends_on_the_day_itself(workbook: Workbook, briefing: Briefing) -> None:
    trend = briefing.tiles[0].trend
    assert cells_under(workbook["Summary"], "−9")[0].value == trend[0]
    assert cells_under(workbook["Summary"], "Wed 21")[0].value == trend[-1]


def test_about_gives_the_window_with_its_offsets(workbook: Workbook) -> None:
    texts = {row[0].value: row[1].value for row in workbook["About"].iter_rows()}
    assert texts["Window from"] == "2026-10-21T00:00:00-04:00"
    assert texts["Window to (exclusive)"] == "2026-10-22T00:00:00-04:00"
    assert texts["Time zone"] == "America/New_York"
    assert texts["queues"] == "7f3c1e"
    assert texts["Service level"] == "answered within 20 s ÷ (answered + abandoned), as the source counts both"


def test_half_hours_of_every_medium_are_listed_and_named(make_briefing: Callable[..., Briefing]) -> None:
    day = with_media(make_briefing())
    voice, email = day.media
    day = dataclasses.replace(day, media=(voice, dataclasses.replace(email, half_hours=day.half_hours[3:5])))
    content = xlsx.render(day)
    sheet, halves = opened(content)["Intervals"], len(day.half_hours)
    assert [cell.value for cell in cells_under(sheet, "Medium")] == ["voice"] * halves + ["email"] * 2
    assert cells_under(sheet, "Goal")[-1].value == 0.9
    charts = [part for name, part in parts(content).items() if name.startswith("xl/charts/chart")]
    assert f"'Intervals'!$A$2:$A${halves + 1}<" in charts[0]


def test_a_change_that_rounds_to_nothing_is_zero_without_a_minus(make_briefing: Callable[..., Briefing]) -> None:
    day = make_briefing()
    line = dataclasses.replace(day.queues[0], change=Change("previous", (date(2026, 10, 20),), -0.0002))
    content = xlsx.render(make_briefing(queues=(line,)))
    assert cells_under(opened(content)["Queues"], "vs last workday")[0].value == 0
    assert not any("<v>-0.0</v>" in part for name, part in parts(content).items() if "sheet" in name)
