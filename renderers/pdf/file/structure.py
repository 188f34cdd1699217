"""The tag tree of a PDF: what screen readers follow, and how text extraction knows the order.

The PDF library leaves tagging to its user: content on a page is bracketed by numbered marks, and a tree of elements
(Document, H1, P, Figure …) at the catalogue says what each mark is. What is complete when a page ends is written then,
so that a table of thousands of rows takes no more memory than one of its pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reportlab.pdfbase import pdfdoc

from renderers.pdf.file.objects import Objects

Scope = Literal["", "Row", "Column"]


@dataclass(slots=True)
class Element:
    """A node of the tree: ``kids`` are marks of its content, or references to elements, in the order of reading."""

    tag: str
    number: int
    parent: int
    attributes: bytes = b""
    marked: bool = False
    kids: list[str] = field(default_factory=list)

    def written(self, page: int) -> bytes:
        """Its dictionary; ``page`` is the object number of the page that its marks are on."""
        on_page = f" /Pg {page} 0 R" if self.marked else ""
        kids = " ".join(self.kids)
        head = f"<</Type /StructElem /S /{self.tag} /P {self.parent} 0 R{on_page} /K [{kids}]"
        return head.encode("ascii") + self.attributes + b">>"


class Structure:
    """Grows with the pages and is written behind them."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._root = objects.number()
        self._open = [Element("Document", objects.number(), self._root)]
        self._left: list[Element] = []
        self._marked: list[int] = []
        self._pages: list[int] = []

    @property
    def page(self) -> int:
        """The number under which the current page is known in the tree."""
        return len(self._pages)

    def enter(self, tag: str, alt: str = "", scope: Scope = "") -> None:
        """Open an element inside the one that is open; ``scope`` is what a table's head stands for."""
        parent = self._open[-1]
        element = Element(tag, self._objects.number(), parent.number, _attributes(alt, scope))
        parent.kids.append(f"{element.number} 0 R")
        self._open.append(element)

    def leave(self) -> None:
        """Close the open element; what it holds by marks of its own is on the current page."""
        element = self._open.pop()
        if element.tag == "L" and not element.kids:  # a list needs an entry
            self._open[-1].kids.pop()
            self._objects.add(element.number, b"null")
        else:
            self._left.append(element)

    def mark(self) -> int:
        """Number for a stretch of content of the open element on the current page."""
        element = self._open[-1]
        element.kids.append(str(len(self._marked)))
        element.marked = True
        self._marked.append(element.number)
        return len(self._marked) - 1

    def end_page(self, page: int) -> None:
        """Write what was left on the page, whose object has this number."""
        self._write_left(page)
        self._pages.append(self._add(_list(self._marked)))
        self._marked = []

    def close(self) -> str:
        """Write the rest; a reference to the tree is returned."""
        (document,) = self._open
        self.leave()
        self._write_left(0)
        pages = " ".join(f"{at} {number} 0 R" for at, number in enumerate(self._pages))
        parents = f"/ParentTree <</Nums [{pages}]>> /ParentTreeNextKey {len(self._pages)}"
        tree = f"<</Type /StructTreeRoot /K {document.number} 0 R {parents}>>"
        self._objects.add(self._root, tree.encode("ascii"))
        return f"{self._root} 0 R"

    def _write_left(self, page: int) -> None:
        for element in self._left:
            self._objects.add(element.number, element.written(page))
        self._left = []

    def _add(self, content: bytes) -> int:
        number = self._objects.number()
        self._objects.add(number, content)
        return number


def _list(numbers: list[int]) -> bytes:
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)


def _attributes(alt: str, scope: Scope) -> bytes:
    described = b" /Alt " + pdfdoc.PDFString(alt).format(pdfdoc.DummyDoc()) if alt else b""
    return described + (f" /A <</O /Table /Scope /{scope}>>".encode("ascii") if scope else b"")
