"""What an earlier release stored in Redis and in files, and how to put it into a test's installation.

`first_redis.json` has the commands that rebuild the database of the first release that played a whole morning: four of
its groups, one delivered, one partly, one with a notice and one failed. `first_rows.json` is an artifact of the same
morning. Access tokens and the other groups were left out, and nothing else was changed.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from redis import Redis

from worker.domain.runs import RunId

_FOLDER = Path(__file__).parent
DAYS = ("2026-11-27", "2026-11-28")
BUCKET = "905e6d66d2458f86c406"
"""The key of the token bucket of the organisation's client."""


def load_redis(redis: Redis, day: date | None = None) -> None:
    """Rebuild the first release's database. With ``day`` all runs are of this reporting day."""
    text = (_FOLDER / "first_redis.json").read_text("utf-8")
    for stored_day in DAYS if day else ():
        text = text.replace(stored_day, str(day))
    for command in json.loads(text):
        redis.execute_command(*command)


def write_rows(artifacts: Path, run_id: RunId) -> None:
    """Write the first release's rows as those of a run."""
    path = artifacts / "runs" / run_id.group / str(run_id.reporting_day) / f"r{run_id.revision}" / "rows.json"
    path.parent.mkdir(parents=True)
    path.write_bytes((_FOLDER / "first_rows.json").read_bytes())
