"""Read our variables from the text of a file `.env`, and find the lines that have them."""

from __future__ import annotations

import io
from collections import defaultdict

from dotenv.parser import Binding, parse_stream

from worker.errors import SettingsError

PREFIX = "STANDUP_"

_CURLY = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"
_QUOTATION = "A quotation mark around the value must be closed, and one in it needs a \\ before it."


def values_of(text: str, file: str) -> dict[str, str]:
    """Return our variables, named in capitals. Raise `SettingsError` with the line that is wrong.

    Values are taken as they are written: a `${…}` in a secret is no reference to another variable. Of a variable that
    is there twice, the last line counts.
    """
    values: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        is_ours = _name_of(binding).startswith(PREFIX)
        if binding.error or (is_ours and binding.value is None):
            raise SettingsError(
                f"{file}, line {_line_of(binding)}: expected NAME=value.",
                way_out=_QUOTATION if "=" in binding.original.string else "Put a = between the name and the value.",
            )
        if is_ours and binding.value and binding.value[0] in _CURLY:
            raise SettingsError(
                f"{file}, line {_line_of(binding)}: {binding.value[0]} is no quotation mark here.",
                way_out="Write ' or \" around the value.",
            )
        if is_ours and "\0" in (binding.value or ""):
            raise SettingsError(
                f"{file}, line {_line_of(binding)}: the value contains a NUL character.",
                way_out="Type the value again.",
            )
        if is_ours:
            values[_name_of(binding)] = binding.value or ""
    return values


def lines_of(text: str) -> dict[str, list[int]]:
    """Return the lines of each of our variables."""
    lines: dict[str, list[int]] = defaultdict(list)
    for binding in parse_stream(io.StringIO(text)):
        if _name_of(binding).startswith(PREFIX):
            lines[_name_of(binding)].append(_line_of(binding))
    return dict(lines)


def _name_of(binding: Binding) -> str:
    return (binding.key or "").upper()


def _line_of(binding: Binding) -> int:
    """Return the line of the name. The parser counts blank lines above it to the variable."""
    blank = binding.original.string[: len(binding.original.string) - len(binding.original.string.lstrip())]
    return binding.original.line + blank.count("\n")
