"""Mark whole English sentences for the message catalogues (see `renderers.words`), and shorten lists of names."""

from __future__ import annotations

from collections.abc import Sequence


def sentence(text: str) -> str:
    """Return the text itself. A renderer looks it up in the catalogue of the group's language."""
    return text


def first_names(names: Sequence[str], limit: int = 5) -> str:
    """List the first of the names, and how many more there are."""
    rest = len(names) - limit
    return ", ".join(names[:limit]) + (f" and {rest} more" if rest > 0 else "")
