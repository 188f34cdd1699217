"""Font files for names in scripts that no shipped face has: those that somebody names, then what machines usually have.

Nothing is opened here, and no folder is searched before `Fonts.files` is asked.
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
"""The Python package of the extra ``cjk``; of the five faces in Noto's collection the one with the Chinese shapes."""

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
"""Fonts of Chinese, Japanese and Korean, or of some of them, by file name, the best first, and the face to take."""


class FontFile(NamedTuple):
    """A font file, and which face of it if it is a collection; written ``/fonts/some.ttc#2``."""

    path: str
    number: int = 0

    @classmethod
    def parse(cls, written: str) -> Self:
        """What ``str()`` of one gives, or a plain path, which is the first face."""
        path, mark, number = written.rpartition("#")
        return cls(path, int(number)) if mark and number.isdecimal() else cls(written)

    def __str__(self) -> str:
        return f"{self.path}#{self.number}"


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where a letter is looked for that no shipped face has: ``named`` files, then the usual ones in ``folders``."""

    named: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()

    def files(self) -> tuple[FontFile, ...]:
        """In the order in which they are asked for a letter. Folders are searched once in a process."""
        return (*map(FontFile.parse, self.named), *_usual_in(self.folders))


SHIPPED_ALONE = Fonts()
"""No other fonts than ours: the same pages on every machine."""


@functools.cache
def _usual_in(folders: tuple[Path, ...]) -> tuple[FontFile, ...]:
    if not folders:
        return ()
    found: dict[str, str] = {}
    for path in (*_of_the_package(), *_below(folders)):
        found.setdefault(path.name, str(path))
    return tuple(FontFile(found[name], number) for name, number in USUAL.items() if name in found)


def _of_the_package() -> Iterator[Path]:
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        yield from Path(folder).glob("*.ttc")


def _below(folders: tuple[Path, ...]) -> Iterator[Path]:
    for top in folders:
        for folder, inner, files in os.walk(top):
            inner.sort()  # else the disk's order would choose between two of one name
            yield from (Path(folder) / name for name in files if name in USUAL)
