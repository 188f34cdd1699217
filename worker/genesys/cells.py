"""Numbers, percentages, durations and instants as exports write them. Pure.

An empty cell is None. Which sign is the decimal one follows from the file (a semicolon between cells goes with decimal
commas); whether percentages are 0–1 or 0–100 is decided for the file as a whole, from its largest one.
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
_CLOCK = re.compile(r"(?P<hours>\d{1,4}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:[.,]\d+)?)")


def is_empty(text: str) -> bool:
    """Whether the source says nothing here."""
    return text.strip().casefold() in EMPTY


def number(text: str, *, decimal_comma: bool) -> float:
    """A number with or without thousands signs; ValueError where it is none."""
    packed = _SPACES.sub("", text)
    if decimal_comma and (("," in packed and "." in packed) or _GROUPED_BY_POINT.fullmatch(packed)):
        packed = packed.replace(".", "")
    elif not decimal_comma and ("." in packed and "," in packed):
        packed = packed.replace(",", "")
    value = float(packed.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def count(text: str, *, decimal_comma: bool) -> int:
    """A whole number, at least 0."""
    packed = _SPACES.sub("", text)
    if _GROUPED_BY_COMMA.fullmatch(packed) and not decimal_comma:
        packed = packed.replace(",", "")
    value = number(packed, decimal_comma=decimal_comma)
    if value < 0 or value != round(value):
        raise ValueError(text)
    return round(value)


def percent(text: str, *, decimal_comma: bool) -> tuple[float, bool]:
    """The number as it stands, and whether a percent sign says its scale."""
    signed = text.strip().endswith("%")
    value = number(text.strip().removesuffix("%"), decimal_comma=decimal_comma)
    if value < 0:
        raise ValueError(text)
    return value, signed


def seconds(text: str, *, decimal_comma: bool) -> float:
    """A duration in seconds, from seconds or ``hh:mm:ss``."""
    clock = _CLOCK.fullmatch(text.strip())
    if clock:
        last = float(clock["seconds"].replace(",", "."))
        return int(clock["hours"]) * 3600 + int(clock["minutes"]) * 60 + last
    value = number(text, decimal_comma=decimal_comma)
    if value < 0:
        raise ValueError(text)
    return value


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant in UTC; without an offset it is meant in ``zone``, which is the one that the export was asked for."""
    value = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def second_reading(text: str, zone: ZoneInfo) -> datetime:
    """The later meaning of a local time that the clock shows twice when summer ends; else the same as `instant`."""
    value = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    return (value if value.tzinfo else value.replace(tzinfo=zone, fold=1)).astimezone(UTC)
