"""Which target applies to a figure, and when none does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from worker.domain.briefing.judging import DIFFERENT_TARGETS, NO_TARGET, OTHER_SECONDS, UNKNOWN_SECONDS
from worker.domain.groups import Targets
from worker.domain.groups.targets import ContactTargets, QueueTargets
from worker.domain.metrics import Metric, Status
from worker.domain.rows import Queue, Rows, ServiceObjective

ORGANISATION = Targets(service_level="organisation")


@pytest.fixture
def brief(make_briefing, half_hour, make_group):
    """The briefing of a noon: 85 of 100 calls of Billing in time, 60 of 100 chats, 95 of 100 calls of Sales."""
    noon = datetime(2026, 10, 21, 12, tzinfo=make_group().tz)
    rows = Rows(
        (Queue("b", "Billing"), Queue("s", "Sales")),
        (
            half_hour("b", noon, 85, 15, 0),
            half_hour("b", noon, 60, 40, 0, "chat"),
            half_hour("s", noon, 95, 5, 0),
        ),
    )

    def make(*objectives: ServiceObjective, **group: Any):
        return make_briefing(replace(rows, objectives=objectives), media=("voice", "chat"), **group)

    return make


def level_of(briefing, name, medium):
    return next(line.service_level for line in briefing.queues if (line.name, line.medium) == (name, medium))


def headline(briefing, medium):
    return next(line.service_level.reading for line in briefing.media if line.medium == medium)


def test_a_medium_has_its_own_target(brief):
    briefing = brief(targets=Targets(service_level=0.8, chat=ContactTargets(service_level=0.5, abandonment=0.1)))
    assert (headline(briefing, "chat").goal, headline(briefing, "chat").status) == (0.5, Status.ON_TARGET)
    assert headline(briefing, "voice").goal == 0.8
    assert briefing.media[1].abandonment.reading.goal == 0.1
    assert briefing.media[0].abandonment.reading.goal == 0.05


def test_a_queue_has_its_own_target_and_the_group_keeps_its_own(brief):
    briefing = brief(queue_targets={"Billing": QueueTargets(service_level=0.9)})
    assert level_of(briefing, "Billing", "voice").goal == 0.9
    assert level_of(briefing, "Billing", "voice").status is Status.WATCH  # 85 of 100, within chance
    assert level_of(briefing, "Sales", "voice").goal == 0.8
    assert headline(briefing, "voice").goal == 0.8


def test_a_queues_medium_overrides_the_queue_and_the_queue_the_medium(brief):
    briefing = brief(
        targets=Targets(chat=ContactTargets(service_level=0.6)),
        queue_targets={"Billing": QueueTargets(service_level=0.7, voice=ContactTargets(service_level=0.9))},
    )
    assert level_of(briefing, "Billing", "voice").goal == 0.9
    assert level_of(briefing, "Billing", "chat").goal == 0.7


@pytest.mark.parametrize("name", ["Billing", "billing ", "id:b"])
def test_a_queue_is_found_by_its_name_in_any_case_or_by_its_id(brief, name):
    briefing = brief(queues=(name, "Sales"), queue_targets={name: QueueTargets(service_level=0.9)})
    assert level_of(briefing, "Billing", "voice").goal == 0.9


def test_the_organisations_target_is_the_queues_own(brief):
    briefing = brief(
        ServiceObjective("b", "voice", 0.9, 20),
        ServiceObjective("s", "voice", 0.9, 30),
        ServiceObjective("b", "chat", 0.5, 30),
        targets=ORGANISATION,
    )
    assert level_of(briefing, "Billing", "voice").goal == 0.9
    assert level_of(briefing, "Billing", "chat").status is Status.ON_TARGET
    assert (headline(briefing, "voice").goal, headline(briefing, "voice").status) == (0.9, Status.ON_TARGET)


def test_queues_with_different_targets_give_the_group_none(brief):
    objectives = (ServiceObjective("b", "voice", 0.8, 20), ServiceObjective("s", "voice", 0.9, 20))
    reading = headline(brief(*objectives, targets=ORGANISATION), "voice")
    assert (reading.status, reading.reason) == (Status.NOT_JUDGED, DIFFERENT_TARGETS)
    assert reading.ratio is not None


def test_a_queue_without_a_target_in_the_organisation_is_not_judged(brief):
    briefing = brief(ServiceObjective("b", "voice", 0.8, 20), targets=ORGANISATION)
    assert level_of(briefing, "Billing", "voice").status is Status.ON_TARGET
    for reading in (level_of(briefing, "Sales", "voice"), headline(briefing, "voice"), headline(briefing, "chat")):
        assert (reading.status, reading.reason) == (Status.NOT_JUDGED, NO_TARGET)


def test_a_source_without_the_organisations_settings_leaves_nothing_judged(brief):
    briefing = brief(targets=ORGANISATION)
    assert {line.service_level.status for line in briefing.queues} == {Status.NOT_JUDGED}


def test_a_queues_number_overrides_the_organisations_target(brief):
    briefing = brief(
        ServiceObjective("b", "voice", 0.9, 20),
        targets=ORGANISATION,
        queue_targets={"Billing": QueueTargets(service_level=0.85)},
    )
    assert level_of(briefing, "Billing", "voice").goal == 0.85


def test_a_queue_may_take_the_organisations_target_where_the_group_has_a_number(brief):
    briefing = brief(
        ServiceObjective("b", "voice", 0.9, 20), queue_targets={"Billing": QueueTargets(service_level="organisation")}
    )
    assert level_of(briefing, "Billing", "voice").goal == 0.9
    assert level_of(briefing, "Sales", "voice").goal == 0.8


@pytest.mark.parametrize(
    ("seconds", "objectives", "reason"),
    [
        (20, (20, 20), ""),
        (30, (20, 20), OTHER_SECONDS),
        (20, (20, 30), OTHER_SECONDS),
        (20, (20, None), UNKNOWN_SECONDS),
        (20, (), UNKNOWN_SECONDS),
    ],
)
def test_a_target_for_other_seconds_than_the_source_counts_with_is_not_applied(brief, seconds, objectives, reason):
    briefing = brief(
        *(ServiceObjective(queue, "voice", 0.8, counted) for queue, counted in zip("bs", objectives, strict=False)),
        targets=Targets(voice=ContactTargets(service_level=0.9, seconds=seconds)),
    )
    reading = headline(briefing, "voice")
    assert reading.reason == reason
    assert (reading.status is Status.NOT_JUDGED) is bool(reason)


def test_without_objectives_the_seconds_of_all_rows_count(make_briefing, small_day):
    for seconds, status in ((20, Status.MISSED), (30, Status.NOT_JUDGED)):
        targets = Targets(voice=ContactTargets(service_level=0.9, seconds=seconds))
        assert make_briefing(small_day, targets=targets).tile(Metric.SERVICE_LEVEL).reading.status is status


def test_nothing_is_concluded_from_a_figure_that_is_not_judged(brief):
    kinds = {insight.kind for insight in brief(targets=ORGANISATION).insights}
    assert not kinds & {"worst_run", "costly_queues", "best_queue", "all_targets_met"}


def test_the_target_of_a_medium_applies_where_it_is_the_only_one(make_briefing, small_day):
    targets = Targets(voice=ContactTargets(service_level=0.7))
    assert make_briefing(small_day, targets=targets).tile(Metric.SERVICE_LEVEL).reading.goal == 0.7
