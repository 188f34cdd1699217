"""What becomes of a mail server's "no"."""

import smtplib

import pytest

from worker.channels.smtp.replies import MAX_REPLY, Reply, Stage, broken_off, error_for
from worker.errors import ChannelBusy, DeliveryRefused


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (421, ChannelBusy),
        (451, ChannelBusy),
        (-1, ChannelBusy),
        (354, ChannelBusy),
        (550, DeliveryRefused),
        (554, DeliveryRefused),
    ],
)
def test_a_5xx_reply_is_a_refusal_and_any_other_reply_is_busy(code: int, kind: type[Exception]) -> None:
    assert isinstance(error_for(Reply(code, "no"), Stage.RECIPIENT, "mail:25", "ann@example.org"), kind)


def test_the_error_names_server_recipient_reply_and_way_out() -> None:
    error = error_for(Reply(550, "5.1.1 No such user."), Stage.RECIPIENT, "mail:25", "ann@example.org")
    assert str(error) == (
        "Mail server mail:25 refuses the message to ann@example.org at the recipient: 550 5.1.1 No such user. "
        "Correct or remove the address in the group's file."
    )


@pytest.mark.parametrize(
    ("code", "stage", "hint"),
    [
        (535, Stage.LOGIN, "STANDUP_SMTP__PASSWORD"),
        (530, Stage.SENDER, "STANDUP_SMTP__USERNAME"),
        (553, Stage.SENDER, "STANDUP_SMTP__SENDER"),
        (552, Stage.SENDER, "too large"),
        (554, Stage.GREETING, "operator"),
    ],
)
def test_every_stage_has_its_own_way_out(code: int, stage: Stage, hint: str) -> None:
    assert hint in str(error_for(Reply(code, "no"), stage, "mail:25", "ann@example.org"))


def test_an_error_at_the_login_does_not_quote_the_server() -> None:
    echo = Reply(535, "5.7.8 Bad password correct-horse")
    assert "correct-horse" not in str(error_for(echo, Stage.LOGIN, "mail:25", "ann@example.org"))
    assert "535 5.7.8" in str(error_for(echo, Stage.LOGIN, "mail:25", "ann@example.org"))


def test_a_reply_is_one_printable_line_of_bounded_length() -> None:
    reply = Reply.read(550, b"one\ntwo\x1b[31m\r\n" + b"x" * 5000 + b"\xff")
    assert reply.text.startswith("one two [31m x")
    assert reply.text.isprintable()
    assert len(reply.text) == MAX_REPLY


@pytest.mark.parametrize(
    ("stage", "hint"),
    [
        (Stage.HELLO, "STANDUP_SMTP__HELLO"),
        (Stage.STARTTLS, "STANDUP_SMTP__SECURITY"),
        (Stage.LOGIN, "check STANDUP_SMTP__USERNAME, STANDUP_SMTP__PASSWORD and STANDUP_SMTP__SECURITY"),
        (Stage.TOKEN_LOGIN, "STANDUP_SMTP__OAUTH__TOKEN_URL"),
        (Stage.RECIPIENT, "ask the mail server's operator"),
    ],
)
def test_a_server_that_hangs_up_is_not_looked_for_at_another_address(stage: Stage, hint: str) -> None:
    text = str(broken_off(smtplib.SMTPServerDisconnected("the server hung up"), stage, "mail:25", "ann@example.org"))
    assert f"failed {stage.place}: the server hung up." in text
    assert hint in text
    assert "STANDUP_SMTP__HOST" not in text


def test_a_server_that_is_not_there_is_looked_for_at_its_address() -> None:
    text = str(broken_off(ConnectionRefusedError("refused"), Stage.GREETING, "mail:25", "ann@example.org"))
    assert "check STANDUP_SMTP__HOST and STANDUP_SMTP__PORT" in text


@pytest.mark.parametrize(("stage", "hint"), [(Stage.GREETING, "operator"), (Stage.LOGIN, "STANDUP_SMTP__PASSWORD")])
def test_later_before_any_message_has_a_way_out(stage: Stage, hint: str) -> None:
    assert hint in str(error_for(Reply(454, "4.7.0"), stage, "mail:25", "ann@example.org"))
