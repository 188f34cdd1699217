"""Filters of analytics queries: predicates in clauses, two levels deep, made into one test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sandbox.errors import invalid

DIMENSIONS = ("queueId", "mediaType", "userId", "direction", "divisionId")
"""The dimensions that the sandbox's records have."""

ANYBODY = "*"
"""As a user: a test passes if it would for some user. Tells which queues can matter at all."""


class Facts(NamedTuple):
    """What a filter looks at; ``userId`` is None for what belongs to the queue alone."""

    queueId: str | None
    mediaType: str | None
    userId: str | None
    divisionId: str | None = None
    direction: str = "inbound"


Test = Callable[[Facts], bool]


def read(found: Any, allowed: tuple[str, ...] = DIMENSIONS) -> Test:
    """The filter of a query body; None passes everything."""
    if found is None:
        return lambda _: True
    return _read(found, "filter", allowed, deep=True)


def _read(found: Any, place: str, allowed: tuple[str, ...], *, deep: bool) -> Test:
    if not isinstance(found, Mapping) or found.get("type") not in ("and", "or"):
        raise invalid(f"{place}.type", "expected a filter of type and, or or")
    tests = [
        _predicate(one, f"{place}.predicates[{n}]", allowed) for n, one in enumerate(found.get("predicates") or ())
    ]
    clauses = found.get("clauses") or ()
    if clauses and not deep:
        raise invalid(f"{place}.clauses", "a clause has predicates only")
    tests += [_read(one, f"{place}.clauses[{n}]", allowed, deep=False) for n, one in enumerate(clauses)]
    together = all if found["type"] == "and" else any
    return lambda facts: together(test(facts) for test in tests) if tests else True


def _predicate(found: Any, place: str, allowed: tuple[str, ...]) -> Test:
    dimension = found.get("dimension") if isinstance(found, Mapping) else None
    if dimension not in allowed:
        raise invalid(f"{place}.dimension", f"expected one of {', '.join(allowed)}; found {dimension}")
    operator, value = found.get("operator", "matches"), found.get("value")
    at = Facts._fields.index(dimension)
    if operator == "matches":
        if not isinstance(value, str):
            raise invalid(f"{place}.value", "expected a text")
        return lambda facts: facts[at] in (value, ANYBODY)
    if operator == "exists":
        return lambda facts: facts[at] is not None
    if operator == "notExists":
        return lambda facts: facts[at] in (None, ANYBODY)
    raise invalid(f"{place}.operator", f"expected matches, exists or notExists; found {operator}")


def values(found: Any, dimension: str) -> list[str]:
    """Every value that the filter asks a dimension for."""
    if isinstance(found, Mapping):
        own = [str(found["value"])] if found.get("dimension") == dimension and "value" in found else []
        return own + [one for inner in found.values() for one in values(inner, dimension)]
    return [one for inner in found for one in values(inner, dimension)] if isinstance(found, list) else []
