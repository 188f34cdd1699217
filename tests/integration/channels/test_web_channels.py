"""Slack, Teams and SendGrid over real sockets: what arrives, and what every answer and every silence comes to."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from pydantic import SecretStr

from tests.integration.channels.conftest import CLIENT_SECONDS
from tests.receivers import CUT, HANG, HttpReceiver, Reply
from tests.waiting import wait_until
from worker.channels.channel import Channel, Link, OutgoingMessage
from worker.channels.chat.slack import SlackChannel, SlackRoom
from worker.channels.chat.teams import TeamsChannel
from worker.channels.sendgrid import SendgridAccount, SendgridChannel
from worker.channels.web import checked_url
from worker.domain.briefing.summary import Point, ReadingLine, Summary
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown, SettingsError, StandupError

SECRET = "T000/B000/planted-webhook-secret"
KINDS = ("slack", "teams", "sendgrid")
HOSTILE = "<!channel> *bold* [link](https://evil.example) & <b>"


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    receiver = HttpReceiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def full(outgoing: OutgoingMessage) -> OutgoingMessage:
    summary = Summary(
        group=HOSTILE,
        day="Wednesday 21 October 2026",
        verdict=Point("✕", "Two targets missed", "Service level 78.4%."),
        warnings=("One division is missing.",),
        readings=(ReadingLine("Service level", "78.4%", "≥ 80%", "✕", "missed", "Tue 20 ▼ 3.1 pts worse"),),
        points=(Point("▲", HOSTILE, "What helped?"),),
    )
    return replace(outgoing, summary=summary, links=(Link("report.pdf", "https://store.example/report.pdf?sig=1"),))


def channel(kind: str, url: str, timeout: float = CLIENT_SECONDS) -> Channel:
    if kind == "slack":
        return SlackChannel(SlackRoom("ops", "STANDUP_SLACK__OPS", SecretStr(url), timeout_seconds=timeout))
    if kind == "teams":
        return TeamsChannel("ops", "STANDUP_TEAMS__OPS", SecretStr(url), timeout)
    return SendgridChannel(SendgridAccount(SecretStr("planted-key"), "Standup <s@example.com>", url, timeout))


def path_of(kind: str) -> str:
    return f"/{SECRET}/v3/mail/send" if kind == "sendgrid" else f"/{SECRET}"


class Acceptance:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("reply", "error", "may_be_accepted"),
    [
        (Reply(429, "slow down", {"Retry-After": "7"}), ChannelBusy, 1),
        (Reply(500, "oops"), ChannelBusy, 1),
        (Reply(503, "later"), ChannelBusy, 1),
        (Reply(400, "invalid_payload"), DeliveryRefused, 1),
        (Reply(403, "forbidden"), DeliveryRefused, 1),
        (Reply(404, "no_service"), DeliveryRefused, 1),
        (Reply(302, "", {"Location": "https://evil.example/"}), DeliveryRefused, 1),
        (Reply(502, "bad gateway"), OutcomeUnknown, 1),
        (Reply(504, "gateway time-out"), OutcomeUnknown, 1),
        (CUT, OutcomeUnknown, 1),
        (HANG, OutcomeUnknown, 1),
    ],
    ids=lambda value: str(getattr(value, "status", "")) if isinstance(value, Reply) else None,
)
def test_each_answer_and_each_failure_has_its_outcome(
    kind: str,
    reply: Reply,
    error: type[StandupError],
    may_be_accepted: int,
    receiver: HttpReceiver,
    full: OutgoingMessage,
) -> None:
    receiver.script(path_of(kind), reply)
    acceptance = Acceptance()
    timeout = 0.5 if reply.hangs else CLIENT_SECONDS
    with pytest.raises(error) as caught:
        channel(kind, f"{receiver.url}/{SECRET}", timeout).deliver(full, "ana@example.org", acceptance)
    assert acceptance.times == may_be_accepted
    wait_until(lambda: receiver.arrived, "the receiver has read the request")
    assert len(receiver.arrived) == 1
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    if reply.status == 429:
        assert caught.value.retry_after_seconds == 7


PAGE = "<!DOCTYPE html><html><body>Please sign in</body></html>"
COMMENTED_PAGE = "\ufeff<?xml version='1.0'?>\n<!-- proxy --> <!-- x -->\n<HTML>"
CONNECTOR = (
    "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error {} with ContextId 0"
)
UNREACHED = "Webhook message delivery failed with error: Error contacting Microsoft Teams endpoint"
GRID_ID = {"X-Message-Id": "sg-1"}


@pytest.mark.parametrize(
    ("kind", "reply", "error"),
    [
        ("slack", Reply(200, "ok\n", {"Content-Type": "text/html"}), None),
        ("slack", Reply(200, PAGE), DeliveryRefused),
        ("slack", Reply(202, "ok"), OutcomeUnknown),
        ("slack", Reply(200, ""), OutcomeUnknown),
        ("slack", Reply(200, "okay"), OutcomeUnknown),
        ("teams", Reply(202, ""), None),
        ("teams", Reply(200, "1"), None),
        ("teams", Reply(202, PAGE), DeliveryRefused),
        ("teams", Reply(200, PAGE), DeliveryRefused),
        ("teams", Reply(200, COMMENTED_PAGE), DeliveryRefused),
        ("teams", Reply(200, "posted by our own workflow"), OutcomeUnknown),
        ("teams", Reply(200, ""), OutcomeUnknown),
        ("teams", Reply(200, CONNECTOR.format(429)), ChannelBusy),
        ("teams", Reply(200, CONNECTOR.format(503)), ChannelBusy),
        ("teams", Reply(200, CONNECTOR.format(502)), OutcomeUnknown),
        ("teams", Reply(200, CONNECTOR.format(400)), DeliveryRefused),
        ("teams", Reply(200, UNREACHED), ChannelBusy),
        ("sendgrid", Reply(202, "", GRID_ID), None),
        ("sendgrid", Reply(202, ""), OutcomeUnknown),
        ("sendgrid", Reply(202, PAGE, GRID_ID), DeliveryRefused),
        ("sendgrid", Reply(200, "{}", GRID_ID), DeliveryRefused),
        ("sendgrid", Reply(200, PAGE), DeliveryRefused),
    ],
)
def test_only_the_receivers_own_success_counts_as_sent(
    kind: str, reply: Reply, error: type[StandupError] | None, receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    receiver.script(path_of(kind), reply)
    with nullcontext() if error is None else pytest.raises(error):
        channel(kind, f"{receiver.url}/{SECRET}").deliver(full, "ana@example.org", Acceptance())
    assert len(receiver.arrived) == 1


def test_a_proxys_page_is_named_and_not_quoted(receiver: HttpReceiver, full: OutgoingMessage) -> None:
    receiver.script(f"/{SECRET}", Reply(200, f"<html>{SECRET}</html>"))
    with pytest.raises(DeliveryRefused, match="200 with a web page, which a proxy or a login page") as caught:
        channel("slack", f"{receiver.url}/{SECRET}").deliver(full, "ops", Acceptance())
    assert SECRET not in str(caught.value)


def test_a_connector_that_says_too_large_gets_the_card_without_rows(
    receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    receiver.script(f"/{SECRET}", Reply(200, CONNECTOR.format(413)), Reply(200, "1"))
    channel("teams", f"{receiver.url}/{SECRET}").deliver(full, "ops", Acceptance())
    assert "do not fit" in receiver.arrived[1].body.decode()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "2.5"}, 2.5),
        ({"Retry-After": "Mon, 23 Nov 2026 07:02:00 GMT", "Date": "Mon, 23 Nov 2026 07:00:30 GMT"}, 90),
        ({"Retry-After": "Mon, 23 Nov 2026 07:00:00 GMT", "Date": "Mon, 23 Nov 2026 07:00:30 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "Mon, 23 Nov 2026 07:02:00 GMT", "Date": "today"}, None),
        ({"Retry-After": f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT", "Date": "Mon, 23 Nov 2026 07:00:30 GMT"}, None),
        ({}, None),
    ],
)
def test_retry_after_may_be_seconds_or_a_date(
    headers: dict[str, str], seconds: float | None, receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    receiver.script(f"/{SECRET}", Reply(429, "slow down", headers))
    with pytest.raises(ChannelBusy) as caught:
        channel("slack", f"{receiver.url}/{SECRET}").deliver(full, "ops", Acceptance())
    assert caught.value.retry_after_seconds == seconds


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_port_is_busy_before_the_acceptance(kind: str, full: OutgoingMessage) -> None:
    acceptance = Acceptance()
    with pytest.raises(ChannelBusy) as caught:
        channel(kind, f"http://127.0.0.1:1/{SECRET}").deliver(full, "ana@example.org", acceptance)
    assert acceptance.times == 0
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("host", "error"), [("*.hooks.example", DeliveryRefused), (f"{'a' * 70}.example", ChannelBusy)]
)
def test_an_impossible_address_is_refused_and_never_shown(
    host: str, error: type[StandupError], kind: str, full: OutgoingMessage
) -> None:
    acceptance = Acceptance()
    with pytest.raises(error) as caught:
        channel(kind, f"https://{host}/{SECRET}").deliver(full, "ana@example.org", acceptance)
    assert acceptance.times == 0
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_of_an_unknown_authority_gets_nothing(
    kind: str, certificate: Callable[[str], Any], full: OutgoingMessage
) -> None:
    from tests.integration.channels.conftest import ScriptedServer

    server = ScriptedServer(lambda wire: None, certificate("127.0.0.1"))
    acceptance = Acceptance()
    with pytest.raises(DeliveryRefused, match="certificate"):
        channel(kind, f"https://127.0.0.1:{server.port}/{SECRET}").deliver(full, "ana@example.org", acceptance)
    assert acceptance.times == 0


@pytest.mark.parametrize("kind", KINDS)
def test_an_acceptance_that_is_forbidden_sends_no_content(
    kind: str, receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    class Forbidden(Exception):
        pass

    def forbid() -> None:
        raise Forbidden

    with pytest.raises(Forbidden):
        channel(kind, f"{receiver.url}/{SECRET}").deliver(full, "ana@example.org", forbid)
    assert not any(request.body for request in receiver.arrived)


def test_slack_gets_blocks_in_which_no_name_is_markup_and_a_fallback_line(
    receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    proof = channel("slack", f"{receiver.url}/{SECRET}").deliver(full, "ops", lambda: None)
    assert proof.reply == "200 ok"
    payload = receiver.arrived[0].json
    assert {block["type"] for block in payload["blocks"]} == {"header", "rich_text"}
    assert HOSTILE in json.dumps(payload["blocks"], ensure_ascii=False)
    assert "<!channel>" not in payload["text"]
    assert "Two targets missed" in payload["text"]
    assert "https://store.example/report.pdf?sig=1" in json.dumps(payload["blocks"])


def test_slack_posts_message_and_documents_at_once_where_a_bot_token_is_set(
    receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    place = json.dumps({"ok": True, "upload_url": f"{receiver.url}/upload", "file_id": "F1"})
    receiver.script("/api/files.getUploadURLExternal", Reply(body=place))
    receiver.script("/api/files.completeUploadExternal", Reply(body='{"ok": true, "files": [{"id": "F1"}]}'))
    acceptance = Acceptance()
    proof = bot(receiver).deliver(full, "ops", acceptance)
    assert proof.message_id == "F1"
    assert receiver.requests_to("/upload")[0].body == full.documents[0].content
    form = parse_qs(receiver.requests_to("/api/files.completeUploadExternal")[0].body.decode())
    assert form["channel_id"] == ["C1"]
    assert "Two targets missed" in form["blocks"][0]
    assert receiver.arrived[0].headers["Authorization"] == "Bearer planted-bot-token"
    assert "Authorization" not in receiver.requests_to("/upload")[0].headers
    assert not receiver.requests_to(f"/{SECRET}")
    assert acceptance.times == 1


@pytest.mark.parametrize(
    ("method", "answer", "error"),
    [
        ("files.getUploadURLExternal", '{"ok": false, "error": "ratelimited"}', ChannelBusy),
        ("files.getUploadURLExternal", '{"ok": false, "error": "invalid_auth"}', DeliveryRefused),
        ("files.getUploadURLExternal", '{"ok": true}', DeliveryRefused),
        (
            "files.getUploadURLExternal",
            '{"ok": true, "upload_url": "http://evil.example/", "file_id": "F"}',
            DeliveryRefused,
        ),
        ("files.completeUploadExternal", '{"ok": false, "error": "not_in_channel"}', DeliveryRefused),
        ("files.completeUploadExternal", '{"ok": false, "error": "fatal_error"}', OutcomeUnknown),
        ("files.completeUploadExternal", "<html>", DeliveryRefused),
        ("files.completeUploadExternal", "done", OutcomeUnknown),
        ("files.getUploadURLExternal", "<html>", DeliveryRefused),
        ("files.getUploadURLExternal", "done", ChannelBusy),
    ],
)
def test_each_refusal_of_a_slack_upload_has_its_outcome(
    method: str, answer: str, error: type[StandupError], receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    place = json.dumps({"ok": True, "upload_url": f"{receiver.url}/upload", "file_id": "F1"})
    receiver.script("/api/files.getUploadURLExternal", Reply(body=place))
    receiver.script(f"/api/{method}", Reply(body=answer))
    with pytest.raises(error):
        bot(receiver).deliver(full, "ops", lambda: None)


def bot(receiver: HttpReceiver) -> SlackChannel:
    room = SlackRoom(
        "ops",
        "STANDUP_SLACK__OPS",
        SecretStr(f"{receiver.url}/{SECRET}"),
        SecretStr("planted-bot-token"),
        "C1",
        f"{receiver.url}/api",
    )
    return SlackChannel(room)


def test_teams_gets_a_card_of_text_runs_and_the_proof_has_its_run_id(
    receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    receiver.script(f"/{SECRET}", Reply(202, "", {"x-ms-workflow-run-id": "0858"}))
    proof = channel("teams", f"{receiver.url}/{SECRET}").deliver(full, "ops", lambda: None)
    assert (proof.reply, proof.message_id) == ("202 accepted", "0858")
    card = receiver.arrived[0].json["attachments"][0]["content"]
    assert {part["type"] for part in card["body"]} == {"RichTextBlock"}
    assert card["actions"][0]["url"] == "https://store.example/report.pdf?sig=1"


def test_a_card_that_teams_finds_too_large_goes_without_its_rows(receiver: HttpReceiver, full: OutgoingMessage) -> None:
    receiver.script(f"/{SECRET}", Reply(413, "too large"), Reply(202, ""))
    acceptance = Acceptance()
    channel("teams", f"{receiver.url}/{SECRET}").deliver(full, "ops", acceptance)
    first, second = (request.body.decode() for request in receiver.arrived)
    assert "78.4%" in first
    assert "Service level 78.4%." in second
    assert "goal" not in second
    assert "do not fit" in second
    assert acceptance.times == 1


def test_a_card_is_measured_as_it_goes_over_the_wire(receiver: HttpReceiver, full: OutgoingMessage) -> None:
    wide = tuple(Point("▲", "💥" * 300, "ü" * 600) for _ in range(10))
    big = replace(full, summary=replace(full.summary, points=wide))
    receiver.script(f"/{SECRET}", Reply(202, ""))
    channel("teams", f"{receiver.url}/{SECRET}").deliver(big, "ops", lambda: None)
    assert len(receiver.arrived[0].body) < 28 * 1024
    assert "do not fit" in receiver.arrived[0].body.decode()


def test_an_address_signed_in_its_query_reaches_the_server_letter_by_letter(
    receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    signed = f"/{SECRET}?api-version=2016&sp=%2Ftriggers%2Fmanual%2Frun&sig=Ab-_~%2B%3D"
    receiver.script(f"/{SECRET}", Reply(202, ""))
    channel("teams", receiver.url + signed).deliver(full, "ops", lambda: None)
    assert receiver.arrived[0].path == signed


def test_sendgrid_gets_one_address_the_documents_and_the_mails_own_headers(
    receiver: HttpReceiver, full: OutgoingMessage
) -> None:
    receiver.script(path_of("sendgrid"), Reply(202, "", {"X-Message-Id": "sg-1"}))
    corrected = replace(full, revision=2)
    proof = channel("sendgrid", f"{receiver.url}/{SECRET}").deliver(corrected, "Ana <ana@bücher.example>", lambda: None)
    assert proof.message_id == "sg-1"
    mail = receiver.arrived[0].json
    assert mail["personalizations"] == [{"to": [{"email": "ana@xn--bcher-kva.example", "name": "Ana"}]}]
    assert base64.b64decode(mail["attachments"][0]["content"]) == full.documents[0].content
    assert [part["type"] for part in mail["content"]] == ["text/plain", "text/html"]
    assert mail["headers"]["In-Reply-To"].startswith("<standup.20261021.")
    assert not mail["tracking_settings"]["click_tracking"]["enable"]
    assert receiver.arrived[0].headers["Authorization"] == "Bearer planted-key"


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/x", "ftp://hooks.example/x", "https://:9/", "https://a b/", "nonsense", "https://h:0/"],
)
def test_an_address_without_https_is_refused_by_its_setting(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_url(SecretStr(url), "STANDUP_SLACK__OPS__WEBHOOK_URL")
    assert "STANDUP_SLACK__OPS__WEBHOOK_URL" in str(caught.value)
    assert url not in str(caught.value)


def test_a_bot_token_without_a_channel_is_refused_with_both_settings() -> None:
    with pytest.raises(SettingsError, match="BOT_TOKEN and __CHANNEL"):
        SlackRoom("ops", "STANDUP_SLACK__OPS", SecretStr("https://hooks.example/x"), SecretStr("token"))
