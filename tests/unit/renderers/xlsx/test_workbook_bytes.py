"""The same briefing gives the same file to the byte, whatever process writes it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

from renderers import xlsx
from renderers.xlsx.looks import PERCENTAGES, PLAIN, QUOTED, Look, percent_format
from tests.unit.renderers.conftest import SAMPLE
from tests.unit.renderers.xlsx.conftest import opened, parts
from worker.domain.briefing.content import Briefing

ROOT = Path(__file__).parents[4]
PRINT_HASH = (
    "import hashlib; from renderers import xlsx; from tests.unit.renderers.conftest import SAMPLE; "
    "print(hashlib.sha256(xlsx.render(SAMPLE)).hexdigest())"
)


def hash_in_another_process(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    ran = subprocess.run([sys.executable, "-c", PRINT_HASH], env=environment, cwd=ROOT, capture_output=True, check=True)
    return ran.stdout.decode().strip()


def test_two_processes_with_other_hash_seeds_write_the_same_bytes() -> None:
    assert hash_in_another_process("1") == hash_in_another_process("2")


def test_no_date_in_the_file_is_the_clocks() -> None:
    content = xlsx.render(SAMPLE)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(content).properties
    assert properties.created == properties.modified == datetime(2026, 10, 22, 10, 5, 12)


@pytest.mark.parametrize(
    ("numbers", "look_of", "number_format_of", "is_quoted"),
    [
        (PLAIN, str, lambda _: None, False),
        (PERCENTAGES, lambda _: Look.PERCENT, percent_format, False),
        (QUOTED, str, lambda _: None, True),
    ],
    ids=["plain", "percentages", "quoted"],
)
def test_each_style_has_the_number_that_cells_refer_to(
    workbook: Workbook,
    numbers: Mapping[Any, int],
    look_of: Callable[[Any], str],
    number_format_of: Callable[[Any], str | None],
    is_quoted: bool,
) -> None:
    sheet = workbook.worksheets[0]
    for key, number in numbers.items():
        cell = Cell(sheet, row=1, column=1, style_array=workbook._cell_styles[number])
        assert (cell.style, cell.quotePrefix) == (look_of(key), is_quoted)
        assert cell.number_format == (number_format_of(key) or cell.number_format)


def test_content_types_come_first_so_that_programs_know_the_file_by_its_start(briefing: Briefing) -> None:
    assert next(iter(parts(xlsx.render(briefing)))) == "[Content_Types].xml"


def test_every_part_is_named_in_the_content_types_and_every_relation_has_its_part(briefing: Briefing) -> None:
    package = parts(xlsx.render(briefing))
    types = ET.fromstring(package["[Content_Types].xml"])  # noqa: S314 - our own file
    part_names = {element.get("PartName") for element in types} - {None}
    assert part_names == {f"/{name}" for name in package if not name.endswith(".rels")} - {"/[Content_Types].xml"}
    targets = [
        element.get("Target", "")
        for name, content in package.items()
        if name.startswith("xl/") and name.endswith(".rels")
        for element in ET.fromstring(content)  # noqa: S314 - our own file
    ]
    assert {target.removeprefix("/") for target in targets} <= package.keys()
