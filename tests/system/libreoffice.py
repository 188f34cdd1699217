"""LibreOffice without a window: it opens workbooks in a profile of its own and returns what is in them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.system.programs import run

PACKAGE = "libreoffice-calc-nogui"
_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
# every formula is calculated again, whatever program wrote the file
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""
_OPEN_WITH_PASSWORD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Convert(source As String, target As String, password As String)
  On Error GoTo Finish
  Dim opening(1) As New com.sun.star.beans.PropertyValue, saving(0) As New com.sun.star.beans.PropertyValue
  opening(0).Name = "Hidden" : opening(0).Value = True
  opening(1).Name = "Password" : opening(1).Value = password
  saving(0).Name = "FilterName" : saving(0).Value = "OpenDocument Spreadsheet Flat XML"
  document = StarDesktop.loadComponentFromURL(source, "_blank", 0, opening())
  If Not IsNull(document) Then document.storeToURL(target, saving())
Finish:
  StarDesktop.terminate()
End Sub
</script:module>
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its ``text`` is as displayed, its ``kind`` is string, float, percentage, date, time, or "" if empty."""

    kind: str
    value: str
    text: str
    formula: str

    @property
    def number(self) -> float:
        assert self.kind in ("float", "percentage"), self
        return float(self.value)


Sheets = dict[str, list[list[Cell]]]


class LibreOffice:
    """A LibreOffice that writes everything into one folder, its profile too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_SETTINGS)

    def convert(self, kind: str, *files: Path) -> dict[str, Path]:
        """Convert files to ``fods``, ``pdf`` …; return the results by file name without suffix."""
        target = self.folder / kind
        self._run("--convert-to", kind, "--outdir", str(target), *map(str, files))
        return {file.stem: target / f"{file.stem}.{kind}" for file in files}

    def unlock(self, password: str, file: Path) -> Path:
        """Convert a locked file to ``fods``; return where it is if the password fits. Needs a profile that was used."""
        basic = self.folder / "profile" / "user" / "basic" / "Standard"
        (basic / "script.xlb").write_text(_LIBRARY)
        (basic / "Module1.xba").write_text(_OPEN_WITH_PASSWORD)
        target = self.folder / f"{file.stem}-unlocked.fods"
        self._run(f'macro:///Standard.Module1.Convert("{file.as_uri()}", "{target.as_uri()}", "{password}")')
        return target

    def _run(self, *arguments: str) -> str:
        profile = (self.folder / "profile").as_uri()
        command = ("soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore", *arguments)
        return run(PACKAGE, *command)


def sheets(fods: Path) -> Sheets:
    """Return sheet → rows → cells, without empty rows and cells at the end."""
    book = ET.parse(fods).getroot().find(f"{_name('office:body')}/{_name('office:spreadsheet')}")  # noqa: S314 – ours
    tables = () if book is None else book.findall(_name("table:table"))
    return {table.get(_name("table:name"), ""): list(_rows(table)) for table in tables}


def _rows(table: ET.Element) -> Iterator[list[Cell]]:
    for row in table.iter(_name("table:table-row")):
        cells = [cell for element in row.iter(_name("table:table-cell")) for cell in _cells(element)]
        while cells and not cells[-1].text:
            cells.pop()
        yield cells


def _cells(cell: ET.Element) -> list[Cell]:
    kind = cell.get(_name("office:value-type"), "")
    value = next(
        (
            cell.get(_name(f"office:{attribute}"), "")
            for attribute in ("value", "date-value", "time-value")
            if cell.get(_name(f"office:{attribute}"))
        ),
        "",
    )
    text = "\n".join("".join(line.itertext()) for line in cell.findall(_name("text:p")))
    content = Cell(kind, value, text, cell.get(_name("table:formula"), ""))
    times = int(cell.get(_name("table:number-columns-repeated"), "1"))
    return [content] * (times if content.text or times < 100 else 1)


def _name(prefixed: str) -> str:
    prefix, _, local = prefixed.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"
