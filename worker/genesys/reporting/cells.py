"""Numbers, percentages, durations and instants as exports write them. Pure.

A lone point or comma is a decimal sign, except that counts have no fractions: there it groups thousands, as far as the
file's manner allows (a semicolon between cells goes with decimal commas). Whether percentages without a sign are 0–1 or
0–100 cannot be told from one cell; `report_table` decides it for the file as a whole.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

EMPTY = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none"})

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_GROUPED_BY_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_GROUPED_BY_POINT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_DECIMALS = re.compile(r"[.,](\d+)$")
_EN_US = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{2}|\d{4}),?\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2}))?\s*(?P<half>[AaPp][Mm])?"
)
_CLOCK = re.compile(r"(?P<hours>\d{1,4}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:[.,]\d+)?)")


def is_empty(text: str) -> bool:
    """Whether the source says nothing here."""
    return text.strip().casefold() in EMPTY


def number(text: str) -> float:
    """A number; where point and comma both stand, the last is the decimal sign. ValueError where it is none."""
    packed = _SPACES.sub("", text)
    if packed.rfind(",") > packed.rfind("."):
        packed = packed.replace(".", "").replace(",", ".")
    else:
        packed = packed.replace(",", "")
    value = float(packed)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def count(text: str, *, decimal_comma: bool) -> int:
    """A whole number, at least 0; ``1,234`` is more than a thousand, and so is ``1.234`` with decimal commas."""
    packed = _SPACES.sub("", text)
    grouped = _GROUPED_BY_POINT if decimal_comma else _GROUPED_BY_COMMA
    if grouped.fullmatch(packed):
        packed = re.sub(r"[.,]", "", packed)
    value = number(packed)
    if value < 0 or value != round(value):
        raise ValueError(text)
    return round(value)


def percent(text: str) -> tuple[float, bool]:
    """The number as it stands, and whether a percent sign says its scale."""
    signed = text.strip().endswith("%")
    value = number(text.strip().removesuffix("%"))
    if value < 0:
        raise ValueError(text)
    return value, signed


def seconds(text: str) -> float:
    """A duration in seconds, from seconds or ``hh:mm:ss``."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        last = float(clock["seconds"].replace(",", "."))
        return int(clock["hours"]) * 3600 + int(clock["minutes"]) * 60 + last
    value = number(text)
    if value < 0:
        raise ValueError(text)
    return value


def milliseconds(text: str) -> float:
    """A duration in milliseconds, from milliseconds or ``hh:mm:ss``."""
    return seconds(text) * 1000 if _CLOCK.fullmatch(text.strip()) else seconds(text)


def decimals(text: str) -> int:
    """How many digits stand behind the decimal sign."""
    found = _DECIMALS.search(text.strip().removesuffix("%").strip())
    return len(found[1]) if found else 0


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant in UTC; without an offset it is meant in ``zone``, which is the one that the export was asked for."""
    value = _moment(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def second_reading(text: str, zone: ZoneInfo) -> datetime:
    """The later meaning of a local time that the clock shows twice when summer ends; else the same as `instant`."""
    value = _moment(text)
    return (value if value.tzinfo else value.replace(tzinfo=zone, fold=1)).astimezone(UTC)


def _moment(text: str) -> datetime:
    """ISO 8601, or month, day and year as en-us has them: ``11/16/26 2:30 PM``."""
    found = _EN_US.fullmatch(text.strip())
    if not found:
        return datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if found["half"].upper() == "PM" else 0)
    return datetime(  # noqa: DTZ001 - the caller gives it its zone
        year, int(found["month"]), int(found["day"]), hour, int(found["minute"]), int(found["second"] or 0)
    )
