"""What `rerun --failed` and `resend --all` share: the runs of some days that ended badly, and what fixes each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from worker.alerts.rules import BAD_STATES, Fix, fix_for
from worker.cli.arguments.days import Days
from worker.cli.arguments.days import reporting_days as days_of
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId
from worker.services.pausing import CODE as PAUSED
from worker.state.runs import Runs
from worker.wiring import stores


def bad_runs(
    selected: tuple[Group, ...], days: Days | None, *fixes: Fix, runs: Runs, now: datetime
) -> Iterator[tuple[Group, Run]]:
    """Yield each group's newest revision of each day, if it ended badly and one of these fixes helps.

    Without ``days`` it is each group's last reporting day, without ``selected`` all groups. A group that an operator
    paused has not failed.
    """
    for group in selected or stores.groups().file().groups:
        for day in days_of(group, days, now):
            run = runs.latest_revision(RunId(group.key, day))
            if run and run.state in BAD_STATES and run.code != PAUSED and fix_for(run.state, run.code) in fixes:
                yield group, run
