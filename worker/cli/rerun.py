"""`standup rerun`: make a run's next revision, say what it would change, or continue all runs that failed."""

from __future__ import annotations

from typing import Any

import click

from renderers import words
from worker.alerts.rules import fix_for
from worker.cli import output, starting
from worker.cli.arguments.days import Days
from worker.cli.arguments.parameters import GROUP, days_and_groups_of, refuse_both_or_neither
from worker.cli.arguments.runs import RUNS, GroupDayArgument, RunRange
from worker.cli.failed_runs import bad_runs, nothing_found, warn_of_stopped_groups
from worker.cli.starting import Started
from worker.cli.unsent import content_of
from worker.domain.briefing.content import Briefing, Notice, RevisedFigure
from worker.domain.calendar import business_day
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId
from worker.domain.wording import first_names
from worker.services.runs import StartResult
from worker.wiring import services, stores
from worker.wiring.process import clock


@click.command(short_help="Fetch the figures again and send what has changed.")
@click.argument("runs", metavar="[RUN]", cls=GroupDayArgument, type=RUNS, required=False)
@click.option("--failed", is_flag=True, help="Continue all runs that failed or were missed, instead of one RUN.")
@days_and_groups_of("--failed")
@click.option("--dry-run", is_flag=True, help="Show what would change, or what would continue. Sends nothing.")
@click.option("--ask", is_flag=True, help="Show what would change, and ask before the revision is made.")
@click.option("--send-unchanged", is_flag=True, help="Send the revision even if no figure has changed.")
@click.option("--wait", is_flag=True, help="Wait for the end. Exit status 1 unless everyone has the briefing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for a range a list of them.")
def rerun(
    runs: RunRange | None,
    failed: bool,
    days: Days | None,
    groups: tuple[Group, ...],
    dry_run: bool,
    ask: bool,
    send_unchanged: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Fetch a run's figures again and send everyone the next revision, unless no figure has changed.

    RUN is e.g. support-emea:2026-11-20 or support-emea:last, or support-emea:2026-10-01..2026-10-05 for all runs of
    these days. With --failed, runs that failed or were missed continue where they stopped, and no one gets anything
    twice. Exit status 3 if no worker answers.
    """
    refuse_both_or_neither(runs, failed, "--failed", has_its_options=bool(days or groups))
    if ask and (failed or as_json):
        raise click.UsageError("--ask goes with RUN, and not with --json.")
    stores.state_version().refuse_newer()
    if runs is None:
        _continue_all(groups, days, dry_run=dry_run, wait=wait, as_json=as_json)
        return
    group = GROUP.convert(runs.group, None, None)
    _warn_of(runs.missing_ids)
    for run_id in runs.run_ids:
        business_day.refuse_unless_over(run_id.reporting_day, group.tz, clock())
    if dry_run or ask:
        _foresee(group, runs.run_ids, runs.is_range, as_json)
    if dry_run or (ask and not click.confirm("Make and send it?", err=True)):
        return
    started = [_begin(group, run_id, send_unchanged, is_range=runs.is_range) for run_id in runs.run_ids]
    starting.finish(started, is_range=runs.is_range, wait=wait, as_json=as_json)
    if any(entry.outcome == StartResult.UNDER_WAY for entry in started):
        raise SystemExit(1)


def _warn_of(missing_ids: tuple[RunId, ...]) -> None:
    """Say on standard error which days of a range have no run, and how to make them."""
    if not missing_ids:
        return
    days = [str(run_id.reporting_day) for run_id in missing_ids]
    typed = f"{days[0]}..{days[-1]}" if len(days) > 1 else days[0]
    output.warn(
        f"No run on {first_names(days)}. To make what is missing: standup run {missing_ids[0].group} --date {typed}"
    )


def _begin(group: Group, run_id: RunId, send_unchanged: bool, *, is_range: bool = True) -> Started:
    """Begin the next revision. One run of a range that is still running does not hold up the others."""
    starter = services.run_starter()
    revised = starter.revise(run_id, asked_by="operator", source=group.source, send_unchanged=send_unchanged)
    if revised is None:
        sentence = f"still running. Rerun it when it has ended: standup explain {run_id}"
        if is_range:
            return Started(run_id, StartResult.UNDER_WAY, sentence)
        raise click.ClickException(f"{run_id} is {sentence}.")
    return Started(revised, "begun", "begun", needs_worker=True)


def _continue_all(groups: tuple[Group, ...], days: Days | None, *, dry_run: bool, wait: bool, as_json: bool) -> None:
    is_incomplete = warn_of_stopped_groups(groups)
    continued = [_continue(group, run, dry_run) for group, run in _failed_runs(groups, days)]
    sentence = nothing_found("No run failed or was missed.", is_incomplete=is_incomplete)
    starting.finish_all(continued, sentence, wait=wait and not dry_run, as_json=as_json)
    if is_incomplete:
        raise SystemExit(1)


def _failed_runs(groups: tuple[Group, ...], days: Days | None) -> list[tuple[Group, Run]]:
    return list(bad_runs(groups, days, "resume", "rerun", runs=stores.runs(), now=clock()))


def _continue(group: Group, run: Run, dry_run: bool) -> Started:
    """Continue a run where it stopped, or make it again if its figures were incomplete."""
    cause = run.code or run.state.value
    if fix_for(run.state, run.code) == "rerun":
        if dry_run:
            return Started(run.id, starting.WOULD_BEGIN, f"would be fetched again ({cause})")
        return _begin(group, run.id, send_unchanged=False)
    if dry_run:
        return Started(run.id, starting.WOULD_RESUME, f"would continue at {run.step} ({cause})")
    result = services.run_starter().begin(run.id, asked_by="operator", standup_at=None, source=group.source)
    if result != StartResult.RESUMED:
        return Started(run.id, result.value, "someone else has just continued it", needs_worker=True)
    return Started(run.id, result.value, f"continues at {run.step} ({cause})", needs_worker=True)


def _foresee(group: Group, run_ids: tuple[RunId, ...], is_range: bool, as_json: bool) -> None:
    foreseen = []
    for run_id in run_ids:
        newest = stores.runs().latest_revision(run_id)
        revised = run_id.revised(newest.id.revision + 1 if newest else 1)
        content, _ = content_of(group, revised)
        if as_json:
            foreseen.append({"run": str(revised), **_plain(content)})
        else:
            head, *details = _lines(content)
            click.echo("\n  ".join([f"{revised}: {head}", *details]))
    if as_json:
        output.print_json(foreseen if is_range else foreseen[0])


def _plain(content: Briefing | Notice) -> dict[str, Any]:
    if isinstance(content, Notice):
        return {"content": "notice", "changes": None}
    changes = content.correction.changes if content.correction else None
    return {
        "content": "briefing",
        "changes": None if changes is None else [_plain_change(change) for change in changes],
    }


def _plain_change(figure: RevisedFigure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in ("kind", "name", "medium", "earlier", "now")}


def _lines(content: Briefing | Notice) -> list[str]:
    """Return what the revision would say about its changes, as the briefing itself does."""
    if isinstance(content, Notice):
        return ["would send the notice that there are no figures for this day"]
    language = words.speak("en")
    correction = language.correction(content, most=_ALL)
    if correction is None:
        return ["would be the first revision"]
    unsent = [_UNSENT] if content.correction and not content.correction.changes else []
    return [correction.head, *map(language.now_and_before, correction.changes), *unsent]


_ALL = 10_000
_UNSENT = "It would not be sent, unless with --send-unchanged."
