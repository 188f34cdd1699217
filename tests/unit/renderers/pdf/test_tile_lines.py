"""The lines below a tile's figure."""

from __future__ import annotations

import dataclasses

import pytest

from renderers import pdf
from tests.unit.renderers.pdf.test_pdf_pages import no_adherence
from worker.domain.briefing.usual_content import Place, UsualFigure


@pytest.mark.parametrize("pages", ["phone", "a4", "letter"])
@pytest.mark.parametrize(
    ("low", "high", "line"),
    [
        (4_690.2, 5_310.4, "usually 4,690–5,310 +"),
        (100_690.2, 105_310.4, "Unusual usually 100,690–105,310 +"),
        (99_100_690_000.2, 99_105_310_000.4, "No goal Unusual +"),
    ],
)
def test_a_usual_range_without_room_loses_words_and_no_digit(make_briefing, texts, pages, low, high, line):
    usual = UsualFigure(low, high, (low + high) / 2, Place.UNUSUALLY_HIGH, 26, True)
    briefing = no_adherence(make_briefing)
    counts = dataclasses.replace(briefing.counts, offered=round(high * 1.1))
    briefing = dataclasses.replace(briefing, counts=counts, usual_offered=usual)
    assert line in texts(pdf.render(briefing, pages))[0]
