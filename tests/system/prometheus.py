"""A real Prometheus that reads an installation's metrics and evaluates the rules in deploy/, with shorter waits."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

from tests.acceptance.installation import Installation
from tests.redis_server import free_port
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program, python

PROMETHEUS = Path(__file__).parents[2] / "deploy" / "prometheus"
NOTICES = "notices"


@dataclass(frozen=True)
class Prometheus:
    """A running Prometheus. ``address`` is that of its HTTP API."""

    address: str

    def ask(self, path: str) -> Any:
        """Return what the HTTP API has at this path, None while it does not answer."""
        try:
            with urlopen(f"http://{self.address}/api/v1/{path}", timeout=HANG_SECONDS) as response:  # our own address
                return json.load(response)["data"]
        except URLError:
            return None

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the present values of an expression."""
        answer = self.ask(f"query?query={quote(expression)}")
        return answer["result"] if answer else []

    def firing(self) -> dict[str, dict[str, str]]:
        """Return the labels and annotations of the alerts that fire, by name."""
        alerts = (self.ask("alerts") or {"alerts": []})["alerts"]
        return {
            alert["labels"]["alertname"]: alert["labels"] | alert["annotations"]
            for alert in alerts
            if alert["state"] == "firing"
        }

    def wait_for_alert(self, name: str) -> dict[str, str]:
        """Return the labels and annotations of the alert once it fires."""
        return wait_until(lambda: self.firing().get(name, {}), f"{name} fires")

    def rule_health(self) -> list[str]:
        """Return the health of each rule, nothing while one has not been evaluated."""
        groups = (self.ask("rules") or {"groups": []})["groups"]
        health = [rule["health"] for group in groups for rule in group["rules"]]
        return [] if "unknown" in health else health


def start_prometheus(installation: Installation, folder: Path) -> Prometheus:
    """Start ``standup notices`` and a Prometheus that reads it every second. Return it once it has read the metrics."""
    installation.configure(REDIS_URL=installation.redis_url, NOTICES__SECRET="s" * 32)
    command = python("-m", "worker.cli", "notices", "--port", "0")
    served = installation.programs.start(Program(NOTICES, command), answers=True).strip().removeprefix("http://")
    (folder / "rules.yml").write_text(with_short_waits((PROMETHEUS / "rules.yml").read_text("utf-8")))
    configuration = (PROMETHEUS / "prometheus.yml").read_text("utf-8").replace("30s", "1s")
    (folder / "prometheus.yml").write_text(configuration.replace("127.0.0.1:8765", served))
    prometheus = Prometheus(f"127.0.0.1:{free_port()}")
    flags = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    listen = f"--web.listen-address={prometheus.address}"
    installation.programs.start(Program("prometheus", ["prometheus", *flags, listen]))
    wait_until(lambda: prometheus.query("standup_runs_open"), "Prometheus has read the metrics")
    return prometheus


def with_short_waits(rules: str) -> str:
    """Return the rules with seconds in place of minutes before an alert fires. What they compare stays the same."""
    return re.sub(r"for: \d+m", "for: 1s", rules).replace("> 180", "> 10").replace("> 2700", "> 10")
