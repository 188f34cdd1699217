"""A PDF becomes a picture of its pages side by side."""

from __future__ import annotations

import dataclasses
import io

from PIL import Image

from renderers import protect, render_pdf
from tests.unit.renderers.conftest import SAMPLE
from worker.cli.preview import as_png
from worker.domain.documents import Document


def size(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


def test_all_pages_are_side_by_side() -> None:
    wall_page_size, all_pages_size = (size(as_png(render_pdf(SAMPLE, pages).content)) for pages in ("a4", "both"))
    assert wall_page_size == (842 * 3 // 2 + 48, 893 + 48)
    assert all_pages_size[0] > wall_page_size[0] + 4 * 390 * 3 // 2


def test_a_table_of_hundreds_of_pages_does_not_make_a_huge_picture() -> None:
    many = dataclasses.replace(SAMPLE, agents=SAMPLE.agents * 20)
    width, _ = size(as_png(render_pdf(many, "phone", ("agents",)).content))
    assert width == 24 * (390 * 3 // 2 + 24) + 24


def test_a_locked_pdf_is_shown_with_its_password() -> None:
    plain = render_pdf(SAMPLE, "a4")
    locked: Document = protect.seal(plain, "secret words")
    assert locked.content != plain.content
    assert as_png(locked.content, "secret words") == as_png(plain.content)
