"""Recognises rows that add up other rows, by their figures and not by their names. Pure.

A file may end with a row ``Total``, ``Summe`` or without a name, and may have a row for all media beside those of each
medium. Counted as rows of their own they would double the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Amounts = Mapping[str, float | None]
"""The additive figures of a row by column. None is unknown, and fits any sum."""

_ROUNDING = 0.5
"""How far a sum may be off for each row that it adds: files round durations to whole units."""

TOTAL_WORDS = frozenset(
    [
        "total",
        "totals",
        "sum",
        "all",
        "overall",
        "subtotal",
        "gesamt",
        "gesamtsumme",
        "summe",
        "alle",
        "total",
        "général",
        "totale",
        "tous",
        "toutes",
        "tutti",
        "todos",
        "totaal",
        "alles",
        "suma",
        "razem",
        "celkem",
        "spolu",
        "skupaj",
        "ukupno",
        "összesen",
        "toplam",
        "yhteensä",
        "totalt",
        "kokku",
        "viso",
        "kopā",
        "łącznie",
        "общо",
        "усього",
        "всього",
        "σύνολο",
        "tổng",
        "jumlah",
        "รวม",
        "المجموع",
        "小計",
        "总计",
        "總計",
        "총계",
        "итого",
        "всего",
        "合计",
        "合計",
        "합계",
    ]
)
"""Words by which files name rows of sums. They decide only where the figures alone cannot."""


AGENT_TOTALS = TOTAL_WORDS - frozenset(
    ["all", "alle", "alles", "sum", "suma", "overall", "tous", "toutes", "tutti", "todos"]
)
"""Words that are no agent's name."""


_STATISTICS = frozenset(
    [
        *("average", "avg", "mean", "median", "minimum", "maximum", "count", "stdev", "deviation", "percentile"),
        *("durchschnitt", "mittelwert", "mittel", "anzahl", "ø", "moyenne", "médiane", "promedio", "gemiddelde"),
        *("media", "mediana", "mediaan", "среднее"),
    ]
)
"""Words by which files name rows of averages and other statistics, which no agent has as a whole name."""


def is_named_statistic(name: str) -> bool:
    """Return whether a name says that its row is an average or another statistic, such as ``Mean per agent``."""
    words = name.casefold().replace(".", " ").replace(":", " ").split()
    if len(words) == 1:
        return words[0] in _STATISTICS
    return bool(words) and words[0] in _STATISTICS - {"media", "mediana", "count"} and _is_statistic_phrase(words[1:])


def _is_statistic_phrase(words: Sequence[str]) -> bool:
    """Return whether the words after a statistic say of what it is: ``per agent``, ``of the team``, ``time``."""
    return words[0] in (
        *("per", "of", "pro", "je", "par", "por", "der", "des", "aller"),
        *("time", "value", "agent", "agents", "all", "total"),
    )


@dataclass
class Sums:
    """Sums of the additive figures of several rows."""

    columns: Iterable[str]
    amounts: dict[str, float] = field(default_factory=dict)
    count: int = 0

    def add(self, amounts: Mapping[str, float]) -> None:
        """Add a row."""
        self.count += 1
        self.amounts = {column: self.amounts.get(column, 0.0) + amounts[column] for column in self.columns}

    def difference_from(self, amounts: Mapping[str, float]) -> Sums:
        """Return the sums without one of the rows."""
        remainder = {column: self.amounts[column] - amounts[column] for column in self.columns}
        return Sums(self.columns, remainder, self.count - 1)


def is_sum(row: Amounts, parts: Sequence[Amounts], *, rows: int = 0) -> bool:
    """Return whether every figure of the row is the sum of the same figure of the parts, and one is not 0.

    ``rows`` is how many rows the parts represent, if they are sums themselves.
    """
    if not parts:
        return False
    total = 0.0
    for column, amount in row.items():
        amounts = [part.get(column) for part in parts]
        if amount is None or None in amounts:
            continue
        expected = sum(part_amount or 0.0 for part_amount in amounts)
        if abs(amount - expected) > _tolerance(amount, rows or len(parts)):
            return False
        total += expected
    return total > 0


def is_average(row: Mapping[str, float], sums: Sums) -> bool:
    """Return whether every figure of the row is the average of the rows in the sums, rounded."""
    return all(abs(amount - sums.amounts[column] / sums.count) <= _ROUNDING for column, amount in row.items())


def agreeing_columns(row: Amounts, parts: Sequence[Amounts]) -> int:
    """Return how many of the row's figures are sums other than 0."""
    return sum(
        1
        for column, amount in row.items()
        if amount and all(part.get(column) is not None for part in parts) and any(part.get(column) for part in parts)
    )


def has_total_word(name: str) -> bool:
    """Return whether a name is blank, joins several names, or begins or ends with a word for sums."""
    words = name.casefold().replace(":", " ").split()
    return not words or ";" in name or words[0] in TOTAL_WORDS or words[-1] in TOTAL_WORDS


def _tolerance(amount: float, parts: int) -> float:
    """Whole numbers must agree exactly, measured times within their rounding."""
    return _ROUNDING * parts if amount != round(amount) or amount > 1e6 else _ROUNDING
