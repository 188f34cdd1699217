"""Records → sums for the rows of exported files: tallies by queue, media type and interval, and sums by agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sandbox.figures.adherence import adherence
from sandbox.figures.conversations import Tallies, Tally, events
from sandbox.figures.statuses import routing_times
from sandbox.organisation.model import Agent, Queue
from sandbox.records.instants import Span
from sandbox.site import Site
from sandbox.wire.times import bucket_index

RowKey = tuple[str, str, int]
"""Queue id or agent id, media type (empty: all media), index of the interval."""


@dataclass(slots=True)
class AgentSums:
    """Sums over some agents, in ms: routing status by name, and what WFM knows. ``planned`` is None without WFM."""

    status: dict[str, int] = field(default_factory=dict)
    planned: int | None = None
    exception_ms: int = 0
    exceptions: int = 0

    def add(self, sums: AgentSums) -> None:
        """Add the sums of further agents."""
        for name, duration in sums.status.items():
            self.status[name] = self.status.get(name, 0) + duration
        if sums.planned is not None:
            self.planned = (self.planned or 0) + sums.planned
            self.exception_ms += sums.exception_ms
            self.exceptions += sums.exceptions

    @property
    def occupancy(self) -> float | None:
        """Busy time over busy and idle time. None without either."""
        busy = self.status.get("INTERACTING", 0) + self.status.get("COMMUNICATING", 0)
        total = busy + self.status.get("IDLE", 0)
        return busy / total if total else None

    @property
    def adherence(self) -> float | None:
        """A fraction. None if nothing was planned."""
        return max(0.0, 1 - self.exception_ms / self.planned) if self.planned else None


def tallies_by_row(
    site: Site, queues: Sequence[Queue], edges: list[int], media: Sequence[str], *, split_media: bool, by_agent: bool
) -> dict[RowKey, Tallies]:
    """Return the metrics of the queues' calls. No ``media`` means all. ``by_agent`` counts only agents' events."""
    rows: dict[RowKey, Tallies] = {}
    queues_by_id = {queue.id: queue for queue in queues}
    for group in site.groups_of(queues):
        for call in site.calls(group, (edges[0], edges[-1])):
            if call.queue_id not in queues_by_id or (media and call.media_type not in media):
                continue
            owner = call.agent_id if by_agent else call.queue_id
            for event in events(call, queues_by_id[call.queue_id].objective_for(call.media_type).threshold_ms):
                index = bucket_index(edges, event.instant)
                if index is None or owner is None or (by_agent and not event.is_agents):
                    continue
                key = (owner, call.media_type if split_media else "", index)
                rows.setdefault(key, {}).setdefault(event.metric, Tally()).add(event.duration)
    return rows


def agent_sums(site: Site, agents: Iterable[Agent], span: Span) -> dict[str, AgentSums]:
    """Return status and adherence of each agent in the span, by agent id."""
    group_of = {agent.id: agent.group for agent in agents}
    sums = {agent_id: AgentSums() for agent_id in group_of}
    for key in dict.fromkeys(group_of.values()):
        group = site.organisation.groups[key]
        days = list(site.days(group, span))
        for agent_id, status in routing_times((period for day in days for period in day.status_periods), span).items():
            if agent_id in sums:
                sums[agent_id].status = status
        for result in adherence((shift for day in days for shift in day.shifts), span) if group.unit_id else ():
            if result.agent_id in sums:
                row = sums[result.agent_id]
                row.planned, row.exception_ms = result.planned, result.exception_ms
                row.exceptions = len(result.differences)
    return sums


def total(sums: Iterable[AgentSums]) -> AgentSums:
    """Return the sums of all agents together."""
    whole = AgentSums()
    for row in sums:
        whole.add(row)
    return whole


def agents_of(site: Site, queues: Iterable[Queue]) -> list[Agent]:
    """Return the agents who serve at least one of the queues, ordered by name."""
    ids = {queue.id for queue in queues}
    agents = (agent for agent in site.organisation.agents.values() if ids & set(agent.queue_ids))
    return sorted(agents, key=lambda agent: agent.name)
