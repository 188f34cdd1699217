"""Reads bodies that should be JSON objects, and are not always."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from worker.errors import MalformedAnswer

MEMORY_LIMIT_MB = 256
"""How much memory the values of one body may take.

The largest true ones take less: a day of 200 queues with five media types (220 MB), a schedule of six weeks with 300
planning groups (100 MB), the adherence of 5,000 agents (100 MB).
"""

_MEGABYTE = 1024 * 1024
_BYTES_OF_VALUE = {b"{": 200, b"[": 60, b",": 40}
"""How much memory CPython takes for an object, for an array, and for a value in one of them, at least."""

_SHOWN_CHARACTERS = 20
_TOO_DEEP = "JSON that is nested too deeply"
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def read_object(content: bytes, label: str) -> dict[str, object]:
    """Return the body as a JSON object. `MalformedAnswer` says what came instead, and never shows the body itself."""
    _check_memory(content, label)
    try:
        text = content.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except RecursionError:
        raise _malformed(label, _TOO_DEEP) from None
    except _NoNumber as error:
        raise _malformed(label, f"JSON with {error}, which is no number") from None
    except ValueError:
        raise _malformed(label, _looks_like(content)) from None
    if not isinstance(value, dict):
        raise _malformed(label, f"JSON, but a {type(value).__name__} where an object is promised")
    if not _HALF_CHARACTER.search(text):
        return value
    try:
        return _without_lone_surrogates(value)
    except RecursionError:
        raise _malformed(label, _TOO_DEEP) from None


def _check_memory(content: bytes, label: str) -> None:
    """Refuse a body that is small and has millions of values, such as ``[],[],[]``, before they are made."""
    megabytes = sum(content.count(mark) * size for mark, size in _BYTES_OF_VALUE.items()) // _MEGABYTE
    if megabytes > MEMORY_LIMIT_MB:
        raise MalformedAnswer(
            f"{label} answers with {len(content) // _MEGABYTE} MB of JSON, whose values would take about {megabytes} "
            f"MB of memory. At most {MEMORY_LIMIT_MB} MB are read.",
            way_out="Ask for less (fewer queues, agents or units), or look for a proxy before the API.",
        )


def _malformed(label: str, description: str) -> MalformedAnswer:
    return MalformedAnswer(
        f"{label} answers with {description}.",
        way_out="Check that the address is that of the API and that no proxy answers in its place.",
    )


def _looks_like(content: bytes) -> str:
    beginning = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not beginning:
        return "an empty body"
    if beginning.startswith((b"<!doctype", b"<html", b"<?xml", b"<")):
        return "a web page instead of JSON"
    if beginning.startswith((b"{", b"[")):
        return f"broken JSON, perhaps cut off after {len(content)} bytes"
    return "something that is no JSON"


class _NoNumber(ValueError):
    """The text of what JSON readers take for a number, and is none."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NoNumber(name)


def _finite(text: str) -> float:
    """Refuse ``1e400``, which is a number in JSON and infinity in Python."""
    value = float(text)
    if not math.isfinite(value):
        raise _NoNumber(text[:_SHOWN_CHARACTERS])
    return value


def _without_lone_surrogates(value: object) -> dict[str, object]:
    """Replace lone surrogates in names by U+FFFD, because no encoder downstream accepts them."""
    clean = _walk(value)
    return clean if isinstance(clean, dict) else {}


def _walk(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_walk(item) for item in value]
    if isinstance(value, dict):
        return {str(_walk(key)): _walk(item) for key, item in value.items()}
    return value
