"""How the workbook is built: five sheets that are always there, filters, frozen headers, rules, charts, print."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from renderers import xlsx
from renderers.words import speak
from tests.unit.renderers.xlsx.conftest import opened, parts
from worker.domain.briefing.content import Briefing, Completeness, Correction, Counts, RevisedFigure
from worker.domain.groups import Language
from worker.domain.metrics import Ratio, Status
from worker.domain.rows import Gap

NO_COUNTS = Counts(0, 0, 0, 0, None, None)

ENDED = "($D2+$E2)"
COUNTED = f"IF(ABS($F2-{ENDED}*(1-$G2))<=0.0006*{ENDED},{ENDED},ROUND($F2/(1-$G2),0))"
BEYOND_CHANCE = f"IF(ISNUMBER($F2),BINOMDIST({COUNTED}-$F2,{COUNTED},$H2,TRUE)<0.05,TRUE)"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"agents": ()},
        {"queues": ()},
        {"half_hours": ()},
        {"insights": ()},
        {"tiles": ()},
        {"completeness": Completeness((), ())},
        {"counts": NO_COUNTS},
    ],
    ids=lambda changes: next(iter(changes), "everything there"),
)
def test_all_five_sheets_are_always_there_and_say_something(
    make_briefing: Callable[..., Briefing], changes: dict[str, Any]
) -> None:
    workbook = opened(xlsx.render(make_briefing(**changes)))
    assert tuple(workbook.sheetnames) == SHEETS
    assert all(sheet["A1"].value for sheet in workbook.worksheets)


EN = speak("en")
SHEETS = ("Summary", "Queues", "Intervals", "Agents", "About")


@pytest.mark.parametrize(
    ("changes", "sheet", "line"),
    [
        ({"agents": ()}, "Agents", "No agents on this day"),
        ({"queues": ()}, "Queues", "No queues on this day"),
        ({"half_hours": ()}, "Intervals", "No service level by half-hour. The source gives the whole day only."),
        ({"counts": NO_COUNTS}, "Queues", "No interactions recorded: check the source"),
        ({"counts": NO_COUNTS}, "Agents", "No interactions recorded: check the source"),
    ],
)
def test_a_sheet_without_rows_is_one_line_that_says_so(
    make_briefing: Callable[..., Briefing], changes: dict[str, Any], sheet: str, line: str
) -> None:
    cells = list(opened(xlsx.render(make_briefing(**changes)))[sheet].values)
    assert cells == [(line,)]


@pytest.mark.parametrize(
    ("sheet", "panes", "area"),
    [("Queues", "B2", "A1:M13"), ("Intervals", "C2", "A1:J29"), ("Agents", "B2", "A1:H47")],
)
def test_tables_have_filters_and_headers_that_stay(workbook: Workbook, sheet: str, panes: str, area: str) -> None:
    (table,) = workbook[sheet].tables.values()
    assert (workbook[sheet].freeze_panes, table.ref, table.autoFilter.ref) == (panes, area, area)
    assert workbook[sheet].print_title_rows == "$1:$1"


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_sheet_prints_landscape_and_one_page_wide(workbook: Workbook, sheet: str) -> None:
    setup = workbook[sheet].page_setup
    assert (setup.orientation, setup.fitToWidth) == ("landscape", 1)
    assert workbook[sheet].sheet_properties.pageSetUpPr.fitToPage


def test_about_prints_on_one_page_unless_a_correction_makes_it_too_long_to_read(
    workbook: Workbook, make_briefing: Callable[..., Briefing]
) -> None:
    changes = tuple(RevisedFigure("queue", line.name, 0.7, 0.8) for line in make_briefing().queues * 3)
    corrected = opened(xlsx.render(make_briefing(revision=2, correction=Correction(1, changes))))
    assert [book["About"].page_setup.fitToHeight for book in (workbook, corrected)] == [1, 0]


def test_a_row_is_as_high_as_its_wrapped_text(workbook: Workbook, make_briefing: Callable[..., Briefing]) -> None:
    many = tuple(f"Queue with a name of its own {number}" for number in range(9))
    agents = [dataclasses.replace(make_briefing().agents[0], queues=many[:count]) for count in (1, 3, 9)]
    sheet = opened(xlsx.render(make_briefing(agents=tuple(agents))))["Agents"]
    heights = [sheet.row_dimensions[row].height for row in (1, 2, 3, 4)]
    assert heights == [30, None, 45, 105]
    assert workbook["Summary"].row_dimensions[5].height is None
    assert workbook["Summary"].row_dimensions[11].height == 30


def test_numbers_have_no_indent_which_libreoffice_would_give_to_some_of_them_only(workbook: Workbook) -> None:
    indents = {
        cell.alignment.indent
        for sheet in ("Queues", "Intervals", "Agents")
        for row in workbook[sheet]["C2:F9"]
        for cell in row
    }
    assert indents == {0}


def test_status_words_and_levels_are_coloured_and_blank_cells_are_not(workbook: Workbook) -> None:
    formulas = {
        str(area.sqref): [rule.formula[0] for rule in area.rules if rule.formula]
        for area in workbook["Queues"].conditional_formatting
    }
    by_status = ['$B2="Missed"', '$B2="Just missed"', '$B2="On target"']
    assert formulas == {"B2:B13": by_status, "C2:C13": by_status, "F2:F13": []}
    under_goal = [
        rule.formula[0]
        for area in workbook["Intervals"].conditional_formatting
        for rule in area.rules
        if str(area.sqref) == "G2:G29"
    ]
    assert under_goal == [f"AND(ISNUMBER($G2),$G2<$H2,{BEYOND_CHANCE})", "AND(ISNUMBER($G2),$G2<$H2)"]


def test_a_half_hour_of_few_contacts_is_neither_coloured_nor_drawn_like_the_others(
    make_briefing: Callable[..., Briefing],
) -> None:
    first, second, *other_half_hours = make_briefing().half_hours
    thin = dataclasses.replace(second, is_thin=True)
    content = xlsx.render(make_briefing(half_hours=(first, thin, *other_half_hours)))
    rules = [
        rule.formula[0]
        for area in opened(content)["Intervals"].conditional_formatting
        for rule in area.rules
        if rule.formula and "ISNUMBER" in rule.formula[0]
    ]
    assert rules == [f'AND(ISNUMBER($G2),$K2="",$G2<$H2,{BEYOND_CHANCE})', 'AND(ISNUMBER($G2),$K2="",$G2<$H2)']
    chart = parts(content)["xl/charts/chart1.xml"]
    (point,) = chart.split("<dPt>")[1:]
    assert point.startswith('<idx val="1"')
    assert "C7D3E6" in point.split("</dPt>")[0]


def test_the_chart_stores_its_values_for_viewers_that_do_not_calculate(briefing: Briefing) -> None:
    chart = parts(xlsx.render(briefing))["xl/charts/chart1.xml"]
    assert chart.index("<barChart>") < chart.index("<lineChart>")
    assert "'Intervals'!$C$2:$C$29" in chart
    assert "'Intervals'!$G$2:$G$29" in chart
    assert chart.count('<ptCount val="28"') == 6
    assert '<auto val="0"' in chart
    assert "<v>0.52</v>" in chart


def test_a_half_hour_without_contacts_is_a_gap_in_the_line(briefing: Briefing) -> None:
    quiet = dataclasses.replace(briefing.half_hours[3], service_level=None)
    halves = (*briefing.half_hours[:3], quiet, *briefing.half_hours[4:])
    chart = parts(xlsx.render(dataclasses.replace(briefing, half_hours=halves)))["xl/charts/chart1.xml"]
    assert '<dispBlanksAs val="gap"' in chart
    levels = chart[chart.index("'Intervals'!$G$2") :].split("</numCache>")[0]
    assert levels.count("<pt ") == 27
    assert '<pt idx="3">' not in levels


def test_the_chart_says_in_words_what_it_shows(briefing: Briefing) -> None:
    drawing = parts(xlsx.render(briefing))["xl/drawings/drawing1.xml"]
    assert "9 of 28 half-hours were under target. Lowest in 11:00–12:30: 52% at 11:00." in drawing


def test_what_is_missing_is_listed_on_sheet_about(make_briefing: Callable[..., Briefing]) -> None:
    gap = Gap("partial", "2 of 3 divisions answered")
    book = opened(xlsx.render(make_briefing(completeness=Completeness((gap,), ()))))
    summary, about_sheet = book["Summary"], book["About"]
    assert summary["A3"].value.startswith("Incomplete data: no verdict")
    assert summary["A4"].value is None
    assert EN.gap(gap) in [cell.value for cell in about_sheet["B"]]


def test_a_correction_says_so(make_briefing: Callable[..., Briefing]) -> None:
    summary = opened(xlsx.render(make_briefing(revision=2)))["Summary"]
    assert summary["A2"].value == "Daily standup · Wednesday 21 October 2026 · Corrected, rev 2"


@pytest.mark.parametrize("language", ["en", "de"])
def test_sheet_about_explains_the_start_under_the_name_that_its_column_has(
    make_briefing: Callable[..., Briefing], language: Language
) -> None:
    book = opened(xlsx.render(make_briefing(language=language)))
    header = book.worksheets[2]["A1"].value
    assert header in [cell.value for cell in book.worksheets[-1]["A"]]


def test_the_axis_of_a_day_without_a_miss_has_a_length(make_briefing: Callable[..., Briefing]) -> None:
    not_judged = dataclasses.replace(make_briefing().tiles[0].reading, status=Status.NOT_JUDGED)
    tiles = (dataclasses.replace(make_briefing().tiles[0], reading=not_judged), *make_briefing().tiles[1:])
    halves = tuple(dataclasses.replace(half, service_level=Ratio(1.0)) for half in make_briefing().half_hours)
    chart = parts(xlsx.render(make_briefing(tiles=tiles, half_hours=halves)))["xl/charts/chart1.xml"]
    assert '<max val="1"/><min val="0.8"/>' in chart
