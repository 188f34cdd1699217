"""Reads the XML parts of a workbook as a stream, without entities, and within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat  # nosec - document type definitions, and so entities, are refused below

from worker.genesys.tables.limits import Budget

_PIECE = 64 * 1024
_LONGEST_SILENCE = 2 * 1024 * 1024
"""How many bytes may pass without a new element."""

Attributes = dict[str, str]


class XmlRefused(ValueError):
    """The part has a document type definition, or is nested too deeply."""


def parse(
    stream: IO[bytes],
    budget: Budget,
    on_start: Callable[[str, Attributes], None],
    on_end: Callable[[str, str], None],
) -> Iterator[None]:
    """Parse a part piece by piece, and yield after each piece.

    ``on_start`` gets an element's name without namespace and its attributes, ``on_end`` its name and its text.
    Attributes lose their namespaces too. Raises `XmlRefused` and `expat.ExpatError`.
    """
    elements = _Elements(budget.limits.depth, on_start, on_end)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = elements.start
    parser.EndElementHandler = elements.end
    parser.CharacterDataHandler = elements.text
    parser.StartDoctypeDeclHandler = elements.refuse_doctype
    while piece := stream.read(_PIECE):
        budget.take_bytes(len(piece))
        elements.wait(len(piece))
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


class _Elements:
    """The open elements, with the text of each so far."""

    def __init__(
        self, depth: int, on_start: Callable[[str, Attributes], None], on_end: Callable[[str, str], None]
    ) -> None:
        self._depth = depth
        self._on_start = on_start
        self._on_end = on_end
        self._texts: list[list[str]] = []
        self._silent_bytes = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Open an element."""
        self._silent_bytes = 0
        if len(self._texts) >= self._depth:
            raise XmlRefused(f"nested deeper than {self._depth}")
        self._texts.append([])
        self._on_start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Close an element."""
        self._on_end(_local(name), "".join(self._texts.pop()))

    def text(self, characters: str) -> None:
        """Add text to the innermost element."""
        if self._texts:
            self._texts[-1].append(characters)

    def wait(self, count: int) -> None:
        """Count bytes without a new element, which the parser or a text holds in memory."""
        self._silent_bytes += count
        if self._silent_bytes > _LONGEST_SILENCE:
            raise XmlRefused("a text, tag or comment without end")

    def refuse_doctype(self, *_: object) -> None:
        """Refuse a document type definition, and so entities."""
        raise XmlRefused("document type definition")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
