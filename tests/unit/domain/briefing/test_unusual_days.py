"""Days on which something is missing: queues, counts, half of the data, everything."""

from dataclasses import replace
from datetime import date

import pytest

from worker.domain.briefing.history import figures_of
from worker.domain.groups.thresholds import Thresholds
from worker.domain.metrics import Metric, Ratio, Status
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows


@pytest.fixture
def yesterday(small_day) -> dict[str, object]:
    """The same figures known of the day before."""
    day_before = date(2026, 10, 20)
    return {"history": {day_before: figures_of(small_day)}, "business_days": (day_before,)}


def percent_only(queue_id: str, **ratios: float) -> QueueInterval:
    return QueueInterval(queue_id, "voice", None, stated=ratios)


def test_every_queue_that_was_asked_for_has_a_line_even_without_a_contact(make_briefing, small_day):
    briefing = make_briefing(small_day, queues=("billing ", "Sales", "Night desk", "id:s", "id:x9"))
    assert [line.name for line in briefing.queues] == ["Billing", "Sales", "Night desk", "x9"]
    assert briefing.queues[2].service_level.status is Status.NO_DATA
    assert briefing.queues[2].counts.offered is None


def test_a_queue_that_the_source_does_not_name_is_shown_by_its_id(make_briefing):
    rows = Rows((), (QueueInterval("7f3c", "voice", None, offered=1, answered=1, answered_late=0, abandoned=0),))
    assert [line.name for line in make_briefing(rows, queues=("id:7f3c",)).queues] == ["7f3c"]


def test_queues_without_data_come_after_a_queue_at_zero(make_briefing):
    rows = Rows(
        (Queue("a", "A"), Queue("b", "B"), Queue("c", "C")),
        (
            QueueInterval("b", "voice", None, offered=4, answered=0, answered_late=0, abandoned=4),
            QueueInterval("c", "voice", None, offered=4, answered=4, answered_late=0, abandoned=0),
        ),
    )
    assert [line.name for line in make_briefing(rows, queues=("A", "B", "C")).queues] == ["B", "C", "A"]


def test_a_source_of_percentages_gives_queue_lines_and_no_totals(make_briefing):
    rows = Rows(
        (Queue("b", "Billing"), Queue("s", "Sales")),
        (
            percent_only("b", service_level=0.7, abandonment=0.09, occupancy=0.81),
            percent_only("s", service_level=0.9, abandonment=0.02, occupancy=0.79),
        ),
    )
    briefing = make_briefing(rows)
    billing, sales = briefing.queues
    assert (billing.service_level.ratio, billing.abandonment, billing.occupancy) == (
        Ratio(0.7),
        Ratio(0.09),
        Ratio(0.81),
    )
    assert sales.service_level.status is Status.ON_TARGET
    assert briefing.tile(Metric.SERVICE_LEVEL).reading.ratio is None
    assert "without counts" in briefing.tile(Metric.SERVICE_LEVEL).reading.reason
    assert briefing.has_interactions


def test_what_the_source_says_of_a_missing_metric_goes_before_our_own_words(make_briefing):
    gap = Gap("percent_only", "The source gives occupancy by queue, not in sum.", "occupancy")
    rows = Rows((), (percent_only("b", occupancy=0.8), percent_only("s", occupancy=0.7)), gaps=(gap,))
    briefing = make_briefing(rows)
    assert briefing.tile(Metric.OCCUPANCY).reading.reason == "The source gives occupancy by queue, not in sum."
    assert briefing.tile(Metric.SERVICE_LEVEL).reading.reason == "No contact counts towards it."


def test_a_group_of_one_queue_takes_the_percentages_as_its_own(make_briefing):
    rows = Rows((Queue("b", "Billing"),), (percent_only("b", service_level=0.7, occupancy=0.81),))
    briefing = make_briefing(rows, queues=("Billing",))
    assert briefing.tile(Metric.SERVICE_LEVEL).reading.ratio == Ratio(0.7)
    assert briefing.tile(Metric.OCCUPANCY).reading.ratio == Ratio(0.81)
    assert briefing.has_interactions


@pytest.mark.parametrize(
    "intervals",
    [
        (),
        (QueueInterval("b", "voice", None),),
        (QueueInterval("b", "voice", None, offered=0, answered=0, answered_late=0, abandoned=0),),
    ],
)
def test_a_day_without_contacts_says_so_and_nothing_else(make_briefing, small_day, intervals):
    briefing = make_briefing(replace(small_day, intervals=intervals))
    assert not briefing.has_interactions
    assert briefing.insights == ()
    assert briefing.half_hours == ()


def test_a_queue_that_only_calls_out_has_interactions_and_no_service_level(make_briefing):
    rows = Rows((Queue("o", "Outbound"),), (QueueInterval("o", "voice", None, handled=10, handle_ms=600_000),))
    briefing = make_briefing(rows, queues=("Outbound",))
    assert briefing.has_interactions
    assert briefing.tile(Metric.SERVICE_LEVEL).reading.status is Status.NO_DATA
    assert briefing.counts.offered is None


def test_a_partial_answer_is_the_only_thing_to_talk_about(make_briefing, small_day):
    gap = Gap("partial", "12 of 14 divisions answered")
    briefing = make_briefing(replace(small_day, gaps=(gap,)))
    assert not briefing.completeness.whole
    assert [(insight.kind, insight.figures) for insight in briefing.insights] == [("incomplete_data", {"gaps": (gap,)})]


def test_figures_of_a_partial_answer_are_shown_and_not_judged(make_briefing, small_day, yesterday):
    whole = make_briefing(small_day, **yesterday)
    part = make_briefing(replace(small_day, gaps=(Gap("late_data", "fetched before the day's end"),)), **yesterday)
    assert all(tile.changes for tile in whole.tiles)
    assert all(line.change for line in whole.queues)
    readings = [tile.reading for tile in part.tiles] + [line.service_level for line in part.queues]
    readings += [line.adherence for line in part.agents]
    assert {reading.status for reading in readings if reading.ratio} == {Status.PARTIAL}
    assert {reading.status for reading in readings if not reading.ratio} == {Status.NO_DATA}
    assert [tile.reading.ratio for tile in part.tiles] == [tile.reading.ratio for tile in whole.tiles]
    assert not any(tile.changes for tile in part.tiles)
    assert not any(line.change for line in part.queues)
    assert part.previous_counts is None
    assert {tile.trend[-1] for tile in part.tiles} == {None}


def test_a_part_that_is_not_licensed_says_why_and_leaves_the_rest_alone(make_briefing, small_day):
    agents = tuple(replace(agent, scheduled_seconds=None, exception_seconds=None) for agent in small_day.agents)
    gap = Gap("unavailable", "the organisation has no workforce management", "adherence")
    briefing = make_briefing(replace(small_day, agents=agents, gaps=(gap,)))
    assert briefing.tile(Metric.ADHERENCE).reading.reason == "the organisation has no workforce management"
    assert {line.adherence.reason for line in briefing.agents} == {"the organisation has no workforce management"}
    assert briefing.completeness.whole
    assert briefing.insights[0].kind == "costly_queues"


def test_agents_without_any_figures_are_listed_without_any(make_briefing):
    (line,) = make_briefing(Rows((), (), (AgentDay("u", "Ada"),))).agents
    assert (line.adherence.status, line.occupancy, line.off_schedule_seconds) == (Status.NO_DATA, None, None)


def test_of_equally_bad_queues_the_one_with_more_late_contacts_comes_first(make_briefing):
    def at_half(queue_id: str, offered: int) -> QueueInterval:
        return QueueInterval(
            queue_id, "voice", None, offered=offered, answered=offered, answered_late=offered // 2, abandoned=0
        )

    rows = Rows(
        (Queue("a", "A"), Queue("b", "B"), Queue("c", "C")), (at_half("a", 10), at_half("b", 40), at_half("c", 10))
    )
    assert [line.name for line in make_briefing(rows, queues=("A", "B", "C")).queues] == ["B", "A", "C"]


def test_of_equally_bad_agents_the_one_off_schedule_for_longer_comes_first(make_briefing):
    agents = (
        AgentDay("u1", "Ada", scheduled_seconds=1_000, exception_seconds=500),
        AgentDay("u2", "Ben", scheduled_seconds=9_000, exception_seconds=4_500),
    )
    assert [line.name for line in make_briefing(Rows((), (), agents)).agents] == ["Ben", "Ada"]


def test_queues_come_with_the_most_late_contacts_first_and_thin_ones_last(make_briefing):
    def queue(queue_id: str, offered: int, late: int) -> QueueInterval:
        return QueueInterval(
            queue_id, "voice", None, offered=offered, answered=offered, answered_late=late, abandoned=0
        )

    rows = Rows(
        (),
        (
            queue("few late, far below", 20, 15),
            queue("most late, below", 1_400, 450),
            queue("many late, on target", 5_000, 800),
            queue("thin", 9, 9),
            queue("on target", 100, 1),
        ),
    )
    lines = make_briefing(rows, queues=("id:unused",)).queues
    assert [line.name for line in lines] == [
        "most late, below",
        "few late, far below",
        "many late, on target",
        "on target",
        "thin",
        "unused",
    ]
    assert [line.name for line in lines if line.is_thin] == ["thin"]


def test_the_queue_to_talk_about_is_the_first_on_the_page(make_briefing, small_day):
    briefing = make_briefing(small_day)
    costly = next(insight for insight in briefing.insights if insight.kind == "costly_queues")
    assert costly.figures["names"] == tuple(line.name for line in briefing.queues[:1])


@pytest.mark.parametrize("kind", ["partial", "unavailable", "late_data"])
def test_a_metric_of_which_the_source_says_a_part_is_missing_is_not_known(make_briefing, small_day, kind):
    gap = Gap(kind, "The adherence result lacks the management unit 7.", "adherence")
    reading = make_briefing(replace(small_day, gaps=(gap,))).tile(Metric.ADHERENCE).reading
    assert (reading.ratio, reading.reason) == (None, "The adherence result lacks the management unit 7.")


def test_a_metric_of_which_a_part_is_missing_is_not_remembered_either(small_day):
    gap = Gap("unavailable", "no licence for unit 7", "adherence")
    assert Metric.ADHERENCE not in figures_of(replace(small_day, gaps=(gap,))).ratios


def test_a_service_level_without_one_queues_counts_says_that_a_part_is_missing(make_briefing, small_day):
    uncounted = QueueInterval("x", "voice", None, offered=5, answered=5, abandoned=0)
    reading = make_briefing(replace(small_day, intervals=(*small_day.intervals, uncounted)))
    level = reading.tile(Metric.SERVICE_LEVEL).reading
    assert (level.ratio, level.reason) == (None, "Not known: the source lacks a part of it.")


def test_more_abandoned_than_offered_says_where_they_came_from(make_briefing):
    rows = Rows((), (QueueInterval("b", "voice", None, offered=2, answered=0, answered_late=0, abandoned=3),))
    reading = make_briefing(rows).tile(Metric.ABANDONMENT).reading
    assert reading.ratio is None
    assert "before midnight" in reading.reason


def test_half_hours_with_few_contacts_are_marked_thin(make_briefing, small_day):
    marks = {half.counts.offered: half.is_thin for half in make_briefing(small_day).half_hours}
    assert marks == {20: False, None: False, 60: False}
    few = make_briefing(small_day, insights=Thresholds(fewest_contacts=50))
    assert [half.is_thin for half in few.half_hours] == [True, False, True, False]


@pytest.mark.parametrize("kind", ["partial", "unavailable"])
@pytest.mark.parametrize("counts", [{}, {"abandoned": 0}])
def test_a_day_whose_counts_could_not_be_read_has_interactions(make_briefing, small_day, counts, kind):
    gap = Gap(kind, "The column offered has no figure.", "abandonment")
    intervals = (QueueInterval("b", "voice", None, **counts),)
    assert make_briefing(replace(small_day, intervals=intervals, gaps=(gap,))).has_interactions


def test_a_day_of_known_zeros_has_no_interactions_whatever_is_unavailable(make_briefing, small_day):
    gap = Gap("unavailable", "The column handled has no figure.", "service_level")
    intervals = (QueueInterval("b", "voice", None, offered=0, answered=0, answered_late=0, abandoned=0),)
    assert not make_briefing(replace(small_day, intervals=intervals, gaps=(gap,))).has_interactions
