"""The same briefing gives the same file to the byte, whatever process writes it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

from renderers import xlsx
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.xlsx.conftest import opened

ROOT = Path(__file__).parents[4]
PRINT_HASH = (
    "import hashlib; from renderers import xlsx; from tests.unit.renderers.conftest import SAMPLE; "
    "print(hashlib.sha256(xlsx.render(SAMPLE)).hexdigest())"
)


def hash_in_another_process(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    ran = subprocess.run([sys.executable, "-c", PRINT_HASH], env=environment, cwd=ROOT, capture_output=True, check=True)
    return ran.stdout.decode().strip()


def test_two_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    assert hash_in_another_process("1") == hash_in_another_process("2")


def test_no_date_in_the_file_is_the_clocks() -> None:
    content = xlsx.render(SAMPLE)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(content).properties
    assert properties.created == properties.modified == datetime(2026, 10, 22, 10, 5, 12)
