"""Where the figures come from, for days with many gaps."""

from __future__ import annotations

import re

import pytest

from renderers import pdf
from tests.unit.renderers.pdf.test_pdf_pages import empty
from worker.domain.briefing.content import Completeness
from worker.domain.gap_texts import GapText
from worker.domain.rows import gap

CURE = 'state "blank": "zero" in the report definition.'
FOOT = 34


def with_gaps(briefing, count):
    """The briefing with gaps whose texts take six lines each."""
    values = {"file": "The file of the report 'Support week'", "column": "abandoned", "queues": "'Billing EN'"}
    gaps = tuple(
        gap("doubtful", GapText.QUEUE_COUNT_BLANK, **values, place=f"line {number}.") for number in range(count)
    )
    return Completeness(gaps, briefing.completeness.notes)


@pytest.mark.parametrize(("count", "pages"), [(3, 1), (7, 2), (12, 2), (60, 2)])
def test_each_gap_is_whole_with_its_cure_or_counted_as_in_the_workbook(make_briefing, texts, count, pages):
    briefing = make_briefing(completeness=with_gaps(make_briefing(), count))
    parts = [page for page in texts(pdf.render(briefing)) if "Where the figures come from" in page]
    text = " ".join(parts)
    numbers = [int(number) for number in re.findall(r"line (\d+)\.", text)]
    hidden = [int(number) for number in re.findall(r"\+ (\d+) more in the workbook", text)]
    assert len(parts) == pages
    assert numbers == list(range(len(numbers)))
    assert text.count(CURE) == len(numbers) > 2
    assert len(numbers) + sum(hidden) == count
    assert [page.startswith("Where the figures come from, continued") for page in parts] == [False, True][:pages]


def test_the_panel_below_no_contacts_ends_above_the_foot(make_briefing, text_boxes, texts):
    rendered = (
        pdf.render(empty(make_briefing), "phone"),
        pdf.render(
            empty(lambda **changes: make_briefing(completeness=with_gaps(make_briefing(), 9), **changes)), "phone"
        ),
    )
    assert [len(texts(document)) for document in rendered] == [1, 2]
    for _, boxes in text_boxes(rendered[1]):
        assert not [text for (_, bottom, _, _), text in boxes if FOOT - 3 < bottom < FOOT + 8]
        assert sum(bottom < FOOT for (_, bottom, _, _), _ in boxes) == 2  # group and day, and the page's number
    assert CURE in texts(rendered[1])[1]
