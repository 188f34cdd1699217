"""Which command an alert names."""

from __future__ import annotations

from datetime import date

import pytest

from worker.alerts.rules import command
from worker.domain.runs import RunId, RunState

RUN = RunId("support-emea", date(2026, 11, 20))
GOES_ON, ANEW, TO_THE_OTHERS = (
    "standup run support-emea --date 2026-11-20",
    "standup rerun support-emea:2026-11-20",
    "standup resend support-emea:2026-11-20",
)


@pytest.mark.parametrize(
    ("state", "code", "expected"),
    [
        (RunState.FAILED, "poll_timeout", GOES_ON),
        (RunState.MISSED, "missed", GOES_ON),
        (RunState.FAILED, "incomplete", ANEW),
        (RunState.FAILED, "outcome_unknown", TO_THE_OTHERS),
        (RunState.PARTLY_DELIVERED, "delivery_refused", TO_THE_OTHERS),
    ],
)
def test_each_ending_names_the_command_that_fixes_it(state: RunState, code: str, expected: str) -> None:
    assert command(RUN, state, code) == expected
