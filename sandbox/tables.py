"""Records → what rows of files are made of: tallies by queue, media type and bucket; sums by agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sandbox.adherence import adherence
from sandbox.figures import Tallies, Tally, events
from sandbox.instants import bucket
from sandbox.organisation import Agent, Queue
from sandbox.site import Site
from sandbox.spans import Span
from sandbox.statuses import routing

Place = tuple[str, str, int]
"""Queue id or agent id, media type (empty: all together), bucket."""


@dataclass(slots=True)
class People:
    """Sums over some agents: routing status in ms by name, and what WFM says in ms (None: it says nothing)."""

    status: dict[str, int] = field(default_factory=dict)
    planned: int | None = None
    excepted: int = 0
    exceptions: int = 0

    def add(self, other: People) -> None:
        """Take another's sums in."""
        for name, lasted in other.status.items():
            self.status[name] = self.status.get(name, 0) + lasted
        if other.planned is not None:
            self.planned = (self.planned or 0) + other.planned
            self.excepted += other.excepted
            self.exceptions += other.exceptions

    @property
    def occupancy(self) -> float | None:
        """Busy time over busy and idle time; None where there is neither."""
        busy = self.status.get("INTERACTING", 0) + self.status.get("COMMUNICATING", 0)
        there = busy + self.status.get("IDLE", 0)
        return busy / there if there else None

    @property
    def adherence(self) -> float | None:
        """As a fraction; None where nothing was planned."""
        return max(0.0, 1 - self.excepted / self.planned) if self.planned else None


def tallied(
    site: Site, queues: Sequence[Queue], marks: list[int], media: Sequence[str], *, split_media: bool, by_agent: bool
) -> dict[Place, Tallies]:
    """The metrics of the queues' calls; no ``media`` stands for all. ``by_agent`` counts what is the agents' own."""
    sums: dict[Place, Tallies] = {}
    wanted = {queue.id: queue for queue in queues}
    for group in site.groups_of(queues):
        for call in site.calls(group, (marks[0], marks[-1])):
            if call.queue_id not in wanted or (media and call.media_type not in media):
                continue
            owner = call.agent_id if by_agent else call.queue_id
            for event in events(call, wanted[call.queue_id].threshold_ms):
                at = bucket(marks, event.at)
                if at is None or owner is None or (by_agent and not event.of_agent):
                    continue
                place = (owner, call.media_type if split_media else "", at)
                sums.setdefault(place, {}).setdefault(event.metric, Tally()).add(event.lasted)
    return sums


def people(site: Site, agents: Iterable[Agent], span: Span) -> dict[str, People]:
    """Status and adherence of each agent in the span."""
    chosen = {agent.id: agent for agent in agents}
    found = {agent_id: People() for agent_id in chosen}
    for key in dict.fromkeys(agent.group for agent in chosen.values()):
        group = site.organisation.groups[key]
        days = list(site.days(group, span))
        for agent_id, status in routing((one for day in days for one in day.stretches), span).items():
            if agent_id in found:
                found[agent_id].status = status
        for one in adherence((shift for day in days for shift in day.shifts), span) if group.unit_id else ():
            if one.agent_id in found:
                mine = found[one.agent_id]
                mine.planned, mine.excepted, mine.exceptions = one.planned, one.excepted, len(one.differences)
    return found


def together(found: Iterable[People]) -> People:
    """The sums of all."""
    whole = People()
    for one in found:
        whole.add(one)
    return whole


def serving(site: Site, queues: Iterable[Queue]) -> list[Agent]:
    """Who serves one of the queues, by name."""
    ids = {queue.id for queue in queues}
    agents = (agent for agent in site.organisation.agents.values() if ids & set(agent.queue_ids))
    return sorted(agents, key=lambda agent: agent.name)
