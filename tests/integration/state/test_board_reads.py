"""The board reads all groups with the round trips of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from redis import Redis
from redis.connection import Connection

from tests.integration.state.releases import BUCKET, load_redis
from worker.domain.deliveries import Delivery
from worker.domain.runs import Finished, RunId, RunState, Step
from worker.groupfiles.reloading import Groups
from worker.http.board import pages, parts
from worker.http.board import reader as board_reader
from worker.http.board.reader import BoardReader
from worker.state.deliveries import Deliveries
from worker.state.heartbeat import Heartbeat
from worker.state.pauses import Pauses
from worker.state.runs import Runs
from worker.state.token_bucket import Quotas, TokenBucket

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
    TokenBucket(redis, "client", 300).reserve(0)  # a worker's request loads the script
    for number, key in enumerate(keys):
        run_id = RunId(key, NOW.date().replace(day=19))
        for revision in range(1, number % 4 + 1):
            runs.claim(run_id.revised(revision), "beat")
            deliveries.plan(run_id.revised(revision), [("email", f"{key}@example.com")])
            if number % 4 != 1:
                runs.enter(run_id.revised(revision), Step.HOLIDAY_CHECK, "worker")
                outcome = Finished(RunState.DELIVERED, "1 sent, 0 not")
                runs.settle(run_id.revised(revision), Step.HOLIDAY_CHECK, "worker", outcome)
    return BoardReader(
        Groups(folder / "groups.toml"),
        runs,
        deliveries,
        Pauses(redis),
        Quotas(redis, {"main": ("client", 300)}),
        Heartbeat(redis),
        lambda: NOW,
    )


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


@pytest.mark.parametrize("is_indexed", [True, False])
def test_each_group_has_its_newest_revision_and_its_own_recipients(
    redis: Redis, tmp_path: Path, is_indexed: bool
) -> None:
    reader = reader_of(redis, tmp_path, 4)
    if not is_indexed:  # as a release without an index left it
        redis.delete("standup:indexed", *redis.scan_iter("standup:days:*"))
    cards = {card.group.key: card for card in reader.with_deliveries(reader.cards())}
    revisions = [card.run.id.revision if card.run else 0 for card in cards.values()]
    assert revisions == [0, 1, 2, 3]
    for key, card in cards.items():
        assert [delivery.recipient for delivery in card.deliveries] == ([f"{key}@example.com"] if card.run else [])
        assert all(isinstance(delivery, Delivery) for delivery in card.deliveries)


def test_a_past_day_and_the_last_weeks_take_as_many_round_trips_too(
    redis: Redis, tmp_path: Path, reads: list[int]
) -> None:
    counts = []
    for size in (4, 100):
        reader = reader_of(redis, tmp_path, size)
        reader_of_tomorrow = replace(reader, clock=lambda: NOW + timedelta(days=1))
        reads.clear()
        day = pages.day_page(reader_of_tomorrow, NOW.date(), ZoneInfo("UTC"))
        weeks = pages.weeks_page(reader_of_tomorrow, ZoneInfo("UTC"))
        counts.append(len(reads))
        assert day is not None
        assert day.count("<article") == size * 3 / 4  # the others have no run
        assert weeks.count("<tr>") == size + 1
    assert counts[0] == counts[1] <= 14, counts


def test_more_groups_than_fit_are_counted_with_the_command_that_lists_them(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "SHOWN_CARDS", 1)
    monkeypatch.setattr(pages, "WEEKS_OF_GROUPS", 3)
    monkeypatch.setattr(board_reader, "GROUPS_AT_ONCE", 3)
    reader = reader_of(redis, tmp_path, 8)
    page = pages.board_page(reader, ZoneInfo("UTC"))
    assert page.count("<article") == 2
    assert "1 more group here, not shown. All runs: <code>standup runs --limit 10000</code>" in page
    assert "5 more groups here, not shown. All stand-ups: <code>standup plan --days 1</code>" in page
    weeks = pages.weeks_page(reader, ZoneInfo("UTC"))
    assert "8 groups, of which the first 3 are shown. The weeks of any other are at /groups/ and its key." in weeks


def test_a_past_day_names_the_stand_ups_without_a_run(redis: Redis, tmp_path: Path) -> None:
    reader = replace(reader_of(redis, tmp_path, 4), clock=lambda: NOW + timedelta(days=1))
    day = pages.day_page(reader, NOW.date(), ZoneInfo("UTC"))
    assert day
    assert '1 stand-up without a run: <a href="/groups/group-000">group-000</a>.' in day
    assert pages.day_page(reader, NOW.date() + timedelta(days=1), ZoneInfo("UTC")) is None


@pytest.mark.parametrize(
    ("age", "text"), [(119, ""), (600, "No worker has heard from beat for 10 min, so nothing begins by itself.")]
)
def test_a_silent_beat_is_told_once_for_all_groups(redis: Redis, tmp_path: Path, age: int, text: str) -> None:
    redis.set("standup:heartbeat", int(NOW.timestamp()) - age)
    page = pages.board_page(reader_of(redis, tmp_path, 4), ZoneInfo("UTC"))
    assert text in page
    assert ("No worker has heard" in page) == bool(text)


def test_what_the_first_release_stored_is_shown(redis: Redis, tmp_path: Path) -> None:
    load_redis(redis)
    keys = ("northgate-support", "three-readers", "harbour-claims", "broken-exports")
    (tmp_path / "groups.toml").write_text("".join(GROUP.format(key=key) for key in keys))
    reader = BoardReader(
        Groups(tmp_path / "groups.toml"),
        Runs(redis),
        Deliveries(redis),
        Pauses(redis),
        Quotas(redis, {"main": (BUCKET, 300)}),
        Heartbeat(redis),
        lambda: datetime(2026, 11, 30, 7, 20, tzinfo=UTC),
    )
    page = pages.board_page(reader, ZoneInfo("UTC"))
    assert "Delivered in part" in page
    assert "Notice" in page
    story = reader.story(RunId("three-readers", date(2026, 11, 27)))
    assert story
    assert "documents made" in pages.run_page(reader, story, ZoneInfo("UTC"))
    assert "/runs/three-readers:2026-11-27" in pages.weeks_page(reader, ZoneInfo("UTC"))
