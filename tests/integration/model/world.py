"""One installation of the model: the real steps, ledger and delivery records, with a broker that keeps no promise."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, Literal, NamedTuple, cast
from unittest.mock import patch

import structlog
from celery.exceptions import Ignore, Retry
from redis import Redis

from tasks import step as step_module
from tests.integration.model.model_clock import ModelClock
from tests.integration.model.workers import StoppingRedis, Worker, die_here_if_killed, stop_here
from worker.channels.channel import OutgoingMessage, Proof, Protection
from worker.domain.deliveries import Delivery, WhenUnknown
from worker.domain.groups import Deliver, Group
from worker.domain.runs import STEPS, NextStep, RetryLater, Run, RunId, RunState, Step, StepOutcome
from worker.errors import ChannelBusy, DeliveryRefused, OutcomeUnknown, SourceUnavailable
from worker.services import packing
from worker.services.delivering import Delivering, rounds
from worker.services.recovery import Recovery
from worker.services.resend import NotSentAgain, Resending, ResendRequest
from worker.services.runs import RunStarter
from worker.state.ageing.compaction import Compaction
from worker.state.deliveries import Deliveries
from worker.state.files.artifacts import MESSAGE, Artifacts, of_run
from worker.state.files.delivery_journal import DeliveryJournal
from worker.state.runs import LEASE_SECONDS, Runs

RUN = RunId("support", date(2026, 11, 20))
RECIPIENTS = ("ana@example.com", "ben@example.com")
GROUP = Group(
    key=RUN.group,
    title="Support",
    zone="Europe/Berlin",
    standup_at=time(8),
    catch_up_until=time(9),
    queues=("Billing",),
    deliver=Deliver(email=RECIPIENTS),
)

Luck = Literal["good", "busy", "refused", "silent"]
"""What happens to a worker: all goes well, others are busy, they refuse, or they give no answer."""


class MortalJournal(DeliveryJournal):
    """A journal that a worker no longer writes after it was killed."""

    def write(self, run: Run, deliveries: Iterable[Delivery]) -> None:
        die_here_if_killed()
        super().write(run, deliveries)


def index_of(state: RunState | None) -> str:
    """Return the key of the index that has the runs in a state, "" for delivered runs, which none has."""
    if state in (None, RunState.DELIVERED):
        return ""
    return "standup:open" if state == RunState.OPEN else f"standup:runs:{state}"


class Message(NamedTuple):
    """A message of the broker. Repeated attempts and later steps have the root of their chain, as in Celery."""

    run_id: RunId
    step: Step
    root_id: str


SILENT_LOGGER = structlog.wrap_logger(None, processors=[lambda *_: (_ for _ in ()).throw(structlog.DropEvent)])


@dataclass
class Lease:
    """A step that a worker believes to hold."""

    run_id: RunId
    holder: str
    longest_seconds: float
    ends_at: float


class WatchedRuns(Runs):
    """The ledger, except that only the worker that entered last may settle."""

    def __init__(self, redis: Redis, holders: dict[RunId, str]) -> None:
        super().__init__(redis)
        self._holders = holders

    def settle(self, run_id: RunId, step: Step, holder: str, outcome: StepOutcome) -> bool:
        is_written = super().settle(run_id, step, holder, outcome)
        assert not is_written or self._holders[run_id] == holder, f"{run_id}: settled by a worker that lost its lease"
        return is_written


@dataclass
class World:
    """The shared state of all workers. The broker may deliver each of its ``messages`` at any time, or never."""

    redis: Redis
    artifacts: Artifacts
    clock: ModelClock
    messages: list[Message] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    killed: list[Worker] = field(default_factory=list)
    leases: dict[str, Lease] = field(default_factory=dict)
    holders: dict[RunId, str] = field(default_factory=dict)
    accepted: Counter[tuple[RunId, str]] = field(default_factory=Counter)
    proven: list[tuple[str, RunId, str]] = field(default_factory=list)
    luck: dict[str, Luck] = field(default_factory=dict)
    started_count: int = 0

    def __post_init__(self) -> None:
        stopping = StoppingRedis(connection_pool=self.redis.connection_pool)
        self.runs, self.deliveries = WatchedRuns(stopping, self.holders), Deliveries(stopping)
        self.compaction = Compaction(stopping)
        self.starter = RunStarter(self.runs, self.send_chain)
        self.recovery = Recovery(self.runs, self.send_chain, frozenset)
        groups = cast(Any, SimpleNamespace(group=lambda _: GROUP))
        self.resending = Resending(self.runs, self.deliveries, groups, self.starter, lambda _: "ask", "email")
        self.delivering = Delivering(
            self.runs,
            self.deliveries,
            self.artifacts,
            MortalJournal(self.artifacts),
            self._channels,
            self.clock.now,
            timedelta(minutes=30),
        )
        self.services = SimpleNamespace(
            runs=lambda: self.runs,
            groups=lambda: groups,
            measures=lambda: SimpleNamespace(run_ended=lambda _: None),
            landings=lambda: None,
        )

    def send_chain(self, run_id: RunId, step: Step) -> None:
        self._send(run_id, step, str(len(self.messages)))

    def _send(self, run_id: RunId, step: Step, root_id: str) -> None:
        stop_here()
        self.messages.append(Message(run_id, step, root_id))

    def start(self, name: str, execute: Callable[[], object], luck: Luck = "good") -> Worker:
        """Add a worker that will do this."""
        self.started_count += 1
        worker = Worker(f"{self.started_count}-{name}", lambda: cast(None, execute()))
        self.luck[worker.name] = luck
        self.workers.append(worker)
        return worker

    def receive(self, message: Message, luck: Luck = "good") -> Worker:
        """Let a worker receive a message of the broker."""
        return self.start(f"{message.step}-{luck}", lambda: self._execute(message), luck)

    def beat(self) -> Worker:
        return self.start("begin", lambda: self.starter.begin(RUN, asked_by="beat", standup_at=None, source="queries"))

    def rerun(self) -> Worker:
        return self.start("rerun", lambda: self.starter.revise(RUN, asked_by="operator", source="queries"))

    def resend(self, run_id: RunId) -> Worker:
        return self.start("resend", lambda: self._resend(run_id))

    def wake(self, run_id: RunId) -> Worker:
        return self.start("wake", lambda: self.starter.wake([run_id], "woken"))

    def compact(self) -> Worker:
        """Let the records of all ended runs be made small, however young they are."""
        return self.start("compact", self._compact)

    def sweep(self) -> Worker:
        return self.start("sweep", self.recovery.resend_silent)

    def renew(self, worker: Worker) -> None:
        """Let a worker's background thread renew its lease."""
        lease = self.leases.get(worker.name)
        if lease and all(self.runs.renew([(lease.run_id, lease.holder, lease.longest_seconds)])):
            lease.ends_at = self.clock.seconds + LEASE_SECONDS

    def reap(self) -> None:
        """Forget the workers that have ended, and raise the error of one that failed."""
        for worker in [worker for worker in self.workers if worker.has_ended]:
            self.workers.remove(worker)
            if worker.defect:
                raise AssertionError(f"{worker.name} failed") from worker.defect

    def kill(self, worker: Worker) -> None:
        self.killed.append(worker)
        worker.kill()

    def run_ids(self) -> list[RunId]:
        return [run.id for run in self.runs.revisions(RUN)]

    def states_and_indexes(self, most: int) -> tuple[dict[str, RunState | None], dict[str, set[str]]]:
        """The state of each of the ``most`` revisions, and the members of each index of states, in one round trip."""
        run_ids = [str(RUN.revised(revision)) for revision in range(1, most + 1)]
        indexes = sorted(
            {index_of(state) for state in RunState if state != RunState.DELIVERED} | {f"standup:runs:{RunState.OPEN}"}
        )
        with self.redis.pipeline() as pipe:
            for run_id in run_ids:
                pipe.hget(f"standup:run:{run_id}", "state")
            for index in indexes:
                pipe.zrange(index, 0, -1)
            answers = pipe.execute()
        states = [RunState(state) if state else None for state in answers[:most]]
        return dict(zip(run_ids, states, strict=True)), dict(zip(indexes, map(set, answers[most:]), strict=True))

    def _execute(self, message: Message) -> None:
        """Do what Celery does: the next task of the chain is sent unless the task raised."""
        run_id, step, root_id = message
        task = SimpleNamespace(retry=self._retry(message), request=SimpleNamespace(root_id=root_id))
        try:
            step_module._run_step(task, step, self._work(step), run_id)
        except (Ignore, Retry, step_module.StepFailed):
            return
        if step != STEPS[-1]:
            self._send(run_id, STEPS[STEPS.index(step) + 1], root_id)

    def _retry(self, message: Message) -> Callable[..., Exception]:
        def retry(**_: object) -> Exception:
            self._send(*message)
            return Retry()

        return retry

    def _work(self, step: Step) -> Callable[[Group, Run], StepOutcome]:
        return self.delivering.deliver if step == Step.DELIVER else lambda _, run: self._other_work(step, run)

    def _other_work(self, step: Step, run: Run) -> StepOutcome:
        """Do a step other than the last one."""
        luck = self.luck[threading.current_thread().name]
        if luck == "busy":
            return RetryLater(30, "not ready")
        if luck == "silent":
            raise SourceUnavailable("No answer.")
        if luck == "refused":
            return step_module.failed("refused", "Refused.")
        if step == Step.RENDER:
            self._store_message(run.id)
        return NextStep(STEPS[STEPS.index(step) + 1], f"{step} done")

    def _store_message(self, run_id: RunId) -> None:
        outgoing = OutgoingMessage(
            str(run_id),
            run_id.group,
            run_id.reporting_day,
            run_id.revision,
            datetime(2026, 11, 21, tzinfo=UTC),
            "",
            "",
            "",
        )
        self.artifacts.put(of_run(run_id, MESSAGE), packing.encode(outgoing))

    def _compact(self) -> None:
        self.redis.delete("standup:compacted")
        self.compaction.compact(10**15)

    def _resend(self, run_id: RunId) -> None:
        try:
            self.resending.resend(run_id, ResendRequest())
        except NotSentAgain:
            return

    def _channels(self, _: Group) -> AbstractContextManager[Any]:
        return nullcontext(
            SimpleNamespace(
                channel_for=lambda *_: PostOffice(self),
                when_unknown=lambda _: PostOffice.when_unknown,
                gate=lambda _: SimpleNamespace(entered=nullcontext),
            )
        )


@dataclass
class PostOffice:
    """A mail server that counts what it accepts."""

    world: World
    protection = Protection(encrypted=True)
    when_unknown: WhenUnknown = "ask"

    def deliver(self, outgoing: OutgoingMessage, recipient: str, before_acceptance: Callable[[], None]) -> Proof:
        name = threading.current_thread().name
        luck, run_id = self.world.luck[name], RunId.parse(outgoing.run_id)
        if luck == "busy":
            raise ChannelBusy("Later.")
        if luck == "refused":
            raise DeliveryRefused("Never.")
        before_acceptance()
        stop_here()
        self.world.accepted[run_id, recipient] += 1
        stop_here()
        if luck == "silent":
            raise OutcomeUnknown("No answer.")
        self.world.proven.append((name, run_id, recipient))
        return Proof("250 Ok", "id")


@contextmanager
def steps_in(world: World) -> Iterator[None]:
    """Let the tasks' code use this world. Only a rule of the model renews a lease."""

    @contextmanager
    def lease(run_id: RunId, holder: str, longest_seconds: float) -> Iterator[None]:
        name = threading.current_thread().name
        world.holders[run_id] = holder
        world.leases[name] = Lease(run_id, holder, longest_seconds, world.clock.seconds + LEASE_SECONDS)
        try:
            yield
        finally:
            del world.leases[name]

    alerts = SimpleNamespace(
        run_alerts=lambda: SimpleNamespace(report=lambda *_: None, report_unreported=lambda _: None)
    )
    leases = SimpleNamespace(renewing=lease)
    replacements = {"stores": world.services, "alerts": alerts, "_leases": lambda: leases, "log": SILENT_LOGGER}
    with patch.multiple(step_module, **replacements), patch.object(rounds, "log", SILENT_LOGGER):
        yield
