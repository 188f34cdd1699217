"""Hands the message and its documents to every recipient of the group, once."""

from __future__ import annotations

import random

from tasks.step import MAX_ATTEMPTS, step_task
from worker.channels.parcel import Parcel
from worker.domain.backoff import retry_countdown_seconds
from worker.domain.runs import Later, Over, Run, RunState, Settlement, Step
from worker.morning import parcel
from worker.morning.handover import Tally, hand_over
from worker.state.artifacts import of_run
from worker.wiring import Parts


@step_task(Step.DELIVER)
def deliver(parts: Parts, run: Run) -> Settlement:
    """Every recipient gets one message of their own; one bad address harms no other."""
    group = parts.group(run.id.group)
    last = run.attempts + 1 >= MAX_ATTEMPTS
    tally = hand_over(parts.email, parts.deliveries, run.id, _parcel(parts, run), group.deliver.email, last=last)
    if tally.busy:
        wait = retry_countdown_seconds(run.attempts + 1, random.random(), tally.retry_after_seconds)  # noqa: S311 - jitter
        return Later(wait, "some receivers are busy", {"attempts": run.attempts + 1}, detail=tally.busy)
    return _end(run, tally)


def _parcel(parts: Parts, run: Run) -> Parcel:
    kept = parts.artifacts.get(of_run(run.id, parcel.NAME))
    return parcel.decode(kept, lambda name: parts.artifacts.get(of_run(run.id, name)))


def _end(run: Run, tally: Tally) -> Over:
    """All sent, some sent, or none."""
    sent, others = tally.count("sent"), len(tally.deliveries) - tally.count("sent")
    what = f"{sent} sent, {others} not"
    if not others:
        state = RunState.NOTIFIED if run.outcome == "notice" else RunState.DELIVERED
        return Over(state, what)
    state = RunState.PARTLY_DELIVERED if sent else RunState.FAILED
    changes = {"code": "delivery_refused", "sentence": f"Not delivered to everybody. {tally.troubles}"}
    return Over(state, what, changes, detail=tally.troubles)
