"""Run programs of Debian packages. A missing program is a failure that names the package."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import pytest

from tests.waiting import HANG_SECONDS


def need(package: str, program: str) -> None:
    """Fail if the program is not installed."""
    if not shutil.which(program):
        pytest.fail(f"{program} is missing, which this test needs: apt-get install {package}")


def run(package: str, *command: str, status: int = 0) -> str:
    """Return what the program prints to either stream. It must end with this status."""
    need(package, command[0])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=HANG_SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # some are scripts that start other programs
            raise
    assert process.returncode == status, f"{command}: {process.returncode}\n{output}"
    return output
