"""A group's own thresholds move each rule's edge, and nothing else."""

from __future__ import annotations

import pytest

from tests.unit.domain.insights.conftest import unusual
from worker.domain.briefing.content import Counts
from worker.domain.briefing.usual_content import Place
from worker.domain.groups.thresholds import Thresholds
from worker.domain.insights import talk_about
from worker.domain.insights.agents import agents_under_floor
from worker.domain.insights.concerns import service_level_down, volume_high
from worker.domain.insights.costly_queues import costly_queues
from worker.domain.insights.praise import best_queue, on_target_streak, service_level_up
from worker.domain.insights.worst_run import worst_run
from worker.domain.metrics import Metric


@pytest.mark.parametrize(("fewest", "is_reported"), [(10, True), (11, False)])
def test_fewer_contacts_than_the_groups_minimum_are_ignored(day, queue, half_hours, fewest, is_reported):
    edges = Thresholds(fewest_contacts=fewest)
    late = day(queues=(queue("A", 0, 10), queue("B", 100, 100)))
    assert (costly_queues(late, edges) is not None) is is_reported
    assert (worst_run(day(half_hours=half_hours((0, 10, 9))), edges) is not None) is is_reported
    assert (best_queue(day(queues=(queue("A", 10, 10), queue("B", 50, 100))), edges) is not None) is is_reported


def test_the_agents_floor_is_set_or_seven_points_below_the_target(day, agent, tile):
    agents = (agent("A", 0.79, 60), agent("B", 0.79, 60), agent("C", 0.84, 60), agent("D", 0.9, 60))
    of_four = day((tile(Metric.ADHERENCE, 0.8),), agents=agents)
    usual, set_by_group = agents_under_floor(of_four), agents_under_floor(of_four, Thresholds(agent_floor=0.8))
    assert usual is not None
    assert set_by_group is not None
    assert (usual.figures["floor"], usual.figures["count"]) == (0.85, 3)
    assert (set_by_group.figures["floor"], set_by_group.figures["count"]) == (0.8, 2)


@pytest.mark.parametrize(("edge", "is_reported"), [(0.04, True), (0.05, False)])
def test_a_change_and_a_volume_count_from_the_groups_own_edge_on(day, tile, usually, edge, is_reported):
    edges = Thresholds(notable_change=edge, notable_volume=edge)
    assert (service_level_down(day((tile(Metric.SERVICE_LEVEL, 0.7, -0.04, -0.04),)), edges) is not None) is is_reported
    assert (service_level_up(day((tile(Metric.SERVICE_LEVEL, 0.9, 0.04, 0.04),)), edges) is not None) is is_reported
    many = unusual(Place.UNUSUALLY_HIGH)
    busy = day(counts=Counts(104, None, None, None, None, None), usual_offered=many)
    assert (volume_high(busy, usually(100), edges) is not None) is is_reported


@pytest.mark.parametrize(("part", "names"), [(0.4, ("A", "B")), (0.41, ("A",))])
def test_a_second_queue_is_named_from_the_groups_own_part_on(day, queue, part, names):
    lines = (queue("A", 0, 100), queue("B", 60, 100), queue("C", 100, 100))
    insight = costly_queues(day(queues=lines), Thresholds(second_queue=part))
    assert insight is not None
    assert insight.figures["names"] == names


@pytest.mark.parametrize(("longest", "minutes"), [(1, 30), (4, 120)])
def test_the_worst_run_is_as_long_as_the_group_can_plan_for(day, half_hours, longest, minutes):
    insight = worst_run(day(half_hours=half_hours(*[(0, 20, 0)] * 5)), Thresholds(longest_run=longest))
    assert insight is not None
    assert insight.figures["minutes"] == minutes


@pytest.mark.parametrize(("days", "is_reported"), [(3, True), (4, False)])
def test_a_streak_begins_with_the_groups_own_number_of_days(day, tile, days, is_reported):
    good = day((tile(Metric.SERVICE_LEVEL, 0.9, trend=(0.7, 0.9, 0.9, 0.9)),))
    assert (on_target_streak(good, Thresholds(streak_days=days)) is not None) is is_reported


def test_all_rules_of_a_day_get_the_groups_thresholds(awful, usually):
    blind = Thresholds(
        fewest_contacts=100_000, agent_floor=0, notable_change=1, notable_volume=1, streak_days=10, longest_run=1
    )
    kinds = [insight.kind for insight in talk_about(awful, usually(500), blind)]
    assert kinds == ["figure_unusual", "occupancy_high", "target_met"]
