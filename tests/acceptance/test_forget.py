"""A group's past is forgotten on an operator's word, and shown to be gone; its newest briefing is not sent again."""

from __future__ import annotations

import json
from datetime import timedelta

from redis import Redis

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
OLD = DAY - timedelta(days=1)


def furnish(installation: Installation) -> None:
    world = {"zone": ZONE, "queues": ["Q1"], "agents": ["Planted Agidius"], "workdays": ALL_WEEK}
    installation.start_sandbox({"groups": {"support": world}})
    group = {"title": "Support", "zone": ZONE, "queues": ["Q1"], "deliver": {"email": ["planted.reader@example.com"]}}
    installation.write_groups({"support": group, "other": {**group, "enabled": False}})
    installation.start_worker()
    for day in (OLD, DAY):
        installation.standup("run", "support", "--date", str(day))
    installation.wait_for_runs([f"support:{OLD}", f"support:{DAY}"])


def kept(installation: Installation, text: str) -> list[str]:
    """The artifacts and Redis entries that hold a text, in their name or inside."""
    files = [path for path in (installation.folder / "artifacts").rglob("*") if path.is_file()]
    found = [str(path) for path in files if text in str(path) or text in path.read_text("utf-8", "replace")]
    redis = Redis.from_url(installation.redis_url)  # as bytes: the token bucket is no text
    for key in redis.scan_iter():
        value = {b"hash": redis.hgetall, b"string": redis.get}.get(
            redis.type(key), lambda key: redis.sort(key, alpha=True)
        )(key)
        if text in f"{key!r} {value!r}":
            found.append(key.decode())
    return found


def test_what_is_forgotten_is_nowhere_and_the_next_day_is_whole(installation: Installation) -> None:
    furnish(installation)
    would = json.loads(installation.standup("forget", "support", "--before", str(DAY), "--dry-run", "--json"))
    assert kept(installation, f"support:{OLD}")
    done = json.loads(installation.standup("forget", "support", "--before", str(DAY), "--json"))
    assert done["deleted"] == would["would_delete"]
    assert all(done["deleted"][kind] > 0 for kind in ("rows", "documents", "records", "history", "answers"))
    assert done["left"] == []
    for text in (f"support:{OLD}", f"support/{OLD}"):
        assert kept(installation, text) == []
    assert f"support:{DAY}" in installation.standup("runs")
    assert "There is no run" in installation.standup("explain", f"support:{OLD}", expect=1)
    assert "Left: nothing." in installation.standup("forget", "support", "--before", str(DAY))


def test_the_newest_day_is_not_forgotten_because_it_would_be_sent_again(installation: Installation) -> None:
    furnish(installation)
    refused = installation.standup("forget", "support", "--before", str(DAY + timedelta(days=1)), expect=1)
    assert "would be made and sent again" in refused
    assert kept(installation, f"support:{OLD}")
