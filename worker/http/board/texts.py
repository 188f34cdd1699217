"""The words and the times of a card, ready for the page."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import zip_longest
from typing import Literal
from zoneinfo import ZoneInfo

from worker.alerts.rules import command
from worker.alerts.same_cause import GOOD_STATES
from worker.domain.deliveries import Delivery
from worker.domain.runs import STEPS, Event, Run, RunState, Step
from worker.http.board.standups import Card, State
from worker.http.board.times import Viewer, duration, place

Tone = Literal["bad", "watch", "run", "good", "plain"]
SegmentTone = Literal["done", "now", "none"]

TONES: dict[State, Tone] = {
    State.FAILED: "bad",
    State.MISSED: "bad",
    State.NOT_BEGUN: "bad",
    State.LATE: "bad",
    State.AT_RISK: "watch",
    State.IN_PART: "watch",
    State.ON_THE_WAY: "run",
    State.DELIVERED: "good",
    State.CORRECTED: "good",
}
SHAPES: dict[Tone, str] = {"bad": "✕", "watch": "▲", "run": "▶", "good": "✓", "plain": "○"}
"""The shape beside each word, because a colour alone tells some people nothing. U+FE0E follows it on the page."""

NAMED_RECIPIENTS = 10
"""A card names so many recipients who did not get their briefing."""

_MADE = ("documents made", "notice made")
_DOCUMENT = re.compile(r"\.([a-z]+) ([\d,]+) bytes")
"""A document in the timeline: its name, its size and its hash."""


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One event of a run. ``time`` is the group's local time, ``pause`` how long it is until the next event."""

    time: str
    step: str
    text: str
    detail: str
    pause: str


@dataclass(frozen=True, slots=True)
class CardTexts:
    """A card as the page shows it. ``command``, ``wait`` and ``documents`` are "" if there is none."""

    key: str
    title: str
    standup: str
    standup_for_viewer: str
    state: State
    tone: Tone
    word: str
    sentence: str
    people: str
    refused: tuple[str, ...]
    command_intro: str
    command: str
    segments: tuple[SegmentTone, ...]
    step: str
    run_id: str
    wait: str = ""
    documents: str = ""
    timeline: tuple[TimelineLine, ...] = ()

    @property
    def shape(self) -> str:
        """Return the shape beside the word."""
        return f"{SHAPES[self.tone]}\ufe0e"


def card_texts(card: Card, viewer: Viewer, events: Sequence[Event] = ()) -> CardTexts:
    """Return a card's texts. ``events`` are the run's, for a card that shows its timeline."""
    run = card.run
    return CardTexts(
        key=card.group.key,
        title=card.group.title,
        standup=_standup(card, viewer),
        standup_for_viewer=_standup_for_viewer(card, viewer),
        state=card.state,
        tone=TONES.get(card.state, "plain"),
        word=_word(card),
        sentence=_sentence(card, events),
        people=people(card),
        refused=tuple(_refused(card)),
        command_intro=_command_intro(card),
        command=_command(card),
        segments=_segments(run),
        step=_step(run),
        run_id=str(run.id) if run else "",
        wait=_wait(card, viewer),
        documents=documents(events),
        timeline=tuple(timeline_lines(events, card.group.tz)),
    )


def timeline_lines(events: Sequence[Event], zone: ZoneInfo) -> Iterable[TimelineLine]:
    """Yield the lines of a run's timeline."""
    for event, next_event in zip_longest(events, events[1:]):
        pause = duration(next_event.time - event.time) if next_event else ""
        time = f"{event.time.astimezone(zone):%H:%M:%S}"
        yield TimelineLine(time, _plain(event.step), event.text, event.detail, pause)


def people(card: Card) -> str:
    """Return how many of the recipients have it."""
    counted = _counted(card)
    count = len(counted) or len(card.group.deliver.recipients)
    noun = "recipient" if count == 1 else "recipients"
    if card.run is None or card.state == State.PAUSED or (card.state.is_ended and not counted):
        return f"{count} {noun}"
    counts = Counter(delivery.state for delivery in counted)
    facts = [f"{counts['sent']} of {count} reached"]
    facts += [f"{counts[state]} {state}" for state in ("refused", "unknown") if counts[state]]
    waiting = counts["planned"] + counts["sending"]
    return ", ".join(facts + ([f"{waiting} waiting"] if waiting and card.state.needs_operator else []))


def _counted(card: Card) -> list[Delivery]:
    """Return the deliveries to recipients. A delivered run has others only for addresses that a group no longer has."""
    has_reached_all = card.run is not None and card.run.state in GOOD_STATES
    deliveries = [delivery for delivery in card.deliveries if not delivery.test]
    return [delivery for delivery in deliveries if delivery.state == "sent" or not has_reached_all]


def documents(events: Sequence[Event]) -> str:
    """Return the kinds and sizes of the documents that a run made last: "PDF 241 kB, XLSX 33 kB"."""
    details = [event.detail for event in events if event.step == Step.RENDER and event.text in _MADE]
    sizes = _DOCUMENT.findall(details[-1]) if details else []
    return ", ".join(f"{kind.upper()} {_kilobytes(size)}" for kind, size in sizes)


def summary(cards: Iterable[Card]) -> list[tuple[State, Tone, int]]:
    """Return how many groups are in each state, in the order of the states."""
    counts = Counter(card.state for card in cards)
    return [(state, TONES.get(state, "plain"), counts[state]) for state in State if counts[state]]


def _kilobytes(size: str) -> str:
    return f"{math.ceil(int(size.replace(',', '')) / 1000)} kB"


def _wait(card: Card, viewer: Viewer) -> str:
    """Return until when a run waits for quota, by the group's clocks as everything else about its run."""
    if card.quota_until is None or card.run is None or card.run.state != RunState.OPEN:
        return ""
    rest = duration(card.quota_until - viewer.now)
    return f"Waits for quota until {card.quota_until.astimezone(card.group.tz):%H:%M:%S}, about {rest} more"


def _standup(card: Card, viewer: Viewer) -> str:
    instant = card.due.standup_at
    day = "" if instant.date() == viewer.now.astimezone(card.group.tz).date() else f"{instant:%a} "
    return f"{day}{instant:%H:%M} {place(card.group.tz, instant)}"


def _standup_for_viewer(card: Card, viewer: Viewer) -> str:
    """Return the time where the board is served, if that is another one, and how far away it is."""
    instant = card.due.standup_at
    local_standup = instant.astimezone(viewer.zone)
    standup_here = "" if local_standup.utcoffset() == instant.utcoffset() else f"{local_standup:%H:%M} {viewer.place}, "
    return f"{standup_here}{viewer.distance(instant.astimezone(UTC))}"


def _word(card: Card) -> str:
    if card.state == State.TO_COME:
        begin = card.due.due_at
        return f"Begins {begin:%H:%M} local"
    if card.state == State.PAUSED:
        return f"{card.pause}".capitalize() if card.pause else card.state.value
    if card.state == State.NOTICE and card.run and card.run.holiday_name:
        return "Notice: holiday"
    return card.state.value


def _sentence(card: Card, events: Sequence[Event]) -> str:
    run = card.run
    if card.state == State.PAUSED and card.pause:
        return f"To end the pause: standup resume {card.group.key}"
    if run is None:
        return "" if card.state != State.NOT_BEGUN else "It should have begun. Does beat run, and does a worker?"
    if run.state == RunState.OPEN:
        return "" if card.quota_until else _progress(card, run, events)
    if card.state == State.NOTICE:
        return run.holiday_name or "No interactions"
    if run.sentence:
        return run.sentence
    local_end = f"{run.finished_at.astimezone(card.group.tz):%H:%M} local" if run.finished_at else ""
    return f"{local_end}, revision {run.id.revision}" if card.state == State.CORRECTED else local_end


def _progress(card: Card, run: Run, events: Sequence[Event]) -> str:
    """Return what happened last in an open run."""
    last = f"{events[-1].text}. {events[-1].detail}".strip(". ") if events else f"step {_plain(run.step)}"
    usual = f" Usually done in {duration(card.usual)}." if card.state == State.AT_RISK and card.usual else ""
    return f"{last[:1].upper()}{last[1:]}.{usual}"


def _refused(card: Card) -> Iterable[str]:
    """Yield who did not get it and why, unless the run's own sentence says so."""
    sentence = card.run.sentence if card.run else ""
    refused = [
        delivery
        for delivery in _counted(card)
        if delivery.state in ("refused", "unknown") and delivery.recipient not in sentence
    ]
    for delivery in refused[:NAMED_RECIPIENTS]:
        yield f"{delivery.recipient}: {delivery.why or delivery.state}"
    if card.run and len(refused) > NAMED_RECIPIENTS:
        yield f"and {len(refused) - NAMED_RECIPIENTS} more: standup explain {card.run.id}"


def _command_intro(card: Card) -> str:
    if card.state in (State.LATE, State.AT_RISK):
        return "It goes on by itself. To follow it:"
    return "When the cause is fixed:"


def _command(card: Card) -> str:
    if not card.state.needs_operator:
        return ""
    if card.run is None:
        return f"standup run {card.group.key} --date {card.due.reporting_day}"
    if card.run.state == RunState.OPEN:
        return f"standup explain {card.run.id} --follow"
    return command(card.run.id, card.run.state, card.run.code)


def _segments(run: Run | None) -> tuple[SegmentTone, ...]:
    """Return a segment for each step of the chain: done, the present one, or still to do."""
    reached = -1 if run is None or run.state == RunState.MISSED else STEPS.index(run.step)
    if run and run.state in (RunState.DELIVERED, RunState.NOTIFIED, RunState.SKIPPED):
        reached = len(STEPS)
    return tuple(_segment(number, reached) for number in range(len(STEPS)))


def _segment(number: int, reached: int) -> SegmentTone:
    if number == reached:
        return "now"
    return "done" if number < reached else "none"


def _step(run: Run | None) -> str:
    if run is None or run.state == RunState.MISSED:
        return "not begun"
    if run.state == RunState.OPEN:
        return f"at {_plain(run.step)}"
    took = f" after {duration(run.finished_at - run.created_at)}" if run.finished_at else ""
    verb = "failed at " + _plain(run.step) if run.state == RunState.FAILED else "done"
    return f"{verb}{took}"


def _plain(word: str) -> str:
    return word.replace("_", " ")
