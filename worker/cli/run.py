"""`standup run`: create a group's briefing for a day or for a range of days, as beat does."""

from __future__ import annotations

from dataclasses import replace

import click

from worker.cli import starting
from worker.cli.arguments import days as typed
from worker.cli.arguments.days import REPORTING_DAYS, Days
from worker.cli.arguments.runs import GROUP_DAYS, GroupDayArgument, GroupDays
from worker.cli.starting import Started
from worker.domain.calendar import business_day
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.services.runs import StartResult
from worker.wiring import services, stores
from worker.wiring.process import clock

_SENTENCES = {
    StartResult.BEGUN: "begun",
    StartResult.RESUMED: "resumed at the step where it failed",
    StartResult.UNDER_WAY: "already running",
    StartResult.ALREADY_THERE: "already done; `standup rerun {run}` sends a corrected revision",
}
_DRY_OUTCOMES = {StartResult.BEGUN: starting.WOULD_BEGIN, StartResult.RESUMED: starting.WOULD_RESUME}
_DRY_SENTENCES = _SENTENCES | {
    StartResult.BEGUN: "would begin",
    StartResult.RESUMED: "would be resumed at the step where it failed",
}


@click.command(short_help="Create a day's briefing, or resume a failed one.")
@click.argument("target", metavar="GROUP", cls=GroupDayArgument, type=GROUP_DAYS)
@click.option(
    "--date",
    "days",
    type=REPORTING_DAYS,
    metavar="DAY|FIRST..LAST",
    help="The reporting day, or the group's workdays of a range: 2026-10-01, yesterday, monday, "
    "2026-10-01..2026-10-05. Default: the last one.",
)
@click.option("--dry-run", is_flag=True, help="Only show what would begin.")
@click.option("--wait", is_flag=True, help="Wait for the end. Exit status 1 unless everyone has the briefing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for a range a list of them.")
def run(target: GroupDays, days: Days | None, dry_run: bool, wait: bool, as_json: bool) -> None:
    """Create a group's briefing for a day, or resume a failed one. Never sends a second briefing.

    GROUP may be followed by the day, as in support-emea:yesterday. Exit status 3 if no worker answers.
    """
    stores.state_version().refuse_newer()
    group, days = target.group, target.days_or(days)
    reporting_days = typed.days_to_brief(group, days, clock())
    for day in reporting_days:
        business_day.refuse_unless_over(day, group.tz, clock())
    start = _foresee if dry_run else _begin
    started = [start(group, RunId(group.key, day)) for day in reporting_days]
    is_range = days is not None and days.is_range
    starting.finish(started, is_range=is_range, wait=wait and not dry_run, as_json=as_json)


def _begin(group: Group, run_id: RunId) -> Started:
    result = services.run_starter().begin(run_id, asked_by="operator", standup_at=None, source=group.source)
    needs_worker = result in (StartResult.BEGUN, StartResult.RESUMED, StartResult.UNDER_WAY)
    return _started(run_id, result, _SENTENCES, needs_worker)


def _foresee(_: Group, run_id: RunId) -> Started:
    result = services.run_starter().foresee(run_id)
    started = _started(run_id, result, _DRY_SENTENCES, needs_worker=False)
    return replace(started, outcome=_DRY_OUTCOMES.get(result, result.value))


def _started(run_id: RunId, result: StartResult, sentences: dict[StartResult, str], needs_worker: bool) -> Started:
    newest = stores.runs().latest_revision(run_id)
    affected = newest.id if newest else run_id
    return Started(affected, result.value, sentences[result].format(run=affected), needs_worker)
