"""Reads the XML parts of a workbook as a stream, without entities, and within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat  # nosec - document type definitions, and so entities, are refused below

from worker.genesys.tables.limits import Budget

_PIECE = 64 * 1024

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
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    texts: list[list[str]] = []

    def start(name: str, attributes: Attributes) -> None:
        if len(texts) >= budget.limits.depth:
            raise XmlRefused(f"nested deeper than {budget.limits.depth}")
        texts.append([])
        on_start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        on_end(_local(name), "".join(texts.pop()))

    def text(characters: str) -> None:
        if texts:
            texts[-1].append(characters)

    def refuse_doctype(*_: object) -> None:
        raise XmlRefused("document type definition")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse_doctype
    while piece := stream.read(_PIECE):
        budget.take_bytes(len(piece))
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
