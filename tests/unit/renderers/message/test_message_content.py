"""The message is complete without opening a document, in HTML and in text alike, and names no agent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from renderers import Message, render_message
from renderers.words import speak
from tests.unit.renderers.message.conftest import read
from worker.domain.briefing.content import Briefing, Completeness, Counts
from worker.domain.metrics import Metric, Status
from worker.domain.rows import Gap

EN = speak("en")

SAID = [
    "Northgate Support",
    "Wednesday 21 October 2026",
    "3 of 4 targets missed, 1 of them just",
    "Service level 77.5%, goal ≥ 80%.",
    "77.5%",
    "✕ Missed",
    "✓ On target",
    "▲ Just missed",
    "goal ≥ 80%",
    "goal ≤ 5%",
    "goal 78–86%",
    "Tue 20 ▼ 5.4 points",
    "Wed avg ▲ 2.8 points",
    "Tue 20 ▲ 2.7 points",
    "11:00–12:30 was under target",
    "Together 30% not answered in time (640 of 2,152), elsewhere 18% (582 of 3,286).",
    "9 of 28 half-hours were under target.",
    "Offered 5,438",
    "Not in time 1,222",
    "4 of 12 under the 80% service-level target",
    "Partner Line – Atlántico",
    "304 of 1,017 not in time · 85 of 1,017 abandoned (8.4%) · AHT 5:11",
    "10 of 46 under the 92% adherence target",
    "Calendar Tue 20 Oct = previous business day",
    "Average 4 Wednesdays: 23, 30 Sep, 7, 14 Oct",
]
OF_OPERATORS = ("2026-10-21T", "America/New_York", "7f3c1e", "rows")


def text_and_html(message: Message) -> dict[str, str]:
    return {"html": read(message.html).text, "text": " ".join(message.text.split())}


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("text", SAID)
def test_each_part_says_all_of_the_morning(briefing: Briefing, part: str, text: str) -> None:
    assert text in text_and_html(render_message(briefing))[part]


@pytest.mark.parametrize("part", ["html", "text"])
@pytest.mark.parametrize("detail", OF_OPERATORS)
def test_a_message_has_no_details_of_operators(briefing: Briefing, part: str, detail: str) -> None:
    assert detail not in text_and_html(render_message(briefing))[part]


def test_no_agent_is_named(briefing: Briefing) -> None:
    message = render_message(briefing)
    whole = str(dataclasses.asdict(message))
    assert not [line.name for line in briefing.agents if line.name in whole]


def test_the_preheader_is_the_verdict_and_comes_first_in_the_html(briefing: Briefing) -> None:
    message = render_message(briefing)
    assert message.preheader.startswith("Northgate Support: 3 of 4 targets missed, 1 of them just. Service level 77.5%")
    assert read(message.html).text.startswith(message.preheader)


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_lack_is_named_once_and_the_reason_is_in_the_pdf(make_briefing: Callable[..., Briefing], part: str) -> None:
    gaps = (Gap("unavailable", "no licence", "adherence"),)
    text = text_and_html(render_message(make_briefing(completeness=Completeness(gaps, ()), agents=())))[part]
    assert "Not available: Adherence. The PDF says why under “Data completeness”." in text
    assert "no licence" not in text
    assert "No agents on this day" not in text


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_metric_without_data_says_so_and_why_and_is_not_zero(
    make_briefing: Callable[..., Briefing], briefing: Briefing, part: str
) -> None:
    unknown = dataclasses.replace(
        briefing.tiles[3].reading, ratio=None, status=Status.NO_DATA, reason="no schedule that day"
    )
    tiles = (*briefing.tiles[:3], dataclasses.replace(briefing.tiles[3], reading=unknown, changes=()))
    text = text_and_html(render_message(make_briefing(tiles=tiles)))[part]
    assert "○ No data" in text
    assert "no schedule that day" in text


@pytest.mark.parametrize("part", ["html", "text"])
def test_only_the_worst_queues_are_shown_and_the_rest_counted(
    make_briefing: Callable[..., Briefing], briefing: Briefing, part: str
) -> None:
    queues = tuple(dataclasses.replace(briefing.queues[0], name=f"Queue {number:03}") for number in range(400))
    text = text_and_html(render_message(make_briefing(queues=queues)))[part]
    assert "Queue 011" in text
    assert "Queue 012" not in text
    assert "+ 388 more in the workbook" in text


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_correction_says_so(make_briefing: Callable[..., Briefing], part: str) -> None:
    assert "Corrected, rev 2" in text_and_html(render_message(make_briefing(revision=2)))[part]


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_day_without_a_contact_shows_that_alone_and_no_zeros(
    make_briefing: Callable[..., Briefing], part: str
) -> None:
    text = text_and_html(render_message(make_briefing(counts=Counts(0, 0, 0, 0, None, None))))[part]
    assert "No interactions recorded: check the source" in text
    assert "2026-10-21T" not in text
    assert "Offered" not in text


def test_figures_that_the_source_does_not_give_are_left_out(make_briefing: Callable[..., Briefing]) -> None:
    text = text_and_html(render_message(make_briefing(counts=Counts(5438, None, None, None, None, None))))["text"]
    assert "Offered 5,438" in text
    assert "Avg handle" not in text


def test_the_same_briefing_gives_the_same_message(briefing: Briefing) -> None:
    assert render_message(briefing) == render_message(dataclasses.replace(briefing))


@pytest.mark.parametrize("part", ["html", "text"])
def test_an_average_takes_the_place_of_a_second_metric_that_is_not_available(briefing: Briefing, part: str) -> None:
    reason = "no permission"
    gap = Gap("unavailable", reason, "occupancy")
    tiles = tuple(
        dataclasses.replace(tile, reading=dataclasses.replace(tile.reading, ratio=None, reason=reason), changes=())
        if tile.reading.metric in (Metric.OCCUPANCY, Metric.ADHERENCE)
        else tile
        for tile in briefing.tiles
    )
    day = dataclasses.replace(
        briefing, tiles=tiles, completeness=dataclasses.replace(briefing.completeness, gaps=(gap,))
    )
    text = text_and_html(render_message(day))[part]
    assert text.index("Contacts offered 5,438 ○ No goal") < text.index("Average handle 5:44 ○ No goal")
    assert "Adherence –" not in text


@pytest.mark.parametrize("part", ["html", "text"])
def test_a_figure_that_cannot_be_judged_has_its_reason_in_both_parts(
    make_briefing: Callable[..., Briefing], briefing: Briefing, part: str
) -> None:
    reason = "Not judged: its queues have different targets."
    not_judged = dataclasses.replace(briefing.tiles[0].reading, status=Status.NOT_JUDGED, reason=reason)
    tiles = (dataclasses.replace(briefing.tiles[0], reading=not_judged), *briefing.tiles[1:])
    assert reason in text_and_html(render_message(make_briefing(tiles=tiles)))[part]
