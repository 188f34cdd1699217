"""The message of the sample, its HTML read as a mail client reads it, and notices."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.unit.renderers.conftest import SAMPLE
from worker.domain.briefing.content import Briefing, Completeness, Notice
from worker.domain.rows import Gap, SourceNote

NOTICE = Notice(
    run_id="northgate-support:2026-11-26",
    group_key="northgate-support",
    group_title="Northgate Support",
    reporting_day=date(2026, 11, 26),
    revision=1,
    window=SAMPLE.window,
    zone=SAMPLE.zone,
    generated_at=SAMPLE.generated_at,
    kind="holiday",
    holiday_name="Thanksgiving Day",
    last_business_day=date(2026, 11, 25),
)


@dataclass
class Read(HTMLParser):
    """What HTML is made of: its tags with their attributes' names, and the text that is shown."""

    tags: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    hidden: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """The shown text, each run of white space one space."""
        return " ".join("".join(self.texts).split())


def read(html: str) -> Read:
    reader = Read()
    reader.feed(html)
    reader.close()
    return reader


def with_name_everywhere(name: str) -> Briefing:
    """The sample with the name everywhere where somebody can type one."""
    queues = tuple(dataclasses.replace(line, name=name) for line in SAMPLE.queues)
    insights = tuple(
        dataclasses.replace(insight, figures={**insight.figures, **_names_in(insight.figures, name)})
        for insight in SAMPLE.insights
    )
    tiles = (*SAMPLE.tiles[:3], dataclasses.replace(SAMPLE.tiles[3], reading=_without_data("Reason " + name)))
    completeness = Completeness((Gap("unavailable", name, "adherence"),), (SourceNote(name, name, 1, name),))
    return dataclasses.replace(
        SAMPLE, group_title=name, queues=queues, insights=insights, tiles=tiles, completeness=completeness
    )


def _names_in(figures: Any, name: str) -> dict[str, object]:
    return {key: (name, name) if key == "names" else name for key in figures if key in ("names", "name")}


def _without_data(reason: str) -> Any:
    reading = SAMPLE.tiles[3].reading
    return dataclasses.replace(reading, ratio=None, reason=reason)


@pytest.fixture
def make_notice() -> Callable[..., Notice]:
    """Thanksgiving's notice with some of its fields replaced."""

    def make(**changes: Any) -> Notice:
        return dataclasses.replace(NOTICE, **changes)

    return make
