"""What a real mail server takes and what it does not: the limit, the ladder below it, and a setting above it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.system.days import packed
from tests.system.postfix import LIMIT, SENDER, Postfix
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.test_fit import huge
from worker.channels.mail import mime
from worker.channels.parcel import Attachment, Parcel
from worker.channels.smtp.channel import EmailChannel
from worker.doctor import installation
from worker.doctor.finding import Level
from worker.domain.backoff import Patience
from worker.domain.groups import Group
from worker.domain.runs import RunId
from worker.errors import DeliveryRefused
from worker.services.delivering import Turn, hand_over
from worker.services.packing import pack, packing_of
from worker.settings import Settings, SmtpSettings
from worker.wiring import Parts, now

pytestmark = pytest.mark.system

ANA = "ana@example.com"
ENVELOPE = 2_000
"""Postfix holds message and envelope together against its limit; for one recipient this is enough for the envelope."""

LINE, ITS_BYTES = 78, 57
"""A line of base64 on the wire, and what it carries."""


def padded(size: int) -> Parcel:
    """The sample day with an attachment that makes its message this long, or less than a line shorter."""
    made = packed()

    def with_lines(count: int) -> Parcel:
        return dataclasses.replace(made, attachments=(Attachment("a", "application/octet-stream", bytes(count)),))

    return with_lines((size - len(letter(with_lines(0)))) // LINE * ITS_BYTES)


def letter(parcel: Parcel) -> bytes:
    return mime.build(parcel, ANA, SENDER).content


def send(parcel: Parcel, postfix: Postfix) -> None:
    EmailChannel(postfix.server()).deliver(parcel, ANA, lambda: None)


def test_a_message_just_under_the_servers_limit_arrives_to_the_byte(mail_server: Postfix) -> None:
    parcel = padded(LIMIT - ENVELOPE)
    send(parcel, mail_server)
    assert mail_server.letters("ana") == [letter(parcel)]


@pytest.mark.parametrize(
    ("size", "says"),
    [
        (LIMIT + LINE, r"552 5\.3\.4 Message size exceeds fixed limit\. .* announces a limit of 10240000"),
        (LIMIT, r"at the message: 552 5\.3\.4 Error: message file too big"),
    ],
    ids=["above the limit, before it is sent", "too large with its envelope only, at the end"],
)
def test_a_message_that_is_too_large_is_refused_and_the_way_out_names_the_setting(
    size: int, says: str, mail_server: Postfix
) -> None:
    with pytest.raises(DeliveryRefused, match=says) as refused:
        send(padded(size), mail_server)
    assert "STANDUP_MAX_MESSAGE_BYTES, or the group's max_message_bytes, to" in refused.value.way_out
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


@pytest.fixture
def installed(mail_server: Postfix, redis_url: str, tmp_path: Path) -> Parts:
    """An installation that believes its mail server to take twice as much as it does."""
    smtp = SmtpSettings(
        host="localhost", port=mail_server.ports["starttls"], sender=SENDER, ca_file=mail_server.authority
    )
    return Parts(Settings(redis_url=redis_url, artifacts=str(tmp_path), smtp=smtp, max_message_bytes=2 * LIMIT))


def test_a_workbook_that_is_too_large_for_the_server_goes_down_the_ladder_and_the_message_says_so(
    installed: Parts, mail_server: Postfix
) -> None:
    modest = GROUP.model_copy(update={"max_message_bytes": LIMIT - ENVELOPE})
    made = pack(huge(SAMPLE), modest, packing_of(installed, modest))
    send(made.parcel, mail_server)
    (arrived,) = mail_server.letters("ana")
    message = message_from_bytes(arrived, policy=policy.default)
    said = " ".join(message.get_body(("plain",)).get_content().split())
    assert f"To keep the message under 10.2 MB: {'; '.join(made.rungs)}." in said
    assert "the workbook's sheet Agents is without Queues" in made.rungs
    assert [each.get_filename()[-4:] for each in message.iter_attachments()] == [".pdf", "xlsx"]


def test_a_setting_above_what_the_server_takes_is_named_in_the_record_and_by_the_doctor(
    installed: Parts, mail_server: Postfix
) -> None:
    made = pack(huge(SAMPLE), GROUP, packing_of(installed, GROUP))
    assert (made.rungs, len(letter(made.parcel)) > LIMIT) == ((), True)
    run = RunId(GROUP.key, SAMPLE.reporting_day)
    with installed.channels(GROUP) as channels:
        turn = Turn(now, Patience(timedelta(minutes=30)))
        hand_over(channels, installed.deliveries, run, GROUP.deliver.recipients, lambda *_: made.parcel, turn)
    (recorded,) = installed.deliveries.of(run)
    assert recorded.state == "refused"
    assert "552 5.3.4" in recorded.why
    assert "STANDUP_MAX_MESSAGE_BYTES" in recorded.why
    assert mail_server.letters("ana", 0) == []
    finding = installation.mail(installed, asked_for=True)
    assert (finding.level, "accepts messages of up to 10240000 bytes" in finding.fact) == (Level.WARNING, True)
