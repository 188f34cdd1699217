"""Channels × failures × moments, as one morning of whole programs: what arrived, how often, what the ledger says.

Every row is a group with two deliveries: to a healthy mailbox, and to the receiver that fails. Whatever fails, the
mailbox gets exactly one message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.delivery.failing_receivers import (
    DELIVERED,
    PARTLY,
    Row,
    delivery_of,
    dot,
    group_of,
    prepare_groups,
    rcpt,
    run_groups,
    run_of,
)
from tests.acceptance.installation import DAY, Installation
from tests.mail_server import CUT, MailServer, Trouble
from tests.receivers import CUT as WEB_CUT
from tests.receivers import HANG as WEB_HANG
from tests.receivers import HttpReceiver, Reply
from worker.domain.runs import RunState

RETRY_SOON = Reply(429, "slow down", {"Retry-After": "1"})
RETRY_LATE = Reply(429, "slow down", {"Retry-After": "600"})
GREYLISTED = Trouble("rcpt", "451 4.7.1 greylisted")
DENIED = Reply(403, "<Error><Code>AccessDenied</Code></Error>", {"Content-Type": "application/xml"})
NO_BUCKET = Reply(404, "<Error><Code>NoSuchBucket</Code></Error>", {"Content-Type": "application/xml"})
SENDGRID = "/v3/mail/send"
GRID_OK = Reply(202, "", {"X-Message-Id": "sg-1"})
PAGE = "<!DOCTYPE html><html><body>Please sign in</body></html>"
CONNECTOR_BUSY = Reply(
    200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId 0"
)
EVIL = "Evil\r\nBcc: victim@trouble.example.com\r\n\r\n<b>body</b>"


MAIL = (
    Row("mail-full", "email", (rcpt("552 5.2.2 mailbox full"),), "refused", PARTLY, 0, "552 5.2.2 mailbox full"),
    Row("mail-full-later", "email", (dot("552 5.2.2 mailbox full"),), "refused", PARTLY, 0, "552 5.2.2 mailbox full"),
    Row("mail-grey", "email", (GREYLISTED, GREYLISTED, None), "sent", DELIVERED, 1, "250"),
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
    Row("mail-evil-title", "email", (None,), "sent", DELIVERED, 1, "250", {"title": EVIL}),
)
WEB = (
    Row("slack-well", "slack", (Reply(),), "sent", DELIVERED, 1, "200 ok"),
    Row("slack-429", "slack", (RETRY_SOON, Reply()), "sent", DELIVERED, 2, "200 ok"),
    Row("slack-429-long", "slack", (RETRY_LATE,), "refused", PARTLY, 1, "429 slow down"),
    Row("slack-gone", "slack", (Reply(404, "no_service"),), "refused", PARTLY, 1, "404 no_service"),
    Row("slack-proxy", "slack", (Reply(200, PAGE),), "refused", PARTLY, 1, "200 with a web page"),
    Row("slack-cut", "slack", (WEB_CUT,), "unknown", PARTLY, 1, "did not confirm"),
    Row("slack-hangs", "slack", (WEB_HANG,), "unknown", PARTLY, 1, "did not confirm it: ReadTimeout"),
    Row("teams-well", "teams", (Reply(202, ""),), "sent", DELIVERED, 1, "202 accepted"),
    Row("teams-413", "teams", (Reply(413, ""), Reply(202, "")), "sent", DELIVERED, 2, "202 accepted"),
    Row("teams-413-still", "teams", (Reply(413, ""),), "refused", PARTLY, 2, "413"),
    Row("teams-502", "teams", (Reply(502, "bad gateway"),), "unknown", PARTLY, 1, "did not confirm"),
    Row("teams-503", "teams", (Reply(503), Reply(503), Reply(202, "")), "sent", DELIVERED, 3, "202 accepted"),
    Row("teams-proxy", "teams", (Reply(200, PAGE),), "refused", PARTLY, 1, "200 with a web page"),
    Row("teams-200-429", "teams", (CONNECTOR_BUSY, Reply(200, "1")), "sent", DELIVERED, 2, "200 1"),
    Row("teams-own-text", "teams", (Reply(200, "posted"),), "unknown", PARTLY, 1, "it answered 200 posted"),
    Row("teams-unset", "teams", (), "refused", PARTLY, 0, "STANDUP_TEAMS__ROOM_TEAMS_UNSET__WEBHOOK_URL"),
    Row("grid-well", "sendgrid", (GRID_OK,), "sent", DELIVERED, 1, "202 accepted"),
    Row("grid-proxy", "sendgrid", (Reply(200, PAGE),), "refused", PARTLY, 1, "200 with a web page"),
    Row("grid-400", "sendgrid", (Reply(400, "bad address"),), "refused", PARTLY, 1, "400 bad address"),
    Row("grid-401", "sendgrid", (Reply(401, "bad key"),), "refused", PARTLY, 1, "STANDUP_SENDGRID__API_KEY"),
    Row("grid-413", "sendgrid", (Reply(413, "too large"),), "refused", PARTLY, 1, "413 too large"),
    Row("grid-429", "sendgrid", (RETRY_SOON, GRID_OK), "sent", DELIVERED, 2, "202 accepted"),
    Row("grid-500", "sendgrid", (Reply(500, "oops"), GRID_OK), "sent", DELIVERED, 2, "202 accepted"),
    Row("grid-502", "sendgrid", (Reply(502, "bad gateway"),), "unknown", PARTLY, 1, "did not confirm"),
    Row("grid-cut", "sendgrid", (WEB_CUT,), "unknown", PARTLY, 1, "did not confirm"),
)
STORES = (
    Row("bucket-well", "bucket", ("folder",), "sent", DELIVERED, 0, "4 objects"),
    Row("bucket-blocked", "bucket", ("file",), "refused", PARTLY, 0, "NotADirectory"),
    Row("bucket-denied", "bucket", (DENIED,), "refused", PARTLY, 0, "STANDUP_BUCKETS__ROOM_BUCKET_DENIED__URL"),
    Row("bucket-gone", "bucket", (NO_BUCKET,), "refused", PARTLY, 0, "does not exist"),
)
TABLE = (*MAIL, *WEB, *STORES)
COMMANDS = (
    Row("again-gone", "slack", (Reply(404, "no_service"), Reply()), "refused", PARTLY, 1),
    Row("again-cut", "slack", (WEB_CUT, Reply()), "unknown", PARTLY, 1),
    Row("again-missing", "teams", (WEB_CUT, Reply(202, "")), "unknown", PARTLY, 1),
    Row("again-named", "teams", (Reply(404, ""), Reply(202, "")), "refused", PARTLY, 1),
    Row("corrected", "slack", (Reply(),), "sent", DELIVERED, 1),
)
"""A group for each test of the operator's commands."""

ALL_ROWS = (*TABLE, *COMMANDS)


@pytest.fixture(scope="module")
def receiver() -> Iterator[HttpReceiver]:
    receiver = HttpReceiver()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="module")
def morning(shared_installation: Installation, receiver: HttpReceiver, mail_server: MailServer) -> Installation:
    """All rows as groups, one worker and one beat, after every run has ended."""
    prepare(shared_installation, receiver, mail_server)
    run_groups(shared_installation, ALL_ROWS)
    return shared_installation


def prepare(installation: Installation, receiver: HttpReceiver, mail_server: MailServer) -> None:
    prepare_groups(installation, ALL_ROWS, mail_server)
    installation.configure(
        SENDGRID__API_KEY="planted-key",
        SENDGRID__SENDER="standup@example.com",
        SENDGRID__API_URL=receiver.url,
    )
    stores = {"AWS_ENDPOINT_URL": receiver.url, "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key"}
    installation.environment |= stores | {"AWS_DEFAULT_REGION": "us-east-1"}
    for row in ALL_ROWS:
        if row.channel == "sendgrid":
            receiver.script(SENDGRID, *row.actions, word=f'"{row.recipient}"')
        elif row.channel != "email" and row.actions:
            installation.configure(**{address_setting(row): address_of(row, installation.folder, receiver)})


def address_setting(row: Row) -> str:
    """Return the setting that holds the address of the row's chat or store."""
    room = row.room.upper().replace("-", "_")
    return f"BUCKETS__{room}__URL" if row.channel == "bucket" else f"{row.channel.upper()}__{room}__WEBHOOK_URL"


def address_of(row: Row, folder: Path, receiver: HttpReceiver) -> str:
    """Return the address of the row's chat or store, which answers by the row's script from now on."""
    if row.channel != "bucket":
        return receiver.script(f"/{row.key}", *row.actions)
    (action,) = row.actions
    if isinstance(action, Reply):
        receiver.script(f"/{row.key}*", action)
        return f"s3://{row.key}"
    if action == "file":
        (folder / row.key).write_text("a file, where a folder is expected")
    return str(folder / row.key)


def row_of(key: str) -> Row:
    return next(row for row in ALL_ROWS if row.key == key)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.key)
def test_each_failure_ends_as_the_table_says(
    row: Row, morning: Installation, receiver: HttpReceiver, mail_server: MailServer
) -> None:
    delivery = delivery_of(morning, row)
    assert delivery.state == row.state
    assert row.proof_or_reason in (delivery.proof or delivery.why)
    assert run_of(morning, row).state == row.run
    if row.channel == "email":
        assert mail_server.recipients().count(row.recipient) == row.arrived
    elif row.channel == "sendgrid":
        assert len(receiver.requests_to(SENDGRID, f'"{row.recipient}"')) == row.arrived
    elif row.channel != "bucket":
        assert len(receiver.requests_to(f"/{row.key}")) == row.arrived


def test_every_healthy_mailbox_got_one_message(morning: Installation, mail_server: MailServer) -> None:
    healthy = {row.healthy for row in ALL_ROWS}
    first_revisions = [mail for mail in mail_server.arrived if "corrected" not in mail.header("Subject")]
    assert sorted(mail.recipient for mail in first_revisions if mail.recipient in healthy) == sorted(healthy)


def test_nothing_in_a_title_becomes_a_header_or_a_recipient(morning: Installation, mail_server: MailServer) -> None:
    (mail,) = [mail for mail in mail_server.arrived if mail.recipient == row_of("mail-evil-title").recipient]
    head = mail.content.partition("\n\n")[0]
    assert "victim" not in head
    assert "victim@trouble.example.com" not in mail_server.recipients()
    assert [line for line in head.splitlines() if line.lower().startswith("bcc")] == []


def test_the_timeline_shows_each_round_with_its_busy_receivers(morning: Installation) -> None:
    busy = row_of("mail-busy")
    story = json.loads(morning.standup("explain", busy.run_id, "--json"))
    turns = [event for event in story["timeline"] if event["what"] == "some receivers are busy"]
    assert "451 4.3.0 always" in turns[0]["detail"]
    (delivery,) = [delivery for delivery in story["deliveries"] if delivery["recipient"] == busy.recipient]
    assert delivery["tries"] == len(turns) + 1


def test_operations_get_one_alert_about_a_receiver_that_stays_busy(morning: Installation) -> None:
    alerts = morning.wait_for_alerts(sum(row.run == PARTLY for row in ALL_ROWS))
    assert sum(row_of("mail-busy").run_id in json.dumps(alert) for alert in alerts) == 1


def test_a_busy_receiver_is_tried_again_and_a_refusal_is_final(mail_server: MailServer, morning: Installation) -> None:
    tries = {row.key: mail_server.tries[row.recipient] for row in MAIL}
    assert 2 <= tries["mail-busy"] <= 6
    assert {tries[key] for key in ("mail-gone", "mail-full", "mail-spam", "mail-large", "mail-cut-lost")} == {1}


def test_the_chat_shows_what_the_mail_says(morning: Installation, receiver: HttpReceiver) -> None:
    message = json.dumps(receiver.requests_to("/slack-well")[0].json, ensure_ascii=False)
    card = json.dumps(receiver.requests_to("/teams-well")[0].json, ensure_ascii=False)
    for words in (f"Daily Standup Report - {DAY}", "Service level", "Abandonment", "Occupancy"):
        assert words in message
        assert words in card
    assert "Adherence" not in message, "the group names no management unit, so adherence is not set up"


def test_the_bucket_has_documents_and_message_under_group_day_and_revision(morning: Installation) -> None:
    folder = morning.folder / "bucket-well" / "bucket-well" / DAY.isoformat() / "r1"
    assert {path.suffix for path in folder.iterdir()} == {".pdf", ".xlsx", ".html", ".txt"}


def test_no_webhook_address_is_in_the_ledger_logs_or_alerts(morning: Installation, receiver: HttpReceiver) -> None:
    deliveries = [str(delivery_of(morning, row)) for row in TABLE]
    logs = [path.read_text() for path in (morning.folder / "logs").glob("*")]
    alerts = json.dumps(morning.wait_for_alerts(1))
    assert receiver.url not in " ".join([*deliveries, *logs, alerts])


def test_resend_sends_only_to_recipients_without_the_briefing(
    morning: Installation, receiver: HttpReceiver, mail_server: MailServer
) -> None:
    row = row_of("again-gone")
    answer = json.loads(morning.standup("resend", row.run_id, "--failed-only", "--json"))
    assert [delivery["recipient"] for delivery in answer["sending"]] == [row.recipient]
    assert run_of(morning, row).state == RunState.DELIVERED
    assert len(receiver.requests_to("/again-gone")) == 2
    assert mail_server.recipients().count(row.healthy) == 1
    assert json.loads(morning.standup("resend", row.run_id, "--json"))["sending"] == []


def test_the_operator_settles_an_unknown_outcome(morning: Installation, receiver: HttpReceiver) -> None:
    row = row_of("again-cut")
    assert "--settle room-again-cut=sent" in morning.standup("resend", row.run_id)
    morning.standup("resend", row.run_id, "--settle", f"{row.recipient}=sent")
    assert run_of(morning, row).state == RunState.DELIVERED
    assert len(receiver.requests_to("/again-cut")) == 1
    assert "settled" not in morning.standup("resend", row.run_id)


def test_what_the_operator_declares_missing_is_sent_again(morning: Installation, receiver: HttpReceiver) -> None:
    row = row_of("again-missing")
    morning.standup("resend", row.run_id, "--settle", f"{row.recipient}=missing")
    assert run_of(morning, row).state == RunState.DELIVERED
    assert len(receiver.requests_to("/again-missing")) == 2
    assert delivery_of(morning, row).proof == "202 accepted"


def test_resend_sends_nothing_twice_but_a_copy(morning: Installation, mail_server: MailServer) -> None:
    row = row_of("again-named")
    stranger = "stranger@example.com"
    assert "nothing is sent twice" in morning.standup("resend", row.run_id, "--to", row.healthy, expect=1)
    assert f"--also {stranger}" in morning.standup("resend", row.run_id, "--to", stranger, expect=1)
    morning.standup("resend", row.run_id, "--also", stranger)
    assert run_of(morning, row).state == PARTLY
    assert mail_server.recipients().count(stranger) == 1
    assert mail_server.recipients().count(row.healthy) == 1


def test_a_correction_reaches_those_who_have_what_it_corrects(
    morning: Installation, receiver: HttpReceiver, mail_server: MailServer
) -> None:
    """The group has removed its mailbox since, and added another one."""
    row = row_of("corrected")
    groups = {entry.key: group_of(entry) for entry in ALL_ROWS}
    groups["corrected"]["deliver"]["email"] = ["newcomer@example.com"]
    morning.write_groups(groups)
    morning.standup("rerun", row.run_id, "--send-unchanged")
    assert morning.wait_for_run(f"{row.run_id}.r2").state == RunState.DELIVERED
    assert mail_server.recipients().count(row.healthy) == 2
    assert mail_server.recipients().count("newcomer@example.com") == 1
    assert "rev 2" in receiver.requests_to("/corrected")[1].body.decode()
