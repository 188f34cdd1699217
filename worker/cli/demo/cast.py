"""Who plays in the demo's morning: groups in many zones, and what goes wrong for some of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from worker.domain.runs import RunState

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Europe/London",
    "Asia/Tokyo",
    "Africa/Nairobi",
    "Pacific/Auckland",
    "America/Los_Angeles",
)
"""Candidates; the demo takes the first five where it is neither just after midnight nor late in the evening."""


@dataclass(frozen=True, slots=True)
class Player:
    """One group of the demo. ``trouble`` are the sandbox's entries; a ``date`` in them becomes the reporting day.

    ``names``: its supervisors may read agents' names; the others read "Agent 7".
    """

    key: str
    title: str
    source: str
    queues: tuple[str, ...]
    story: str
    expected: RunState = RunState.DELIVERED
    trouble: tuple[dict[str, object], ...] = ()
    recipients: tuple[str, ...] = ()
    calendar: bool = False
    names: bool = True

    @property
    def addressees(self) -> tuple[str, ...]:
        """The addresses that get the briefing."""
        return self.recipients or (f"supervisors+{self.key}@example.com",)


REFUSED = "left-last-month@example.com"

PLAYERS = (
    Player("northgate-support", "Northgate Support", "queries", ("Billing EN", "Tech Support L1", "VIP Desk"), "plain"),
    Player("linden-billing", "Linden Billing", "queries", ("Rechnung", "Mahnung"), "plain"),
    Player(
        "saffron-care",
        "Saffron Care",
        "reporting",
        ("Care Hindi", "Care English"),
        "its export takes 18 s",
        trouble=({"kind": "slow_export", "seconds": 18},),
    ),
    Player(
        "coral-bookings",
        "Coral Bookings",
        "reporting",
        ("Bookings",),
        "404, then 503 after the start",
        trouble=({"kind": "not_yet", "not_found": 1, "unavailable": 1},),
    ),
    Player(
        "lumen-ventas",
        "Lumen Ventas",
        "queries",
        ("Ventas", "Postventa"),
        "a storm of 429",
        trouble=({"kind": "rate_limit", "times": 2, "retry_after": 4},),
    ),
    Player(
        "harbour-claims",
        "Harbour Claims",
        "queries",
        ("Claims",),
        "yesterday was a holiday",
        RunState.NOTIFIED,
        ({"kind": "holiday", "date": "yesterday", "name": "Founders Day"},),
        calendar=True,
    ),
    Player(
        "atlas-retention",
        "Atlas Retention",
        "queries",
        ("Retention", "Win-back"),
        "the access token is revoked",
        trouble=({"kind": "expired_token", "times": 1},),
    ),
    Player(
        "orchid-desk",
        "Orchid Desk",
        "reporting",
        ("Orchid Voice",),
        "the result is partial, and says so",
        trouble=({"kind": "partial"},),
    ),
    Player(
        "quiet-line",
        "Quiet Line",
        "queries",
        ("Night Line",),
        "nobody called",
        RunState.NOTIFIED,
        ({"kind": "empty_day", "date": "yesterday"},),
    ),
    Player(
        "broken-exports",
        "Broken Exports",
        "reporting",
        ("Returns",),
        "its export fails for good",
        RunState.FAILED,
        ({"kind": "failed", "reason": "FAILED_GETTING_DATA_FROM_SERVICE"},),
    ),
    Player(
        "three-readers",
        "Three Readers",
        "queries",
        ("Onboarding",),
        "one of three mailboxes is gone",
        RunState.PARTLY_DELIVERED,
        recipients=("first@example.com", REFUSED, "third@example.com"),
        names=False,
    ),
    Player(
        "willow-returns",
        "Willow Returns",
        "exports",
        ("Returns EN", "Returns FR"),
        "its exports take 8 s; the platform's own PDF comes too",
        trouble=({"kind": "slow_export", "seconds": 8},),
    ),
    Player(
        "juniper-orders",
        "Juniper Orders",
        "exports",
        ("Orders",),
        "its exports are partial, and the briefing says so",
        trouble=({"kind": "partial"},),
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A player in its zone; ``yesterday`` is the day its briefing is about."""

    player: Player
    zone: str
    local_now: datetime

    @property
    def yesterday(self) -> date:
        """The local day before today."""
        return self.local_now.date() - timedelta(days=1)


def give_parts(now: datetime) -> list[Part]:
    """Spread the players over five zones where the local day is in full swing at ``now`` (aware)."""
    awake = [zone for zone in ZONES if 1 <= now.astimezone(ZoneInfo(zone)).hour < 22][:5]
    return [
        Part(player, zone := awake[index % len(awake)], now.astimezone(ZoneInfo(zone)))
        for index, player in enumerate(PLAYERS)
    ]
