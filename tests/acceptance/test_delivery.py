"""Channels × failures × moments, as one morning of whole programs: what arrived, how often, what the ledger says.

Every row is a group with two deliveries: a mailbox that is well, and the one in trouble. Whatever the trouble, the
mailbox gets exactly one message. Patience is eighteen seconds here, and a mail server's time-out one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.acceptance.installation import ALL_WEEK, Installation, yesterday, zone_in_daytime
from tests.mail_server import CUT, DRIBBLE, HANG, MailServer, Trouble
from tests.receivers import CUT as WEB_CUT
from tests.receivers import HttpReceiver, Reply
from worker.cli.demo.processes import Programs
from worker.domain.runs import Run, RunState
from worker.state.deliveries import Delivery

ZONE = zone_in_daytime()
DAY = yesterday(ZONE)
DELIVERED, PARTLY = RunState.DELIVERED, RunState.PARTLY_DELIVERED
TRY_LATER = Reply(429, "slow down", {"Retry-After": "1"})
LATE_TRY = Reply(429, "slow down", {"Retry-After": "600"})
GREY = Trouble("rcpt", "451 4.7.1 greylisted")
DENIED = Reply(403, "<Error><Code>AccessDenied</Code></Error>", {"Content-Type": "application/xml"})
NOWHERE = Reply(404, "<Error><Code>NoSuchBucket</Code></Error>", {"Content-Type": "application/xml"})
SENDGRID = "/v3/mail/send"
EVIL = "Evil\r\nBcc: victim@trouble.example.com\r\n\r\n<b>body</b>"


@dataclass(frozen=True)
class Row:
    """One group's trouble: where, what the receiver does, and what must come of it.

    ``arrived``: how often the message is with the receiver; of a chat, how often it was asked. ``group``'s own keys
    stand in ``more``.
    """

    group: str
    channel: str
    does: tuple[Any, ...]
    state: str
    run: RunState
    arrived: int
    says: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"room-{self.group}"

    @property
    def recipient(self) -> str:
        return f"{self.group}@trouble.example.com" if self.channel in ("email", "sendgrid") else self.name


def rcpt(reply: str) -> Trouble:
    return Trouble("rcpt", reply)


def dot(reply: str, *, keeps: bool = False) -> Trouble:
    return Trouble("dot", reply, keeps=keeps)


MAIL = (
    Row("mail-full", "email", (rcpt("552 5.2.2 mailbox full"),), "refused", PARTLY, 0, "552 5.2.2 mailbox full"),
    Row("mail-full-later", "email", (dot("552 5.2.2 mailbox full"),), "refused", PARTLY, 0, "552 5.2.2 mailbox full"),
    Row("mail-grey", "email", (GREY, GREY, None), "sent", DELIVERED, 1, "250"),
    Row("mail-gone", "email", (rcpt("550 5.1.1 no such user"),), "refused", PARTLY, 0, "550 5.1.1"),
    Row("mail-busy", "email", (rcpt("451 4.3.0 always"),), "refused", PARTLY, 0, "451 4.3.0 always. Given up after"),
    Row("mail-closes", "email", (rcpt("421 4.3.2 closing"), None), "sent", DELIVERED, 1, "250"),
    Row("mail-disk", "email", (dot("452 4.3.1 disk full"), None), "sent", DELIVERED, 1, "250"),
    Row("mail-spam", "email", (dot("554 5.7.1 spam"),), "refused", PARTLY, 0, "554 5.7.1 spam"),
    Row("mail-large", "email", (dot("552 5.3.4 too big"),), "refused", PARTLY, 0, "STANDUP_MAX_MESSAGE_BYTES"),
    Row("mail-cut-early", "email", (Trouble("data", CUT), None), "sent", DELIVERED, 1, "250"),
    Row("mail-cut-always", "email", (Trouble("data", CUT),), "refused", PARTLY, 0, "was not sent"),
    Row("mail-cut-kept", "email", (dot(CUT, keeps=True),), "unknown", PARTLY, 1, "did not confirm it"),
    Row("mail-cut-lost", "email", (dot(CUT),), "unknown", PARTLY, 0, "did not confirm it"),
    Row("mail-hangs", "email", (rcpt(HANG),), "refused", PARTLY, 0, "timed out"),
    Row("mail-hangs-once", "email", (rcpt(HANG), None), "sent", DELIVERED, 1, "250"),
    Row("mail-hangs-late", "email", (dot(HANG, keeps=True),), "unknown", PARTLY, 1, "did not confirm it"),
    Row("mail-dribbles", "email", (rcpt(DRIBBLE),), "refused", PARTLY, 0, "too slow"),
    Row("mail-dribbles-late", "email", (dot(DRIBBLE, keeps=True),), "unknown", PARTLY, 1, "no reply within 3 s"),
    Row("mail-evil-title", "email", (None,), "sent", DELIVERED, 1, "250", {"title": EVIL}),
)
WEB = (
    Row("slack-well", "slack", (Reply(),), "sent", DELIVERED, 1, "200 ok"),
    Row("slack-429", "slack", (TRY_LATER, Reply()), "sent", DELIVERED, 2, "200 ok"),
    Row("slack-429-long", "slack", (LATE_TRY,), "refused", PARTLY, 1, "429 slow down"),
    Row("slack-gone", "slack", (Reply(404, "no_service"),), "refused", PARTLY, 1, "404 no_service"),
    Row("slack-cut", "slack", (WEB_CUT,), "unknown", PARTLY, 1, "did not confirm"),
    Row("slack-hangs", "slack", (Reply(hang_seconds=30),), "unknown", PARTLY, 1, "did not confirm it: ReadTimeout"),
    Row("teams-well", "teams", (Reply(202, ""),), "sent", DELIVERED, 1, "202 accepted"),
    Row("teams-413", "teams", (Reply(413, ""), Reply(202, "")), "sent", DELIVERED, 2, "202 accepted"),
    Row("teams-413-still", "teams", (Reply(413, ""),), "refused", PARTLY, 2, "413"),
    Row("teams-502", "teams", (Reply(502, "bad gateway"),), "unknown", PARTLY, 1, "did not confirm"),
    Row("teams-503", "teams", (Reply(503), Reply(503), Reply(202, "")), "sent", DELIVERED, 3, "202 accepted"),
    Row("teams-unset", "teams", (), "refused", PARTLY, 0, "STANDUP_TEAMS__ROOM_TEAMS_UNSET__WEBHOOK_URL"),
    Row("grid-well", "sendgrid", (Reply(202, ""),), "sent", DELIVERED, 1, "202 accepted"),
    Row("grid-400", "sendgrid", (Reply(400, "bad address"),), "refused", PARTLY, 1, "400 bad address"),
    Row("grid-401", "sendgrid", (Reply(401, "bad key"),), "refused", PARTLY, 1, "STANDUP_SENDGRID__API_KEY"),
    Row("grid-413", "sendgrid", (Reply(413, "too large"),), "refused", PARTLY, 1, "413 too large"),
    Row("grid-429", "sendgrid", (TRY_LATER, Reply(202, "")), "sent", DELIVERED, 2, "202 accepted"),
    Row("grid-500", "sendgrid", (Reply(500, "oops"), Reply(202, "")), "sent", DELIVERED, 2, "202 accepted"),
    Row("grid-502", "sendgrid", (Reply(502, "bad gateway"),), "unknown", PARTLY, 1, "did not confirm"),
    Row("grid-cut", "sendgrid", (WEB_CUT,), "unknown", PARTLY, 1, "did not confirm"),
)
STORES = (
    Row("bucket-well", "bucket", ("folder",), "sent", DELIVERED, 0, "4 objects"),
    Row("bucket-blocked", "bucket", ("file",), "refused", PARTLY, 0, "NotADirectory"),
    Row("bucket-denied", "bucket", (DENIED,), "refused", PARTLY, 0, "STANDUP_BUCKETS__ROOM_BUCKET_DENIED__URL"),
    Row("bucket-gone", "bucket", (NOWHERE,), "refused", PARTLY, 0, "is not there"),
)
TABLE = (*MAIL, *WEB, *STORES)
AGAIN = (
    Row("again-gone", "slack", (Reply(404, "no_service"), Reply()), "refused", PARTLY, 1),
    Row("again-cut", "slack", (WEB_CUT, Reply()), "unknown", PARTLY, 1),
    Row("again-missing", "teams", (WEB_CUT, Reply(202, "")), "unknown", PARTLY, 1),
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
def post() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def morning(
    tmp_path_factory: pytest.TempPathFactory, redis_server: str, receiver: HttpReceiver, post: MailServer
) -> Iterator[Installation]:
    """One worker, one beat, all rows of the table as groups; given back when every run has ended."""
    Redis.from_url(redis_server).flushall()
    folder = tmp_path_factory.mktemp("installation")
    with Programs(folder / "logs", {}) as programs:
        installation = Installation(folder, f"{redis_server}/0", programs)
        furnish(installation, receiver, post)
        installation.start_worker()
        installation.start_beat()
        installation.wait_for_runs([run_id(row) for row in (*TABLE, *AGAIN)])
        yield installation


def run_id(row: Row) -> str:
    return f"{row.group}:{DAY}"


def furnish(installation: Installation, receiver: HttpReceiver, post: MailServer) -> None:
    rows = (*TABLE, *AGAIN)
    common = {"zone": ZONE, "agents": 4, "workdays": ALL_WEEK}
    installation.start_sandbox({"groups": {row.group: common | {"queues": [f"Queue {row.group}"]} for row in rows}})
    installation.configure(
        DELIVERY_PATIENCE_MINUTES="0.3",
        SMTP__PORT=str(post.port),
        SMTP__TIMEOUT_SECONDS="1",
        ALERTS__PER_HOUR="99",
        SENDGRID__API_KEY="planted-key",
        SENDGRID__SENDER="standup@example.com",
        SENDGRID__API_URL=receiver.url,
    )
    stores = {"AWS_ENDPOINT_URL": receiver.url, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    installation.environment |= stores | {"AWS_DEFAULT_REGION": "us-east-1"}
    for row in rows:
        installation.configure(**settings_of(row, installation.folder, receiver))
        if row.channel == "email":
            post.trouble(row.recipient, *row.does)
    installation.write_groups({row.group: group_of(row) for row in rows})


def group_of(row: Row) -> dict[str, Any]:
    deliver = {"email": [f"well+{row.group}@example.com"]}
    deliver[row.channel] = [*deliver.get(row.channel, []), row.recipient]
    return {"title": row.group, "zone": ZONE, "queues": [f"Queue {row.group}"], "deliver": deliver} | row.more


def settings_of(row: Row, folder: Path, receiver: HttpReceiver) -> dict[str, str]:
    """What the row's receiver needs in the settings; its script is given to the receiver on the way."""
    name = row.name.upper().replace("-", "_")
    if row.channel == "bucket":
        return {f"BUCKETS__{name}__URL": store_of(row, folder, receiver)}
    if row.channel == "sendgrid":
        receiver.script(SENDGRID, *row.does, word=f'"{row.recipient}"')
    if row.channel in ("email", "sendgrid") or not row.does:
        return {}
    return {f"{row.channel.upper()}__{name}__WEBHOOK_URL": receiver.script(f"/{row.group}", *row.does)}


def store_of(row: Row, folder: Path, receiver: HttpReceiver) -> str:
    """A folder, a file in its place, or a store that says what the row says."""
    (what,) = row.does
    if isinstance(what, Reply):
        receiver.script(f"/{row.group}*", what)
        return f"s3://{row.group}"
    if what == "file":
        (folder / row.group).write_text("a file, where a folder is expected")
    return str(folder / row.group)


def delivery_of(installation: Installation, row: Row) -> Delivery:
    found = installation.parts.deliveries.of(run_of(installation, row).id)
    return next(each for each in found if each.recipient == row.recipient)


def run_of(installation: Installation, row: Row) -> Run:
    return installation.wait_for_run(run_id(row))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.group)
def test_each_trouble_ends_as_the_table_says(
    row: Row, morning: Installation, receiver: HttpReceiver, post: MailServer
) -> None:
    delivery = delivery_of(morning, row)
    assert delivery.state == row.state
    assert row.says in (delivery.proof or delivery.why)
    assert run_of(morning, row).state == row.run
    if row.channel == "email":
        assert post.recipients().count(row.recipient) == row.arrived
    elif row.channel == "sendgrid":
        assert len(receiver.at(SENDGRID, f'"{row.recipient}"')) == row.arrived
    elif row.channel != "bucket":
        assert len(receiver.at(f"/{row.group}")) == row.arrived


def test_every_mailbox_that_is_well_got_one_message_whatever_happened_beside_it(
    morning: Installation, post: MailServer
) -> None:
    firsts = [mail.recipient for mail in post.arrived if "corrected" not in mail.header("Subject")]
    assert sorted(each for each in firsts if each in WELL) == sorted(WELL)


def test_nothing_in_a_groups_title_becomes_a_header_or_another_recipient(
    morning: Installation, post: MailServer
) -> None:
    (mail,) = [mail for mail in post.arrived if mail.recipient == "mail-evil-title@trouble.example.com"]
    head = mail.content.partition("\n\n")[0]
    assert "victim" not in head
    assert "victim@trouble.example.com" not in post.recipients()
    assert [line for line in head.splitlines() if line.lower().startswith("bcc")] == []


def test_while_receivers_were_busy_the_story_tells_it_and_in_the_end_how_often(morning: Installation) -> None:
    busy = next(row for row in TABLE if row.group == "mail-busy")
    story = json.loads(morning.standup("explain", run_id(busy), "--json"))
    told = [each for each in story["timeline"] if each["what"] == "some receivers are busy"]
    assert "451 4.3.0 always" in told[0]["detail"]
    (delivery,) = [each for each in story["deliveries"] if each["recipient"] == busy.recipient]
    assert delivery["tries"] == len(told) + 1
    failed = [row for row in (*TABLE, *AGAIN) if row.run == PARTLY]
    told = [json.dumps(each) for each in morning.wait_for_alerts(len(failed))]
    assert sum(run_id(busy) in each for each in told) == 1


def test_whoever_was_in_trouble_was_tried_again_and_who_was_refused_was_not(
    post: MailServer, morning: Installation
) -> None:
    tried = {row.group: post.tries[row.recipient] for row in MAIL}
    assert 2 <= tried["mail-busy"] <= 6
    assert {tried[each] for each in ("mail-gone", "mail-full", "mail-spam", "mail-large", "mail-cut-lost")} == {1}


def test_the_chat_shows_what_the_mail_says(morning: Installation, receiver: HttpReceiver) -> None:
    said = json.dumps(receiver.at("/slack-well")[0].json, ensure_ascii=False)
    card = json.dumps(receiver.at("/teams-well")[0].json, ensure_ascii=False)
    for words in (f"Daily Standup Report - {DAY}", "Service level", "Abandonment", "Occupancy", "Adherence"):
        assert words in said
        assert words in card


def test_the_bucket_has_documents_and_message_under_group_day_and_revision(morning: Installation) -> None:
    place = morning.folder / "bucket-well" / "bucket-well" / DAY.isoformat() / "r1"
    assert {path.suffix for path in place.iterdir()} == {".pdf", ".xlsx", ".html", ".txt"}


def test_no_webhook_address_is_in_the_ledger_the_logs_or_the_alerts(
    morning: Installation, receiver: HttpReceiver
) -> None:
    stored = " ".join(
        map(str, (each for row in TABLE for each in morning.parts.deliveries.of(run_of(morning, row).id)))
    )
    logs = "".join(path.read_text() for path in (morning.folder / "logs").glob("*"))
    assert receiver.url not in stored + logs + json.dumps(morning.wait_for_alerts(1))


def test_resend_reaches_whom_it_did_not_reach_and_nobody_else(
    morning: Installation, receiver: HttpReceiver, post: MailServer
) -> None:
    row = row_of("again-gone")
    said = json.loads(morning.standup("resend", run_id(row), "--failed-only", "--json"))
    assert [each["recipient"] for each in said["sending"]] == [row.name]
    assert morning.wait_for_run(run_id(row)).state == RunState.DELIVERED
    assert len(receiver.at("/again-gone")) == 2
    assert post.recipients().count("well+again-gone@example.com") == 1
    assert json.loads(morning.standup("resend", run_id(row), "--json"))["sending"] == []


def test_the_operators_word_settles_what_nobody_knows(morning: Installation, receiver: HttpReceiver) -> None:
    row = row_of("again-cut")
    assert "--settle room-again-cut=sent" in morning.standup("resend", run_id(row))
    morning.standup("resend", run_id(row), "--settle", f"{row.name}=sent")
    assert morning.wait_for_run(run_id(row)).state == RunState.DELIVERED
    assert len(receiver.at("/again-cut")) == 1
    assert "settled" not in morning.standup("resend", run_id(row))


def test_what_the_operator_found_missing_is_sent_again(morning: Installation, receiver: HttpReceiver) -> None:
    row = row_of("again-missing")
    morning.standup("resend", run_id(row), "--settle", f"{row.name}=missing")
    assert morning.wait_for_run(run_id(row)).state == RunState.DELIVERED
    assert len(receiver.at("/again-missing")) == 2
    assert delivery_of(morning, row).proof == "202 accepted"


def test_nothing_that_was_sent_is_sent_twice_and_a_copy_is_a_copy(morning: Installation, post: MailServer) -> None:
    row = row_of("again-named")
    well = "well+again-named@example.com"
    assert "nothing is sent twice" in morning.standup("resend", run_id(row), "--to", well, expect=1)
    assert "--also stranger@example.com" in morning.standup(
        "resend", run_id(row), "--to", "stranger@example.com", expect=1
    )
    morning.standup("resend", run_id(row), "--also", "stranger@example.com")
    assert morning.wait_for_run(run_id(row)).state == PARTLY
    assert post.recipients().count("stranger@example.com") == 1
    assert post.recipients().count(well) == 1


def test_a_correction_reaches_those_who_have_what_it_corrects(
    morning: Installation, receiver: HttpReceiver, post: MailServer
) -> None:
    """The group has let its mailbox go since, and taken another."""
    row = row_of("corrected")
    groups = {each.group: group_of(each) for each in (*TABLE, *AGAIN)}
    groups["corrected"]["deliver"]["email"] = ["newcomer@example.com"]
    morning.write_groups(groups)
    morning.standup("rerun", run_id(row))
    assert morning.wait_for_run(f"{run_id(row)}.r2").state == RunState.DELIVERED
    assert post.recipients().count("well+corrected@example.com") == 2
    assert post.recipients().count("newcomer@example.com") == 1
    assert "rev 2" in receiver.at("/corrected")[1].body.decode()


def row_of(group: str) -> Row:
    return next(row for row in AGAIN if row.group == group)
