"""The figures of an order's rows. How a column is written is decided once, from these rows alone.

A cell is a value, blank, without a figure (``NaN``, ``#N/A``, ``-``), ambiguous or unreadable. An unreadable cell
refuses the file. So does a column whose cells contradict each other, or the counts beside them. A column of percentages
whose scale nothing decides is not known.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worker.domain.gap_texts import GapPart
from worker.errors import MalformedAnswer
from worker.genesys.tables import numbers
from worker.genesys.tables.columns import Scale, Statements, TableColumn
from worker.genesys.tables.limits import shorten
from worker.genesys.tables.numbers import Manner, Undecided
from worker.genesys.tables.scale import (
    NOT_COUNTED,
    ROUNDED_ONE,
    Contradiction,
    CountedShare,
    Percentage,
    agreed_scale,
    contradiction_with_counts,
    scale_of,
)
from worker.genesys.tables.table import Row, Table
from worker.genesys.tables.xlsx.number_formats import ExactNumber

STATE_SCALE = GapPart.STATE_SCALE.value


class Outcome(enum.Enum):
    """What a cell says."""

    VALUE = "value"
    BLANK = "blank"
    NO_FIGURE = "no figure"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Figure:
    """The outcome of a cell. ``value`` is a count, a fraction, or a duration in the unit of the column."""

    outcome: Outcome
    value: float | None = None


BLANK, NO_FIGURE, AMBIGUOUS = Figure(Outcome.BLANK), Figure(Outcome.NO_FIGURE), Figure(Outcome.AMBIGUOUS)

CountsBeside = Callable[[str, "Figures", Row], CountedShare]
"""For a percentage's column and a row: what the counts in the row say of it."""


@dataclass
class Figures:
    """Reads the cells of an order's rows. ``manners`` and ``scales`` are what was decided, by column id.

    ``ambiguous`` are the columns whose scale nothing decides, with a cell of each.

    ``without_figure`` is for callers: the columns that are not known because of a cell without a figure, and its place.
    ``scale_advice`` is the way out for a column that mixes fractions and percentages, because not every source has a
    definition. Without ``check_scales`` percentages have the stated scale, for a caller that compares it with the
    counts itself.
    """

    table: Table
    rows: Sequence[Row]
    statements: Statements = field(default_factory=Statements)
    counts_beside: CountsBeside = lambda _column, _figures, _row: NOT_COUNTED
    only_counts: bool = False
    check_scales: bool = True
    scale_advice: GapPart = GapPart.STATE_SCALE
    manners: dict[str, Manner] = field(default_factory=dict)
    scales: dict[str, Scale] = field(default_factory=dict)
    impossible: dict[str, list[str]] = field(default_factory=dict)
    ambiguous: dict[str, str] = field(default_factory=dict)
    without_figure: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = [
            column for column in self.table.columns.values() if column.is_figure and self.table.has_column(column.id)
        ]
        self._decide_manners(columns)
        percentages = [column for column in columns if column.kind == "percent" and not self.only_counts]
        if self.check_scales:
            self._decide_scales(percentages)
        elif self.statements.scale:
            self.scales = {column.id: self.statements.scale for column in percentages}

    def figure(self, row: Row, column: str) -> Figure:
        """Return what a cell says. A column that the file does not have is blank."""
        text = row.raw(column)
        if numbers.is_blank(text):
            return BLANK
        if numbers.is_no_figure(text):
            return NO_FIGURE
        value = self._parse(row, self.table.columns[column], text)
        if self.table.columns[column].kind != "percent":
            return Figure(Outcome.VALUE, value)
        return self._percentage(row, self.table.columns[column], text, value)

    def value(self, row: Row, column: str) -> float | None:
        """Return the value of a cell, None if it is blank or without a figure."""
        return self.figure(row, column).value

    def place_without_figure(self, column_id: str, rows: Sequence[Row]) -> str:
        """Return the place of the first of the rows whose cell says that it has no figure, else an empty text."""
        cells = ((row, row.raw(column_id)) for row in rows)
        return next((row.place for row, text in cells if numbers.is_no_figure(text) and not numbers.is_blank(text)), "")

    def step(self, column: str) -> float:
        """Return the least difference that a column of percentages writes, as a fraction.

        Fractions with one decimal at most, all of them 0 or 1, are exact: no export rounds to tenths.
        """
        texts = [row.raw(column) for row in self.rows]
        places = max((numbers.decimals(text) for text in texts), default=0)
        signed = any(numbers.has_percent_sign(text) for text in texts)
        if signed or self.scales.get(column) == "percent":
            return 10.0**-places / 100
        if places <= 1 and all(value in (None, 0.0, 1.0) for value in (self.value(row, column) for row in self.rows)):
            return 0.0
        return 10.0**-places

    def _percentage(self, row: Row, column: TableColumn, text: str, value: float) -> Figure:
        if column.id in self.ambiguous and not numbers.has_percent_sign(text):
            return AMBIGUOUS
        hundred = numbers.has_percent_sign(text) or self.scales.get(column.id) == "percent"
        fraction = value / 100 if hundred else value
        if fraction <= column.largest_fraction:
            return Figure(Outcome.VALUE, fraction)
        if fraction <= ROUNDED_ONE:
            return Figure(Outcome.VALUE, 1.0)
        self.impossible.setdefault(column.id, []).append(f"{row.place}: '{shorten(text)}'")
        return NO_FIGURE

    def _parse(self, row: Row, column: TableColumn, text: str) -> float:
        value = numbers.parse(text, column.kind, self.manners.get(column.id, Manner.POINT))
        if value is None:
            raise self.table.unreadable(row, column.id, text)
        if column.kind == "seconds" and numbers.clock_seconds(text) is None:
            return value * self._seconds_in_unit(column.id)
        return value

    def _seconds_in_unit(self, column: str) -> float:
        unit = {"seconds": 1.0, "milliseconds": 0.001, "minutes": 60.0}[self.statements.durations or "seconds"]
        return self.table.seconds_in_unit(column) or unit

    def states_unit(self, column: str) -> bool:
        """Return whether the definition, the header or a cell such as ``0:03:20`` states the unit of durations."""
        if self.statements.durations or self.table.seconds_in_unit(column):
            return True
        return any(numbers.clock_seconds(text) is not None for _, text in self._texts(self.table.columns[column]))

    def _texts(self, column: TableColumn) -> list[tuple[Row, str]]:
        """Return the cells of a column that hold a figure."""
        cells = ((row, row.raw(column.id)) for row in self.rows)
        return [(row, text) for row, text in cells if not numbers.is_blank(text) and not numbers.is_no_figure(text)]

    def _decide_manners(self, columns: Sequence[TableColumn]) -> None:
        """Decide each column, then let the decided ones speak for those that are ambiguous by themselves."""
        ambiguous: dict[str, Undecided] = {}
        decided: dict[str, Manner] = {}
        for column in columns:
            texts = [text for _, text in self._texts(column) if not isinstance(text, ExactNumber)]
            choice = numbers.choose_manner(texts, column.kind, column.largest)
            if isinstance(choice, Manner):
                decided[column.id] = choice
            elif choice and choice.is_ambiguous:
                ambiguous[column.id] = choice
            elif choice:
                raise self._mixed(column, choice)
        self.manners = decided
        for column_id, choice in ambiguous.items():
            self.manners[column_id] = self._manner_of_file(column_id, choice, set(decided.values()))

    def _manner_of_file(self, column_id: str, choice: Undecided, decided: set[Manner]) -> Manner:
        cell = choice.cells[0]
        if self.table.columns[column_id].kind == "count" and self._has_plain_count():
            decided = decided | {numbers.manner_of_grouping(cell)}
        if len(decided) == 1:
            return decided.pop()
        by_delimiter = numbers.manner_of_delimiter(self.table.delimiter, cell)
        if by_delimiter and not decided and not self._is_count_in_thousandths(column_id, by_delimiter):
            return by_delimiter
        raise self.table.refuse(
            self._row_with(column_id, choice.cells[0]),
            f"{shorten(choice.cells[0])!r} in the column {column_id} could have a decimal sign or thousands",
            "Have the report exported without thousands separators, or as XLSX.",
        )

    def _has_plain_count(self) -> bool:
        """Return whether a count has neither decimals nor groups. No file writes 1 as ``1.000`` and 987 as ``987``."""
        counts = [column for column in self.table.columns.values() if column.kind == "count"]
        return any(text.isdigit() for column in counts for _, text in self._texts(column))

    def _is_count_in_thousandths(self, column_id: str, manner: Manner) -> bool:
        """Return whether a manner reads whole thousands as counts with three decimals."""
        texts = [text for _, text in self._texts(self.table.columns[column_id])]
        is_count = self.table.columns[column_id].kind == "count"
        return is_count and any(manner.value[0] in text for text in texts)

    def _mixed(self, column: TableColumn, choice: Undecided) -> MalformedAnswer:
        row = self._row_with(column.id, choice.cells[0])
        if len(choice.cells) == 1:
            return self.table.unreadable(row, column.id, choice.cells[0])
        first, second = (shorten(cell) for cell in choice.cells[:2])
        return self.table.refuse(
            row,
            f"the column {column.id} writes numbers in two ways, {first!r} and {second!r}",
            "Have the report exported with one number format.",
        )

    def _row_with(self, column_id: str, text: str) -> Row:
        return next(row for row in self.rows if row.raw(column_id) == text)

    def _decide_scales(self, columns: Sequence[TableColumn]) -> None:
        undecided: list[TableColumn] = []
        unsigned = {column.id: self._unsigned(column) for column in columns}
        for column in columns:
            scale = scale_of(
                unsigned[column.id], may_exceed_one=column.may_exceed_one, stated_scale=self.statements.scale
            )
            if isinstance(scale, Contradiction):
                raise self._contradiction(column, scale)
            if scale and unsigned[column.id] and any(percentage.value for percentage in unsigned[column.id]):
                self.scales[column.id] = scale
            elif scale is None:
                undecided.append(column)
        agreed = agreed_scale(self.scales.values())
        if agreed == "percent" and not all(column.may_exceed_one for column in undecided):
            agreed = None  # 0.85 beside 78 is 85 % or 0.85 %
        for column in undecided:
            self._settle(column, agreed, unsigned[column.id])

    def _settle(self, column: TableColumn, agreed: Scale | None, percentages: Sequence[Percentage]) -> None:
        """Take over the scale of the file's other columns, or leave the column's figures unknown."""
        if agreed is None:
            largest = max(percentages, key=lambda percentage: percentage.value)
            self.ambiguous[column.id] = f"'{largest.text}' ({largest.place})"
            return
        contradiction = contradiction_with_counts(percentages, agreed)
        if contradiction:
            raise self._contradiction(column, contradiction)
        self.scales[column.id] = agreed

    def _unsigned(self, column: TableColumn) -> list[Percentage]:
        percentages = []
        for row, text in self._texts(column):
            value = self._parse(row, column, text)
            if not numbers.has_percent_sign(text):
                counted = self.counts_beside(column.id, self, row)
                percentages.append(Percentage(value, shorten(text), row.place, counted, numbers.rounding(text)))
        return percentages

    def _contradiction(self, column: TableColumn, contradiction: Contradiction) -> MalformedAnswer:
        first, second = contradiction.first, contradiction.second
        opposite = (
            f"{second.text!r} ({second.place}) in the same column" if second else first.counted.words or "a fraction"
        )
        return self.table.refuse(
            None,
            f"{first.text!r} ({first.place}) in the column {column.id} contradicts {opposite}",
            f"Check the report at its source. {self.scale_advice.value}",
        )


def describe_column(figures: Figures, column_id: str) -> str:
    """Return how a column is read, in words: unit, manner, scale, and what its cells say."""
    column = figures.table.columns[column_id]
    cells = [figures.figure(row, column_id) for row in figures.rows]
    values = [figure.value for figure in cells if figure.value is not None]
    blank = sum(figure.outcome is Outcome.BLANK for figure in cells)
    manner, scale = figures.manners.get(column_id), figures.scales.get(column_id)
    words = [
        column.kind,
        {"fraction": "0 to 1", "percent": "0 to 100", None: ""}[scale],
        f"decimal sign {manner.value[0]!r}" if manner else "",
        f"{len(values)} values from {min(values):g} to {max(values):g}" if values else "no values",
        f"{blank} blank" if blank else "",
        f"{len(cells) - len(values) - blank} without a figure" if len(cells) > len(values) + blank else "",
    ]
    return ", ".join(word for word in words if word)
