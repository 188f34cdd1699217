"""What `rerun --failed` and `resend --all` share: the runs of some days that ended badly, and what fixes each.

Commands for all groups cannot see the runs of a group whose file has a mistake. They say so, and end with 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from worker.alerts.rules import BAD_STATES, Fix, fix_for
from worker.cli import groups as group_problems
from worker.cli import output
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


def warn_of_stopped_groups(selected: tuple[Group, ...] = ()) -> bool:
    """Print the mistakes that leave groups out of a command for all groups. Return whether there are any."""
    group_file = stores.groups().file()
    if selected or not group_file.stops_groups:
        return False
    group_problems.warn_of(group_file)
    output.warn("The runs of these groups are left out. Correct the files and repeat the command.")
    return True


def nothing_found(sentence: str, *, is_incomplete: bool) -> str:
    """Return the sentence for a command that found nothing to do, limited to the groups that it could see."""
    return f"In the groups that can run: {sentence[0].lower()}{sentence[1:]}" if is_incomplete else sentence
