"""Which documents a briefing becomes, and under which names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from renderers import PDF, WORKBOOK
from tests.unit.renderers.conftest import documents_of
from worker.domain.briefing.content import Briefing


@pytest.mark.parametrize(("revision", "suffix"), [(1, ""), (2, "-r2"), (12, "-r12")])
def test_documents_are_named_by_group_day_and_revision(
    make_briefing: Callable[..., Briefing], revision: int, suffix: str
) -> None:
    stem = f"daily-standup-northgate-support-2026-10-21{suffix}"
    documents = documents_of(make_briefing(revision=revision, group_title="Nörthgate / 日本"))
    assert [document.name for document in documents] == [f"{stem}.pdf", f"{stem}.xlsx"]


def test_a_document_is_what_its_media_type_says(briefing: Briefing) -> None:
    pdf, workbook = documents_of(briefing)
    assert (pdf.media_type, pdf.content[:5]) == (PDF, b"%PDF-")
    assert (workbook.media_type, workbook.content[:4]) == (WORKBOOK, b"PK\x03\x04")


def test_importing_renderers_does_not_load_the_heavy_libraries() -> None:
    loaded = "import sys, renderers; print(sorted({'reportlab', 'openpyxl', 'jinja2'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_libraries_for_other_scripts_are_loaded_only_by_a_text_that_needs_them() -> None:
    program = """
import sys
from renderers import render_pdf
from tests.unit.renderers.conftest import SAMPLE
from dataclasses import replace
libraries = {"fontTools", "bidi"}
render_pdf(SAMPLE)
print(sorted(libraries & set(sys.modules)))
render_pdf(replace(SAMPLE, group_title="خدمة"))
print(sorted(libraries & set(sys.modules)))
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ran.stdout.split("\n")[:2] == ["[]", "['bidi']"]
