"""docs/configuration.md names every setting with its default, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from worker.settings import Settings
from worker.settings.sources import PREFIX, SECRETS_DIR, SECRETS_MANAGER

DOCUMENT = Path(__file__).parents[3] / "docs" / "configuration.md"
ROW = re.compile(r"^\| `(?P<name>STANDUP_[A-Z_<>]+)` \| (?:`(?P<default>[^`]*)` )?\|", re.MULTILINE)
UNSET = (None, (), {})


def names_of(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    """Every variable's name and its default as one would write it, "" where there is none."""
    for name, info in model.model_fields.items():
        yield from _names(prefix + name.upper(), info)


def _names(variable: str, info: FieldInfo) -> Iterator[tuple[str, str]]:
    kinds = [kind for kind in (info.annotation, *get_args(info.annotation)) if kind is not None]
    section = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
    if get_origin(info.annotation) is dict:
        of_each = "<GROUP>" if SecretStr in kinds else "<NAME>"
        yield from names_of(section, f"{variable}__{of_each}__") if section else [(f"{variable}__{of_each}", "")]
    elif section:
        yield from names_of(section, f"{variable}__")
    else:
        yield variable, _default(info)


def _default(info: FieldInfo) -> str:
    if info.is_required() or info.default in UNSET:
        return ""
    if isinstance(info.default, tuple):
        return ", ".join(info.default)
    return str(info.default).lower() if isinstance(info.default, bool) else str(info.default)


def test_the_document_lists_exactly_the_settings_with_their_defaults() -> None:
    documented = {names["name"]: names["default"] or "" for names in ROW.finditer(DOCUMENT.read_text())}
    assert (documented.pop(SECRETS_DIR), documented.pop(SECRETS_MANAGER)) == ("", "")
    assert documented == dict(names_of(Settings, PREFIX))


def test_every_secret_is_marked_as_one() -> None:
    text = DOCUMENT.read_text()
    for name in ("CLIENT_SECRET", "SMTP__PASSWORD", "WEBHOOK_URL", "API_KEY", "DOCUMENT_PASSWORD", "NOTICES__SECRET"):
        rows = [line for line in text.splitlines() if line.startswith("| `") and name in line.split("|")[1]]
        assert rows
        assert all("**secret**" in row for row in rows), name
