"""Every text has its translation, numbers and dates are written as the language writes them, and all of it fits."""

from __future__ import annotations

import dataclasses
import io
import re
from datetime import date

import openpyxl
import pypdfium2
import pytest
from babel.messages.catalog import Message

from renderers import pdf, render_message, words, xlsx
from renderers.words import speak
from renderers.words.catalogues import __main__ as catalogues
from renderers.words.insights.talk import HEAD_LIMIT
from tests.unit.renderers.test_words import SENTENCES
from worker.domain.briefing.content import Correction, Insight, RevisedFigure
from worker.domain.metrics import Metric, Reading, Status
from worker.domain.wording import sentence

DAY = date(2026, 10, 21)
EN, DE = speak("en"), speak("de")
LANGUAGES = [file.stem for file in catalogues.HERE.glob("*.po")]
PLACEHOLDER = re.compile(r"{(\w+)}")


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def texts(language: str) -> list[Message]:
    return [message for message in catalogues.catalogue_of(language) if message.id]


def keys(messages: list[Message]) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(message.context, forms(message.id)) for message in messages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_texts_of_the_code_and_no_others(language):
    in_catalogue, in_code = (
        keys(texts(language)),
        keys([message for message in catalogues.texts_in_code() if message.id]),
    )
    assert in_code - in_catalogue == set(), "run python -m renderers.words.catalogues"
    assert in_catalogue - in_code == set(), "run python -m renderers.words.catalogues"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_the_placeholders_of_the_english_one(language):
    for message in texts(language):
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id
        for english, translation in zip(forms(message.id), forms(message.string), strict=True):
            assert set(PLACEHOLDER.findall(translation)) == set(PLACEHOLDER.findall(english)), message.id


def test_the_catalogues_hold_what_is_known_to_be_said():
    """The extraction sees texts in code, in templates, in columns and in the domain."""
    forms = {form for _, key in keys(list(catalogues.texts_in_code())) for form in key}
    assert {"Can it recur today?", "Compared with", "Late log-ins", "No schedule."} <= forms


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (DE.count(1_017_000), "1.017.000"),
        (DE.percent(0.775), "77,5\xa0%"),
        (DE.percent(0.52, 0), "52\xa0%"),
        (DE.round_percent(0.8), "80\xa0%"),
        (DE.round_percent(0.925), "92,5\xa0%"),
        (DE.percent_band(0.78, 0.86), "78–86\xa0%"),
        (DE.signed_percent(-0.083), "−8,3\xa0%"),
        (EN.signed_percent(0.083), "+8.3%"),
        (DE.points(-0.054), "5,4 Punkte"),
        (DE.average_time(311_000.0), "5:11"),
        (DE.minutes(118 * 60), "1 h 58"),
        (DE.long_day(DAY), "Mittwoch, 21. Oktober 2026"),
        (DE.short_day(DAY), "Mi. 21. Okt."),
        (DE.days_of_months((date(2026, 9, 23), date(2026, 9, 30), date(2026, 10, 7))), "23., 30. Sept., 7. Okt."),
        (DE.clean("\x07"), "(ohne Namen)"),
        (DE.status(Status.MISSED), "Verfehlt"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_writes_them(texts, expected):
    assert texts == expected


@pytest.mark.parametrize(("kind", "status", "figures", "head", "detail"), SENTENCES)
def test_an_insight_fits_in_german_too(kind, status, figures, head, detail):
    sentence = DE.insight(Insight(kind, status, figures))
    assert len(sentence.short_head) <= HEAD_LIMIT + 4
    assert words.shorten("…", 1) not in sentence.head + sentence.detail
    assert kind == "incomplete_data" or sentence.detail != detail


def test_a_reason_of_ours_is_translated_and_one_of_the_source_stays_as_it_is():
    reading_with_reason = Reading(Metric.ADHERENCE, None, Status.NO_DATA, 0.92, sentence("No schedule."))
    assert DE.missing_reason(reading_with_reason) == "Kein Plan."
    assert DE.missing_reason(dataclasses.replace(reading_with_reason, reason="HTTP {403}: wfm")) == "HTTP {403}: wfm"


def test_a_name_is_never_taken_for_a_text():
    insight = Insight(
        "best_queue",
        Status.ON_TARGET,
        {
            "name": "{level} No data",
            "service_level": 0.9,
            "goal": 0.8,
            "offered": 12,
            "queues": 2,
            "fewest_contacts": 10,
        },
    )
    assert DE.insight(insight).head == "Gut gemacht: {level} No data"


@pytest.fixture
def german(make_briefing):
    """The sample in German, corrected and without adherence, so that the rarer texts are said as well."""
    nothing_kept = Reading(Metric.ADHERENCE, None, Status.NO_DATA, 0.92, sentence("No agent had a schedule."))
    tiles = make_briefing().tiles
    return make_briefing(
        language="de",
        revision=2,
        correction=Correction(1, (RevisedFigure("count", "average_answer_ms", 40_000.0, 42_000.0),)),
        tiles=(*tiles[:3], dataclasses.replace(tiles[3], reading=nothing_kept, changes=(), trend=())),
    )


ENGLISH = ("Service level", "Abandon", "Occupancy", "Adherence", "Missed", "goal", "worse", "target", "Queue")
ENGLISH += (
    "Offered",
    "answered",
    "half-hour",
    "workbook",
    "row",
    "Corrected",
    "No data",
    "business",
    "Wed",
)


def test_no_english_is_left_on_a_german_page_message_or_workbook(german):
    pages = " ".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf.render(german, "both"))
    )
    message = render_message(german)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(german)))
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    titles = " ".join(book.sheetnames)
    for texts in (pages, message.text, re.sub(r"<[^>]+>|{[^}]*}", " ", message.html), cells, titles):
        assert [word for word in ENGLISH if re.search(rf"\b{word}", texts)] == []


def test_a_german_message_and_file_say_their_language(german):
    assert '<html lang="de"' in render_message(german).html
    assert pypdfium2.PdfDocument(pdf.render(german)).get_metadata_dict()["Title"].startswith("Stand-up")
    assert render_message(german).subject == "Daily Standup Report - 2026-10-21 (korrigiert, Rev. 2)"


def test_the_charts_of_a_german_workbook_point_at_its_own_sheet(german):
    book = openpyxl.load_workbook(io.BytesIO(xlsx.render(german)))
    (chart,) = book["Überblick"]._charts
    assert "'Halbe Stunden'!" in chart.series[0].val.numRef.f
    rules = [
        rule.formula[0]
        for chart in book["Warteschlangen"].conditional_formatting
        for rule in chart.rules
        if rule.formula
    ]
    assert any('"Verfehlt"' in formula for formula in rules)


def test_an_english_briefing_after_a_german_one_is_unchanged(make_briefing):
    first = pdf.render(make_briefing())
    pdf.render(make_briefing(language="de"))
    assert pdf.render(make_briefing()) == first
