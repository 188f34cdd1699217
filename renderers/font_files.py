"""Font files for names in scripts that no shipped font covers: configured files, then files that systems usually have.

Nothing is opened here, and folders are searched only when `Fonts.files` is called.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Self

FOLDERS = tuple(
    Path(folder).expanduser()
    for folder in (
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "~/.local/share/fonts",
        "~/.fonts",
        "/Library/Fonts",
        "~/Library/Fonts",
        "/System/Library/Fonts",
    )
)
"""Where Linux distributions, macOS and their users keep fonts."""

PACKAGE, _CHINESE = "noto_cjk_sans_otc", 2
"""The Python package of the extra ``cjk``, and the face with Chinese shapes among the five in Noto's collection."""

USUAL = {
    "NotoSansCJK-Regular.ttc": _CHINESE,
    "NotoSansCJK-VF.ttc": _CHINESE,
    "NotoSansCJK-VF.otf.ttc": _CHINESE,
    "wqy-microhei.ttc": 0,
    "wqy-zenhei.ttc": 0,
    "DroidSansFallbackFull.ttf": 0,
    "Arial Unicode.ttf": 0,
    "ipagp.ttf": 0,
    "NanumGothic.ttf": 0,
}
"""Fonts with Chinese, Japanese or Korean letters: file name and number of the face to use, the best first."""


class FontFile(NamedTuple):
    """A font file and the number of its face, written ``/fonts/some.ttc#2`` for a collection."""

    path: str
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse what ``str()`` gives, or a plain path, which means the first face."""
        path, mark, number = text.rpartition("#")
        return cls(path, int(number)) if mark and number.isdecimal() else cls(text)

    def __str__(self) -> str:
        return f"{self.path}#{self.number}"


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where to search for letters that no shipped font has: first ``paths``, then the usual files in ``folders``."""

    paths: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()

    def files(self) -> tuple[FontFile, ...]:
        """Return the files in search order. Folders are searched once per process."""
        return (*map(FontFile.parse, self.paths), *_usual_in(self.folders))


SHIPPED_ONLY = Fonts()
"""Only the shipped fonts, which give the same pages on every machine."""


@functools.cache
def _usual_in(folders: tuple[Path, ...]) -> tuple[FontFile, ...]:
    if not folders:
        return ()
    paths: dict[str, str] = {}
    for path in (*_of_the_package(), *_usual_files_below(folders)):
        paths.setdefault(path.name, str(path))
    return tuple(FontFile(paths[name], number) for name, number in USUAL.items() if name in paths)


def _of_the_package() -> Iterator[Path]:
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(folder).glob("*.ttc")


def _usual_files_below(folders: tuple[Path, ...]) -> Iterator[Path]:
    for top in folders:
        for folder, inner, files in os.walk(top):
            inner.sort()  # the order on disk must not decide between two files of one name
            yield from (Path(folder) / name for name in files if name in USUAL)
