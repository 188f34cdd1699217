"""What the inboxes, the ledger and the alerts say after a morning."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.acceptance.installation import DAY
from tests.chaos.groups import recipients
from tests.chaos.injecting import Injection
from tests.chaos.outages import AlertReading
from tests.chaos.resuming import Resumption
from tests.chaos.stage import Stage
from tests.chaos.waits import Wait, waits
from worker.domain.runs import Event, RunId, RunState

Address = tuple[str, str]

_GROUP_KEY = re.compile(r"\bgroup-\d+\b")

ARRIVED_AT = "arrived_at"
"""When an alert arrived, in seconds since 1970."""

ALERT_EVENTS = ("operations", "late:")
"""How events about alerts begin. They follow the end of a run, or belong to no step."""


@dataclass(frozen=True, slots=True)
class DeliveryReading:
    """One delivery that had to happen: how often it arrived, and its state in the ledger ("" without a record)."""

    channel: str
    recipient: str
    arrived: int
    state: str


@dataclass(frozen=True, slots=True, order=True)
class Silence:
    """The seconds between two events of a run, and what they are."""

    seconds: float = 0.0
    place: str = ""


@dataclass(frozen=True, slots=True)
class RunReading:
    """One run. ``state`` is "" if the ledger has none. ``silence`` is the longest time without an event."""

    run_id: str
    state: str
    code: str
    is_alerted: bool
    deliveries: tuple[DeliveryReading, ...]
    silence: Silence = Silence()

    @property
    def is_open(self) -> bool:
        """Tell whether it has not ended, or does not exist."""
        return self.state in ("", RunState.OPEN)


@dataclass(frozen=True, slots=True)
class MorningReading:
    """Everything that a morning has left. ``load`` is that of the machine, the mean of a minute, again and again."""

    number: int
    runs: tuple[RunReading, ...]
    injections: tuple[Injection, ...]
    alerts: tuple[AlertReading, ...]
    waits: tuple[Wait, ...] = ()
    load: tuple[float, ...] = ()


def read(
    stage: Stage, injections: list[Injection], resumptions: list[Resumption], load: Sequence[float]
) -> MorningReading:
    """Read all that is left of the morning on the stage."""
    arrived, alerts = _arrived(stage.folder), list(sent_alerts(stage.folder))
    alerted_ids = alerted_run_ids(alerts)
    runs = tuple(_run(stage, key, arrived, alerted_ids) for key in stage.morning.group_keys)
    alert_readings = tuple(AlertReading(str(alert["heading"]), alert[ARRIVED_AT]) for alert in alerts)
    step_waits = tuple(waits(resumptions, injections, lambda run_id: _timeline(stage, RunId.parse(run_id))))
    return MorningReading(stage.morning.number, runs, tuple(injections), alert_readings, step_waits, tuple(load))


def alerted_run_ids(alerts: Collection[dict[str, Any]]) -> set[str]:
    """Return the runs of which the alerts tell: their own, and those that a later alert of the same cause names."""
    run_ids = {str(alert["run_id"]) for alert in alerts}
    collected = (alert for alert in alerts if str(alert["heading"]).startswith("The same cause"))
    keys = (key for alert in collected for key in _GROUP_KEY.findall(str(alert["sentence"])))
    return run_ids | {str(RunId(key, DAY)) for key in keys}


def sent_alerts(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the alerts that arrived, and those in the file of alerts that could not be sent."""
    for path in sorted((folder / "alerts" / "webhooks").glob("*.json")):
        yield json.loads(path.read_text("utf-8"))["body"] | {ARRIVED_AT: path.stat().st_mtime}
    file = folder / "alerts.jsonl"
    if file.exists():
        for alert in map(json.loads, file.read_text("utf-8").splitlines()):
            yield alert | {ARRIVED_AT: datetime.fromisoformat(alert["at"]).timestamp()}


def _arrived(folder: Path) -> Counter[Address]:
    """Return how often each delivery arrived."""
    mails = [("email", path.stem.partition("-")[2]) for path in (folder / "mail" / "mail").glob("*.eml")]
    posts = (json.loads(path.read_text("utf-8"))["path"] for path in (folder / "inbox" / "webhooks").glob("*.json"))
    chats = [(path.split("/")[1], path.rpartition("/")[2]) for path in posts]
    shelves = [("bucket", shelf.name) for shelf in (folder / "shelves").glob("*") if _has_files(shelf)]
    return Counter([*mails, *chats, *shelves])


def _has_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _run(stage: Stage, key: str, arrived: Counter[Address], alerted_ids: set[str]) -> RunReading:
    installation, run_id = stage.installation, RunId(key, DAY)
    run = installation.runs.get(run_id)
    states = {record.address: record.state for record in installation.deliveries.records(run_id)}
    deliveries = tuple(
        DeliveryReading(*address, arrived[address], states.get(address, "")) for address in recipients(key)
    )
    events = [event for event in _timeline(stage, run_id) if not event.text.startswith(ALERT_EVENTS)]
    silence = _longest_silence(run_id, events)
    state, code = (run.state.value, run.code) if run else ("", "")
    return RunReading(str(run_id), state, code, str(run_id) in alerted_ids, deliveries, silence)


def _timeline(stage: Stage, run_id: RunId) -> list[Event]:
    return stage.installation.runs.timeline(run_id)


def _longest_silence(run_id: RunId, events: list[Event]) -> Silence:
    silences = (Silence(_seconds(*pair), f"{run_id}: {pair[0].text} … {pair[1].text}") for pair in pairwise(events))
    return max(silences, default=Silence())


def _seconds(previous: Event, event: Event) -> float:
    return round((event.time - previous.time).total_seconds(), 1)
