"""What a file does not tell is marked on the page, and no verdict is given on it."""

from __future__ import annotations

from tests.integration.genesys.conftest import ScriptedApi
from tests.integration.genesys.reporting.conftest import COUNTS, definition, from_file, page_of, reported
from worker.genesys.reporting.source import ReportingSource

COLUMNS = (*COUNTS, "occupancy")


def file_of(*counts: str) -> str:
    lines = [
        f"Support_Engineering,2026-11-16T{9 + hour:02}:00:00-05:00,voice,{cells},5,300,10,80"
        for hour, cells in enumerate(counts)
    ]
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def test_a_day_whose_blank_counts_add_up_is_judged(source: ReportingSource, api: ScriptedApi) -> None:
    the_order = reported(definition(*COLUMNS))
    page = page_of(from_file(source, api, file_of("10,9,9,", "10,11,9,", "10,9,9,1"), the_order), the_order)
    assert "Both targets of the group met" in page
    assert "Partial" not in page


def test_a_day_with_unknown_counts_is_partial_and_not_judged(source: ReportingSource, api: ScriptedApi) -> None:
    the_order = reported(definition(*COLUMNS))
    page = page_of(from_file(source, api, file_of("10,7,7,"), the_order), the_order)
    assert "Incomplete data: no verdict" in page
    assert "◐ Partial" in page
    assert "No contact counts" not in page
    assert "On target" not in page
    assert 'state "blank": "zero"' in " ".join(page.split())
