"""Find the target of a figure (of a queue, of a medium, or of the whole group) and judge the figure against it.

The first of these that is set applies: the queue's medium, the queue, the group's medium, the group. Where one of them
is "organisation", the target is the one that the queue has in Genesys Cloud. A service level counts contacts within the
seconds of the source. A target for other seconds cannot be applied to it, and the reading then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from worker.domain.briefing.comparison import is_ratio_thin
from worker.domain.groups import Group
from worker.domain.groups.targets import ORGANISATION, ContactTargets
from worker.domain.metrics import (
    DEFAULT_SERVICE_LEVEL,
    OF_CONTACTS,
    Goal,
    Metric,
    Ratio,
    Reading,
    Status,
    goal_of,
)
from worker.domain.rows import Queue, Rows, ServiceObjective
from worker.domain.statuses import status_of
from worker.domain.wording import sentence

OTHER_SECONDS = sentence("Not judged: its target is for another number of seconds than the source counts with.")
UNKNOWN_SECONDS = sentence("Not judged: the source does not say within how many seconds it counts.")
NO_TARGET = sentence("Not judged: it has no target in Genesys Cloud.")
DIFFERENT_TARGETS = sentence("Not judged: its queues have different targets.")


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is judged against. ``obstacle`` says in a sentence why it cannot be judged, "" if it can."""

    goal: Goal
    obstacle: str = ""


def judge_against(
    metric: Metric, ratio: Ratio | None, target: Target, reason: str = "", fewest_contacts: int = 0
) -> Reading:
    """Return a ratio with its verdict against a target. ``reason`` says why there is no data.

    A ratio of fewer contacts than ``fewest_contacts`` has no verdict.
    """
    if ratio is None:
        return Reading(metric, None, Status.NO_DATA, target.goal, reason)
    if target.obstacle:
        return Reading(metric, ratio, Status.NOT_JUDGED, target.goal, target.obstacle)
    return Reading(metric, ratio, _contact_status(metric, ratio, target.goal, fewest_contacts), target.goal)


def _contact_status(metric: Metric, ratio: Ratio, goal: Goal, fewest_contacts: int) -> Status:
    """Judge a ratio. One of contacts is thin if it has too few of them."""
    if metric in OF_CONTACTS and is_ratio_thin(ratio, fewest_contacts):
        return Status.THIN
    return status_of(metric, ratio, goal)


def group_target(metric: Metric, group: Group, rows: Rows, medium: str | None, queue_ids: Collection[str]) -> Target:
    """Return the target of the group's figure in one medium, over the queues that have contacts in it."""
    if metric not in (Metric.SERVICE_LEVEL, Metric.ABANDONMENT):
        return Target(goal_of(metric, group.targets))
    return _first_target(metric, _tables(group, None, medium), lambda: _objectives(rows, medium, queue_ids), rows)


def queue_target(metric: Metric, group: Group, rows: Rows, medium: str | None, queue: Queue) -> Target:
    """Return the target of a queue's figure in one medium."""
    return _first_target(metric, _tables(group, queue, medium), lambda: _objectives(rows, medium, {queue.id}), rows)


def _tables(group: Group, queue: Queue | None, medium: str | None) -> Iterator[ContactTargets]:
    """Yield the tables that may set a target, the one that decides first."""
    queue_targets = group.targets_of_queue(queue.id, queue.name) if queue else None
    for targets in (queue_targets, group.targets):
        if targets:
            medium_targets = targets.of_medium(medium)
            yield from (medium_targets, targets) if medium_targets else (targets,)


def _first_target(
    metric: Metric,
    tables: Iterator[ContactTargets],
    objectives: Callable[[], list[ServiceObjective]],
    rows: Rows,
) -> Target:
    if metric is Metric.ABANDONMENT:
        return Target(next(table.abandonment for table in tables if table.abandonment is not None))
    table = next(table for table in tables if table.service_level is not None)
    if table.service_level == ORGANISATION:
        return _target_of_the_organisation(objectives())
    goal = float(table.service_level or 0)
    return Target(goal, _seconds_obstacle(table.seconds, objectives(), rows) if table.seconds else "")


def _target_of_the_organisation(objectives: list[ServiceObjective]) -> Target:
    shares = {objective.share for objective in objectives}
    if not shares or None in shares:
        return Target(DEFAULT_SERVICE_LEVEL, NO_TARGET)
    least = min(share for share in shares if share is not None)
    return Target(least, DIFFERENT_TARGETS if len(shares) > 1 else "")


def _seconds_obstacle(seconds: int, objectives: list[ServiceObjective], rows: Rows) -> str:
    counted = {objective.seconds for objective in objectives} or {rows.service_level_seconds}
    if None in counted:
        return UNKNOWN_SECONDS
    return "" if counted == {seconds} else OTHER_SECONDS


def _objectives(rows: Rows, medium: str | None, queue_ids: Collection[str]) -> list[ServiceObjective]:
    """Return the objectives of these queues. A queue without one has an empty objective."""
    by_queue = {objective.queue_id: objective for objective in rows.objectives if objective.medium == medium}
    if not rows.objectives:
        return []
    return [by_queue.get(queue_id) or ServiceObjective(queue_id, medium or "") for queue_id in sorted(queue_ids)]
