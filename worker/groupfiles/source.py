"""One TOML file of groups, and the mistakes of its form: no TOML, unknown tables, values where tables belong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.domain.groups import Group
from worker.groupfiles import tomltext
from worker.groupfiles.problems import Problem, dotted, nearest, shown
from worker.groupfiles.tomltext import KeyPath, SyntaxMistake, TomlText

_TABLES = ("defaults", "groups")
_ABOUT_DEFAULTS = {"defaults", *Group.model_fields}
_MEANT_AT_TOP = (*_TABLES, *Group.model_fields)

_BARE_TIME = re.compile(r"=\s*(\d{2}:\d{2})\s*(#|$)")


@dataclass(frozen=True, slots=True)
class Source:
    """One file, read; ``problems`` are those of its form. Those of ``defaults_problems`` put its defaults in doubt."""

    file: Path
    toml: TomlText
    problems: tuple[Problem, ...]
    defaults_problems: tuple[Problem, ...]

    def table(self, name: str) -> Mapping[str, Any]:
        """A table of the top level, empty if there is none."""
        found = self.toml.data.get(name)
        return found if isinstance(found, dict) else {}


def read_source(file: Path) -> Source:
    """Read one file; one that cannot be opened has no tables and a problem."""
    try:
        toml = tomltext.parse(file.read_bytes())
    except OSError as error:
        problem = Problem(str(file), None, "", error.strerror or str(error), "a TOML file that can be read")
        return Source(file, TomlText({}, ""), (problem,), (problem,))
    problems = [_syntax_problem(file, mistake) for mistake in toml.mistakes]
    problems += [_form_problem(file, toml, *found) for found in _misplaced(toml.data)]
    in_doubt = [problem for problem in problems if _is_about_defaults(problem)]
    return Source(file, toml, tuple(problems), tuple(in_doubt))


def _is_about_defaults(problem: Problem) -> bool:
    """Also a group's key at the top of the file, and a misspelt ``[defaults]``: they were meant for every group."""
    return bool({problem.key.split(".")[0], problem.meant} & _ABOUT_DEFAULTS)


def _syntax_problem(file: Path, mistake: SyntaxMistake) -> Problem:
    bare_time = _BARE_TIME.search(mistake.text)
    return Problem(
        file=str(file),
        line=mistake.line,
        key=dotted(mistake.table),
        found=mistake.text,
        expected=f"TOML ({mistake.complaint})",
        meant=shown(bare_time[1]) if bare_time else "",
        groups=mistake.table[1:2] if mistake.table[:1] == ("groups",) else (),
    )


def _misplaced(data: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Path, found, expected, meant of what stands where no table or an unknown one should."""
    for name, value in data.items():
        if name not in _TABLES:
            yield (name,), "an unknown key", "[defaults] or [groups.<key>]", nearest(name, _MEANT_AT_TOP)
        elif not isinstance(value, dict):
            yield (name,), shown(value), "[defaults]" if name == "defaults" else "[groups.<key>]", ""
    groups = data.get("groups")
    for key, table in groups.items() if isinstance(groups, dict) else ():
        if not isinstance(table, dict):
            yield ("groups", key), shown(table), f"a table, [groups.{key}]", ""


def _form_problem(file: Path, toml: TomlText, path: KeyPath, found: str, expected: str, meant: str) -> Problem:
    return Problem(str(file), toml.line_of(path), dotted(path), found, expected, meant, groups=path[1:])
