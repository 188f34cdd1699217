"""`standup pause` and `standup resume`: no briefings for a group until an operator wants them again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import click
from redis.exceptions import RedisError

from worker.cli import output
from worker.cli.arguments.days import DAY, Day
from worker.cli.arguments.parameters import GROUP
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.domain.runs import RunId
from worker.services.pausing import CODE
from worker.wiring import stores
from worker.wiring.process import clock


@click.command(short_help="Make no briefings for a group for some time.")
@click.argument("group", type=GROUP)
@click.option(
    "--until",
    "first_day",
    type=DAY,
    metavar="DAY",
    help="The first day with a briefing again: 2026-12-28, +7d, or the next monday. Default: until `standup resume`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def pause(group: Group, first_day: Day | None, as_json: bool) -> None:
    """Make and send no briefings for a group's stand-ups before a day. No alert is sent for them.

    A briefing that is being made is still sent. `standup run` makes one in spite of the pause.
    """
    today = clock().astimezone(group.tz).date()
    resumes_on = first_day.resolved(today, ahead=True) if first_day else None
    if resumes_on and resumes_on <= today:
        raise click.BadParameter(f"{resumes_on} is not after today, {today} in {group.zone}", param_hint="--until")
    new_pause = Pause(clock(), resumes_on)
    stores.pauses().pause(group.key, new_pause)
    if as_json:
        output.print_json({"group": group.key, **plain(new_pause)})
    else:
        click.echo(f"{group.key}: {new_pause}. To end the pause: standup resume {group.key}")


@click.command()
@click.argument("group", type=GROUP)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def resume(group: Group, as_json: bool) -> None:
    """End a group's pause. Its next stand-up gets a briefing again."""
    was_paused = stores.pauses().resume(group.key)
    if as_json:
        output.print_json({"group": group.key, "was_paused": was_paused})
        return
    if not was_paused:
        click.echo(f"{group.key}: was not paused. To continue a failed run: standup run {group.key} --date DAY")
        return
    click.echo(f"{group.key}: the pause has ended")
    newest = next(iter(stores.runs().newest(1, group=group.key)), None)
    if newest and newest.code == CODE:
        click.echo(f"If it is still needed: {_command(newest.id)}")


def plain(group_pause: Pause) -> dict[str, Any]:
    """Return the pause as values for JSON."""
    return {"since": group_pause.begun_at, "until": group_pause.resumes_on}


def known_pauses() -> Mapping[str, Pause]:
    """Return the pauses by group, or warn that they are not known if Redis does not answer."""
    try:
        return stores.pauses().by_group()
    except RedisError:
        output.warn("Redis does not answer, so pauses are not shown.")
        return {}


def covering(pauses: Mapping[str, Pause], group_key: str, standup_day: date) -> Pause | None:
    """Return the group's pause if it covers the stand-up of this local day."""
    group_pause = pauses.get(group_key)
    return group_pause if group_pause and group_pause.covers(standup_day) else None


def _command(run_id: RunId) -> str:
    return f"standup run {run_id.group} --date {run_id.reporting_day}"
