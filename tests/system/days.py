"""Days as supervisors may get them: ordinary, corrected, in German, with names of all scripts, of a large group."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

from renderers import render_message
from tests.unit.renderers.conftest import SAMPLE, documents_of
from tests.unit.renderers.pdf.test_pdf_pages import changed
from tests.unit.renderers.pdf.test_scripts import NAMES
from worker.channels.channel import OutgoingMessage
from worker.domain.briefing.content import Briefing
from worker.services.packing import outgoing_message

SCRIPTS = (*NAMES.values(), "Юлия Соколова", "Ελληνικά", "Zażółć gęślą", "Team 👩\u200d👩\u200d👧", "東京サポート")
QUEUES, AGENTS = 400, 3_000


def sample_with(**changes: Any) -> Briefing:
    return dataclasses.replace(SAMPLE, **changes)


def in_all_scripts() -> Briefing:
    queues = tuple(dataclasses.replace(line, name=name) for line, name in zip(SAMPLE.queues, SCRIPTS, strict=False))
    agents = tuple(dataclasses.replace(line, name=name) for line, name in zip(SAMPLE.agents, SCRIPTS, strict=False))
    return sample_with(group_title=SCRIPTS[2], queues=queues, agents=agents)


def large() -> Briefing:
    queues = zip(range(QUEUES), itertools.cycle(SAMPLE.queues), strict=False)
    agents = zip(range(AGENTS), itertools.cycle(SAMPLE.agents), strict=False)
    return sample_with(
        queues=tuple(dataclasses.replace(line, name=f"Queue {number}") for number, line in queues),
        agents=tuple(dataclasses.replace(line, name=f"Agent {number}") for number, line in agents),
    )


def packed() -> OutgoingMessage:
    """Return the ordinary day as it is mailed."""
    return outgoing_message(SAMPLE, documents_of(SAMPLE), render_message(SAMPLE), ())


DAYS = {
    "a day": SAMPLE,
    "corrected": changed(sample_with),
    "German": sample_with(language="de"),
    "all scripts": in_all_scripts(),
    "400 queues and 3,000 agents": large(),
}
