"""Hands the message and its documents to every recipient of the group, once."""

from __future__ import annotations

import random

from tasks.step import step_task
from worker.channels.parcel import Parcel
from worker.domain.backoff import MAX_ATTEMPTS, retry_countdown_seconds
from worker.domain.runs import Later, Over, Run, RunState, Settlement, Step
from worker.morning import parcel
from worker.morning.handover import Tally, hand_over
from worker.state.artifacts import of_run
from worker.wiring import Parts


@step_task(Step.DELIVER)
def deliver(parts: Parts, run: Run) -> Settlement:
    """Every recipient gets one message of their own; one bad address, or one channel that is down, harms no other."""
    last = run.attempts + 1 >= MAX_ATTEMPTS
    made = _parcel(parts, run)
    with parts.channels(parts.group(run.id.group)) as channels:
        tally = hand_over(channels, parts.deliveries, run.id, wanted(parts, run), lambda *_: made, last=last)
    if tally.busy:
        wait = retry_countdown_seconds(run.attempts + 1, random.random(), tally.retry_after_seconds)  # noqa: S311 - jitter
        return Later(wait, "some receivers are busy", {"attempts": run.attempts + 1}, detail=tally.busy)
    return _end(run, tally)


def wanted(parts: Parts, run: Run) -> list[tuple[str, str]]:
    """Channel and recipient of each delivery: the group's, and for a correction all who may hold what it corrects,
    though the group may have let them go since.
    """
    recipients: list[tuple[str, str]] = list(parts.group(run.id.group).deliver.recipients)
    for revision in range(1, run.id.revision):
        recipients += [
            (each.channel, each.recipient)
            for each in parts.deliveries.of(run.id.revised(revision))
            if each.state in ("sending", "sent", "unknown") and not each.test
        ]
    return list(dict.fromkeys(recipients))


def _parcel(parts: Parts, run: Run) -> Parcel:
    kept = parts.artifacts.get(of_run(run.id, parcel.NAME))
    return parcel.decode(kept, lambda name: parts.artifacts.get(of_run(run.id, name)))


def _end(run: Run, tally: Tally) -> Over:
    """All sent, some sent, or none."""
    sent, others = tally.count("sent"), len(tally.counted) - tally.count("sent")
    what = f"{sent} sent, {others} not"
    if not others:
        state = RunState.NOTIFIED if run.outcome == "notice" else RunState.DELIVERED
        return Over(state, what, detail=tally.troubles)
    state = RunState.PARTLY_DELIVERED if sent else RunState.FAILED
    code = "delivery_refused" if tally.count("refused") else "outcome_unknown"
    changes = {"code": code, "sentence": f"Not delivered to everybody. {tally.troubles}"}
    return Over(state, what, changes, detail=tally.troubles)
