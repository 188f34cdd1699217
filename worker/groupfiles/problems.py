"""What is wrong in a group file: where, what was found, what is expected, and what was probably meant."""

from __future__ import annotations

import difflib
import json
import re
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from worker.domain.groups import Group, known_zones
from worker.domain.groups.calendar_kinds import Calendar
from worker.groupfiles.tomltext import KeyPath

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_FOUND = 80
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. ``line`` is None where no line is to blame (a file that cannot be opened).

    ``key`` is the path inside the file, "" for the file itself. ``meant`` is what the author probably wanted, "" if
    nothing comes near. ``groups`` are the keys of those that do not run because of it.
    """

    file: str
    line: int | None
    key: str
    found: str
    expected: str
    meant: str = ""
    groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f"{self.key}: " if self.key else ""
        meant = f" (did you mean {self.meant}?)" if self.meant else ""
        return f"{place}: {key}found {self.found}, expected {self.expected}{meant}{self._concerned()}"

    def _concerned(self) -> str:
        """The groups that do not run, where the key does not say it."""
        if not self.groups or self.key.startswith("groups."):
            return ""
        more = len(self.groups) - _MOST_NAMED
        return f"; not run: {', '.join(self.groups[:_MOST_NAMED])}" + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem without its place: ``path`` is the key inside the group's table."""

    path: KeyPath
    found: str
    expected: str
    meant: str = ""


def mistakes_of(error: ValidationError) -> Iterator[Mistake]:
    """What pydantic found wrong with a group's table, in the words of its author."""
    found = [_mistake(details) for details in error.errors(include_url=False)]
    misspelt = {(*mistake.path[:-1], mistake.meant) for mistake in found if mistake.path}
    return (mistake for mistake in found if mistake.path not in misspelt)


def dotted(path: KeyPath) -> str:
    """The path as TOML writes it."""
    return ".".join(key if _BARE_KEY.fullmatch(key) else shown(key) for key in path)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, "" if none comes near."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[near[0]] if near else ""


def shown(value: object) -> str:
    """A value as its author wrote it, more or less, and not too long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}…"


def _mistake(details: ErrorDetails) -> Mistake:
    path, field, model = _walk(details["loc"])
    match details["type"]:
        case "extra_forbidden":
            known = [name for name in model.model_fields if name != "key"]
            return Mistake(path, "an unknown key", f"one of {', '.join(known)}", nearest(path[-1], known))
        case "missing":
            return Mistake(path, "nothing", _expected(field))
        case "union_tag_invalid" | "union_tag_not_found":
            return _calendar_kind(path, details["input"])
        case "mistake":
            return _own(path, details)
        case _:
            return Mistake(path, shown(details["input"]), _expected(field), _near_choice(details["input"], field))


def _own(path: KeyPath, details: ErrorDetails) -> Mistake:
    """A mistake that a validator of `groups` raised."""
    context = details.get("ctx", {})
    key = context.get("key")
    found = context.get("found")
    value = "nothing" if key and found is None else found or shown(details["input"])
    meant = nearest(details["input"], known_zones()) if path == ("zone",) else ""
    return Mistake((*path, key) if key else path, value, context["expected"], f'"{meant}"' if meant else "")


def _calendar_kind(path: KeyPath, table: Any) -> Mistake:
    kinds = list(_calendar_models())
    kind = table.get("kind") if isinstance(table, Mapping) else None
    meant = nearest(kind, kinds) if isinstance(kind, str) else ""
    expected = f"one of {', '.join(shown(known) for known in kinds)}"
    return Mistake((*path, "kind"), "nothing" if kind is None else shown(kind), expected, shown(meant) if meant else "")


def _near_choice(value: object, field: FieldInfo | None) -> str:
    if not isinstance(value, str) or field is None:
        return ""
    meant = nearest(value, _choices(field.annotation))
    return shown(meant) if meant else ""


def _choices(annotation: Any) -> list[str]:
    """The texts that a field's type allows, also inside a tuple; [] where it is not a choice."""
    if get_origin(annotation) is Literal:
        return [choice for choice in get_args(annotation) if isinstance(choice, str)]
    if get_origin(annotation) in (tuple, Annotated, Union, types.UnionType):
        return [choice for part in get_args(annotation) for choice in _choices(part)]
    return []


def _walk(loc: tuple[int | str, ...]) -> tuple[KeyPath, FieldInfo | None, type[BaseModel]]:
    """From pydantic's place to the author's key path (without list indexes), the field there, and the model it is in.

    Pydantic names the calendar's kind as a step of its own.
    """
    model: type[BaseModel] = Group
    field: FieldInfo | None = None
    path: KeyPath = ()
    for part in loc:
        if path == ("calendar",) and part in _calendar_models():
            model = _calendar_models()[str(part)]
        elif isinstance(part, str):
            model = _table_of(field) or model
            path, field = (*path, part), model.model_fields.get(part)
    return () if path == ("key",) else path, field, model


def _table_of(field: FieldInfo | None) -> type[BaseModel] | None:
    annotation = field.annotation if field else None
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _calendar_models() -> dict[str, type[BaseModel]]:
    union = get_args(Calendar)[0]
    return {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(union)}


def _expected(field: FieldInfo | None) -> str:
    return (field.description if field else None) or "another value"
