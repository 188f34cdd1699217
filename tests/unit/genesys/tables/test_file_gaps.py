"""A file that may be cut off is refused, proven to be whole, or reported as doubtful."""

from __future__ import annotations

import pytest

from tests.unit.genesys.reporting.conftest import AGENTS, agents_in, csv_of, queues_in
from worker.errors import MalformedAnswer
from worker.genesys.tables.columns import Statements

FIGURES = ("queueName", "offered", "answered", "abandoned", "handled", "averageHandleSeconds")


def gaps_of(content: bytes, columns: tuple[str, ...], queues: tuple[str, ...] = ("Support",)) -> list[str]:
    return [gap.detail for gap in queues_in(content, columns, queues=queues).gaps if gap.kind == "doubtful"]


def ending(column: str, *cells: str) -> list[str]:
    """The gaps of a file whose last cells are in this column, without a line break at the end."""
    columns = (*(name for name in FIGURES if name != column), column)
    counts = {"queueName": "Support", "offered": "12", "answered": "10", "abandoned": "2", "handled": "11"}
    counts["averageHandleSeconds"] = "0:05:00"
    lines = []
    for number, cell in enumerate(cells):
        row = {**counts, "queueName": "Support" if number == len(cells) - 1 else "Billing", column: cell}
        lines.append(",".join(row[name] for name in columns))
    content = csv_of(columns, *lines).removesuffix(b"\n")
    return gaps_of(content, columns, ("Support", "Billing"))


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("offered", ["12"]),
        ("answered", ["10"]),
        ("abandoned", ["2"]),
        ("handled", ["10"]),
        ("handled", ["0"]),
        ("handled", [""]),
        ("offered", ['"11"']),
        ("averageHandleSeconds", ["0:05:00"]),
        ("averageHandleSeconds", ["5m 20s"]),
        ("averageHandleSeconds", ["PT5M20S"]),
        ("averageHandleSeconds", ["310.25", "300.50"]),
        ("averageHandleSeconds", ["-"]),
    ],
)
def test_a_last_cell_that_something_proves_needs_no_line_break(column: str, cells: list[str]) -> None:
    assert ending(column, *cells) == []


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("handled", ["1"]),
        ("offered", ["1"]),
        ("averageHandleSeconds", ["310", "30"]),
        ("averageHandleSeconds", ["310.25", "300.5"]),
        ("averageHandleSeconds", ["5m 20s", "5m"]),
        ("averageHandleSeconds", ["0:05:00.25", "0:05:00"]),
    ],
)
def test_a_last_cell_that_nothing_proves_is_doubtful(column: str, cells: list[str]) -> None:
    (detail,) = ending(column, *cells)
    assert f"ends after '{cells[-1]}' in the column {column} (line {len(cells) + 1}) without a line break" in detail


def test_a_last_blank_cell_that_counts_as_zero_is_doubtful() -> None:
    columns = ("queueName", "offered", "answered", "abandoned")
    content = csv_of(columns, "Support,10,8,").removesuffix(b"\n")
    (gap,) = queues_in(content, columns, statements=Statements(blank="zero")).gaps
    assert (gap.kind, gap.text) == ("doubtful", "FILE_ENDS_IN_CELL")


def test_a_last_cell_of_another_group_is_of_no_concern() -> None:
    assert gaps_of(b"queueName,offered\nSupport,12\nForeign,1", ("queueName", "offered")) == []


def test_a_row_of_sums_proves_the_last_count() -> None:
    columns = ("queueName", "intervalStart", "answered", "offered")
    lines = ["Support,,10,15", "Support,2026-11-16T09:00,6,9", "Support,2026-11-16T09:30,4,6"]
    assert gaps_of(csv_of(columns, *lines).removesuffix(b"\n"), columns) == []


def test_a_file_that_ends_in_an_unknown_name_is_doubtful() -> None:
    (detail,) = gaps_of(b"offered,queueName\n12,Support\n10,Suppo", ("offered", "queueName"))
    assert "ends after 'Suppo' in the column queueName (line 3)" in detail


def test_a_last_instant_is_whole_if_it_is_as_long_as_the_others() -> None:
    columns = ("queueName", "offered", "intervalStart")
    whole = b"queueName,offered,intervalStart\nSupport,5,2026-11-16T09:00\nSupport,5,2026-11-16T09:30"
    assert gaps_of(whole, columns) == []
    (detail,) = gaps_of(whole.removesuffix(b":30").replace(b"09:00", b"08:00"), columns)
    assert "ends after '2026-11-16T09' in the column intervalStart" in detail


def test_a_last_line_with_a_queue_of_the_group_is_no_footer() -> None:
    columns = ("queueName", "offered", "answered", "abandoned")
    with pytest.raises(MalformedAnswer, match=r"line 3: fewer cells than the header has; the file may be cut off"):
        queues_in(csv_of(columns, "Support,10,8,2", "Billing,5"), columns, queues=("Support", "Billing"))


@pytest.mark.parametrize("text", ["Rows: 3", "Total records = 3", "3 rows", "Zeilen: 3", "Number of lines: 3"])
def test_a_file_with_fewer_rows_than_it_announces_is_doubtful(text: str) -> None:
    columns = ("queueName", "offered", "answered", "abandoned")
    expected = ["The file says that it has 3 rows, and has 1. It may be cut off: have the report exported again."]
    assert gaps_of(csv_of(columns, "Support,10,8,2", text), columns) == expected
    assert gaps_of(text.encode() + b"\n\n" + csv_of(columns, "Support,10,8,2"), columns) == expected


@pytest.mark.parametrize("text", ["Rows: 1", "Rows: 0", "Records of 17 November", "Support rows: 3"])
def test_other_numbers_in_a_footer_announce_nothing(text: str) -> None:
    columns = ("queueName", "offered", "answered", "abandoned")
    assert gaps_of(csv_of(columns, "Support,10,8,2", text), columns) == []


def test_a_short_last_row_of_an_agent_is_named() -> None:
    rows = agents_in(csv_of(AGENTS, "Ana,10000,0,5000,28800", "Bo,9000"))
    assert [agent.name for agent in rows.agents] == ["Ana"]
    (gap,) = rows.gaps
    assert (gap.kind, gap.detail[:71]) == (
        "doubtful",
        "The file, line 3: the row 'Bo' has fewer cells than the header, and is ",
    )
    assert agents_in(csv_of(AGENTS, "Ana,10000,0,5000,28800", "Agents:,1")).gaps == ()


def test_the_last_time_of_an_agent_without_a_line_break_is_doubtful() -> None:
    rows = agents_in(csv_of(AGENTS, "Ana,10000,0,5000,28800").removesuffix(b"00\n"))
    assert [gap.text for gap in rows.gaps] == ["FILE_ENDS_IN_CELL"]
