"""A step that has no time left is ended from inside its loops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.unit.genesys.reporting.conftest import COUNTS, csv_of, table_of
from worker import step_time
from worker.errors import StepTooLong
from worker.step_time import ROWS_BETWEEN_CHECKS, StepTime


def no_time() -> AbstractContextManager[StepTime]:
    """Give a block in which the step has no time left."""
    return step_time.limited_to(-1)


def test_the_error_says_the_limit_and_what_the_step_was_doing() -> None:
    instants = iter((0.0, 90.0, 90.1))
    limit = StepTime(90, lambda: next(instants))
    limit.check("it read a.csv")
    with pytest.raises(StepTooLong, match=r"longer than 90 s\. It was ended while it read a\.csv\. `standup run`"):
        limit.check("it read a.csv")
    assert limit.exceeded is not None


def test_outside_of_a_step_there_is_no_limit() -> None:
    with no_time(), pytest.raises(StepTooLong):
        step_time.check("it worked")
    step_time.check("it worked")


def test_a_loop_over_rows_ends_between_two_of_them() -> None:
    seconds = 0.0

    def rows() -> Iterator[int]:
        nonlocal seconds
        for number in range(10 * ROWS_BETWEEN_CHECKS):
            seconds += 1.0
            yield number

    with step_time.limited_to(90, lambda: seconds), pytest.raises(StepTooLong):
        list(step_time.checked(rows(), "it counted"))
    assert 90 < seconds <= 2 * ROWS_BETWEEN_CHECKS


def test_reading_a_file_ends_when_the_step_has_no_time_left() -> None:
    content = csv_of(COUNTS, *["Support,10,8,7,2"] * 3)
    with no_time(), pytest.raises(StepTooLong, match="it read"):
        list(table_of(content, COUNTS).rows())
