"""Check names and prose; print each finding with its place, or with ``--counts`` the shares."""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.style import names, prose

_ROOT = Path(__file__).parents[2]
_DEFAULT_PATHS = (
    "worker",
    "tasks",
    "renderers",
    "sandbox",
    "beat_schedule.py",
    "tests",
    "docs",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)


def main() -> int:
    """Return 1 when there is a finding, so that `make check` fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.style", description=__doc__)
    parser.add_argument("paths", nargs="*", default=_DEFAULT_PATHS)
    parser.add_argument("--counts", action="store_true", help="print the shares of vague names and unusual words")
    arguments = parser.parse_args()
    files = list(_files(arguments.paths))
    settings = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["standup"]["style"]
    if arguments.counts:
        _print_counts(files, settings)
        return 0
    findings = list(_findings(files, settings))
    print(*findings, sep="\n", end="\n" if findings else "")
    return 1 if findings else 0


def _files(paths: list[str]) -> Iterator[Path]:
    for path in (_ROOT / name for name in paths):
        found = [path] if path.is_file() else [*path.rglob("*.py"), *path.rglob("*.md")]
        yield from sorted(file for file in found if file.suffix in (".py", ".md"))


def _findings(files: list[Path], settings: dict[str, Any]) -> Iterator[str]:
    vague, unusual = _vague(settings), _unusual(settings)
    for file in files:
        place = file.relative_to(_ROOT)
        allowed = set(settings["allowed_names"].get(str(place), ()))
        if file.suffix == ".py":
            for name, line in names.vague_bindings(file, vague):
                if name not in allowed:
                    yield f'{place}:{line}: the name "{name}" does not say what it is bound to'
        for word, line in prose.unusual_words(file, unusual):
            yield f'{place}:{line}: "{word}" is not a word that a colleague would use here'


def _print_counts(files: list[Path], settings: dict[str, Any]) -> None:
    vague, unusual = _vague(settings), _unusual(settings)
    code = [file for file in files if file.suffix == ".py"]
    documents = [file for file in files if file.suffix == ".md"]
    bound = sum(1 for file in code for _ in names.bindings(ast.parse(file.read_text("utf-8"))))
    found = sum(1 for file in code for _ in names.vague_bindings(file, vague))
    print(f"vague names: {found} of {bound} ({found / max(bound, 1):.1%})")
    for title, group in (("code", code), ("docs", documents)):
        words = max(sum(prose.word_count(file) for file in group), 1)
        odd = sum(1 for file in group for _ in prose.unusual_words(file, unusual))
        semicolons = sum(prose.semicolon_count(file) for file in group)
        print(
            f"{title}: {words:,} words; per 1,000 words: {odd / words * 1000:.1f} unusual,"
            f" {semicolons / words * 1000:.1f} semicolons"
        )


def _vague(settings: dict[str, Any]) -> frozenset[str]:
    return frozenset(" ".join(settings["vague_names"]).split())


def _unusual(settings: dict[str, Any]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(settings['unusual_words'])})\b", re.IGNORECASE)


if __name__ == "__main__":
    sys.exit(main())
