"""`standup doctor`: whether everything is in order, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click

from worker import logs, settings
from worker.cli import output
from worker.doctor.finding import Finding, Level, of_error
from worker.errors import SettingsError

_MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.WRONG: "×"}
_STATUS = {Level.OK: 0, Level.WRONG: 1, Level.WARNING: 2}


@click.command()
@click.option("--group", "key", metavar="KEY", help="Only this group and its organisation.")
@click.option("--send-test-alert", is_flag=True, help="Also post a test alert to operations' webhook.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: status and findings.")
def doctor(key: str | None, send_test_alert: bool, as_json: bool) -> None:
    """Check settings, Redis, mail, alerts, workers, beat, and what every group needs at its organisation.

    Each finding that is not in order comes with the sentence that mends it. Sends no mail, starts no export and shows
    no secret. Its requests, about one for each permission and each queue, count against the quota like the workers'.

    Exit status: 0 all is well, 1 something is wrong, 2 there are warnings only.
    """
    found = _findings(key, send_test_alert)
    seen = list(found) if as_json else list(_printed(found))
    worst = _worst(seen)
    if as_json:
        output.print_json({"status": worst.value, "findings": [asdict(finding) for finding in seen]})
    else:
        click.echo(_summary(seen))
    raise SystemExit(_STATUS[worst])


def _findings(key: str | None, send_test_alert: bool) -> Iterator[Finding]:
    try:
        settings.load()
    except SettingsError as error:
        yield of_error("settings", error)
        return
    from worker import wiring
    from worker.doctor import examination

    parts = wiring.parts()
    logs.configure("ERROR", parts.settings.secret_values)  # findings say the rest, and logs go beside them
    only = parts.group(key) if key else None
    yield from examination.examine(parts, only, send_test_alert=send_test_alert)


def _printed(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding as soon as it is there."""
    for finding in found:
        click.echo(f"{_MARKS[finding.level]} {finding.area}: {finding.what.rstrip('.')}.")
        if finding.way_out:
            click.echo(f"    → {finding.way_out}")
        yield finding


def _worst(seen: Iterable[Finding]) -> Level:
    levels = {finding.level for finding in seen}
    return next((level for level in (Level.WRONG, Level.WARNING) if level in levels), Level.OK)


def _summary(seen: list[Finding]) -> str:
    wrong = sum(finding.level == Level.WRONG for finding in seen)
    warnings = sum(finding.level == Level.WARNING for finding in seen)
    if not wrong and not warnings:
        return f"All is well: {len(seen)} checks."
    return f"{wrong} wrong, {warnings} to look at, {len(seen) - wrong - warnings} in order."
