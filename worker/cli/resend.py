"""`standup resend`: send a run again to those who did not get it, and to no one else."""

from __future__ import annotations

from typing import Any, cast

import click

from worker.cli import output
from worker.cli.arguments.days import Days
from worker.cli.arguments.parameters import EXISTING_RUN, days_and_groups_of, refuse_both_or_neither
from worker.cli.failed_runs import bad_runs
from worker.domain.deliveries import Delivery
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.services.resend import OperatorWord, ResendRequest, ResendResult
from worker.wiring import services, stores
from worker.wiring.process import clock


@click.command()
@click.argument("run_id", metavar="[RUN]", type=EXISTING_RUN, required=False)
@click.option("--all", "is_all", is_flag=True, help="All runs that did not reach everyone, instead of one RUN.")
@days_and_groups_of("--all")
@click.option("--dry-run", is_flag=True, help="Only show who would get it.")
@click.option("--failed-only", is_flag=True, help="Only refused deliveries, not those with an unknown outcome.")
@click.option(
    "--to",
    "recipients",
    multiple=True,
    metavar="RECIPIENT",
    help="Only this recipient, e.g. ana@example.com. Can be repeated.",
)
@click.option(
    "--settle",
    multiple=True,
    metavar="RECIPIENT=sent|missing",
    help="Whether a delivery with an unknown outcome arrived.",
)
@click.option(
    "--also",
    "copy_addresses",
    multiple=True,
    metavar="ADDRESS",
    help="Send a test copy to someone who is no recipient.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def resend(
    run_id: RunId | None,
    is_all: bool,
    days: Days | None,
    groups: tuple[Group, ...],
    dry_run: bool,
    failed_only: bool,
    recipients: tuple[str, ...],
    settle: tuple[str, ...],
    copy_addresses: tuple[str, ...],
    as_json: bool,
) -> None:
    """Send a run again to those who did not get it. RUN is e.g. support-emea:2026-11-20.

    Nothing is sent twice. Only you can find out whether a message with an unknown outcome arrived: say so with
    --settle. With --also alone, only the named addresses get anything.
    """
    refuse_both_or_neither(run_id, is_all, "--all", has_its_options=bool(days or groups))
    if is_all and (recipients or settle or copy_addresses):
        raise click.UsageError("--to, --settle and --also go with RUN.")
    stores.state_version().refuse_newer()
    request = ResendRequest(recipients, dict(map(_settlement, settle)), copy_addresses, failed_only)
    send = services.resending().foresee if dry_run else services.resending().resend
    run_ids = [run_id] if run_id else _unsent_runs(groups, days)
    results = [(each_id, send(each_id, request)) for each_id in run_ids]
    if as_json:
        values = [_plain_result(each_id, result) for each_id, result in results]
        output.print_json(values if is_all else values[0])
        return
    for each_id, result in results:
        _print(each_id, result, dry_run)
    if not results:
        click.echo("Every run has reached everyone, or waits for another command: standup runs.")


def _unsent_runs(groups: tuple[Group, ...], days: Days | None) -> list[RunId]:
    return [run.id for _, run in bad_runs(groups, days, "resend", runs=stores.runs(), now=clock())]


def _plain_result(run_id: RunId, result: ResendResult) -> dict[str, Any]:
    deliveries = {"sending": result.sending, "settled": result.arrived, "waiting": result.waiting}
    return {"run": str(run_id)} | {name: _plain(group) for name, group in deliveries.items()}


def _settlement(text: str) -> tuple[str, OperatorWord]:
    recipient, _, word = text.rpartition("=")
    if not recipient or word not in ("sent", "missing"):
        raise click.BadParameter(f"{text!r}: expected RECIPIENT=sent or RECIPIENT=missing", param_hint="--settle")
    return recipient, cast(OperatorWord, word)


def _plain(deliveries: tuple[Delivery, ...]) -> list[dict[str, Any]]:
    return [
        {
            "channel": delivery.channel,
            "recipient": delivery.recipient,
            "test": delivery.test,
            "why": delivery.why,
        }
        for delivery in deliveries
    ]


def _print(run_id: RunId, result: ResendResult, dry_run: bool) -> None:
    for delivery in result.arrived:
        click.echo(f"{delivery.channel} {delivery.recipient}: settled, it arrived")
    for delivery in result.sending:
        copy = "a test copy" if delivery.test else "the message"
        click.echo(f"{delivery.channel} {delivery.recipient}: {copy} {'would be' if dry_run else 'is'} sent")
    for delivery in result.waiting:
        click.echo(f"{delivery.channel} {delivery.recipient}: it is unknown whether it arrived. {delivery.why}")
        click.echo(f"  Find out, then: standup resend {run_id} --settle {delivery.recipient}=sent (or =missing)")
    if not (result.sending or result.arrived):
        click.echo(f"{run_id}: nothing is sent")
    elif not dry_run:
        click.echo(f"To follow it: standup explain {run_id}")
