"""Holds JSON against the stored schema, and against what the SDK makes of it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from PureCloudPlatformClientV2 import ApiClient

from tests.contract.make_schema import STORED

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
    """What the model does not allow in the value: unknown and missing fields, types, values of enums."""
    if found := re.fullmatch(r"list\[(.*)\]", kind):
        return [each for n, one in enumerate(value) for each in faults(one, found[1], f"{place}[{n}]")]
    if found := re.fullmatch(r"dict\(str, (.*)\)", kind):
        return [each for key, one in value.items() for each in faults(one, found[1], f"{place}.{key}")]
    if kind in _PLAIN:
        return [] if isinstance(value, _PLAIN[kind]) else [f"{place}: {value!r} is no {kind}"]
    fields = SCHEMA["models"].get(kind)
    return [] if fields is None else _model_faults(value, kind, fields, place)


def _model_faults(value: dict[str, Any], kind: str, fields: dict[str, Any], place: str) -> list[str]:
    wrong = [f"{place}: {kind} needs {name}" for name in fields if fields[name].get("required") and name not in value]
    for name, one in value.items():
        if name not in fields:
            wrong.append(f"{place}: {kind} has no {name}")
        elif one not in fields[name].get("enum", [one]):
            wrong.append(f"{place}.{name}: {one!r} is not in its enum")
        else:
            wrong += faults(one, fields[name]["type"], f"{place}.{name}")
    return wrong


def endpoint_of(method: str, path: str) -> dict[str, Any] | None:
    """The endpoint whose path, with something in its placeholders, this is; one without placeholders first."""
    known = sorted(SCHEMA["endpoints"].values(), key=lambda one: one["path"].count("{"))
    for endpoint in known:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(endpoint["path"]))
        if endpoint["method"] == method and re.fullmatch(pattern, path):
            return endpoint
    return None


def through_the_sdk(client: ApiClient, value: Any, kind: str) -> Any:
    """The value as it is after the SDK has read it into its model and written it again."""
    return client.sanitize_for_serialization(client.deserialize(_Body(json.dumps(value)), kind))


class _Body:
    """An answer as the SDK wants it."""

    def __init__(self, data: str) -> None:
        self.data = data

    def getheader(self, _name: str) -> str:
        """The one header that it asks for."""
        return "application/json"


def comparable(value: Any) -> Any:
    """The value with instants as instants, and without what is null: both are written in several ways."""
    if isinstance(value, dict):
        return {key: comparable(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [comparable(one) for one in value]
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo else instant
    return value
