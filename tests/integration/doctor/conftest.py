"""Parts over a real, empty Redis."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker.settings import Settings
from worker.wiring import Parts


@pytest.fixture
def parts(redis_url: str, tmp_path: Path) -> Parts:
    """The parts of a process without organisations."""
    return Parts(Settings(redis_url=redis_url, artifacts=str(tmp_path / "artifacts")))
