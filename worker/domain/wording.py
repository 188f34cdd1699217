"""Mark whole English sentences of the domain for the message catalogues: see `renderers.words`."""

from __future__ import annotations


def sentence(text: str) -> str:
    """Return the text itself. A renderer looks it up in the catalogue of the group's language."""
    return text
