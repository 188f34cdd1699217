"""Filters of analytics queries: predicates in clauses, two levels deep, combined into one test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sandbox.wire.errors import invalid

DIMENSIONS = ("queueId", "mediaType", "userId", "direction", "divisionId")
"""The dimensions that the sandbox's records have."""

ANY_USER = "*"
"""As ``userId``: a test passes if it would pass for some user."""


class Facts(NamedTuple):
    """The values that a filter tests. ``userId`` is None for an event that belongs only to the queue."""

    queueId: str | None
    mediaType: str | None
    userId: str | None
    divisionId: str | None = None
    direction: str = "inbound"


Test = Callable[[Facts], bool]


def read(body_filter: Any, allowed: tuple[str, ...] = DIMENSIONS) -> Test:
    """Return the filter of a query body as a test. None passes everything."""
    if body_filter is None:
        return lambda _: True
    return _read_clause(body_filter, "filter", allowed, deep=True)


def _read_clause(clause: Any, path: str, allowed: tuple[str, ...], *, deep: bool) -> Test:
    if not isinstance(clause, Mapping) or clause.get("type") not in ("and", "or"):
        raise invalid(f"{path}.type", "expected a filter of type and, or or")
    predicates, clauses = clause.get("predicates") or (), clause.get("clauses") or ()
    if clauses and not deep:
        raise invalid(f"{path}.clauses", "a clause has predicates only")
    tests = [_predicate(predicate, f"{path}.predicates[{n}]", allowed) for n, predicate in enumerate(predicates)]
    tests += [_read_clause(inner, f"{path}.clauses[{n}]", allowed, deep=False) for n, inner in enumerate(clauses)]
    combine = all if clause["type"] == "and" else any
    return lambda facts: combine(test(facts) for test in tests) if tests else True


def _predicate(predicate: Any, path: str, allowed: tuple[str, ...]) -> Test:
    dimension = predicate.get("dimension") if isinstance(predicate, Mapping) else None
    if dimension not in allowed:
        raise invalid(f"{path}.dimension", f"expected one of {', '.join(allowed)}; found {dimension}")
    operator, value = predicate.get("operator", "matches"), predicate.get("value")
    position = Facts._fields.index(dimension)
    if operator == "matches":
        if not isinstance(value, str):
            raise invalid(f"{path}.value", "expected a text")
        return lambda facts: facts[position] in (value, ANY_USER)
    if operator == "exists":
        return lambda facts: facts[position] is not None
    if operator == "notExists":
        return lambda facts: facts[position] in (None, ANY_USER)
    raise invalid(f"{path}.operator", f"expected matches, exists or notExists; found {operator}")


def values(part: Any, dimension: str) -> list[str]:
    """Return every value that a filter, or a part of one, names for a dimension."""
    if isinstance(part, Mapping):
        direct = [str(part["value"])] if part.get("dimension") == dimension and "value" in part else []
        return direct + [value for inner in part.values() for value in values(inner, dimension)]
    return [value for inner in part for value in values(inner, dimension)] if isinstance(part, list) else []
