"""The machine's time zone, which not every machine tells."""

from __future__ import annotations

from zoneinfo import ZoneInfoNotFoundError

import pytest
import tzlocal

from worker.wiring import process


@pytest.mark.parametrize(("name", "zone"), [("Europe/Berlin", "Europe/Berlin"), (None, None), ("Mars/Base", None)])
def test_a_zone_without_a_known_name_is_none(
    monkeypatch: pytest.MonkeyPatch, name: str | None, zone: str | None
) -> None:
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: name)
    assert process.machine_zone() == zone


def test_files_that_contradict_each_other_tell_no_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    def contradict() -> str:
        raise ZoneInfoNotFoundError("Multiple conflicting time zone configurations found")

    monkeypatch.setattr(tzlocal, "get_localzone_name", contradict)
    assert process.machine_zone() is None
