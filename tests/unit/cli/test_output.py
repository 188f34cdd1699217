"""Tables and facts fit into the terminal, and no word is cut."""

from __future__ import annotations

import pytest

from worker.cli.output import column_widths, wrapped_lines

COLUMNS = ("Group", "To")
ROWS = [("support-emea\nSupport for Europe, Africa", "lead.emea@example.com\nslack ops-emea")]


def test_a_table_that_fits_has_its_natural_widths() -> None:
    assert column_widths(COLUMNS, ROWS, 80) == [len("Support for Europe, Africa"), len("lead.emea@example.com")]


@pytest.mark.parametrize("width", [48, 40, 36, 35])
def test_the_widest_column_is_narrowed_but_not_below_its_longest_word(width: int) -> None:
    widths = column_widths(COLUMNS, ROWS, width)
    assert widths is not None
    assert sum(widths) + 2 <= width
    assert widths[0] >= len("support-emea")
    assert widths[1] == len("lead.emea@example.com")


def test_a_letter_of_two_cells_counts_twice() -> None:
    rows = [("サポート 東京", "a@example.com")]
    assert column_widths(COLUMNS, rows, 80) == [13, 13]
    assert column_widths(COLUMNS, rows, 23) == [8, 13]
    assert column_widths(COLUMNS, rows, 22) is None


def test_a_table_that_would_cut_a_word_has_no_widths() -> None:
    assert column_widths(COLUMNS, ROWS, 34) is None


def test_a_long_line_is_wrapped_below_its_text_and_keeps_names_whole() -> None:
    line = "11-29 12:02:19  render  daily-standup-billing-2026-11-28.pdf has 31,112 bytes"
    assert wrapped_lines(line, 24, 60) == [
        "11-29 12:02:19  render  daily-standup-billing-2026-11-28.pdf",
        " " * 24 + "has 31,112 bytes",
    ]
    assert wrapped_lines("11-29 12:02:19  render  ", 24, 60) == ["11-29 12:02:19  render"]
