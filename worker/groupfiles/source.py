"""Read one TOML file of groups and find mistakes of its form: syntax, unknown tables, values in place of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.domain.groups import Group
from worker.groupfiles import hints, tomltext
from worker.groupfiles.problems import Mistake, Problem, dotted, nearest, path_text, quoted
from worker.groupfiles.tomltext import SyntaxMistake, TomlText

_TABLES = ("defaults", "groups")
_KEYS_OF_DEFAULTS = {"defaults", *Group.model_fields}
_NAMES_AT_TOP = (*_TABLES, *Group.model_fields)

MAX_BYTES = 8_000_000
"""Refuse larger files, which are no group files."""


@dataclass(frozen=True, slots=True)
class Source:
    """A TOML file and the problems of its form. With ``defaults_problems`` its defaults cannot be trusted."""

    file: Path
    toml: TomlText
    problems: tuple[Problem, ...]
    defaults_problems: tuple[Problem, ...]

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of the top level, empty if there is none."""
        table = self.toml.data.get(name)
        return table if isinstance(table, dict) else {}


def read_source(file: Path) -> Source:
    """Read one file. A file that cannot be opened has a problem and no tables."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(file, error.strerror or str(error))
    if len(content) > MAX_BYTES:
        return _unreadable(file, f"more than {MAX_BYTES} bytes")
    toml = tomltext.parse(content)
    problems = [_syntax_problem(file, mistake) for mistake in toml.mistakes]
    problems += [_form_problem(file, toml, mistake) for mistake in _form_mistakes(toml.data)]
    defaults_problems = [problem for problem in problems if _is_about_defaults(problem)]
    return Source(file, toml, tuple(problems), tuple(defaults_problems))


def _unreadable(file: Path, reason: str) -> Source:
    problem = Problem(path_text(file), None, "", reason, "a TOML file that can be read")
    return Source(file, TomlText({}, ""), (problem,), (problem,))


def _is_about_defaults(problem: Problem) -> bool:
    """A group's key at the top of the file and a misspelt ``[defaults]`` were also meant for every group."""
    return bool({problem.key.split(".")[0], problem.meant} & _KEYS_OF_DEFAULTS)


def _syntax_problem(file: Path, mistake: SyntaxMistake) -> Problem:
    return Problem(
        file=path_text(file),
        line=mistake.line,
        key=dotted(mistake.table),
        found=mistake.text,
        expected=hints.header_form(mistake.text) or mistake.expected,
        meant=mistake.suggestion,
        groups=mistake.table[1:2] if mistake.table[:1] == ("groups",) else (),
    )


def _form_mistakes(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield unknown keys at the top of the file and values in place of tables."""
    for name, value in data.items():
        if name not in _TABLES:
            is_of_group = name in Group.model_fields
            expected = f"{'it below ' if is_of_group else ''}[defaults] or [groups.<key>]"
            near = nearest(name, _NAMES_AT_TOP)
            yield Mistake((name,), "an unknown key", expected, near if near != name else "")
        elif not isinstance(value, dict):
            yield Mistake((name,), quoted(value), "[defaults]" if name == "defaults" else "[groups.<key>]")
    groups = data.get("groups")
    for key, table in groups.items() if isinstance(groups, dict) else ():
        if not isinstance(table, dict):
            yield Mistake(("groups", key), quoted(table), f"a table, [groups.{key}]")


def _form_problem(file: Path, toml: TomlText, mistake: Mistake) -> Problem:
    return Problem(
        file=path_text(file),
        line=toml.line_of(mistake.path),
        key=dotted(mistake.path),
        found=mistake.found,
        expected=mistake.expected,
        meant=mistake.meant,
        groups=mistake.path[1:],
    )
