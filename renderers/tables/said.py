"""How a page writes what the cells of a column hold, in the language of its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from renderers.tables.column import Column, Holds, Row
from renderers.words import MISSING, Words


def said(words: Words, column: Column[Row], row: Row) -> str:
    """The cell's text; a dash where there is no data."""
    if column.said:
        return column.said(row)
    value = column.value(row)
    return MISSING if value is None else _WRITTEN[column.holds](words, value)


_WRITTEN: Mapping[Holds, Callable[[Words, Any], str]] = {
    Holds.TEXT: lambda _, text: str(text),
    Holds.NAMES: lambda _, text: str(text),
    Holds.STATUS: lambda _, text: str(text),
    Holds.GOAL: lambda _, text: str(text),
    Holds.COUNT: Words.count,
    Holds.PERCENT: Words.percent,
    Holds.POINTS: Words.signed_points,
    Holds.DURATION: lambda words, lasting: words.talk_time(lasting.total_seconds() * 1000),
    Holds.LOCAL_TIME: Words.clock,
}
