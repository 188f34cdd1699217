"""The model gives what an independent implementation gives: vectors.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from worker.domain.staffing import erlang_a, erlang_c, shapley
from worker.domain.staffing.causes import causes, is_worth_explaining
from worker.domain.staffing.day_model import HALF_HOUR_SECONDS, Waiting
from worker.domain.staffing.explanation import DayInputs, Explanation, Factor, explain
from worker.domain.staffing.forecasts import forecast_variation, score
from worker.domain.staffing.risks import PlannedHalfHour, required, riskiest

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]
EXACT = 1e-6
MODELLED = 1e-5


def vectors(function: str) -> list[Any]:
    return [pytest.param(v["input"], v["expected"], id=v["name"]) for v in VECTORS if v["function"] == function]


def waiting_of(inputs: dict[str, Any]) -> Waiting:
    return Waiting(inputs["patience"], inputs["T"])


def day(inputs: dict[str, Any]) -> DayInputs:
    names = ("offered", "in_time", "answered", "handle_s", "staffed")
    return DayInputs(*(inputs[name] for name in names))


@pytest.mark.parametrize(("inputs", "expected"), vectors("service_c"))
def test_erlang_c_is_that_of_the_vectors(inputs: dict[str, Any], expected: float) -> None:
    level = erlang_c.service_level(inputs["agents"], inputs["per_second"], inputs["aht"], inputs["T"])
    assert level == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize(("inputs", "expected"), vectors("erlang_a"))
def test_erlang_a_is_that_of_the_vectors(inputs: dict[str, Any], expected: dict[str, float]) -> None:
    names = ("agents", "per_second", "aht", "patience", "T")
    result = erlang_a.half_hour(*(inputs[name] for name in names))
    assert {
        "service": result.in_time,
        "abandoned": result.abandoned,
        "wait_any": result.waits,
        "asa": result.answer_seconds,
        "occupancy": result.occupancy,
    } == pytest.approx(expected, abs=MODELLED)


@pytest.mark.parametrize(("inputs", "expected"), vectors("required"))
def test_required_agents_are_those_of_the_vectors(inputs: dict[str, Any], expected: int) -> None:
    contacts = inputs["per_second"] * HALF_HOUR_SECONDS
    assert required(contacts, inputs["aht"], waiting_of(inputs), inputs["goal"]) == expected


@pytest.mark.parametrize(("inputs", "expected"), vectors("riskiest"))
def test_risks_are_those_of_the_vectors(inputs: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    risks = riskiest((PlannedHalfHour(*row) for row in inputs["half_hours"]), waiting_of(inputs), inputs["goal"])
    assert [(risk.start, risk.required_agents) for risk in risks] == [
        (risk["label"], risk["required"]) for risk in expected
    ]
    figures = [figure for risk in risks for figure in (risk.contacts_short, risk.service_level)]
    assert figures == pytest.approx([risk[key] for risk in expected for key in ("short", "service")], abs=MODELLED)


@pytest.mark.parametrize(("inputs", "expected"), vectors("forecast_score"))
def test_a_forecast_scores_as_in_the_vectors(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    result = score(inputs["forecast"], inputs["actual"], inputs["cv2"])
    assert result is not None
    assert (result.inside, result.half_hours) == (expected["inside"], expected["of"])
    assert [result.error, result.bias, result.chance_error] == pytest.approx(
        [expected[key] for key in ("wape", "bias", "chance_wape")], abs=EXACT
    )


@pytest.mark.parametrize(("inputs", "expected"), vectors("forecast_cv2"))
def test_a_forecast_varies_as_in_the_vectors(inputs: dict[str, Any], expected: float) -> None:
    assert forecast_variation(inputs["pairs"]) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize(("inputs", "expected"), vectors("shapley"))
def test_a_change_is_shared_as_in_the_vectors(inputs: dict[str, Any], expected: list[float]) -> None:
    values = {tuple(bit == "1" for bit in bits): value for bits, value in inputs["values"].items()}
    assert list(shapley.shares(values)) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize(("inputs", "expected"), vectors("explain"))
def test_a_change_is_explained_as_in_the_vectors(inputs: dict[str, Any], expected: dict[str, Any]) -> None:
    result = explain(day(inputs["reference"]), day(inputs["today"]), inputs["shape"], waiting_of(inputs))
    assert result.change == pytest.approx(expected["change"], abs=EXACT)
    assert result.parts == pytest.approx(expected["parts"], abs=MODELLED)
    assert result.unexplained == pytest.approx(expected["unexplained"], abs=MODELLED)
    assert result.efficiency == pytest.approx(expected["efficiency"], abs=MODELLED)
    assert sum(result.parts.values()) + result.unexplained == pytest.approx(result.change, abs=1e-12)


@pytest.mark.parametrize(("inputs", "expected"), vectors("cause"))
def test_causes_are_those_of_the_vectors(inputs: dict[str, Any], expected: list[str]) -> None:
    parts = {Factor(name): part for name, part in inputs["parts"].items()}
    outside = {Factor(name) for name, is_factor_outside in inputs["moved"].items() if is_factor_outside}
    p_low = 0.01 if inputs["unusual_enough"] else 0.2
    explanation = Explanation(inputs["change"], parts, 1.0)
    named_causes = causes(explanation, outside) if is_worth_explaining(inputs["change"], p_low) else ()
    assert list(named_causes) == expected
