"""Which management units are asked for with one adherence job."""

from __future__ import annotations

from collections.abc import Iterable

from worker.genesys.together import Batch, Part, Plan

UNITS = 100
"""Management units in one job; a group's own are never spread over two."""


def batch_of(plan: Plan, name: str) -> Batch:
    """The units that are asked with this order's: those of whole orders, so many at a time."""
    packs: list[list[Part]] = [[]]
    for part in plan.parts:
        if packs[-1] and len(_units([*packs[-1], part])) > UNITS:
            packs.append([])
        packs[-1].append(part)
    number, pack = next((n, pack) for n, pack in enumerate(packs) if any(part.name == name for part in pack))
    return Batch(plan, "management_units", number, _units(pack))


def _units(parts: Iterable[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for part in parts for unit in part.management_units))
