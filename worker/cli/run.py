"""`standup run` and `standup rerun`: an operator's wish goes through the same door as beat's question."""

from __future__ import annotations

from datetime import datetime

import click

from worker.cli import output
from worker.domain.calendar import business_day
from worker.domain.runs import RunId
from worker.services.runs import StartResult
from worker.wiring import services, stores
from worker.wiring.process import clock

_SAID = {
    StartResult.BEGUN: "begun",
    StartResult.RESUMED: "resumed at the step where it failed",
    StartResult.UNDER_WAY: "under way already",
    StartResult.ALREADY_THERE: "there already; `standup rerun {run}` sends a corrected revision",
}


@click.command()
@click.argument("group")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The reporting day; else the last one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run(group: str, day: datetime | None, as_json: bool) -> None:
    """Have a group's briefing of a day: begin it, or go on where it failed. Never sends a second one."""
    chosen = stores.groups().group(group)
    reporting_day = day.date() if day else business_day.reporting_day(clock(), chosen.tz, chosen.workdays)
    business_day.refuse_unless_over(reporting_day, chosen.tz, clock())
    run_id = RunId(group, reporting_day)
    what = services.run_starter().begin(run_id, asked_by="operator", standup_at=None, source=chosen.source)
    newest = stores.runs().latest_revision(run_id)
    meant = newest.id if newest else run_id
    _say(meant, what.value, _SAID[what].format(run=meant), as_json)


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rerun(run_id: str, as_json: bool) -> None:
    """Make and send a run anew, as its next revision. RUN is e.g. support-emea:2026-11-20."""
    asked = parse(run_id)
    chosen = stores.groups().group(asked.group)
    business_day.refuse_unless_over(asked.reporting_day, chosen.tz, clock())
    revised = services.run_starter().revise(asked, asked_by="operator", source=chosen.source)
    if revised is None:
        raise click.ClickException(f"{asked} is under way; rerun it when it has ended (standup explain {asked}).")
    _say(revised, "begun", "begun", as_json)


def parse(text: str) -> RunId:
    """The run id that the operator typed."""
    try:
        return RunId.parse(text)
    except ValueError as error:
        raise click.ClickException(f"{error}.") from None


def _say(run_id: RunId, word: str, sentence: str, as_json: bool) -> None:
    if as_json:
        output.print_json({"run": str(run_id), "outcome": word})
    else:
        click.echo(f"{run_id}: {sentence}")
