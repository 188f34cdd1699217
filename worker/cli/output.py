"""How the shell prints: JSON for programs, tables for people, problems on the side."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2  # what stands between two columns


def print_json(value: object) -> None:
    """One JSON document on standard output; instants and dates in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table as wide as the terminal, folded between words; where words would be cut, a list of labelled lines.

    Cells are plain text, whatever markup they seem to hold.
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
    """Sentences that would burst a cell: the cell gets a mark, the sentence stands under the table, once."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def mark(self, sentence: str) -> str:
        """The mark of this sentence, ``[1]``; "" for an empty one."""
        return self._marks.setdefault(sentence, f"[{len(self._marks) + 1}]") if sentence else ""

    def print(self) -> None:
        """All sentences, by their marks."""
        for sentence, mark in self._marks.items():
            Console().print(Text(f"{mark} {sentence}"))


def warn(line: str) -> None:
    """A line on standard error, where it disturbs no JSON."""
    click.echo(line, err=True)


def hours(length: timedelta) -> str:
    """``23 h``, ``23.5 h``."""
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
