"""How exported files are written: the options of the scenario's table ``[files]`` and of the trouble ``file_form``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Unit = Literal["count", "time", "mean", "share", "level", "target"]
"""What a column states: a count, a total or average time, a percentage, the service level or its target."""


class FileOptions(BaseModel):
    """The form of CSV files and workbooks. An option that is left out follows the kind of the file.

    ``blank_zeros`` lists the units whose zeros are empty cells. ``total_row`` names a last row that adds all rows up.
    ``media_sum`` adds a row that sums the media of a queue, with an empty medium, ``All`` or the media with semicolons
    between. ``tabs`` spreads the rows of a workbook over several sheets. ``sep_line``, ``title`` and ``footer`` are
    lines that are neither header nor data. ``compression`` applies to CSV.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    delimiter: Literal[",", ";", "\t"] = ","
    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "cp1252"] = "utf-8"
    percent: Literal["hundred", "fraction", "sign"] = "hundred"
    blank_zeros: tuple[Unit, ...] = ()
    total_row: Annotated[str, Field(min_length=1)] | None = None
    media_sum: Literal["empty", "all", "joined"] | None = None
    tabs: Annotated[int, Field(ge=1, le=9)] = 1
    sep_line: bool = False
    title: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    compression: Literal["none", "zip", "gzip"] = "none"

    def changed(self) -> dict[str, object]:
        """Return the options that the scenario sets, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set if name in FileOptions.model_fields}

    def sum_label(self, media: list[str]) -> str:
        """Return what the row that sums some media has as its medium."""
        return {"empty": "", "all": "All"}.get(self.media_sum or "empty", "; ".join(media))
