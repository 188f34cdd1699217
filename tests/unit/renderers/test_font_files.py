"""Which font files are asked for a letter, and in which order."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from renderers.font_files import PACKAGE, FontFile, Fonts

CUTS = Path(__file__).parent / "pdf" / "fonts"


@pytest.mark.parametrize(
    ("text", "path", "number"),
    [("/a/b.ttf", "/a/b.ttf", 0), ("/a/b.ttc#2", "/a/b.ttc", 2), ("/a#b.ttf", "/a#b.ttf", 0), ("#1", "", 1)],
)
def test_a_file_may_say_which_face_of_a_collection_is_meant(text: str, path: str, number: int) -> None:
    assert FontFile.parse(text) == (path, number)
    assert FontFile.parse(str(FontFile(path, number))) == (path, number)


def test_named_files_come_first_and_the_usual_ones_by_preference_wherever_they_lie(tmp_path: Path) -> None:
    for place in ("z/wqy-microhei.ttc", "a/b/wqy-microhei.ttc", "noto/NotoSansCJK-Regular.ttc", "x/Other.ttf"):
        (tmp_path / place).parent.mkdir(parents=True)
        shutil.copy(CUTS / "han.ttc", tmp_path / place)
    files = Fonts(("/named.ttf", "/named.ttc#1"), (tmp_path / "nowhere", tmp_path)).files()
    assert [str(file) for file in files] == [
        "/named.ttf#0",
        "/named.ttc#1",
        f"{tmp_path}/noto/NotoSansCJK-Regular.ttc#2",
        f"{tmp_path}/a/b/wqy-microhei.ttc#0",
    ]


def test_the_font_of_the_extra_is_found_before_that_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, system = tmp_path / "packages", tmp_path / "system"
    for folder in (packages / PACKAGE, system):
        folder.mkdir(parents=True)
        shutil.copy(CUTS / "han.ttc", folder / "NotoSansCJK-Regular.ttc")
    (packages / PACKAGE / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(packages)])
    assert [file.path for file in Fonts((), (system,)).files()] == [str(packages / PACKAGE / "NotoSansCJK-Regular.ttc")]


def test_without_folders_nothing_but_the_named_files_is_asked() -> None:
    assert Fonts().files() == ()
