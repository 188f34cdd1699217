"""What is said of the day after: its forecast, its riskiest half-hours, who is off, and why something is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction

from tests.checker.checks import shortage
from tests.checker.checks.common import (
    Check,
    Checks,
    Evidence,
    Wrong,
    beside_goal,
    count_of,
    growth_of,
    is_day,
    is_name,
    true,
)
from tests.checker.checks.shortage import (
    clock_of,
    goal_is_said,
    medium_in,
    number_in,
    span_of,
    today_in,
    unsaid_shortage,
)
from tests.checker.findings import Finding
from tests.checker.rounding import Written, half_up
from tests.checker.statements import Statement
from tests.checker.today import HalfHour, TodayTruth, people
from worker.domain.today.plan import NotKnown

_MOST_SHOWN = 3


def _small(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium = medium_in(statement, evidence)
    if medium is None or not medium.is_staffed or not medium.is_small:
        yield Wrong("called small", "more than two agents are required")


def _forecast(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    today = today_in(evidence)
    forecast = today.leading.forecast if today and today.leading else None
    yield from count_of(statement.values["n"], None if forecast is None else int(half_up(forecast)), "wrong forecast")
    growth = today.growth if today else None
    if growth is None:
        if statement.kind != "forecast":
            yield Wrong("compared with nothing", "not comparable")
        return
    number = statement.values.get("growth", Written(Fraction(), 0))
    if statement.kind == "forecast":
        yield Wrong("growth not said", f"{float(growth):.3f}")
        return
    yield from growth_of(number, growth)
    if today and not is_day(evidence, statement.values["day"], today.plan.day - timedelta(weeks=1)):
        yield Wrong("wrong day", str(today.plan.day - timedelta(weeks=1)))


def _expected(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    today = today_in(evidence)
    average = today.four_weeks if today and not (today.leading and today.leading.forecast is not None) else None
    yield from count_of(statement.values["n"], None if average is None else int(half_up(average)), "wrong expectation")
    yield from count_of(statement.values["weeks"], 4)
    weekday = evidence.language.long_weekdays[today.plan.day.weekday()] if today else ""
    if statement.values["weekday"] != weekday:
        yield Wrong("wrong day", weekday)


def _people_count(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    plan = evidence.truth.case.today
    absent, late = (len(plan.absent), len(plan.start_later)) if plan else (0, 0)
    zero = Written(Fraction(), 0)
    yield from count_of(statement.values.get("absent", zero), absent)
    yield from count_of(statement.values.get("late", zero), late)


def _people_head(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    plan = evidence.truth.case.today
    group = () if plan is None else plan.absent if statement.kind == "absent" else plan.start_later
    yield from count_of(statement.values["n"], len(group))


def _reason(*reasons: NotKnown) -> Check:
    def check(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
        today = today_in(evidence)
        if today is None or today.reason not in reasons:
            yield Wrong("wrong reason", str(today.reason if today else None))

    return check


def _people_unknown(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    plan = evidence.truth.case.today
    if plan is None or plan.people_not_known is None:
        yield Wrong("wrong reason", "it is known who is off")


def _calculated(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium = medium_in(statement, evidence)
    if medium is None or not medium.is_calculated:
        yield Wrong("called calculated", "the plan says it")


def _queues(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    plan = evidence.truth.case.today
    names = () if plan is None else plan.foreign_queues if statement.kind == "foreign" else plan.uncovered_queues
    *queues, last = statement.values["names"].removesuffix(".").split(", ")
    hidden = number_in(last) if last.startswith("+ ") else 0
    queues += [] if hidden else [last]
    if list(names[: len(queues)]) != queues or len(names) != len(queues) + hidden:
        yield Wrong("wrong queues", ", ".join(names))


def _head(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The day, and the medium where the plan has several."""
    today = today_in(evidence)
    if today is None:
        yield Wrong("day without a plan", "nothing is known of today")
        return
    if not is_day(evidence, statement.values["day"], today.plan.day) and statement.kind == "today_head":
        yield Wrong("wrong day", str(today.plan.day))
    medium = today.leading.medium if today.leading and len(today.media) > 1 else None
    if statement.values.get("medium") != medium:
        yield Wrong("wrong medium", str(medium))


def _row(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """One of the three half-hours at the head of the ranking, with its figures."""
    medium, values = medium_in(statement, evidence), statement.values
    ranked = medium.ranked[:_MOST_SHOWN] if medium else []
    half = next((half for half in ranked if clock_of(half.start, evidence) == values["time"]), None)
    if half is None:
        yield Wrong("wrong half-hour", ", ".join(clock_of(half.start, evidence) for half in ranked))
        return
    number = evidence.language.number
    for key, exact in (("required", half.required), ("scheduled", half.scheduled)):
        yield from count_of(number(values[key]), exact)
    if half.plan.offered is not None:
        yield from count_of(number(values["contacts"]), int(half_up(Fraction(repr(float(half.plan.offered))))))
    yield from _short_cell(values["short"], half, evidence)
    if values.get("expected"):
        exact = None if half.plan.service_level is None else _exact(half.plan.service_level)
        yield from growth_of(number(values["expected"]), exact)
        if exact is not None and medium:
            yield from beside_goal(number(values["expected"]), exact, _of_plan(medium.medium, evidence))


def _short_cell(text: str, half: HalfHour, evidence: Evidence) -> Iterator[Wrong]:
    match = evidence.language.read("short_cell", text)
    signs = {"missing": 1, "spare": -1, "enough": 0}
    if match is None or match.kind not in signs:
        yield Wrong("unknown statement", "8 short, 2 over, enough")
        return
    claimed = signs[match.kind] * (int(match.values["n"].value) if "n" in match.values else 1)
    if claimed != half.short_agents or (match.kind != "enough" and claimed == 0):
        yield Wrong("wrong shortage", str(half.short_agents))


def _chart(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Each half-hour from the first to the last with anyone: "09:00 40 (38)"."""
    medium = medium_in(statement, evidence)
    halves = list(medium.half_hours) if medium else []
    busy = [number for number, half in enumerate(halves) if half.required or half.scheduled]
    halves = halves[busy[0] : busy[-1] + 1] if busy else []
    right = [
        (clock_of(half.start, evidence), _number_text(half.required), _number_text(half.scheduled)) for half in halves
    ]
    pieces = [piece.strip(")").replace("(", "").rsplit(maxsplit=2) for piece in statement.values["values"].split("), ")]
    claimed = [
        (clock, *(number.replace(evidence.language.group, "") for number in numbers)) for clock, *numbers in pieces
    ]
    if claimed != right:
        yield Wrong("wrong chart", str(right))


def _number_text(number: int | None) -> str:
    return "–" if number is None else str(number)


def _person(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Someone whom the plan names as off, or as starting then."""
    name, start = statement.values["name"], statement.values["start"]
    allowed = [(planned, clock_of(instant, evidence) if instant else "") for planned, instant in people(evidence.truth)]
    if not any(start == planned_start and is_name(name, planned) for planned, planned_start in allowed):
        yield Wrong("wrong person", str(allowed))


def _start_in_workbook(half: HalfHour, evidence: Evidence) -> str:
    """The local time and the offset, "02:00 +01:00"."""
    text = half.start.astimezone(evidence.truth.case.group.tz).isoformat(timespec="minutes")
    return f"{text[11:16]} {text[16:]}"


def _cell(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A cell of the workbook's sheet: its half-hour is in the context."""
    context = statement.context
    today, medium_name = today_in(evidence), evidence.language.media.get(context["planned_medium"], "")
    media = [medium for medium in (today.media if today else ()) if medium.medium == medium_name]
    halves = [half for medium in media for half in medium.half_hours]
    half = next((half for half in halves if _start_in_workbook(half, evidence).startswith(context["time"])), None)
    if half is None:
        yield Wrong("wrong half-hour", "none of the plan")
        return
    exact = {
        "forecast": half.plan.offered,
        "required": half.required,
        "scheduled": half.scheduled,
        "short": half.short_agents,
        "expected": None if half.plan.service_level is None else half.plan.service_level * 100,
    }.get(context["column"])
    if context["column"] in ("average_handle_ms", "offset", "medium"):
        return
    if (statement.text == "–") != (exact is None):
        yield Wrong("wrong figure", str(exact))
    elif exact is not None:
        number = evidence.language.number(statement.text)
        if not number.is_rounded(Fraction(repr(float(exact)))) and abs(float(number.value) - exact) > 0.05:
            yield Wrong("wrong figure", str(exact))
        level = half.plan.service_level
        if context["column"] == "expected" and level is not None and today and media == [today.leading]:
            yield from beside_goal(number, _exact(level), _of_plan(medium_name, evidence))


def _exact(level: float) -> Fraction:
    """A level of the plan without what a sum of floats adds: 0.7999999999999999 is 0.8."""
    return Fraction(repr(round(level, 10)))


def _of_plan(medium: str, evidence: Evidence) -> Evidence:
    """The same evidence about one medium, whose goal may be its own."""
    return evidence._replace(truth=evidence.truth.of_medium(medium))


def omitted(statements: Iterable[Statement], evidence: Evidence) -> Iterator[Finding]:
    """A shortage, or a reason for knowing nothing, that a document does not say. And a name where none may be."""
    today, sayings = today_in(evidence), list(statements)
    if today is None:
        return
    kinds: dict[str, set[str]] = {_document(statement.place): set() for statement in sayings}
    for statement in sayings:
        if statement.role == "today":
            kinds[_document(statement.place)].add(statement.kind)
    for document in sorted(kinds.keys() & _WITH_TODAY):
        yield from _omitted_in(document, kinds[document], today, evidence)
    names = [name for name, _ in people(evidence.truth)]
    for statement in sayings:
        if _document(statement.place) in _WITHOUT_NAMES and any(name in statement.text for name in names):
            yield Finding("person named", statement.place, statement.text, "no names here")


def _omitted_in(document: str, kinds: set[str], today: TodayTruth, evidence: Evidence) -> Iterator[Finding]:
    if today.leading and (window := unsaid_shortage(kinds, today.leading)):
        yield Finding("shortage not said", document, "", span_of(window, evidence))
    if today.reason and not any(kind.startswith("reason") for kind in kinds):
        yield Finding("reason not said", document, "", str(today.reason))


_WITH_TODAY = frozenset({"chat card", "message", "message (HTML)", "PDF page 1", "wall", "workbook"})
_WITHOUT_NAMES = frozenset({"chat card", "message", "message (HTML)", "wall"})


def _document(place: str) -> str:
    if "(wall)" in place:
        return "wall"
    return next((name for name in sorted(_WITH_TODAY, key=len, reverse=True) if place.startswith(name)), place)


_REASONS: Mapping[str, NotKnown] = {f"reason_{reason.value}": reason for reason in NotKnown}
CHECKS: Checks = {
    ("today_head", "today_head"): _head,
    ("today_title", "today_title"): _head,
    ("risk_row", "row"): _row,
    ("today_people", "absent"): _people_head,
    ("today_people", "late"): _people_head,
    ("person", "person"): _person,
    ("chart", "staffing"): _chart,
    ("today_cell", "cell"): _cell,
    ("today", "small"): _small,
    ("today", "forecast"): _forecast,
    ("today", "forecast_growth"): _forecast,
    ("today", "forecast_same"): _forecast,
    ("today", "expected"): _expected,
    ("today", "away"): _people_count,
    ("today", "people_unknown"): _people_unknown,
    ("today", "goal"): goal_is_said,
    ("today", "calculated"): _calculated,
    ("today", "foreign"): _queues,
    ("today", "uncovered"): _queues,
    ("today", "meaning"): true,
    ("today", "more"): true,
    **{("today", kind): _reason(reason) for kind, reason in _REASONS.items()},
    **shortage.CHECKS,
}
