"""The tag tree of a PDF, which screen readers follow and which gives text extraction its order.

reportlab does not write tags. Content on a page is bracketed by numbered marks, and a tree of elements (Document, H1,
P, Figure …) says what each mark is. Elements are written when their page ends, so that a table of thousands
of rows needs no more memory than one page.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Literal

from reportlab.pdfbase import pdfdoc

from renderers.pdf.file.objects import Objects

Scope = Literal["", "Row", "Column"]


@dataclass(slots=True)
class Element:
    """A node of the tree. ``kids`` are marks of its content or references to elements, in reading order."""

    tag: str
    number: int
    parent: int
    attributes: bytes = b""
    has_marks: bool = False
    kids: list[str] = field(default_factory=list)

    def to_bytes(self, page: int) -> bytes:
        """Return its dictionary. ``page`` is the object number of the page with its marks."""
        on_page = f" /Pg {page} 0 R" if self.has_marks else ""
        kids = " ".join(self.kids)
        head = f"<</Type /StructElem /S /{self.tag} /P {self.parent} 0 R{on_page} /K [{kids}]"
        return head.encode("ascii") + self.attributes + b">>"


class Structure:
    """The tag tree, which grows with the pages."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._root = objects.number()
        self._open = [Element("Document", objects.number(), self._root)]
        self._finished: list[Element] = []
        self._mark_owners: list[int] = []
        self._pages: list[int] = []

    @property
    def page(self) -> int:
        """The current page's number in the tree."""
        return len(self._pages)

    def enter(self, tag: str, alt: str = "", scope: Scope = "") -> None:
        """Open an element inside the open one. ``scope`` is what a table header belongs to: a row or a column."""
        parent = self._open[-1]
        element = Element(tag, self._objects.number(), parent.number, _attributes(alt, scope))
        parent.kids.append(f"{element.number} 0 R")
        self._open.append(element)

    def leave(self) -> None:
        """Close the open element. All of its own marks are on the current page."""
        element = self._open.pop()
        if element.tag == "L" and not element.kids:  # PDF does not allow a list without an entry
            self._open[-1].kids.pop()
            self._objects.add(element.number, b"null")
        else:
            self._finished.append(element)

    def mark(self) -> int:
        """Return the mark's number for content of the open element on the current page."""
        element = self._open[-1]
        element.kids.append(str(len(self._mark_owners)))
        element.has_marks = True
        self._mark_owners.append(element.number)
        return len(self._mark_owners) - 1

    def end_page(self, page: int) -> None:
        """Write the elements that were closed on the page, whose object has this number."""
        self._write_finished(page)
        self._pages.append(self._add(_list(self._mark_owners)))
        self._mark_owners = []

    def close(self) -> str:
        """Write the rest, and return a reference to the tree."""
        (document,) = self._open
        self.leave()
        self._write_finished(0)
        pages = " ".join(f"{index} {number} 0 R" for index, number in enumerate(self._pages))
        parents = f"/ParentTree <</Nums [{pages}]>> /ParentTreeNextKey {len(self._pages)}"
        tree = f"<</Type /StructTreeRoot /K {document.number} 0 R {parents}>>"
        self._objects.add(self._root, tree.encode("ascii"))
        return f"{self._root} 0 R"

    def _write_finished(self, page: int) -> None:
        for element in self._finished:
            self._objects.add(element.number, element.to_bytes(page))
        self._finished = []

    def _add(self, content: bytes) -> int:
        number = self._objects.number()
        self._objects.add(number, content)
        return number


def _list(numbers: list[int]) -> bytes:
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)


@functools.lru_cache(maxsize=1_000)
def _attributes(alt: str, scope: Scope) -> bytes:
    described = b" /Alt " + pdfdoc.PDFString(alt).format(pdfdoc.DummyDoc()) if alt else b""
    return described + (f" /A <</O /Table /Scope /{scope}>>".encode("ascii") if scope else b"")
