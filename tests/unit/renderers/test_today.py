"""Today on the pages: the same bytes every time, masked names, one screen, and lines of at most fifty characters."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

import renderers
from renderers.words import speak
from tests.checker import planned, standups
from tests.checker.deliver import compose, deliver
from tests.checker.documents.ink import drawn_pages
from tests.checker.documents.pdf import pages
from worker.domain.groups import Language
from worker.domain.groups.privacy import DataClass, classes_in, mask
from worker.domain.today.outlook import StaffedHalfHour

CASES = {
    case.name: case for module in (planned, standups) for language in ("en", "de") for case in module.cases(language)
}


@pytest.mark.parametrize(
    ("contacts", "required", "english", "german"),
    [
        (0.6, 1, "1 contact, 1 person required, 1 scheduled", "1 Kontakt, 1 Agent benötigt, 1 eingeplant"),
        (175, 26, "175 contacts, 26 people required, 1 scheduled", "175 Kontakte, 26 Agenten benötigt, 1 eingeplant"),
        (None, None, "– contacts, – people required, 1 scheduled", "– Kontakte, – Agenten benötigt, 1 eingeplant"),
    ],
)
def test_a_half_hour_has_its_nouns_in_the_number_of_its_figures(
    contacts: float | None, required: int | None, english: str, german: str
) -> None:
    half_hour = StaffedHalfHour(datetime(2026, 10, 22, 9), contacts, required=required, scheduled=1)
    assert (speak("en").staffed(half_hour), speak("de").staffed(half_hour)) == (english, german)


def test_the_same_plan_gives_the_same_bytes() -> None:
    first, second = (deliver(CASES["shortage en"]) for _ in range(2))
    assert (first.pdf, first.workbook, first.html, first.text) == (
        second.pdf,
        second.workbook,
        second.html,
        second.text,
    )


def test_names_of_today_are_masked_as_those_of_agents_are() -> None:
    briefing = compose(CASES["shortage en"])
    assert DataClass.AGENT_NAME in classes_in(briefing)
    masked = mask(briefing, [DataClass.AGENT_NAME])
    assert masked.today is not None
    names = [person.name for person in (*masked.today.absent, *masked.today.start_later)]
    assert sorted(names) == [f"Agent {number}" for number in range(2, 9)]  # the first is the only agent of the day
    document = renderers.render_pdf(masked, "both").content
    text = " ".join(text.content for page in pages(document) for element in page.elements for text in element.texts)
    assert "Agent 2" in text
    assert not any(person.name in text for person in (*briefing.today.absent, *briefing.today.start_later))  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_lines_of_the_card_are_at_most_55_characters(language: Language) -> None:
    words = speak(language)
    days = [compose(case).today for name, case in CASES.items() if name.endswith(language)]
    cards = [words.today(today, lambda line, _: len(line) <= 55) for today in days if today is not None]
    assert cards
    for card in cards:
        assert max(map(len, card.lines)) <= 55, card.lines
        assert len(card.lines) <= 2


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_plan_adds_a_page_and_leaves_page_one_one_page(language: Language) -> None:
    documents = [deliver(CASES[f"{name} {language}"], "phone", ()).pdf for name in ("no licence", "shortage")]
    without_plan, with_plan = map(pages, documents)
    assert len(with_plan) == len(without_plan) + 1


@pytest.mark.parametrize(
    ("name", "first_line"),
    [
        ("short only before the stand-up en", "After the stand-up, no half-hour is short; 08:00–09:30: up to 3 short."),
        ("short only before the stand-up de", "Nach dem Stand-up fehlt niemand; 08:00–09:30: bis zu 3 fehlen."),
        ("all short before the stand-up en", "After the stand-up, no half-hour is short; all before it are."),
        ("all short before the stand-up de", "Nach dem Stand-up fehlt niemand, davor in jeder halben Stunde."),
        ("mostly short before the stand-up en", "After the stand-up, no half-hour is short; most before it are."),
        ("mostly short before the stand-up de", "Nach dem Stand-up fehlt niemand, davor meist."),
        ("worst before the stand-up en", "Riskiest from the stand-up: 12:00–13:00, up to 4 short."),
        ("worst before the stand-up de", "Kritisch ab Stand-up: 12:00–13:00, bis zu 4 fehlen."),
        ("enough, then short en", "Short from 10:00 on, worst 11:30–13:30, up to 6 short."),
        ("enough, then short de", "Ab 10:00 unterbesetzt, 11:30–13:30: bis zu 6 fehlen."),
        ("then mostly short en", "Mostly short from 10:00, worst 10:00–11:30, up to 112 short."),
        ("then mostly short de", "Ab 10:00 meist knapp, 10:00–11:30: bis zu 112 fehlen."),
        ("then mostly alike en", "From 10:00, 1 short in 14 of 17 half-hours."),
        ("then mostly alike de", "Ab 10:00: 1 fehlt in 14 von 17 halben Stunden."),
        ("mostly alike en", "Mostly short: 2 short in 20 of 24 half-hours."),
        ("mostly alike de", "Meist knapp: 2 fehlen in 20 von 24 halben Stunden."),
        ("short alike en", "Short all day: 2 short in each half-hour."),
        ("short alike de", "Ganztags knapp: 2 fehlen je halbe Stunde."),
        ("one missing en", "Riskiest: 14:00–15:30, 1 short."),
        ("one missing de", "Kritisch: 14:00–15:30, 1 fehlt."),
        ("tightest before the stand-up en", "No half-hour is short; from 10:00 at least 3 over."),
        ("tightest before the stand-up de", "Nirgends fehlt jemand; ab 10:00 mindestens 3 mehr."),
        ("stand-up after closing en", "All half-hours are over at the stand-up."),
        ("stand-up after closing de", "Zum Stand-up sind alle halben Stunden vorbei."),
        ("nothing known and no one scheduled en", "There is no forecast for today."),
    ],
)
def test_the_first_line_says_what_the_team_can_still_do_something_about(name: str, first_line: str) -> None:
    today = compose(CASES[name]).today
    assert today is not None
    assert speak(CASES[name].group.language).today(today).lines[0] == first_line


def test_a_first_line_without_room_is_said_in_fewer_words() -> None:
    today = compose(CASES["short only before the stand-up en"]).today
    assert today is not None
    card = speak("en").today(today, lambda line, _: len(line) < 60)
    assert card.lines[0] == "None is short after the stand-up; 08:00–09:30 is."


def test_a_first_line_about_most_half_hours_is_said_in_fewer_words() -> None:
    lines = []
    for name in ("all", "mostly"):
        today = compose(CASES[f"{name} short before the stand-up en"]).today
        assert today is not None
        lines.append(speak("en").today(today, lambda line, _: len(line) < 55).lines[0])
    assert lines == [
        "None is short after the stand-up; all before it are.",
        "None is short after the stand-up; most before it are.",
    ]


def test_one_missing_agent_is_singular_in_german() -> None:
    today = compose(CASES["one missing de"]).today
    assert today is not None
    assert today.leading is not None
    words = speak("de")
    assert words.worst_label(today.leading) == "1 fehlt um 14:00"
    assert words.short(today.leading.riskiest[0]) == "1 fehlt"


@pytest.mark.parametrize("language", ["en", "de"])
def test_tens_of_thousands_of_agents_fit_in_the_chart_and_the_table(language: Language) -> None:
    document = deliver(CASES[f"huge team {language}"], "phone", ()).pdf
    labels = [ink for ink in drawn_pages(document)[2].inks if ink.kind == "text"]
    assert {"50k", "100k"} <= {label.content for label in labels}
    assert not [label.content for label in labels if "…" in label.content]
    assert min(label.box[0] for label in labels) >= 16


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            (
                "Expected: 175 contacts, average of the last 4 Thursdays.",
                "Expected: 175, average of the last 4 Thursdays.",
            ),
        ),
        ("de", ("Erwartet: 175 Kontakte, Schnitt über 4 Donnerstage.", "Erwartet: 175, Schnitt über 4 Donnerstage.")),
    ],
)
def test_an_expected_number_is_called_an_average(language: Language, sentences: tuple[str, str]) -> None:
    today = compose(CASES[f"no forecast {language}"]).today
    assert today is not None
    assert today.expected is not None
    today = replace(today, expected=replace(today.expected, contacts=175.0))
    words = speak(language)
    wide, narrow = words.today(today), words.today(today, lambda line, _: len(line) < len(sentences[0]))
    assert (wide.lines[0], narrow.lines[0]) == sentences
