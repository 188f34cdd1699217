"""`python -m sandbox`: start the sandbox, or check a scenario."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from sandbox import replay, scenario, site
from sandbox.scenario import QuotaEntry, Scenario, known_zone


def main() -> int:
    """Run until told to stop; 2 when the scenario, the file of calls or a port cannot be used."""
    asked = _arguments()
    try:
        if asked.check:
            scenario.load(asked.check)
            sys.stdout.write(f"{asked.check}: all right\n")
            return 0
        made = _site(asked)
    except (scenario.ScenarioError, replay.ReplayError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _play(asked, made)


def _play(asked: argparse.Namespace, made: site.Site) -> int:
    from sandbox import serve  # the servers are needed only here

    ports = asked.api_port, asked.smtp_port, asked.webhook_port
    try:
        serve.run(made, asked.host, ports, asked.out, asked.latency_ms / 1000)
    except serve.CannotListen as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _site(asked: argparse.Namespace) -> site.Site:
    loaded = scenario.load(asked.scenario)
    if asked.quota_per_minute:
        quota = QuotaEntry(per_minute=asked.quota_per_minute, window_seconds=loaded.quota.window_seconds)
        loaded = loaded.model_copy(update={"quota": quota})
    try:
        return site.build(loaded, time.time, _history(asked, loaded))
    except ValueError as error:
        raise scenario.ScenarioError(f"{asked.scenario}: {error}") from None


def _history(asked: argparse.Namespace, loaded: Scenario) -> replay.Replay | None:
    if asked.replay is None:
        return None
    return replay.load(asked.replay, asked.replay_first_day, asked.replay_zone)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m sandbox", description=__doc__)
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--scenario", type=Path, help="the scenario file to play")
    task.add_argument("--check", type=Path, metavar="SCENARIO", help="only say what is wrong with the file")
    parser.add_argument("--host", default="127.0.0.1")
    for port in ("api", "smtp", "webhook"):
        parser.add_argument(f"--{port}-port", type=int, default=0, help="0: any free one")
    parser.add_argument("--out", type=Path, default=Path("out/sandbox"), help="where mail and webhooks are kept")
    parser.add_argument("--latency-ms", type=float, default=0, help="added to each request to the API")
    parser.add_argument("--quota-per-minute", type=int, help="instead of the scenario's")
    parser.add_argument("--replay", type=Path, help="a file of calls (CSV, may be gzipped)")
    parser.add_argument("--replay-first-day", type=date.fromisoformat, default=date(2026, 10, 1))
    parser.add_argument("--replay-zone", type=_zone, default=ZoneInfo("Asia/Jerusalem"))
    return parser.parse_args()


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(known_zone(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
