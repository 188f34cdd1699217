"""Groups from TOML: one file, or a folder of them. docs/groups.md is the reference for authors.

A group's table is laid over the ``[defaults]`` of its file, and those over the ``[defaults]`` of the folder's
``defaults.toml``; tables are merged key by key, anything else is replaced. A mistake costs the groups that it concerns,
never the others; what a mistake in ``[defaults]`` concerns is every group that inherits it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.domain.calendar import holidays as calendars
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import CountryCalendar, IcalCalendar
from worker.errors import SettingsError
from worker.groupfiles.problems import Mistake, Problem, dotted, mistakes_of, shown
from worker.groupfiles.source import Source, read_source
from worker.groupfiles.tomltext import KeyPath

DEFAULTS_FILE = "defaults.toml"


@dataclass(frozen=True, slots=True)
class GroupFile:
    """The groups that can run, in the order of their files, and everything that is wrong with the others."""

    groups: tuple[Group, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One of the tables that a group is made of, and where it stands."""

    source: Source
    path: KeyPath
    table: Mapping[str, Any]

    def depth(self, path: KeyPath) -> int:
        """How many keys of the path this layer has."""
        here: Any = self.table
        for depth, key in enumerate(path):
            if not isinstance(here, Mapping) or key not in here:
                return depth
            here = here[key]
        return len(path)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A group as written: its own table first, then the defaults that it inherits, nearest first."""

    key: str
    layers: tuple[_Layer, ...]

    @property
    def own(self) -> _Layer:
        return self.layers[0]

    @property
    def place(self) -> str:
        return f"{self.own.source.file}:{self.own.source.toml.line_of(self.own.path)}"

    def merged(self) -> dict[str, Any]:
        return reduce(_laid_over, (layer.table for layer in reversed(self.layers)), {})

    def problem(self, mistake: Mistake) -> Problem:
        """Blame the table that has the wrong key; for a missing one the table that has most of the way to it."""
        layer = max(self.layers, key=lambda layer: layer.depth(mistake.path))
        path = layer.path + mistake.path
        return Problem(
            file=str(layer.source.file),
            line=layer.source.toml.line_of(path),
            key=dotted(path),
            found=mistake.found,
            expected=mistake.expected,
            meant=mistake.meant,
            groups=(self.key,),
        )


def read(path: Path) -> GroupFile:
    """Read a group file or a folder of ``*.toml``. Never raises for what an author can get wrong: see ``problems``."""
    sources = [read_source(file) for file in _files(path)]
    built = [_build(namesakes) for namesakes in _by_key(path, sources)]
    problems = [problem for source in sources for problem in source.problems]
    problems += [problem for _, found in built for problem in found]
    if not built and not problems:
        problems.append(Problem(str(path), None, "", "no group", "at least one [groups.<key>] in a .toml file"))
    return GroupFile(tuple(group for group, _ in built if group), tuple(_joined(problems)))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.glob("*.toml") if not file.name.startswith("."))
    return [path]


def _by_key(path: Path, sources: Iterable[Source]) -> Iterable[list[_Candidate]]:
    """All groups as written, those of one name together."""
    by_key: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in _candidates(path, sources):
        by_key[candidate.key].append(candidate)
    return by_key.values()


def _candidates(path: Path, sources: Iterable[Source]) -> Iterator[_Candidate]:
    by_name = {source.file.name: source for source in sources}
    shared = by_name.get(DEFAULTS_FILE) if path.is_dir() else None
    for source in by_name.values():
        above = [source] if shared in (None, source) else [source, shared]
        defaults = [_Layer(each, ("defaults",), each.table("defaults")) for each in above if each]
        for key, table in source.table("groups").items():
            if isinstance(table, dict):
                yield _Candidate(key, (_Layer(source, ("groups", key), table), *defaults))


def _build(namesakes: list[_Candidate]) -> tuple[Group | None, list[Problem]]:
    """The group, or what keeps it from running."""
    if len(namesakes) > 1:
        return None, _not_alone(namesakes)
    candidate = namesakes[0]
    in_doubt = [problem for layer in candidate.layers[1:] for problem in layer.source.defaults_problems]
    if in_doubt:
        return None, [replace(problem, groups=(candidate.key,)) for problem in in_doubt]
    table = candidate.merged()
    if "key" in table:
        mistake = Mistake(("key",), "an unknown key", "the group's name in the header alone")
        return None, [candidate.problem(mistake)]
    try:
        written = Group.model_validate({**_as_tuples(table), "key": candidate.key}, strict=True)
    except ValidationError as error:
        return None, [candidate.problem(mistake) for mistake in mistakes_of(error)]
    group = _resolved(written, candidate.own.source.file)
    problems = [candidate.problem(mistake) for mistake in _outside_mistakes(group, table)]
    return (None if problems else group), problems


def _not_alone(namesakes: list[_Candidate]) -> list[Problem]:
    expected = "each name once: which one is meant is not known"
    others = namesakes[1:] + namesakes[:1]
    return [
        candidate.problem(Mistake((), f"another group of this name at {other.place}", expected))
        for candidate, other in zip(namesakes, others, strict=True)
    ]


def _laid_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables key by key; a calendar of another kind replaces the one below as a whole."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = _laid_over(below or {}, value) if _same_kind(below, value) else value
    return merged


def _same_kind(below: object, value: object) -> bool:
    if not isinstance(below, Mapping) or not isinstance(value, Mapping):
        return False
    return bool(value.get("kind", below.get("kind")) == below.get("kind"))


def _as_tuples(value: Any) -> Any:
    """Lists as the tuples that strict validation asks for."""
    if isinstance(value, Mapping):
        return {key: _as_tuples(part) for key, part in value.items()}
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def _resolved(group: Group, file: Path) -> Group:
    """Paths made absolute from the group file's folder; links are left as they are, they may be swapped under us."""
    changes: dict[str, Any] = {}
    if group.report:
        changes["report"] = os.path.abspath(file.parent / group.report)
    if isinstance(group.calendar, IcalCalendar):
        path = os.path.abspath(file.parent / group.calendar.path)
        changes["calendar"] = group.calendar.model_copy(update={"path": path})
    return group.model_copy(update=changes)


def _outside_mistakes(group: Group, table: Mapping[str, Any]) -> Iterator[Mistake]:
    """What the table names and does not exist: files, countries, subdivisions."""
    if group.report and not os.path.isfile(group.report):
        yield Mistake(("report",), shown(table["report"]), f"a file; there is no {group.report}")
    calendar = group.calendar
    if isinstance(calendar, IcalCalendar) and not os.path.isfile(calendar.path):
        yield Mistake(("calendar", "path"), shown(table["calendar"]["path"]), f"a file; there is no {calendar.path}")
    if isinstance(calendar, CountryCalendar):
        yield from _country_mistakes(calendar)


def _country_mistakes(calendar: CountryCalendar) -> Iterator[Mistake]:
    for key, subdivision in (("country", None), ("subdivision", calendar.subdivision)):
        try:
            calendars.check_country(calendar.country, subdivision)
        except SettingsError as error:
            expected = error.way_out.removeprefix("Expected ").rstrip(".")
            yield Mistake(("calendar", key), shown(getattr(calendar, key)), expected)
            return


def _joined(problems: Iterable[Problem]) -> list[Problem]:
    """In the order of files and lines, one problem for each mistake, with all groups that it concerns."""
    groups: dict[Problem, tuple[str, ...]] = {}
    for problem in problems:
        alone = replace(problem, groups=())
        groups[alone] = groups.get(alone, ()) + problem.groups
    joined = (replace(problem, groups=tuple(dict.fromkeys(keys))) for problem, keys in groups.items())
    return sorted(joined, key=lambda problem: (problem.file, problem.line or 0))
