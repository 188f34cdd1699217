"""`standup resend`: send a run again to those who did not get it, and to no one else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import click

from worker.cli import starting
from worker.cli.arguments.days import Days
from worker.cli.arguments.parameters import days_and_groups_of, refuse_both_or_neither
from worker.cli.arguments.runs import EXISTING_RUN, GroupDayArgument
from worker.cli.failed_runs import bad_runs, nothing_found, warn_of_stopped_groups
from worker.cli.starting import Started
from worker.domain.deliveries import Delivery
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId
from worker.services.resend import OperatorWord, ResendRequest, ResendResult
from worker.wiring import services, stores
from worker.wiring.process import clock


@click.command()
@click.argument("run_id", metavar="[RUN]", cls=GroupDayArgument, type=EXISTING_RUN, required=False)
@click.option("--all", "is_all", is_flag=True, help="All runs that did not reach everyone, instead of one RUN.")
@days_and_groups_of("--all")
@click.option("--dry-run", is_flag=True, help="Only show who would get it.")
@click.option("--wait", is_flag=True, help="Wait for the receivers' answers. Exit status 1 unless everyone has it.")
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
    wait: bool,
    as_json: bool,
) -> None:
    """Send a run again to those who did not get it. RUN is e.g. support-emea:2026-11-20 or support-emea:last.

    An address that you have corrected in the group file gets it, and the wrong one no longer. Nothing is sent twice.
    Only you can find out whether a message with an unknown outcome arrived: say so with --settle. With --also alone,
    only the named addresses get anything. Exit status 3 if no worker answers.
    """
    refuse_both_or_neither(run_id, is_all, "--all", has_its_options=bool(days or groups))
    if is_all and (recipients or settle or copy_addresses):
        raise click.UsageError("--to, --settle and --also go with RUN.")
    stores.state_version().refuse_newer()
    request = ResendRequest(recipients, dict(map(_settlement, settle)), copy_addresses, failed_only)
    send = services.resending().foresee if dry_run else services.resending().resend
    is_incomplete = is_all and warn_of_stopped_groups(groups)
    run_ids = [run_id] if run_id else _unsent_runs(groups, days)
    results = {each_id: send(each_id, request) for each_id in run_ids}
    started = [_started(each_id, result, dry_run) for each_id, result in results.items()]
    starting.finish_all(
        started,
        nothing_found(
            "Every run has reached everyone, or waits for another command: standup runs.", is_incomplete=is_incomplete
        ),
        is_range=is_all,
        wait=wait and not dry_run,
        as_json=as_json,
        end_of=lambda run: _end_of(run, results[run.id]),
    )
    if is_incomplete:
        raise SystemExit(1)


def _unsent_runs(groups: tuple[Group, ...], days: Days | None) -> list[RunId]:
    return [run.id for _, run in bad_runs(groups, days, "resend", runs=stores.runs(), now=clock())]


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


def _started(run_id: RunId, result: ResendResult, dry_run: bool) -> Started:
    outcome, sentence = _outcome(result, dry_run)
    lines = [*_addresses(result, dry_run), *_questions(run_id, result)]
    if result.continues and not dry_run:
        lines.append(f"To follow it: standup explain {run_id} --follow")
    fields = {
        "sending": result.sending,
        "settled": result.arrived,
        "waiting": result.waiting,
        "former": result.former,
    }
    details = {name: _plain(deliveries) for name, deliveries in fields.items()}
    needs_worker = result.continues and not dry_run
    return Started(run_id, outcome, "\n  ".join([sentence, *lines]), needs_worker, details)


def _outcome(result: ResendResult, dry_run: bool) -> tuple[str, str]:
    """Return what happened as a word for programs and for people."""
    if result.sending:
        count = len(result.sending)
        noun = "message" if count == 1 else "messages"
        return ("would_queue", f"{count} {noun} would be sent") if dry_run else ("queued", f"{count} {noun} queued")
    if result.continues:
        verb = "would be" if dry_run else "is"
        return (
            "would_count_again" if dry_run else "counted_again",
            f"nothing is sent, and who has it {verb} counted again",
        )
    return starting.NOTHING, "nothing is sent"


def _addresses(result: ResendResult, dry_run: bool) -> Iterator[str]:
    for delivery in result.sending:
        copy = ", a test copy" if delivery.test else ""
        yield f"{delivery.channel} {delivery.recipient}: {'would be sent' if dry_run else 'queued'}{copy}"
    for delivery in result.arrived:
        yield f"{delivery.channel} {delivery.recipient}: {'would be ' if dry_run else ''}settled, it arrived"
    for delivery in result.former:
        yield f"{delivery.channel} {delivery.recipient}: nothing, because the group file no longer has it"


def _questions(run_id: RunId, result: ResendResult) -> Iterator[str]:
    for delivery in result.waiting:
        yield f"{delivery.channel} {delivery.recipient}: it is unknown whether it arrived. {delivery.why}"
        yield f"  Find out, then: standup resend {run_id} --settle {delivery.recipient}=sent (or =missing)"


def _end_of(run: Run, result: ResendResult) -> str:
    """Return how the run ended, with the receivers' answers, and who does not have it yet."""
    requested = {delivery.address for delivery in result.sending}
    former = {delivery.address for delivery in result.former}
    lines = [
        f"{record.channel} {record.recipient}: {record.state}. {record.proof or record.why}"
        for record in stores.deliveries().records(run.id)
        if record.address in requested or (record.state != "sent" and record.address not in former)
    ]
    return "\n  ".join([run.state.value, *lines])
