"""Plans: who is asked for with whom, and in which batches. Pure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.integration.genesys.conftest import order
from worker.genesys.sharing.plan import Plan, PlannedOrder

names = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=12, unique=True)
ids = st.lists(st.sampled_from([f"id-{n}" for n in range(40)]), max_size=15, unique=True)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of some orders whose ids overlap."""
    parts = [PlannedOrder(name=name, queues=("q",), user_ids=tuple(draw(ids))) for name in draw(names)]
    return Plan(window="w", parts=tuple(parts))


@given(plans(), st.integers(1, 10))
def test_every_id_of_an_order_is_in_exactly_one_of_its_batches(plan: Plan, size: int) -> None:
    for part in plan.parts:
        batches = list(plan.batches("user_ids", part.name, size))
        assert all(len(batch.ids) <= size for batch in batches)
        own_rows = [item for batch in batches for item in dict(batch.shares())[part.name]]
        assert sorted(own_rows) == sorted(part.user_ids)


@given(plans(), st.integers(1, 10))
def test_in_one_plan_no_id_is_asked_for_twice_and_batches_are_full(plan: Plan, size: int) -> None:
    batches = {batch.key: batch for part in plan.parts for batch in plan.batches("user_ids", part.name, size)}
    request = [item for batch in batches.values() for item in batch.ids]
    distinct = {item for part in plan.parts for item in part.user_ids}
    assert len(request) == len(set(request)) == len(distinct)
    assert len(batches) == -(-len(distinct) // size)


def test_an_order_that_was_changed_is_not_in_the_plan_any_more() -> None:
    request = order(queues=("Support",), management_units=("u",))
    part = PlannedOrder(name=request.name, queues=request.queues, queue_ids=("q1",), management_units=("u",))
    plan = Plan(window="w", parts=(part,))
    assert plan.holds(request)
    assert not plan.holds(order(queues=("Support", "Sales"), management_units=("u",)))
    assert not plan.holds(order(queues=("Support",)))
    assert not plan.holds(order(name="another", queues=("Support",), management_units=("u",)))


def test_plans_that_differ_in_anything_keep_their_answers_apart() -> None:
    item = Plan(window="w", parts=(PlannedOrder(name="a", queues=("q",), queue_ids=("1",)),))
    other_orders = [
        item.model_copy(update={"window": "x"}),
        Plan(window="w", parts=(PlannedOrder(name="b", queues=("q",), queue_ids=("1",)),)),
        Plan(window="w", parts=(PlannedOrder(name="a", queues=("q",), queue_ids=("2",)),)),
    ]
    assert len({plan.id for plan in (item, *other_orders)}) == 4
    assert item.id == Plan.model_validate(item.model_dump(mode="json", by_alias=True)).id
