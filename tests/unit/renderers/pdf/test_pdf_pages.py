"""What the pages show, for days and groups of all kinds."""

from __future__ import annotations

import dataclasses
import itertools
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from renderers import pdf
from tests.unit.renderers.conftest import with_media
from worker.domain.briefing.content import (
    Change,
    Completeness,
    Correction,
    Counts,
    HalfHour,
    Insight,
    RevisedFigure,
    Tile,
)
from worker.domain.briefing.incomplete.day import without_verdicts
from worker.domain.briefing.usual_content import Place, UsualFigure
from worker.domain.metrics import Metric, Ratio, Reading, Status
from worker.domain.rows import Gap
from worker.domain.staffing.forecasts import ForecastScore
from worker.domain.today.forecasts import ForecastOfMedium

NO_LICENCE = "the licence lacks wfm:historicalAdherence:view"
NO_ADHERENCE = Reading(Metric.ADHERENCE, None, Status.NO_DATA, 0.92, NO_LICENCE)
PARTIAL = Gap("partial", "queues: 3 of 5 pages")
HOSTILE = (
    '<img src="/etc/passwd"/>',
    "=HYPERLINK(1)",
    "\u202eevil\u202c",
    "خدمة العملاء",
    "東京サポート",
    "Team 👩\u200d👩\u200d👧",
    "a" * 500,
    "e\u0301clair",
    "",
    "\x00tab\tline\n",
    "</para>&amp;",
    "\ud800",
)


def no_adherence(make):
    return make(
        tiles=tuple(Tile(NO_ADHERENCE) if t.reading.metric is Metric.ADHERENCE else t for t in make().tiles),
        agents=tuple(dataclasses.replace(line, adherence=NO_ADHERENCE) for line in make().agents),
        completeness=Completeness((Gap("unavailable", NO_LICENCE, "adherence"),), make().completeness.notes),
    )


def changed(make, **changes):
    queues = (RevisedFigure("queue", line.name, 0.7, None) for line in make().queues * 3)
    metrics = (
        RevisedFigure("metric", "service_level", 0.7749, 0.775),
        RevisedFigure("count", "average_handle_ms", 1.0, 3.6e6),
    )
    return make(revision=2, correction=Correction(1, (*metrics, *queues)), **changes)


def partial(make):
    return without_verdicts(
        make(
            completeness=Completeness((PARTIAL,), make().completeness.notes),
            insights=(Insight("incomplete_data", Status.WATCH, {"gaps": (PARTIAL,)}),),
        )
    )


def empty(make):
    no_counts = Counts(0, 0, 0, 0, None, None)
    return make(counts=no_counts, queues=(), half_hours=(), insights=(), agents=())


def new_group(make):
    return make(tiles=tuple(Tile(tile.reading) for tile in make().tiles), previous_counts=None)


def many_queues(make):
    lines = itertools.islice(itertools.cycle(make().queues), 400)
    return make(queues=tuple(dataclasses.replace(line, name=f"Queue {index}") for index, line in enumerate(lines)))


def hostile(make):
    return make(
        group_title=HOSTILE[0],
        queues=tuple(dataclasses.replace(make().queues[index], name=name) for index, name in enumerate(HOSTILE)),
        agents=tuple(dataclasses.replace(make().agents[0], name=name, queues=HOSTILE) for name in HOSTILE),
    )


def percentages_only(make):
    unknown = Counts(None, None, None, None, None, None)
    return make(
        counts=unknown,
        queues=tuple(dataclasses.replace(line, counts=unknown) for line in make().queues),
        half_hours=tuple(dataclasses.replace(half, counts=unknown) for half in make().half_hours),
    )


def day_of_25_hours(make):
    zone, first = ZoneInfo("Europe/Berlin"), datetime(2026, 10, 24, 22, tzinfo=UTC)
    counts = Counts(12_000, 11_000, 1_000, 0, 1.0, 1.0)
    halves = [
        HalfHour((first + timedelta(minutes=30 * index)).astimezone(zone), counts, Ratio(0.9 if index % 9 else 0.0))
        for index in range(50)
    ]
    return make(zone="Europe/Berlin", half_hours=tuple(halves), insights=())


def late_dip(make):
    levels = [0.95] * 19 + [0.79] + [0.95] * 8
    halves = zip(make().half_hours, levels, strict=True)
    return make(
        half_hours=tuple(dataclasses.replace(half, service_level=Ratio(level)) for half, level in halves), insights=()
    )


def enormous(make, **changes):
    """Figures as large as a source gave them: waits of days, tens of millions of contacts."""
    day, wait, queue_wait = 26 * 3_600_000 + 13 * 60_000 + 45_000.0, 100 * 3_600_000 + 33 * 60_000 + 20_000.0, 11.1e6
    queue = Counts(20_800_000, 20_700_000, 100_000, 19_400_000, day, wait)
    group = Counts(20_800_000, 19_400_000, 1_400_000, 19_999_999, day, queue_wait)
    insights = (
        Insight(
            "costly_queues",
            Status.MISSED,
            {
                "names": ("Tech Support L1", "Billing EN"),
                "late": 19_400_000,
                "counted": 19_999_999,
                "other_late": 1_000_000,
                "other_counted": 19_999_999,
            },
        ),
        *make().insights[:1],
    )
    return make(
        counts=group,
        previous_counts=Counts(1, 1, 1, 1, 1_000.0, 1_000.0),
        queues=tuple(dataclasses.replace(line, counts=queue, change=MORE_THAN_90_POINTS) for line in make().queues),
        half_hours=tuple(dataclasses.replace(half, counts=queue) for half in make().half_hours),
        agents=tuple(dataclasses.replace(line, off_schedule_seconds=359_999) for line in make().agents),
        insights=insights,
        **changes,
    )


MORE_THAN_90_POINTS = Change("previous", (date(2026, 10, 20),), -0.987)

KINDS = {
    "an ordinary day": lambda make: make(),
    "a correction": lambda make: make(revision=2),
    "a correction with changes": changed,
    "a German day": lambda make: make(language="de"),
    "a German correction": lambda make: changed(make, language="de"),
    "no adherence": no_adherence,
    "partial data": partial,
    "no interactions": empty,
    "a new group": new_group,
    "no queues": lambda make: make(queues=()),
    "one queue and no agents": lambda make: make(queues=make().queues[:1], agents=()),
    "four hundred queues": many_queues,
    "no half-hours": lambda make: make(half_hours=()),
    "one half-hour": lambda make: make(half_hours=make().half_hours[3:4]),
    "hostile names": hostile,
    "percentages only": percentages_only,
    "a day of 25 hours": day_of_25_hours,
    "a dip where the target's label is": late_dip,
    "several media": lambda make: with_media(make()),
    "several media in German": lambda make: with_media(make(language="de")),
    "enormous figures": enormous,
    "enormous figures in German": lambda make: enormous(make, language="de"),
    "nothing to talk about": lambda make: make(insights=()),
}


@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_text_leaves_its_page_or_covers_another(make_briefing, text_boxes, kind, pages):
    trailing_space = 5
    for (width, height), boxes in text_boxes(pdf.render(kind(make_briefing), pages)):
        assert boxes
        for (left_x, bottom, right, top), text in boxes:
            assert left_x > 5, text
            assert right < width - 16 + trailing_space, text
            assert 4 < bottom < top < height, text
        for (first, text), (second, other_text) in itertools.combinations(boxes, 2):
            overlap_x = min(first[2], second[2]) - max(first[0], second[0])
            overlap_y = min(first[3], second[3]) - max(first[1], second[1])
            assert overlap_x < trailing_space or overlap_y < 1.2, (text, other_text)


def test_page_one_reads_in_the_order_of_a_stand_up(briefing, texts):
    page = texts(pdf.render(briefing))[0]
    parts = [
        "Wednesday 21 October 2026",
        "3 of 4 targets missed, 1 of them just",
        "Service level 77.5%, goal ≥ 80%.",
        "Missed goal ≥ 80%",
        "Tue −5.4 points",
        "Occupancy",
        "Wed avg +2.2 points",
        "Talk about today",
        "11:00–12:30 was under target",
        "Well done: VIP Desk",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize(("pages", "text"), [("phone", "−2.5 points"), ("a4", "70.1% −2.5 304 of 1,017")])
def test_which_way_a_queue_went_is_text_and_not_a_triangle_alone(briefing, texts, pages, text):
    assert any(text in page for page in texts(pdf.render(briefing, pages)))


def test_the_wall_page_says_what_the_phone_pages_say(briefing, texts):
    page = texts(pdf.render(briefing, "a4"))[0]
    for part in (
        "3 of 4 targets missed, 1 of them just",
        "11:00–12:30 was under target",
        "Tech Support L1",
        "+ 5 more queues, all on target",
        "times in America/New_York",
    ):
        assert part in page


def test_the_wall_page_names_no_agent(briefing, texts):
    page = texts(pdf.render(briefing, "a4"))[0]
    assert briefing.agents
    assert not [line.name for line in briefing.agents if line.name in page]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
def test_queues_with_like_names_in_several_media_are_told_apart(make_briefing, texts, pages, language):
    names = [
        f"Technischer Support Stufe {level} {region}" for region in ("Festnetz Nord", "Mobilfunk") for level in (1, 2)
    ]
    several_media = with_media(make_briefing(language=language))
    lines = tuple(
        dataclasses.replace(several_media.queues[0], name=name, medium=medium)
        for name in names
        for medium in ("message", "email")
    )
    page = texts(pdf.render(dataclasses.replace(several_media, queues=lines), pages))[0 if pages != "phone" else 2]
    media = {"en": ("message", "email"), "de": ("Nachricht", "E-Mail")}[language]
    shown_names = re.findall(rf"(\S*Tech.{{3,40}}?) \((?:{'|'.join(media)})\)", page)
    assert len(shown_names) >= 7
    for shown_name in shown_names:
        start, _, end = shown_name.partition("…")
        queues = [name for name in names if name.startswith(start.strip()) and name.endswith(end.strip())]
        assert len(queues) == 1, shown_name


def test_the_wall_page_gives_up_the_trend_before_it_cuts_a_name(make_briefing, texts):
    def page_of(*names):
        lines = zip(make_briefing().queues, names, strict=False)
        queues = tuple(dataclasses.replace(line, name=name) for line, name in lines)
        return texts(pdf.render(make_briefing(queues=queues), "a4"))[0]

    assert "Trend" in page_of("Sales", "Billing")
    long_name = "Northgate Payments and Refunds"
    assert "Trend" not in page_of("Sales", long_name)
    assert long_name in page_of("Sales", long_name)


def test_the_panel_states_window_zone_sources_and_reference_days(briefing, texts):
    page = texts(pdf.render(briefing))[-1]
    for part in (
        "From 2026-10-21T00:00:00-04:00",
        "To 2026-10-22T00:00:00-04:00 (exclusive)",
        "Time zone America/New_York",
        "Generated 2026-10-22T06:05:12-04:00",
        "queues 7f3c1e · 1,344 rows · complete",
        "4 Wednesdays: 23, 30 Sep, 7, 14 Oct",
    ):
        assert part in page


@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
def test_a_correction_says_so_beside_the_title(make_briefing, texts, pages):
    first = texts(pdf.render(make_briefing(revision=2), pages))[0]
    assert "Corrected, rev 2" in first[: first.index("Wednesday")]
    assert "Corrected" not in texts(pdf.render(make_briefing(), pages))[0]


def test_the_foot_keeps_day_and_revision_whatever_the_group_is_called(make_briefing, texts):
    for page in texts(pdf.render(make_briefing(revision=2, group_title="Long name " * 30))):
        assert "… · Wed 21 Oct 2026 · Corrected, rev 2" in page


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_partial_data_get_a_banner_and_no_verdict(make_briefing, texts, pages):
    first = texts(pdf.render(partial(make_briefing), pages))[0]
    assert "Incomplete data: no verdict" in first
    assert "targets missed" not in first
    assert "queues: 3 of 5 pages" in first


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_a_missing_reading_is_no_data_with_its_reason_and_never_zero(make_briefing, texts, pages):
    unread = Tile(dataclasses.replace(NO_ADHERENCE, reason="No agent had a schedule."))
    tiles = (unread if tile.reading.metric is Metric.ADHERENCE else tile for tile in make_briefing().tiles)
    first = texts(pdf.render(make_briefing(tiles=tuple(tiles)), pages))[0]
    assert "No data goal ≥ 92% No agent had a schedule." in first
    assert "2 of 3 targets missed" in first
    assert " 0.0%" not in first


def test_a_day_without_interactions_is_one_page_that_says_so_and_shows_no_figures(make_briefing, texts):
    (page,) = texts(pdf.render(empty(make_briefing)))
    assert "No interactions recorded: check the source" in page
    assert "Data completeness" in page
    assert "%" not in page


def test_four_hundred_queues_are_five_pages_of_the_worst_and_a_count_of_the_rest(make_briefing, texts):
    pages = texts(pdf.render(many_queues(make_briefing)))
    assert len(pages) == 8
    assert "Queue 59" in pages[6]
    assert "+ 340 more in the workbook" in pages[6]


def test_without_agents_there_is_no_page_of_agents_and_the_panel_follows_the_queues(make_briefing, texts):
    pages = texts(pdf.render(make_briefing(agents=(), queues=make_briefing().queues[:2])))
    assert len(pages) == 3
    assert "Data completeness" in pages[-1]
    assert not any("Agents" in page for page in pages)


def test_a_small_groups_agents_stand_below_its_queues_and_both_are_in_the_outline(make_briefing, texts, opened):
    agents_page = make_briefing().agents[:3]
    rendered = pdf.render(make_briefing(queues=make_briefing().queues[:2], agents=agents_page))
    pages = texts(rendered)
    assert len(pages) == 3
    order = [
        pages[2].index(part)
        for part in ("Queues, missed targets first", "Tech Support L1", "Agents needing", "Owen Blake")
    ]
    assert order == sorted(order)
    assert "Data completeness" in pages[2]
    with opened(rendered).open_outline() as outline:
        assert [entry.title for entry in outline.root][-2:] == ["Queues", "Agents"]


def test_a_panel_without_room_below_twelve_queues_takes_the_last_three_along(make_briefing, texts):
    pages = texts(pdf.render(make_briefing(agents=(), queues=many_queues(make_briefing).queues[:12])))
    assert len(pages) == 4
    assert [len(re.findall(r"Queue \d+ \d", page)) for page in pages[2:]] == [9, 3]
    assert pages[-1].index("Data completeness") > pages[-1].index("Queue 11")


def test_the_day_by_half_hour_says_how_good_its_forecast_was(make_briefing, texts):
    score = ForecastOfMedium("voice", ForecastScore(0.123, -0.055, 0.091, 20, 24))
    page = texts(pdf.render(make_briefing(forecast_scores=(score,))))[1]
    assert "How good was the forecast? 5.5% below the contacts that came, half-hours 12.3% off" in page
    assert "20 of 24 half-hours inside the expected band. Offered" in page
    assert "forecast" not in texts(pdf.render(make_briefing()))[1]


def test_a_panel_without_room_takes_what_a_correction_changed_along(make_briefing, texts):
    figures = (RevisedFigure("count", name, 10.0, 20.0) for name in ("offered", "answered", "abandoned", "late"))
    levels = (RevisedFigure("queue", line.name, 0.7, 0.8) for line in make_briefing().queues[:4])
    briefing = make_briefing(
        revision=2,
        correction=Correction(1, (*figures, *levels)),
        queues=make_briefing().queues[:2],
        agents=make_briefing().agents[-1:],
    )
    *_, queues, last = texts(pdf.render(briefing))
    assert queues.index("Queues, missed targets first") < queues.index("Agents")
    assert "What changed" not in queues
    assert last.index("What changed") < last.index("Data completeness")


@pytest.mark.parametrize("count", [13, 14, 15, 25])
def test_the_last_page_of_queues_has_at_least_three_and_the_agents_below(make_briefing, texts, count):
    lines = many_queues(make_briefing).queues[:count]
    pages = texts(pdf.render(make_briefing(queues=lines, agents=make_briefing().agents[:3])))
    continued = next(page for page in reversed(pages) if page.startswith("Queues, continued"))
    assert len(re.findall(r"Queue \d+", continued)) == 3
    assert sum(len(re.findall(r"Queue \d+ \d", page)) for page in pages) == count
    assert continued.index("Agents needing attention") > continued.index(f"Queue {count - 1}")


def test_a_new_group_reads_that_there_is_no_earlier_day(make_briefing, texts):
    first = texts(pdf.render(new_group(make_briefing)))[0]
    assert first.count("no earlier day yet") == 4
    assert "Lines:" not in first


@pytest.mark.parametrize(
    ("language", "note"), [("en", "day before not known"), ("de", "Vortag nicht bekannt")], ids=["en", "de"]
)
def test_a_day_before_that_is_not_known_is_told_from_a_first_day(make_briefing, texts, language, note):
    trend = (None,) * 6 + (0.8, 0.81, None, 0.79)
    tiles = [dataclasses.replace(tile, changes=(), trend=trend) for tile in make_briefing().tiles]
    first = texts(pdf.render(make_briefing(language=language, tiles=tuple(tiles))))[0]
    assert first.replace("\xa0", " ").count(note) == 4


def test_a_figure_that_no_earlier_day_has_is_told_from_a_first_day(make_briefing, texts):
    tiles = [dataclasses.replace(tile, changes=(), trend=()) for tile in make_briefing().tiles]
    tiles[3] = dataclasses.replace(tiles[3], is_not_known_earlier=True)
    first = texts(pdf.render(make_briefing(tiles=tuple(tiles))))[0]
    assert (first.count("no earlier day yet"), first.count("not known on earlier days")) == (3, 1)


@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
def test_a_point_to_talk_about_keeps_its_largest_figures(make_briefing, texts, pages):
    first = texts(pdf.render(enormous(make_briefing, language="de"), pages))[0]
    assert "(19.400.000 von 19.999.999)" in first


def test_the_legend_says_how_many_days_the_lines_show(make_briefing, texts):
    def with_known_days(number):
        trend = (None,) * (10 - number) + (0.8,) * number
        return make_briefing(tiles=tuple(dataclasses.replace(tile, trend=trend) for tile in make_briefing().tiles))

    assert "Lines: last 10 business days" in texts(pdf.render(with_known_days(10)))[0]
    assert "Lines: 3 of the last 10 business days" in texts(pdf.render(with_known_days(3)))[0]
    assert "Lines:" not in texts(pdf.render(with_known_days(1)))[0]


def test_hostile_names_are_shown_as_they_are_and_do_nothing(make_briefing, texts, opened):
    rendered = pdf.render(hostile(make_briefing))
    queues = texts(rendered)[2]
    for part in (
        '<img src="/etc/passwd"/>',
        "=HYPERLINK(1)",
        "evil",
        "éclair",
        "(no name)",
        "tab line",
        "</para>&amp;",
    ):
        assert part in queues
    assert "\u202e" not in queues
    assert "aaa…" in queues
    document = opened(rendered)
    assert not any("/Annots" in page or "/XObject" in page.Resources for page in document.pages)


def test_a_name_in_a_script_without_a_font_keeps_its_letters_for_search_and_readers(make_briefing, opened):
    queue = dataclasses.replace(make_briefing().queues[0], name="東京サポート")
    page = opened(pdf.render(make_briefing(queues=(queue,)))).pages[2]
    assert "東京サポート".encode("utf-16-be").hex().encode() in page.Contents.read_bytes()


@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_contacts_offered_take_the_place_of_a_metric_that_is_not_available(make_briefing, texts, pages):
    briefing = dataclasses.replace(
        no_adherence(make_briefing), usual_offered=UsualFigure(4690.2, 5310.4, 5000, Place.UNUSUALLY_HIGH, 26, True)
    )
    first = texts(pdf.render(briefing, pages))[0]
    assert "Contacts offered 5,438 No goal Unusual usually 4,690–5,310" in first
    assert "No data" not in first


@pytest.mark.parametrize("pages", ["phone", "a4"])
@pytest.mark.parametrize(
    ("trend", "is_drawn"), [((5021, None, 5438), True), ((None, None, 5438), False), ((5021, 5300, None), False)]
)
def test_contacts_offered_have_a_line_of_days_like_the_other_tiles(make_briefing, opened, pages, trend, is_drawn):
    briefing = dataclasses.replace(
        no_adherence(make_briefing),
        offered_trend=trend,
        usual_offered=UsualFigure(4690.2, 5310.4, 5000, Place.UNUSUALLY_HIGH, 26, True),
    )
    descriptions = [str(node.Alt) for node in opened(pdf.render(briefing, pages)).objects if _is_figure(node)]
    lines = [line for line in descriptions if line.startswith("Contacts offered, last")]
    assert lines == (["Contacts offered, last 3 business days: 5,021, –, 5,438"] if is_drawn else [])


def _is_figure(node):
    return isinstance(node, pikepdf.Dictionary) and "/Alt" in node


def test_queues_of_several_media_come_by_medium_the_worst_first(make_briefing, texts):
    several_media = with_media(make_briefing())
    media = ("email", "voice", "email")
    lines = tuple(
        dataclasses.replace(line, medium=medium) for line, medium in zip(several_media.queues[:3], media, strict=True)
    )
    page = texts(pdf.render(dataclasses.replace(several_media, queues=lines, agents=())))[2]
    parts = [
        "Queues by medium, missed first",
        "Email 100.0% 600 offered · goal ≥ 90%",
        f"{lines[0].name} (email)",
        f"{lines[2].name} (email)",
        "Voice 50.0% 406 offered · goal ≥ 80%",
        f"{lines[1].name} (voice)",
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
