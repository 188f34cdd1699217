"""Signatures of the broker's messages."""

from __future__ import annotations

from typing import Any

import pytest
from kombu.utils.json import dumps, loads

from worker.broker.signing import is_signed, signed

KEY = b"k" * 32
MESSAGE = {
    "body": "W10=",
    "content-type": "application/json",
    "content-encoding": "utf-8",
    "headers": {"task": "briefing.render", "id": "1", "expires": None, "timelimit": [None, None]},
    "properties": {"delivery_tag": "a", "delivery_info": {"exchange": "", "routing_key": "briefing.waiting"}},
}


def changed(message: dict[str, Any], **headers: object) -> dict[str, Any]:
    return {**message, "headers": {**message["headers"], **headers}}


def test_a_signed_message_is_recognised_after_its_way_through_the_broker() -> None:
    assert is_signed(loads(dumps(signed(MESSAGE, KEY))), KEY)


def test_a_message_that_was_put_back_into_its_queue_keeps_its_signature() -> None:
    assert is_signed(changed(signed(MESSAGE, KEY), redelivered=True), KEY)


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE,
        {**MESSAGE, "standup-signature": None},
        changed(signed(MESSAGE, KEY), task="briefing.expire"),
        {**signed(MESSAGE, KEY), "body": "e30="},
        signed(MESSAGE, b"o" * 32),
    ],
    ids=["unsigned", "none", "another task", "another body", "another key"],
)
def test_a_changed_or_unsigned_message_is_noticed(message: dict[str, Any]) -> None:
    assert not is_signed(message, KEY)
