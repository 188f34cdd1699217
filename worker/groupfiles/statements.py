"""Split TOML into statements, and parse one with every failure of the parser as one error.

A statement is a header, or a key with its value. Each is also a complete TOML document.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

_MAX_DEPTH = 50
_TOO_LONG_NUMBER = "a number with too many digits"
_INTEGERS = range(-(2**63), 2**63)
"""The integers that TOML has. Python refuses to write longer ones of thousands of digits as text."""

_POSITION = re.compile(r" \(at (line (?P<line>\d+), column \d+|end of document)\)$")
_TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*(?:"{3,5}|\Z|\\\Z)'
    r"|'''(?:[^']++|'(?!''))*(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]++|\\[^\n])*"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+|[\[{]|[\]}]|\n"
)
"""Everything that decides where a statement ends: texts, comments, brackets and line ends.

No quantifier of a group is possessive: Python before 3.11.5, such as Debian 12's, matches that wrongly (CPython issue
106052). None needs to be, because each alternative fits at its first attempt.
"""


class InvalidToml(Exception):
    """What the parser says of a text, and the line in it, None for its end."""

    def __init__(self, complaint: str, line: int | None) -> None:
        super().__init__(complaint)
        self.complaint = complaint
        self.line = line


def load(text: str) -> dict[str, Any]:
    """Parse a TOML document. Raise `InvalidToml` for everything that the parser cannot read.

    Besides `TOMLDecodeError`, tomllib raises RecursionError for nested arrays, and ValueError for a decimal integer of
    more digits than `sys.get_int_max_str_digits` allows. It accepts other integers of any length, such as ``0xff…``.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        position = _POSITION.search(str(error))
        line = int(position["line"]) if position and position["line"] else None
        raise InvalidToml(_POSITION.sub("", str(error)), line) from None
    except RecursionError:
        raise InvalidToml("nested too deeply", None) from None
    except ValueError:
        raise InvalidToml(_TOO_LONG_NUMBER, None) from None
    _refuse_depth_and_long_numbers(data)
    return data


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the first line and the text of each statement. An unclosed text or array reaches to the end."""
    start, line, depth = 0, 1, 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth = max(0, depth - 1)
            case "\n" if depth == 0:
                statement = text[start : token.end()]
                yield line, statement
                start, line = token.end(), line + statement.count("\n")
    if text[start:].strip():
        yield line, text[start:]


def _refuse_depth_and_long_numbers(data: Mapping[str, Any]) -> None:
    """Raise `InvalidToml` for a value at which code that walks it by recursion, or writes it as text, could fail."""
    level: list[Any] = [data]
    for _ in range(_MAX_DEPTH):
        level = [part for value in level for part in _parts(value)]
        if any(isinstance(value, int) and value not in _INTEGERS for value in level):
            raise InvalidToml(_TOO_LONG_NUMBER, None)
        if not level:
            return
    raise InvalidToml("nested too deeply", None)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
