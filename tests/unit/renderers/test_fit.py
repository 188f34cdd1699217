"""The size ladder: each rung when the one before was not enough, each said, and nothing done without need."""

from __future__ import annotations

import dataclasses
import io
import random
import string
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from renderers import Message, fit, render_message
from renderers.fit import Place
from renderers.words import speak
from tests.unit.renderers.conftest import documents_of
from worker.channels.mail import mime
from worker.domain.briefing.content import AgentLine, Briefing, Completeness
from worker.domain.documents import Document
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Status
from worker.domain.rows import gap
from worker.services.packing import outgoing_message

LIMIT = 8_000_000
PLACE = Place("https://bucket.example/support/book.xlsx?sig=" + "a" * 400, datetime(2026, 11, 1, 8, tzinfo=UTC))


def content_size(documents: tuple[Document, ...], message: Message) -> int:
    return sum(len(document.content) for document in documents) + len(message.text) + len(message.html)


def sheets(document: Document) -> dict[str, tuple[str, ...]]:
    """Sheet → the headers in its first row."""
    book = load_workbook(io.BytesIO(document.content), read_only=True)
    return {sheet.title: tuple(cell.value for cell in next(sheet.rows)) for sheet in book.worksheets}


def shrinking_by(rung: int) -> Callable[[tuple[Document, ...], Message], int]:
    """A measure under which the ``rung``-th thing that is tried is the first to fit."""
    tried = iter(range(99))
    return lambda documents, message: 0 if next(tried) == rung else LIMIT + 1


def test_a_briefing_that_fits_is_sent_unchanged(briefing: Briefing) -> None:
    fitted = fit.fit(briefing, LIMIT, content_size)
    assert fitted.documents == documents_of(briefing)
    assert fitted.message == render_message(briefing)
    assert fitted.rungs == ()


def test_a_notice_has_no_rungs(briefing: Briefing) -> None:
    fitted = fit.fit(dataclasses.replace(briefing, queues=(), agents=()), 1, lambda *_: 0)
    assert fitted.rungs == ()


RUNGS = (
    "the workbook is packed tighter",
    "the workbook's sheet Agents is without Queues",
    "the workbook's sheet Agents is without Goal, Occupancy, Late log-ins",
    "the workbook's sheet Queues is without Goal, vs last workday, Average handle, Average answer, Occupancy",
    "the workbook is without the 36 agents on target",
)


@pytest.mark.parametrize("rung_count", range(1, 6))
def test_each_rung_keeps_the_earlier_ones_and_is_named_in_text_and_html(rung_count: int, briefing: Briefing) -> None:
    fitted = fit.fit(briefing, LIMIT, shrinking_by(rung_count))
    assert fitted.rungs == RUNGS[:rung_count]
    words = " ".join(fitted.message.text.split())
    assert f"To keep the message under 8 MB: {'; '.join(fitted.rungs)}." in words
    assert fitted.rungs[-1].replace("'", "&#39;") in fitted.message.html
    assert len(fitted.documents) == 2


def test_the_columns_that_rules_and_charts_need_are_never_dropped(briefing: Briefing) -> None:
    book = sheets(fit.fit(briefing, LIMIT, shrinking_by(5)).documents[1])
    assert book["Agents"] == ("Agent", "Status", "Adherence", "Off schedule")
    assert book["Queues"] == (
        "Queue", "Status", "Service level", "Offered", "Answered", "Abandoned", "Abandonment", "Not in time"
    )  # fmt: skip
    assert len(book["Intervals"]) == 10


def test_agents_on_target_go_and_the_others_stay(briefing: Briefing) -> None:
    book = load_workbook(io.BytesIO(fit.fit(briefing, LIMIT, shrinking_by(5)).documents[1].content))
    names = {cell.value for cell in book["Agents"]["A"][1:]}
    assert names == {line.name for line in briefing.agents if line.adherence.status is not Status.ON_TARGET}


def test_tight_packing_is_smaller_and_holds_the_same_files(briefing: Briefing) -> None:
    whole, tight = (fit.fit(briefing, LIMIT, shrinking_by(rung)).documents[1].content for rung in (0, 1))
    assert len(tight) < len(whole)
    books = [zipfile.ZipFile(io.BytesIO(content)) for content in (whole, tight)]
    assert [[book.read(name) for name in book.namelist()] for book in books[:1]] == [
        [book.read(name) for name in book.namelist()] for book in books[1:]
    ]


def test_with_a_bucket_the_message_links_to_the_complete_workbook(briefing: Briefing) -> None:
    published: list[Document] = []
    fitted = fit.fit(briefing, LIMIT, shrinking_by(6), publish=lambda document: published.append(document) or PLACE)
    assert [document.name for document in fitted.documents] == ["daily-standup-northgate-support-2026-10-21.pdf"]
    assert sheets(published[0])["Agents"][-1] == "Queues"
    assert fitted.rungs == (
        "the workbook is too large to send and waits behind the link, until 2026-11-01 03:00-05:00",
    )
    assert PLACE.url in fitted.message.text.splitlines()
    assert f'href="{PLACE.url}"' in fitted.message.html
    assert fitted.links == ((published[0].name, PLACE),)
    (warning,) = fitted.message.summary.warnings
    assert f"{fitted.rungs[0]}." in warning


def test_without_a_bucket_the_pdf_goes_alone_and_at_last_the_message(briefing: Briefing) -> None:
    pdf_alone = fit.fit(briefing, LIMIT, shrinking_by(6))
    assert [document.media_type for document in pdf_alone.documents] == ["application/pdf"]
    assert pdf_alone.rungs == ("the workbook is too large to send",)
    message_only = fit.fit(briefing, 1, content_size)
    assert message_only.documents == ()
    assert "the documents are too large to send: this message is all" in " ".join(message_only.message.text.split())


def test_documents_are_measured_as_they_will_be_sent(briefing: Briefing) -> None:
    def heavier(document: Document) -> Document:
        return dataclasses.replace(document, content=document.content + bytes(LIMIT))

    assert fit.fit(briefing, LIMIT, content_size, finish=heavier).documents == ()


def test_a_sheet_without_rows_costs_no_rung(make_briefing: Callable[..., Briefing]) -> None:
    rungs = [rung_count for _, rung_count in fit.trims(make_briefing(agents=()))][-1]
    assert rungs == (RUNGS[0], RUNGS[3])


def huge(briefing: Briefing) -> Briefing:
    """Hundreds of queues, thousands of agents, each in many queues: a workbook of more than 9 MB."""
    chance = random.Random(5)
    names = ["".join(chance.choices(string.ascii_letters, k=200)) for _ in range(900)]
    queues = tuple(dataclasses.replace(briefing.queues[0], name=name) for name in names)
    agents = tuple(_agent(briefing.agents[number % 46], number, chance.sample(names, 36)) for number in range(2000))
    return dataclasses.replace(briefing, queues=queues, agents=agents)


def _agent(like: AgentLine, number: int, queues: list[str]) -> AgentLine:
    return dataclasses.replace(like, name=f"Agent {number}", queues=tuple(queues))


def test_trap_attaching_large_files_without_compression_or_size_limits(briefing: Briefing) -> None:
    """The guide's trap: an attachment of more than the mail system takes fails silently or bounces."""
    large, whole = huge(briefing), []

    def measure(documents: tuple[Document, ...], message: Message) -> int:
        whole.append(sum(len(document.content) for document in documents))
        letter = mime.build(outgoing_message(large, documents, message, ()), "ana@example.com", "standup@example.com")
        return len(letter.content)

    fitted = fit.fit(large, LIMIT, measure)
    assert whole[0] > 9_000_000
    assert measure(fitted.documents, fitted.message) <= LIMIT
    assert fitted.rungs == RUNGS[:2]
    assert sheets(fitted.documents[1])["Queues"][0] == "Queue"
    assert "the workbook's sheet Agents is without Queues" in " ".join(fitted.message.text.split())


def test_a_message_points_to_no_document_that_is_not_sent(briefing: Briefing) -> None:
    permission = "wfm:historicalAdherence:view"
    gaps = (gap("unavailable", GapText.ADHERENCE_NOT_PERMITTED, "adherence", permission=permission),)
    incomplete = dataclasses.replace(
        briefing,
        queues=(briefing.queues * 2)[:17],
        completeness=Completeness(gaps, briefing.completeness.notes),
    )

    def text_of(fitted: fit.Fitted) -> str:
        return " ".join(fitted.message.text.split())

    pointer, (reason,) = "The PDF says why under “Data completeness”.", speak("en").gaps(incomplete)
    whole, pdf_alone, linked, message_only = (
        fit.fit(incomplete, LIMIT, content_size),
        fit.fit(incomplete, LIMIT, shrinking_by(6)),
        fit.fit(incomplete, LIMIT, shrinking_by(6), publish=lambda _: PLACE),
        fit.fit(incomplete, 1, content_size),
    )
    assert pointer in text_of(whole)
    assert "+ 5 more in the workbook" in text_of(whole)
    assert pointer in text_of(pdf_alone)
    assert "in the workbook" not in text_of(pdf_alone)
    assert "+ 5 more" in text_of(pdf_alone)
    assert "+ 5 more in the workbook" in text_of(linked)
    assert pointer not in text_of(message_only)
    assert reason in text_of(message_only)
    assert "in the workbook" not in text_of(message_only)
    assert whole.message.summary.warnings == ("Not available: Adherence.",)  # a card may carry no PDF
    assert message_only.message.summary.warnings[0] == reason
