"""Figures that cannot be true are marked with their column and row."""

from __future__ import annotations

import io

import pytest

from tests.unit.genesys.reporting.conftest import AGENTS, ZONE, agents_in, csv_of, only_interval, order_of, queues_in
from worker.domain.rows import Queue
from worker.errors import MalformedAnswer
from worker.genesys.reporting.agent_rows import agent_rows
from worker.genesys.reporting.columns import COLUMNS
from worker.genesys.reporting.queue_rows import queue_rows
from worker.genesys.tables.columns import Statements, TableColumn
from worker.genesys.tables.table import Table

DAY = ("queueName", "offered", "answered", "abandoned")
HALF_HOURS = ("queueName", "intervalStart", "offered", "answered", "abandoned")
AVERAGES = (*DAY, "handled", "averageHandleSeconds", "averageAnswerSeconds")
RATES = (*DAY, "serviceLevel", "occupancy")
TEN_OF_EIGHTEEN = "has 18 contacts in the column answered, and 10 in the column offered"


def test_more_answered_than_offered_in_a_day_is_marked() -> None:
    rows = queues_in(csv_of(DAY, "Support,10,18,2"), DAY)
    assert [gap.kind for gap in rows.gaps] == ["partial"]
    assert f"The file, line 2: the queue 'Support' {TEN_OF_EIGHTEEN}" in rows.gaps[0].detail


def test_more_answered_than_offered_in_all_half_hours_is_marked() -> None:
    lines = ["Support,2026-11-16 09:00,5,8,1", "Support,2026-11-16 09:30,5,10,1"]
    rows = queues_in(csv_of(HALF_HOURS, *lines), HALF_HOURS)
    assert f"line 2 and the other half-hours: the queue 'Support' {TEN_OF_EIGHTEEN}" in rows.gaps[0].detail


@pytest.mark.parametrize(
    "lines",
    [
        ["Support,2026-11-16 09:00,5,3,1", "Support,2026-11-16 09:30,0,1,0"],
        ["Support,2026-11-16 00:00,0,3,0", "Support,2026-11-16 09:30,5,5,0"],
    ],
)
def test_contacts_answered_later_than_they_were_offered_are_true_data(lines: list[str]) -> None:
    assert queues_in(csv_of(HALF_HOURS, *lines), HALF_HOURS).gaps == ()


def test_emails_of_the_day_before_are_true_data() -> None:
    columns = (*DAY, "mediaType")
    content = csv_of(columns, "Support,10,18,0,email")
    assert queues_in(content, columns, media=["email"]).gaps == ()


@pytest.mark.parametrize("cell", ["900000", "86401", "1e9", "99:00:00"])
@pytest.mark.parametrize("column", ["averageHandleSeconds", "averageAnswerSeconds"])
def test_an_average_longer_than_the_day_is_unknown_and_marked(cell: str, column: str) -> None:
    averages = (cell, "20") if column == "averageHandleSeconds" else ("20", cell)
    rows = queues_in(csv_of(AVERAGES, f"Support,10,8,2,8,{','.join(averages)}"), AVERAGES)
    row = only_interval(rows)
    assert sorted((row.handle_ms or 0, row.answer_ms or 0)) == [0, 160_000]
    assert f"The file, line 2: '{cell}' in the column {column} is longer than the day" in rows.gaps[0].detail


def test_emails_may_wait_for_days_on_average() -> None:
    columns = ("queueName", "mediaType", "offered", "answered", "abandoned", "averageAnswerSeconds")
    lines = ["Support,email,10,8,0,172800"]
    rows = queues_in(csv_of(columns, *lines), columns, media=["email"])
    assert (only_interval(rows).answer_ms, rows.gaps) == (8 * 172_800_000, ())
    assert queues_in(csv_of(columns, "Support,email,10,8,0,900000"), columns, media=["email"]).gaps


LABELLED = ("Queue", "Offer", "Answer", "Abandon", "Handle", "AHT", "ASA")


def read_times(*cells: str, headers: tuple[str, ...] = LABELLED, durations: str | None = None):  # type: ignore[no-untyped-def]
    """Read rows of handle time and time to answer under headers that need not state a unit."""
    columns = [
        TableColumn(column, COLUMNS[column], (header,)) for column, header in zip(AVERAGES, headers, strict=True)
    ]
    lines = (f"Support,2,2,0,2,{pair}" for pair in cells)
    table = Table(io.BytesIO(csv_of(headers, *lines)), columns, "The file", ZONE, way_out="")
    return queue_rows(table, order_of(), [Queue("Support", "Support")], Statements(durations=durations))


@pytest.mark.parametrize(
    ("cells", "unknown"),
    [
        ("45000,8000", {"averageHandleSeconds", "averageAnswerSeconds"}),
        ("45000,400", {"averageHandleSeconds", "averageAnswerSeconds"}),
        (",8000", {"averageAnswerSeconds"}),
        ("240000,8000", {"averageAnswerSeconds"}),
        ("3.34,0.2", {"averageHandleSeconds", "averageAnswerSeconds"}),
        ("0.00231,0.0002", {"averageHandleSeconds", "averageAnswerSeconds"}),
    ],
)
def test_times_that_may_be_in_another_unit_are_not_known(cells: str, unknown: set[str]) -> None:
    rows = read_times(cells)
    assert (only_interval(rows).handle_ms, only_interval(rows).answer_ms) == (None, None)
    details = [gap.detail for gap in rows.gaps if "may be in another unit than seconds" in gap.detail]
    assert {column for column in unknown if any(column in detail for detail in details)} == unknown
    assert 'State "durations": "seconds", "milliseconds" or "minutes"' in details[0]


@pytest.mark.parametrize("cells", ["1800,1200", "300,20", "4000,3000", ",600"])
def test_a_usual_handle_time_says_that_times_are_seconds(cells: str) -> None:
    handle, answer = (float(cell or 0) for cell in cells.split(","))
    rows = read_times(cells)
    assert only_interval(rows).answer_ms == answer * 2000
    assert only_interval(rows).handle_ms == (handle * 2000 or None)


@pytest.mark.parametrize(
    ("headers", "durations", "handle_ms"),
    [
        (("AHT", "ASA"), "milliseconds", 90_000),
        (("AHT", "ASA"), "seconds", 90_000_000),
        (("AHT (ms)", "ASA (ms)"), "minutes", 90_000),
        (("AHT (ms)", "ASA (ms)"), None, 90_000),
        (("AHT (s)", "ASA [sec]"), None, 90_000_000),
        (("AHT (ms)", "ASA (ms)"), "seconds", 90_000),
    ],
)
def test_the_header_or_the_definition_states_the_unit_of_times(
    headers: tuple[str, str], durations: str | None, handle_ms: int
) -> None:
    rows = read_times("45000,8000", headers=(*LABELLED[:5], *headers), durations=durations)
    assert (only_interval(rows).handle_ms, rows.gaps) == (handle_ms, ())


def test_times_with_colons_state_their_own_unit() -> None:
    rows = read_times("2:30:00,0:20:00")
    assert (only_interval(rows).handle_ms, rows.gaps) == (18_000_000, ())


@pytest.mark.parametrize("cell", ["NaN", "inf", "-inf", "#DIV/0!"])
def test_a_rate_without_a_figure_beside_contacts_is_marked(cell: str) -> None:
    rows = queues_in(csv_of(RATES, "Billing,9,9,0,80,70", f"Support,10,8,2,{cell},80"), RATES, ["Support", "Billing"])
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [("unavailable", "service_level")]
    assert f"The file, line 3: {cell!r} in the column serviceLevel is no figure" in rows.gaps[0].detail


def test_a_rate_without_a_figure_in_a_file_without_counts_is_marked() -> None:
    columns = ("queueName", "serviceLevel", "occupancy")
    rows = queues_in(csv_of(columns, "Support,NaN,80"), columns)
    assert [gap.metric for gap in rows.gaps] == ["service_level"]


def test_a_rate_without_a_figure_in_a_row_without_contacts_is_no_gap() -> None:
    assert queues_in(csv_of(RATES, "Support,0,0,0,#DIV/0!,NaN"), RATES).gaps == ()


def test_a_rate_without_a_figure_that_counts_replace_is_no_gap() -> None:
    columns = (*DAY, "abandonmentRate")
    assert queues_in(csv_of(columns, "Support,10,8,2,NaN"), columns).gaps == ()


def test_half_hours_in_which_contacts_are_only_answered_late_or_only_end_are_kept() -> None:
    columns = (*HALF_HOURS, "answeredInServiceLevel", "handled", "averageHandleSeconds", "averageAnswerSeconds")
    cells = ("09:00,3,0,0,0,0,,", "09:30,0,3,0,0,0,,90", "10:00,0,0,0,0,3,240,")
    rows = queues_in(csv_of(columns, *(f"Support,2026-11-16 {line}" for line in cells)), columns)
    offered, answered, handled = rows.intervals
    assert (offered.offered, offered.answered, offered.answered_late) == (3, 0, 0)
    assert (answered.offered, answered.answered, answered.answered_late) == (0, 3, 3)
    assert (answered.service_level_numerator, answered.service_level_denominator) == (0, 3)
    assert (handled.offered, handled.handled, handled.handle_ms) == (0, 3, 720_000)
    assert rows.gaps == ()


def test_a_date_without_a_time_is_the_day_and_no_half_hour() -> None:
    rows = queues_in(csv_of(HALF_HOURS, "Support,2026-11-16,10,8,2"), HALF_HOURS)
    assert [row.start for row in rows.intervals] == [None]
    with pytest.raises(MalformedAnswer, match="'2026-11-15' is not in the window"):
        queues_in(csv_of(HALF_HOURS, "Support,2026-11-15,10,8,2"), HALF_HOURS)


def test_more_than_ten_abandons_for_each_offer_are_unknown_and_marked() -> None:
    columns = ("queueName", "abandonmentRate", "occupancy")
    rows = queues_in(csv_of(columns, "Support,2500,78"), columns)
    assert only_interval(rows).stated == {"occupancy": 0.78}
    assert "'2500' in the column abandonmentRate is more than 1000 %" in rows.gaps[0].detail


def test_the_definition_states_the_unit_of_agents_times() -> None:
    columns = [TableColumn(name, COLUMNS[name], (header,)) for name, header in zip(AGENTS, "ABCDE", strict=True)]
    content = csv_of("ABCDE", "Ana,3600000,0,60000,28800000")
    table = Table(io.BytesIO(content), columns, "The file", ZONE, way_out="")
    (ana,) = agent_rows(table, order_of(), Statements(durations="milliseconds")).agents
    assert (ana.interacting_ms, ana.idle_ms, ana.scheduled_seconds) == (3_600_000, 60_000, 28_800)


def test_half_hours_of_an_agent_that_exceed_the_day_together_are_refused() -> None:
    columns = ("agentName", "intervalStart", "idleSeconds")
    lines = [f"Ana,2026-11-16 {9 + number}:00,60000" for number in (1, 2)]
    with pytest.raises(MalformedAnswer, match="may be milliseconds"):
        agents_in(csv_of(columns, *lines), columns)


@pytest.mark.parametrize("line", ["Ana,60,1,30,480", "Ana,1,0.02,0.5,8"])
def test_agents_times_that_may_be_minutes_or_hours_are_not_known(line: str) -> None:
    columns = [TableColumn(name, COLUMNS[name], (header,)) for name, header in zip(AGENTS, "ABCDE", strict=True)]
    table = Table(io.BytesIO(csv_of("ABCDE", line)), columns, "The file", ZONE, way_out="")
    rows = agent_rows(table, order_of(), Statements())
    (ana,) = rows.agents
    assert (ana.interacting_ms, ana.idle_ms, ana.scheduled_seconds) == (None, None, None)
    assert [gap.metric for gap in rows.gaps] == ["occupancy"] * 3 + ["adherence"]
    assert agent_rows(table, order_of(), Statements(durations="minutes")).gaps == ()


def test_an_agent_twice_with_the_same_figures_is_refused() -> None:
    with pytest.raises(MalformedAnswer, match="line 4: the agent 'Ana' occurs twice with the same figures"):
        agents_in(csv_of(AGENTS, "Ana,3600,0,60,28800", "Bo,60,0,60,28800", "Ana,3600,0,60,28800"))


@pytest.mark.parametrize(
    ("column", "cell"), [("averageHandleSeconds", "0.00347222"), ("averageAnswerSeconds", "0.00023148")]
)
def test_averages_in_days_are_not_known_although_the_header_says_seconds(column: str, cell: str) -> None:
    columns = ("queueName", "offered", "answered", "abandoned", "handled", column)
    rows = queues_in(csv_of(columns, f"Support,10,10,0,10,{cell}"), columns)
    assert [(row.handle_ms, row.answer_ms) for row in rows.intervals] == [(None, None)]
    assert [gap.text for gap in rows.gaps] == ["UNIT_UNDECIDED"]


def test_times_of_agents_in_days_are_not_known_although_the_header_says_seconds() -> None:
    rows = agents_in(csv_of(AGENTS, "Ana,0.25,0,0.0625,0.333"))
    assert [(agent.interacting_ms, agent.scheduled_seconds) for agent in rows.agents] == [(None, None)]
    assert {gap.text for gap in rows.gaps} == {"UNIT_UNDECIDED"}
