"""A document: rendered bytes with a file name and a type. Renderers make it, channels carry it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A finished file: ASCII file name, media type, bytes. ``remarks`` are for operators, not for readers."""

    name: str
    media_type: str
    content: bytes
    remarks: tuple[str, ...] = ()
