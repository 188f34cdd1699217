"""Suggest a value in place of one that is valid TOML and has another form than its key needs."""

from __future__ import annotations

import json
import re

_TIME = re.compile(r"(?P<hours>[01]?\d|2[0-3])[:.h]?(?P<minutes>[0-5]\d)(?:\s*(?:h|Uhr))?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
SWITCHES = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
"""What people write for true and false."""


def suggested_value(value: object, expected: str) -> str:
    """Return a value as TOML for what a key expects, in the words of its description. "" if nothing is likely."""
    text = str(value).strip()
    if "local time" in expected:
        time = _TIME.fullmatch(text)
        return f'"{time["hours"].zfill(2)}:{time["minutes"]}"' if time else ""
    if "true or false" in expected:
        return SWITCHES.get(text.lower(), "")
    if "fraction" in expected:
        return _fraction(text.removesuffix("%").strip().replace(",", "."))
    if not isinstance(value, str):
        return ""
    if "without quotes" in expected:
        return text.lstrip("0") if text.isdecimal() and text.isascii() else ""
    if expected.startswith("a list"):
        items = [item.strip() for item in value.split(",") if item.strip()]
        return json.dumps(items, ensure_ascii=False) if items else ""
    return ""


def _fraction(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return ""
    number = float(text)
    fraction = number / 100 if number > 1 else number
    return f"{fraction:g}" if fraction <= 1 else ""
