"""`standup resend`: to those who did not get a run, and to nobody who did."""

from __future__ import annotations

from typing import Any, cast

import click

from worker.cli import output
from worker.cli.run import parse
from worker.domain.deliveries import Delivery
from worker.domain.runs import RunId
from worker.services.resend import OperatorWord, ResendRequest, ResendResult
from worker.wiring import services


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--failed-only", is_flag=True, help="Refused ones only; leave alone whose outcome is unknown.")
@click.option("--to", multiple=True, metavar="RECIPIENT", help="Only this one, e.g. ana@example.com; may be repeated.")
@click.option(
    "--settle", multiple=True, metavar="RECIPIENT=sent|missing", help="What became of one whose outcome is unknown."
)
@click.option("--also", multiple=True, metavar="ADDRESS", help="A test copy for somebody who is no recipient.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def resend(
    run_id: str,
    failed_only: bool,
    to: tuple[str, ...],
    settle: tuple[str, ...],
    also: tuple[str, ...],
    as_json: bool,
) -> None:
    """Send a run again to those who did not get it. RUN is e.g. support-emea:2026-11-20.

    What was sent is never sent twice. Whether a message with an unknown outcome arrived, only you can find out: say so
    with --settle. With --also alone nobody but the named addresses gets anything.
    """
    asked = parse(run_id)
    words = dict(_settlement(each) for each in settle)
    outcome = services.resending().resend(asked, ResendRequest(to, words, also, failed_only))
    if as_json:
        deliveries = {"sending": outcome.sending, "settled": outcome.arrived, "waiting": outcome.waiting}
        output.print_json({"run": str(asked)} | {name: _plain(group) for name, group in deliveries.items()})
    else:
        _say(asked, outcome)


def _settlement(text: str) -> tuple[str, OperatorWord]:
    recipient, _, word = text.rpartition("=")
    if not recipient or word not in ("sent", "missing"):
        raise click.BadParameter(f"{text!r}: expected RECIPIENT=sent or RECIPIENT=missing", param_hint="--settle")
    return recipient, cast(OperatorWord, word)


def _plain(deliveries: tuple[Delivery, ...]) -> list[dict[str, Any]]:
    return [
        {"channel": each.channel, "recipient": each.recipient, "test": each.test, "why": each.why}
        for each in deliveries
    ]


def _say(asked: RunId, outcome: ResendResult) -> None:
    for each in outcome.arrived:
        click.echo(f"{each.channel} {each.recipient}: settled, it arrived")
    for each in outcome.sending:
        click.echo(f"{each.channel} {each.recipient}: " + ("a test copy is sent" if each.test else "is sent again"))
    for each in outcome.waiting:
        click.echo(f"{each.channel} {each.recipient}: nobody knows whether it arrived. {each.why}")
        click.echo(f"  Find out, then: standup resend {asked} --settle {each.recipient}=sent (or =missing)")
    if not (outcome.sending or outcome.arrived):
        click.echo(f"{asked}: nothing is sent")
    else:
        click.echo(f"How it goes: standup explain {asked}")
