"""An operator deletes a group's past and sees that it is gone. The newest briefing is not sent again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from redis import Redis

from tests.acceptance.installation import DAY, Installation, group, sandbox_group

OLD_DAY = DAY - timedelta(days=1)


@pytest.fixture(scope="module")
def installation(shared_installation: Installation) -> Installation:
    """A group with two briefings, and one that is switched off."""
    installation = shared_installation
    installation.start_sandbox({"groups": {"support": sandbox_group("Q1", agents=["Planted Agidius"])}})
    support = group("Support", "Q1", deliver={"email": ["planted.reader@example.com"]})
    installation.write_groups({"support": support, "other": {**support, "enabled": False}})
    installation.start_worker()
    installation.wait_for_runs([installation.begin_run("support", day) for day in (OLD_DAY, DAY)])
    return installation


def places_of(installation: Installation, text: str) -> list[str]:
    """Return the artifacts and Redis entries that contain a text, in their name or inside."""
    files = [path for path in (installation.folder / "artifacts").rglob("*") if path.is_file()]
    places = [str(path) for path in files if text in str(path) or text in path.read_text("utf-8", "replace")]
    redis = Redis.from_url(installation.redis_url)  # as bytes: the token bucket is not text
    for key in redis.scan_iter():
        readers = {b"hash": redis.hgetall, b"string": redis.get}
        value = readers.get(redis.type(key), lambda key: redis.sort(key, alpha=True))(key)
        if text in f"{key!r} {value!r}":
            places.append(key.decode())
    return places


def test_the_newest_day_is_not_deleted_because_it_would_be_sent_again(installation: Installation) -> None:
    output = installation.standup("forget", "support", "--before", str(DAY + timedelta(days=1)), expect=1)
    assert "made and sent again" in output
    assert places_of(installation, f"support:{DAY}")


def test_a_forgotten_day_is_deleted_everywhere_and_the_next_one_stays(installation: Installation) -> None:
    command = ("forget", "support", "--before", str(DAY))
    preview = json.loads(installation.standup(*command, "--dry-run", "--json"))
    assert places_of(installation, f"support:{OLD_DAY}")
    report = json.loads(installation.standup(*command, "--json"))
    assert report["deleted"] == preview["would_delete"]
    assert all(report["deleted"][kind] > 0 for kind in ("rows", "documents", "records", "history", "answers"))
    assert report["left"] == []
    for text in (f"support:{OLD_DAY}", f"support/{OLD_DAY}"):
        assert places_of(installation, text) == []
    assert f"support:{DAY}" in installation.standup("runs")
    assert "There is no run" in installation.standup("explain", f"support:{OLD_DAY}", expect=2)
    assert "Nothing is left." in installation.standup(*command)
