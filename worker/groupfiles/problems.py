"""Describe a mistake in a group file: where it is, what was found, what is expected, and what was probably meant."""

from __future__ import annotations

import difflib
import json
import os
import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from worker.domain.addresses import visible
from worker.domain.groups import Group, known_zones
from worker.domain.groups.calendar_kinds import Calendar
from worker.domain.wording import first_names
from worker.groupfiles.tomltext import KeyPath
from worker.groupfiles.values import suggested_value

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_VALUE = 80
_MOST_KEYS_NAMED = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake and its place. ``line`` is None if no line is wrong, as for a file that cannot be opened.

    ``key`` is the path inside the file, "" for the file itself. ``meant`` is what the author probably meant, "" if
    nothing is similar. ``groups`` are the keys of the groups that do not run because of it. Without
    ``stops_groups`` every group that is read runs.
    """

    file: str
    line: int | None
    key: str
    found: str
    expected: str
    meant: str = ""
    groups: tuple[str, ...] = ()
    stops_groups: bool = True

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f"{self.key}: " if self.key else ""
        suggestion = f" (did you mean {self.meant}?)" if self.meant else ""
        return f"{place}: {key}found {self.found}, expected {self.expected}{suggestion}{self._stopped_groups()}"

    def _stopped_groups(self) -> str:
        """Name the groups that do not run, unless the key names the group."""
        if not self.groups or self.key.startswith("groups."):
            return ""
        return f". These groups do not run because of it: {first_names(self.groups)}"


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake without its file and line. ``path`` is the key inside the group's table."""

    path: KeyPath
    found: str
    expected: str
    meant: str = ""


def mistakes_of(error: ValidationError) -> Iterator[Mistake]:
    """Translate what pydantic found wrong with a group's table into terms of the group file, at least one mistake.

    A missing key that the table has under a misspelt name is one mistake, the misspelt name.
    """
    mistakes = [(details["type"], _mistake(details)) for details in error.errors(include_url=False)]
    misspelt = {(*mistake.path[:-1], mistake.meant) for kind, mistake in mistakes if kind == "extra_forbidden"}
    return (mistake for kind, mistake in mistakes if kind != "missing" or mistake.path not in misspelt)


def path_text(path: str | os.PathLike[str]) -> str:
    """Return a path as text that can be written anywhere.

    Bytes of a file's name that are not UTF-8 become U+FFFD. Python has them as surrogates, which no encoder accepts.
    """
    return os.fsencode(path).decode("utf-8", "replace")


def dotted(path: KeyPath) -> str:
    """Write a path as TOML does."""
    return ".".join(key if _BARE_KEY.fullmatch(key) else quoted(key) for key in path)


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the name that was probably meant, "" if none is similar."""
    by_lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=_cutoff(word))
    return by_lower[near[0]] if near else ""


def _cutoff(word: str) -> float:
    """Return how similar a name must be: two swapped letters make a third of a word of three different."""
    return 0.7 if len(word) > 3 else 0.6


def nearest_zone(text: str) -> str:
    """Return the IANA zone that was probably meant, also by the name of its city alone, "" if none is similar."""
    city = re.sub(r"\W+", "_", text.strip()).casefold()
    in_city = (zone for zone in sorted(known_zones()) if zone.rpartition("/")[2].casefold() == city)
    return next(in_city, "") or nearest(text, known_zones())


def quoted(value: object) -> str:
    """Return a value much as its author wrote it, shortened if it is long. Characters without a shape are codes."""
    text = visible(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _mistake(details: ErrorDetails) -> Mistake:
    path, field, model = _walk(details["loc"])
    match details["type"]:
        case "extra_forbidden":
            return _unknown_key(path, [name for name in _fields_by_key(model) if name != "key"])
        case "missing":
            is_in_list = isinstance(details["loc"][-1], int)
            return Mistake(path, quoted(details["input"]) if is_in_list else "nothing", _expected(field))
        case "union_tag_invalid" | "union_tag_not_found":
            return _calendar_kind(path, details["input"])
        case "mistake":
            return _validator_mistake(path, details)
        case _:
            value, expected = details["input"], _expected(field)
            suggestion = _near_choice(value, field) or suggested_value(value, expected)
            return Mistake(path, quoted(value), expected, suggestion if suggestion != quoted(value) else "")


def _unknown_key(path: KeyPath, keys: Sequence[str]) -> Mistake:
    """Return the mistake with all keys that the table can have, unless one of many is near enough."""
    near = nearest(path[-1], keys)
    is_long = near and len(keys) > _MOST_KEYS_NAMED
    return Mistake(path, "an unknown key", "a key of docs/groups.md" if is_long else f"one of {', '.join(keys)}", near)


def _validator_mistake(path: KeyPath, details: ErrorDetails) -> Mistake:
    """Return a mistake that a validator of `worker.domain.groups` raised."""
    context = details.get("ctx", {})
    key, value = context.get("key"), context.get("found")
    text = value or (_value_at(details["input"], key) if key else quoted(details["input"]))
    zone = nearest_zone(details["input"]) if path == ("zone",) else ""
    suggestion = f'"{zone}"' if zone else "" if key or value else suggested_value(details["input"], context["expected"])
    return Mistake((*path, key) if key else path, text, context["expected"], suggestion)


def _value_at(table: Any, key: str) -> str:
    """Return what a table has at a key, "nothing" if it is not there."""
    return quoted(table[key]) if isinstance(table, Mapping) and table.get(key) not in (None, {}) else "nothing"


def _calendar_kind(path: KeyPath, table: Any) -> Mistake:
    kinds = list(_calendar_models())
    kind = table.get("kind") if isinstance(table, Mapping) else None
    near = nearest(kind, kinds) if isinstance(kind, str) else ""
    expected = f"one of {', '.join(map(quoted, kinds))}"
    return Mistake((*path, "kind"), "nothing" if kind is None else quoted(kind), expected, quoted(near) if near else "")


def _near_choice(value: object, field: FieldInfo | None) -> str:
    if not isinstance(value, str) or field is None:
        return ""
    choice = nearest(value, _choices(field.annotation))
    return quoted(choice) if choice else ""


def _choices(annotation: Any) -> list[str]:
    """Return the texts that a field's type allows, also inside a tuple, [] if it is not a choice."""
    if get_origin(annotation) is Literal:
        return [choice for choice in get_args(annotation) if isinstance(choice, str)]
    if get_origin(annotation) in (tuple, Annotated, Union, types.UnionType):
        return [choice for part in get_args(annotation) for choice in _choices(part)]
    return []


def _walk(loc: tuple[int | str, ...]) -> tuple[KeyPath, FieldInfo | None, type[BaseModel]]:
    """Find the author's key path (without list indexes), the field and its model for a location of pydantic's.

    Pydantic adds the calendar's kind to the location, after "calendar". A key may have the name of a kind.
    """
    model: type[BaseModel] = Group
    field: FieldInfo | None = None
    annotation: Any = Group
    path: KeyPath = ()
    for depth, part in enumerate(loc):
        if path == ("calendar",) and depth == 1:
            annotation = _calendar_models()[str(part)]
        elif isinstance(part, str):
            model = _model_in(annotation) or model
            field = _field_of(part, annotation, model)
            path, annotation = (*path, part), field.annotation if field else None
    return () if path == ("key",) else path, field, model


def _field_of(key: str, annotation: Any, model: type[BaseModel]) -> FieldInfo | None:
    """Return the field of a key in a table, or of any key in a mapping."""
    if get_origin(annotation) is dict:
        return FieldInfo.from_annotation(get_args(annotation)[1])
    return _fields_by_key(model).get(key)


def _fields_by_key(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields by their key in the group file, which a Python keyword cannot be in the code."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model of a table, also of an optional one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    parts = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else ()
    return next((model for part in parts if (model := _model_in(part))), None)


def _calendar_models() -> dict[str, type[BaseModel]]:
    union = get_args(Calendar)[0]
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(union)}


def _expected(field: FieldInfo | None) -> str:
    if field is None or field.description:
        return (field.description if field else None) or "another value"
    descriptions = (FieldInfo.from_annotation(part).description for part in get_args(field.annotation))
    return next(filter(None, descriptions), "another value")
