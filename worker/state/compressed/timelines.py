"""The stored form of a run's timeline: a list with one element per event, or one element for all events of an old run.

An element is ``<milliseconds> <JSON of step, text, detail>``. The compact element begins with `_COMPACT` and holds such
elements, one a line, each with the milliseconds since the one before. They are deflated with a dictionary of frequent
texts, and in base 85, because Redis' answers are decoded as text.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from worker.domain.runs import Event
from worker.state.compressed.deflate import deflated, inflated

_COMPACT = "z1 "
DICTIONARY = (
    b' ["", "resumed by operator", ""]\n ["", "sent again by operator", ""]\n ["deliver", "operations alerted", ""]\n'
    b' ["export", "another run is asking for this", ""]\n ["poll", "asked for several groups, to be asked again", ""]\n'
    b' ["export", "silent: sent again", ""]\n ["poll", "not ready yet", ""]\n ["poll", "the request has been answered"'
    b', ""]\n ["", "claimed by beat", ""]\n ["holiday_check", "business day", ""]\n ["export", "export started", ""]\n'
    b' ["poll", "rows fetched", " queues,  intervals,  agents"]\n ["render", "documents made", '
    b'"daily-standup-.pdf  bytes, SHA-256 ; daily-standup-.xlsx  bytes, SHA-256 "]\n'
    b' ["deliver", "1 sent, 0 not", ""]\n17'
)
"""It is part of the stored form: another one needs another prefix."""


def element(millis: int, step: str, text: str, detail: str = "") -> str:
    """Return an event as it is stored."""
    return f"{millis} {event_json(step, text, detail)}"


def event_json(step: str, text: str, detail: str = "") -> str:
    """Return an event without its instant, which the Lua scripts add."""
    return json.dumps([step, text, detail], ensure_ascii=False)


def compacted(elements: Iterable[str]) -> str:
    """Return one element for all of these."""
    text = "\n".join(lines(elements)).encode()
    return _COMPACT + base64.b85encode(deflated(text, DICTIONARY)).decode()


def events(elements: Iterable[str]) -> list[Event]:
    """Return the events of a stored timeline, the oldest first."""
    return [_event(line) for line in _expanded(elements)]


def _expanded(elements: Iterable[str]) -> Iterator[str]:
    for stored in elements:
        if stored.startswith(_COMPACT):
            text = inflated(base64.b85decode(stored.removeprefix(_COMPACT)), DICTIONARY)
            yield from elements_of(text.decode().split("\n"))
        else:
            yield stored


def lines(elements: Iterable[str]) -> Iterator[str]:
    """Yield a line for each event, with the milliseconds since the one before. `elements_of` reads them."""
    previous = 0
    for stored in _expanded(elements):
        millis, _, body = stored.partition(" ")
        yield f"{int(millis) - previous} {body}"
        previous = int(millis)


def elements_of(stored_lines: Iterable[str]) -> Iterator[str]:
    """Yield the elements of these lines."""
    millis = 0
    for line in stored_lines:
        difference, _, body = line.partition(" ")
        millis += int(difference)
        yield f"{millis} {body}"


def _event(line: str) -> Event:
    millis, _, body = line.partition(" ")
    return Event(datetime.fromtimestamp(int(millis) / 1000, UTC), *json.loads(body))
