"""Any rows that the types allow, for days around 2026-10-21; every figure may be missing."""

from datetime import UTC, datetime, timedelta
from typing import get_args, get_type_hints
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from worker.domain.briefing.history import DayFigures, figures_of
from worker.domain.gap_texts import GapText
from worker.domain.metrics import Metric
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows, SourceNote, gap

ANY_NAME = st.text(st.characters(), max_size=8)  # lone surrogates and control characters too
QUEUE_ID = st.one_of(st.sampled_from(["a", "b", "c"]), ANY_NAME)
COUNT = st.one_of(st.none(), st.integers(0, 50), st.integers(0, 2**53))
FRACTION = st.floats(0, 1)
MIDNIGHT = datetime(2026, 10, 21, tzinfo=UTC)
START = st.one_of(
    st.none(),
    st.integers(-60, 110).map(lambda half_hours: MIDNIGHT + timedelta(minutes=30 * half_hours)),
    st.integers(-5000, 5000).map(lambda minutes: MIDNIGHT + timedelta(minutes=minutes)),
)

intervals = st.builds(
    QueueInterval,
    queue_id=QUEUE_ID,
    media_type=st.sampled_from(["voice", "chat"]),
    start=START,
    stated=st.dictionaries(st.one_of(st.sampled_from([metric.value for metric in Metric]), ANY_NAME), FRACTION),
    **{name: COUNT for name, hint in get_type_hints(QueueInterval).items() if int in get_args(hint)},
)
agents = st.builds(
    AgentDay,
    user_id=ANY_NAME,
    name=ANY_NAME,
    queues=st.lists(ANY_NAME, max_size=2).map(tuple),
    **{name: COUNT for name, hint in get_type_hints(AgentDay).items() if int in get_args(hint)},
)
gaps = st.builds(
    Gap,
    kind=st.sampled_from(["partial", "unavailable", "late_data", "assumed_open", "percent_only", "doubtful"]),
    detail=ANY_NAME,
    metric=st.one_of(st.none(), st.sampled_from([metric.value for metric in Metric]), ANY_NAME),
)
worded_gaps = st.builds(lambda unit: gap("partial", GapText.UNIT_MISSING, unit=unit), unit=ANY_NAME)
rows = st.builds(
    Rows,
    queues=st.lists(st.builds(Queue, id=QUEUE_ID, name=ANY_NAME), max_size=3).map(tuple),
    intervals=st.lists(intervals, max_size=8).map(tuple),
    agents=st.lists(agents, max_size=3).map(tuple),
    gaps=st.one_of(st.just(()), st.lists(st.one_of(gaps, worded_gaps), max_size=2).map(tuple)),
    notes=st.lists(st.builds(SourceNote, ANY_NAME, ANY_NAME, st.integers(0), ANY_NAME), max_size=1).map(tuple),
    service_level_seconds=COUNT,
    fetched_at=st.one_of(st.none(), st.datetimes(datetime(1970, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC))),
)
figures: st.SearchStrategy[DayFigures] = st.builds(
    figures_of, rows, st.sampled_from([None, ZoneInfo("America/New_York")])
)
