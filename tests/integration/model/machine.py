"""The states of a run as Hypothesis explores them: any order of what workers, the broker and operators can do."""

from __future__ import annotations

from contextlib import ExitStack

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from redis import Redis

from tests.integration.model.model_clock import Fault, ModelClock, scripts_by_model_clock
from tests.integration.model.workers import Worker
from tests.integration.model.world import RECIPIENTS, RUN, Luck, World, index_of, steps_in
from worker.domain.deliveries import Delivery
from worker.domain.runs import STEPS, Run, RunState
from worker.state.files.artifacts import Artifacts
from worker.state.runs import LEASE_SECONDS

MOST_WORKERS, MOST_REVISIONS = 4, 3
SWEEPS = 60
"""More than any run needs: three workers for each step, and the waits of busy receivers."""

LUCK = st.sampled_from(("good", "good", "good", "busy", "refused", "silent"))
SECONDS = (1.0, 6.0, 21.0, 46.0, 91.0, 301.0)

WEIGHTS = {
    "a worker receives a new message": 5,
    "a worker receives any message": 3,
    "a worker continues": 8,
    "a worker is killed": 2,
    "a worker renews its lease": 1,
    "a worker loses its lease to another": 2,
    "time passes": 4,
    "the sweep begins": 3,
    "a run is begun": 1,
    "a rerun is begun": 1,
    "a resend is begun": 2,
    "a notice arrives": 1,
    "records are made small": 2,
}
ACTIONS = st.sampled_from([action for action, weight in WEIGHTS.items() for _ in range(weight)])
"""One rule with weights of our own. Among many rules, Hypothesis would leave half of them out of most stories."""


class RunMachine(RuleBasedStateMachine):
    """One group's run of a day and its revisions."""

    def __init__(self, redis: Redis, artifacts: Artifacts, fault: Fault | None = None) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._stack.enter_context(scripts_by_model_clock(redis, fault))
        redis.flushall()
        self.world = World(redis, artifacts, ModelClock(redis))
        self._stack.enter_context(steps_in(self.world))

    @initialize(steps_done=st.sampled_from((0, 0, 1, 2, 3, 4, 4, 4, 4, 4)))
    def claim(self, steps_done: int) -> None:
        """Begin with a run some of whose steps are done. Most interesting is the last one."""
        self.world.beat().finish()
        for _ in range(steps_done):
            self.world.receive(self.world.messages[-1]).finish()

    @rule(action=ACTIONS, choice=st.integers(0, 99), luck=LUCK, stops=st.integers(1, 14))
    def happens(self, action: str, choice: int, luck: Luck, stops: int) -> None:
        """Let something happen. ``choice`` says to whom, ``stops`` how far the worker gets that does it."""
        world = self.world
        if action == "time passes":
            world.clock.advance(SECONDS[choice % len(SECONDS)])
        elif action.startswith("a worker receives"):
            self._receive(choice, luck, stops, newest=2 if "new" in action else len(world.messages))
        elif action == "a worker loses its lease to another":
            world.clock.advance(LEASE_SECONDS + 1)
            self._receive(choice, luck, stops=20, newest=1)
        elif action.startswith("a worker"):
            self._disturb(action, choice, stops)
        elif len(world.workers) < MOST_WORKERS:
            self._begin(action, choice).proceed(stops)

    def _receive(self, choice: int, luck: Luck, stops: int, newest: int) -> None:
        messages = self.world.messages[-newest:]
        if len(self.world.workers) < MOST_WORKERS:
            self.world.receive(messages[choice % len(messages)], luck).proceed(stops)

    def _disturb(self, action: str, choice: int, stops: int) -> None:
        """Let one of the workers continue, die or keep its lease."""
        workers = self.world.workers
        if not workers:
            return
        worker = workers[choice % len(workers)]
        if action == "a worker continues":
            worker.proceed(stops)
        elif action == "a worker is killed":
            self.world.kill(worker)
        else:
            self.world.renew(worker)

    def _begin(self, action: str, choice: int) -> Worker:
        """Start what beat, an operator or a notice does."""
        run_ids = self.world.run_ids()
        run_id = run_ids[choice % len(run_ids)]
        if action == "the sweep begins":
            return self.world.sweep()
        if action == "records are made small":
            return self.world.compact()
        if action == "a run is begun" or (action == "a rerun is begun" and len(run_ids) == MOST_REVISIONS):
            return self.world.beat()
        if action == "a rerun is begun":
            return self.world.rerun()
        return self.world.resend(run_id) if action == "a resend is begun" else self.world.wake(run_id)

    @invariant()
    def no_worker_fails(self) -> None:
        self.world.reap()

    @invariant()
    def nobody_gets_a_revision_twice(self) -> None:
        twice = [address for address, count in self.world.accepted.items() if count > 1]
        assert not twice, f"sent twice: {twice}"

    @invariant()
    def each_index_has_the_runs_in_its_state_alone(self) -> None:
        """The sweep asks for open runs, operators for those that ended badly. Delivered runs are in no index."""
        states, indexes = self.world.states_and_indexes(MOST_REVISIONS + MOST_WORKERS)
        for index, members in indexes.items():
            assert members == {run_id for run_id, state in states.items() if index == index_of(state)}, index

    @invariant()
    def no_two_workers_have_a_lease_on_one_run(self) -> None:
        valid = [lease.run_id for lease in self.world.leases.values() if lease.ends_at > self.world.clock.seconds]
        assert len(valid) == len(set(valid)), f"two leases: {valid}"

    def teardown(self) -> None:
        try:
            self._let_everything_end()
            self.no_worker_fails()
            self.nobody_gets_a_revision_twice()
            for run in self.world.runs.revisions(RUN):
                self._check_end(run)
        finally:
            for worker in self.world.workers:
                worker.kill()
            self._stack.close()

    def _let_everything_end(self) -> None:
        """From now on nothing goes wrong, but all messages so far are lost: the sweep alone has to end the runs."""
        world = self.world
        for worker in list(world.workers):
            worker.finish()
        for _ in range(SWEEPS):
            if not world.redis.zcard("standup:open"):
                return
            world.clock.advance(61)
            received = len(world.messages)
            world.sweep().finish()
            while received < len(world.messages):
                world.receive(world.messages[received]).finish()
                received += 1
            world.reap()
        raise AssertionError(f"a run never ends: {[(run.id, run.step) for run in world.runs.revisions(RUN)]}")

    def _check_end(self, run: Run) -> None:
        records = {record.recipient: record for record in self.world.deliveries.records(run.id)}
        self._check_records(run, records)
        self._check_late_proofs(run, records)
        self._check_steps(run)

    def _check_records(self, run: Run, records: dict[str, Delivery]) -> None:
        for recipient in RECIPIENTS:
            state = records[recipient].state if recipient in records else ""
            if self.world.accepted[run.id, recipient]:
                assert state in ("sent", "unknown") or run.code == "step_never_ended", (
                    f"{run.id}: {recipient} has it and is {state}"
                )
            else:
                assert state != "sent", f"{run.id}: {recipient} is 'sent' and has nothing"
        if run.state == RunState.DELIVERED:
            assert {record.state for record in records.values()} == {"sent"}
        if run.state == RunState.PARTLY_DELIVERED:
            assert {record.state for record in records.values()} > {"sent"}, "some have it and others do not"
        if run.state == RunState.SKIPPED:
            assert len(self.world.run_ids()) > run.id.revision, "only a correction replaces a run"

    def _check_late_proofs(self, run: Run, records: dict[str, Delivery]) -> None:
        killed = {worker.name for worker in self.world.killed}
        for name, run_id, recipient in self.world.proven:
            if run_id == run.id and name not in killed:
                assert records[recipient].state == "sent", f"{name} had the proof for {recipient}"

    def _check_steps(self, run: Run) -> None:
        """No step is recorded as done twice, unless an operator has reopened the run between the two."""
        steps_done: list[str] = []
        for event in self.world.runs.timeline(run.id):
            if event.text.startswith(("resumed", "sent again")):
                steps_done.clear()
            elif event.text in {f"{step} done" for step in STEPS}:
                assert event.text not in steps_done, f"{event.text} twice in {run.id}"
                steps_done.append(event.text)
