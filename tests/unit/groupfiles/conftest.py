from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from worker.groupfiles import reading as groupfile
from worker.groupfiles.reading import GroupFile

Read = Callable[..., GroupFile]

DEFAULTS = """\
[defaults]
catch_up_until = "10:30"
queues = ["Support"]
deliver = { email = ["lead@example.com"] }
"""

HEALTHY = """\
[groups.healthy]
title = "Healthy"
zone = "Europe/Berlin"
standup_at = "08:30"
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write files, by name, into a folder and read it; with one unnamed text, write and read that file alone."""

    def write_and_read(text: str | bytes | None = None, **files: str | bytes) -> GroupFile:
        for name, content in {**files, **({"groups": text} if text is not None else {})}.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / f"{name}.toml").write_bytes(data)
        return groupfile.read(tmp_path / "groups.toml" if text is not None else tmp_path)

    return write_and_read
