"""`standup explain`: everything that happened in a run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from worker.alerts.same_cause import GOOD_STATES
from worker.cli import output
from worker.cli.arguments.runs import EXISTING_RUN, GroupDayArgument
from worker.cli.runs import plain
from worker.cli.starting import LOOK_SECONDS
from worker.domain.calendar.business_day import window_of
from worker.domain.deliveries import Delivery, Progress
from worker.domain.runs import Event, Run, RunId, RunState, Step
from worker.errors import SettingsError
from worker.groupfiles.reloading import Groups
from worker.state.counters import Morning, Mornings
from worker.state.files.artifacts import Artifacts, of_run
from worker.state.runs import Runs
from worker.wiring import stores

_ANSWER_COLUMN = len("  refused    ")
"""Where a recipient and the receiver's answer begin."""

_TEXT_COLUMN = len("11-29 12:02:05  holiday_check  ")
"""Where the text of an event begins."""


@click.command(short_help="Show what happened in a run, and who got it.")
@click.argument("run_id", metavar="RUN", cls=GroupDayArgument, type=EXISTING_RUN)
@click.option("--follow", is_flag=True, help="Show what happens until the run has ended.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(run_id: RunId, follow: bool, as_json: bool) -> None:
    """Show what happened in a run, when and why, who got it, and what to do for those who did not.

    RUN is e.g. support-emea:2026-11-20, support-emea:yesterday or support-emea:last.
    """
    if follow and as_json:
        raise click.UsageError("--follow and --json exclude each other.")
    if follow:
        _follow(stores.runs(), run_id, _zone(stores.groups(), run_id))
        return
    run = _existing(stores.runs(), run_id)
    events, deliveries = stores.runs().timeline(run_id), stores.deliveries().records(run_id)
    place = _place(stores.artifacts(), run)
    morning = _morning_of(stores.groups(), stores.mornings(), run)
    if as_json:
        output.print_json(_plain(run, events, deliveries) | {"artifacts": place} | _counts(run, morning))
    else:
        _print(run, events, deliveries, place, _zone(stores.groups(), run_id), _morning(morning))


def _existing(runs: Runs, run_id: RunId) -> Run:
    run = runs.get(run_id)
    if run is None:
        raise click.ClickException(f"There is no run {run_id}. `standup runs` lists the existing ones.")
    return run


def _follow(runs: Runs, run_id: RunId, zone: ZoneInfo) -> None:
    """Print each event as it is recorded, and the end as `explain` shows it."""
    click.echo(f"{run_id}, times in {zone.key}")
    printed = 0
    while True:
        run = _existing(runs, run_id)  # before its events, so that the last look has all of them
        events = runs.timeline(run_id)
        for event in events[printed:]:
            click.echo(_event_line(event, zone) + (f": {event.detail}" if event.detail else ""))
        printed = len(events)
        if run.state != RunState.OPEN:
            break
        time.sleep(LOOK_SECONDS)
    click.echo(f"\n{run_id} is {run.state.value}")
    _print_end(run, stores.deliveries().records(run_id), zone)


def _plain(run: Run, events: list[Event], deliveries: list[Delivery]) -> dict[str, Any]:
    return plain(run) | {
        "timeline": [_plain_event(event) for event in events],
        "deliveries": [
            {name: getattr(delivery, name) for name in Delivery.__dataclass_fields__} for delivery in deliveries
        ],
    }


def _plain_event(event: Event) -> dict[str, Any]:
    return {"at": event.time, "step": event.step, "what": event.text, "detail": event.detail}


def _counts(run: Run, morning: Morning | None) -> dict[str, Any]:
    counts = {"requests": morning.requests, "briefings": morning.briefings} if morning else None
    return {"shared": run.shared, "morning": counts}


def _place(artifacts: Artifacts, run: Run) -> str:
    return artifacts.place(of_run(run.id, ""))


def _print(run: Run, events: list[Event], deliveries: list[Delivery], place: str, zone: ZoneInfo, morning: str) -> None:
    click.echo(f"{run.id} is {run.state.value}" + (f" at step {run.step}" if run.state == RunState.OPEN else ""))
    output.print_facts(_news(run, events, deliveries, zone))
    _print_end(run, deliveries, zone)
    click.echo(f"\nWhat happened, times in {zone.key}:")
    for event in events:
        output.print_wrapped(_event_line(event, zone), indent=_TEXT_COLUMN)
        if event.detail:
            output.print_wrapped(" " * _TEXT_COLUMN + event.detail, indent=_TEXT_COLUMN)
    click.echo()
    output.print_facts([*_facts(run, zone, place), ("morning", morning)])


def _news(run: Run, events: list[Event], deliveries: list[Delivery], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    """Yield why the run ended as it did, or what an open one did last. The receivers' answers follow in a table."""
    if run.code and run.step == Step.DELIVER and deliveries:
        counted = Progress(tuple(deliveries))
        yield "cause", f"{run.code}: {counted.count('sent')} of {len(counted.counted)} recipients have it"
    elif run.code:
        yield "cause", f"{run.code}: {run.sentence}"
    if run.state == RunState.OPEN and events:
        last = events[-1]
        yield "last", f"{_clock(last.time.astimezone(zone))} " + ": ".join(filter(None, [last.text, last.detail]))


def _print_end(run: Run, deliveries: list[Delivery], zone: ZoneInfo) -> None:
    """Print who got it, and what to do for those who did not."""
    if deliveries:
        click.echo("\nWho has it, and the receivers' answers:")
    for delivery in sorted(deliveries, key=lambda delivery: delivery.state == "sent"):
        output.print_wrapped(_delivery_line(delivery, run, zone), indent=_ANSWER_COLUMN)
    for sentence, command in _advice(run):
        click.echo(f"\n{sentence}:\n    {command}")


def _zone(groups: Groups, run_id: RunId) -> ZoneInfo:
    """Return the group's zone, or UTC if the group no longer exists."""
    try:
        return groups.group(run_id.group).tz
    except SettingsError:
        return ZoneInfo("UTC")


def _facts(run: Run, zone: ZoneInfo, artifacts: str) -> list[tuple[str, str]]:
    window = window_of(run.briefed_day, zone)
    facts = [
        ("window", f"{window.start.isoformat()} to {window.end.isoformat()}, {zone.key}"),
        ("source", f"{run.source}, {_counted(run.requests, 'request')}{_shared(run)}"),
        ("asked by", run.asked_by),
        ("stand-up", run.standup_at.isoformat() if run.standup_at else ""),
        ("holiday", run.holiday_name),
        ("documents", artifacts),
    ]
    return [(label, value) for label, value in facts if value]


def _shared(run: Run) -> str:
    if not run.shared:
        return ""
    return f", and {_counted(run.shared, 'answer')} shared with other runs"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _morning(morning: Morning | None) -> str:
    """Return the requests of all runs of the day together."""
    if morning is None or morning.requests_per_briefing is None:
        return "no rows fetched yet"
    return (
        f"{morning.organisation}, {morning.day}: {_counted(morning.requests, 'request')} for "
        f"{_counted(morning.briefings, 'briefing')}, {morning.requests_per_briefing:.2f} each"
    )


def _morning_of(groups: Groups, mornings: Mornings, run: Run) -> Morning | None:
    try:
        return mornings.day_counts(groups.group(run.id.group).organisation, run.created_at.date())
    except SettingsError:
        return None


def _event_line(event: Event, zone: ZoneInfo) -> str:
    return f"{_clock(event.time.astimezone(zone))}  {event.step:<13}  {event.text}"


def _delivery_line(delivery: Delivery, run: Run, zone: ZoneInfo) -> str:
    state = f"{delivery.state} (test)" if delivery.test else delivery.state
    answer = f"{delivery.proof or delivery.why} {_next_attempt(delivery, zone)}"
    if run.state in GOOD_STATES and delivery.state != "sent" and not delivery.test:
        answer = f"No longer a recipient. {answer}"
    return f"  {state:<9}  {delivery.channel} {delivery.recipient}: {answer.strip()}".rstrip(": ")


def _next_attempt(delivery: Delivery, zone: ZoneInfo) -> str:
    """Return when a waiting delivery is tried again, or ""."""
    if not delivery.again_at:
        return ""
    instants = (delivery.again_at, delivery.until)
    next_at, last_at = (datetime.fromisoformat(instant).astimezone(zone) for instant in instants)
    times = "once" if delivery.tries == 1 else f"{delivery.tries} times"
    return f"Tried {times}. Next attempt at {next_at:%H:%M:%S}, last one by {last_at:%H:%M}."


def _clock(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M:%S}"


def _advice(run: Run) -> list[tuple[str, str]]:
    """Return what helps, and the command that does it."""
    continues = f"standup run {run.id.group} --date {run.id.reporting_day}"
    if run.step == Step.DELIVER and run.state in (RunState.FAILED, RunState.PARTLY_DELIVERED):
        return [("When the cause or the address is corrected, send it to the others", f"standup resend {run.id}")]
    if run.step == Step.DELIVER and run.state == RunState.OPEN:
        return [("To try the waiting recipients now", f"standup resend {run.id}")]
    if run.state == RunState.FAILED:
        return [("When the cause is fixed", continues)]
    if run.state == RunState.MISSED:
        return [("If it is still needed", continues)]
    return []
