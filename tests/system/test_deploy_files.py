"""The files in deploy/ as the programs that they are for read them: systemd, promtool and a real Prometheus."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.acceptance.installation import Installation
from tests.redis_server import free_port
from tests.waiting import HANG_SECONDS, wait_until
from worker.cli.demo.processes import Program, python

pytestmark = pytest.mark.system

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
IS_UP = 'up{job="standup"} == 1'


def output_of(*command: str) -> str:
    """Run a program, which must be there and succeed."""
    if not shutil.which(command[0]):
        pytest.fail(
            f"{command[0]} is missing: apt-get install {'systemd' if 'systemd' in command[0] else 'prometheus'}"
        )
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=HANG_SECONDS)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def test_the_rules_are_right_and_fire_when_they_should() -> None:
    assert "7 rules found" in output_of("promtool", "check", "rules", str(PROMETHEUS / "rules.yml"))
    assert "SUCCESS" in output_of("promtool", "test", "rules", str(PROMETHEUS / "rules_test.yml"))


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").iterdir()), ids=lambda path: path.name)
def test_systemd_understands_every_line_of_a_unit(unit: Path, tmp_path: Path) -> None:
    """The programs are replaced by one that exists, because systemd-analyze looks for them."""
    for file in unit.parent.iterdir():
        text = "\n".join(
            "ExecStart=/bin/true" if line.startswith("ExecStart=") else line for line in file.read_text().splitlines()
        )
        (tmp_path / file.name).write_text(text)
    warnings = output_of("systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name))
    assert unit.stem not in warnings, warnings


def answer(address: str, path: str) -> dict[str, Any]:
    """Return what Prometheus' HTTP API has at this path."""
    with urlopen(f"http://{address}/api/v1/{path}", timeout=HANG_SECONDS) as response:  # our own address
        data: dict[str, Any] = json.load(response)["data"]
        return data


def test_prometheus_reads_the_metrics_and_evaluates_the_rules(installation: Installation, tmp_path: Path) -> None:
    installation.configure(REDIS_URL=installation.redis_url, NOTICES__SECRET="s" * 32)
    served = installation.programs.start(
        Program("notices", python("-m", "worker.cli", "notices", "--port", "0")), answers=True
    )
    shutil.copy(PROMETHEUS / "rules.yml", tmp_path)
    configuration = (PROMETHEUS / "prometheus.yml").read_text().replace("30s", "1s")
    configuration = configuration.replace("127.0.0.1:8765", served.strip().removeprefix("http://"))
    (tmp_path / "prometheus.yml").write_text(configuration)
    address = f"127.0.0.1:{free_port()}"
    flags = [f"--config.file={tmp_path}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/data"]
    output_of("promtool", "check", "config", f"{tmp_path}/prometheus.yml")
    installation.programs.start(Program("prometheus", ["prometheus", *flags, f"--web.listen-address={address}"]))

    def rule_health() -> list[str]:
        try:
            is_up = answer(address, f"query?query={quote(IS_UP)}")["result"]
            groups = answer(address, "rules")["groups"]
        except URLError:
            return []
        health = [rule["health"] for group in groups for rule in group["rules"]]
        return health if is_up and "unknown" not in health else []

    assert wait_until(rule_health, "Prometheus has read the metrics and evaluated every rule") == ["ok"] * 7
