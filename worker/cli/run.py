"""`standup run` and `standup rerun`: start a run as beat does, or make its next revision."""

from __future__ import annotations

from datetime import datetime

import click

from worker.cli import output
from worker.cli.parameters import GROUP, RUN
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


@click.command()
@click.argument("group", type=GROUP)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The reporting day. Default: the last one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run(group: Group, day: datetime | None, as_json: bool) -> None:
    """Create a group's briefing for a day, or resume a failed one. Never sends a second briefing."""
    reporting_day = day.date() if day else business_day.reporting_day(clock(), group.tz, group.workdays)
    business_day.refuse_unless_over(reporting_day, group.tz, clock())
    run_id = RunId(group.key, reporting_day)
    result = services.run_starter().begin(run_id, asked_by="operator", standup_at=None, source=group.source)
    newest = stores.runs().latest_revision(run_id)
    affected = newest.id if newest else run_id
    _print(affected, result.value, _SENTENCES[result].format(run=affected), as_json)


@click.command()
@click.argument("run_id", metavar="RUN", type=RUN)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rerun(run_id: RunId, as_json: bool) -> None:
    """Make and send a run again as its next revision. RUN is e.g. support-emea:2026-11-20."""
    group = GROUP.convert(run_id.group, None, None)
    business_day.refuse_unless_over(run_id.reporting_day, group.tz, clock())
    revised = services.run_starter().revise(run_id, asked_by="operator", source=group.source)
    if revised is None:
        raise click.ClickException(f"{run_id} is still running. Rerun it when it has ended: standup explain {run_id}.")
    _print(revised, "begun", "begun", as_json)


def _print(run_id: RunId, word: str, sentence: str, as_json: bool) -> None:
    if as_json:
        output.print_json({"run": str(run_id), "outcome": word})
    else:
        click.echo(f"{run_id}: {sentence}")
