"""The file itself: its objects, the small ones packed together and compressed, and the table of where each is.

The PDF library writes each object plainly and keeps all of them until the end. A table's tag tree has an element for
each cell: 5,000 rows of nine made a file of 7.3 MB in a process of 142 MB, and make one of 1.3 MB in 57 MB here.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from reportlab.pdfbase import pdfdoc

_HEAD = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
"""Packed objects came with 1.5; the four bytes tell programs that copy files that this one is no text."""

_BUNDLE = 200
"""Small objects that are packed together: more are packed tighter, but a reader unpacks all of them for any one."""

_PLACE = struct.Struct(">BIH")
_ABSENT, _BY_ITSELF, _IN_BUNDLE = 0, 1, 2


class Objects:
    """The objects of the library's document: ours as soon as they are finished, the library's own at the end."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._file, self._digest = io.BytesIO(), hashlib.sha256()
        self._put(_HEAD)
        self._places = bytearray(_PLACE.pack(_ABSENT, 0, 0xFFFF))
        self._bundle: list[tuple[int, bytes]] = []

    def number(self) -> int:
        """A number for an object of ours, which the library will not give to one of its own."""
        self._document.objectcounter += 1
        return int(self._document.objectcounter)

    def add(self, number: int, content: bytes) -> None:
        """An object that is no stream."""
        self._bundle.append((number, content))
        if len(self._bundle) == _BUNDLE:
            self._close_bundle()

    def add_stream(self, content: bytes, entries: str = "") -> int:
        """A stream, compressed here, with further entries of its dictionary; its number is returned."""
        number, packed = self.number(), zlib.compress(content)
        head = f"<<{entries} /Filter /FlateDecode /Length {len(packed)}>>\nstream\n"
        self._alone(number, head.encode("ascii") + packed + b"\nendstream")
        return number

    def close(self) -> bytes:
        """The finished file, with everything in it that the library's document holds."""
        for number, holder in self._of_the_library():
            content = pdfdoc.format(holder, self._document, toplevel=1)
            if isinstance(holder, pdfdoc.PDFStream):
                self._alone(number, content)
            else:
                self.add(number, content)
        self._close_bundle()
        self._close_file()
        return self._file.getvalue()

    def _of_the_library(self) -> Iterator[tuple[int, Any]]:
        """Those of its objects that are there, and those that come up while others are written."""
        number, document = 0, self._document
        while number < document.objectcounter:
            number += 1
            if number in document.numberToId:
                yield number, document.idToObject[document.numberToId[number]]

    def _alone(self, number: int, content: bytes) -> None:
        self._place(number, _BY_ITSELF, self._file.tell(), 0)
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def _close_bundle(self) -> None:
        bundle, self._bundle = self._bundle, []
        if not bundle:
            return
        index, at = [], 0
        for number, content in bundle:
            index.append(f"{number} {at}")
            at += len(content) + 1
        head = " ".join(index).encode("ascii") + b"\n"
        contents = head + b"\n".join(content for _, content in bundle)
        packed = self.add_stream(contents, f"/Type /ObjStm /N {len(bundle)} /First {len(head)}")
        for place, (number, _) in enumerate(bundle):
            self._place(number, _IN_BUNDLE, packed, place)

    def _close_file(self) -> None:
        """The table of places, which names the objects that a reader begins with, and where it stands."""
        document, number, at = self._document, self._document.objectcounter + 1, self._file.tell()
        self._place(number, _BY_ITSELF, at, 0)
        root, info = (
            document.Reference(of).format(document).decode("ascii") for of in (document.Catalog, document.info)
        )
        identity = f"<{self._digest.hexdigest()[:32]}>"
        begin = f"/Root {root} /Info {info} /ID [{identity} {identity}]"
        self.add_stream(bytes(self._places), f"/Type /XRef /Size {number + 1} /W [1 4 2] {begin}")
        self._put(b"startxref\n%d\n%%%%EOF\n" % at)

    def _place(self, number: int, kind: int, where: int, index: int) -> None:
        missing = _PLACE.size * (number + 1) - len(self._places)
        self._places += bytes(max(missing, 0))
        _PLACE.pack_into(self._places, _PLACE.size * number, kind, where, index)

    def _put(self, part: bytes) -> None:
        self._file.write(part)
        self._digest.update(part)
