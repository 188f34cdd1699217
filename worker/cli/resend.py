"""`standup resend`: send a run again to those who did not get it, and to no one else."""

from __future__ import annotations

from typing import Any, cast

import click

from worker.cli import output
from worker.cli.arguments.parameters import EXISTING_RUN
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId
from worker.services.resend import OperatorWord, ResendRequest, ResendResult
from worker.wiring import services, stores


@click.command()
@click.argument("run_id", metavar="RUN", type=EXISTING_RUN)
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
    run_id: RunId,
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
    stores.state_version().refuse_newer()
    settlements = dict(_settlement(text) for text in settle)
    request = ResendRequest(recipients, settlements, copy_addresses, failed_only)
    result = services.resending().resend(run_id, request)
    if as_json:
        deliveries = {"sending": result.sending, "settled": result.arrived, "waiting": result.waiting}
        output.print_json({"run": str(run_id)} | {name: _plain(group) for name, group in deliveries.items()})
    else:
        _print(run_id, result)


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


def _print(run_id: RunId, result: ResendResult) -> None:
    for delivery in result.arrived:
        click.echo(f"{delivery.channel} {delivery.recipient}: settled, it arrived")
    for delivery in result.sending:
        action = "a test copy is sent" if delivery.test else "is sent again"
        click.echo(f"{delivery.channel} {delivery.recipient}: {action}")
    for delivery in result.waiting:
        click.echo(f"{delivery.channel} {delivery.recipient}: it is unknown whether it arrived. {delivery.why}")
        click.echo(f"  Find out, then: standup resend {run_id} --settle {delivery.recipient}=sent (or =missing)")
    if not (result.sending or result.arrived):
        click.echo(f"{run_id}: nothing is sent")
    else:
        click.echo(f"To follow it: standup explain {run_id}")
