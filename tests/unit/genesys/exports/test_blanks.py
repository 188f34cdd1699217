"""A blank count of an export is 0, unless the cells beside it say otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.genesys.exports.conftest import ORDER, QUEUE_HEADER, line, table
from worker.genesys.exports.rows import QueueRows, queue_intervals


def read(header: str, *lines: str, media: str = "voice") -> QueueRows:
    starts = (f"11/16/26 {9 + number:02}:00 AM" for number in range(len(lines)))
    text = "".join(line(start, "q1", figures, media) for start, figures in zip(starts, lines, strict=True))
    return queue_intervals(table(f"{QUEUE_HEADER}{header}\n{text}"), replace(ORDER, media=(media,)), {"q1"})


@pytest.mark.parametrize(
    ("header", "figures", "column"),
    [
        ("Offer,Answer,Abandon,ASA", "12,,2,20000", "answered"),
        ("Offer,Answer,Abandon,Service Level %", "12,,2,0.8", "answered"),
        ("Offer,Answer,Abandon,Handle,Avg Handle", "12,10,2,,300000", "handled"),
    ],
)
def test_a_blank_count_beside_a_figure_of_its_contacts_is_not_known(header: str, figures: str, column: str) -> None:
    rows = read(header, figures)
    assert getattr(rows.intervals[0], column) is None
    assert f"line 2: the column {column} has no figure" in rows.gaps[0].detail


@pytest.mark.parametrize(
    ("figures", "column"),
    [("12,,2", "answered"), ("12,10,", "abandoned"), (",10,2", "offered")],
)
def test_contacts_that_a_blank_cell_may_hide_leave_a_doubt(figures: str, column: str) -> None:
    rows = read("Offer,Answer,Abandon", figures)
    (gap,) = rows.gaps
    assert (gap.kind, gap.text, gap.values["column"]) == ("doubtful", "BLANKS_IN_DOUBT", column)
    assert "but the contacts of 'Name of q1' do not add up over the day" in gap.detail
    assert getattr(rows.intervals[0], column) == 0


@pytest.mark.parametrize(
    "lines",
    [["12,12,"], ["12,10,", "3,5,"], ["12,10,2", "5,5,"], [",,"], ["12,10,2", "5,3,0"]],
)
def test_blank_cells_of_a_day_that_adds_up_are_zeros(lines: list[str]) -> None:
    assert read("Offer,Answer,Abandon", *lines).gaps == ()


def test_contacts_that_flowed_out_are_not_hidden() -> None:
    assert read("Offer,Answer,Abandon,Flow-Out", "12,10,,2").gaps == ()


def test_emails_wait_for_days_and_need_not_add_up() -> None:
    assert read("Offer,Answer,Abandon", "12,3,", media="email").gaps == ()
