"""``standup demo``: a whole morning on this machine, with real parts and a stand-in organisation across the wire."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:
    from worker.cli.demo.morning import Stage


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--keep", is_flag=True, help="Stay up afterwards, for looking around.")
def demo(out: Path, keep: bool) -> None:
    """Play a morning: Redis, a stand-in Genesys Cloud, a mailbox, a worker, beat and Flower, all on this machine.

    Ends by itself, leaves no process, and its exit status says whether every group ended as scripted.
    """
    from worker.cli.demo import morning, report, view  # the demo's packages are an extra of the installation

    signal.signal(signal.SIGTERM, _leave)
    console = Console()
    with morning.raised(out) as stage:
        console.print(f"{len(stage.roles)} groups; beat asks what is due; logs in {out / 'logs'}")
        morning.begin(stage)
        with view.Progress(console) as progress:
            morning.wait(stage, progress.show)
        lines = report.gather(stage)
        troubles = report.mail_troubles(stage)
        view.print_summary(console, lines)
        _where(console, out)
        for trouble in troubles:
            console.print(f"× {trouble}")
        if keep:
            _stay(console, stage)
    if troubles or not all(line.as_scripted for line in lines):
        raise SystemExit("The morning did not end as scripted.")
    console.print("Every group ended as scripted; every message arrived once.")


def _where(console: Console, out: Path) -> None:
    console.print(
        f"PDFs and workbooks: {out}/documents   mail: {out}/mail   alerts: {out}/webhooks   "
        f"figures: {out}/summary.json",
        soft_wrap=True,
    )


def _stay(console: Console, stage: Stage) -> None:
    addresses, out = stage.addresses, stage.out
    name, _, password = stage.programs.environment["FLOWER_BASIC_AUTH"].partition(":")
    console.print(f"Flower: http://{addresses['flower']} (name {name}, password {password})", soft_wrap=True)
    console.print(f"API: {addresses['api']}   Redis: {addresses['redis']}")
    console.print(f"In another shell: source {out}/env; standup runs. Ctrl-C ends the demo.", soft_wrap=True)
    try:
        while True:
            time.sleep(1)
    except (KeyboardInterrupt, SystemExit):
        console.print("Stopping.")


def _leave(*_: object) -> None:
    """SIGTERM ends the demo the way Ctrl-C does: with every process stopped."""
    raise KeyboardInterrupt
