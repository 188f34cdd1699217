"""One running sandbox: everything that a handler needs, in one place."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sandbox.figures.planning import Plans
from sandbox.organisation.build import build as build_organisation
from sandbox.organisation.model import Group, Organisation, Queue
from sandbox.records.generate.day import generate
from sandbox.records.history import History, Source, replayed
from sandbox.records.instants import Span
from sandbox.records.model import Call, DayRecords
from sandbox.records.replay import Replay
from sandbox.scenario.file import ClientEntry, Scenario
from sandbox.scenario.file_options import FileOptions
from sandbox.scenario.troubles import Failed, FileForm, Immediate, Partial, SlowExport
from sandbox.wire.jobs import File, Job, Jobs
from sandbox.wire.oauth import Tokens
from sandbox.wire.quota import Quota
from sandbox.wire.request_log import RequestLog
from sandbox.wire.troubles import ActiveTroubles


@dataclass(frozen=True, slots=True)
class Site:
    """One running sandbox. ``clock`` returns seconds since 1970."""

    scenario: Scenario
    organisation: Organisation
    history: History
    tokens: Tokens
    quota: Quota
    troubles: ActiveTroubles
    jobs: Jobs
    request_log: RequestLog
    clock: Callable[[], float]
    plans: Plans = field(default_factory=Plans)

    def groups_of(self, queues: Sequence[Queue]) -> tuple[Group, ...]:
        """Return the groups of the queues, each once."""
        return tuple(self.organisation.groups[key] for key in dict.fromkeys(queue.group for queue in queues))

    def days(self, group: Group, span: Span) -> Iterator[DayRecords]:
        """Yield the days whose records can overlap the span."""
        return self.history.days(group, span)

    def calls(self, group: Group, span: Span) -> Iterator[Call]:
        """Yield the calls that can overlap the span."""
        return (call for day in self.days(group, span) for call in day.calls)

    def file_options(self, groups: Iterable[str], **defaults: object) -> FileOptions:
        """Return how a file of the groups is written: by their trouble, else the scenario, else ``defaults``."""
        form = self.troubles.find(FileForm, groups)
        return FileOptions.model_validate(
            {**defaults, **self.scenario.files.changed(), **(form.changed() if form else {})}
        )

    def start_job(
        self,
        client: ClientEntry,
        groups: tuple[str, ...],
        detail: dict[str, object],
        make: Callable[[bool], list[File]],
    ) -> Job:
        """Start a job. The groups' trouble decides how long it takes and how it ends.

        ``make`` is called once the job has ended, with whether its result is partial.
        """
        slow, failed = self.troubles.find(SlowExport, groups), self.troubles.find(Failed, groups)
        partial = self.troubles.find(Partial, groups) is not None
        immediate = self.troubles.find(Immediate, groups)
        now = self.clock()
        seconds = 0.0 if immediate else slow.seconds if slow else self.scenario.job_seconds
        job_id = str(uuid.uuid4())
        for group in groups:
            self.organisation.assign(group, job_id)
        reason = failed.reason if failed else None
        job = Job(job_id, client.id, groups, now, now + seconds, partial, reason, dict(detail), lambda: make(partial))
        return self.jobs.add(job)


def build(scenario: Scenario, clock: Callable[[], float], replay: Replay | None = None) -> Site:
    """Build a site for the scenario. A replayed history becomes one more group."""
    organisation = build_organisation(scenario)
    troubles = ActiveTroubles({key: group.trouble for key, group in scenario.groups.items()})

    def generated(group: Group, day: date) -> DayRecords:
        return generate(scenario.seed, group, day)

    sources: dict[str, Source] = dict.fromkeys(scenario.groups, generated)
    if replay:
        organisation.add(replay.group)
        sources[replay.group.key] = replayed(replay.days)
        troubles.replace(replay.group.key, ())
    return Site(
        scenario,
        organisation,
        History(sources, troubles.is_silent),
        Tokens(scenario.clients, clock),
        Quota(scenario.quota.per_minute, scenario.quota.window_seconds, clock),
        troubles,
        Jobs(clock),
        RequestLog(),
        clock,
    )
