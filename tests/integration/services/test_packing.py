"""What packing does to a message: masked or named, locked or open, small enough to be sent."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from renderers import PDF
from renderers.fit import Place
from renderers.font_files import SHIPPED_ONLY, Fonts
from tests.unit.renderers.conftest import SAMPLE, documents_of
from worker.channels.channel import Link, OutgoingMessage
from worker.channels.mail import mime
from worker.domain.documents import Document
from worker.domain.groups import Deliver, Group
from worker.domain.groups.privacy import DataClass, mask
from worker.services.packing import Packing, decode, encode, encoded_size, largest_size, pack, size_to_fit

CUTS = Path(__file__).parents[2] / "unit" / "renderers" / "pdf" / "fonts"
HOW = Packing(limit_bytes=8_000_000, sender="standup@example.com")
NAME = SAMPLE.agents[0].name
SAMPLE_MESSAGE = OutgoingMessage(
    "support:2026-11-20", "support", date(2026, 11, 20), 1, datetime(2026, 11, 23, 7, tzinfo=UTC), "Report", "", ""
)


def group(**changes: Any) -> Group:
    fields = {
        "key": "support",
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": time(8),
        "catch_up_until": time(9),
        "queues": ("Q",),
        "deliver": Deliver(email=("ana@example.com",)),
    }
    return Group(**fields | changes)


def agents_of(outgoing: OutgoingMessage) -> list[str]:
    book = load_workbook(io.BytesIO(outgoing.documents[1].content), read_only=True)
    return [row[0] for row in book["Agents"].iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize(
    ("policy", "is_named", "personal"),
    [
        (None, False, ()),
        ("mask", False, ()),
        ("allow", True, (DataClass.AGENT_NAME,)),
        ("refuse", True, (DataClass.AGENT_NAME,)),
    ],
)
def test_the_policy_decides_who_is_named_and_the_message_says_so(
    policy: str | None, is_named: bool, personal: tuple[DataClass, ...]
) -> None:
    outgoing = pack(SAMPLE, group(personal_data=policy), HOW).outgoing
    assert (NAME in agents_of(outgoing)) is is_named
    assert len(set(agents_of(outgoing))) == len(SAMPLE.agents)
    assert outgoing.personal == personal
    assert not outgoing.locked


def pages_of(outgoing: OutgoingMessage, password: str = "") -> tuple[list[str], str]:
    """The outline of a message's PDF, and the text of all its pages."""
    document = pypdfium2.PdfDocument(outgoing.documents[0].content, password=password or None)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return [item.get_title() for item in document.get_toc()], text


def test_a_group_gets_the_tables_that_it_asks_for_behind_its_pages() -> None:
    wishing_group = group(behind=("queues", "half_hours", "agents"), pages="a4")
    outline, text = pages_of(pack(SAMPLE, wishing_group, HOW).outgoing)
    assert outline[-3:] == ["All queues", "All half-hours", "All agents"]
    assert "Partner Line – Atlántico On target 84.7%" in text
    assert [title for title in pages_of(pack(SAMPLE, group(), HOW).outgoing)[0] if title.startswith("All")] == []


@pytest.mark.parametrize(("policy", "is_named"), [(None, False), ("mask", False), ("allow", True)])
def test_the_table_of_agents_names_them_only_where_the_group_allows_it(policy: str | None, is_named: bool) -> None:
    packed = pack(SAMPLE, group(personal_data=policy, behind=("agents",), pages="a4"), HOW)
    _, text = pages_of(packed.outgoing)
    names = [line.name for line in SAMPLE.agents]
    assert {name in text for name in names} == {is_named}
    assert ("Agent 46" in text) is not is_named
    assert packed.outgoing.personal == ((DataClass.AGENT_NAME,) if is_named else ())


def test_a_locked_pdf_has_the_tables_and_loses_them_first_if_it_is_too_large() -> None:
    wishing_group, password = group(behind=("queues", "agents")), "secret words"
    locked = Packing(8_000_000, "standup@example.com", password=password)
    assert pages_of(pack(SAMPLE, wishing_group, locked).outgoing, password)[0][-2:] == ["All queues", "All agents"]
    whole = pack(SAMPLE, wishing_group, HOW)
    tight = Packing(encoded_size(whole.outgoing, wishing_group, HOW) - 1, HOW.sender)
    packed = pack(SAMPLE, wishing_group, tight)
    assert packed.rungs == ("the PDF's table of all agents is left out",)
    assert pages_of(packed.outgoing)[0][-1] == "All queues"
    assert "the PDF's table of all agents is left out" in " ".join(packed.outgoing.text.split())


def test_locked_documents_open_with_the_password_and_are_hashed_before_locking() -> None:
    packed = pack(SAMPLE, group(), Packing(8_000_000, "standup@example.com", password="secret words"))
    plain = documents_of(mask(SAMPLE, [DataClass.AGENT_NAME]))
    assert packed.outgoing.locked
    assert packed.hashes == {document.name: hashlib.sha256(document.content).hexdigest() for document in plain}
    with pikepdf.open(io.BytesIO(packed.outgoing.documents[0].content), password="secret words") as pdf:
        assert pdf.is_encrypted


def test_a_recipient_with_a_certificate_makes_the_message_a_third_larger() -> None:
    outgoing = pack(SAMPLE, group(), HOW).outgoing
    plain = len(mime.build(outgoing, "ana@example.com", "standup@example.com").content)
    assert encoded_size(outgoing, group(), HOW) == plain
    certified = Packing(8_000_000, "standup@example.com", certified=lambda _: True)
    assert 1.3 < encoded_size(outgoing, group(), certified) / plain < 1.6


TEXTS = st.text(st.sampled_from("ab=. \n\u00fc\u0915\U0001f469"), max_size=3000)


@given(TEXTS, TEXTS, st.lists(st.binary(max_size=2000), max_size=3), st.booleans())
def test_no_mail_is_larger_than_the_size_that_is_estimated(
    text: str, html: str, contents: list[bytes], is_certified: bool
) -> None:
    documents = tuple(Document(f"{number}-\u0915.pdf", PDF, content) for number, content in enumerate(contents))
    outgoing = replace(SAMPLE_MESSAGE, text=text, html=html, documents=documents)
    packing = Packing(8_000_000, HOW.sender, certified=lambda _: is_certified)
    assert largest_size(outgoing, group(), packing) >= encoded_size(outgoing, group(), packing)


def test_near_the_limit_the_size_is_exact() -> None:
    outgoing = pack(SAMPLE, group(), HOW).outgoing
    exact = encoded_size(outgoing, group(), HOW)
    assert size_to_fit(outgoing, group(), HOW) > exact
    assert size_to_fit(outgoing, group(), Packing(exact, HOW.sender)) == exact


def test_a_message_over_the_limit_loses_its_documents_and_links_to_the_workbook() -> None:
    published: list[OutgoingMessage] = []
    ends_at = datetime(2026, 11, 30, 7, tzinfo=UTC)

    def publish(outgoing: OutgoingMessage) -> Place:
        published.append(outgoing)
        return Place("https://bucket.example/x", ends_at)

    packing = Packing(limit_bytes=60_000, sender="standup@example.com", password="secret words", publish=publish)
    packed = pack(SAMPLE, group(personal_data="allow"), packing)
    assert packed.outgoing.documents == ()
    assert packed.outgoing.personal == ()
    assert packed.hashes == {}
    assert packed.rungs[-1] == "the documents are too large to send: this message is all"
    (waiting,) = published
    assert (waiting.locked, waiting.personal) == (True, (DataClass.AGENT_NAME,))
    assert [document.name for document in waiting.documents] == ["daily-standup-northgate-support-2026-10-21.xlsx"]
    stored = decode(encode(packed.outgoing), lambda _: b"")
    assert stored.links == (Link(waiting.documents[0].name, "https://bucket.example/x", ends_at),)
    assert stored == packed.outgoing


def test_a_message_that_an_earlier_version_stored_has_no_links() -> None:
    assert decode(encode(SAMPLE_MESSAGE), lambda _: b"").links == ()


def test_a_name_without_a_font_gives_a_remark_until_a_font_is_there() -> None:
    titled = dataclasses.replace(SAMPLE, group_title="客户 고객")
    fonts = Fonts((str(CUTS / "han.ttc"), str(CUTS / "korean.ttf")))
    bare, with_fonts = (
        pack(titled, group(), dataclasses.replace(HOW, fonts=document)) for document in (SHIPPED_ONLY, fonts)
    )
    assert bare.remarks == ("characters that no font at hand has, and that are boxes: 4 (CJK, HANGUL)",)
    assert with_fonts.remarks == ()
    with pikepdf.open(io.BytesIO(with_fonts.outgoing.documents[0].content)) as pdf:
        faces = [str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()]
    assert any("TestKorean" in face for face in faces)
