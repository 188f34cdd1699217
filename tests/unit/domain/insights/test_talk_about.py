from dataclasses import replace

import pytest

from tests.unit.domain.insights.conftest import unusual
from worker.domain.briefing.content import Completeness, Counts, Insight
from worker.domain.briefing.usual_content import Measure, Place, SilentTime
from worker.domain.insights import talk_about
from worker.domain.insights.unusual import is_told_by
from worker.domain.metrics import Metric, Status
from worker.domain.rows import Gap
from worker.domain.why.content import Why


def kinds(insights):
    return [insight.kind for insight in insights]


def test_four_things_at_most_the_most_contacts_first_and_praise_last(awful, usually):
    # 100 contacts late beyond the share of queue C, 60 below the goal of the day, 6 in the half-hours
    insights = talk_about(awful, usual=usually(500))
    assert kinds(insights) == ["costly_queues", "service_level_change", "worst_run", "best_queue"]
    assert [insight.status for insight in insights] == [Status.MISSED] * 3 + [Status.ON_TARGET]


def test_an_unusually_low_service_level_comes_before_missed_targets_also_on_target(day, tile, agent):
    tiles = (
        tile(Metric.SERVICE_LEVEL, 0.9, -0.05, -0.05),
        tile(Metric.ABANDONMENT, 0.12),
        tile(Metric.OCCUPANCY, 0.7),
        tile(Metric.ADHERENCE, 0.8),
    )
    low = day(tiles)
    assert kinds(talk_about(low, None))[0] == "service_level_change"
    explained = [
        replace(low, explanation=Why(0.9, 0.95, 20, (), -0.05, is_unusual=is_unusual)) for is_unusual in (True, False)
    ]
    assert [kinds(talk_about(briefing, None))[0] for briefing in explained] == ["service_level_low", "target_missed"]


@pytest.fixture
def bad_throughout(awful, tile):
    """As awful, without a queue or a target that went well."""
    tiles = tuple(
        tile(Metric.ABANDONMENT, 0.2) if tile_of_day.reading.metric is Metric.ABANDONMENT else tile_of_day
        for tile_of_day in awful.tiles
    )
    return replace(awful, tiles=tiles, queues=awful.queues[:2])


def test_without_praise_a_fourth_concern_is_shown(bad_throughout, usually):
    insights = talk_about(bad_throughout, usual=usually(500))
    assert kinds(insights) == ["costly_queues", "service_level_change", "worst_run", "target_missed"]


def test_a_missed_abandonment_is_talked_about_before_praise(day, tile, usually):
    insights = talk_about(day((tile(Metric.ABANDONMENT, 0.12),)), usual=usually(1_000))
    assert kinds(insights) == ["target_missed", "target_met"]
    assert insights[0].figures == {"metric": "abandonment", "value": 0.12, "goal": 0.05}


def test_a_missed_service_level_without_a_worst_run_is_talked_about(day, tile, usually):
    assert kinds(talk_about(day((tile(Metric.SERVICE_LEVEL, 0.57),)), usual=usually(1_000)))[0] == "target_missed"


@pytest.mark.parametrize("metric", [Metric.OCCUPANCY, Metric.ADHERENCE])
def test_a_missed_target_of_agents_is_talked_about_without_advice(day, tile, metric):
    # waiting is not named on a day of missed service, and no agent is under the floor
    tiles = (tile(Metric.SERVICE_LEVEL, (10, 100)), tile(metric, 0.5))
    missed = [insight.figures["metric"] for insight in talk_about(day(tiles), None) if insight.kind == "target_missed"]
    assert missed == ["service_level", metric.value]


def test_thanks_come_before_what_concerns_people(day, tile, agent, usually):
    tiles = (tile(Metric.OCCUPANCY, 0.9), tile(Metric.ADHERENCE, 0.8))
    agents = (agent("A", 0.5, 600), agent("B", 0.5, 600))
    busy = day(tiles, agents=agents, usual_offered=unusual(Place.UNUSUALLY_HIGH))
    assert kinds(talk_about(busy, usual=usually(500))) == [
        "volume_high",
        "occupancy_high",
        "target_met",
        "agents_under_floor",
    ]


def test_people_are_left_out_of_a_talk_that_is_full(awful, agent, usually):
    agents = (agent("A", 0.5, 600), agent("B", 0.5, 600))
    assert "agents_under_floor" not in kinds(talk_about(replace(awful, agents=agents), usual=usually(500)))


def test_an_ordinary_day_praises_one_target_that_was_met(day, usually):
    assert kinds(talk_about(day(), usual=usually(1_000))) == ["target_met"]


def test_a_day_without_concern_or_praise_gives_nothing_to_talk_about(day, tile, usually):
    unknown = [tile(metric, None) for metric in (Metric.ABANDONMENT, Metric.OCCUPANCY, Metric.ADHERENCE)]
    assert talk_about(day(tuple(unknown)), usual=usually(1_000)) == ()


def test_praise_is_shown_without_any_concern(day, tile, usually):
    assert kinds(talk_about(day((tile(Metric.SERVICE_LEVEL, 0.9),)), None)) == ["all_targets_met"]


@pytest.mark.parametrize("kind", ["partial", "late_data"])
def test_nothing_is_concluded_from_incomplete_data(awful, kind, usually):
    gaps = (Gap(kind, "One division is missing"), Gap("assumed_open", "no calendar"), Gap(kind, "So is another."))
    (insight,) = talk_about(replace(awful, completeness=Completeness(gaps, ())), usual=usually(500))
    assert insight.kind == "incomplete_data"
    assert insight.figures == {"gaps": (gaps[0], gaps[2])}
    assert insight.status is Status.WATCH


@pytest.mark.parametrize("kind", ["unavailable", "assumed_open", "percent_only"])
def test_other_gaps_do_not_silence_the_day(awful, kind, usually):
    completeness = Completeness((Gap(kind, "no licence", "adherence"),), ())
    assert len(talk_about(replace(awful, completeness=completeness), usual=usually(500))) == 4


def test_a_day_without_contacts_gives_nothing_to_talk_about(awful, usually):
    assert talk_about(replace(awful, counts=Counts(0, 0, 0, 0, None, None)), usual=usually(500)) == ()


def test_nothing_is_praised_on_a_day_without_a_contact_for_hours(day, tile):
    met = day((tile(Metric.SERVICE_LEVEL, 0.9),))
    assert "all_targets_met" in kinds(talk_about(met, None))
    silent = replace(met, silent_time=SilentTime("10:00", "13:00", unusual(Place.UNUSUALLY_LOW)))
    assert kinds(talk_about(silent, None)) == ["silent_hours"]


@pytest.mark.parametrize(("medium", "is_told"), [("chat", True), ("voice", False)])
def test_a_costly_queue_is_told_by_an_unusually_slow_one_of_the_same_medium(day, medium, is_told):
    slow = _unusual_queue(Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW, medium)
    costly = Insight("costly_queues", Status.MISSED, {"names": ("A",), "media": ("chat",)})
    assert is_told_by(day(), costly, [costly, slow]) is is_told


@pytest.mark.parametrize(
    ("kind", "measure", "place", "names", "is_told"),
    [
        ("figure_unusual", Measure.OFFERED, Place.UNUSUALLY_LOW, "A", True),
        ("figure_unusual", Measure.HANDLE_TIME, Place.UNUSUALLY_LOW, "A", False),
        ("volume_high", Measure.OFFERED, Place.UNUSUALLY_HIGH, "A", True),
        ("service_level_change", Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW, "A", True),
        ("service_level_low", Measure.SERVICE_LEVEL, Place.UNUSUALLY_LOW, "A", True),
        ("service_level_low", Measure.HANDLE_TIME, Place.UNUSUALLY_LOW, "A", False),
        ("volume_high", Measure.OFFERED, Place.UNUSUALLY_HIGH, "AB", False),
    ],
)
def test_what_is_unusual_of_the_only_queue_is_told_by_the_group(day, queue, kind, measure, place, names, is_told):
    of_queue = _unusual_queue(measure if kind != "figure_unusual" else Measure.OFFERED, place)
    of_group = Insight(kind, Status.WATCH, {"measure": measure, "usual": unusual(place)})
    lines = (*(queue(name, 90, 100) for name in names), queue("without contacts", None, None))
    assert is_told_by(day(queues=lines), of_queue, [of_queue, of_group]) is is_told


@pytest.mark.parametrize(("value", "is_praised"), [(0.86, False), (0.93, True)])
def test_a_rise_of_adherence_is_praised_only_on_target(day, tile, value, is_praised):
    adherence = replace(tile(Metric.ADHERENCE, value), usual=unusual(Place.UNUSUALLY_HIGH))
    insights = talk_about(day((adherence,)), None)
    assert ("figure_unusual" in kinds(insights)) is is_praised


@pytest.mark.parametrize("place", [Place.UNUSUALLY_LOW, Place.UNUSUALLY_HIGH])
@pytest.mark.parametrize(("value", "kind"), [(0.95, "occupancy_high"), (0.6, "occupancy_low"), (0.8, "figure_unusual")])
def test_occupancy_has_one_talking_point(day, tile, place, value, kind):
    occupancy = replace(tile(Metric.OCCUPANCY, value), usual=unusual(place))
    points = kinds(talk_about(day((occupancy, tile(Metric.SERVICE_LEVEL, 0.9))), None))
    assert [point for point in points if point.startswith(("occupancy", "figure"))] == [kind]


def _unusual_queue(measure, place, medium=None):
    figures = {"measure": measure, "usual": unusual(place), "name": "A"}
    return Insight("queue_unusual", Status.WATCH, figures | ({"medium": medium} if medium else {}))
