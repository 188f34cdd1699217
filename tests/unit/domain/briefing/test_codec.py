import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings

from tests.unit.domain.briefing import rows_strategies
from worker.domain.briefing.codec import decode_figures, decode_rows, encode_figures, encode_rows
from worker.domain.briefing.history import figures_of
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric, Ratio
from worker.domain.rows import AgentDay, Gap, GapKind, QueueInterval, Rows, gap
from worker.errors import MalformedAnswer

ANY = settings(max_examples=150)
KINDS_OF_EARLIER_RELEASES = ("partial", "unavailable", "late_data", "assumed_open", "percent_only", "doubtful")


@ANY
@given(rows_strategies.rows)
def test_rows_survive_storage_unchanged(rows):
    assert decode_rows(encode_rows(rows)) == rows


def test_the_value_of_a_ratio_is_stored_only_if_it_is_not_its_parts_quotient(small_day):
    figures = figures_of(small_day)
    stored_ratios = json.loads(encode_figures(figures))["value"]["ratios"].values()
    assert stored_ratios
    assert all(set(ratio) == {"denominator", "numerator"} for ratio in stored_ratios)
    figures_with_percentages = replace(
        figures, ratios={Metric.SERVICE_LEVEL: Ratio(0.8, 1, 3), Metric.OCCUPANCY: Ratio(0.7)}
    )
    assert decode_figures(encode_figures(figures_with_percentages)) == figures_with_percentages


@ANY
@given(rows_strategies.figures)
def test_stored_days_survive_storage_unchanged(figures):
    assert decode_figures(encode_figures(figures)) == figures


def test_the_same_rows_give_the_same_bytes_whatever_the_order_of_a_mapping():
    first, second = {"service_level": 0.7, "occupancy": 0.8}, {"occupancy": 0.8, "service_level": 0.7}
    in_either_order = [
        encode_rows(Rows((), (QueueInterval("q", "voice", None, stated=stated_ratios),)))
        for stated_ratios in (first, second)
    ]
    assert in_either_order[0] == in_either_order[1]


def test_the_same_rows_give_the_same_bytes_in_every_process():
    program = (
        "import sys; from worker.domain.briefing.codec import decode_rows, encode_rows;"
        "sys.stdout.buffer.write(encode_rows(decode_rows(sys.stdin.buffer.read())))"
    )
    data = encode_rows(Rows((), (QueueInterval("q", "voice", None, stated={"occupancy": 0.8, "adherence": 0.9}),)))
    for seed in ("1", "2"):
        repeated = subprocess.run(
            [sys.executable, "-c", program],
            input=data,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        assert repeated.stdout == data


def test_a_worker_of_the_previous_version_can_read_a_gap():
    """It builds a gap from all fields of the stored one, so there must be none that it does not know."""
    of_unit = gap("partial", GapText.UNIT_MISSING, "adherence", unit="7")
    value = json.loads(encode_rows(Rows((), (), gaps=(of_unit,))))["value"]
    assert value["gaps"] == [{"kind": "partial", "detail": of_unit.detail, "metric": "adherence"}]


def test_what_a_group_is_not_set_up_for_has_a_kind_that_earlier_versions_know():
    """A worker of an earlier version, which may compose the run's briefing, fails on a kind that it does not know."""
    no_unit = gap("unavailable", GapText.NO_UNIT_NAMED, "adherence")
    assert no_unit.is_not_set_up
    data = encode_rows(Rows((), (), gaps=(no_unit,)))
    assert json.loads(data)["value"]["gaps"] == [
        {"kind": "unavailable", "detail": no_unit.detail, "metric": "adherence"}
    ]
    assert decode_rows(data).gaps[0].is_not_set_up


def test_no_stored_kind_of_gap_is_unknown_to_the_releases_before():
    """A new kind would stop the runs that a worker of an earlier release goes on with. A new text does not."""
    assert get_args(GapKind) == KINDS_OF_EARLIER_RELEASES


def test_a_gap_of_a_later_versions_kind_says_what_is_not_available():
    """Half of the workers may be updated. A kind that this one does not know must not stop the run."""
    value = json.loads(encode_rows(Rows((), (), gaps=(Gap("doubtful", "Three transfers are in dispute."),))))
    value["value"]["gaps"][0]["kind"] = "disputed"
    assert decode_rows(json.dumps(value).encode()).gaps == (Gap("unavailable", "Three transfers are in dispute."),)


def test_a_gap_that_the_previous_version_stored_is_read():
    plain = Gap("partial", "One division is missing.")
    data = encode_rows(Rows((), (), gaps=(plain,)))
    assert "gap_texts" not in json.loads(data)["value"]
    assert decode_rows(data).gaps == (plain,)


def test_a_missing_figure_is_not_written_and_comes_back_missing():
    data = encode_rows(Rows((), (), (AgentDay("u", "Ada", idle_ms=0),)))
    assert json.loads(data)["value"]["agents"] == [{"user_id": "u", "name": "Ada", "queues": [], "idle_ms": 0}]


def test_no_agents_name_is_in_a_remembered_day(small_day):
    data = encode_figures(figures_of(small_day))
    assert not any(agent.name.encode() in data or agent.user_id.encode() in data for agent in small_day.agents)
    assert b"Billing" not in data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"kind":"rows","version":1}',
        b'{"kind":"rows","version":1,"value":{"queues":[]}}',
        b'{"kind":"rows","version":1,"value":{"queues":[{"id":"a","name":"A","colour":"red"}],"intervals":[],"agents":[],"gaps":[],"notes":[]}}',
        b"\xff\xfe",
    ],
)
def test_damaged_bytes_are_refused_with_what_to_do(data):
    with pytest.raises(MalformedAnswer, match=r"Stored rows are damaged.*Rerun"):
        decode_rows(data)


def test_bytes_cut_short_are_refused(small_day):
    with pytest.raises(MalformedAnswer):
        decode_rows(encode_rows(small_day)[:-1])


def test_another_version_is_refused_by_its_number(small_day):
    newer = encode_rows(small_day).replace(b'"version":1', b'"version":2')
    with pytest.raises(MalformedAnswer, match="rows of version 2, expected rows of version 1"):
        decode_rows(newer)


def test_a_remembered_day_is_not_taken_for_rows(small_day):
    with pytest.raises(MalformedAnswer, match="figures of version 1, expected rows"):
        decode_rows(encode_figures(figures_of(small_day)))


def test_a_ratio_that_is_no_number_is_not_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_rows(Rows((), (QueueInterval("q", "voice", None, stated={"service_level": float("nan")}),)))
