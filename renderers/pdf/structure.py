"""The tag tree of a PDF: what screen readers follow, and how text extraction knows the order.

The PDF library leaves tagging to its user: content on a page is bracketed by numbered marks, and a tree of elements
(Document, H1, P, Figure …) at the catalogue says what each mark is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc


@dataclass(slots=True)
class Element:
    """A node of the tree; ``marks`` are (page index, mark number) of its content, ``alt`` describes a figure."""

    tag: str
    parent: Element | None
    alt: str = ""
    marks: list[tuple[int, int]] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)
    number: int = 0


class Structure:
    """Grows with the pages and is written into the catalogue at the end."""

    def __init__(self) -> None:
        self.root = Element("Document", None)
        self._open = self.root
        self._pages: list[list[Element]] = []
        self._elements = [self.root]

    def begin_page(self) -> int:
        """Index of the page whose marks come next."""
        self._pages.append([])
        return len(self._pages) - 1

    def enter(self, tag: str, alt: str = "") -> None:
        """Open an element inside the one that is open."""
        element = Element(tag, self._open, alt, number=len(self._elements))
        self._open.children.append(element)
        self._elements.append(element)
        self._open = element

    def leave(self) -> None:
        """Close the open element."""
        self._open = self._open.parent or self.root

    def mark(self) -> int:
        """Number for a stretch of content of the open element on the current page."""
        number = len(self._pages[-1])
        self._pages[-1].append(self._open)
        self._open.marks.append((len(self._pages) - 1, number))
        return number

    def write(self, document: Any, page_names: list[str]) -> None:
        """Put the tree into the document's catalogue; ``page_names`` are the library's names of the pages."""
        for element in self._elements:
            document.Reference(_Written(element, page_names), _name(element))
        numbers: list[Any] = []
        for index, elements in enumerate(self._pages):
            numbers += [index, pdfdoc.PDFArray([_reference(element) for element in elements])]
        tree = {
            "Type": pdfdoc.PDFName("StructTreeRoot"),
            "K": _reference(self.root),
            "ParentTree": pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(numbers)}),
            "ParentTreeNextKey": len(self._pages),
        }
        document.Catalog.StructTreeRoot = document.Reference(pdfdoc.PDFDictionary(tree), _ROOT)
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": pdfdoc.PDFtrue})


class _Written(pdfdoc.PDFObject):  # type: ignore[misc]
    """An element as the PDF library takes it, written by hand: there are hundreds, and its own way takes long."""

    def __init__(self, element: Element, page_names: list[str]) -> None:
        self._element, self._page_names = element, page_names

    def format(self, document: Any) -> bytes:
        """The element's dictionary."""
        of, numbers = self._element, document.idToObjectNumberAndVersion
        marks = (
            f"<</Type /MCR /Pg {numbers[self._page_names[page]][0]} 0 R /MCID {number}>>" for page, number in of.marks
        )
        kids = " ".join([*marks, *(f"{numbers[_name(child)][0]} 0 R" for child in of.children)])
        parent = numbers[_name(of.parent) if of.parent else _ROOT][0]
        alt = b" /Alt " + pdfdoc.PDFString(of.alt).format(document) if of.alt else b""
        return f"<</Type /StructElem /S /{of.tag} /P {parent} 0 R /K [{kids}]".encode("ascii") + alt + b">>"


_ROOT = "StructTreeRoot"


def _name(element: Element) -> str:
    return f"StructElem{element.number}"


def _reference(element: Element) -> Any:
    return pdfdoc.PDFObjectReference(_name(element))
