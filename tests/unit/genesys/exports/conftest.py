"""Files of exports as texts, and the order that they answer."""

from __future__ import annotations

import io
from datetime import datetime
from zoneinfo import ZoneInfo

from worker.domain.rows import Window
from worker.genesys.exports.views import AGENT_VIEW, QUEUE_VIEW, View
from worker.genesys.source import Order
from worker.genesys.tables.table import Table

ZONE = ZoneInfo("America/New_York")
ORDER = Order(
    name="standup-support-2026-11-16-r1",
    window=Window(datetime(2026, 11, 16, tzinfo=ZONE), datetime(2026, 11, 17, tzinfo=ZONE)),
    zone="America/New_York",
    queues=("Support", "Billing"),
    media=("voice",),
)
QUEUE_HEADER = "Interval Start,Interval End,Interval Complete,Filters,Media Type,Queue Id,Queue Name,"


def table(text: str | bytes, view: View = QUEUE_VIEW) -> Table:
    """A file as it is read."""
    content = text if isinstance(text, bytes) else text.encode()
    return Table(io.BytesIO(content), view.columns, "The file", ZONE, way_out="Ask.")


def agents(text: str) -> Table:
    """A file of the view of agents."""
    return table(text, AGENT_VIEW)


def line(start: str, queue: str, figures: str, media: str = "voice") -> str:
    """A line of the view of queues."""
    return f"{start},,TRUE,,{media},{queue},Name of {queue},{figures}\n"
