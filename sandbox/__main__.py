"""`python -m sandbox`: start the sandbox, or check a scenario."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sandbox import site
from sandbox.records import replay
from sandbox.scenario import file
from sandbox.scenario.file import QuotaEntry


def main() -> int:
    """Run until a signal ends the program. Return 2 if the scenario, the file of calls or a port cannot be used."""
    arguments = _arguments()
    try:
        if arguments.check:
            file.load(arguments.check)
            sys.stdout.write(f"{arguments.check}: all right\n")
            return 0
        built = _build(arguments)
    except (file.ScenarioError, replay.ReplayError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _serve(arguments, built)


def _serve(arguments: argparse.Namespace, built: site.Site) -> int:
    from sandbox import server  # the servers are slow to import, and --check does not need them

    ports = arguments.api_port, arguments.smtp_port, arguments.webhook_port
    try:
        server.run(built, arguments.host, ports, arguments.out, arguments.latency_ms / 1000)
    except server.CannotListen as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _build(arguments: argparse.Namespace) -> site.Site:
    scenario = file.load(arguments.scenario)
    if arguments.quota_per_minute:
        quota = QuotaEntry(per_minute=arguments.quota_per_minute, window_seconds=scenario.quota.window_seconds)
        scenario = scenario.model_copy(update={"quota": quota})
    try:
        return site.build(scenario, time.time, _history(arguments))
    except ValueError as error:
        raise file.ScenarioError(f"{arguments.scenario}: {error}") from None


def _history(arguments: argparse.Namespace) -> replay.Replay | None:
    if arguments.replay is None:
        return None
    return replay.load(arguments.replay, arguments.replay_first_day, arguments.replay_zone)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--scenario", type=Path, help="the scenario file to play")
    task.add_argument("--check", type=Path, metavar="SCENARIO", help="only check the file and print its mistakes")
    parser.add_argument("--host", default="127.0.0.1")
    for port in ("api", "smtp", "webhook"):
        parser.add_argument(f"--{port}-port", type=int, default=0, help="0: any free port")
    parser.add_argument("--out", type=Path, default=Path("out/sandbox"), help="the folder for mail and webhooks")
    parser.add_argument("--latency-ms", type=float, default=0, help="added to each request to the API")
    parser.add_argument("--quota-per-minute", type=int, help="replaces the scenario's quota")
    parser.add_argument("--replay", type=Path, help="a file of calls (CSV, may be gzipped)")
    parser.add_argument("--replay-first-day", type=date.fromisoformat, default=date(2026, 10, 1))
    parser.add_argument("--replay-zone", type=_zone, default=ZoneInfo("Asia/Jerusalem"))
    return parser.parse_args()


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(file.known_zone(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
