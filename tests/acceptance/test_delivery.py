"""Channels × failures × moments, as one morning of whole programs: what arrived, how often, what the ledger says.

Every row is a group with two deliveries: a mailbox that is well, and the one in trouble. Whatever the trouble, the
mailbox gets exactly one message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.acceptance.house import ALL_WEEK, House, awake_zone, yesterday
from tests.receivers import CUT, HttpReceiver, Reply
from worker.cli.demo.processes import Programs
from worker.domain.runs import Run, RunState
from worker.state.deliveries import Delivery

ZONE = awake_zone()
DAY = yesterday(ZONE)
DELIVERED, PARTLY = RunState.DELIVERED, RunState.PARTLY_DELIVERED
TRY_LATER = Reply(429, "slow down", {"Retry-After": "1"})


@dataclass(frozen=True)
class Row:
    """One group's trouble: where, what the receiver does, and what must come of it.

    ``requests``: how often the receiver was asked; of a mailbox, how many messages it took.
    """

    group: str
    channel: str
    replies: tuple[Reply, ...] | str
    state: str
    run: RunState
    requests: int
    says: str = ""

    @property
    def name(self) -> str:
        return f"room-{self.group}"

    @property
    def recipient(self) -> str:
        return f"{self.group}@trouble.example.com" if self.channel in ("email", "sendgrid") else self.name


TABLE = (
    Row("mail-full", "email", "552 5.2.2 mailbox full", "refused", PARTLY, 0, "552 5.2.2 mailbox full"),
    Row("mail-grey", "email", "once 451 4.7.1 greylisted", "sent", DELIVERED, 1, "250"),
    Row("mail-gone", "email", "550 5.1.1 no such user", "refused", PARTLY, 0, "550 5.1.1"),
    Row("mail-busy", "email", "451 4.3.0 always", "refused", PARTLY, 0, "451 4.3.0"),
    Row("slack-well", "slack", (Reply(),), "sent", DELIVERED, 1, "200 ok"),
    Row("slack-429", "slack", (TRY_LATER, Reply()), "sent", DELIVERED, 2, "200 ok"),
    Row("slack-gone", "slack", (Reply(404, "no_service"),), "refused", PARTLY, 1, "404 no_service"),
    Row("slack-cut", "slack", (CUT,), "unknown", PARTLY, 1, "did not confirm"),
    Row("teams-well", "teams", (Reply(202, ""),), "sent", DELIVERED, 1, "202 accepted"),
    Row("teams-413", "teams", (Reply(413, ""), Reply(202, "")), "sent", DELIVERED, 2, "202 accepted"),
    Row("teams-502", "teams", (Reply(502, "bad gateway"),), "unknown", PARTLY, 1, "did not confirm"),
    Row("teams-503", "teams", (Reply(503, "", {"Retry-After": "1"}),), "refused", PARTLY, 3, "503"),
    Row("teams-unset", "teams", "", "refused", PARTLY, 0, "STANDUP_TEAMS__ROOM_TEAMS_UNSET__WEBHOOK_URL"),
    Row("bucket-well", "bucket", "folder", "sent", DELIVERED, 0, "4 objects"),
    Row("bucket-blocked", "bucket", "file", "refused", PARTLY, 0, "NotADirectory"),
)
AGAIN = (
    Row("again-gone", "slack", (Reply(404, "no_service"), Reply()), "refused", PARTLY, 1),
    Row("again-cut", "slack", (CUT, Reply()), "unknown", PARTLY, 1),
    Row("again-missing", "teams", (CUT, Reply(202, "")), "unknown", PARTLY, 1),
    Row("again-named", "teams", (Reply(404, ""), Reply(202, "")), "refused", PARTLY, 1),
    Row("corrected", "slack", (Reply(),), "sent", DELIVERED, 1),
)
"""Groups for the tests of the operator's commands, one for each."""

WELL = tuple(f"well+{row.group}@example.com" for row in (*TABLE, *AGAIN))


@pytest.fixture(scope="module")
def receiver() -> Iterator[HttpReceiver]:
    made = HttpReceiver()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, redis_server: str, receiver: HttpReceiver) -> Iterator[House]:
    """One worker, one beat, all rows of the table as groups; given back when every run has ended."""
    Redis.from_url(redis_server).flushall()
    folder = tmp_path_factory.mktemp("house")
    with Programs(folder / "logs", {}) as programs:
        house = House(folder, f"{redis_server}/0", programs)
        furnish(house, receiver)
        house.worker()
        house.beat()
        house.wait_all([run_id(row) for row in (*TABLE, *AGAIN)], 110)
        yield house


def run_id(row: Row) -> str:
    return f"{row.group}:{DAY}"


def furnish(house: House, receiver: HttpReceiver) -> None:
    refuse = {row.recipient: row.replies for row in TABLE if row.channel == "email"}
    rows = (*TABLE, *AGAIN)
    queues = [f"Queue {row.group}" for row in rows]
    world = {"zone": ZONE, "queues": queues, "agents": 4, "workdays": ALL_WEEK}
    house.sandbox({"groups": {"everybody": world}, "mailbox": {"refuse": refuse}})
    for row in rows:
        house.settings(**settings_of(row, house.folder, receiver))
    house.groups({row.group: group_of(row) for row in rows})


def group_of(row: Row) -> dict[str, Any]:
    deliver = {"email": [f"well+{row.group}@example.com"]}
    deliver[row.channel] = [*deliver.get(row.channel, []), row.recipient]
    return {"title": row.group, "zone": ZONE, "queues": [f"Queue {row.group}"], "deliver": deliver}


def settings_of(row: Row, folder: Path, receiver: HttpReceiver) -> dict[str, str]:
    name = row.name.upper().replace("-", "_")
    if row.channel == "bucket":
        place = folder / row.group
        if row.replies == "file":
            place.write_text("a file, where a folder is expected")
        return {f"BUCKETS__{name}__URL": str(place)}
    if isinstance(row.replies, str):
        return {}
    return {f"{row.channel.upper()}__{name}__WEBHOOK_URL": receiver.script(f"/{row.group}", *row.replies)}


def delivery_of(house: House, row: Row) -> Delivery:
    found = house.parts.deliveries.of(run_of(house, row).id)
    return next(each for each in found if each.recipient == row.recipient)


def run_of(house: House, row: Row) -> Run:
    return house.wait(run_id(row), 1)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.group)
def test_each_trouble_ends_as_the_table_says(row: Row, morning: House, receiver: HttpReceiver) -> None:
    delivery = delivery_of(morning, row)
    assert delivery.state == row.state
    assert row.says in (delivery.proof or delivery.why)
    assert run_of(morning, row).state == row.run
    if row.channel in ("slack", "teams"):
        assert len(receiver.at(f"/{row.group}")) == row.requests
    elif row.channel == "email":
        assert envelopes(morning).count(row.recipient) == row.requests


def test_every_mailbox_that_is_well_got_one_message_whatever_happened_beside_it(morning: House) -> None:
    firsts = [each for each in envelopes(morning, subject_without="corrected") if each in WELL]
    assert sorted(firsts) == sorted(WELL)


def test_the_chat_shows_what_the_mail_says(morning: House, receiver: HttpReceiver) -> None:
    said = json.dumps(receiver.at("/slack-well")[0].json, ensure_ascii=False)
    card = json.dumps(receiver.at("/teams-well")[0].json, ensure_ascii=False)
    for words in (f"Daily Standup Report - {DAY}", "Service level", "Abandonment", "Occupancy", "Adherence"):
        assert words in said
        assert words in card


def test_the_bucket_has_documents_and_message_under_group_day_and_revision(morning: House) -> None:
    place = morning.folder / "bucket-well" / "bucket-well" / DAY.isoformat() / "r1"
    assert {path.suffix for path in place.iterdir()} == {".pdf", ".xlsx", ".html", ".txt"}


def test_no_webhook_address_is_in_the_ledger_the_logs_or_the_alerts(morning: House, receiver: HttpReceiver) -> None:
    stored = " ".join(
        map(str, (each for row in TABLE for each in morning.parts.deliveries.of(run_of(morning, row).id)))
    )
    logs = "".join(path.read_text() for path in (morning.folder / "logs").glob("*"))
    assert receiver.url not in stored + logs + json.dumps(morning.wait_for_alerts(1))


def test_resend_reaches_whom_it_did_not_reach_and_nobody_else(morning: House, receiver: HttpReceiver) -> None:
    row = row_of("again-gone")
    said = json.loads(morning.shell("resend", run_id(row), "--failed-only", "--json"))
    assert [each["recipient"] for each in said["sending"]] == [row.name]
    assert morning.wait(run_id(row)).state == RunState.DELIVERED
    assert len(receiver.at("/again-gone")) == 2
    assert envelopes(morning).count("well+again-gone@example.com") == 1
    assert json.loads(morning.shell("resend", run_id(row), "--json"))["sending"] == []


def test_the_operators_word_settles_what_nobody_knows(morning: House, receiver: HttpReceiver) -> None:
    row = row_of("again-cut")
    assert "--settle room-again-cut=sent" in morning.shell("resend", run_id(row))
    morning.shell("resend", run_id(row), "--settle", f"{row.name}=sent")
    assert morning.wait(run_id(row)).state == RunState.DELIVERED
    assert len(receiver.at("/again-cut")) == 1
    assert "settled" not in morning.shell("resend", run_id(row))


def test_what_the_operator_found_missing_is_sent_again(morning: House, receiver: HttpReceiver) -> None:
    row = row_of("again-missing")
    morning.shell("resend", run_id(row), "--settle", f"{row.name}=missing")
    assert morning.wait(run_id(row)).state == RunState.DELIVERED
    assert len(receiver.at("/again-missing")) == 2
    assert delivery_of(morning, row).proof == "202 accepted"


def test_nothing_that_was_sent_is_sent_twice_and_a_copy_is_a_copy(morning: House) -> None:
    row = row_of("again-named")
    well = "well+again-named@example.com"
    assert "nothing is sent twice" in morning.shell("resend", run_id(row), "--to", well, expect=1)
    assert "--also stranger@example.com" in morning.shell(
        "resend", run_id(row), "--to", "stranger@example.com", expect=1
    )
    morning.shell("resend", run_id(row), "--also", "stranger@example.com")
    assert morning.wait(run_id(row)).state == PARTLY
    assert envelopes(morning).count("stranger@example.com") == 1
    assert envelopes(morning).count(well) == 1


def test_a_correction_reaches_those_who_have_what_it_corrects(morning: House, receiver: HttpReceiver) -> None:
    """The group has let its mailbox go since, and taken another."""
    row = row_of("corrected")
    groups = {each.group: group_of(each) for each in (*TABLE, *AGAIN)}
    groups["corrected"]["deliver"]["email"] = ["newcomer@example.com"]
    morning.groups(groups)
    morning.shell("rerun", run_id(row))
    assert morning.wait(f"{run_id(row)}.r2").state == RunState.DELIVERED
    assert envelopes(morning).count("well+corrected@example.com") == 2
    assert envelopes(morning).count("newcomer@example.com") == 1
    assert "rev 2" in receiver.at("/corrected")[1].body.decode()


def row_of(group: str) -> Row:
    return next(row for row in AGAIN if row.group == group)


def envelopes(house: House, subject_without: str = "\0") -> list[str]:
    """The recipients of all mail that arrived, without those whose subject holds a word."""
    texts = [mail.read_text() for mail in house.mails()]
    return [header(text, "X-Envelope-To") for text in texts if subject_without not in header(text, "Subject")]


def header(text: str, name: str) -> str:
    return next(line.partition(":")[2].strip() for line in text.splitlines() if line.startswith(f"{name}:"))
