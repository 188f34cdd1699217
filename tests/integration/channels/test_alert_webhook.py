"""Alerts to a real web server: what arrives, what a no means, and that the address is never told."""

from __future__ import annotations

import logging
import ssl
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from tests.integration.channels.conftest import ScriptedServer, WebhookInbox, Wire
from worker.alerts.forms import Alert, Kind
from worker.alerts.webhook import AlertWebhook
from worker.errors import ChannelBusy, DeliveryRefused, SettingsError

ALERT = Alert(
    run_id="support-emea:2026-11-20",
    group_title="Support EMEA",
    step="poll",
    code="poll_timeout",
    sentence="Queue <b> & Co did not end.",
    rerun_command="standup run support-emea --date 2026-11-20",
    at=datetime(2026, 11, 23, 6, 31, 5, tzinfo=UTC),
)
SECRET = "T0/B0/Xy%2Fz%7E?sig=a%2Bb"


STATUSES = (400, 403, 404, 410, 408, 429, 500, 503)


def web_server(answer: str, tls: ssl.SSLContext | None = None) -> ScriptedServer:
    """Answers one request with these bytes; none at all where there are none."""

    def talk(wire: Wire) -> None:
        while wire.hear():
            pass
        if answer:
            wire.say(answer)
        else:
            wire.hold()

    return ScriptedServer(talk, tls=tls)


def test_a_slack_alert_arrives_as_json_at_exactly_the_given_address(webhook_inbox: WebhookInbox) -> None:
    AlertWebhook(SecretStr(f"{webhook_inbox.url}/services/T0/B0/Xyz"), kind="slack").send(ALERT)
    (record,) = webhook_inbox.records
    assert record["path"] == "/services/T0/B0/Xyz"
    assert record["headers"]["content-type"] == "application/json"
    assert record["body"]["text"] == "No briefing for Support EMEA: Queue &lt;b&gt; &amp; Co did not end."


@pytest.mark.parametrize(
    ("kind", "path", "key"),
    [
        ("slack", "ops", "blocks"),
        ("teams", "teams/ops", "attachments"),
        ("teams", "connector/ops", "attachments"),
        ("json", "ops", "run_id"),
    ],
)
def test_each_kind_of_webhook_gets_its_own_form(kind: Kind, path: str, key: str, webhook_inbox: WebhookInbox) -> None:
    AlertWebhook(SecretStr(f"{webhook_inbox.url}/{path}"), kind=kind).send(ALERT)
    assert key in webhook_inbox.records[0]["body"]


@pytest.mark.parametrize(
    ("kind", "path", "error", "text"),
    [
        ("slack", "page/ops", DeliveryRefused, "answered 200 with a web page to the alert"),
        ("teams", "page/ops", DeliveryRefused, "answered 200 with a web page to the alert"),
        ("json", "page/ops", DeliveryRefused, "which does not confirm it"),
        ("slack", "teams/ops", DeliveryRefused, "answered 202 to the alert .* which does not confirm it"),
        ("teams", "ops", DeliveryRefused, "answered 200 ok to the alert .* which does not confirm it"),
        ("teams", "connector/fail/429", ChannelBusy, "answered 429 to the alert"),
        ("teams", "connector/fail/502", ChannelBusy, "answered 502 to the alert"),
        ("teams", "connector/fail/400", DeliveryRefused, "answered 400 to the alert"),
    ],
)
def test_an_alert_counts_as_sent_only_if_its_receiver_confirms_it(
    kind: Kind, path: str, error: type[Exception], text: str, webhook_inbox: WebhookInbox
) -> None:
    with pytest.raises(error, match=text):
        AlertWebhook(SecretStr(f"{webhook_inbox.url}/{path}"), kind=kind).send(ALERT)


def test_a_signed_address_reaches_the_server_letter_by_letter() -> None:
    server = web_server("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n")
    AlertWebhook(SecretStr(f"http://127.0.0.1:{server.port}/{SECRET}")).send(ALERT)
    assert server.heard().lines[0] == f"POST /{SECRET} HTTP/1.1"


@pytest.mark.parametrize(
    ("status", "error"),
    [(status, DeliveryRefused if status in (400, 403, 404, 410) else ChannelBusy) for status in STATUSES],
)
def test_a_4xx_status_is_a_refusal_unless_it_is_temporary(
    status: int, error: type[Exception], webhook_inbox: WebhookInbox
) -> None:
    with pytest.raises(error, match=f"answered {status} failed_on_request to the alert for support-emea:2026-11-20"):
        AlertWebhook(SecretStr(f"{webhook_inbox.url}/fail/{status}")).send(ALERT)


def test_a_busy_webhook_says_when_to_come_back() -> None:
    server = web_server("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n")
    with pytest.raises(ChannelBusy) as raised:
        AlertWebhook(SecretStr(f"http://127.0.0.1:{server.port}/x")).send(ALERT)
    assert raised.value.retry_after_seconds == 30


def test_a_busy_webhook_may_name_a_year_that_no_calendar_has() -> None:
    date = f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT"
    server = web_server(f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {date}\r\nContent-Length: 0\r\n")
    with pytest.raises(ChannelBusy) as raised:
        AlertWebhook(SecretStr(f"http://127.0.0.1:{server.port}/x")).send(ALERT)
    assert raised.value.retry_after_seconds is None


def test_a_redirect_is_not_followed(webhook_inbox: WebhookInbox) -> None:
    server = web_server(f"HTTP/1.1 302 Found\r\nLocation: {webhook_inbox.url}/elsewhere\r\nContent-Length: 0\r\n")
    with pytest.raises(DeliveryRefused, match="answered 302"):
        AlertWebhook(SecretStr(f"http://127.0.0.1:{server.port}/x")).send(ALERT)
    assert webhook_inbox.records == []


def test_a_certificate_of_an_unknown_authority_is_refused(certificate: Callable[[str], ssl.SSLContext]) -> None:
    server = web_server("HTTP/1.1 200 OK\r\n", tls=certificate("127.0.0.1"))
    with pytest.raises(DeliveryRefused, match="certificate is not trusted"):
        AlertWebhook(SecretStr(f"https://127.0.0.1:{server.port}/x")).send(ALERT)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "nonsense",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 200\r\n\r\ncut off",
        f"HTTP/1.1 404 Not Found\r\nContent-Length: 60\r\n\r\nnothing at /{SECRET}",
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n",
    ],
)
def test_the_address_is_in_no_error_no_cause_of_it_and_no_log(answer: str, caplog: pytest.LogCaptureFixture) -> None:
    webhook = AlertWebhook(SecretStr(f"http://127.0.0.1:{web_server(answer).port}/{SECRET}"), timeout_seconds=0.3)
    with caplog.at_level(logging.DEBUG), pytest.raises((ChannelBusy, DeliveryRefused)) as raised:
        webhook.send(ALERT)
    printed_text = caplog.text + "".join(traceback.format_exception(raised.value)) + repr(vars(webhook))
    assert "Xy%2F" not in printed_text
    assert "sig=" not in printed_text
    assert raised.value.__context__ is None


def test_a_closed_port_is_busy_and_the_address_is_not_shown() -> None:
    webhook = AlertWebhook(SecretStr(f"http://127.0.0.1:1/{SECRET}"))
    with pytest.raises(ChannelBusy, match=r"no answer to the alert .*: ConnectionRefusedError"):
        webhook.send(ALERT)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/x",
        "ftp://host/x",
        "https:///x",
        "https://host:99999/x",
        "https://host/a b",
        "https://höst/x",
    ],
)
def test_an_invalid_address_is_refused_by_its_setting_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError, match="STANDUP_ALERTS__WEBHOOK_URL is not a web address") as raised:
        AlertWebhook(SecretStr(url))
    assert "host" not in str(raised.value).replace("https://host/path", "")
