"""How a run is stored: a hash with one text for each field."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, cast

from worker.domain.runs import Finished, NextStep, Run, RunId, RunState, Step, StepOutcome


def key(run_id: RunId | str) -> str:
    """Return the key of a run's hash."""
    return f"standup:run:{run_id}"


def timeline_key(run_id: RunId | str) -> str:
    """Return the key of a run's list of events."""
    return f"standup:timeline:{run_id}"


@dataclass(frozen=True, slots=True)
class Ending:
    """Whether a run exists, how it ended, and whether operations know."""

    run_id: RunId
    state: str | None
    alerted: str | None

    @property
    def is_reported(self) -> bool:
        """Tell whether the run exists and is not a missed one that operations must still hear of."""
        return self.state is not None and (self.state != RunState.MISSED or self.alerted == "1")


def new(run_id: RunId, asked_by: str, fields: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return the fields of a new run. Its ``claim`` tells a repeated call of the client from another claim."""
    defaults: dict[str, str | int] = {
        "claim": uuid.uuid4().hex,
        "state": RunState.OPEN,
        "step": Step.HOLIDAY_CHECK,
        "asked_by": asked_by,
        "briefed_day": run_id.reporting_day.isoformat(),
    }
    return defaults | dict(fields)


def changes(outcome: StepOutcome) -> dict[str, str | int]:
    """Return the fields that a step's outcome writes."""
    if isinstance(outcome, NextStep):
        return {"step": outcome.step, "attempts": 0, "polls": 0, **outcome.changes}
    if isinstance(outcome, Finished):
        return {**outcome.changes, "state": outcome.state}
    return dict(outcome.changes)


def flat(fields: Mapping[str, str | int]) -> Iterable[str]:
    """Yield each field and its text, as Redis takes them."""
    for name, value in fields.items():
        yield from (name, str(value))


def _instant(millis: str) -> datetime | None:
    return datetime.fromtimestamp(int(millis) / 1000, UTC) if millis else None


def run_of(run_id: RunId, values: dict[str, str]) -> Run:
    """Return the run that a hash holds."""
    get = values.get
    briefed_day, standup_at, last_day = get("briefed_day"), get("standup_at"), get("last_business_day")
    texts: dict[str, Any] = {
        name: get(name, "") for name in ("holiday_name", "assumed_open", "job", "source", "code", "sentence")
    }
    numbers: dict[str, Any] = {name: int(get(name, "0")) for name in ("polls", "attempts", "requests", "shared")}
    return Run(
        id=run_id,
        state=RunState(values["state"]),
        step=Step(values["step"]),
        asked_by=get("asked_by", ""),
        created_at=_instant(values["created_ms"]) or datetime.fromtimestamp(0, UTC),
        briefed_day=date.fromisoformat(briefed_day) if briefed_day else run_id.reporting_day,
        outcome=cast(Literal["briefing", "notice"], get("outcome", "briefing")),
        standup_at=datetime.fromisoformat(standup_at) if standup_at else None,
        finished_at=_instant(get("finished_ms", "")),
        last_business_day=date.fromisoformat(last_day) if last_day else None,
        job_started_at=datetime.fromisoformat(values["job_started_at"]) if get("job_started_at") else None,
        alerted=get("alerted") == "1",
        send_unchanged=get("send_unchanged") == "1",
        **texts,
        **numbers,
    )
