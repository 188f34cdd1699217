"""Compares an answer with a model of the Platform API (Python SDK 269: required flags, types, enums)."""

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
    """Return what in the value the model does not allow. A model that is not stored allows everything."""
    if kind.startswith("list["):
        return [fault for n, item in enumerate(value) for fault in faults(item, kind[5:-1], f"{place}[{n}]")]
    if match := re.fullmatch(r"dict\(str, (.*)\)", kind):
        return [fault for key, item in value.items() for fault in faults(item, match[1], f"{place}.{key}")]
    if kind in _PLAIN:
        return [] if isinstance(value, _PLAIN[kind]) else [f"{place}: {value!r} is not {kind}"]
    return _model_faults(value, kind, place) if kind in MODELS else []


def _model_faults(value: dict[str, Any], kind: str, place: str) -> list[str]:
    model = MODELS[kind]
    absent = [name for name, field in model.items() if field.get("required") and name not in value]
    wrong = [f"{place}: {kind} needs {name}" for name in absent]
    for name, item in value.items():
        if name not in model:
            wrong.append(f"{place}: {kind} has no {name}")
        elif "enum" in model[name] and item not in model[name]["enum"]:
            wrong.append(f"{place}.{name}: {item!r} is not in its enum")
        else:
            wrong += faults(item, model[name]["type"], f"{place}.{name}")
    return wrong
