"""Encode a plan of a day as JSON, for the steps of a run. The same plan gives the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from worker.domain.today.plan import MediumPlan, Movable, NotKnown, Person, PlannedActivity, PlannedInterval, TodayPlan
from worker.errors import MalformedAnswer

VERSION = 1

_REASONS = ("not_known", "people_not_known", "forecast_not_known", "prediction_not_known")


def encode_plan(plan: TodayPlan) -> bytes:
    """Encode a plan. Raise ValueError for a figure that is not a finite number."""
    document = {"kind": "today", "version": VERSION, "value": asdict(plan)}
    return json.dumps(document, default=_text, allow_nan=False, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode_plan(data: bytes, zone: ZoneInfo) -> TodayPlan:
    """Decode a plan of a group in ``zone``. Raise `MalformedAnswer` if it is damaged or of another version."""
    try:
        document = json.loads(data)
        if (document["kind"], document["version"]) == ("today", VERSION):
            return _plan(document["value"], zone)
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"A stored plan of a day is damaged ({len(data)} bytes: {error!r}).") from error
    raise MalformedAnswer(f"A stored plan of a day is of version {document['version']}, expected {VERSION}.")


def _text(value: date) -> str:
    return value.isoformat()


def _plan(value: dict[str, Any], zone: ZoneInfo) -> TodayPlan:
    reasons = {name: NotKnown(value[name]) if value.get(name) else None for name in _REASONS}
    return TodayPlan(
        day=date.fromisoformat(value["day"]),
        media=tuple(_medium(medium, zone) for medium in value["media"]),
        all_media=_intervals(value["all_media"], zone),
        absent=_people(value["absent"], zone),
        start_later=_people(value["start_later"], zone),
        foreign_queues=tuple(value["foreign_queues"]),
        uncovered_queues=tuple(value["uncovered_queues"]),
        causes=tuple(value.get("causes", ())),
        **reasons,
    )


def _medium(value: dict[str, Any], zone: ZoneInfo) -> MediumPlan:
    """Decode a medium. One that an older version stored has no activities."""
    activities = tuple(
        PlannedActivity(
            Movable(activity["kind"]),
            _instant(activity["start"], zone),
            _instant(activity["end"], zone),
            int(activity["agents"]),
        )
        for activity in value.get("activities", ())
    )
    return MediumPlan(value["medium"], _intervals(value["intervals"], zone), activities)


def _intervals(values: list[dict[str, Any]], zone: ZoneInfo) -> tuple[PlannedInterval, ...]:
    return tuple(PlannedInterval(**{**value, "start": _instant(value["start"], zone)}) for value in values)


def _people(values: list[dict[str, Any]], zone: ZoneInfo) -> tuple[Person, ...]:
    return tuple(
        Person(value["agent_id"], value["name"], _instant(value["start"], zone) if value["start"] else None)
        for value in values
    )


def _instant(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)
