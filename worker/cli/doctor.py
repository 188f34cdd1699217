"""`standup doctor`: check everything that a morning needs, and say how to fix what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from worker import logs, settings
from worker.cli import output
from worker.cli.arguments.parameters import GROUP
from worker.doctor.finding import Finding, Level, of_error
from worker.errors import SettingsError

_MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.WRONG: "×"}
_GROUP = "group "
"""How the area of a group's finding begins."""

_SCREEN_LINES = 20
"""So many findings further down, the first problem may have left the screen."""

_STATUS = {Level.OK: 0, Level.WRONG: 1, Level.WARNING: 2}


@click.command(short_help="Check everything that a morning needs.")
@click.option(
    "--group", "key", metavar="KEY", shell_complete=GROUP.shell_complete, help="Only this group and its organisation."
)
@click.option("--send-test-alert", is_flag=True, help="Also post a test alert to operations' webhook.")
@click.option(
    "--sample",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Only show how this report file is read, column by column, for --group or for all known columns.",
)
@click.option("--all", "show_all", is_flag=True, help="Also show what is in order in each group.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: status and findings.")
def doctor(key: str | None, send_test_alert: bool, sample: Path | None, show_all: bool, as_json: bool) -> None:
    """Check settings, Redis, mail, alerts, workers, beat, and what every group needs at its organisation.

    Each finding that is not in order says how to fix it. Sends no mail, starts no export and shows no secret. Its
    requests, about one for each permission and each queue, count against the quota like those of the workers.

    Exit status: 0 all is well, 1 something is wrong, 2 there are only warnings or the command has a mistake.
    """
    stream = _sample_findings(sample, key) if sample else _findings(key, send_test_alert)
    findings = list(stream) if as_json else list(_printed(stream, is_short=not (show_all or key or sample)))
    worst = _worst(findings)
    if as_json:
        output.print_json({"status": worst.value, "findings": [_plain(finding) for finding in findings]})
    else:
        _print_summary(findings)
    raise SystemExit(_STATUS[worst])


def _findings(key: str | None, send_test_alert: bool) -> Iterator[Finding]:
    try:
        settings.load()
    except SettingsError as error:
        yield of_error("settings", error)
        return
    from worker.doctor import examination
    from worker.wiring import process

    logs.configure("ERROR", process.settings().secret_values)  # the findings report warnings themselves
    selected = GROUP.convert(key, None, None) if key else None
    yield from examination.examine(selected, send_test_alert=send_test_alert)


def _sample_findings(path: Path, key: str | None) -> Iterator[Finding]:
    """Read a file without asking any service. Only a group's definitions need the settings."""
    from worker.doctor import sample

    group = None
    if key:
        try:
            settings.load()
        except SettingsError as error:
            yield of_error("settings", error)
            return
        group = GROUP.convert(key, None, None)
    yield from sample.examine(path, group)


def _plain(finding: Finding) -> dict[str, str]:
    plain = asdict(finding)
    return {"area": plain.pop("area"), "level": plain.pop("level"), "what": plain.pop("fact"), **plain}


def _printed(findings: Iterable[Finding], *, is_short: bool) -> Iterator[Finding]:
    """Print each finding as soon as its check has made it. A short list leaves out what is in order in a group."""
    areas: dict[str, bool] = {}
    for finding in findings:
        is_of_group = is_short and finding.area.startswith(_GROUP)
        if is_of_group:
            areas[finding.area] = areas.get(finding.area, True) and finding.level == Level.OK
        if not is_of_group or finding.level != Level.OK:
            _print(finding)
        yield finding
    if areas:
        click.echo(
            f"{_MARKS[Level.OK]} groups: {sum(areas.values())} of {len(areas)} have all they need (--all: in detail)."
        )


def _print(finding: Finding) -> None:
    place = f"{finding.place}: " if finding.place else ""
    output.print_wrapped(f"{_MARKS[finding.level]} {finding.area}: {place}{finding.fact.rstrip('.')}.", indent=2)
    if finding.way_out:
        output.print_wrapped(f"    → {finding.way_out}", indent=6)


def _worst(findings: Iterable[Finding]) -> Level:
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.WRONG, Level.WARNING) if level in levels), Level.OK)


def _print_summary(findings: list[Finding]) -> None:
    """Print how many checks ended how. If the first problem may have left the screen, print all problems again."""
    counts = Counter(finding.level for finding in findings)
    if counts[Level.OK] == len(findings):
        click.echo(f"All is well: {len(findings)} checks.")
        return
    click.echo(f"{counts[Level.WRONG]} wrong, {counts[Level.WARNING]} to look at, {counts[Level.OK]} in order.")
    first_problem = next(number for number, finding in enumerate(findings) if finding.level != Level.OK)
    if len(findings) - first_problem > _SCREEN_LINES:
        click.echo()
        for level in (Level.WRONG, Level.WARNING):
            for finding in findings:
                if finding.level == level:
                    _print(finding)
