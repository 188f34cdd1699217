"""Percentages are read at the scale that the order's own rows prove, column by column, or refused."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from tests.unit.genesys.reporting.conftest import COUNTS, GUIDE, agents_in, csv_of, only_interval, queues_in, sheet_of
from worker.errors import MalformedAnswer
from worker.genesys.tables.columns import Scale, Statements

FRACTIONS = "Support,0.85,0.04,0.78"


def formatted(columns: tuple[str, str], value: float, number_format: str) -> bytes:
    """A workbook with one percentage in this number format."""
    book = load_workbook(io.BytesIO(sheet_of(columns, ["Support", value])))
    book.active.cell(2, 2).number_format = number_format
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def rates(*lines: str, columns: tuple[str, ...] = GUIDE, scale: Scale | None = None) -> dict[str, float]:
    return dict(only_interval(queues_in(csv_of(columns, *lines), columns, statements=Statements(scale))).stated)


@pytest.mark.parametrize("foreign", ["Night desk,0,1.25,0.4", "Total,0.8,1.02,0.7", "Night desk,85,4,78"])
def test_rows_of_other_queues_do_not_decide_the_scale(foreign: str) -> None:
    expected = pytest.approx({"service_level": 0.85, "abandonment": 0.04, "occupancy": 0.78})
    assert rates(FRACTIONS, foreign, scale="fraction") == expected
    assert rates(foreign, FRACTIONS, scale="fraction") == expected


def test_a_foreign_row_does_not_decide_that_fractions_are_percentages() -> None:
    with pytest.raises(MalformedAnswer, match=r"'0.85' \(line 2\) in the column serviceLevel could be a fraction"):
        rates(FRACTIONS, "Night desk,85,4,78")


def test_percentages_of_the_guides_columns_are_read() -> None:
    expected = pytest.approx({"service_level": 0.85, "abandonment": 0.04, "occupancy": 0.78})
    assert rates("Support,85,4,78") == expected
    assert rates("Support,85%,4 %,78％") == expected


def test_fractions_beside_a_column_of_percentages_are_unknown_with_a_gap() -> None:
    rows = queues_in(csv_of(GUIDE, "Support,0.85,0.04,78"), GUIDE)
    assert only_interval(rows).stated == pytest.approx({"occupancy": 0.78})
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [
        ("unavailable", "service_level"),
        ("unavailable", "abandonment"),
    ]
    assert "'0.85' (line 2) in the column serviceLevel could be a fraction or a percentage" in rows.gaps[0].detail
    assert rows.gaps[0].detail.endswith('State "scale": "percent" or "scale": "fraction" in the report definition.')


@pytest.mark.parametrize("cell", ["0.5", "0.85", "0.04", "1", "1.00", "0,5"])
def test_a_service_level_of_at_most_one_is_ambiguous_by_itself(cell: str) -> None:
    columns = ("queueName", "serviceLevel")
    content = csv_of(columns, f"Support;{cell}", delimiter=";")
    with pytest.raises(MalformedAnswer, match=r'serviceLevel could be a fraction.*State "scale"'):
        queues_in(content.replace(b"queueName,", b"queueName;"), columns)
    assert only_interval(queues_in(content, columns, statements=Statements("fraction"))).stated["service_level"] <= 1
    percent = only_interval(queues_in(content, columns, statements=Statements("percent"))).stated["service_level"]
    assert percent <= 0.01


def test_an_ambiguous_occupancy_beside_known_counts_is_a_gap() -> None:
    columns = ("queueName", "offered", "answered", "abandoned", "occupancy")
    rows = queues_in(csv_of(columns, "Support,10,8,2,0.78"), columns)
    assert (only_interval(rows).offered, only_interval(rows).stated) == (10, {})
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [("unavailable", "occupancy")]


def test_a_column_that_counts_prove_to_be_fractions_decides_the_others() -> None:
    columns = (*COUNTS, "serviceLevel", "occupancy")
    rows = queues_in(csv_of(columns, "Support,10,8,6,2,0.6,0.78"), columns)
    assert only_interval(rows).stated == {"occupancy": 0.78}
    assert rows.gaps == ()


@pytest.mark.parametrize("cell", ["0.8", "1", "0.10"])
def test_a_service_level_of_less_than_one_contact_is_a_fraction(cell: str) -> None:
    columns = ("queueName", "offered", "answered", "abandoned", "serviceLevel")
    row = only_interval(queues_in(csv_of(columns, f"Support,10,8,2,{cell}"), columns))
    assert row.stated["service_level"] == float(cell)


def test_a_service_level_of_a_whole_contact_among_many_is_ambiguous() -> None:
    columns = ("queueName", "offered", "answered", "abandoned", "serviceLevel")
    rows = queues_in(csv_of(columns, "Support,500,480,20,0.8"), columns)
    assert [gap.metric for gap in rows.gaps] == ["service_level"]


def test_a_low_abandonment_rate_beside_percentages_is_a_percentage() -> None:
    assert rates("Support,85,0.8,78")["abandonment"] == pytest.approx(0.008)


def test_one_value_above_one_decides_a_column() -> None:
    columns = ("queueName", "intervalStart", "occupancy")
    lines = ["Support,2026-11-16 09:00,78", "Support,2026-11-16 09:30,0"]
    rows = queues_in(csv_of(columns, *lines), columns)
    assert [row.stated["occupancy"] for row in rows.intervals] == pytest.approx([0.78, 0])


def test_ambiguous_percentages_of_agents_are_not_shown_and_refuse_nothing() -> None:
    columns = ("agentName", "idleSeconds", "adherence")
    rows = agents_in(csv_of(columns, "Ana,60,0.95"), columns)
    assert [agent.idle_ms for agent in rows.agents] == [60_000]


@pytest.mark.parametrize("cell", ["0.8", "0.04", "1", "1.2"])
def test_a_lone_abandonment_rate_that_could_be_either_is_refused(cell: str) -> None:
    with pytest.raises(MalformedAnswer, match=r'abandonmentRate.*State "scale": "percent" or "scale": "fraction"'):
        rates(f"Support,{cell}", columns=("queueName", "abandonmentRate"))


@pytest.mark.parametrize(("scale", "expected"), [("percent", 0.008), ("fraction", 0.8)])
def test_a_definition_may_state_the_scale(scale: Scale, expected: float) -> None:
    abandonment = rates("Support,0.8", columns=("queueName", "abandonmentRate"), scale=scale)
    assert abandonment == pytest.approx({"abandonment": expected})


def test_a_lone_abandonment_rate_of_zero_is_zero_at_any_scale() -> None:
    assert rates("Support,0", columns=("queueName", "abandonmentRate")) == {"abandonment": 0.0}


def test_a_stated_fraction_of_85_is_a_contradiction() -> None:
    with pytest.raises(MalformedAnswer, match=r"'85' \(line 2\) in the column serviceLevel contradicts"):
        rates("Support,85,0.04,0.78", scale="fraction")


@pytest.mark.parametrize(("cell", "expected"), [("0.8", 0.008), ("80", 0.8)])
def test_counts_beside_a_rate_decide_its_scale(cell: str, expected: float) -> None:
    columns = ("queueName", "offered", "abandoned", "abandonmentRate", "serviceLevel")
    line = f"Support,1000,{1000 * expected:.0f},{cell},20"
    assert rates(line, columns=columns)["service_level"] == pytest.approx(0.2)


def test_more_abandons_than_offers_are_true_data() -> None:
    columns = ("queueName", "intervalStart", "offered", "abandoned", "abandonmentRate")
    lines = [f"Support,2026-11-16 09:{minute},{cells}" for minute, cells in (("00", "4,5,1.25"), ("30", "10,1,0.1"))]
    rows = queues_in(csv_of(columns, *lines), columns)
    assert [(row.offered, row.abandoned) for row in rows.intervals] == [(4, 5), (10, 1)]
    assert rows.gaps == ()


def test_more_abandons_than_offers_may_be_a_percentage_above_100() -> None:
    assert rates("Support,85%,125%,78%")["abandonment"] == pytest.approx(1.25)
    assert rates("Support,0.85,1.25,0.78", scale="fraction")["abandonment"] == pytest.approx(1.25)


def test_a_rate_far_from_the_counts_beside_it_is_refused_with_both_cells() -> None:
    columns = ("queueName", "offered", "abandoned", "abandonmentRate")
    with pytest.raises(MalformedAnswer, match=r"'40' \(line 2\).*contradicts 1 abandoned of 100 offered"):
        rates("Support,100,1,40", columns=columns)


def test_two_scales_in_one_column_are_refused_with_both_cells() -> None:
    columns = ("queueName", "intervalStart", "serviceLevel")
    lines = ["Support,2026-11-16 09:00,0.85", "Support,2026-11-16 09:30,78"]
    with pytest.raises(MalformedAnswer, match=r"'0.85' \(line 2\).*contradicts '78' \(line 3\) in the same column"):
        queues_in(csv_of(columns, *lines), columns)


def test_counts_that_prove_two_scales_in_one_column_are_refused() -> None:
    columns = ("queueName", "intervalStart", "offered", "abandoned", "abandonmentRate")
    lines = ["Support,2026-11-16 09:00,10,2,0.2", "Support,2026-11-16 09:30,10,2,20"]
    with pytest.raises(MalformedAnswer, match=r"'0.2' \(line 2\).*contradicts '20' \(line 3\)"):
        queues_in(csv_of(columns, *lines), columns)


def test_an_impossible_service_level_is_unknown_and_reported() -> None:
    rows = queues_in(csv_of(GUIDE, "Support,125%,4%,78%"), GUIDE)
    assert only_interval(rows).stated == pytest.approx({"abandonment": 0.04, "occupancy": 0.78})
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [("unavailable", "service_level")]
    assert "line 2: '125%' in the column serviceLevel is more than 100 %" in rows.gaps[0].detail


@pytest.mark.parametrize("cell", ["NaN", "#DIV/0!", "#N/A", "-", "–", "n/a", "NULL", "∞", "#WERT!", ""])
def test_a_cell_without_a_figure_loses_only_this_figure(cell: str) -> None:
    assert rates(f"Support,{cell},4%,78%") == pytest.approx({"abandonment": 0.04, "occupancy": 0.78})


@pytest.mark.parametrize("cell", ["good", "-5", "1e400", "8 of 10", "85 % of 90", "0x55"])
def test_a_cell_that_makes_no_sense_refuses_the_file(cell: str) -> None:
    with pytest.raises(MalformedAnswer, match=r"line 2: .* makes no sense in the column serviceLevel \(percent\)"):
        rates(f"Support,{cell},4,78")


@pytest.mark.parametrize(
    ("number_format", "value", "expected"),
    [
        ("0.0%", 0.8, 0.8),
        ('0.0"%"', 80, 0.8),
        (r"0.0\%", 80, 0.8),
        ('0.0" %"', 80, 0.8),
        ("[Red]0%;[Blue]-0%", 0.8, 0.8),
        ("0.00%", 0.785, 0.785),
    ],
)
def test_only_a_scaling_percent_format_decides_the_scale(number_format: str, value: float, expected: float) -> None:
    columns = ("queueName", "serviceLevel")
    content = formatted(columns, value, number_format)
    assert only_interval(queues_in(content, columns)).stated["service_level"] == pytest.approx(expected)


@pytest.mark.parametrize("column", ["abandonmentRate", "serviceLevel"])
@pytest.mark.parametrize("number_format", ['0.0"%"', r"0.0\%", "0.0_%", "General"])
def test_a_literal_percent_sign_leaves_a_rate_of_0_8_ambiguous(column: str, number_format: str) -> None:
    columns = ("queueName", column)
    with pytest.raises(MalformedAnswer, match="could be a fraction or a percentage"):
        queues_in(formatted(columns, 0.8, number_format), columns)


def test_the_counts_of_the_guide_are_not_checked_against_other_formulas() -> None:
    columns = (*COUNTS, "serviceLevel", "abandonmentRate")
    row = only_interval(queues_in(csv_of(columns, "Support,100,90,70,10,0.78,0.06"), columns))
    assert (row.service_level_numerator, row.service_level_denominator, row.stated) == (70, 100, {})


@pytest.mark.parametrize("cell", ["0.9", "90"])
def test_a_service_level_without_abandons_in_its_denominator_is_no_contradiction(cell: str) -> None:
    columns = (*COUNTS, "serviceLevel")
    row = only_interval(queues_in(csv_of(columns, f"Support,100,10,9,90,{cell}"), columns))
    assert (row.service_level_numerator, row.service_level_denominator) == (9, 100)
