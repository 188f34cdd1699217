"""The sandbox's parts in one place, as the handlers get them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sandbox import organisation
from sandbox.generate.day import generate
from sandbox.history import History, Source, replayed
from sandbox.jobs import File, Job, Jobs
from sandbox.ledger import Ledger
from sandbox.oauth import Tokens
from sandbox.organisation import Group, Organisation, Queue
from sandbox.quota import Quota
from sandbox.records import Call, Day
from sandbox.replay import Replay
from sandbox.scenario import ClientEntry, Scenario
from sandbox.script import Failed, Immediate, Partial, SlowExport
from sandbox.spans import Span
from sandbox.trouble import Troubles


@dataclass(frozen=True, slots=True)
class Site:
    """One running sandbox; ``clock`` gives seconds since 1970."""

    scenario: Scenario
    organisation: Organisation
    history: History
    tokens: Tokens
    quota: Quota
    troubles: Troubles
    jobs: Jobs
    ledger: Ledger
    clock: Callable[[], float]

    def groups_of(self, queues: Sequence[Queue]) -> tuple[Group, ...]:
        """The groups whose queues these are, each once."""
        return tuple(self.organisation.groups[key] for key in dict.fromkeys(queue.group for queue in queues))

    def days(self, group: Group, span: Span) -> Iterator[Day]:
        """The days whose records can fall into the span."""
        return self.history.days(group, span)

    def calls(self, group: Group, span: Span) -> Iterator[Call]:
        """The calls that can fall into the span."""
        return (call for day in self.days(group, span) for call in day.calls)

    def start(
        self,
        client: ClientEntry,
        groups: tuple[str, ...],
        detail: dict[str, object],
        make: Callable[[bool], list[File]],
    ) -> Job:
        """Start a job that lasts as long, and ends as well or badly, as the groups' trouble says.

        ``make`` is called with whether the result is partial once the job is done.
        """
        slow, failed = self.troubles.find(SlowExport, groups), self.troubles.find(Failed, groups)
        partial = self.troubles.find(Partial, groups) is not None
        at_once = self.troubles.find(Immediate, groups)
        now = self.clock()
        lasts = 0.0 if at_once else slow.seconds if slow else self.scenario.job_seconds
        job_id = str(uuid.uuid4())
        for group in groups:
            self.organisation.own(group, job_id)
        reason = failed.reason if failed else None
        job = Job(job_id, client.id, groups, now, now + lasts, partial, reason, dict(detail), lambda: make(partial))
        return self.jobs.keep(job)


def build(scenario: Scenario, clock: Callable[[], float], replay: Replay | None = None) -> Site:
    """A site for the scenario, and for a replayed history beside its groups if there is one."""
    made = organisation.build(scenario)
    troubles = Troubles({key: group.trouble for key, group in scenario.groups.items()})

    def generated(group: Group, day: date) -> Day:
        return generate(scenario.seed, group, day)

    sources: dict[str, Source] = dict.fromkeys(scenario.groups, generated)
    if replay:
        made.add(replay.group)
        sources[replay.group.key] = replayed(replay.days)
        troubles.replace(replay.group.key, ())
    return Site(
        scenario,
        made,
        History(sources, troubles.nobody_called),
        Tokens(scenario.clients, clock),
        Quota(scenario.quota.per_minute, scenario.quota.window_seconds, clock),
        troubles,
        Jobs(clock),
        Ledger(),
        clock,
    )
