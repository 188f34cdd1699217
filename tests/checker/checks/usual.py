"""The usual range of a figure, and what may be called unusual, a fall, a rise or the lowest."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tests.checker.case import Truth
from tests.checker.checks.common import Checks, Evidence, Wrong, count_of
from tests.checker.statements import Statement
from tests.checker.usual import NoRange, Usual, usual_of

_NEAR = 1e-6
_FEW_DAYS = 10
_TELLABLE = 0.1


def is_unusual(truth: Truth, metric: str, place: str) -> Iterator[Wrong]:
    """Whether a figure is unusual, and on this side."""
    usual = usual_of(truth, metric)
    if not isinstance(usual, Usual) or usual.place != place:
        yield Wrong("news without evidence", str(usual))


def _range(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Both ends are rounded outwards. The weekday is named where the range is its own, and few days are counted."""
    metric = statement.context["metric"]
    usual = usual_of(evidence.truth, metric)
    if not isinstance(usual, Usual):
        yield Wrong("usual range of nothing", str(usual))
        return
    low, high = (evidence.language.number(end).value / 100 for end in statement.values["range"].split("–"))
    unit = Fraction(1, 1000) if metric == "abandonment" else Fraction(1, 100)
    if not (low - _NEAR <= usual.low < low + unit + _NEAR and high - unit - _NEAR < usual.high <= high + _NEAR):
        yield Wrong("wrong usual range", f"{usual.low:.4f}–{usual.high:.4f}")
    if (statement.kind == "unusual") != bool(usual.place):
        yield Wrong("wrong judgement of the usual", usual.place or "not unusual")
    weekday = evidence.language.on_weekday(evidence.truth.case.day.weekday()) if usual.is_of_weekday else None
    if statement.values.get("weekday") != weekday:
        yield Wrong("wrong day", str(weekday))
    is_short = statement.place.startswith("PDF")  # a tile without room for the number of days
    if ("days" in statement.values) != (usual.days < _FEW_DAYS) and not is_short:
        yield Wrong("wrong count", f"{usual.days} days")
    if "days" in statement.values:
        yield from count_of(statement.values["days"], usual.days)


def _too_few_days(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    usual = usual_of(evidence.truth, statement.context["metric"])
    days = usual.days if isinstance(usual, NoRange) and not usual.is_after_closure else None
    yield from count_of(statement.values["days"], days)
    yield from count_of(statement.values["needed"], 5)


def _after_holiday(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    usual = usual_of(evidence.truth, statement.context["metric"])
    if not isinstance(usual, NoRange) or not usual.is_after_closure:
        yield Wrong("wrong reason", str(usual))


def _hidden(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A change of so many points would not be noticed four times in five, for this reason."""
    usual = usual_of(evidence.truth, statement.context["metric"])
    if not isinstance(usual, Usual) or usual.hidden <= _TELLABLE or usual.place:
        yield Wrong("wrong judgement of the usual", str(usual))
        return
    points = float(statement.values["points"].value)
    if not points - 1 - _NEAR < 100 * usual.hidden <= points + _NEAR:
        yield Wrong("wrong count", f"{100 * usual.hidden:.2f} points")
    if usual.is_chance != (statement.kind == "hidden_by_chance"):
        yield Wrong("wrong reason", "chance" if usual.is_chance else "days differ")


CHECKS: Checks = {
    ("tile_note", "usual"): _range,
    ("tile_note", "unusual"): _range,
    ("tile_note", "no_range_yet"): _too_few_days,
    ("tile_note", "no_range_after_holiday"): _after_holiday,
    ("tile_note", "hidden_by_chance"): _hidden,
    ("tile_note", "hidden_by_days"): _hidden,
}
