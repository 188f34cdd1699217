"""`standup doctor`: check everything that a morning needs, and say how to fix what is wrong."""

from __future__ import annotations

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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: status and findings.")
def doctor(key: str | None, send_test_alert: bool, sample: Path | None, as_json: bool) -> None:
    """Check settings, Redis, mail, alerts, workers, beat, and what every group needs at its organisation.

    Each finding that is not in order says how to fix it. Sends no mail, starts no export and shows no secret. Its
    requests, about one for each permission and each queue, count against the quota like those of the workers.

    Exit status: 0 all is well, 1 something is wrong, 2 there are only warnings or the command has a mistake.
    """
    stream = _sample_findings(sample, key) if sample else _findings(key, send_test_alert)
    findings = list(stream) if as_json else list(_printed(stream))
    worst = _worst(findings)
    if as_json:
        output.print_json({"status": worst.value, "findings": [_plain(finding) for finding in findings]})
    else:
        click.echo(_summary(findings))
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


def _printed(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Print each finding as soon as its check has made it."""
    for finding in findings:
        click.echo(f"{_MARKS[finding.level]} {finding.area}: {finding.fact.rstrip('.')}.")
        if finding.way_out:
            click.echo(f"    → {finding.way_out}")
        yield finding


def _worst(findings: Iterable[Finding]) -> Level:
    levels = {finding.level for finding in findings}
    return next((level for level in (Level.WRONG, Level.WARNING) if level in levels), Level.OK)


def _summary(findings: list[Finding]) -> str:
    wrong = sum(finding.level == Level.WRONG for finding in findings)
    warnings = sum(finding.level == Level.WARNING for finding in findings)
    if not wrong and not warnings:
        return f"All is well: {len(findings)} checks."
    return f"{wrong} wrong, {warnings} to look at, {len(findings) - wrong - warnings} in order."
