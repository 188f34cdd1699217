"""Read groups from a TOML file or a folder of them. docs/groups.md is the reference for authors.

A group's table overrides the ``[defaults]`` of its file, and those override the ``[defaults]`` of the folder's
``defaults.toml``. Tables are merged key by key, anything else is replaced. A mistake stops only the groups that it
concerns. A mistake in ``[defaults]`` concerns every group that inherits it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from worker.domain.calendar.holidays import check_categories, check_country
from worker.domain.groups import Group
from worker.domain.groups.calendar_kinds import CountryCalendar, IcalCalendar
from worker.domain.groups.targets import ORGANISATION
from worker.errors import SettingsError
from worker.groupfiles.folder import DEFAULTS_FILE, files_of, problems_of
from worker.groupfiles.problems import Mistake, Problem, dotted, mistakes_of, path_text, quoted
from worker.groupfiles.source import Source, read_source
from worker.groupfiles.tomltext import KeyPath


@dataclass(frozen=True, slots=True)
class GroupFile:
    """The groups that can run, in the order of their files, and the problems of the others."""

    groups: tuple[Group, ...]
    problems: tuple[Problem, ...]

    @property
    def stops_groups(self) -> bool:
        """Return whether a group does not run because of a problem."""
        return any(problem.stops_groups for problem in self.problems)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One of the tables that a group is made of, and its place."""

    source: Source
    path: KeyPath
    table: Mapping[str, Any]

    def depth(self, path: KeyPath) -> int:
        """Return how many keys of the path this layer has."""
        value: Any = self.table
        for depth, key in enumerate(path):
            if not isinstance(value, Mapping) or key not in value:
                return depth
            value = value[key]
        return len(path)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A group as written: its own table first, then the defaults that it inherits, nearest first."""

    key: str
    layers: tuple[_Layer, ...]

    @property
    def group_table(self) -> _Layer:
        return self.layers[0]

    @property
    def place(self) -> str:
        return (
            f"{path_text(self.group_table.source.file)}:{self.group_table.source.toml.line_of(self.group_table.path)}"
        )

    def merged(self) -> dict[str, Any]:
        return reduce(_merge, (layer.table for layer in reversed(self.layers)), {})

    def place_of(self, path: KeyPath, value: str) -> str:
        """Return file and line of a value, or of the table if neither it nor its defaults have the key."""
        layer = self._layer_with(path)
        return f"{path_text(layer.source.file)}:{layer.source.toml.line_of_value(layer.path + path, value)}"

    def problem(self, mistake: Mistake) -> Problem:
        layer = self._layer_with(mistake.path)
        path = layer.path + mistake.path
        return Problem(
            file=path_text(layer.source.file),
            line=layer.source.toml.line_of(path),
            key=dotted(path),
            found=mistake.found,
            expected=mistake.expected,
            meant=mistake.meant,
            groups=(self.key,),
        )

    def _layer_with(self, path: KeyPath) -> _Layer:
        """Return the table that has the key, or most of the path to a missing one."""
        return max(self.layers, key=lambda layer: layer.depth(path))


class Places:
    """Where the values of groups are, for checks of what a valid value names. Reads the files when first asked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def place_of(self, group: str, key: str, value: str = "") -> str:
        """Return ``file:line`` of a value, such as one address of ``deliver.email``, "" if the group is gone."""
        candidate = self._candidates.get(group)
        return candidate.place_of(tuple(key.split(".")), value) if candidate else ""

    @cached_property
    def _candidates(self) -> Mapping[str, _Candidate]:
        sources = [read_source(file) for file in files_of(self._path)]
        return {candidate.key: candidate for candidate in _candidates(self._path, sources)}


def read(path: Path) -> GroupFile:
    """Read a group file or a folder of ``*.toml``. Mistakes of the author are in ``problems`` and never raise."""
    sources = [read_source(file) for file in files_of(path)]
    built = [_build(namesakes) for namesakes in _by_key(path, sources)]
    problems = [problem for source in sources for problem in source.problems]
    problems += [problem for _, group_problems in built for problem in group_problems]
    problems += problems_of(path, sources)
    if not built and not problems:
        problems.append(Problem(path_text(path), None, "", "no group", "at least one [groups.<key>] in a .toml file"))
    return GroupFile(tuple(group for group, _ in built if group), tuple(_without_repetitions(problems)))


def _by_key(path: Path, sources: Iterable[Source]) -> Iterable[list[_Candidate]]:
    """Return all groups as written, with those of the same name together."""
    by_key: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in _candidates(path, sources):
        by_key[candidate.key].append(candidate)
    return by_key.values()


def _candidates(path: Path, sources: Iterable[Source]) -> Iterator[_Candidate]:
    by_name = {source.file.name: source for source in sources}
    shared = by_name.get(DEFAULTS_FILE) if path.is_dir() else None
    for source in by_name.values():
        sources_of_defaults = [source] if shared in (None, source) else [source, shared]
        defaults = [_layer(file, ("defaults",), file.table("defaults")) for file in sources_of_defaults if file]
        for key, table in source.table("groups").items():
            if isinstance(table, dict):
                yield _Candidate(key, (_layer(source, ("groups", key), table), *defaults))


def _layer(source: Source, path: KeyPath, table: Mapping[str, Any]) -> _Layer:
    """Return the layer with ``targets = "organisation"`` written out as a table, which can be merged."""
    if table.get("targets") == ORGANISATION:
        table = {**table, "targets": {"service_level": ORGANISATION}}
    return _Layer(source, path, table)


def _build(namesakes: list[_Candidate]) -> tuple[Group | None, list[Problem]]:
    """Return the group, or the problems that stop it."""
    if len(namesakes) > 1:
        return None, _same_name_problems(namesakes)
    candidate = namesakes[0]
    defaults_problems = [problem for layer in candidate.layers[1:] for problem in layer.source.defaults_problems]
    if defaults_problems:
        return None, [replace(problem, groups=(candidate.key,)) for problem in defaults_problems]
    table = candidate.merged()
    if "key" in table:
        mistake = Mistake(("key",), "an unknown key", "no key, because the header [groups.<key>] names the group")
        return None, [candidate.problem(mistake)]
    try:
        group = Group.model_validate({**_as_tuples(table), "key": candidate.key}, strict=True)
    except ValidationError as error:
        return None, [candidate.problem(mistake) for mistake in mistakes_of(error)]
    group = _with_absolute_paths(group, candidate.group_table.source.file)
    mistakes = [*_report_mistakes(group, candidate.group_table.table), *_missing_things(group, table)]
    problems = [candidate.problem(mistake) for mistake in mistakes]
    return (None if problems else group), problems


def _same_name_problems(namesakes: list[_Candidate]) -> list[Problem]:
    expected = "each name once, because it is not clear which group is meant"
    next_namesakes = namesakes[1:] + namesakes[:1]
    return [
        candidate.problem(Mistake((), f"another group with this name at {namesake.place}", expected))
        for candidate, namesake in zip(namesakes, next_namesakes, strict=True)
    ]


def _merge(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables key by key. A calendar of another kind replaces the inherited one as a whole.

    The service level of the organisation also replaces the inherited ``seconds``, which only a fraction can have.
    """
    merged = dict(lower)
    if upper.get("service_level") == ORGANISATION:
        merged.pop("seconds", None)
    for key, value in upper.items():
        inherited = merged.get(key)
        merged[key] = _merge(inherited or {}, value) if _is_same_kind(inherited, value) else value
    return merged


def _is_same_kind(inherited: object, value: object) -> bool:
    if not isinstance(inherited, Mapping) or not isinstance(value, Mapping):
        return False
    return bool(value.get("kind", inherited.get("kind")) == inherited.get("kind"))


def _as_tuples(value: Any) -> Any:
    """Turn lists into tuples, which strict validation expects."""
    if isinstance(value, Mapping):
        return {key: _as_tuples(part) for key, part in value.items()}
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def _with_absolute_paths(group: Group, file: Path) -> Group:
    """Make paths absolute, relative to the group file. Symbolic links stay, because a deployment may swap them."""
    changes: dict[str, Any] = {}
    if group.report:
        changes["report"] = os.path.abspath(file.parent / group.report)
    if isinstance(group.calendar, IcalCalendar):
        path = os.path.abspath(file.parent / group.calendar.path)
        changes["calendar"] = group.calendar.model_copy(update={"path": path})
    return group.model_copy(update=changes)


def _report_mistakes(group: Group, group_table: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield the mistake of a report definition that is not used. A group cannot remove one that it inherits."""
    if group.source != "reporting" and "report" in group_table:
        yield Mistake(("report",), quoted(group_table["report"]), 'no report definition, unless source is "reporting"')


def _existing_file(path: str) -> str:
    place = path_text(path)
    return f"an existing file. {place} is a folder" if os.path.isdir(path) else f"an existing file. There is no {place}"


def _missing_things(group: Group, table: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what the table names and does not exist: files, countries, subdivisions."""
    if group.report and not os.path.isfile(group.report):
        yield Mistake(("report",), quoted(table["report"]), _existing_file(group.report))
    calendar = group.calendar
    if isinstance(calendar, IcalCalendar) and not os.path.isfile(calendar.path):
        yield Mistake(("calendar", "path"), quoted(table["calendar"]["path"]), _existing_file(calendar.path))
    if isinstance(calendar, CountryCalendar):
        yield from _country_mistakes(calendar)


def _country_mistakes(calendar: CountryCalendar) -> Iterator[Mistake]:
    for key, subdivision in (("country", None), ("subdivision", calendar.subdivision)):
        try:
            check_country(calendar.country, subdivision)
        except SettingsError as error:
            expected = error.way_out.removeprefix("Expected ").rstrip(".")
            yield Mistake(("calendar", key), quoted(getattr(calendar, key)), expected)
            return
    try:
        check_categories(calendar.country, calendar.categories)
    except SettingsError as error:
        expected = error.way_out.removeprefix("Expected ").rstrip(".")
        yield Mistake(("calendar", "categories"), quoted(calendar.categories), expected)


def _without_repetitions(problems: Iterable[Problem]) -> list[Problem]:
    """Return one problem for each mistake, with all groups that it concerns, in the order of files and lines."""
    groups: dict[Problem, tuple[str, ...]] = {}
    for problem in problems:
        mistake = replace(problem, groups=())
        groups[mistake] = groups.get(mistake, ()) + problem.groups
    unique = (replace(problem, groups=tuple(dict.fromkeys(keys))) for problem, keys in groups.items())
    return sorted(unique, key=lambda problem: (problem.file, problem.line or 0))
