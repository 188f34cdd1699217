"""The error for a name in a group file that the settings do not define, with the name that was probably meant."""

from __future__ import annotations

from collections.abc import Collection

from worker.domain.groups.model import plain
from worker.errors import SettingsError
from worker.groupfiles.problems import nearest


def unknown_name(noun: str, name: str, names: Collection[str], way_out: str) -> SettingsError:
    """Return the error. ``noun`` is what the name is of, ``way_out`` how to define it."""
    all_names = ", ".join(sorted(names)) or "none"
    near = nearest(plain(name), names)
    if near:
        way_out = f'Did you mean "{near}"? Otherwise {way_out[0].lower()}{way_out[1:]}'
    return SettingsError(f'The settings know no {noun} "{name}" (known: {all_names}).', way_out=way_out)
