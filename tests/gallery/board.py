"""A morning on the board: something late, failed, at risk, delivered in part, waiting, paused and delivered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from tests.gallery import pictures
from worker.domain.calendar.schedule import due_at, newest_due, next_due
from worker.domain.deliveries import Delivery, DeliveryState
from worker.domain.groups import Group
from worker.domain.pauses import Pause
from worker.domain.runs import Event, Run, RunId, RunState, Step
from worker.http.board import pages
from worker.http.board.standups import Card, state_of
from worker.state.token_bucket import QuotaUse

NOW = datetime(2026, 10, 22, 12, 12, tzinfo=UTC)  # a Thursday, 08:12 in New York and 14:12 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
FORBIDDEN = (
    "The OAuth client of organisation 'main' lacks the permission wfm:historicalAdherence:view. Grant it to a role of "
    "the client in Admin > Integrations > OAuth."
)
REFUSED = "550 5.1.1 no such mailbox"
NOT_SENT = (
    f"Not delivered to everybody. lead@help.example: {REFUSED}. Correct or remove the address in the group's file."
)
DOCUMENTS = "daily-standup.pdf 241,300 bytes, SHA-256 1f0c; daily-standup.xlsx 33,120 bytes, SHA-256 77ab"
DONE = (("", "claimed by beat", ""), ("holiday_check", "business day", ""), ("render", "documents made", DOCUMENTS))
POLLED = (
    ("", "claimed by beat", ""),
    ("holiday_check", "business day", ""),
    ("export", "export started", "queues, agents, adherence"),
    ("poll", "not ready yet", "adherence: RUNNING 40 %"),
    ("poll", "not ready yet", "adherence: RUNNING 70 %"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A group's stand-up as the board shows it. ``began_at`` is minutes after its preparation is due."""

    title: str
    zone: str
    standup_at: str
    state: RunState | None = None
    step: Step = Step.DELIVER
    events: tuple[tuple[str, str, str], ...] = ()
    deliveries: tuple[DeliveryState, ...] = ("sent", "sent", "sent", "sent")
    sentence: str = ""
    usual_minutes: int | None = None
    is_paused: bool = False
    revision: int = 1

    @property
    def key(self) -> str:
        """Return the key of the group."""
        return self.title.lower().replace(" ", "-")


SAMPLES = (
    Sample("Desk Tokyo", "Asia/Tokyo", "09:00", RunState.NOTIFIED, deliveries=("sent", "sent")),
    Sample("Support Pune", "Asia/Kolkata", "09:30", RunState.DELIVERED, events=DONE),
    Sample("Support EMEA", "Europe/Berlin", "08:30", RunState.DELIVERED, events=DONE, revision=2),
    Sample(
        "Help London",
        "Europe/London",
        "08:30",
        RunState.PARTLY_DELIVERED,
        events=DONE,
        deliveries=("sent", "sent", "sent", "refused"),
        sentence=NOT_SENT,
    ),
    Sample("Care Lisbon", "Europe/Lisbon", "09:00", RunState.FAILED, Step.EXPORT, POLLED[:2], (), FORBIDDEN),
    Sample("Care Halifax", "America/Halifax", "09:00", RunState.OPEN, Step.POLL, POLLED, ()),
    Sample("Care New York", "America/New_York", "08:30", RunState.OPEN, Step.POLL, POLLED, (), usual_minutes=2),
    Sample("Northgate Support", "America/New_York", "08:45", RunState.DELIVERED, events=DONE),
    Sample("Sales Toronto", "America/Toronto", "08:55", RunState.OPEN, Step.EXPORT, POLLED[:2], ()),
    Sample("Night Desk", "America/New_York", "08:50", is_paused=True),
    Sample("Sales Denver", "America/Denver", "08:30"),
    Sample("Help Honolulu", "Pacific/Honolulu", "08:00"),
)


def group_of(sample: Sample) -> Group:
    """Return the group with its four recipients."""
    values: dict[str, Any] = {
        "key": sample.key,
        "title": sample.title,
        "zone": sample.zone,
        "standup_at": sample.standup_at,
        "catch_up_until": "23:00",
        "queues": ["Line"],
        "deliver": {"email": ["ana@help.example", "bo@help.example", "cy@help.example", "lead@help.example"]},
    }
    return Group.model_validate(values)


class SampleReader:
    """Reads what a `BoardReader` reads, from the samples."""

    def __init__(self) -> None:
        self._events: dict[RunId, list[Event]] = {}
        self._deliveries: dict[RunId, tuple[Delivery, ...]] = {}
        self._cards = sorted(map(self._card, SAMPLES), key=lambda card: card.due.standup_at)

    def clock(self) -> datetime:
        return NOW

    def cards(self) -> list[Card]:
        return self._cards

    def with_deliveries(self, cards: Sequence[Card]) -> list[Card]:
        return [replace(card, deliveries=self._deliveries[card.run.id]) if card.run else card for card in cards]

    def timelines(self, runs: Iterable[Run]) -> dict[RunId, list[Event]]:
        return {run.id: self._events[run.id] for run in runs}

    def quota_uses(self, cards: Iterable[Card]) -> dict[str, QuotaUse]:
        waiting = {str(card.run.id): 40.0 for card in cards if card.run and card.run.step == Step.EXPORT}
        return {"main": QuotaUse(300, 297, 1, 40, 0, waiting)}

    def silent_since(self) -> None:
        return None

    def problem_count(self) -> int:
        return 0

    def _card(self, sample: Sample) -> Card:
        group = group_of(sample)
        due = newest_due(NOW, group)
        due = due if due and due.standup_at.date() == NOW.astimezone(group.tz).date() else next_due(NOW, group)
        assert due
        run = self._run(sample, due.reporting_day, due_at(group, due.standup_at.date()).astimezone(UTC))
        pause = Pause(NOW) if sample.is_paused else None
        usual = timedelta(minutes=sample.usual_minutes) if sample.usual_minutes else None
        return Card(group, due, state_of(due, run, usual, pause, NOW), run, usual=usual, pause=pause)

    def _run(self, sample: Sample, day: date, begun_at: datetime) -> Run | None:
        if sample.state is None:
            return None
        run_id = RunId(sample.key, day, sample.revision)
        self._events[run_id] = [
            Event(begun_at + timedelta(seconds=2 * 3**number), *event) for number, event in enumerate(sample.events)
        ]
        addresses = ("ana@help.example", "bo@help.example", "cy@help.example", "lead@help.example")
        self._deliveries[run_id] = tuple(
            Delivery("email", address, state, why=REFUSED if state == "refused" else "")
            for address, state in zip(addresses, sample.deliveries, strict=False)
        )
        finished_at = None if sample.state == RunState.OPEN else begun_at + timedelta(seconds=47)
        return Run(
            run_id,
            sample.state,
            sample.step,
            "beat",
            begun_at,
            day,
            finished_at=finished_at,
            sentence=sample.sentence,
            holiday_name="Founding Day" if sample.state == RunState.NOTIFIED else "",
        )


def board() -> Image.Image:
    """The board at 1280 pixels with an open timeline, and at 390 in the dark."""
    page = pages.board_page(SampleReader(), BERLIN).replace("system-ui", "Roboto")  # type: ignore[arg-type]
    page = page.replace(" hidden>Copy", ">Copy")  # as the script does
    wide = page.replace('<details id="timeline-care-new-york">', '<details id="timeline-care-new-york" open>')
    dark = page.replace("(prefers-color-scheme:dark)", "all")
    return pictures.mails([wide, dark], [1280, 390], 1880, 0.75)
