"""The docstring of each package names every module in it, and nothing that is not there.

An entry is a line with a name, two spaces or more, and what the module is for. Names of packages end with a slash.
Several names may share a line, with commas between them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(
    path.parent for room in ("worker", "tasks", "renderers", "sandbox") for path in (ROOT / room).rglob("__init__.py")
)
NAME = r"[a-z_]+(?:/|\.py)?"
ENTRY = re.compile(rf"^[ │├└─]*({NAME}(?:, {NAME})*) {{2,}}\S", re.MULTILINE)


def entries(docstring: str) -> set[str]:
    """Return the names in a table of contents: `runs` for a module, `demo/` for a package."""
    names = (name for names in ENTRY.findall(docstring) for name in names.split(", "))
    return {name.removesuffix(".py") for name in names}


def modules(package: Path) -> Iterator[str]:
    """Yield what a package contains, as its table of contents should name it."""
    for path in package.iterdir():
        if path.suffix == ".py" and path.stem not in ("__init__", "__main__"):
            yield path.stem
        elif (path / "__init__.py").exists():
            yield f"{path.name}/"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_package_names_its_modules_and_nothing_else(package: Path) -> None:
    names = entries(ast.get_docstring(ast.parse((package / "__init__.py").read_text("utf-8"))) or "")
    elsewhere = {"beat_schedule"} if package.name == "tasks" else {"__main__"} & names
    assert names - elsewhere == set(modules(package))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_package_has_at_most_18_modules(package: Path) -> None:
    assert len([name for name in modules(package) if not name.endswith("/")]) <= 18


def test_an_entry_is_a_name_with_a_text_at_some_distance() -> None:
    docstring = "Runs.\n\nrun   one run\n  ├─ poll.py    looks\njson_body, paging  reads\ndemo/  a day\nnot an entry\n"
    assert entries(docstring) == {"run", "poll", "json_body", "paging", "demo/"}
