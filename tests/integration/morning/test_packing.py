"""What a parcel is when it is packed: masked or named, locked or open, small enough for the way that it takes."""

from __future__ import annotations

import hashlib
import io
from datetime import time
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook

from renderers import render_documents
from renderers.fit import Place
from tests.unit.renderers.conftest import SAMPLE
from worker.channels import mime
from worker.channels.parcel import Parcel
from worker.domain.groups import Deliver, Group
from worker.domain.privacy import DataClass, mask
from worker.morning.packing import Packing, encoded_size, pack

HOW = Packing(limit_bytes=8_000_000, sender="standup@example.com")
NAME = SAMPLE.agents[0].name


def group(**more: Any) -> Group:
    written = {
        "key": "support",
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": time(8),
        "catch_up_until": time(9),
        "queues": ("Q",),
        "deliver": Deliver(email=("ana@example.com",)),
    }
    return Group(**written | more)


def agents_of(parcel: Parcel) -> list[str]:
    book = load_workbook(io.BytesIO(parcel.attachments[1].content), read_only=True)
    return [row[0] for row in book["Agents"].iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize(
    ("policy", "named", "personal"),
    [
        (None, False, ()),
        ("mask", False, ()),
        ("allow", True, (DataClass.AGENT_NAME,)),
        ("refuse", True, (DataClass.AGENT_NAME,)),
    ],
)
def test_the_policy_decides_who_is_named_and_the_parcel_says_so(
    policy: str | None, named: bool, personal: tuple[DataClass, ...]
) -> None:
    parcel = pack(SAMPLE, group(personal_data=policy), HOW).parcel
    assert (NAME in agents_of(parcel)) is named
    assert len(set(agents_of(parcel))) == len(SAMPLE.agents)
    assert parcel.personal == personal
    assert not parcel.locked


def test_a_locked_parcel_opens_with_its_password_and_its_hashes_are_those_of_the_open_documents() -> None:
    packed = pack(SAMPLE, group(), Packing(8_000_000, "standup@example.com", password="secret words"))
    plain = render_documents(mask(SAMPLE, [DataClass.AGENT_NAME]))
    assert packed.parcel.locked
    assert packed.hashes == {each.name: hashlib.sha256(each.content).hexdigest() for each in plain}
    with pikepdf.open(io.BytesIO(packed.parcel.attachments[0].content), password="secret words") as pdf:
        assert pdf.is_encrypted


def test_a_recipient_with_a_certificate_makes_the_message_a_third_larger() -> None:
    parcel = pack(SAMPLE, group(), HOW).parcel
    plain = len(mime.build(parcel, "ana@example.com", "standup@example.com").content)
    assert encoded_size(parcel, group(), HOW) == plain
    certified = Packing(8_000_000, "standup@example.com", certified=lambda _: True)
    assert 1.3 < encoded_size(parcel, group(), certified) / plain < 1.6


def test_a_message_over_the_limit_loses_its_documents_and_publishes_the_workbook_it_may_show() -> None:
    published: list[Parcel] = []

    def publish(parcel: Parcel) -> Place:
        published.append(parcel)
        return Place("https://bucket.example/x")

    how = Packing(limit_bytes=60_000, sender="standup@example.com", password="secret words", publish=publish)
    packed = pack(SAMPLE, group(personal_data="allow"), how)
    assert packed.parcel.attachments == ()
    assert packed.parcel.personal == ()
    assert packed.hashes == {}
    assert packed.rungs[-1] == "the documents are too large to send: this message is all"
    (waiting,) = published
    assert (waiting.locked, waiting.personal) == (True, (DataClass.AGENT_NAME,))
    assert [each.name for each in waiting.attachments] == ["daily-standup-northgate-support-2026-10-21.xlsx"]
