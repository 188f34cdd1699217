"""Holds an answer against a model of the Platform API (Python SDK 269: required flags, types, enums)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

MODELS: dict[str, dict[str, dict[str, Any]]] = json.loads(Path(__file__).with_name("platform_models.json").read_text())
_PLAIN: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "datetime": str,
    "LocalDateTime": str,
    "int": int,
    "bool": bool,
    "float": (int, float),
}


def faults(value: Any, kind: str, place: str = "") -> list[str]:
    """What in the value the model does not allow; a model that is not listed allows everything."""
    if kind.startswith("list["):
        return [each for n, one in enumerate(value) for each in faults(one, kind[5:-1], f"{place}[{n}]")]
    if found := re.fullmatch(r"dict\(str, (.*)\)", kind):
        return [each for key, one in value.items() for each in faults(one, found[1], f"{place}.{key}")]
    if kind in _PLAIN:
        return [] if isinstance(value, _PLAIN[kind]) else [f"{place}: {value!r} is no {kind}"]
    return _model_faults(value, kind, place) if kind in MODELS else []


def _model_faults(value: dict[str, Any], kind: str, place: str) -> list[str]:
    model = MODELS[kind]
    missing = [name for name, field in model.items() if field.get("required") and name not in value]
    wrong = [f"{place}: {kind} needs {name}" for name in missing]
    for name, one in value.items():
        if name not in model:
            wrong.append(f"{place}: {kind} has no {name}")
        elif "enum" in model[name] and one not in model[name]["enum"]:
            wrong.append(f"{place}.{name}: {one!r} is not in its enum")
        else:
            wrong += faults(one, model[name]["type"], f"{place}.{name}")
    return wrong
