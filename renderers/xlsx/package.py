"""Write the workbook's file so that the same workbook gives the same bytes.

openpyxl writes the current time into every zip entry and into ``docProps/core.xml``, and gives charts no description
for screen readers. Both are corrected while its zip is copied.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from openpyxl.workbook import Workbook
from openpyxl.xml.functions import tostring

_CORE = "docProps/core.xml"
_DRAWING = "xl/drawings/drawing1.xml"
_CHART_NAME = b'name="Chart 1"'
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_USUAL, _TIGHTEST = 6, 9


def to_bytes(workbook: Workbook, written_at: datetime, chart_description: str, *, tight: bool = False) -> bytes:
    """Return the finished file. ``written_at`` (aware) is its date of creation and of modification.

    ``tight`` makes it a few per cent smaller and takes three times as long.
    """
    workbook_file = io.BytesIO()
    workbook.save(workbook_file)
    finished = io.BytesIO()
    with zipfile.ZipFile(workbook_file) as old, zipfile.ZipFile(finished, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == _CORE:
                content = _properties(workbook, written_at)
            if name == _DRAWING:
                content = content.replace(_CHART_NAME, _CHART_NAME + b" descr=" + _attribute(chart_description))
            new.writestr(_entry(name), content, compresslevel=_TIGHTEST if tight else _USUAL)
    return finished.getvalue()


def _properties(workbook: Workbook, written_at: datetime) -> bytes:
    moment = written_at.astimezone(UTC).replace(tzinfo=None)
    workbook.properties.created = workbook.properties.modified = moment
    content: bytes = tostring(workbook.properties.to_tree())
    return content


def _attribute(text: str) -> bytes:
    return quoteattr(text).encode("ascii", "xmlcharrefreplace")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
    return entry
