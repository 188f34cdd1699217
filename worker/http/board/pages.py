"""The HTML of the board, of a past day, of a run, and of the last five weeks. All text is escaped by jinja2."""

from __future__ import annotations

import functools
import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from worker.domain.groups import Group
from worker.domain.runs import RunState
from worker.http.board.parts import CardsOfPart, Part, in_parts
from worker.http.board.quotas import quota_texts, waits_until
from worker.http.board.reader import BoardReader, PastDay, RunStory
from worker.http.board.standups import Card, state_of_run, with_waits
from worker.http.board.texts import SHAPES, TONES, CardTexts, card_texts, summary, timeline_lines
from worker.http.board.times import Viewer, day_text, duration, place

RENEWAL_SECONDS = 15
RENEWAL_SECONDS_WITHOUT_SCRIPT = 60

WEEKS_OF_GROUPS = 300
"""The page of the last weeks shows so many groups at most."""

NAMED_GROUPS = 20
"""A sentence about groups names so many of them at most."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the board as the page shows it. ``count`` is of all its groups, also of those that are not shown."""

    part: Part
    cards: tuple[CardTexts, ...]
    count: int

    @property
    def title(self) -> str:
        """Return the heading. The first part says how many groups it has."""
        return f"{self.part.value}: {self.count}" if self.part == Part.NEEDS_YOU else self.part.value

    @property
    def hidden_count(self) -> int:
        """Return how many groups of this part the page does not show."""
        return self.count - len(self.cards)


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("worker.http.board"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def content_security_policy() -> str:
    """Return the policy of every page: nothing from elsewhere, and only our style and our script (CSP Level 3)."""
    style, script = (_hash(_asset(name)) for name in ("board.css", "board.js"))
    return (
        f"default-src 'none'; style-src '{style}'; script-src '{script}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def board_page(reader: BoardReader, zone: ZoneInfo) -> str:
    """Return the page "This morning"."""
    viewer, cards = Viewer(reader.clock(), zone), reader.cards()
    shown_cards = [card for part in in_parts(cards, viewer.now) for card in part.cards]
    uses = reader.quota_uses(shown_cards)
    cards = with_waits(cards, waits_until(uses, viewer.now))
    silent_since = reader.silent_since()
    sections = _sections(reader, in_parts(cards, viewer.now), viewer)
    needy_count = sections[0].count
    return _page(
        "board.html",
        viewer,
        renewal_seconds=RENEWAL_SECONDS,
        title=f"(!{needy_count}) This morning" if needy_count else "This morning",
        sections=sections,
        counts=_counts(cards),
        group_count=len(cards),
        problem_count=reader.problem_count(),
        quotas=[quota_texts(name, use, viewer) for name, use in sorted(uses.items())],
        silent=duration(viewer.now - silent_since) if silent_since else "",
        yesterday=_today(viewer) - timedelta(days=1),
    )


def day_page(reader: BoardReader, day: date, zone: ZoneInfo) -> str | None:
    """Return the page of the stand-ups of a past day, None for today and later."""
    viewer = Viewer(reader.clock(), zone)
    if day >= _today(viewer):
        return None
    cards, groups_without_run = reader.cards_of_day(day)
    day_after = day + timedelta(days=1)
    return _page(
        "day.html",
        viewer,
        title=f"{day:%A} {day.day} {day:%B %Y}",
        sections=_sections(reader, in_parts(cards, viewer.now), viewer),
        counts=_counts(cards),
        group_count=len(cards),
        groups_without_run=groups_without_run[:NAMED_GROUPS],
        count_without_run=len(groups_without_run),
        day_before=day - timedelta(days=1),
        day_after=day_after if day_after < _today(viewer) else None,
    )


def weeks_page(reader: BoardReader, zone: ZoneInfo) -> str:
    """Return the last five weeks of all groups, the newest reporting day first."""
    viewer = Viewer(reader.clock(), zone)
    groups, group_count = reader.first_groups(WEEKS_OF_GROUPS)
    past_days = reader.past_weeks_of(groups)
    days = sorted({past_day.day for days_of_group in past_days.values() for past_day in days_of_group}, reverse=True)
    rows = []
    for group in groups:
        texts = {past_day.day: _day_texts(past_day) for past_day in past_days[group.key]}
        rows.append((group.key, group.title, [texts.get(day) for day in days]))
    return _page("weeks.html", viewer, title="The last five weeks", days=days, rows=rows, group_count=group_count)


def run_page(reader: BoardReader, story: RunStory, zone: ZoneInfo) -> str:
    """Return the page of one run with its timeline. It renews itself until the run has ended."""
    viewer = Viewer(reader.clock(), zone)
    card = card_texts(story.card, viewer, story.events) if story.card else None
    run_zone = story.card.group.tz if story.card else zone
    return _page(
        "run.html",
        viewer,
        renewal_seconds=RENEWAL_SECONDS if story.run.state == RunState.OPEN else 0,
        title=str(story.run.id),
        run=story.run,
        card=card,
        timeline=list(timeline_lines(story.events, run_zone)),
        timeline_place=place(run_zone, viewer.now),
    )


def group_page(reader: BoardReader, group: Group, zone: ZoneInfo) -> str:
    """Return the page of a group's last five weeks."""
    viewer = Viewer(reader.clock(), zone)
    weeks = [
        [_day_texts(past_day) for past_day in reversed(list(days))]
        for _, days in groupby(reader.past_weeks(group), key=lambda past_day: past_day.day.isocalendar()[:2])
    ]
    return _page("group.html", viewer, title=group.title, group=group, weeks=weeks, place=place(group.tz, viewer.now))


def away_page(now_viewer: Viewer) -> str:
    """Return the page while Redis is away. It renews itself, so that the board is back as soon as Redis is."""
    return _page("away.html", now_viewer, renewal_seconds=RENEWAL_SECONDS, title="Redis does not answer")


def _sections(reader: BoardReader, parts: Sequence[CardsOfPart], viewer: Viewer) -> list[Section]:
    cards = reader.with_deliveries([card for part in parts for card in part.cards])
    timelines = reader.timelines(card.run for card in cards if card.run)
    texts = {}
    for card in cards:
        events = timelines.get(card.run.id, []) if card.run else []
        texts[card.group.key] = card_texts(card, viewer, events)
    return [Section(part.part, tuple(texts[card.group.key] for card in part.cards), part.count) for part in parts]


def _counts(cards: Sequence[Card]) -> list[tuple[str, str, str, int]]:
    return [(state.value, tone, _shape(tone), count) for state, tone, count in summary(cards)]


def _today(viewer: Viewer) -> date:
    return viewer.now.astimezone(viewer.zone).date()


def _day_texts(past_day: PastDay) -> dict[str, str]:
    run = past_day.run
    state = state_of_run(run) if run else None
    tone = TONES.get(state, "plain") if state else "plain"
    return {
        "day": f"{past_day.day:%a %d %b}",
        "word": state.value if state else "No run",
        "tone": tone,
        "shape": _shape(tone),
        "run_id": str(run.id) if run else "",
    }


def _page(name: str, viewer: Viewer, *, renewal_seconds: int = 0, **values: Any) -> str:
    """Return a page. ``renewal_seconds``: how often its script fetches it again, 0 for never."""
    now = viewer.now.astimezone(viewer.zone)
    return (
        _environment()
        .get_template(name)
        .render(
            **values,
            style=_asset("board.css"),
            script=_asset("board.js"),
            renewal_seconds=renewal_seconds,
            renewal_seconds_without_script=RENEWAL_SECONDS_WITHOUT_SCRIPT,
            now=f"{day_text(now)}, {now:%H:%M:%S} {viewer.place}",
        )
    )


def _shape(tone: str) -> str:
    return f"{SHAPES[tone]}\ufe0e"  # type: ignore[index]  # a Tone


@functools.cache
def _asset(name: str) -> str:
    """Return the text of the style or the script, which is inline and therefore counts byte for byte."""
    return _environment().loader.get_source(_environment(), name)[0]  # type: ignore[union-attr]  # it has a loader


def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
