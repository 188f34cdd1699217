"""Each sentence is true by itself, and two statements of a page about one thing agree."""

from __future__ import annotations

import dataclasses
import io
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest

from renderers import pdf, render_message, xlsx
from renderers.pdf.drawing import styles
from renderers.pdf.text.typesetting import smaller, width, wrap_sentences
from renderers.tables import half_hours
from renderers.words import half_up, shown_percent, speak, worst_half_hour
from renderers.words.rounding import places_beside
from tests.unit.renderers.conftest import SAMPLE, local, with_media
from worker.domain.briefing.content import (
    Briefing,
    Completeness,
    Correction,
    Counts,
    HalfHour,
    Insight,
    RevisedFigure,
)
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.rows import Gap

EN, DE = speak("en"), speak("de")
COSTLY = {"names": ("A", "B"), "late": 372, "counted": 650, "other_late": 96, "other_counted": 800}


def pages(briefing: Briefing, form: str = "phone") -> list[str]:
    document = pypdfium2.PdfDocument(pdf.render(briefing, form))
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def with_level(value: float, goal: float = 0.8, status: Status = Status.WATCH) -> Briefing:
    reading = Reading(Metric.SERVICE_LEVEL, Ratio(value), status, goal)
    return dataclasses.replace(SAMPLE, tiles=(dataclasses.replace(SAMPLE.tiles[0], reading=reading), *SAMPLE.tiles[1:]))


@pytest.mark.parametrize(("words", "phrase"), [(EN, "not answered in time"), (DE, "nicht rechtzeitig angenommen")])
def test_those_who_hung_up_are_not_called_late_answers(words: Any, phrase: str) -> None:
    detail = words.insight(Insight("costly_queues", Status.MISSED, COSTLY)).detail
    assert phrase in detail
    assert "372" in detail
    assert "650" in detail
    assert "late answers" not in detail


def test_pages_one_and_two_give_the_window_and_its_lowest_half_hour_apart() -> None:
    first, second, *_ = pages(SAMPLE)
    assert "11:00–12:30 was under target 56% service level" in first
    assert "Lowest in 11:00–12:30: 52% at 11:00." in second


def test_praise_of_a_queue_gives_no_percentage_of_other_contacts() -> None:
    figures = {"name": "VIP", "service_level": 0.947, "goal": 0.8, "offered": 105, "queues": 2, "fewest_contacts": 10}
    detail = EN.insight(Insight("best_queue", Status.ON_TARGET, figures)).detail
    assert detail == (
        "94.7% service level, 105 contacts offered. "
        "The highest service level of the 2 queues with at least 10 contacts."
    )


def test_one_earlier_day_is_neither_usual_nor_an_average() -> None:
    figures = {"ratio": 1.2, "usual": 1_353.0, "weeks": 1, "day": date(2027, 1, 6)}
    insight = Insight("volume_high", Status.WATCH, figures)
    assert EN.insight(insight).head == "20% more contacts than Wed 6 Jan"
    assert EN.insight(insight).detail.startswith(
        "1,353 on Wed 6 Jan, the only earlier day of this weekday to compare with."
    )
    assert DE.insight(insight).head == "20\xa0% mehr Kontakte als am Mi. 6. Jan"
    assert "1.353 am Mi. 6. Jan., dem einzigen Vergleichstag" in DE.insight(insight).detail


@pytest.mark.parametrize(("weeks", "text"), [(4, "over 4 weeks"), (2, "over 2 weeks.")])
def test_volume_is_compared_with_an_average_over_so_many_weeks(weeks: int, text: str) -> None:
    figures = {"ratio": 1.43, "usual": 175.0, "weeks": weeks}
    sentence = EN.insight(Insight("volume_high", Status.WATCH, figures))
    assert sentence.head == "43% more contacts than usual"
    assert sentence.detail.startswith("Usual: 175, the average of this weekday")
    assert text in sentence.detail


def test_beside_an_explanation_volume_is_compared_with_the_middle_of_its_range() -> None:
    sentence = EN.insight(Insight("volume_high", Status.WATCH, {"ratio": 575 / 480, "usual": 480.0}))
    assert sentence.head == "20% more contacts than usual"
    assert sentence.detail.startswith("Usual: 480, the middle of the usual range.")


def test_a_small_usual_number_has_a_decimal_place() -> None:
    insight = Insight("volume_high", Status.WATCH, {"ratio": 9.2, "usual": 12.5, "weeks": 2})
    assert EN.insight(insight).detail.startswith("Usual: 12.5, the average")
    assert DE.insight(insight).detail.startswith("Üblich sind 12,5, der Schnitt")


def test_a_thin_half_hour_is_never_the_lowest() -> None:
    thin = HalfHour(local(0), Counts(3, 3, 0, 3, None, None), Ratio(0.0, 0, 3), is_thin=True)
    day = dataclasses.replace(SAMPLE, insights=(), half_hours=(thin, *SAMPLE.half_hours))
    worst = worst_half_hour(day)
    assert worst is not None
    assert worst.start == local(11)
    assert EN.half_hours_summary(day).sentences == (
        "Few contacts aside, the lowest was 52% at 11:00.",
        "1 half-hour had few contacts.",
    )
    thin_only = dataclasses.replace(day, half_hours=(thin,))
    assert EN.half_hours_summary(thin_only).head == "No half-hour has enough contacts to be judged."


def _half_hour(hour: int, in_time: int, counted: int, offered: int = 20) -> HalfHour:
    level = Ratio(in_time / counted, in_time, counted) if counted else None
    return HalfHour(local(hour), Counts(offered, counted, 0, counted - in_time, None, None), level)


def _thin_half_hour(hour: int) -> HalfHour:
    return dataclasses.replace(_half_hour(hour, 0, 3), is_thin=True)


@pytest.mark.parametrize(
    ("halves", "text"),
    [
        ([_half_hour(hour, 20, 20) for hour in (8, 9, 10)], "All 3 half-hours with contacts were on target."),
        ([_half_hour(8, 20, 20)], "No half-hour was under target."),
        (
            [_half_hour(8, 20, 20), _half_hour(9, 20, 20), _thin_half_hour(10)],
            "The 2 half-hours with enough contacts were on target. 1 half-hour had few contacts.",
        ),
        (
            [_half_hour(8, 10, 20), _half_hour(9, 20, 20), _thin_half_hour(10)],
            (
                "1 of 2 half-hours was under target. Few contacts aside, the lowest was 50% at 08:00. "
                "1 half-hour had few contacts."
            ),
        ),
        ([_half_hour(8, 20, 20), _half_hour(9, 0, 0)], "1 half-hour was on target, 1 without a figure."),
        (
            [_half_hour(8, 10, 20), _half_hour(9, 10, 20), _half_hour(10, 0, 0)],
            "2 of 2 half-hours were under target, 1 without a figure. The lowest was 50%, first at 08:00.",
        ),
    ],
)
def test_half_hours_are_counted_with_those_whose_level_is_not_known(halves: list[HalfHour], text: str) -> None:
    sentence = EN.half_hours_summary(dataclasses.replace(SAMPLE, insights=(), half_hours=tuple(halves)))
    assert f"{sentence.head} {sentence.detail}".strip() == text


def test_half_hours_without_a_target_are_not_called_on_target() -> None:
    level, *later_tiles = SAMPLE.tiles
    reading = dataclasses.replace(level.reading, status=Status.NOT_JUDGED)
    day = dataclasses.replace(SAMPLE, tiles=(dataclasses.replace(level, reading=reading), *later_tiles))
    assert EN.half_hours_summary(day).head == "No target applies to the half-hours."


def test_half_hours_with_few_contacts_are_marked_in_the_tables() -> None:
    thin = dataclasses.replace(_half_hour(8, 0, 3), is_thin=True)
    day = dataclasses.replace(SAMPLE, half_hours=(thin, *SAMPLE.half_hours[1:]))
    header, first, second = list(openpyxl.load_workbook(io.BytesIO(xlsx.render(day)))["Intervals"].values)[:3]
    assert (header[-1], first[-1], second[-1]) == ("Note", "few contacts", None)
    assert [line.status for line in half_hours.lines(day)[:2]] == [Status.THIN, Status.ON_TARGET]


@pytest.mark.parametrize(
    ("fraction", "places", "displayed_figure"),
    [(13 / 16, 1, "81.3"), (0.285, 0, "29"), (1 / 3, 1, "33.3"), (0.8205 - 0.8, 1, "2.1"), (0.045 - 0.0445, 1, "0.1")],
)
def test_figures_are_rounded_half_up_once(fraction: float, places: int, displayed_figure: str) -> None:
    assert EN.percent(fraction, places) == f"{displayed_figure}%"
    assert float(half_up(fraction, places + 2)) == shown_percent(fraction, places).fraction


@pytest.mark.parametrize(
    ("level", "displayed_figure", "number_format"),
    [(13 / 16, "81.3%", "0.0%"), (0.7996, "79.96%", "0.00%"), (0.79996, "79.996%", "0.000%")],
)
def test_a_figure_is_the_same_on_the_page_in_the_workbook_and_the_message(
    level, displayed_figure, number_format
) -> None:
    briefing = with_level(level)
    message = render_message(briefing)
    assert all(
        displayed_figure in text for text in (pages(briefing)[0], pages(briefing, "a4")[0], message.text, message.html)
    )
    assert displayed_figure in [reading.value for reading in message.summary.readings]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(briefing)))["Summary"]
    (cell,) = [
        row[2]
        for row in sheet.iter_rows(max_col=3)
        if row[0].value == "Service level" and row[1].value == "Just missed"
    ]
    assert cell.number_format == number_format
    assert EN.percent(cell.value, number_format.count("0") - 1) == displayed_figure


@pytest.mark.parametrize(
    ("fraction", "places", "displayed_figure"),
    [
        (9_996 / 10_000, 1, "99.96%"),
        (4_999 / 5_000, 0, "99.98%"),
        (4 / 10_000, 1, "0.04%"),
        (1 - 1e-8, 1, "99.9999%"),
        (1e-8, 1, "0.0001%"),
        (1.0, 1, "100.0%"),
        (0.0, 0, "0%"),
    ],
)
def test_almost_all_is_not_all_and_a_few_are_not_none(fraction: float, places: int, displayed_figure: str) -> None:
    assert EN.percent(fraction, places) == displayed_figure
    assert shown_percent(fraction, places).fraction == pytest.approx(float(displayed_figure.rstrip("%")) / 100)


def test_a_growth_of_almost_twice_as_many_is_rounded_as_usual() -> None:
    assert EN.signed_percent(0.99996) == "+100.0%"


def test_a_figure_never_rounds_onto_a_goal_that_it_misses() -> None:
    assert [places_beside(value, 0.8) for value in (0.79, 0.8, 0.7996, 0.79996, 0.7999996)] == [1, 1, 2, 3, 4]


def test_a_target_just_missed_is_not_called_met() -> None:
    day = with_level(0.797)
    tiles = (day.tiles[0], *(on_target(tile) for tile in day.tiles[1:]))
    verdict = EN.verdict(dataclasses.replace(day, tiles=tiles))
    assert (verdict.head, verdict.detail) == ("1 of 4 targets just missed", "Service level 79.7%, goal ≥ 80%.")


def on_target(tile):
    return dataclasses.replace(tile, reading=dataclasses.replace(tile.reading, status=Status.ON_TARGET))


def test_a_thin_queue_is_marked_on_the_page_and_in_the_workbook() -> None:
    level = dataclasses.replace(SAMPLE.queues[0].service_level, ratio=Ratio(1 / 3, 1, 3))
    counts = Counts(3, 3, 0, 2, None, None)
    thin = dataclasses.replace(SAMPLE.queues[0], counts=counts, service_level=level, is_thin=True)
    day = dataclasses.replace(SAMPLE, queues=(*SAMPLE.queues[1:], thin))
    assert "few contacts · 2 of 3 not in time" in " ".join(pages(day))
    assert "few contacts · 2 of 3 not in time" in " ".join(render_message(day).text.split())
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(day)))["Queues"]
    assert [row[-1].value for row in sheet.iter_rows()] == ["Note", *[None] * 11, "few contacts"]


def test_few_contacts_of_a_queue_are_numbers_and_no_percentages() -> None:
    level = dataclasses.replace(SAMPLE.queues[0].service_level, ratio=Ratio(2 / 3, 2, 3), status=Status.THIN)
    counts = Counts(3, 2, 1, 1, None, None)
    thin = dataclasses.replace(
        SAMPLE.queues[0], counts=counts, service_level=level, abandonment=Ratio(1 / 3, 1, 3), is_thin=True
    )
    day = dataclasses.replace(SAMPLE, queues=(*SAMPLE.queues[1:], thin))
    assert EN.queue_caption(thin) == "few contacts · 1 of 3 not in time · 1 of 3 abandoned"
    for text in (" ".join(pages(day)), " ".join(pages(day, "a4"))):
        assert "33.3%" not in text
        assert "66.7%" not in text


def test_answered_and_abandoned_of_few_contacts_have_no_percentage() -> None:
    few = dataclasses.replace(SAMPLE.tile(Metric.ABANDONMENT).reading, ratio=Ratio(1 / 3, 1, 3), status=Status.THIN)
    tiles = tuple(
        dataclasses.replace(tile, reading=few) if tile.reading.metric is Metric.ABANDONMENT else tile
        for tile in SAMPLE.tiles
    )
    day = dataclasses.replace(SAMPLE, tiles=tiles, counts=Counts(3, 2, 1, 1, None, None))
    captions = {figure.label: figure.caption for figure in EN.figures(day)}
    assert captions["Answered"] == captions["Abandoned"] == "of 3 offered"


def test_page_one_of_a_correction_says_what_changed_and_what_became_known() -> None:
    changes = (RevisedFigure("metric", "adherence", None, 0.908), RevisedFigure("count", "offered", 5401, 5438))
    day = dataclasses.replace(SAMPLE, revision=2, correction=Correction(1, changes))
    line = "Changed: Adherence 90.8% (was not known), Offered 5,438 (was 5,401)."
    assert f"At least 2 figures differ from rev 1. {line}" in pages(day)[0]
    assert line in pages(day, "a4")[0]
    without_figure = dataclasses.replace(
        day, correction=Correction(1, (RevisedFigure("metric", "adherence", 0.9, None),))
    )
    assert "Changed: Adherence no longer known (was 90.0%)." in pages(without_figure)[0]


def test_a_short_list_of_changes_shares_its_page() -> None:
    changes = (RevisedFigure("count", "offered", 5401, 5438),)
    small = dataclasses.replace(SAMPLE, queues=SAMPLE.queues[:2], agents=SAMPLE.agents[:1], revision=2)
    day = dataclasses.replace(small, correction=Correction(1, changes))
    (page,) = [text for text in pages(day) if "What changed" in text]
    assert "Agents needing attention" in page


def test_media_are_never_one_percentage() -> None:
    day = with_media(SAMPLE)
    texts = [*pages(day), *pages(day, "a4"), render_message(day).text]
    assert not any("80.0%" in text for text in texts)
    first = pages(day)[0]
    assert "Service level (voice) 50.0%" in first
    assert "email 100.0%, goal ≥ 90%" in first
    assert EN.verdict(day).head == "3 of 6 targets missed, 1 of them just"


def test_the_workbook_has_a_row_for_each_medium() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(with_media(SAMPLE))))["Summary"]
    rows: dict[Any, Any] = {}
    for row in sheet.iter_rows(max_col=3, values_only=True):
        rows.setdefault(row[0], row[1:3])
    assert rows["Service level (voice)"] == ("Missed", 0.5)
    assert rows["Service level (email)"] == ("On target", 1.0)
    assert (rows["voice"][0], rows["email"][0], rows["All queues"][0]) == (406, 600, 1006)


@pytest.mark.parametrize("form", ["phone", "a4"])
def test_a_reason_is_given_once_and_page_one_has_no_ids_and_instants(form: str) -> None:
    gap = Gap("unavailable", "No management unit is named", "adherence")
    reading = Reading(Metric.ADHERENCE, None, Status.NO_DATA, 0.92, gap.detail)
    tiles = (*SAMPLE.tiles[:3], dataclasses.replace(SAMPLE.tiles[3], reading=reading, changes=(), trend=()))
    agents = tuple(dataclasses.replace(line, adherence=reading) for line in SAMPLE.agents)
    completeness = Completeness((gap,), SAMPLE.completeness.notes)
    day = dataclasses.replace(SAMPLE, tiles=tiles, agents=agents, completeness=completeness)
    first, *_ = pages(day, form)
    assert "Not available: Adherence." in first
    assert "2026-10-21T" not in first
    assert "7f3c1e" not in first
    assert "rows" not in first
    message = render_message(day)
    assert [text.count("No management unit is named") for text in (message.text, message.html)] == [0, 0]
    assert " ".join(pages(day)).count("No management unit is named") == 1


def test_queues_of_a_day_without_a_verdict_are_not_called_missed() -> None:
    gap = Gap("partial", "2 of 3 divisions answered")
    day = dataclasses.replace(SAMPLE, completeness=Completeness((gap,), ()), insights=())
    texts = [*pages(day), *pages(day, "a4"), render_message(day).text, render_message(day).html]
    assert not any("queues, missed" in text.lower() for text in texts)
    assert "QUEUES\n" in render_message(day).text


def test_shares_that_would_be_more_than_all_are_not_shown() -> None:
    counts = dataclasses.replace(SAMPLE.counts, offered=106, answered=101, abandoned=13)
    figures = {figure.label: figure for figure in EN.figures(dataclasses.replace(SAMPLE, counts=counts))}
    assert (figures["Answered"].caption, figures["Abandoned"].caption) == ("contacts", "contacts")


def test_a_count_below_zero_is_not_shown() -> None:
    day = dataclasses.replace(SAMPLE, counts=dataclasses.replace(SAMPLE.counts, late=-12, answered=6000))
    figures = {figure.label: (figure.value, figure.caption) for figure in EN.figures(day)}
    assert figures["Not in time"][0] == "–"
    assert figures["Answered"] == ("6,000", "562 more than offered")
    assert "-12" not in render_message(day).text


def test_two_names_that_fit_are_not_cut() -> None:
    figures = {**COSTLY, "names": ("Tech Support L1", "Billing EN"), "media": ("voice", "voice")}
    assert EN.insight(Insight("costly_queues", Status.MISSED, figures)).head == "Tech Support L1 and Billing EN (voice)"


LONG_NAME = "Kundenbetreuung Geschäftskunden Nordrhein-Westfalen und Niedersachsen"
LONGEST = [
    (
        "worst_run",
        {
            "start": local(10),
            "end": local(13, 30),
            "service_level": 0.057,
            "goal": 0.8,
            "counted": 20_800,
            "abandons": 1_234,
            "abandons_of_day": 1_240,
            "minutes": 210,
        },
    ),
    (
        "costly_queues",
        {
            "names": (LONG_NAME, LONG_NAME),
            "late": 19_400,
            "counted": 20_800,
            "other_late": 11_111,
            "other_counted": 55_555,
        },
    ),
    (
        "costly_queues",
        {
            "names": (LONG_NAME,),
            "late": 19_400_000,
            "counted": 20_800_000,
            "other_late": 9_000_000,
            "other_counted": 20_000_000,
        },
    ),
    ("agents_under_floor", {"count": 1204, "floor": 0.855, "off_schedule_seconds": 3_599_999, "late_logins": 1204}),
    ("occupancy_high", {"value": 0.9999, "low": 0.785, "high": 0.865}),
    ("occupancy_low", {"value": 0.0999, "low": 0.785, "high": 0.865}),
    ("service_level_change", {"points": -0.987, "previous": date(2026, 9, 30), "weeks": 4}),
    ("service_level_change", {"points": 0.987, "previous": date(2026, 9, 30), "weeks": 4}),
    ("volume_high", {"ratio": 12.34, "usual": 1_234_567.0, "weeks": 4}),
    (
        "best_queue",
        {
            "name": LONG_NAME,
            "service_level": 0.999,
            "goal": 0.8,
            "offered": 123_456,
            "queues": 400,
            "fewest_contacts": 10_000,
        },
    ),
    ("on_target_streak", {"metric": "service_level", "days": 10}),
    ("target_met", {"metric": "occupancy", "value": 0.8012, "goal": (0.785, 0.865)}),
    ("all_targets_met", {}),
    (
        "incomplete_data",
        {"gaps": (Gap("partial", "The source gave 3 of 5 pages of its export of agents, and stopped."),) * 4},
    ),
]


@pytest.mark.parametrize(
    ("head_style", "style", "room"),
    [(styles.ITEM, styles.BODY, 330), (styles.WALL_ITEM, styles.WALL_BODY, 234)],
    ids=["phone", "wall"],
)
@pytest.mark.parametrize("words", [EN, DE], ids=["English", "German"])
@pytest.mark.parametrize("medium", [None, "callback"])
@pytest.mark.parametrize(("kind", "figures"), LONGEST)
def test_the_longest_sentences_fit_whole_on_page_one(words, kind, figures, medium, head_style, style, room) -> None:
    media = {"media": (medium,) * len(figures["names"])} if kind == "costly_queues" else {"medium": medium}
    sentence = words.insight(Insight(kind, Status.WATCH, {**figures, **(media if medium else {})}))
    lines = wrap_sentences(sentence.sentences, sentence.short, style, room, 2)
    assert all(width(line, style) <= room for line in lines)
    assert width(sentence.short_head, smaller(sentence.short_head, head_style, room, head_style.size * 0.8)) <= room
    page_text = " ".join(" ".join(lines).split())
    assert page_text.endswith((".", "?", "!"))
    whole, short = (" ".join(text.split()) for text in (sentence.detail, sentence.short))
    assert whole.startswith(page_text) or page_text == short


def test_a_run_that_ends_at_midnight_is_named_in_full() -> None:
    end = local(23, 30) + timedelta(minutes=30)
    assert isinstance(end, datetime)
    assert EN.span(local(23), end) == "23:00–24:00"


def test_the_volume_of_one_of_several_media_names_it() -> None:
    figures = {"ratio": 1.8, "usual": 56.0, "weeks": 2, "medium": "voice"}
    assert EN.insight(Insight("volume_high", Status.WATCH, figures)).detail.startswith("Voice: usual: 56,")


@pytest.mark.parametrize(
    ("counted", "caption"),
    [
        (1_017, "304 not in time, 85 abandoned of 1,017 · AHT 5:11"),
        (980, "304 of 980 not in time · 85 of 1,017 abandoned · AHT 5:11"),
    ],
)
def test_the_short_line_of_a_queue_names_what_its_contacts_are_of(counted: int, caption: str) -> None:
    line = SAMPLE.queues[0]
    level = dataclasses.replace(line.service_level, ratio=Ratio(676 / counted, 676, counted))
    assert EN.queue_caption(dataclasses.replace(line, service_level=level), is_short=True) == caption
