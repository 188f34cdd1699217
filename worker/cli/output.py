"""How the shell prints: JSON for programs, tables for people, problems on standard error."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2  # spaces between two columns


def print_json(value: object) -> None:
    """Print one JSON document on standard output, with instants and dates in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table as wide as the terminal, wrapped between words, or labelled lines if words would be cut.

    Cells are plain text: markup in them has no effect.
    """
    rows = list(rows)
    widths = [_longest_word([column, *(row[number] for row in rows)]) for number, column in enumerate(columns)]
    console = Console()
    if sum(widths) + _GAP * len(widths) > console.width:
        _print_lines(columns, rows)
        return
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column, min_width=width)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


class Footnotes:
    """Sentences too long for a cell: the cell gets a mark, and the sentence is printed once under the table."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def mark(self, sentence: str) -> str:
        """Return the mark of this sentence, e.g. ``[1]``, or "" for an empty one."""
        return self._marks.setdefault(sentence, f"[{len(self._marks) + 1}]") if sentence else ""

    def print(self) -> None:
        """Print all sentences with their marks."""
        for sentence, mark in self._marks.items():
            Console().print(Text(f"{mark} {sentence}"))


def warn(line: str) -> None:
    """Print a line on standard error, so that JSON on standard output stays valid."""
    click.echo(line, err=True)


def hours(length: timedelta) -> str:
    """Return a length as ``23 h`` or ``23.5 h``."""
    return f"{length / timedelta(hours=1):g} h"


def _print_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            if cell:
                click.echo(f"{column}: {', '.join(cell.splitlines())}")
        click.echo()


def _longest_word(cells: Iterable[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=1)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
