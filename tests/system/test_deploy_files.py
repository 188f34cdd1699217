"""The files in deploy/ as the programs that they are for read them: systemd, promtool and a real Prometheus."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.installation import Installation
from tests.system.prometheus import PROMETHEUS, start_prometheus
from tests.waiting import HANG_SECONDS, wait_until

pytestmark = pytest.mark.system

DEPLOY = Path(__file__).parents[2] / "deploy"


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


def test_prometheus_reads_the_metrics_and_evaluates_the_rules(installation: Installation, tmp_path: Path) -> None:
    prometheus = start_prometheus(installation, tmp_path)
    output_of("promtool", "check", "config", f"{tmp_path}/prometheus.yml")
    assert wait_until(prometheus.rule_health, "every rule has been evaluated") == ["ok"] * 7
