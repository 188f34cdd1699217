"""What a check gets, a statement and the truth, and what it gives: each falsehood with what is right."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from tests.checker.case import Truth
from tests.checker.figures import Sums, of_before, sums
from tests.checker.grammar import Language
from tests.checker.rounding import Written, decimal, half_up
from tests.checker.statements import Statement
from worker.domain.rows import Queue

ROUNDING = "half is rounded down"
TWICE = "rounded twice"
_MOST_PLACES = 4


class Wrong(NamedTuple):
    """A kind of falsehood, and what is right."""

    kind: str
    right: str


class Evidence(NamedTuple):
    """What a check may use: the truth of the case, and the language of its texts."""

    truth: Truth
    language: Language


Check = Callable[[Statement, Evidence], Iterator[Wrong]]
Checks = Mapping[tuple[str, str], Check]


def true(_: Statement, __: Evidence) -> Iterator[Wrong]:
    """For a text that states nothing of the day: a heading, a question."""
    yield from ()


def percent_of(number: Written, exact: Fraction | None, kind: str = "wrong percentage") -> Iterator[Wrong]:
    """Whether a percentage is what its exact fraction rounds to, and says all or none only of all or none."""
    if exact is None:
        yield Wrong(kind, "not known")
    elif exact < 1 and number.value == 100:
        yield Wrong("almost all called all", f"{float(exact * 100)}%")
    elif exact > 0 and number.value == 0:
        yield Wrong("a few called none", f"{float(exact * 100)}%")
    elif _is_last_before_an_end(number, exact):
        return
    else:
        yield from growth_of(number, exact, kind)


def seconds_of(clock: str) -> int:
    """Seconds of 5:11 or 1:02:07."""
    seconds = 0
    for part in clock.split(":"):
        seconds = 60 * seconds + int(part)
    return seconds


def _is_last_before_an_end(number: Written, exact: Fraction) -> bool:
    """Whether it is 99.9999% or 0.0001% of a fraction between that and the end: no page has more places."""
    step = Fraction(1, 10**_MOST_PLACES)
    if number.places != _MOST_PLACES:
        return False
    return number.value == 100 - step < exact * 100 < 100 or number.value == step > exact * 100 > 0


def growth_of(number: Written, exact: Fraction | None, kind: str = "wrong percentage") -> Iterator[Wrong]:
    """Whether a percentage that is no share is what its exact fraction rounds to."""
    if exact is None:
        yield Wrong(kind, "not known")
    elif not number.is_rounded(exact * 100):
        kind = ROUNDING if number.is_half_down(exact * 100) else kind
        kind = TWICE if half_up(half_up(exact * 100, number.places + 1), number.places) == number.value else kind
        yield Wrong(kind, f"{decimal(exact * 100, number.places)}%")


def beside_goal(number: Written, exact: Fraction, evidence: Evidence) -> Iterator[Wrong]:
    """Whether a service level that misses its target, or beats it, looks as if it were the target."""
    goal = evidence.truth.goal("service_level")[0]
    if exact != goal and number.value == goal * 100:
        yield Wrong("looks like the goal it misses", f"{decimal(exact * 100, 3)}%")


def count_of(number: Written, exact: int | None, kind: str = "wrong count") -> Iterator[Wrong]:
    """Whether a count is right and not negative."""
    if number.value < 0:
        yield Wrong("negative count", "not shown" if exact is None else str(exact))
    elif exact is None or number.value != exact:
        yield Wrong(kind, "not known" if exact is None else str(exact))


def points_of(number: Written, now: Fraction | None, earlier: Fraction | None) -> Iterator[Wrong]:
    """Whether a difference of percentages has the right size; its sign is checked where it is shown."""
    if now is None or earlier is None:
        yield Wrong("wrong change", "not known")
    elif not Written(abs(number.value), number.places).is_rounded(abs(now - earlier) * 100):
        kind = ROUNDING if number.is_half_down((now - earlier) * 100) else "wrong change"
        yield Wrong(kind, f"{decimal((now - earlier) * 100, number.places)} points")


def level(line: Sums | None) -> Fraction | None:
    """The service level of some sums."""
    return line.service_level if line else None


def queues_named(evidence: Evidence, name: str) -> list[Sums]:
    """The sums of each queue that a name, perhaps cut, may mean, in each of its media."""
    lines = [evidence.truth.sums.queue_lines(queue.id) or [NOTHING] for queue in queue_names(evidence, name)]
    return [line for queue_lines in lines for line in queue_lines]


def queue_names(evidence: Evidence, name: str) -> list[Queue]:
    """These queues."""
    return [queue for queue in all_queues(evidence) if is_name(name, queue.name)]


def all_queues(evidence: Evidence) -> list[Queue]:
    """The queues that the source names, and those of rows that it does not name."""
    names = {queue.id: queue.name for queue in evidence.truth.case.rows.queues}
    for interval in evidence.truth.case.rows.intervals:
        names.setdefault(interval.queue_id, interval.queue_id)
    return [Queue(queue_id, name) for queue_id, name in names.items()]


_HALF_HOUR = timedelta(minutes=30)
NOTHING = Sums(None, None, None, None, None, None, None, None)


def owner_of(sums: Sums, evidence: Evidence) -> tuple[Truth, Queue | None]:
    """The queue that these sums are of, and what is true of their medium; no queue for other sums."""
    truth = evidence.truth
    only_medium = truth.medium or (truth.sums.media[0] if len(truth.sums.media) == 1 else "")
    for medium, day in ((only_medium, truth.sums), *truth.sums.by_medium.items()):
        queue_ids = [queue_id for queue_id, line in day.queues.items() if line is sums]
        queues = [queue for queue in all_queues(evidence) if queue.id in queue_ids]
        if queues:
            return truth.of_medium(medium) if medium else truth, queues[0]
    return truth, None


def is_thin(line: Sums, evidence: Evidence) -> bool:
    """Whether a percentage is of so few contacts that it says little: no superlative is built on it."""
    numbers = (line.counted if line.service_level is not None else None, line.offered)
    fewest = evidence.truth.case.group.insights.fewest_contacts
    return any(number is not None and number < fewest for number in numbers)


def is_half_hour_thin(half: Sums, evidence: Evidence) -> bool:
    """Whether a half-hour's service level is of few contacts of the day, without those that came before midnight."""
    contacts = half.counted if half.service_level is not None else half.offered
    return contacts is not None and contacts - half.of_before < evidence.truth.case.group.insights.fewest_contacts


def queues_below(evidence: Evidence) -> list[tuple[str, str]]:
    """The queues under their target, with their medium on a day that has several; none of few contacts."""
    truths = [evidence.truth.of_medium(medium) for medium in evidence.truth.sums.media] or [evidence.truth]
    return [
        (queue.name, truth.medium)
        for truth in truths
        for queue in all_queues(evidence)
        for line in (truth.sums.queues.get(queue.id),)
        if line
        and not is_thin(line, evidence)
        and truth.status("service_level", line.service_level, queue) in ("missed", "watch")
    ]


def of_before_is(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """So many contacts at least came before midnight: more had ended at some half-hour's end than were offered."""
    yield from count_of(statement.values["n"], contacts_of_before(evidence))


def contacts_of_before(evidence: Evidence) -> int:
    """How many came before midnight, in all media together."""
    case = evidence.truth.case
    rows = [row for row in case.rows.intervals if row.start is None or row.start.astimezone(UTC) < case.window.end]
    spans = defaultdict(list)
    for row in rows:
        spans[row.start.astimezone(UTC) if row.start else case.window.start].append(row)
    return sum(of_before(sums(spans[start]) for start in sorted(spans)))


def is_day_thin(truth: Truth, day: date | None, metric: str) -> bool:
    """Whether so few contacts count towards a metric on a day that its percentage is not compared with another."""
    of_day = truth.sums if day == truth.case.day else truth.history.get(day) if day else None
    return of_day is not None and of_day.ratio(metric) is not None and truth.is_thin(metric, of_day)


def is_name(text: str, full: str) -> bool:
    """Whether a shown name means the full one: the same letters, or its beginning, an ellipsis and its end."""
    plain, whole = _letters(text), _letters(full)
    if "…" in plain and plain != whole:
        beginning, _, end = plain.partition("…")
        return len(beginning + end) < len(whole) and whole.startswith(beginning) and whole.endswith(end)
    return plain == whole or plain in ("(noname)", "(ohnenamen)")


@lru_cache(maxsize=10_000)
def _letters(name: str) -> str:
    normal = unicodedata.normalize("NFC", name)
    return "".join(c.casefold() for c in normal if not c.isspace() and unicodedata.category(c)[0] != "C")


_SECOND = ("second", "zweites")
"""What is before a time that the clock has shown once already."""


def wall_time(text: str, evidence: Evidence) -> list[datetime]:
    """The instants of the day's half-hours at which the clock shows this time, perhaps with its offset or "first"."""
    clock, _, offset = text.partition(" UTC")
    number, _, clock = clock.rpartition(" ")
    zone = evidence.truth.case.group.tz
    return [
        start
        for start in evidence.truth.sums.half_hours
        if f"{start.astimezone(zone):%H:%M}" == clock
        and (not offset or _offset(start.astimezone(zone)) == offset.replace("−", "-"))
        and (not number or (number in _SECOND) == bool(start.astimezone(zone).fold))
    ]


def _offset(instant: datetime) -> str:
    sign, hours, minutes = f"{instant:%z}"[0], int(f"{instant:%z}"[1:3]), f"{instant:%z}"[3:5]
    return f"{sign}{hours}" + (f":{minutes}" if minutes != "00" else "")


def window_of(span: str, evidence: Evidence) -> list[datetime]:
    """The half-hours of a window such as 10:00–11:30, by their starts in UTC."""
    begins, _, ends = span.partition("–")
    starts, inside = list(evidence.truth.sums.half_hours), list[datetime]()
    first = next(iter(wall_time(begins, evidence)), None)
    number, _, ends = ends.rpartition(" ")
    for start in starts[starts.index(first) :] if first else ():
        inside.append(start)
        end = (start + _HALF_HOUR).astimezone(evidence.truth.case.group.tz)
        is_meant = not number or (number in _SECOND) == bool(end.fold)
        if is_meant and ends == ("24:00" if f"{end:%H:%M}" == "00:00" else f"{end:%H:%M}"):
            return inside
    return []


def weekday_of(evidence: Evidence, day: date) -> str:
    """The short name of a day's weekday."""
    return evidence.language.weekdays[day.weekday()]


def is_day(evidence: Evidence, text: str, day: date | None) -> bool:
    """Whether a text such as "Mon 18" or "Mo. 18. Jan." names this day."""
    if day is None:
        return False
    names = (weekday_of(evidence, day), str(day.day), evidence.language.months[day.month - 1])
    words = [word.rstrip(".") for word in text.split()]
    return words == [name.rstrip(".") for name in names][: len(words)]
