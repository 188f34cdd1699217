"""Texts of workbooks: runs, and the reading aids that Japanese programs store beside them. Hidden columns."""

from __future__ import annotations

import zipfile
from io import BytesIO

from tests.unit.genesys.reporting.conftest import COUNTS, queues_in, sheet_of
from tests.unit.genesys.tables.test_files import SHEET, changed, offered, read_first_tab, zipped

ROW = ("Support", 10, 8, 7, 2)
INLINE = b"<is><t>Support</t></is>"
AID = '<rPh sb="0" eb="2"><t>サポート</t></rPh><phoneticPr fontId="1"/>'.encode()


def test_a_reading_aid_is_no_part_of_a_text() -> None:
    texts = [b"<is><t>Support</t>" + AID + b"</is>", b"<is><r><t>Sup</t></r><r><t>port</t></r>" + AID + b"</is>"]
    for text in texts:
        book = changed(sheet_of(COUNTS, ROW), {SHEET: lambda sheet, text=text: sheet.replace(INLINE, text)})
        assert offered(book) == [10]
        assert queues_in(book, COUNTS).gaps == ()


def test_a_reading_aid_is_no_part_of_a_shared_text() -> None:
    content = changed(
        sheet_of(COUNTS, ROW), {SHEET: lambda sheet: sheet.replace(b't="inlineStr">' + INLINE, b't="s"><v>1</v>')}
    )
    with zipfile.ZipFile(BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    shared = b"<sst><si><t>Other</t>" + AID + b"</si><si><t>Support</t>" + AID + b"</si></sst>"
    assert offered(zipped({**files, "xl/sharedStrings.xml": shared})) == [10]


def hidden_by(columns: bytes) -> bytes:
    data = b"<cols>" + columns + b"</cols><sheetData>"
    return changed(sheet_of(COUNTS, ROW), {SHEET: lambda sheet: sheet.replace(b"<sheetData>", data)})


def test_ranges_of_hidden_columns_may_overlap() -> None:
    columns = b'<col min="3" max="4" hidden="1"/><col min="2" max="3" hidden="1"/><col min="9" max="8" hidden="1"/>'
    gaps = queues_in(hidden_by(columns + b'<col min="1" max="99999"/>'), COUNTS).gaps
    assert [gap.values["column"] for gap in gaps] == list(COUNTS[1:4])


def test_many_ranges_of_all_columns_do_not_use_up_the_time_of_a_file() -> None:
    read_first_tab(hidden_by(b'<col min="1" max="16384" hidden="1"/>' * 200_000))
