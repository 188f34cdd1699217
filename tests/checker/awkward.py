"""Days that are hard to describe: one contact, no abandons, midnight, clock changes, long waits, missing parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.checker.calls import Call, rows_of
from tests.checker.case import Case
from worker.domain.gap_texts import GapText
from worker.domain.groups import Deliver, Group, Language
from worker.domain.rows import AgentDay, Gap, Queue, QueueInterval, Rows, Window, gap

DAY = date(2026, 10, 21)
QUEUES = ("Billing", "Sales")
BERLIN = "Europe/Berlin"


def cases(language: Language) -> Iterator[Case]:
    """All of them in one language."""
    for name, make in DAYS.items():
        case = make()
        group = case.group.model_copy(update={"language": language})
        yield replace(case, name=f"{name} {language}", group=group)


def _case(
    calls: Sequence[Call],
    day: date = DAY,
    history: Mapping[date, Rows] | None = None,
    change: Callable[[Rows], Rows] = lambda rows: rows,
    **changes: Any,
) -> Case:
    settings: dict[str, Any] = {
        "key": "awkward",
        "title": "Northgate Support",
        "zone": BERLIN,
        "standup_at": time(8),
        "catch_up_until": time(12),
        "queues": QUEUES,
        "workdays": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        "deliver": Deliver(),
    }
    group = Group.model_validate({**settings, **changes})
    start = datetime.combine(day, time(), group.tz)
    window = Window(start, datetime.combine(day + timedelta(days=1), time(), group.tz))
    days = tuple(day - timedelta(days=days_back) for days_back in range(30, -1, -1))
    return Case("", group, day, change(rows_of(calls, window, group.queues)), history or {}, days)


def _calls(
    number: int,
    clock: str = "10:00",
    wait: int = 5,
    talk: int = 200,
    queue: str = "Billing",
    medium: str = "voice",
    day: date = DAY,
    zone: str = BERLIN,
    spread: int = 60,
) -> list[Call]:
    """So many answered calls from a time on, ``spread`` seconds apart."""
    first = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)
    calls = []
    for number_of_call in range(number):
        offered = first + timedelta(seconds=spread * number_of_call)
        answered = offered + timedelta(seconds=wait)
        calls.append(Call(queue, medium, offered, answered, answered + timedelta(seconds=talk), None, "Ada"))
    return calls


def _abandoned(calls: Sequence[Call], patience_seconds: int = 90) -> list[Call]:
    """The same calls, all of them given up."""
    return [
        replace(call, answered=None, ended=None, abandoned=call.offered + timedelta(seconds=patience_seconds))
        for call in calls
    ]


def _history(day: date, offered: Sequence[int], late_share: float = 0.1) -> dict[date, Rows]:
    """The days before, the newest first, each with so many contacts in one row; 0 leaves a day out."""
    return {
        day - timedelta(days=days_back): _past_rows(number, late_share)
        for days_back, number in enumerate(offered, 1)
        if number
    }


def _past_rows(offered: int, late_share: float) -> Rows:
    late, abandoned = round(offered * late_share), round(offered * 0.04)
    answered = offered - abandoned
    interval = QueueInterval(
        "billing", "voice", None, offered, answered, late, abandoned, handled=answered, handle_ms=answered * 200_000
    )
    return Rows((Queue("billing", "Billing"),), (replace(interval, answer_ms=answered * 9_000),))


def _with_agents(*agents: AgentDay) -> Callable[[Rows], Rows]:
    return lambda rows: replace(rows, agents=agents)


def _agent(
    name: str, scheduled: int | None = 28_800, off_schedule: int | None = 900, idle: int = 7_200_000
) -> AgentDay:
    return AgentDay(name.lower(), name, ("Billing",), 21_600_000, 0, idle, scheduled, off_schedule, 1, 0)


def _one_contact() -> Case:
    return _case(_calls(1))


def _no_abandons() -> Case:
    return _case(_calls(60), history=_history(DAY, [60] * 28))


def _all_abandoned() -> Case:
    return _case(_abandoned(_calls(40)), history=_history(DAY, [60] * 28))


def _few_answers() -> Case:
    """Three answers, after 40 s, and 37 that hung up. The day before had 58 answers, after 9 s."""
    return _case([*_calls(3, wait=40), *_abandoned(_calls(37, "11:00"))], history=_history(DAY, [60] * 28))


def _agents_for_the_first_time() -> Case:
    """The days before are known, but of no agent."""
    return _case(_calls(60), change=_with_agents(_agent("Ada", off_schedule=940)), history=_history(DAY, [60] * 28))


def _agents_known_for(days: int) -> Case:
    """The contacts of four weeks are known, and the agents of fewer, as in the first weeks of a group."""
    agents = _with_agents(_agent("Ada", off_schedule=940), _agent("Ben", off_schedule=1_200))
    earliest = DAY - timedelta(days=days)
    history = {day: agents(rows) if day >= earliest else rows for day, rows in _history(DAY, [60] * 28).items()}
    return _case(_calls(60), change=agents, history=history)


def _over_midnight() -> Case:
    """Offered before midnight, answered after it: the day has more answers in time than contacts."""
    evening = _calls(20, "23:59:50", wait=15, day=DAY - timedelta(days=1), spread=0)
    patience_seconds = _calls(4, "00:20", wait=3)
    last = _calls(30, "23:58:00", wait=300, spread=2)
    return _case([*evening, *patience_seconds, *last])


def _late_answers_to_the_evening() -> Case:
    """Each half-hour that can be judged is on target. The day is not: it answered, late, contacts of the evening."""
    evening = _calls(20, "23:59:50", wait=60, day=DAY - timedelta(days=1), spread=0)
    return _case([*evening, *_calls(5, "00:20"), *_calls(30, "08:00", spread=100)])


def _late_answers_without_a_half_hour() -> Case:
    """The same, and nothing else came after midnight."""
    evening = _calls(20, "23:59:50", wait=60, day=DAY - timedelta(days=1), spread=0)
    return _case([*evening, *_calls(30, "08:00", spread=100)])


def _more_answers_than_contacts() -> Case:
    return _case(_calls(20, "23:59:50", wait=15, day=DAY - timedelta(days=1), spread=0))


def _short_day() -> Case:
    day = date(2026, 3, 29)
    return _case([*_calls(20, "01:30", day=day), *_calls(40, "03:10", wait=50, day=day)], day=day)


def _long_day() -> Case:
    """Each half-hour between two and three comes twice."""
    day = date(2026, 10, 25)
    calls = [*_calls(20, "01:50", day=day), *_calls(90, "02:05", wait=40, day=day, spread=80)]
    return _case(calls, day=day)


def _several_media() -> Case:
    voice = [*_calls(200, wait=5, spread=30), *_calls(200, "12:00", wait=60, spread=30)]
    return _case([*voice, *_calls(600, "09:00", wait=2, medium="email", spread=20)])


def _missed_medium() -> Case:
    """Voice has the most contacts and is on target; half of the chats waited too long, all of them after three."""
    chats = [*_calls(30, medium="chat"), *_calls(30, "15:00", wait=90, medium="chat")]
    return _case([*_calls(300, "09:00", spread=60), *chats, *_calls(40, "12:00", medium="email")])


def _fell_on_target() -> Case:
    """92.9 % after 96 % on the two days that it is compared with: on target, and nothing to praise."""
    history = _history(DAY, [1_000, 0, 0, 0, 0, 0, 1_000], late_share=0)
    return _case([*_calls(929, "08:00", spread=30), *_calls(71, "17:00", wait=40)], history=history)


def _rose_on_a_quiet_day() -> Case:
    """75 % after 46 %, with a third of the contacts: better, missed, and no one's merit."""
    history = _history(DAY, [120, 0, 0, 0, 0, 0, 120], late_share=0.5)
    return _case([*_calls(30, "08:00", spread=300), *_calls(10, "14:00", wait=60, spread=300)], history=history)


def _thin_medium() -> Case:
    """One chat, and it waited: it proves nothing about the chats of this group."""
    chat = _calls(1, "09:00", wait=99, medium="chat")
    return _case([*_calls(100, "08:00"), *chat], change=_with_agents(_agent("Ada", idle=5_400_000)))


def _thin_day() -> Case:
    """Six contacts after a hundred a day: no verdict, no comparison."""
    late = _calls(3, "09:20", wait=200)
    return _case([*_calls(2, "09:10"), *late, *_abandoned(_calls(1, "09:25"))], history=_history(DAY, [100] * 28))


def _thin_days_before() -> Case:
    """On target for ten days, eight of which had fewer than ten contacts."""
    history = _history(DAY, [3, 9, 2, 5, 4, 8, 6, 120, 9, 9, 9, 9, 9, 9, 150])
    return _case([*_calls(50), *_calls(40, "14:00", wait=60)], history=history)


def _first_day() -> Case:
    return _case([*_calls(100, wait=5), *_calls(20, "14:00", wait=40, queue="Sales")])


def _thin_half_hours() -> Case:
    """Nine contacts, all late, at night; forty at noon of which fourteen are late."""
    noon = [*_calls(26, "12:00", wait=5, spread=30), *_calls(14, "12:01", wait=40, spread=30)]
    return _case([*_calls(9, "03:00", wait=90), *noon, *_calls(200, "13:00", spread=30)])


def _lowest_at_midnight() -> Case:
    return _case([*_calls(2, "00:00", wait=90), *_calls(30, "10:00", wait=5), *_calls(8, "10:05", wait=60)])


def _thin_queue_first() -> Case:
    calls = [*_calls(1, queue="Sales", wait=90), *_calls(100, wait=5), *_calls(50, "14:00", wait=90)]
    return _case(calls)


def _several_queues() -> Case:
    """Billing misses its target, Sales does not."""
    return _case([*_calls(60), *_calls(40, "14:00", wait=60), *_calls(30, queue="Sales")])


def _biggest_is_not_the_worst() -> Case:
    """Billing has the most contacts not in time, 120 of 300. Sales did worse: 70 of 100. Neither is on target."""
    billing = [*_calls(180, "09:00", spread=60), *_calls(120, "12:00", wait=60, spread=60)]
    return _case([*billing, *_calls(30, "09:00", queue="Sales"), *_calls(70, "12:00", wait=60, queue="Sales")])


def _tied_best() -> Case:
    """Two queues with the same service level, and none clearly worse."""
    return _case([*_calls(90), *_calls(10, "15:00", wait=60), *_two_lines("Sales")])


def _two_lines(queue: str) -> list[Call]:
    return [*_calls(45, queue=queue), *_calls(5, "15:00", wait=60, queue=queue)]


def _only_one_queue() -> Case:
    return _case([*_calls(90), *_calls(10, "15:00", wait=60)], queues=("Billing",))


def _best_is_thin() -> Case:
    """The best queue has five contacts; the praised one has ten at least."""
    calls = [*_calls(5, queue="Sales", wait=3), *_calls(95, wait=3), *_calls(8, "15:00", wait=90)]
    return _case([*calls, *_abandoned(_calls(4, "16:00"), patience_seconds=3)])


def _flowed_out() -> Case:
    """105 offered, of which ten flowed out: 90 of the 95 that count were answered in time."""

    def change(rows: Rows) -> Rows:
        first, *rest = rows.intervals
        return replace(rows, intervals=(replace(first, offered=(first.offered or 0) + 10, flowed_out=10), *rest))

    calls = [*_calls(90), *_calls(5, "15:00", wait=60), *_calls(20, "16:00", wait=40, queue="Sales")]
    return _case(calls, change=change)


def _blank_figures() -> Case:
    def change(rows: Rows) -> Rows:
        first, *rest = rows.intervals
        return replace(rows, intervals=(replace(first, abandoned=None, handle_ms=None), *rest))

    return _case([*_calls(60), *_calls(40, "11:00", queue="Sales", wait=30)], change=change)


def _blank_answers() -> Case:
    """One queue's intervals lack the answered contacts and all times: the other's averages are not the group's."""
    blank = {"answered": None, "answer_ms": None, "handled": None, "handle_ms": None}

    def change(rows: Rows) -> Rows:
        intervals = (replace(row, **blank) if row.queue_id == "sales" else row for row in rows.intervals)
        return replace(rows, intervals=tuple(intervals))

    calls = [*_calls(60), *_calls(40, "11:00", queue="Sales", wait=30)]
    return _case(calls, change=change, history=_history(DAY, [100] * 28))


def _blank_queue() -> Case:
    """One queue's intervals have nothing but what was offered."""
    blank = {"answered": None, "answered_late": None, "answer_ms": None, "handled": None, "handle_ms": None}
    no_level = {"service_level_numerator": None, "service_level_denominator": None}

    def change(rows: Rows) -> Rows:
        intervals = (replace(row, **blank, **no_level) if row.queue_id == "sales" else row for row in rows.intervals)
        return replace(rows, intervals=tuple(intervals))

    return _case([*_calls(60), *_calls(40, "11:00", queue="Sales", wait=30)], change=change)


def _blank_half_hour() -> Case:
    """One half-hour of one queue lacks the answered contacts; an agent lacks a time, and another one adherence."""

    def change(rows: Rows) -> Rows:
        first, *other_entries = rows.intervals
        agents = (replace(_agent("Ada"), idle_ms=None), replace(_agent("Ben"), exception_seconds=None), _agent("Cem"))
        return replace(rows, intervals=(replace(first, answered=None, answer_ms=None), *other_entries), agents=agents)

    return _case([*_calls(60), *_calls(40, "11:00", queue="Sales", wait=30)], change=change)


def _blank_medium() -> Case:
    """One queue's e-mails lack all times and the abandoned contacts, on a day with two media."""

    def change(rows: Rows) -> Rows:
        blank = {"handled": None, "handle_ms": None, "answer_ms": None, "abandoned": None}
        is_blank = [row.media_type == "email" and row.queue_id == "sales" for row in rows.intervals]
        pairs = zip(rows.intervals, is_blank, strict=True)
        return replace(rows, intervals=tuple(replace(row, **blank) if blanked else row for row, blanked in pairs))

    emails = [*_calls(20, medium="email"), *_calls(40, "11:00", queue="Sales", medium="email", wait=30)]
    return _case([*_calls(80), *emails], change=change)


def _blank_denominator() -> Case:
    """One queue's intervals lack what counts towards the service level."""

    def blank(interval: QueueInterval) -> QueueInterval:
        if interval.queue_id != "sales":
            return interval
        return replace(
            interval, service_level_numerator=None, service_level_denominator=None, answered_late=None, abandoned=None
        )

    return _case(
        [*_calls(60), *_calls(40, "11:00", queue="Sales", wait=30)],
        change=lambda rows: replace(rows, intervals=tuple(map(blank, rows.intervals))),
    )


def _correction() -> Case:
    case = _case([*_calls(60), *_calls(40, "11:00", wait=40)], change=_with_agents(_agent("Ada"), _agent("Ben")))
    return replace(case, earlier=replace(case.rows, intervals=case.rows.intervals[:-1]))


def _correction_beside_the_goal() -> Case:
    """79.97 % of 5,438 calls were in time, where 80 % is the goal. The earlier revision had 77.94 %."""
    now, earlier = (
        _case(
            _calls(1),
            change=lambda rows, late=late: replace(
                rows,
                intervals=(
                    replace(
                        rows.intervals[0],
                        offered=5_438,
                        answered=5_438,
                        answered_late=late,
                        handled=5_438,
                        service_level_numerator=5_438 - late,
                        service_level_denominator=5_438,
                    ),
                ),
            ),
        )
        for late in (1_089, 1_200)
    )
    return replace(now, earlier=earlier.rows)


def _correction_of_data() -> Case:
    """A metric that had no data has some: "2 of 3" became "2 of 4"."""
    case = _case([*_calls(60), *_calls(40, "11:00", wait=40)], change=_with_agents(_agent("Ada"), _agent("Ben")))
    agents = tuple(replace(agent, scheduled_seconds=None, exception_seconds=None) for agent in case.rows.agents)
    return replace(case, earlier=replace(case.rows, agents=agents))


def _same_correction() -> Case:
    case = _case(_calls(60))
    return replace(case, earlier=case.rows)


def _correction_of_half_hours() -> Case:
    """Late answers moved to another half-hour and two agents' times were swapped. No total of the day changed."""
    ada, ben = _agent("Ada", off_schedule=900), _agent("Ben", off_schedule=6_000)
    case, earlier = (
        _case([*_calls(60), *_calls(20, clock, wait=60)], change=_with_agents(*agents))
        for clock, agents in (
            ("14:00", (ada, ben)),
            ("15:00", (replace(ada, exception_seconds=6_000), replace(ben, exception_seconds=900))),
        )
    )
    return replace(case, earlier=earlier.rows)


def _correction_of_one_agent() -> Case:
    """One agent's late log-ins and one half-hour's times changed, and a gap is gone."""
    case = _case(_calls(60), change=_with_agents(_agent("Ada"), _agent("Ben")))
    ada, *other_entries = case.rows.agents
    first, second, *rest = case.rows.intervals
    moved_milliseconds = 60_000
    intervals = (
        replace(first, handle_ms=(first.handle_ms or 0) + moved_milliseconds),
        replace(second, handle_ms=(second.handle_ms or 0) - moved_milliseconds),
        *rest,
    )
    gaps = (Gap("unavailable", "One report is missing."),)
    rows = replace(case.rows, agents=(replace(ada, late_logins=3), *other_entries), intervals=intervals, gaps=gaps)
    return replace(case, earlier=rows)


def _own_target_missed() -> Case:
    """A queue far under a target of its own, beside one that meets the group's."""
    calls = [*_calls(100, "08:00", spread=100), *_calls(60, "08:00", queue="Sales", spread=200)]
    late = _calls(40, "13:00", wait=60, queue="Sales", spread=300)
    return _case([*calls, *late], queue_targets={"Sales": {"service_level": 0.9}, "Billing": {"service_level": 0.7}})


def _medium_without_contacts() -> Case:
    """The group asks for two media in which no contact came."""
    return _case(_calls(60), media=("voice", "chat", "email"))


def _own_targets() -> Case:
    """Each queue has a target of its own: the better one misses its target, the other one does not."""
    billing = [*_calls(85, "08:00", spread=100), *_calls(15, "14:00", wait=40)]
    sales = [*_calls(60, "08:00", queue="Sales", spread=200), *_calls(40, "13:00", wait=60, queue="Sales")]
    targets = {"Billing": {"service_level": 0.9}, "Sales": {"service_level": 0.6}}
    return _case([*billing, *sales], queue_targets=targets)


def _long_waits() -> Case:
    """Waits of 26:13:45 and talks of 100:33:20, and a day's worth of contacts that fills its column."""

    def change(rows: Rows) -> Rows:
        first, *rest = rows.intervals
        many = 20_800_000
        huge = replace(
            first,
            offered=many,
            answered=many - 10,
            answered_late=many // 2,
            abandoned=10,
            service_level_numerator=many - 10 - many // 2,
            service_level_denominator=many,
            handled=1,
            handle_ms=362_000_000,
            answer_ms=94_425_000 * (many - 10),
        )
        return replace(rows, intervals=(huge, *rest))

    return _case([*_calls(60), *_calls(30, "11:00", queue="Sales", wait=4_000)], change=change)


def _no_adherence() -> Case:
    no_unit = gap("unavailable", GapText.NO_UNIT_NAMED, "adherence")

    def change(rows: Rows) -> Rows:
        agents = tuple(replace(_agent(name), scheduled_seconds=None, exception_seconds=None) for name in ("Ada", "Ben"))
        return replace(rows, agents=agents, gaps=(no_unit,))

    return _case(_calls(60), change=change)


def _long_gap() -> Case:
    detail = "the source has not closed its export of agents, so that the times of 12 of 46 agents are not whole"
    return _case(_calls(60), change=lambda rows: replace(rows, gaps=(Gap("partial", detail),)))


def _idle_but_late() -> Case:
    """Occupancy below its band on a day that missed its service level."""
    calls = [*_calls(71), *_calls(29, "14:00", wait=60)]
    return _case(calls, change=_with_agents(_agent("Ada", idle=21_600_000), _agent("Ben", idle=21_600_000)))


def _just_under() -> Case:
    """79.7 % in time, everything else on target."""
    calls = [*_calls(797, spread=30), *_calls(203, "17:00", wait=60, spread=30)]
    return _case(calls, change=_with_agents(_agent("Ada", idle=5_400_000), _agent("Ben", idle=5_400_000)))


def _looks_like_the_goal() -> Case:
    return _case([*_calls(7_996, spread=5), *_calls(2_004, "12:00", wait=60, spread=10)])


def _almost_all() -> Case:
    """9,996 of 10,000 in time, and four that hung up."""
    return _case([*_calls(9_996, spread=4), *_abandoned(_calls(4, "12:00"))])


def _just_under_in_a_half_hour() -> Case:
    """239 of 300 in time in one half-hour, 79.67 %."""
    return _case([*_calls(239, spread=4), *_calls(61, "10:01", wait=60, spread=4), *_calls(50, "11:00", spread=4)])


def _equal_half_hours() -> Case:
    """Two half-hours at 50%, one of few contacts at 0%, and one at 100%."""
    halves = [
        call for clock in ("10", "12") for call in (*_calls(10, f"{clock}:00"), *_calls(10, f"{clock}:01", wait=60))
    ]
    return _case([*halves, *_calls(8, "11:00", wait=60), *_calls(20, "14:00")])


def _late_answers_to_earlier_calls() -> Case:
    """At ten half are late. At eleven 24 calls of the half-hour before are answered, all late, and four others are."""
    ten = [*_calls(20, "10:05", spread=10), *_calls(44, "10:10", wait=60, spread=5)]
    earlier = _calls(24, "10:50", wait=900, spread=2)
    return _case([*ten, *_calls(24, "10:15", spread=5), *earlier, *_calls(4, "11:10", wait=60), *_calls(30, "12:00")])


def _half_rounded() -> Case:
    """13 of 16 in time: 81.25 %."""
    return _case([*_calls(13), *_calls(3, "11:00", wait=60)])


def _volume_against_weeks() -> Case:
    """250 contacts against 400, 100, 100 and 100 on the same weekday of the four weeks before."""
    week = [0] * 6
    return _case(_calls(250), history=_history(DAY, [*week, 100, *week, 100, *week, 100, *week, 400]))


def _day_before_not_known() -> Case:
    """Three days are known, but not the one before, nor one of the same weekday."""
    return _case(_calls(100), history=_history(DAY, [0, 100, 100, 100]))


def _volume_against_one_week() -> Case:
    return _case(_calls(250), history=_history(DAY, [0] * 13 + [100]))


def _volume_against_small_weeks() -> Case:
    """115 contacts after 12 and 13 on the weekdays before: 820 % more than 12.5, and 785 % more than 13."""
    week = [0] * 6
    return _case(
        [*_calls(100, "08:00", spread=100), *_calls(15, "14:00", wait=50)],
        history=_history(DAY, [*week, 12, *week, 13]),
    )


def _days_between_unknown() -> Case:
    history = _history(DAY, [100, 0, 0, 0, 100, 0, 0, 0, 100], late_share=0.05)
    return _case([*_calls(50), *_calls(50, "14:00", wait=60)], history=history)


def _thin_day_before() -> Case:
    """71 of 100 in time, after days of 3, 100, 100 and 7 contacts that were nearly all in time."""
    history = _history(DAY, [3, 100, 100, 7, 100, 100, 4], late_share=0)
    return _case([*_calls(71), *_calls(29, "14:00", wait=60)], history=history)


def _on_target_but_for_a_window() -> Case:
    return _case([*_calls(300, spread=60), *_calls(20, "16:00", wait=90, spread=30)])


def _nobody_called() -> Case:
    return _case([])


def _all_on_target() -> Case:
    return _case(_calls(100), change=_with_agents(_agent("Ada", idle=5_400_000), _agent("Ben", idle=5_400_000)))


def _long_names() -> Case:
    long = ("Kundenservice Deutschland Mitte und Österreich", "Retention and Win-back Enterprise Customers")
    calls = [
        *_calls(60, queue=long[0], wait=40),
        *_calls(60, "12:00", queue=long[1], wait=50),
        *_calls(60, "15:00", queue="Sales"),
    ]
    return _case(
        calls, queues=(*long, "Sales"), title="Contact Centre Operations Northern and Central Europe, early shift"
    )


DAYS: Mapping[str, Callable[[], Case]] = {
    "one contact": _one_contact,
    "day before not known": _day_before_not_known,
    "no abandons": _no_abandons,
    "all abandoned": _all_abandoned,
    "few answers": _few_answers,
    "agents for the first time": _agents_for_the_first_time,
    "agents known for two weeks": lambda: _agents_known_for(15),
    "agents known for one week": lambda: _agents_known_for(8),
    "over midnight": _over_midnight,
    "late answers to the evening": _late_answers_to_the_evening,
    "late answers without a half-hour": _late_answers_without_a_half_hour,
    "more answers than contacts": _more_answers_than_contacts,
    "23 hours": _short_day,
    "25 hours": _long_day,
    "several media": _several_media,
    "missed medium": _missed_medium,
    "thin medium": _thin_medium,
    "fell on target": _fell_on_target,
    "rose on a quiet day": _rose_on_a_quiet_day,
    "thin day": _thin_day,
    "thin days before": _thin_days_before,
    "first day": _first_day,
    "thin half-hours": _thin_half_hours,
    "lowest at midnight": _lowest_at_midnight,
    "thin queue first": _thin_queue_first,
    "several queues": _several_queues,
    "biggest is not the worst": _biggest_is_not_the_worst,
    "tied best": _tied_best,
    "only one queue": _only_one_queue,
    "best queue is thin": _best_is_thin,
    "flowed out": _flowed_out,
    "blank figures": _blank_figures,
    "blank answers": _blank_answers,
    "blank queue": _blank_queue,
    "blank half-hour": _blank_half_hour,
    "blank medium": _blank_medium,
    "blank denominator": _blank_denominator,
    "correction": _correction,
    "correction beside the goal": _correction_beside_the_goal,
    "correction of data": _correction_of_data,
    "medium without contacts": _medium_without_contacts,
    "own target missed": _own_target_missed,
    "own targets": _own_targets,
    "same correction": _same_correction,
    "correction of one agent": _correction_of_one_agent,
    "correction of half-hours": _correction_of_half_hours,
    "long waits": _long_waits,
    "no adherence": _no_adherence,
    "long gap": _long_gap,
    "idle but late": _idle_but_late,
    "just under": _just_under,
    "looks like the goal": _looks_like_the_goal,
    "almost all": _almost_all,
    "just under in a half-hour": _just_under_in_a_half_hour,
    "equal half-hours": _equal_half_hours,
    "late answers to earlier calls": _late_answers_to_earlier_calls,
    "half rounded": _half_rounded,
    "volume against weeks": _volume_against_weeks,
    "volume against one week": _volume_against_one_week,
    "volume against small weeks": _volume_against_small_weeks,
    "days between unknown": _days_between_unknown,
    "thin day before": _thin_day_before,
    "on target but for a window": _on_target_but_for_a_window,
    "nobody called": _nobody_called,
    "all on target": _all_on_target,
    "long names": _long_names,
}
