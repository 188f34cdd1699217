"""Hands the message and its documents to every recipient of the group, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tasks.step import step_task
from worker.channels.parcel import Parcel
from worker.domain.backoff import MAX_COUNTDOWN_SECONDS, Patience
from worker.domain.runs import Later, Over, Run, RunState, Settlement, Step
from worker.services import parcel
from worker.services import runs as chain
from worker.services.delivering import Tally, Turn, hand_over
from worker.state.artifacts import of_run
from worker.wiring import Parts, now


@step_task(Step.DELIVER)
def deliver(parts: Parts, run: Run) -> Settlement:
    """Every recipient gets one message of their own; one bad address, or one channel that is down, harms no other.

    Receivers that are busy are tried again in turns to come; the run is open until all deliveries have ended.
    """
    newer = chain.correction_of(parts.runs, run.id)
    if newer:
        return _give_way(parts, run, newer.id.revision)
    made = _parcel(parts, run)
    patience = Patience(timedelta(minutes=parts.settings.delivery_patience_minutes), run.standup_at)
    with parts.channels(parts.group(run.id.group)) as channels:
        them = wanted(parts, run)
        tally = hand_over(channels, parts.deliveries, run.id, them, lambda *_: made, Turn(now, patience))
    return _end(run, tally) if tally.wait_seconds is None else _go_on(run, tally, tally.wait_seconds)


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


def _go_on(run: Run, tally: Tally, wait_seconds: float) -> Later:
    wait = min(wait_seconds, MAX_COUNTDOWN_SECONDS)
    if tally.busy:
        return Later(wait, "some receivers are busy", {"attempts": run.attempts + 1}, detail=tally.busy)
    return Later(wait, f"{tally.count('sent')} sent, others to come")


def _give_way(parts: Parts, run: Run, revision: int) -> Over:
    """A correction was begun while receivers were busy: whoever has not got this one gets that one instead."""
    why = f"revision {revision} goes instead"
    for each in parts.deliveries.of(run.id):
        if each.state == "planned":
            parts.deliveries.move(run.id, replace(each, state="refused", why=why), expected=("planned",))
    tally = Tally(tuple(parts.deliveries.of(run.id)))
    state = RunState.PARTLY_DELIVERED if tally.count("sent") else RunState.SKIPPED
    # the operator who began the correction knows
    return Over(state, f"{tally.count('sent')} sent; {why}", {"alerted": 1}, detail=tally.troubles)


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
