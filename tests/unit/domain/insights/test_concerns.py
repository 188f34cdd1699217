from dataclasses import replace
from datetime import date

import pytest

from tests.unit.domain.insights.conftest import unusual
from worker.domain.briefing.content import Counts, MediumReading
from worker.domain.briefing.usual_content import NoUsualRange, Place
from worker.domain.groups.thresholds import Thresholds
from worker.domain.insights.agents import agents_under_floor, occupancy_out_of_band
from worker.domain.insights.concerns import service_level_down, volume_high
from worker.domain.insights.costly_queues import costly_queues
from worker.domain.metrics import Metric, Ratio, Status
from worker.domain.staffing.explanation import Factor
from worker.domain.why.content import ExplainedFactor, NotExplained, Why

MANY = unusual(Place.UNUSUALLY_HIGH)


def test_the_queue_with_the_most_late_contacts_above_the_others_share_is_named(day, queue):
    # not in time: Tiny 9 of 10, Big 300 of 1,000, Worse 240 of 400, Fine 80 of 400; without Worse 389 of 1,410
    lines = (queue("Tiny", 1, 10), queue("Big", 700, 1_000), queue("Worse", 160, 400), queue("Fine", 320, 400))
    insight = costly_queues(day(queues=lines))
    assert insight is not None
    assert insight.figures == {
        "names": ("Worse",),
        "late": 240,
        "counted": 400,
        "other_late": 389,
        "other_counted": 1_410,
    }
    assert insight.status is Status.MISSED


def test_the_biggest_queue_is_not_named_for_being_big(day, queue):
    lines = (queue("Big", 600, 1_000), queue("Small", 62, 100), queue("Next", 58, 100))
    assert costly_queues(day(queues=lines)) is None


@pytest.mark.parametrize(("late_of_b", "is_reported"), [(40, True), (39, False)])
def test_a_queue_is_named_from_ten_points_above_the_others_on(day, queue, late_of_b, is_reported):
    costly = costly_queues(day(queues=(queue("A", 700, 1_000), queue("B", 100 - late_of_b, 100))))
    assert (costly is not None) is is_reported


@pytest.mark.parametrize(("late_of_b", "names"), [(50, ("A", "B")), (49, ("A",))])
def test_a_second_queue_is_named_if_it_has_half_of_the_first_ones_or_more(day, queue, late_of_b, names):
    lines = (queue("A", 0, 100), queue("B", 100 - late_of_b, 100), queue("C", 100, 100))
    insight = costly_queues(day(queues=lines))
    assert insight is not None
    assert insight.figures["names"] == names
    assert insight.figures["other_late"] == (0 if len(names) == 2 else late_of_b)


def test_two_queues_are_not_named_together_where_the_group_has_no_third(day, queue):
    insight = costly_queues(day(queues=(queue("A", 10, 100), queue("B", 20, 100), queue("unused", None, None))))
    assert insight is not None
    assert insight.figures["names"] == ("A",)


def test_a_queue_on_target_is_not_named_however_many_contacts_are_late(day, queue):
    lines = (queue("Big", 8_500, 10_000), queue("Bad", 10, 100), queue("C", 10_000, 10_000))
    insight = costly_queues(day(queues=lines))
    assert insight is not None
    assert insight.figures["names"] == ("Bad",)


def test_a_queue_that_missed_its_target_within_chance_is_not_named(day, queue):
    assert costly_queues(day(queues=(queue("A", 79, 100), queue("B", 100, 100)))) is None
    assert costly_queues(day(queues=(queue("A", 70, 100), queue("B", 100, 100)))) is not None


def test_a_queue_with_an_unknown_number_of_late_contacts_is_not_named(day, queue):
    level = replace(queue("Bare", 1, 100).service_level, ratio=Ratio(0.01))
    bare = replace(queue("Bare", 1, 100), service_level=level)
    assert costly_queues(day(queues=(bare, queue("B", 99, 100)))) is None


@pytest.mark.parametrize(("late", "is_reported"), [(9, False), (10, True)])
def test_a_queue_with_few_late_contacts_is_not_named(day, queue, late, is_reported):
    costly = costly_queues(day(queues=(queue("A", 0, late), queue("B", 100, 100))))
    assert (costly is not None) is is_reported


def test_a_queue_is_not_compared_with_few_others(day, queue):
    assert costly_queues(day(queues=(queue("A", 10, 100), queue("B", 9, 9)))) is None


def test_others_that_are_not_known_are_not_compared_with(day, queue, tile):
    not_known = tile(Metric.SERVICE_LEVEL, None)
    assert costly_queues(day((not_known,), queues=(queue("A", 10, 100), queue("B", 100, 100)))) is None


@pytest.mark.parametrize(("answered", "is_reported"), [(29, False), (30, True), (None, True)])
def test_no_advice_on_staffing_follows_from_a_few_contacts(day, tile, answered, is_reported):
    counts = Counts(None, answered, None, None, None, None)
    advice = occupancy_out_of_band(day((tile(Metric.OCCUPANCY, 0.95),), counts=counts))
    assert (advice is not None) is is_reported


def test_the_only_queue_of_a_group_is_not_named(day, queue):
    assert costly_queues(day(queues=(queue("A", 1, 100), queue("unused", 0, 0)))) is None


def test_agents_far_below_the_target_are_counted_with_their_time_off_schedule(day, agent, tile):
    agents = (
        agent("Marta", 0.742, 7_080, 2),
        agent("Owen", 0.849, 5_760, None),
        agent("At the floor", 0.85, 3_000, 1),
        agent("Unscheduled", None),
    )
    insight = agents_under_floor(day((tile(Metric.ADHERENCE, 0.89),), agents=agents))
    assert insight is not None
    assert insight.figures == {"count": 2, "floor": 0.85, "off_schedule_seconds": 12_840, "late_logins": 2}
    assert insight.status is Status.MISSED


def test_late_logins_that_the_source_does_not_state_are_unknown(day, agent, tile):
    agents = (agent("A", 0.5, 600), agent("B", 0.6, 600))
    insight = agents_under_floor(day((tile(Metric.ADHERENCE, 0.8),), agents=agents))
    assert insight is not None
    assert insight.figures["late_logins"] is None


def test_one_agent_under_the_floor_is_no_talking_point(day, agent, tile):
    missed = (tile(Metric.ADHERENCE, 0.8),)
    assert agents_under_floor(day(missed, agents=(agent("A", 0.5, 600), agent("B", 0.93)))) is None
    assert agents_under_floor(day(missed, agents=(agent("A", 0.5, 600), agent("B", 0.5)))) is not None


@pytest.mark.parametrize("value", [0.95, 0.908])
def test_agents_under_the_floor_of_a_group_that_met_its_target_are_noise(day, agent, tile, value):
    agents = (agent("A", 0.5, 600), agent("B", 0.5, 600))
    assert agents_under_floor(day((tile(Metric.ADHERENCE, value),), agents=agents)) is None


def test_agents_above_the_floor_are_not_reported(day, agent, tile):
    agents = (agent("A", 0.86, 600), agent("B", 0.87, 600), agent("C", None))
    assert agents_under_floor(day((tile(Metric.ADHERENCE, 0.8),), agents=agents)) is None


@pytest.mark.parametrize(
    ("value", "kind", "status"),
    [
        (0.90, "occupancy_high", Status.MISSED),
        (0.88, "occupancy_high", Status.MISSED),
        (0.87, None, None),
        (0.86, None, None),
        (0.78, None, None),
        (0.77, None, None),
        (0.50, "occupancy_low", Status.MISSED),
        (None, None, None),
    ],
)
def test_occupancy_outside_its_band_is_high_or_low(day, tile, value, kind, status):
    insight = occupancy_out_of_band(day((tile(Metric.OCCUPANCY, value), tile(Metric.SERVICE_LEVEL, 0.9))))
    assert (insight and insight.kind, insight and insight.status) == (kind, status)
    if insight:
        assert insight.figures.items() >= {"value": value, "low": 0.78, "high": 0.86}.items()


def test_a_single_agent_is_not_asked_who_can_help_out(day, tile, agent):
    busy = (tile(Metric.OCCUPANCY, 0.95),)
    by_agents = [occupancy_out_of_band(day(busy, agents=(agent("A", None),) * number)) for number in (1, 2)]
    assert ["is_one_agent" in insight.figures for insight in by_agents if insight] == [True, False]


@pytest.mark.parametrize(
    ("trend", "place", "is_pattern"),
    [
        ((0.8, 0.8, 0.7, 0.7, 0.7), Place.INSIDE, True),
        ((0.8, 0.8, None, 0.7, 0.7), Place.INSIDE, False),
        ((0.7, 0.7, 0.7, 0.7, 0.7), Place.UNUSUALLY_LOW, False),
        ((0.7, 0.7, 0.8, 0.8, 0.8, 0.7), Place.INSIDE, False),
    ],
)
def test_room_for_coaching_needs_several_days_and_ordinary_contacts(day, tile, trend, place, is_pattern):
    tiles = (tile(Metric.OCCUPANCY, 0.7, trend=trend), tile(Metric.SERVICE_LEVEL, 0.9))
    insight = occupancy_out_of_band(day(tiles, usual_offered=unusual(place)))
    assert insight is not None
    assert ("is_once" not in insight.figures) is is_pattern


@pytest.mark.parametrize(
    ("since_tuesday", "since_weekdays", "is_reported"),
    [
        (-0.054, -0.059, True),
        (0.77 - 0.80, 0.77 - 0.80, True),
        (-0.029, -0.059, False),
        (-0.054, -0.02, False),
        (-0.054, 0.04, False),
        (0.05, 0.05, False),
        (-0.054, None, False),
        (None, -0.054, False),
        (None, None, False),
    ],
)
def test_service_level_fell_if_it_did_by_three_points_against_both_references(
    day, tile, since_tuesday, since_weekdays, is_reported
):
    change = service_level_down(day((tile(Metric.SERVICE_LEVEL, 0.77, since_tuesday, since_weekdays),)))
    assert (change is not None) is is_reported
    if change:
        days = {"previous": date(2026, 10, 20), "weekday": date(2026, 10, 14)}
        assert change.figures == {"points": since_tuesday, "weeks": 2, **days}
        assert change.status is Status.MISSED


def test_a_fall_that_stays_on_target_is_something_to_watch(day, tile):
    change = service_level_down(day((tile(Metric.SERVICE_LEVEL, 0.81, -0.1, -0.1),)))
    assert change is not None
    assert change.status is Status.WATCH


@pytest.mark.parametrize(
    ("offered", "usual", "ratio"),
    [
        (1_100, 1_000.0, 1.1),
        (1_099, 1_000.0, None),
        (2_000, 1_000.0, 2.0),
        (900, 1_000.0, None),
        (1_100, None, None),
        (1_100, 0.0, None),
        (None, 1_000.0, None),
        (9, 1.0, None),
    ],
)
def test_volume_is_high_from_a_tenth_above_the_usual_on(day, usually, offered, usual, ratio):
    insight = volume_high(day(counts=Counts(offered, None, None, None, None, None), usual_offered=MANY), usually(usual))
    assert (insight and insight.figures["ratio"]) == ratio


@pytest.mark.parametrize(
    ("usual", "printed_usual", "ratio"), [(12.5, 12.5, 9.2), (12.34, 12.3, 115 / 12.3), (101.6, 102, 115 / 102)]
)
def test_more_contacts_are_measured_against_the_usual_number_that_is_shown(day, usually, usual, printed_usual, ratio):
    insight = volume_high(day(counts=Counts(115, None, None, None, None, None), usual_offered=MANY), usually(usual))
    assert (insight.figures["usual"], insight.figures["ratio"]) == (printed_usual, ratio)


@pytest.mark.parametrize(
    "short", [(Metric.SERVICE_LEVEL, 0.71), (Metric.SERVICE_LEVEL, 0.79), (Metric.ABANDONMENT, 0.08)]
)
def test_low_occupancy_is_not_reported_on_a_day_of_missed_service(day, tile, short):
    waiting = tile(Metric.OCCUPANCY, 0.6)
    assert occupancy_out_of_band(day((waiting, tile(Metric.SERVICE_LEVEL, 0.9)))) is not None
    assert occupancy_out_of_band(day((waiting, tile(Metric.SERVICE_LEVEL, 0.9), tile(*short)))) is None


def test_a_missed_medium_beside_the_headline_counts_as_missed_service(day, tile):
    email = MediumReading("email", tile(Metric.SERVICE_LEVEL, 0.5).reading)
    headline = replace(tile(Metric.SERVICE_LEVEL, 0.9), medium="voice", other_media=(email,))
    assert occupancy_out_of_band(day((tile(Metric.OCCUPANCY, 0.6), headline))) is None


def test_agents_without_a_pause_are_reported_on_a_day_that_missed_its_service(day, tile):
    insight = occupancy_out_of_band(day((tile(Metric.OCCUPANCY, 0.95), tile(Metric.SERVICE_LEVEL, 0.5))))
    assert insight is not None
    assert insight.kind == "occupancy_high"


@pytest.mark.parametrize("weeks", [1, 2])
def test_high_volume_says_over_how_many_weeks_the_average_is(day, usually, weeks):
    insight = volume_high(
        day(counts=Counts(250, None, None, None, None, None), usual_offered=MANY), usually(175.0, weeks)
    )
    assert insight is not None
    assert insight.figures.items() >= {"ratio": 250 / 175, "usual": 175.0, "weeks": weeks}.items()


def low_after(expected: float | None) -> Why:
    """Return an explanation that compares with so many contacts."""
    return Why(0.6, 0.8, 26, (ExplainedFactor(Factor.VOLUME, -0.1, 575, expected),), -0.1, (Factor.VOLUME,))


def test_beside_an_explanation_high_volume_is_compared_with_the_same_number(day, usually):
    many = {"counts": Counts(575, None, None, None, None, None), "usual_offered": MANY}
    for usual in (usually(500.0), usually(None)):
        insight = volume_high(day(explanation=low_after(479.6), **many), usual)
        assert insight is not None
        assert insight.figures == {"ratio": 575 / 480, "usual": 480.0}
    insight = volume_high(day(explanation=NotExplained.FEW_DAYS, **many), usually(500.0))
    assert insight is not None
    assert insight.figures["usual"] == 500.0


def test_of_queues_with_equally_many_late_contacts_the_first_on_the_page_is_named(day, queue):
    lines = (queue("B", 60, 100), queue("A", 60, 100), queue("C", 100, 100))
    insight = costly_queues(day(queues=lines), Thresholds(second_queue=1))
    assert insight is not None
    assert insight.figures["names"] == ("B", "A")


@pytest.mark.parametrize("place", [Place.INSIDE, Place.OUTSIDE, Place.UNUSUALLY_HIGH])
def test_a_fall_within_the_limits_is_no_news(day, tile, place):
    fallen = replace(tile(Metric.SERVICE_LEVEL, 0.7, -0.1, -0.1), usual=unusual(place))
    assert service_level_down(day((fallen,))) is None


@pytest.mark.parametrize("usual", [None, NoUsualRange(4), NoUsualRange(0, is_after_closure=True)])
def test_without_a_usual_range_nothing_is_called_a_change(day, tile, usually, usual):
    fallen = replace(tile(Metric.SERVICE_LEVEL, 0.7, -0.1, -0.1), usual=usual)
    assert service_level_down(day((fallen,))) is None
    assert volume_high(day(usual_offered=usual), usually(100)) is None


def test_many_contacts_within_the_limits_are_no_news(day, usually):
    assert volume_high(day(usual_offered=unusual(Place.OUTSIDE)), usually(100)) is None
