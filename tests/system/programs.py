"""Runs programs that come from Debian packages; one that is not there is a failure that names the package."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import pytest


def need(package: str, program: str) -> None:
    """Fail where the program is not there."""
    if not shutil.which(program):
        pytest.fail(f"{program} is missing, and with it what this test is about: apt-get install {package}")


def run(package: str, *command: str, status: int = 0, seconds: float = 60) -> str:
    """What the program prints, both ways; it has to end with this status."""
    need(package, command[0])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as started:
        try:
            said, _ = started.communicate(timeout=seconds)
        except BaseException:
            os.killpg(started.pid, signal.SIGKILL)  # some are scripts that start others
            raise
    assert started.returncode == status, f"{command}: {started.returncode}\n{said}"
    return said
