"""Marks whole English sentences of the domain for the message catalogues; see `renderers.words`."""

from __future__ import annotations


def sentence(text: str) -> str:
    """The text itself: a renderer looks it up in the catalogue of the group's language."""
    return text
