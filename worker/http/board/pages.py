"""The HTML of the board, of a run, and of a group's last five weeks. All text is escaped by jinja2."""

from __future__ import annotations

import enum
import functools
import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from worker.domain.groups import Group
from worker.http.board.reader import BoardReader, PastDay, RunStory
from worker.http.board.standups import Card, State, state_of_run
from worker.http.board.texts import SHAPES, TONES, CardTexts, Viewer, card_texts, summary, timeline_lines

RENEWAL_SECONDS = 15
RENEWAL_SECONDS_WITHOUT_SCRIPT = 60


class Part(enum.StrEnum):
    """The parts of the board, from the top. The value is the heading."""

    NEEDS_YOU = "Needs you"
    COMING = "Next stand-ups"
    ENDED = "Done"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the board with its groups."""

    part: Part
    cards: tuple[CardTexts, ...]

    @property
    def title(self) -> str:
        """Return the heading. The first part says how many groups it has."""
        return f"{self.part.value}: {len(self.cards)}" if self.part == Part.NEEDS_YOU else self.part.value


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
    cards, viewer = reader.cards(), Viewer(reader.clock(), zone)
    timelines = reader.timelines(card.run for card in cards if card.run and not card.state.is_ended)
    texts = [card_texts(card, viewer, tuple(timelines.get(card.run.id, ())) if card.run else ()) for card in cards]
    sections = _sections(texts, cards, viewer.now)
    needy_count = len(sections[0].cards)
    return _page(
        "board.html",
        viewer,
        title=f"(!{needy_count}) This morning" if needy_count else "This morning",
        sections=sections,
        counts=[(state.value, tone, _shape(tone), count) for state, tone, count in summary(cards)],
        group_count=len(cards),
        problem_count=reader.problem_count(),
    )


def run_page(reader: BoardReader, story: RunStory, zone: ZoneInfo) -> str:
    """Return the page of one run with its timeline."""
    viewer = Viewer(reader.clock(), zone)
    card = card_texts(story.card, viewer, story.events) if story.card else None
    lines = list(timeline_lines(story.events, story.card.group.tz if story.card else zone))
    return _page("run.html", viewer, title=str(story.run.id), run=story.run, card=card, timeline=lines)


def group_page(reader: BoardReader, group: Group, zone: ZoneInfo) -> str:
    """Return the page of a group's last five weeks."""
    viewer = Viewer(reader.clock(), zone)
    weeks = [
        [_day_texts(past_day) for past_day in reversed(list(days))]
        for _, days in groupby(reader.past_weeks(group), key=lambda past_day: past_day.day.isocalendar()[:2])
    ]
    return _page("group.html", viewer, title=group.title, group=group, weeks=weeks)


def _sections(texts: Sequence[CardTexts], cards: Sequence[Card], now: datetime) -> list[Section]:
    """Return the three sections. A group is in one of them. Stand-ups that can still be saved come first."""
    parts: dict[Part, list[tuple[bool, CardTexts]]] = {part: [] for part in Part}
    for card, card_text in zip(cards, texts, strict=True):
        is_ahead = card.due.standup_at > now
        parts[_part(card, is_ahead)].append((not is_ahead, card_text))
    parts[Part.NEEDS_YOU].sort(key=lambda pair: pair[0])
    return [Section(part, tuple(card_text for _, card_text in pairs)) for part, pairs in parts.items()]


def _part(card: Card, is_ahead: bool) -> Part:
    if card.state.needs_operator:
        return Part.NEEDS_YOU
    return Part.COMING if is_ahead or card.state in (State.ON_THE_WAY, State.TO_COME) else Part.ENDED


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


def _page(name: str, viewer: Viewer, **values: object) -> str:
    now = viewer.now.astimezone(viewer.zone)
    return (
        _environment()
        .get_template(name)
        .render(
            **values,
            style=_asset("board.css"),
            script=_asset("board.js"),
            renewal_seconds=RENEWAL_SECONDS,
            renewal_seconds_without_script=RENEWAL_SECONDS_WITHOUT_SCRIPT,
            renewed=f"{now:%A} {now.day} {now:%B %Y, %H:%M:%S}",
            zone=viewer.zone.key,
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
