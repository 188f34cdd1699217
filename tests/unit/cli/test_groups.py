"""`standup groups` shows every channel of a group, and which calendar it has."""

from __future__ import annotations

from datetime import time

import pytest

from worker.cli.groups import calendar_of, recipients_of
from worker.domain.groups import Deliver, Group


def group(**values: object) -> Group:
    fields = {
        "key": "support",
        "title": "Support",
        "zone": "Europe/Berlin",
        "standup_at": time(8),
        "catch_up_until": time(9),
        "queues": ("Billing",),
        "deliver": Deliver(),
    }
    return Group.model_validate(fields | values)


def test_every_channel_is_listed_with_its_recipients() -> None:
    deliver = Deliver(
        email=("ana@example.com",), sendgrid=("bo@example.com",), slack=("ops",), teams=("leads",), bucket=("archive",)
    )
    assert list(recipients_of(group(deliver=deliver))) == [
        "bucket archive",
        "ana@example.com",
        "sendgrid bo@example.com",
        "slack ops",
        "teams leads",
    ]


@pytest.mark.parametrize(
    ("calendar", "text"),
    [
        ({"kind": "none"}, "none"),
        ({"kind": "country", "country": "DE"}, "DE"),
        ({"kind": "country", "country": "DE", "subdivision": "BY"}, "DE-BY"),
        ({"kind": "country", "country": "US", "categories": ["public", "optional"]}, "US public, optional"),
        ({"kind": "ical", "path": "holidays.ics"}, "ical holidays.ics"),
        ({"kind": "schedule_group", "name": "EMEA Support"}, "schedule group EMEA Support"),
        ({"kind": "schedule_group", "id": "0-1"}, "schedule group 0-1"),
        ({"kind": "guide", "id": "emea"}, "guide emea"),
    ],
)
def test_the_calendar_is_named(calendar: dict[str, object], text: str) -> None:
    assert calendar_of(group(calendar=calendar)) == text
