"""Ask an operator one question until the answer can be used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

V = TypeVar("V")


def ask(label: str, accept: Callable[[str], V], *, default: str | None = None, hidden: bool = False) -> V:
    """Return what ``accept`` makes of the answer. If it raises ValueError, print what is wrong and ask again.

    An empty ``default`` is not shown.
    """
    while True:
        answer = click.prompt(label, default=default, show_default=bool(default), hide_input=hidden)
        try:
            return accept(str(answer).strip())
        except ValueError as error:
            click.echo(f"  {error}")


def any_text(text: str) -> str:
    """Accept everything but nothing."""
    if not text:
        raise ValueError("Please type something.")
    return text


def one_of(*words: str) -> Callable[[str], str]:
    """Return what accepts one of these words."""

    def accept(text: str) -> str:
        if text not in words:
            raise ValueError(f"One of {', '.join(words)}, please.")
        return text

    return accept
