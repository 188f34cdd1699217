"""Numbers that no contact centre can have are refused by name, so that none is on a page."""

from __future__ import annotations

from typing import Any

import pytest

from worker.errors import MalformedAnswer
from worker.genesys.api import shapes
from worker.genesys.api.json_body import read_object
from worker.genesys.wfm import shapes as plan_shapes


def aggregates(stats: str) -> tuple[type[shapes.Shape], str]:
    metric = f'{{"metric": "nOffered", "stats": {{{stats}}}}}'
    return (
        shapes.Aggregates,
        f'{{"results": [{{"group": {{}}, "data": [{{"interval": "i", "metrics": [{metric}]}}]}}]}}',
    )


def adherence(metrics: str) -> tuple[type[shapes.Shape], str]:
    return shapes.AdherenceFile, f'{{"userResults": [{{"userId": "u", "dayMetrics": [{{{metrics}}}]}}]}}'


def forecast(values: str) -> tuple[type[shapes.Shape], str]:
    group = f'{{"planningGroupId": "g", "offeredPerInterval": [3, {values}]}}'
    return plan_shapes.Forecast, f'{{"referenceStartDate": "2026-11-16T00:00:00Z", "planningGroups": [{group}]}}'


PLACES: dict[str, tuple[Any, str]] = {
    "count": (lambda value: aggregates(f'"count": {value}'), r"results\.0\.data\.0\.metrics\.0\.stats\.count"),
    "sum": (lambda value: aggregates(f'"sum": {value}'), r"metrics\.0\.stats\.sum"),
    "ratio": (lambda value: aggregates(f'"ratio": {value}'), r"metrics\.0\.stats\.ratio"),
    "numerator": (lambda value: aggregates(f'"numerator": {value}'), r"metrics\.0\.stats\.numerator"),
    "schedule": (lambda value: adherence(f'"adherenceScheduleSeconds": {value}'), r"dayMetrics\.0\.adherenceSchedule"),
    "exceptions": (lambda value: adherence(f'"exceptionCount": {value}'), r"dayMetrics\.0\.exceptionCount"),
    "forecast": (forecast, r"planningGroups\.0\.offeredPerInterval\.1"),
}


def read(place: str, value: str) -> object:
    shape, body = PLACES[place][0](value)
    return shapes.read(shape, read_object(body.encode(), "The API"), "The API")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", ["1e308", "1e18", "-5"])
def test_an_impossible_number_is_refused_with_its_place_and_value(place: str, value: str) -> None:
    with pytest.raises(
        MalformedAnswer, match=rf"The API: .*{PLACES[place][1]}.*, not {float(value):g}\)".replace("+", r"\+")
    ):
        read(place, value)


@pytest.mark.parametrize("place", ["count", "numerator", "exceptions"])
def test_a_count_with_a_fraction_is_refused(place: str) -> None:
    with pytest.raises(MalformedAnswer, match=r"whole number, not 12\.5"):
        read(place, "12.5")
    assert read(place, "12.0")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_what_is_no_number_is_named(place: str, value: str) -> None:
    with pytest.raises(MalformedAnswer, match=f"JSON with {value}, which is no number"):
        read(place, value)
