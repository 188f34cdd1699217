"""Choose the files of a folder that are read, and report group files in it that have no effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from worker.domain.wording import first_names
from worker.groupfiles.problems import Problem, path_text
from worker.groupfiles.source import Source, read_source

DEFAULTS_FILE = "defaults.toml"
_SUFFIX = ".toml"


def files_of(path: Path) -> list[Path]:
    """Return the ``*.toml`` of a folder, without hidden files, or the one file that the path names."""
    if path.is_dir():
        return sorted(file for file in path.glob(f"*{_SUFFIX}") if not file.name.startswith("."))
    return [path]


def subfolders_of(path: Path) -> list[Path]:
    """Return the folders directly in a folder, without hidden ones. Kubernetes has hidden ones beside mounted files."""
    return sorted(folder for folder in path.glob("*") if not folder.name.startswith(".") and folder.is_dir())


def problems_of(path: Path, sources: Iterable[Source]) -> Iterator[Problem]:
    """Yield a problem for each group file of the folder that is not read, and for defaults that no group inherits."""
    if path.is_dir():
        yield from (_defaults_problem(path, source) for source in sources if _has_only_defaults(source))
        yield from (_name_problem(file) for file in _group_files_in(path, except_suffix=_SUFFIX))
        yield from _subfolder_problems(path)


def _defaults_problem(path: Path, source: Source) -> Problem:
    return Problem(
        file=path_text(source.file),
        line=source.toml.line_of(("defaults",)),
        key="defaults",
        found="defaults in a file without groups, which have no effect",
        expected=f"groups in the same file, or the name {DEFAULTS_FILE} for the defaults of the folder",
        meant="" if (path / DEFAULTS_FILE).exists() else DEFAULTS_FILE,
        stops_groups=False,
    )


def _name_problem(file: Path) -> Problem:
    name = f"{file.stem}{_SUFFIX}"
    return Problem(
        file=path_text(file),
        line=None,
        key="",
        found="a group file that is not read",
        expected=f"a name that ends in {_SUFFIX}, or begins with a dot",
        meant=DEFAULTS_FILE if name.lower() == DEFAULTS_FILE else path_text(Path(name)),
        stops_groups=False,
    )


def _subfolder_problems(path: Path) -> Iterator[Problem]:
    for folder in subfolders_of(path):
        if names := [path_text(Path(file.name)) for file in _group_files_in(folder)]:
            yield Problem(
                file=path_text(folder),
                line=None,
                key="",
                found=f"group files that are not read: {first_names(names)}",
                expected=f"group files in {path_text(path)} itself, or a folder whose name begins with a dot",
                stops_groups=False,
            )


def _has_only_defaults(source: Source) -> bool:
    """Return whether the file has no group, not even one that was left out because of a mistake."""
    is_misnamed = source.file.name != DEFAULTS_FILE
    return is_misnamed and bool(source.table("defaults")) and not source.table("groups") and not source.problems


def _group_files_in(folder: Path, except_suffix: str = "") -> list[Path]:
    """Return the files named like a group file, in any case of letters, that have groups or defaults."""
    files = [file for file in folder.glob("*.[tT][oO][mM][lL]") if not file.name.startswith(".") and file.is_file()]
    return sorted(file for file in files if file.suffix != except_suffix and _has_tables(read_source(file)))


def _has_tables(source: Source) -> bool:
    return bool(source.table("defaults") or source.table("groups"))
