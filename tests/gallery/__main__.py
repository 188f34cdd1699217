"""``python -m tests.gallery docs/gallery``: every picture of the gallery, made anew from the tests' sample day."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from renderers import pdf, render_message, xlsx
from tests.gallery import pictures
from tests.unit.renderers.conftest import SAMPLE


def phone() -> Image.Image:
    return pictures.side_by_side(pictures.pages(pdf.render(SAMPLE), 0.82))


def a4() -> Image.Image:
    return pictures.side_by_side(pictures.pages(pdf.render(SAMPLE, "a4"), 1.5))


def mail() -> Image.Image:
    source = render_message(SAMPLE).html
    return pictures.mails([source, source, pictures.dark(source)], [390, 640, 390], 1500, 0.75)


def workbook() -> Image.Image:
    return pictures.side_by_side([pictures.trimmed(pictures.sheets(xlsx.render(SAMPLE), 1.35, 1)[0])])


GALLERY: dict[str, Callable[[], Image.Image]] = {"phone": phone, "a4": a4, "mail": mail, "workbook": workbook}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in GALLERY.items():
        print(f"{name}.png {pictures.save(draw(), folder / f'{name}.png'):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/gallery"))
