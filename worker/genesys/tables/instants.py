"""Instants as exports write them: ISO 8601, or month, day and year as en-us has them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from worker.genesys.tables.xlsx.number_formats import ExactNumber, instant_of_serial

_EN_US = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2}|\d{4}),?\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2}))?\s*(?P<half>[AaPp][Mm])?"
)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Return an instant in UTC. Without an offset it is in ``zone``, for which the export was asked."""
    value = _moment(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def second_reading(text: str, zone: ZoneInfo) -> datetime:
    """Return the later instant of a local time that the clock shows twice when summer ends, else that of `instant`."""
    value = _moment(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone, fold=1)).astimezone(UTC)


def is_skipped(text: str, zone: ZoneInfo) -> bool:
    """Return whether clocks jump over a local time when summer begins. `ValueError` if the text is no time."""
    value = _moment(text)
    if value.tzinfo:
        return False
    return instant(text, zone).astimezone(zone).replace(tzinfo=None) != value


def _moment(text: str) -> datetime:
    """Read ISO 8601, or month, day and year as in ``11/16/26 2:30 PM``."""
    match = _EN_US.fullmatch(text.strip())
    if not match:
        serial = instant_of_serial(text) if isinstance(text, ExactNumber) else None
        return serial or datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    hour = int(match["hour"])
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if match["half"].upper() == "PM" else 0)
    return datetime(  # noqa: DTZ001 - the caller gives it its zone
        year, int(match["month"]), int(match["day"]), hour, int(match["minute"]), int(match["second"] or 0)
    )
