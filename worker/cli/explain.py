"""`standup explain`: the whole story of a run."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from worker.cli import output
from worker.cli.run import parse
from worker.cli.runs import plain
from worker.domain.calendar.business_day import window_of
from worker.domain.deliveries import Delivery
from worker.domain.runs import Event, Run, RunState, Step
from worker.errors import SettingsError
from worker.groupfiles.reloading import Groups
from worker.state.artifacts import Artifacts, of_run
from worker.state.counters import Morning, Mornings
from worker.wiring import stores


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(run_id: str, as_json: bool) -> None:
    """What happened in a run, when and why; who got it, and what to do if somebody did not."""
    asked = parse(run_id)
    run = stores.runs().get(asked)
    if run is None:
        raise click.ClickException(f"There is no run {asked}; `standup runs` lists those there are.")
    events, deliveries = stores.runs().timeline(asked), stores.deliveries().records(asked)
    place = _place(stores.artifacts(), run)
    morning = _morning_of(stores.groups(), stores.mornings(), run)
    if as_json:
        output.print_json(_plain(run, events, deliveries) | {"artifacts": place} | _counts(run, morning))
    else:
        _print(run, events, deliveries, place, _zone(stores.groups(), run), _morning(morning))


def _plain(run: Run, events: list[Event], deliveries: list[Delivery]) -> dict[str, Any]:
    return plain(run) | {
        "timeline": [
            {"at": event.time, "step": event.step, "what": event.text, "detail": event.detail} for event in events
        ],
        "deliveries": [{name: getattr(each, name) for name in Delivery.__dataclass_fields__} for each in deliveries],
    }


def _plain_event(event: Event) -> dict[str, Any]:
    return {"at": event.time, "step": event.step, "what": event.text, "detail": event.detail}


def _counts(run: Run, morning: Morning | None) -> dict[str, Any]:
    asked = {"requests": morning.requests, "briefings": morning.briefings} if morning else None
    return {"shared": run.shared, "morning": asked}


def _place(artifacts: Artifacts, run: Run) -> str:
    return artifacts.place(of_run(run.id, ""))


def _print(run: Run, events: list[Event], deliveries: list[Delivery], place: str, zone: ZoneInfo, morning: str) -> None:
    click.echo(f"{run.id} is {run.state.value}" + (f" at step {run.step}" if run.state == RunState.OPEN else ""))
    for label, value in (*_facts(run, zone, place), ("morning", morning)):
        click.echo(f"  {label:<10} {value}")
    click.echo()
    output.print_table((f"Time ({zone.key})", "Step", "What", "More"), [_line(each, zone) for each in events])
    if deliveries:
        click.echo()
        rows = [_delivered(each, zone) for each in deliveries]
        output.print_table(("Channel", "Recipient", "State", "The receiver said"), rows)
    for sentence in _advice(run):
        click.echo(f"\n{sentence}")


def _zone(groups: Groups, run: Run) -> ZoneInfo:
    """The group's zone; UTC where the group is gone."""
    try:
        return groups.group(run.id.group).tz
    except SettingsError:
        return ZoneInfo("UTC")


def _facts(run: Run, zone: ZoneInfo, artifacts: str) -> list[tuple[str, str]]:
    window = window_of(run.briefed_day, zone)
    facts = [
        ("window", f"{window.start.isoformat()} to {window.end.isoformat()}, {zone.key}"),
        ("source", f"{run.source}, {run.requests} requests{_shared(run)}"),
        ("asked by", run.asked_by),
        ("stand-up", run.standup_at.isoformat() if run.standup_at else ""),
        ("holiday", run.holiday_name),
        ("cause", f"{run.code}: {run.sentence}" if run.code else ""),
        ("documents", artifacts),
    ]
    return [(label, value) for label, value in facts if value]


def _shared(run: Run) -> str:
    if not run.shared:
        return ""
    return f", and {run.shared} answer{'' if run.shared == 1 else 's'} shared, which other runs had asked for"


def _morning(morning: Morning | None) -> str:
    """What all runs of the day asked together."""
    if morning is None or morning.requests_per_briefing is None:
        return "no rows fetched yet"
    return (
        f"{morning.organisation}, {morning.day}: {morning.requests} requests for {morning.briefings} briefings, "
        f"{morning.requests_per_briefing:.2f} each"
    )


def _morning_of(groups: Groups, mornings: Mornings, run: Run) -> Morning | None:
    try:
        return mornings.day_counts(groups.group(run.id.group).organisation, run.created_at.date())
    except SettingsError:
        return None


def _line(event: Event, zone: ZoneInfo) -> tuple[str, str, str, str]:
    return _clock(event.time.astimezone(zone)), event.step, event.text, event.detail


def _delivered(each: Delivery, zone: ZoneInfo) -> tuple[str, str, str, str]:
    state = f"{each.state} (test)" if each.test else each.state
    said = f"{each.proof or each.why} {_when_again(each, zone)}"
    return each.channel, each.recipient, state, said.strip()


def _when_again(each: Delivery, zone: ZoneInfo) -> str:
    """For a delivery that waits for its next try."""
    if not each.again_at:
        return ""
    again, until = (datetime.fromisoformat(moment).astimezone(zone) for moment in (each.again_at, each.until))
    times = "once" if each.tries == 1 else f"{each.tries} times"
    return f"Tried {times}, again at {again:%H:%M:%S}, until {until:%H:%M}."


def _clock(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M:%S}"


def _advice(run: Run) -> list[str]:
    if run.step == Step.DELIVER and run.state in (RunState.FAILED, RunState.PARTLY_DELIVERED):
        return [f"When the cause is mended, to those who did not get it: standup resend {run.id}"]
    if run.step == Step.DELIVER and run.state == RunState.OPEN:
        return [f"To try those who are still to get it now: standup resend {run.id}"]
    if run.state == RunState.FAILED:
        return [f"When the cause is mended: standup run {run.id.group} --date {run.id.reporting_day}"]
    if run.state == RunState.MISSED:
        return [f"If it is still wanted: standup run {run.id.group} --date {run.id.reporting_day}"]
    return []
