"""Figures that are not known because the rows state them for some parts of the group and not for others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worker.domain.briefing.content import IncompleteFigure, PartWithoutFigure
from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows

SALES = Queue("sales", "Sales")
KNOWN = {"offered": 60, "answered": 60, "answered_late": 0, "abandoned": 0}
TIMES = {"handled": 60, "handle_ms": 12_000_000, "answer_ms": 300_000}


@pytest.fixture(scope="session")
def interval():
    def make(queue_id, medium="voice", **figures):
        return QueueInterval(queue_id, medium, None, **figures)

    return make


def incomplete(make_briefing, rows):
    return make_briefing(rows).completeness.incomplete_figures


def test_a_queue_without_times_is_named_for_both_averages(make_briefing, interval):
    rows = Rows((SALES,), (interval("billing", **KNOWN, **TIMES), interval("sales", **KNOWN)))
    part = PartWithoutFigure("Sales", 1, 1)
    assert incomplete(make_briefing, rows) == (
        IncompleteFigure("average_handle_ms", (part,)),
        IncompleteFigure("average_answer_ms", (part,)),
    )


def test_some_half_hours_of_a_queue_are_counted(make_briefing, interval):
    whole = interval("sales", **KNOWN, **TIMES)
    rows = Rows((SALES,), (whole, whole, replace(whole, handled=None, handle_ms=None)))
    assert incomplete(make_briefing, rows) == (
        IncompleteFigure("average_handle_ms", (PartWithoutFigure("Sales", 1, 3),)),
    )


def test_a_figure_that_no_part_states_is_not_incomplete(make_briefing, interval):
    rows = Rows((SALES,), (interval("billing", **KNOWN), interval("sales", **KNOWN)))
    assert incomplete(make_briefing, rows) == ()


def test_a_half_hour_without_contacts_lacks_nothing(make_briefing, interval):
    rows = Rows((SALES,), (interval("billing", **KNOWN, **TIMES), interval("sales")))
    assert incomplete(make_briefing, rows) == ()


def test_a_figure_that_the_source_calls_incomplete_is_not_named_again(make_briefing, interval):
    rows = Rows(
        (SALES,),
        (interval("billing", **KNOWN, **TIMES), interval("sales", **{**KNOWN, "abandoned": None}, **TIMES)),
        gaps=(Gap("unavailable", "One report is missing.", "abandonment"),),
    )
    names = [figure.name for figure in incomplete(make_briefing, rows)]
    assert names == ["service_level", "abandoned", "late"]


def test_a_sum_over_several_media_names_the_medium_of_the_queue(make_briefing, interval):
    levels = {"service_level_numerator": 9, "service_level_denominator": 10}
    emails = interval("sales", "email", **{**KNOWN, "abandoned": None}, **levels, **TIMES)
    rows = Rows((SALES,), (interval("billing", **KNOWN, **TIMES), emails))
    assert incomplete(make_briefing, rows) == (
        IncompleteFigure("abandoned", (PartWithoutFigure("Sales", 1, 1, "email"),)),
    )


def test_agents_without_a_time_are_counted(make_briefing, interval):
    agents = (AgentDay("1", "Ada", (), 10, 0, None), AgentDay("2", "Ben", (), 10, 0, 5), AgentDay("3", "Cem"))
    rows = Rows((SALES,), (interval("sales", **KNOWN, **TIMES),), agents)
    assert incomplete(make_briefing, rows) == (IncompleteFigure("occupancy", (PartWithoutFigure("", 1, 2),)),)


def test_a_metric_that_no_row_states_says_so(make_briefing, interval):
    briefing = make_briefing(Rows((SALES,), (interval("sales", offered=9, answered=9, answered_late=1),)))
    reason = "Not known: the source does not state it."
    assert [briefing.tile(metric).reading.reason for metric in (Metric.SERVICE_LEVEL, Metric.ABANDONMENT)] == [
        reason
    ] * 2
