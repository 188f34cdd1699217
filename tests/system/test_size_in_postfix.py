"""Large messages to a real mail server: the limit, how messages are made smaller, and a setting above the limit."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from redis import Redis

from tests.system.days import packed
from tests.system.postfix import LIMIT, SENDER, Postfix
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.test_fit import huge
from worker.channels.channel import OutgoingMessage
from worker.channels.mail import mime
from worker.channels.mail.certificates import CertificateFolder
from worker.channels.smtp.channel import EmailChannel
from worker.doctor import installation
from worker.doctor.finding import Level
from worker.domain.countdowns import RetryPeriod
from worker.domain.documents import Document
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.errors import DeliveryRefused
from worker.services.delivering.rounds import DeliveryRound
from worker.services.packing import Packing, pack
from worker.settings import Settings, SmtpSettings
from worker.state.deliveries import Deliveries
from worker.wiring.channels import ChannelFactory, OpenChannels

pytestmark = pytest.mark.system

ANA = "ana@example.com"
ENVELOPE = 2_000
"""Postfix compares message and envelope together with its limit. This is enough for the envelope of one recipient."""

LINE, LINE_BYTES = 78, 57
"""The length of a line of base64, and how many bytes it holds."""


def padded(size: int) -> OutgoingMessage:
    """Return the sample day with an attachment that makes its message this long, or less than a line shorter."""
    message = packed()

    def with_lines(count: int) -> OutgoingMessage:
        return dataclasses.replace(message, documents=(Document("a", "application/octet-stream", bytes(count)),))

    return with_lines((size - len(letter(with_lines(0)))) // LINE * LINE_BYTES)


def letter(outgoing: OutgoingMessage) -> bytes:
    return mime.build(outgoing, ANA, SENDER).content


def send(outgoing: OutgoingMessage, postfix: Postfix) -> None:
    EmailChannel(postfix.server()).deliver(outgoing, ANA, lambda: None)


def test_a_message_just_under_the_servers_limit_arrives_to_the_byte(mail_server: Postfix) -> None:
    outgoing = padded(LIMIT - ENVELOPE)
    send(outgoing, mail_server)
    assert mail_server.letters("ana") == [letter(outgoing)]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (LIMIT + LINE, r"552 5\.3\.4 Message size exceeds fixed limit\. .* announces a limit of 10240000"),
        (LIMIT, r"at the message: 552 5\.3\.4 Error: message file too big"),
    ],
    ids=["above the limit, before it is sent", "too large with its envelope only, at the end"],
)
def test_a_message_that_is_too_large_is_refused_with_the_setting(size: int, words: str, mail_server: Postfix) -> None:
    with pytest.raises(DeliveryRefused, match=words) as refused:
        send(padded(size), mail_server)
    assert "STANDUP_MAX_MESSAGE_BYTES, or the group's max_message_bytes" in refused.value.way_out
    assert mail_server.letters("ana", 0) == []


GROUP = Group.model_validate(
    {
        "key": SAMPLE.group_key,
        "title": SAMPLE.group_title,
        "zone": SAMPLE.zone,
        "standup_at": "08:00",
        "catch_up_until": "09:00",
        "queues": ["Q"],
        "deliver": {"email": [ANA]},
    }
)


NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


@pytest.fixture
def channels(mail_server: Postfix) -> ChannelFactory:
    """The channels of an installation with this mail server."""
    smtp = SmtpSettings(
        host="localhost", port=mail_server.ports["starttls"], sender=SENDER, ca_file=mail_server.authority
    )
    return ChannelFactory(Settings(smtp=smtp), CertificateFolder(None), lambda: NOW)


def test_a_workbook_too_large_for_the_server_is_made_smaller(
    mail_server: Postfix,
) -> None:
    packing = pack(huge(SAMPLE), GROUP, Packing(LIMIT - ENVELOPE, SENDER))
    send(packing.outgoing, mail_server)
    (arrived,) = mail_server.letters("ana")
    message = message_from_bytes(arrived, policy=policy.default)
    text = " ".join(message.get_body(("plain",)).get_content().split())
    assert f"To keep the message under 10.2 MB: {'; '.join(packing.rungs)}." in text
    assert "the workbook's sheet Agents is without Queues" in packing.rungs
    assert [part.get_filename()[-4:] for part in message.iter_attachments()] == [".pdf", "xlsx"]


def test_a_setting_above_the_limit_is_named_in_record_and_doctor(
    channels: ChannelFactory, mail_server: Postfix, redis: Redis
) -> None:
    packing = pack(huge(SAMPLE), GROUP, Packing(2 * LIMIT, SENDER))
    assert (packing.rungs, len(letter(packing.outgoing)) > LIMIT) == ((), True)
    run = RunId(GROUP.key, SAMPLE.reporting_day)
    deliveries = Deliveries(redis)
    with OpenChannels(channels, lambda _, channel: channel) as opened:
        period = RetryPeriod(timedelta(minutes=30))
        DeliveryRound(opened, deliveries, run, packing.outgoing, lambda: NOW, period).deliver(GROUP.deliver.recipients)
    (recorded,) = deliveries.records(run)
    assert recorded.state == "refused"
    assert "552 5.3.4" in recorded.why
    assert "STANDUP_MAX_MESSAGE_BYTES" in recorded.why
    assert mail_server.letters("ana", 0) == []
    finding = installation.mail(channels.email, 2 * LIMIT, (), is_set=True, is_needed=True)
    assert (finding.level, "accepts messages of up to 10240000 bytes" in finding.fact) == (Level.WARNING, True)
