"""Write the demo's files: group file and report definitions for the system, the scenario for the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path

import tomli_w

from worker.cli.demo.cast import REFUSED, Part

CLIENT_ID = "demo-client"
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_QUALITIES = ("fair", "bad", "good")

_QUEUE_COLUMNS = (
    "queueName",
    "intervalStart",
    "offered",
    "answered",
    "answeredInServiceLevel",
    "abandoned",
    "handled",
    "averageHandleSeconds",
    "averageAnswerSeconds",
)
_AGENT_COLUMNS = (
    "agentName",
    "interactingSeconds",
    "communicatingSeconds",
    "idleSeconds",
    "scheduledSeconds",
    "exceptionSeconds",
    "exceptionCount",
)


def write_scenario(path: Path, parts: Iterable[Part], client_secret: str) -> None:
    """Write the sandbox's scenario: the groups' queues and agents, and what goes wrong."""
    parts = list(parts)
    document: dict[str, object] = {
        "seed": 7,
        "clients": [{"id": CLIENT_ID, "secret": client_secret}],
        "mailbox": {"refuse": {REFUSED: "550 5.1.1 no such mailbox"}},
        "groups": {part.player.key: _world(part) for part in parts},
        "schedule_groups": [_holidays(part) for part in parts if part.player.calendar],
    }
    path.write_text(tomli_w.dumps(document), encoding="utf-8")


def _world(part: Part) -> dict[str, object]:
    player = part.player
    trouble = [entry | ({"date": part.yesterday} if "date" in entry else {}) for entry in player.trouble]
    return {
        "title": player.title,
        "zone": part.zone,
        "queues": [{"name": name, "quality": _QUALITIES[index % 3]} for index, name in enumerate(player.queues)],
        "agents": 6 + 4 * len(player.queues),
        "occupancy": 0.92,
        "workdays": WEEK,
        "report_id": f"report-{player.key}",
        "trouble": trouble,
    }


def _holidays(part: Part) -> dict[str, object]:
    """Return a schedule group with yesterday as holiday, in local times without offset as the API has them."""
    start = datetime.combine(part.yesterday, time())
    entry = {"name": "Founders Day", "start": start, "end": start + timedelta(days=1)}
    return {"name": f"{part.player.title} hours", "zone": part.zone, "holidays": [entry]}


def write_groups(folder: Path, parts: Iterable[Part], units: Mapping[str, str]) -> Path:
    """Write the group file and the report definitions. ``units`` are management units by group key."""
    folder.mkdir(parents=True, exist_ok=True)
    groups: dict[str, object] = {}
    for part in parts:
        groups[part.player.key] = _group(part, units.get(part.player.key))
        if part.player.source == "reporting":
            (folder / f"{part.player.key}.report.json").write_text(_definitions(part), encoding="utf-8")
    path = folder / "groups.toml"
    path.write_text(tomli_w.dumps({"groups": groups}), encoding="utf-8")
    return path


def _group(part: Part, unit: str | None) -> dict[str, object]:
    player = part.player
    due = part.local_now.replace(second=0, microsecond=0)
    group: dict[str, object] = {
        "title": player.title,
        "zone": part.zone,
        "standup_at": f"{due:%H:%M}",
        "lead_minutes": 0,
        "catch_up_until": "23:59",
        "workdays": WEEK,
        "source": player.source,
        "queues": list(player.queues),
        "deliver": {"email": list(player.addressees)},
    }
    if unit and player.source != "reporting":
        group["management_units"] = [unit]
    if player.source == "exports":
        group["behind"] = ["queues", "half_hours", "agents", "source"]
    if player.source == "reporting":
        group["report"] = f"{player.key}.report.json"
    if player.names:
        group["personal_data"] = "allow"
    if player.calendar:
        group["calendar"] = {"kind": "schedule_group", "name": f"{player.title} hours"}
    return group


def _definitions(part: Part) -> str:
    """Return two report definitions: half-hours by queue, and a row per agent."""
    report_id = f"report-{part.player.key}"
    definitions = [
        _definition(report_id, part, "queues", _QUEUE_COLUMNS),
        _definition(report_id, part, "agents", _AGENT_COLUMNS),
    ]
    return json.dumps(definitions, indent=2, ensure_ascii=False)


def _definition(report_id: str, part: Part, subject: str, columns: tuple[str, ...]) -> dict[str, object]:
    return {
        "reportId": report_id,
        "name": f"{part.player.title} {subject}",
        "dateFrom": "{{window.start}}",
        "dateTo": "{{window.end}}",
        "reportingType": "summary",
        "columns": [{"id": column, "label": column} for column in columns],
        "filters": [{"metric": "queueName", "type": "equals", "value": name} for name in part.player.queues],
    }
