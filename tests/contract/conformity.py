"""Compare JSON with the stored schema, and with what the SDK makes of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.contract.sdk import Client

STORED = Path(__file__).with_name("genesys_schema.json")
SCHEMA: dict[str, Any] = json.loads(STORED.read_text(encoding="utf-8"))
_PLAIN: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "datetime": str,
    "date": str,
    "int": int,
    "bool": bool,
    "float": (int, float),
}
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})?")


def faults(value: Any, kind: str, place: str = "") -> list[str]:
    """Return what the model does not allow in the value: unknown and missing fields, types, values of enums."""
    if match := re.fullmatch(r"list\[(.*)\]", kind):
        return [fault for n, item in enumerate(value) for fault in faults(item, match[1], f"{place}[{n}]")]
    if match := re.fullmatch(r"dict\(str, (.*)\)", kind):
        return [fault for key, item in value.items() for fault in faults(item, match[1], f"{place}.{key}")]
    if kind in _PLAIN:
        return [] if isinstance(value, _PLAIN[kind]) else [f"{place}: {value!r} is not {kind}"]
    fields = SCHEMA["models"].get(kind)
    return [] if fields is None else _model_faults(value, kind, fields, place)


def _model_faults(value: dict[str, Any], kind: str, fields: dict[str, Any], place: str) -> list[str]:
    wrong = [f"{place}: {kind} needs {name}" for name in fields if fields[name].get("required") and name not in value]
    for name, item in value.items():
        if name not in fields:
            wrong.append(f"{place}: {kind} has no {name}")
        elif item not in fields[name].get("enum", [item]):
            wrong.append(f"{place}.{name}: {item!r} is not in its enum")
        else:
            wrong += faults(item, fields[name]["type"], f"{place}.{name}")
    return wrong


def endpoint_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the endpoint with this path. A path without placeholders goes first. None if there is no such endpoint."""
    endpoints = sorted(SCHEMA["endpoints"].values(), key=lambda endpoint: endpoint["path"].count("{"))
    for endpoint in endpoints:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(endpoint["path"]))
        if endpoint["method"] == method and re.fullmatch(pattern, path):
            return endpoint
    return None


def through_the_sdk(client: Client, value: Any, kind: str) -> Any:
    """Return the value after the SDK has read it into its model and written it again."""
    return client.sanitize_for_serialization(client.deserialize(_Body(json.dumps(value)), kind))


class _Body:
    """An answer in the form that the SDK reads."""

    def __init__(self, data: str) -> None:
        self.data = data

    def getheader(self, _name: str) -> str:
        """Return the only header that the SDK looks at."""
        return "application/json"


def comparable(value: Any) -> Any:
    """Return the value with datetimes for instants and without nulls, because JSON can write both in several ways."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo else instant
    return value
