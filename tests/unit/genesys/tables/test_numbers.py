"""A column writes its numbers in one manner, which reads all of its cells, or it is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.genesys.reporting.conftest import ZONE, csv_of, queues_in, sheet_of
from worker.errors import MalformedAnswer
from worker.genesys.tables import numbers
from worker.genesys.tables.columns import Kind, TableColumn
from worker.genesys.tables.figures import Figures
from worker.genesys.tables.numbers import Manner, Undecided
from worker.genesys.tables.table import Table

COLUMNS = ("queueName", "intervalStart", "answered", "averageAnswerSeconds")


def averages(*cells: str, delimiter: str = ",", answered: str = "1") -> list[float | None]:
    lines = [
        delimiter.join(["Support", f"2026-11-16 {9 + number:02}:00", answered, f'"{cell}"'])
        for number, cell in enumerate(cells)
    ]
    rows = queues_in(csv_of(COLUMNS, *lines, delimiter=delimiter), COLUMNS)
    return [None if row.answer_ms is None else row.answer_ms / 1000 for row in rows.intervals]


def test_thousands_and_decimals_of_one_column_are_told_apart() -> None:
    assert averages("987.5", "1,234.5", "1,234") == [987.5, 1234.5, 1234.0]
    assert averages("987,5", "1.234,5", "1.234", delimiter=";") == [987.5, 1234.5, 1234.0]


@pytest.mark.parametrize(
    ("cells", "delimiter", "expected"),
    [
        (["80,000"], ",", [80_000.0]),
        (["1.234"], ",", [1.234]),
        (["1,234"], ";", [1.234]),
        (["87,5"], ",", [87.5]),
        (["12 345,5", "1 000"], ";", [12345.5, 1000.0]),
        (["12'345.5"], ",", [12345.5]),
        (["0.813"], ";", [0.813]),
        (["00:01:30", "1:00:00.5"], ",", [90.0, 3600.5]),
        (["90", "00:01:30"], ",", [90.0, 90.0]),
        (["1.5e2"], ",", [150.0]),
        ([".5"], ",", [0.5]),
        (["PT3M20S", "PT1H", "PT0.5S"], ",", [200.0, 3600.0, 0.5]),
        (["3m 20s", "1h 02m 03s", "200 s", "1d 0h", "2 min", "45S"], ",", [200.0, 3723.0, 200.0, 86400.0, 120.0, 45.0]),
        (["P0DT0H3M20.5S", "P0DT1H"], ",", [200.5, 3600.0]),
        (["1,5s"], ";", [1.5]),
        (["00:03:20.000", "0.02:03:04"], ",", [200.0, 7384.0]),
        (["1\u2009234", "1\u202f234,5"], ";", [1234.0, 1234.5]),
    ],
)
def test_a_duration_is_read_in_the_manner_of_its_column(
    cells: list[str], delimiter: str, expected: list[float]
) -> None:
    assert averages(*cells, delimiter=delimiter) == expected


@pytest.mark.parametrize(
    ("header", "cell", "seconds"),
    [
        ("ASA (ms)", "20000", 20),
        ("ASA ms", "20000", 20),
        ("Answer time [min]", "3.5", 210),
        ("Handle (h)", "0.5", 1800),
        ("ASA (s)", "20", 20),
        ("ASA (voice)", "20", 20),
        ("ASA (ms)", "0:00:20", 20),
        ("ASA min", "20", 20),
    ],
)
def test_a_unit_in_the_header_is_respected(header: str, cell: str, seconds: float) -> None:
    columns = [TableColumn("averageAnswerSeconds", "seconds", (header,)), TableColumn("queueName", "text", ("Queue",))]
    content = csv_of(["Queue", header], f"Support,{cell}")
    table = Table(io.BytesIO(content), columns, "The file", ZONE, way_out="")
    (row,) = table.rows()
    assert Figures(table, [row]).value(row, "averageAnswerSeconds") == pytest.approx(seconds)


@pytest.mark.parametrize("cell", ["3:20", "200 ms", "3m 20", "m", "PT", "PT3D", "1.2:03:04", "20s 3m", "3 minutes"])
def test_a_duration_that_could_be_misread_is_refused_with_the_way_out(cell: str) -> None:
    with pytest.raises(
        MalformedAnswer, match=r"\(seconds\)\. Have the report give durations in seconds, or as h:mm:ss"
    ):
        averages(cell)


def test_a_number_with_an_exponent_has_no_groups() -> None:
    assert numbers.parse("1,234E+03", "count", Manner.POINT) is None
    assert numbers.parse("1,234E+03", "count", Manner.COMMA) == 1234.0


def test_groups_of_two_digits_are_read_as_in_india() -> None:
    assert numbers.parse("1,23,456.5", "seconds", Manner.POINT) == 123_456.5


def test_two_manners_in_one_column_are_refused_with_both_cells() -> None:
    with pytest.raises(MalformedAnswer, match=r"writes numbers in two ways, '1,234.5' and '1.234,5'"):
        averages("1,234.5", "1.234,5")


def test_a_cell_that_could_be_either_is_refused_where_nothing_decides_it() -> None:
    with pytest.raises(MalformedAnswer, match=r"'1.234' in the column averageAnswerSeconds could have a decimal sign"):
        averages("1.234", delimiter=";")


def test_another_column_of_the_file_decides_an_ambiguous_one() -> None:
    columns = (*COLUMNS, "handled", "averageHandleSeconds")
    line = "Support;2026-11-16 09:00;1;1.234;1;{}"
    for cell, expected in (("98.5", 1234), ("98,5", 1_234_000)):
        rows = queues_in(csv_of(columns, line.format(cell), delimiter=";"), columns)
        assert [row.answer_ms for row in rows.intervals] == [expected]


@pytest.mark.parametrize(
    ("cell", "delimiter", "expected"),
    [("1,234", ",", 1234), ("1.234", ";", 1234), ("1.234", ",", 1234), ("12.0", ",", 12), ("1 234", "\t", 1234)],
)
def test_a_count_has_no_fractions(cell: str, delimiter: str, expected: int) -> None:
    columns = ("queueName", "offered")
    line = f'Support{delimiter}"{cell}"'
    (row,) = queues_in(csv_of(columns, line, delimiter=delimiter), columns).intervals
    assert row.offered == expected


@pytest.mark.parametrize("cell", ["1.5", "-3", "many", "1,2,3", "12,34", "1:30", "0x10", "٣٫٥"])
def test_a_cell_that_is_no_count_is_refused_with_its_place(cell: str) -> None:
    with pytest.raises(MalformedAnswer, match=r"The file, line 2: .* makes no sense in the column offered \(count\)"):
        queues_in(csv_of(("queueName", "offered"), f'Support,"{cell}"'), ("queueName", "offered"))


def test_rows_of_other_queues_do_not_decide_the_manner() -> None:
    columns = ("queueName", "offered")
    (row,) = queues_in(csv_of(columns, 'Night desk,"1.234,5"', 'Support,"1,234"'), columns).intervals
    assert row.offered == 1234


def test_a_number_of_a_workbook_has_no_manner() -> None:
    columns = ("queueName", "answered", "averageAnswerSeconds")
    (row,) = queues_in(sheet_of(columns, ["Support", 1, 1.234]), columns).intervals
    assert row.answer_ms == 1234


def test_a_large_number_of_a_workbook_is_read() -> None:
    columns = ("queueName", "offered")
    (row,) = queues_in(sheet_of(columns, ["Support", 12345678.0]), columns).intervals
    assert row.offered == 12_345_678


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=12), max_size=4))
def test_any_text_is_read_or_stays_undecided(cells: list[str]) -> None:
    for kind in ("count", "percent", "seconds", "milliseconds"):
        choice = numbers.choose_manner(cells, kind)
        assert choice is None or isinstance(choice, Manner | Undecided)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**8))
def test_every_count_survives_grouping(number: int) -> None:
    assert numbers.parse(f"{number:,}", "count", Manner.POINT) == number
    assert numbers.parse(f"{number:,}".replace(",", "."), "count", Manner.COMMA) == number


@pytest.mark.parametrize(
    ("text", "digits"), [("81", 0), ("81.25", 2), ("0,8125", 4), ("81.3 %", 1), ("", 0), ("1e-05", 0)]
)
def test_the_digits_after_the_decimal_sign_are_counted(text: str, digits: int) -> None:
    assert numbers.decimals(text) == digits


def test_thousands_are_told_from_decimals_by_counts_without_a_sign() -> None:
    columns = ("queueName", "offered", "answered")
    (row,) = queues_in(csv_of(columns, "Support,1.000,987"), columns).intervals
    assert (row.offered, row.answered) == (1000, 987)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_count_of_whole_thousands_is_refused_where_nothing_decides_it(delimiter: str) -> None:
    columns = ("queueName", "offered")
    with pytest.raises(MalformedAnswer, match=r"'1.000' in the column offered could have a decimal sign or thousands"):
        queues_in(csv_of(columns, f"Support{delimiter}1.000", delimiter=delimiter), columns)


def test_counts_that_contradict_the_decimals_beside_them_are_refused() -> None:
    columns = ("queueName", "offered", "answered", "averageAnswerSeconds")
    with pytest.raises(MalformedAnswer, match=r"'1.000' in the column offered could have a decimal sign"):
        queues_in(csv_of(columns, "Support,1.000,987,20.5"), columns)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 2 3", None),
        ("12 34", None),
        ("1 234", 1234),
        ("1'234'567", 1234567),
        ("'12", 12),
        ("+ 12", 12),
        (" 12 ", 12),
    ],
)
def test_spaces_and_apostrophes_stand_between_thousands_only(cell: str, value: float | None) -> None:
    assert numbers.parse(cell, "count", Manner.POINT) == value


@pytest.mark.parametrize(
    "cell",
    ["#SPILL!", "#GETTING_DATA", "#NV", "#ДЕЛ/0!", "#¡DIV/0!", "#N/D", "#ИМЯ?", "n.a.", "No data", "−"],
)
def test_error_values_in_any_language_are_no_figure(cell: str) -> None:
    assert numbers.is_no_figure(cell)


@pytest.mark.parametrize("cell", ["#1", "# 12", "#12", "#Support desk 2"])
def test_a_number_sign_alone_makes_no_error_value(cell: str) -> None:
    assert not numbers.is_no_figure(cell)


@pytest.mark.parametrize("cell", ["", " ", "\u3000", "\u00a0 \ufeff", "\u200b", "\t"])
def test_spaces_of_any_kind_are_blank(cell: str) -> None:
    assert numbers.is_blank(cell)


@pytest.mark.parametrize("kind", ["count", "percent", "seconds", "milliseconds"])
@pytest.mark.parametrize("text", ["1e308", "1e18", "1000000000000", "-5", "9" * 60])
def test_a_number_that_no_contact_centre_can_have_is_not_read(kind: Kind, text: str) -> None:
    assert numbers.parse(text, kind, Manner.POINT) is None


@pytest.mark.parametrize(
    "cell",
    [
        *("Err:502", "#VALUE", "#####", "k. A.", "k.A.", "n. v.", "N/D", "s/o", "N A", "(blank)", "(leer)"),
        *("keine Angabe", "Not available", "нет данных", "无"),
        *("--:--", "–:–", "---", "- -", "...", "…", "*", "-%"),
    ],
)
def test_words_and_signs_for_no_value_are_no_figure(cell: str) -> None:
    assert numbers.is_no_figure(cell)


@pytest.mark.parametrize("cell", ["", " ", "x", "<5", "Support", "Ana", "1 h", "Err", "Err:5", "keine Ahnung"])
def test_other_words_are_not_taken_for_no_value(cell: str) -> None:
    assert not numbers.is_no_figure(cell)
