"""Eight queues over a week, as a conversation aggregates endpoint once answered; its figures typed out."""

from dataclasses import dataclass

import pytest

from worker.domain.briefing.counts import counts
from worker.domain.metrics import abandonment, service_level
from worker.domain.rows import QueueInterval


@dataclass(frozen=True)
class Answer:
    """What the endpoint said of one queue; where it said nothing of a metric, nothing happened (0)."""

    queue: str
    offered: int
    over_sla: int
    answered: int
    abandoned: int
    flowed_out: int
    ratio: float
    numerator: int
    denominator: int


WEEK = (
    Answer("inbound-1", 877, 373, 787, 83, 7, 0.47586206896551725, 414, 870),
    Answer("inbound-2", 47, 0, 0, 40, 7, 0.0, 0, 40),
    Answer("inbound-3", 205, 91, 181, 18, 6, 0.45226130653266333, 90, 199),
    Answer("inbound-4", 513, 216, 475, 37, 1, 0.505859375, 259, 512),
    Answer("inbound-5", 1382, 580, 1300, 74, 8, 0.5240174672489083, 720, 1374),
    Answer("mixed-6", 31, 0, 4, 0, 27, 1.0, 4, 4),
    Answer("inbound-7", 549, 212, 476, 71, 2, 0.4826325411334552, 264, 547),
)
OUTBOUND = QueueInterval("outbound-8", "voice", None, handled=1385, handle_ms=70_430_555)


def counted(answer: Answer) -> QueueInterval:
    return QueueInterval(
        answer.queue,
        "voice",
        None,
        offered=answer.offered,
        answered=answer.answered,
        answered_late=answer.over_sla,
        abandoned=answer.abandoned,
        flowed_out=answer.flowed_out,
    )


def stated_level(answer: Answer) -> QueueInterval:
    return QueueInterval(
        answer.queue,
        "voice",
        None,
        offered=answer.offered,
        service_level_numerator=answer.numerator,
        service_level_denominator=answer.denominator,
    )


@pytest.mark.parametrize("answer", WEEK, ids=lambda answer: answer.queue)
@pytest.mark.parametrize("as_row", [counted, stated_level])
def test_each_queues_service_level_is_the_endpoints_own_ratio(answer, as_row):
    level = service_level([as_row(answer)])
    assert level is not None
    assert level.value == pytest.approx(answer.ratio, abs=1e-15)
    assert (level.numerator, level.denominator) == (answer.numerator, answer.denominator)


@pytest.mark.parametrize("answer", WEEK, ids=lambda answer: answer.queue)
def test_each_queues_offered_is_answered_and_abandoned_and_flowed_out(answer):
    assert answer.offered == answer.answered + answer.abandoned + answer.flowed_out


def test_the_week_is_the_sum_of_its_queues_and_not_the_mean_of_their_ratios():
    # 414 + 0 + 90 + 259 + 720 + 4 + 264 = 1751; 870 + 40 + 199 + 512 + 1374 + 4 + 547 = 3546
    level = service_level([*map(counted, WEEK), OUTBOUND])
    assert level is not None
    assert (level.numerator, level.denominator) == (1751, 3546)
    assert level.value == 1751 / 3546
    assert level.value != pytest.approx(sum(answer.ratio for answer in WEEK) / len(WEEK), abs=0.001)


def test_the_weeks_abandonment_and_late_contacts():
    # abandoned 83 + 40 + 18 + 37 + 74 + 0 + 71 = 323; offered 877 + 47 + 205 + 513 + 1382 + 31 + 549 = 3604
    week = [*map(counted, WEEK), OUTBOUND]
    share = abandonment(week)
    assert share is not None
    assert (share.numerator, share.denominator) == (323, 3604)
    # 3546 count towards the service level, because the 58 that flowed out do not
    assert counts(week).late == 3546 - 1751


def test_a_queue_with_no_call_in_time_is_at_zero_and_an_outbound_one_has_no_level():
    no_call_in_time = service_level([counted(WEEK[1])])
    assert no_call_in_time is not None
    assert no_call_in_time.value == 0.0
    assert service_level([OUTBOUND]) is None
    assert counts([OUTBOUND]).offered is None
