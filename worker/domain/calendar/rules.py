"""Refuses recurrence rules (RFC 5545, section 3.3.10) that the libraries would expand for ever, or to nothing."""

from __future__ import annotations

import re

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_POSITIVE = ("INTERVAL", "COUNT")
_FROM_EITHER_END = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
"""Parts that count from 1, or from -1 at the end of the month or year."""

_RANGES = {"BYMONTH": range(1, 13), "BYHOUR": range(24), "BYMINUTE": range(60), "BYSECOND": range(61)}
_OTHERS = ("FREQ", "UNTIL", "BYDAY", "WKST", "BYEASTER")
_KNOWN = (*_OTHERS, *_POSITIVE, *_FROM_EITHER_END, *_RANGES)
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
_WEEKDAY = re.compile(r"(?P<number>[+-]?[0-9]{1,9})?(?:MO|TU|WE|TH|FR|SA|SU)")
_WEEKS_OF_MONTH, _WEEKS_OF_YEAR = 5, 53


def refuse_wrong_rule(rule: str) -> None:
    """Raise ValueError for a rule that never ends to expand, repeats by the second, has two ends, or fits no day."""
    pairs = (part.partition("=") for part in rule.upper().split(";") if part.strip())
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if parts.get("FREQ") not in _FREQUENCIES:
        raise ValueError(f"expected FREQ to be one of {', '.join(_FREQUENCIES)}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("it has both COUNT and UNTIL")
    for name, value in parts.items():
        if name not in _KNOWN:
            raise ValueError(f"it has the part {name[:40]}, which is not supported")
        expected = _expected(name, value, parts)
        if expected:
            raise ValueError(f"expected {name} to be {expected}, found {value[:40]}")


def _expected(name: str, value: str, parts: dict[str, str]) -> str:
    """Return what is expected in a part of a rule, "" if it is in order."""
    if name in _POSITIVE:
        return "" if _NUMBER.fullmatch(value) and int(value) > 0 else "1 or more"
    if name in _FROM_EITHER_END:
        largest = _FROM_EITHER_END[name]
        is_valid = all(_NUMBER.fullmatch(number) and 1 <= abs(int(number)) <= largest for number in value.split(","))
        return "" if is_valid else f"1 to {largest}, or -{largest} to -1"
    if name in _RANGES:
        numbers = _RANGES[name]
        is_valid = all(_NUMBER.fullmatch(number) and int(number) in numbers for number in value.split(","))
        return "" if is_valid else f"{numbers[0]} to {numbers[-1]}"
    return _expected_weekdays(value, parts) if name == "BYDAY" else ""


def _expected_weekdays(value: str, parts: dict[str, str]) -> str:
    is_of_month = parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts
    largest = _WEEKS_OF_MONTH if is_of_month else _WEEKS_OF_YEAR
    for weekday in map(_WEEKDAY.fullmatch, value.split(",")):
        if weekday is None or (weekday["number"] and not 1 <= abs(int(weekday["number"])) <= largest):
            return f"weekdays such as MO, or 1MO to {largest}MO, or -1MO for the last one"
    return ""
