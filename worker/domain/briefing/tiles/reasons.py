"""Say why a metric has no value."""

from __future__ import annotations

from worker.domain.metrics import (
    Metric,
    is_known_in_part,
    is_not_stated,
    is_nothing_offered,
    is_stated,
)
from worker.domain.rows import Rows
from worker.domain.wording import sentence

_NOTHING_TO_MEASURE = {
    Metric.SERVICE_LEVEL: sentence("No contact counts towards it."),
    Metric.ABANDONMENT: sentence("Nothing was offered."),
    Metric.OCCUPANCY: sentence("No agent's times are known."),
    Metric.ADHERENCE: sentence("No agent had a schedule."),
}


def reason_for_no_data(metric: Metric, rows: Rows) -> str:
    """Return why a metric of these rows has no value, as a sentence."""
    if detail := gap_detail(metric, rows):
        return detail
    if is_stated(metric, rows):
        return sentence("The source gives percentages without counts, which do not add up to one for the group.")
    if is_known_in_part(metric, rows):
        return sentence("Not known: the source lacks a part of it.")
    if is_not_stated(metric, rows):
        return sentence("Not known: the source does not state it.")
    if metric is Metric.SERVICE_LEVEL and is_nothing_offered(rows.intervals):
        return sentence("Nothing was offered.")
    if metric is Metric.ABANDONMENT and any(row.offered or row.abandoned for row in rows.intervals):
        return sentence("Not known: more contacts were abandoned than offered, because some came before midnight.")
    return _NOTHING_TO_MEASURE[metric]


def gap_detail(metric: Metric, rows: Rows) -> str:
    """Return what the source says is missing of a metric, "" if nothing is."""
    return next((gap.detail for gap in rows.gaps if gap.metric == metric), "")
