"""Rendering ends when its step has no time left."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

import renderers
from renderers.font_files import FOLDERS, Fonts
from tests.unit.test_step_time import no_time
from worker.domain.briefing.content import Briefing
from worker.domain.groups import Table
from worker.errors import StepTooLong

RENDERINGS: dict[str, Callable[[Briefing], object]] = {
    "the workbook": renderers.render_workbook,
    "the PDF's tables": lambda briefing: renderers.render_pdf(
        briefing, tables=get_args(Table), fonts=Fonts((), FOLDERS)
    ),
}


@pytest.mark.parametrize("activity", RENDERINGS)
def test_rendering_ends_when_the_step_has_no_time_left(activity: str, briefing: Briefing) -> None:
    with no_time(), pytest.raises(StepTooLong, match=activity):
        RENDERINGS[activity](briefing)
