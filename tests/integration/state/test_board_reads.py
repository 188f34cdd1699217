"""The board reads all groups with the round trips of one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from redis import Redis
from redis.connection import Connection

from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, RunId, RunState, Step
from worker.groupfiles.reloading import Groups
from worker.http.board import pages
from worker.http.board.reader import BoardReader
from worker.state.deliveries import Deliveries
from worker.state.pauses import Pauses
from worker.state.runs import Runs

NOW = datetime(2026, 11, 20, 7, 20, tzinfo=UTC)  # a Friday, after the preparation has begun in Berlin
GROUP = """
[groups.{key}]
title = "{key}"
zone = "Europe/Berlin"
standup_at = "08:30"
catch_up_until = "11:00"
queues = ["Q"]
deliver = {{ email = ["{key}@example.com"] }}
"""


def reader_of(redis: Redis, folder: Path, count: int) -> BoardReader:
    """Return the board of so many groups: delivered, corrected, open and not begun."""
    keys = [f"group-{number:03}" for number in range(count)]
    (folder / "groups.toml").write_text("".join(GROUP.format(key=key) for key in keys))
    runs, deliveries = Runs(redis), Deliveries(redis)
    for number, key in enumerate(keys):
        run_id = RunId(key, NOW.date().replace(day=19))
        for revision in range(1, number % 4 + 1):
            runs.claim(run_id.revised(revision), "beat")
            deliveries.plan(run_id.revised(revision), [("email", f"{key}@example.com")])
            if number % 4 != 1:
                runs.enter(run_id.revised(revision), Step.HOLIDAY_CHECK, "worker")
                outcome = Finished(RunState.DELIVERED, "1 sent, 0 not")
                runs.settle(run_id.revised(revision), Step.HOLIDAY_CHECK, "worker", outcome)
    return BoardReader(Groups(folder / "groups.toml"), runs, deliveries, Pauses(redis), lambda: NOW)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a request was sent to Redis, one entry each."""
    sent: list[int] = []
    send = Connection.send_packed_command

    def counted(self: Connection, command: object, check_health: bool = True) -> None:
        sent.append(1)
        send(self, command, check_health)

    monkeypatch.setattr(Connection, "send_packed_command", counted)
    return sent


def test_a_hundred_groups_take_as_many_round_trips_as_four(redis: Redis, tmp_path: Path, reads: list[int]) -> None:
    counts = []
    for size in (4, 100):
        reader = reader_of(redis, tmp_path, size)
        reads.clear()
        page = pages.board_page(reader, ZoneInfo("UTC"))
        counts.append(len(reads))
        assert page.count("group-") >= size
    assert counts[0] == counts[1] <= 10, counts


def test_each_group_has_its_newest_revision_and_its_own_recipients(redis: Redis, tmp_path: Path) -> None:
    cards = {card.group.key: card for card in reader_of(redis, tmp_path, 4).cards()}
    revisions = [card.run.id.revision if card.run else 0 for card in cards.values()]
    assert revisions == [0, 1, 2, 3]
    for key, card in cards.items():
        assert [delivery.recipient for delivery in card.deliveries] == ([f"{key}@example.com"] if card.run else [])
        assert all(isinstance(delivery, Delivery) for delivery in card.deliveries)
