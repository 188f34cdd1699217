"""What is said of the half-hours of the day after that are short of agents, or have the fewest to spare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from tests.checker.checks.common import Checks, Evidence, Wrong, count_of, percent_of
from tests.checker.rounding import Written, half_up
from tests.checker.statements import Statement
from tests.checker.today import HalfHour, MediumTruth, TodayTruth, today_of


def today_in(evidence: Evidence) -> TodayTruth | None:
    """What is true of the day after, None without a plan."""
    return today_of(evidence.truth)


def medium_in(statement: Statement, evidence: Evidence) -> MediumTruth | None:
    """The medium that a statement is about: the one before its colon, or the first."""
    today = today_in(evidence)
    name = statement.context.get("planned_medium") or str(statement.values.get("medium", "")).lower()
    name = evidence.language.media.get(name, name)
    media = today.media if today else ()
    return next((medium for medium in media if not name or medium.medium == name), None)


def clock_of(instant: datetime, evidence: Evidence) -> str:
    """The local time, with its offset where the clock shows it twice."""
    local = instant.astimezone(evidence.truth.case.group.tz)
    if not _is_shown_twice(local):
        return f"{local:%H:%M}"
    hours = round((local.utcoffset() or timedelta()).total_seconds() / 3600)
    return f"{local:%H:%M} UTC{hours:+d}"


_PASSES = {"en": ("first ", "second "), "de": ("erstes ", "zweites ")}


def span_of(window: Sequence[HalfHour], evidence: Evidence) -> str:
    """From the first to the end of the last half-hour. Where the clock shows a time twice, in words which is meant."""
    if not window:
        return "no window"
    zone = evidence.truth.case.group.tz
    first, last = (
        datetime.fromtimestamp(seconds, zone)
        for seconds in (window[0].start.timestamp(), window[-1].start.timestamp() + 1800)
    )
    passes = [_PASSES[evidence.language.code][local.fold] if _is_shown_twice(local) else "" for local in (first, last)]
    passes[1] = "" if passes[0] == passes[1] else passes[1]
    end = f"{last:%H:%M}"
    return f"{passes[0]}{first:%H:%M}–{passes[1]}{'24:00' if end == '00:00' else end}"


def _is_shown_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _short(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The window, how much of the day is short, from when on, and how many are missing."""
    medium = medium_in(statement, evidence)
    if medium is None or not medium.window:
        yield Wrong("shortage of nothing", "no half-hour is short after the stand-up")
        return
    form = medium.form + ("_since" if medium.first_start else "")
    if statement.kind not in ("short_of_other", form):
        yield Wrong("wrong words", form)
    if medium.first_start and "time" in statement.values:
        yield from _time_is(statement.values["time"], medium.first_start, evidence)
    yield from _window_is(statement, medium.window, evidence)
    yield from _missing_is(statement, medium)
    for key, number in zip(("part", "all"), medium.short_part, strict=True):
        yield from count_of(statement.values.get(key, Written(Fraction(number), 0)), number, "wrong half-hours")


def _short_earlier(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The window of the whole day, or how many are short, where no half-hour after the stand-up is short."""
    medium = medium_in(statement, evidence)
    if medium is None or medium.window or not medium.ranked or not medium.whole_day.window:
        yield Wrong("shortage of nothing", "no half-hour is short before the stand-up, or one is after it")
        return
    if statement.kind != _EARLIER[medium.earlier_form]:
        yield Wrong("wrong words", medium.earlier_form)
    yield from _window_is(statement, medium.whole_day.window, evidence)
    yield from _missing_is(statement, medium.whole_day)


_EARLIER = {
    "short": "short_earlier",
    "mostly_short": "mostly_short_earlier",
    "mostly_alike": "mostly_short_earlier",
    "short_all_day": "all_short_earlier",
    "short_alike": "all_short_earlier",
}
"""What is said of the half-hours before the stand-up, by how many of them are short."""


def _all_over(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium = medium_in(statement, evidence)
    if medium is None or medium.ranked or not medium.whole_day.ranked:
        yield Wrong("called over", "half-hours are left")


def _time_is(text: str, instant: datetime, evidence: Evidence) -> Iterator[Wrong]:
    if text != clock_of(instant, evidence):
        yield Wrong("wrong time", clock_of(instant, evidence))


def _window_is(statement: Statement, window: Sequence[HalfHour], evidence: Evidence) -> Iterator[Wrong]:
    right = span_of(window, evidence)
    text = statement.values.get("window", right)
    if text[:1].lower() + text[1:] != right:
        yield Wrong("wrong window", right)


def _missing_is(statement: Statement, medium: MediumTruth) -> Iterator[Wrong]:
    """The most missing in a half-hour, and "up to" and "about" only where they are right."""
    text = statement.values.get("agents")
    if text is None:
        return
    yield from count_of(Written(Fraction(re.sub(r"\D", "", text)), 0), medium.short, "wrong shortage")
    fewest = min(half.short_agents or 0 for half in medium.window)
    form = "about " if medium.is_calculated else "up to " if fewest < medium.short else ""
    words = re.split(r"\d", text)[0].lower()
    if {"etwa ": "about ", "bis zu ": "up to "}.get(words, words) != form:
        yield Wrong("wrong words", f"{form}{medium.short}")


def _of_day(statement: Statement) -> bool:
    return "day_short" in (statement.kind, statement.context.get("head_kind"))


def _expected_in(statement: Statement, evidence: Evidence) -> tuple[Fraction, Fraction] | None:
    """The contacts forecast in the window or in the rest of the day, and those of them that are expected in time."""
    medium = medium_in(statement, evidence)
    if medium is None:
        return None
    half_hours = (
        (medium if medium.first_start else medium.whole_day).open_half_hours if _of_day(statement) else medium.window
    )
    parts = [(half.plan.offered, half.plan.service_level) for half in half_hours]
    exact = [
        (Fraction(repr(float(offered))), Fraction(repr(float(level))))
        for offered, level in parts
        if offered is not None and level is not None
    ]
    contacts = sum((offered for offered, _ in exact), Fraction())
    in_time = sum((offered * level for offered, level in exact), Fraction())
    return (contacts, in_time) if len(exact) == len(parts) and contacts else None


def _short_of_people(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The window of the first medium of the plan, if ten contacts or more are expected to be late beyond the goal.

    The day, where no half-hour is worse than another.
    """
    medium, expected = medium_in(statement, evidence), _expected_in(statement, evidence)
    if medium is None or expected is None:
        yield Wrong("shortage of nothing", "the predicted service level is not known")
        return
    if medium.form.endswith("alike") != _of_day(statement):
        yield Wrong("wrong words", medium.form)
    if medium.form.endswith("alike") and (medium.first_start is None) == ("time" in statement.values):
        yield Wrong("wrong words", f"since {medium.first_start}")
    if medium.first_start and "time" in statement.values:
        yield from _time_is(statement.values["time"], medium.first_start, evidence)
    if any(word in statement.text.lower() for word in ("mostly", "meist")) != (medium.form == "mostly_alike"):
        yield Wrong("wrong words", medium.form)
    yield from _window_is(statement, medium.window, evidence)
    if (statement.values["missing"].lower() in ("one person short", "ein agent")) != (medium.short == 1):
        yield Wrong("wrong shortage", str(medium.short))
    contacts, in_time = expected
    if medium.goal * contacts - in_time < evidence.truth.case.group.insights.fewest_contacts - Fraction(1, 10**9):
        yield Wrong("shortage that costs little", f"{float(medium.goal * contacts - in_time):.1f} contacts")


def _expected_level(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    expected, today = _expected_in(statement, evidence), today_in(evidence)
    if expected is None or today is None or today.leading is None:
        yield Wrong("shortage of nothing", "the predicted service level is not known")
        return
    yield from count_of(statement.values["n"], int(half_up(expected[0])), "wrong forecast")
    yield from percent_of(statement.values["level"], expected[1] / expected[0])
    yield from goal_is_said(statement, evidence)


def _question(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """What can move is asked only where somebody has an activity to move, and a later half-hour to move it to."""
    medium = medium_in(statement, evidence)
    can_move = medium is not None and bool(medium.room) and any(map(medium.moving, set(_ACTIVITIES.values())))
    if can_move != (statement.kind == "what_moves"):
        yield Wrong("wrong question", "something can move" if can_move else "nothing can move")
    is_then = any(word in statement.text.split() for word in ("then?", "dann"))
    if statement.kind == "who_helps" and is_then == _of_day(statement):
        yield Wrong("wrong question", "when is not said" if is_then else "a window is named")


def goal_is_said(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The goal of the service level."""
    goal = evidence.truth.goal("service_level")[0] * 100
    if not statement.values["goal"].startswith("≥") or evidence.language.number(statement.values["goal"]).value != goal:
        yield Wrong("wrong goal", f"≥ {float(goal)}%")


_ACTIVITIES = {
    "in training": "training",
    "in meetings": "meeting",
    "at a meal": "meal",
    "in Schulung": "training",
    "in Besprechungen": "meeting",
    "in der Essenspause": "meal",
}


def _could_move(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Each activity in the window, with the most agents in it at the same time."""
    medium = medium_in(statement, evidence)
    if medium is None or statement.values["window"] != span_of(medium.window, evidence):
        yield Wrong("wrong window", span_of(medium.window, evidence) if medium else "no window")
        return
    claimed = dict(part.split(" ", 1)[::-1] for part in statement.values["parts"].split(", "))
    claimed_counts = {_ACTIVITIES[name]: number_in(count) for name, count in claimed.items()}
    counts = {kind: medium.moving(kind) for kind in _ACTIVITIES.values()}
    if claimed_counts != {kind: count for kind, count in counts.items() if count}:
        yield Wrong("wrong activities", str(counts))


def number_in(text: str) -> int:
    """The number that the digits of a text make."""
    return int("".join(character for character in text if character.isdigit()) or 0)


def _room(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium = medium_in(statement, evidence)
    room = medium.room if medium else []
    if statement.kind == "no_room":
        if room:
            yield Wrong("room not said", span_of(room, evidence))
        return
    if not room or statement.values["window"] != span_of(room, evidence):
        yield Wrong("wrong room", span_of(room, evidence))
        return
    yield from count_of(statement.values["n"], min(-(half.short_agents or 0) for half in room), "wrong room")


def _none_short(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """No half-hour of the whole day is short. The one with the fewest to spare is of those after the stand-up."""
    medium = medium_in(statement, evidence)
    if medium is None or not medium.ranked or medium.whole_day.short > 0:
        yield Wrong("shortage not said", span_of(medium.whole_day.window, evidence) if medium else "nothing is known")
        return
    tightest = medium.ranked[0]
    if "time" in statement.values:
        yield from _time_is(statement.values["time"], tightest.start, evidence)
    if medium.first_start and "since" in statement.values:
        yield from _time_is(statement.values["since"], medium.first_start, evidence)
    if statement.kind.startswith("about_enough") != medium.is_calculated:
        yield Wrong("wrong words", "calculated" if medium.is_calculated else "from the plan")
    elif not medium.is_calculated:
        yield from count_of(statement.values.get("n", Written(Fraction(), 0)), -(tightest.short_agents or 0))
    if statement.kind != "just_enough" and statement.kind.endswith("_since") != (medium.first_start is not None):
        yield Wrong("wrong words", f"since {medium.first_start}")


def _title(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    medium = medium_in(statement, evidence)
    right = ("riskiest" if medium and medium.window else "tightest") + (
        "_since" if medium and medium.first_start else ""
    )
    if statement.kind != right:
        yield Wrong("wrong title", right)


def _label(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The half-hour of the window with the most missing, the first of equal ones."""
    medium = medium_in(statement, evidence)
    worst = medium.worst if medium else None
    if medium is None or worst is None:
        yield Wrong("shortage of nothing", "no half-hour is short after the stand-up")
        return
    yield from _time_is(statement.values["time"], worst.start, evidence)
    claimed = re.sub(r"^(up to|bis zu) ", "unknown ", statement.values["agents"])
    yield from count_of(Written(Fraction(number_in(claimed)), 0), worst.short_agents, "wrong shortage")
    if claimed.startswith(("about", "etwa")) != medium.is_calculated or claimed.startswith("unknown"):
        yield Wrong("wrong words", "calculated" if medium.is_calculated else "from the plan")


SHORT = frozenset(
    f"{form}{suffix}"
    for form in ("short", "mostly_short", "mostly_alike", "short_all_day", "short_alike")
    for suffix in ("", "_since")
)


def unsaid_shortage(kinds: set[str], medium: MediumTruth) -> Sequence[HalfHour]:
    """The window that sentences of these kinds do not name and should, nothing where they do."""
    if medium.window:
        return [] if kinds & SHORT else medium.window
    if medium.whole_day.window:
        return [] if kinds & {*_EARLIER.values(), "over"} else medium.whole_day.window
    return []


CHECKS: Checks = {
    **{("risk_title", f"{kind}{suffix}"): _title for kind in ("riskiest", "tightest") for suffix in ("", "_since")},
    ("chart_label", "label"): _label,
    ("talk_head", "today_short"): _short_of_people,
    ("talk_head", "day_short"): _short_of_people,
    ("talk", "today_expected"): _expected_level,
    ("talk", "what_moves"): _question,
    ("talk", "who_helps"): _question,
    **{("today", kind): _short for kind in SHORT},
    **{("today", kind): _short_earlier for kind in _EARLIER.values()},
    ("today", "over"): _all_over,
    ("today", "short_of_other"): _short,
    ("today", "could_move"): _could_move,
    ("today", "room"): _room,
    ("today", "no_room"): _room,
    **{
        ("today", kind): _none_short
        for kind in ("tightest", "enough_since", "just_enough", "about_enough", "about_enough_since")
    },
}
