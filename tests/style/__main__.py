"""Check names, prose and tests; print each finding with its place, or with ``--counts`` the shares."""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.style import functions, names, prose
from tests.style.rules import Rules

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
    rules = Rules.from_settings(tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8")))
    files = list(_files(arguments.paths))
    if arguments.counts:
        sys.stdout.write(_shares(files, rules))
        return 0
    lines = [finding for file in files for finding in findings(file, rules, _ROOT)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 1 if lines else 0


def findings(file: Path, rules: Rules, root: Path) -> Iterator[str]:
    """Yield a line for each vague name, unusual word and flawed test of a file below ``root``.

    A name that is allowed in the file and not bound there is a finding too.
    """
    place = file.relative_to(root)
    allowed = set(rules.allowed_names.get(str(place), ()))
    if file.suffix == ".py":
        vague = list(names.vague_bindings(file, rules.vague_names))
        for name, line in vague:
            if name not in allowed:
                yield f'{place}:{line}: the name "{name}" does not say what it is bound to'
        for name in sorted(allowed - {name for name, _ in vague}):
            yield f'{place}:1: the name "{name}" is allowed in pyproject.toml and not bound here'
        for fault, line in functions.findings(file):
            yield f"{place}:{line}: {fault}"
    for word, line in prose.unusual_words(file, rules.unusual_words):
        yield f'{place}:{line}: "{word}" is not a word that a colleague would use here'


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for path in (_ROOT / name for name in paths):
        if not path.exists():
            raise SystemExit(f"there is no {path}")
        candidates = [path] if path.is_file() else path.rglob("*")
        yield from sorted(file for file in candidates if file.suffix in (".py", ".lua", ".md"))


def _shares(files: Sequence[Path], rules: Rules) -> str:
    code = [file for file in files if file.suffix == ".py"]
    documents = [file for file in files if file.suffix == ".md"]
    bound = sum(1 for file in code for _ in names.bindings(ast.parse(file.read_text("utf-8"))))
    vague = sum(1 for file in code for _ in names.vague_bindings(file, rules.vague_names))
    lines = [f"vague names: {vague} of {bound} ({vague / max(bound, 1):.1%})"]
    for title, group in (("code", code), ("docs", documents)):
        words = max(sum(prose.word_count(file) for file in group), 1)
        unusual = sum(1 for file in group for _ in prose.unusual_words(file, rules.unusual_words))
        semicolons = sum(prose.semicolon_count(file) for file in group)
        lines.append(
            f"{title}: {words:,} words; per 1,000 words: {unusual / words * 1000:.1f} unusual,"
            f" {semicolons / words * 1000:.1f} semicolons"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
