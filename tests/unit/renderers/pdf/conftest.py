"""Ways to look into a finished PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pikepdf
import pypdfium2
import pytest

from renderers.pdf.text import fallback
from tests.unit.renderers.pdf.fonts import ALL

Box = tuple[float, float, float, float]
Size = tuple[float, float]


@pytest.fixture
def texts() -> Callable[[bytes], list[str]]:
    """The text of each page, in the order of the file."""

    def read(pdf: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(pdf)
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]

    return read


@pytest.fixture
def opened() -> Callable[[bytes], pikepdf.Pdf]:
    """The file as objects, which live as long as the test."""
    files: list[pikepdf.Pdf] = []

    def open_file(pdf: bytes) -> pikepdf.Pdf:
        files.append(pikepdf.open(io.BytesIO(pdf)))
        return files[-1]

    return open_file


@pytest.fixture
def text_boxes() -> Callable[[bytes], list[tuple[Size, list[tuple[Box, str]]]]]:
    """Of each page its size and each stretch of text with its box (left, bottom, right, top)."""

    def read(pdf: bytes) -> list[tuple[Size, list[tuple[Box, str]]]]:
        pages = []
        for page in pypdfium2.PdfDocument(pdf):
            text = page.get_textpage()
            boxes = [text.get_rect(index) for index in range(text.count_rects())]
            pages.append((page.get_size(), [(box, text.get_text_bounded(*box)) for box in boxes]))
        return pages

    return read


@pytest.fixture
def all_fonts() -> Iterator[None]:
    """Letters may come from the fonts of the tests."""
    with fallback.using(ALL):
        yield
