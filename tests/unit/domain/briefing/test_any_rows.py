"""Whatever rows a source brings, a briefing comes of them, and always the same one."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.domain.briefing import rows_strategies
from worker.domain.insights import MOST
from worker.domain.metrics import Status
from worker.domain.rows import AgentDay, QueueInterval

DAY = date(2026, 10, 21)
EARLIER = [DAY - timedelta(days=days) for days in range(1, 30)]
ZONES = st.sampled_from(["America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])


@settings(max_examples=150)
@given(
    rows=rows_strategies.rows,
    history=st.dictionaries(st.sampled_from(EARLIER), rows_strategies.figures, max_size=6),
    business_days=st.lists(st.sampled_from(EARLIER)),
    zone=ZONES,
)
def test_any_rows_make_a_briefing_and_always_the_same(make_briefing, rows, history, business_days, zone):
    context = {"history": history, "business_days": business_days, "zone": zone, "queues": ("a", "id:b")}
    briefing = make_briefing(rows, **context)
    assert make_briefing(rows, **context) == briefing
    assert len(briefing.insights) <= MOST
    of_the_day = [insight for insight in briefing.insights if insight.kind != "agents_under_floor"]
    assert Status.ON_TARGET not in [insight.status for insight in of_the_day[:-1]]
    for line in briefing.queues:
        assert (line.service_level.ratio is None) == (line.service_level.status is Status.NO_DATA)


@pytest.mark.parametrize("name", [field.name for field in fields(QueueInterval) if field.default is None])
def test_any_count_of_the_queues_may_be_missing(make_briefing, small_day, name):
    incomplete_rows = replace(small_day, intervals=tuple(replace(row, **{name: None}) for row in small_day.intervals))
    assert make_briefing(incomplete_rows).queues


@pytest.mark.parametrize("name", [field.name for field in fields(AgentDay) if field.default is None])
def test_any_figure_of_the_agents_may_be_missing(make_briefing, small_day, name):
    incomplete_rows = replace(small_day, agents=tuple(replace(agent, **{name: None}) for agent in small_day.agents))
    assert len(make_briefing(incomplete_rows).agents) == 3


@given(st.randoms())
def test_the_order_of_rows_does_not_matter(make_briefing, small_day, chance):
    def shuffled(items):
        return tuple(chance.sample(items, len(items)))

    mixed = replace(
        small_day,
        queues=shuffled(small_day.queues),
        intervals=shuffled(small_day.intervals),
        agents=shuffled(small_day.agents),
    )
    assert make_briefing(mixed) == make_briefing(small_day)
