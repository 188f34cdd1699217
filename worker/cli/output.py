"""How the shell prints: JSON for programs, tables for people, problems on standard error."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

import click
from rich.cells import cell_len
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
    console = Console()
    widths = column_widths(columns, rows, console.width)
    if widths is None:
        _print_lines(columns, rows)
        return
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column, width=width)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def column_widths(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Return the cells of each column, of which the widest are narrowed first. None if a word would be cut.

    A letter of Chinese, Japanese or Korean takes two. rich narrows the widest column below its longest word and cuts
    the last one at the edge (Textualize/rich 15).
    """
    cells = [[column, *(row[number] for row in rows)] for number, column in enumerate(columns)]
    longest_words = [_longest_word(column) for column in cells]
    widths = [max((cell_len(line) for cell in column for line in cell.splitlines()), default=0) for column in cells]
    while sum(widths) + _GAP * (len(widths) - 1) > width:
        narrowable = [number for number, size in enumerate(widths) if size > longest_words[number]]
        if not narrowable:
            return None
        widths[max(narrowable, key=widths.__getitem__)] -= 1
    return widths


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Print a label and a value on each line. A terminal gets long values wrapped between words, below the value."""
    for label, value in facts:
        head = f"  {label:<10} "
        print_wrapped(head + value, indent=len(head))


def print_wrapped(line: str, indent: int) -> None:
    """Print a line. A terminal gets a long one wrapped between words, the rest of it below column ``indent``."""
    console = Console()
    click.echo("\n".join(wrapped_lines(line, indent, console.width if console.is_terminal else sys.maxsize)))


def wrapped_lines(line: str, indent: int, width: int) -> list[str]:
    """Return the line in lines of this width, wrapped between words. Names of files and addresses stay whole."""
    wrapper = textwrap.TextWrapper(
        width,
        initial_indent=line[:indent],
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(line[indent:]) or [line.rstrip()]


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
    return max((cell_len(word) for cell in cells for word in cell.split()), default=1)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
