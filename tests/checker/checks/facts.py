"""Where the figures come from, what they lack, and what a later revision changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from math import exp, lgamma, log

from tests.checker.changed import changed_half_hours, changed_numbers, is_gap_changed
from tests.checker.checks.common import (
    Checks,
    Evidence,
    Wrong,
    count_of,
    growth_of,
    is_day,
    level,
    percent_of,
    queue_names,
    true,
)
from tests.checker.checks.day import FIGURES, figure, figure_is
from tests.checker.checks.metrics import average_parts, value_is
from tests.checker.figures import METRICS, DaySums
from tests.checker.parts import Figure, Part, parts_without_figure
from tests.checker.statements import Statement
from worker.domain.rows import Gap, Queue

_ID_LENGTH = 8


def _instant(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    instant, window = datetime.fromisoformat(statement.values["instant"]), evidence.truth.case.window
    label = str(statement.context.get("label"))
    if "(ex" in statement.text or "(ex" in label:
        right = window.end
    elif label in ("From", "Von", *evidence.language.window_labels):
        right = window.start
    else:
        return
    if instant != right or instant.utcoffset() != right.utcoffset():
        yield Wrong("wrong instant", right.isoformat())


def _sources(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from count_of(statement.values["n"], len(evidence.truth.case.rows.notes))
    right = _sources_kind(evidence)
    if statement.kind != right:
        yield Wrong("wrong verdict", right)


def _sources_kind(evidence: Evidence) -> str:
    """Whether the sources gave all, a part of the day, or all of it without some figures."""
    if not evidence.truth.whole:
        return "sources_incomplete"
    has_gap = any(gap.kind in ("unavailable", "percent_only", "doubtful") for gap in _gaps_in_data(evidence))
    return "sources_unknown" if has_gap or parts_without_figure(evidence.truth) else "sources"


def _source(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    notes = evidence.truth.case.rows.notes
    sources = {(f"{note.what} {note.id[:_ID_LENGTH]}", note.rows) for note in notes}
    if (statement.values["name"], int(statement.values["n"].value)) not in sources:
        yield Wrong("wrong source", ", ".join(f"{name} {rows}" for name, rows in sorted(sources)))


def _previous_day(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not is_day(evidence, statement.values["day"], evidence.truth.previous):
        yield Wrong("wrong day", str(evidence.truth.previous))


def _weeks(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The days of an average: so many of this weekday, each known, for the named metrics, or else for one of them."""
    numbers = [int(number) for number in re.findall(r"\d+", statement.values["days"])]
    averages = [[day.day for day in sorted(days)] for days in _averages(statement, evidence)]
    is_of = all if "metrics" in statement.values else any
    if len(numbers) < 2 or not is_of(days == numbers for days in averages):
        yield Wrong("wrong day", " or ".join(map(str, averages)))
    if statement.values["n"].value != len(numbers):
        yield Wrong("wrong count", str(len(numbers)))


def _averages(statement: Statement, evidence: Evidence) -> list[list[date]]:
    """The days of the average of each metric that the statement names, of all metrics if it names none."""
    evidence = evidence._replace(truth=evidence.truth.leading)
    names = statement.values.get("metrics")
    metrics = [evidence.language.metrics[name] for name in names.split(", ")] if names else METRICS
    return [list(average_parts(evidence, metric)) for metric in metrics]


def _no_contact_in(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The media of the group in which no contact came."""
    words = {evidence.language.media.get(name, name) for name in statement.values["media"].split(", ")}
    right = set(evidence.truth.case.group.media) - set(evidence.truth.sums.media)
    if words != right:
        yield Wrong("wrong medium", ", ".join(sorted(right)))


def _word_of(medium: str | None, evidence: Evidence) -> str | None:
    """The language's word for a medium that was before the sentence."""
    return next((word for word, name in evidence.language.media.items() if name == medium), None)


def _forecast(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """How far the day's forecast was off, as a whole and by half-hour, and how far a perfect one would have been."""
    forecast = evidence.truth.case.forecast
    word = statement.values.get("medium") or _word_of(statement.context.get("medium"), evidence)
    only_media = {row.media_type for row in evidence.truth.case.rows.intervals if row.offered}
    media_by_word = {name.casefold(): medium for name, medium in evidence.language.media.items()}
    medium = media_by_word[word.casefold()] if word else min(only_media, default="")
    planned, came = forecast.get(medium, {}), _contacts_by_half_hour(evidence, medium)
    total, expected = sum(came.values()), sum(planned.values())
    if not total or not expected or (word is None and len(only_media) > 1):
        yield Wrong("wrong forecast", "not known")
        return
    bias = Fraction(expected - total) / total
    right = "forecast_above" if bias >= Fraction(1, 2000) else "forecast_below" if bias <= -Fraction(1, 2000) else None
    if statement.kind != (right or "forecast_exact"):
        yield Wrong("wrong forecast", f"{float(bias):+.2%}")
    distance = sum(abs(Fraction(planned.get(start, 0)) - came.get(start, 0)) for start in {*planned, *came})
    yield from growth_of(statement.values["error"], distance / total, "wrong forecast")
    if "bias" in statement.values:
        yield from growth_of(statement.values["bias"], abs(bias), "wrong forecast")
    chance = Fraction(sum(map(_error_of_chance, planned.values())) / expected)
    yield from growth_of(statement.values["chance"], chance, "wrong forecast")
    half_hours = sorted({*planned, *came})
    inside = sum(_is_inside_band(planned.get(start, 0), came.get(start, 0)) for start in half_hours)
    yield from count_of(statement.values["inside"], inside, "wrong forecast")
    yield from count_of(statement.values["n"], len(half_hours), "wrong forecast")


def _is_inside_band(planned: float, came: float) -> bool:
    """Whether the count is in the band that holds four of five counts, where no earlier forecast is known."""
    return abs((came + 0.375) ** 0.5 - (planned + 0.375) ** 0.5) <= 1.2816 / 2


def _contacts_by_half_hour(evidence: Evidence, medium: str) -> dict[str, int]:
    case, contacts = evidence.truth.case, defaultdict[str, int](int)
    for row in case.rows.intervals:
        if row.start is not None and row.media_type == medium:
            contacts[f"{row.start.astimezone(case.group.tz):%H:%M}"] += row.offered or 0
    return contacts


def _error_of_chance(mean: float) -> float:
    """The mean distance of a Poisson count from its mean, by summing over the counts."""
    counts = range(int(mean + 12 * mean**0.5) + 20)
    return sum(abs(n - mean) * exp(n * log(mean) - mean - lgamma(n + 1)) for n in counts) if mean > 0 else 0.0


def _one_weekday(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The only earlier day of this weekday that the named metrics, or else one of them, are compared with."""
    averages = _averages(statement, evidence)
    is_of = all if "metrics" in statement.values else any
    if not is_of(len(days) == 1 and is_day(evidence, statement.values["day"], days[0]) for days in averages):
        yield Wrong("wrong day", " or ".join(map(str, averages)))


def _corrected(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from count_of(statement.values["revision"], evidence.truth.case.revision)


def _subject(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The reporting day, whether it corrects an earlier briefing, whether the data are incomplete."""
    case = evidence.truth.case
    if statement.values["date"] != case.day.isoformat():
        yield Wrong("wrong day", case.day.isoformat())
    if ("revision" in statement.values) != (case.revision > 1) or (
        "incomplete" in statement.values
    ) == evidence.truth.whole:
        yield Wrong("wrong subject", f"revision {case.revision}, complete: {evidence.truth.whole}")
    if "revision" in statement.values:
        yield from count_of(statement.values["revision"], case.revision)


def _day(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    right = evidence.language.long_day(evidence.truth.case.day)
    if statement.text != right:
        yield Wrong("wrong day", right)


def _gaps_in_data(evidence: Evidence) -> list[Gap]:
    """What is missing. What the group is not set up for is not."""
    return [gap for gap in evidence.truth.case.rows.gaps if gap.text != "NO_UNIT_NAMED"]


def _lacks(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The metrics of which the source says that they are not available."""
    gaps = [gap for gap in _gaps_in_data(evidence) if gap.kind not in ("partial", "late_data")]
    unavailable = {gap.metric for gap in gaps if gap.metric}
    metrics = {evidence.language.metrics.get(name, name) for name in statement.values["metrics"].split(", ")}
    if metrics != unavailable:
        yield Wrong("wrong gap", ", ".join(sorted(unavailable)))


def _not_known(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The figures that are not known because the rows lack a part of them: all of them, or how many more."""
    right = set(parts_without_figure(evidence.truth))
    yield from _figures_named(statement.values["figures"], right, evidence, is_all=True)


def _figures_named(text: str, right: set[Figure], evidence: Evidence, *, is_all: bool) -> Iterator[Wrong]:
    names = text.split(", ")
    unnamed_count = int(re.findall(r"\d+", names.pop())[0]) if names[-1].startswith("+ ") else 0
    figures = {_figure_named(name, evidence) for name in names}
    if not figures <= right or (is_all and len(figures) + unnamed_count != len(right)):
        yield Wrong("wrong gap", ", ".join(sorted(" ".join(figure) for figure in right)) or "nothing is missing")


def _figure_named(name: str, evidence: Evidence) -> Figure:
    label, medium = evidence.language.without_medium(name)
    return str(evidence.language.columns.get(label, label)), medium


def _no_figure(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The parts that lack some figures: queues, with the number of half-hours if it is not all of them, or agents."""
    figures_without = parts_without_figure(evidence.truth)
    yield from _figures_named(statement.values["figures"], set(figures_without), evidence, is_all=False)
    names = {_figure_named(name, evidence) for name in statement.values["figures"].split(", ")}
    for name in names & figures_without.keys():
        yield from _parts_named(statement.values["parts"], figures_without[name], evidence)


def _parts_named(text: str, parts: list[Part], evidence: Evidence) -> Iterator[Wrong]:
    name_texts = text.split(", ")
    unnamed_count = int(re.findall(r"\d+", name_texts.pop())[0]) if name_texts[-1].startswith("+ ") else 0
    are_known = all(any(_is_part(name, part, evidence) for part in parts) for name in name_texts)
    if len(name_texts) + unnamed_count != len(parts) or not are_known:
        yield Wrong("wrong part", ", ".join(f"{part.queue_id} {part.blank_count} of {part.total}" for part in parts))


def _is_part(text: str, part: Part, evidence: Evidence) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", text.rpartition("(")[2])]
    if not part.queue_id:
        return numbers == [part.blank_count, part.total]
    is_whole = part.blank_count == part.total
    name = text if is_whole else text.rpartition(" (")[0]
    label, medium = evidence.language.without_medium(name)
    is_queue = part.queue_id in {queue.id for queue in queue_names(evidence, label)}
    return is_queue and medium == part.medium and (is_whole or numbers == [part.blank_count, part.total])


def _lacks_other(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not any(gap.metric is None for gap in _gaps_in_data(evidence)):
        yield Wrong("wrong gap", "nothing else is missing")


def _lacks_something(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if not _gaps_in_data(evidence) and not parts_without_figure(evidence.truth):
        yield Wrong("wrong gap", "nothing is missing")


_DATA_STATES = {
    "Data complete": True,
    "Daten vollständig": True,
    "Data incomplete": False,
    "Daten unvollständig": False,
}
"""What the foot of page one says, and whether nothing is missing then."""


def _foot(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A page's foot that names a day names the reporting day."""
    day = evidence.truth.case.day
    words = (evidence.language.weekdays[day.weekday()], str(day.day), evidence.language.months[day.month - 1])
    if re.search(r" \d{4}\b", statement.text) and not all(word in statement.text for word in (*words, str(day.year))):
        yield Wrong("wrong day", str(day))
    state = statement.text.rsplit(" · ", 1)[-1]
    is_known = not _gaps_in_data(evidence) and not parts_without_figure(evidence.truth)
    if state in _DATA_STATES and _DATA_STATES[state] != is_known:
        yield Wrong("wrong data state", "complete" if is_known else "incomplete")


def _revisions(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The heads of the two columns of a correction."""
    now = evidence.truth.case.revision
    if [int(number) for number in re.findall(r"\d+", statement.text)] != [now - 1, now]:
        yield Wrong("wrong revision", f"{now - 1} and {now}")


def _differs(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """How many figures differ: at least those whose exact values do by what a page can show."""
    yield from _earlier_revision(statement, evidence)
    pairs = list(_figure_pairs(evidence))
    is_verdict_changed = _is_verdict_changed(evidence)
    exact = sum(earlier != now for earlier, now in pairs) + is_verdict_changed
    visible = sum(_is_visible(earlier, now) for earlier, now in pairs) + is_verdict_changed
    if not visible <= int(statement.values["n"].value) <= exact:
        yield Wrong("wrong count", f"{exact} figures differ, {visible} of them visibly")


def _completes(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _earlier_revision(statement, evidence)
    if not evidence.truth.is_completed:
        yield Wrong("wrong change", "the earlier revision was complete, or this one is not")


def _only_totals_compared(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """The checker always has the rows of the revision before."""
    yield from _no_total_differs(statement, evidence)
    yield from _earlier_revision(statement, evidence)
    yield Wrong("wrong parts", "half-hours, queues and agents can be compared")


def _no_total_differs(_: Statement, evidence: Evidence) -> Iterator[Wrong]:
    visible = sum(_is_visible(earlier, now) for earlier, now in _figure_pairs(evidence))
    if visible or _is_verdict_changed(evidence):
        yield Wrong("wrong count", f"{visible} figures differ visibly")


def _parts_differ(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """Which half-hours, and how many queues and agents, differ, while no total does."""
    yield from _no_total_differs(statement, evidence)
    yield from _earlier_revision(statement, evidence)
    texts = re.findall(evidence.language.changed_part, statement.values["parts"])
    name_texts = {_part_kind(text, evidence): text for text in texts}
    times = set(re.findall(r"\d\d:\d\d", name_texts.get("half_hours", "")))
    numbers = {kind: int((re.match(r"\d+", text) or "0")[0]) for kind, text in name_texts.items() if kind != "gaps"}
    right = changed_numbers(evidence)
    zone = evidence.truth.case.group.tz
    right_times = {f"{start.astimezone(zone):%H:%M}" for start in changed_half_hours(evidence)}
    if numbers != {kind: number for kind, number in right.items() if number} or not times <= right_times:
        yield Wrong("wrong parts", ", ".join(f"{number} {kind}" for kind, number in right.items()))
    if ("gaps" in name_texts) != is_gap_changed(evidence):
        yield Wrong("wrong parts", "what is missing changed" if is_gap_changed(evidence) else "as much is missing")


def _part_kind(text: str, evidence: Evidence) -> str:
    words = {kind: re.split(r"\[", name)[0] for kind, name in evidence.language.parts.items()}
    return next(kind for kind, word in words.items() if word in text)


def _nothing_differs(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from _no_total_differs(statement, evidence)
    yield from _earlier_revision(statement, evidence)
    right = changed_numbers(evidence)
    if any(right.values()) or is_gap_changed(evidence):
        yield Wrong("wrong parts", ", ".join(f"{number} {kind}" for kind, number in right.items()))


def _is_verdict_changed(evidence: Evidence) -> bool:
    earlier = evidence.truth.earlier_sums
    if evidence.truth.is_completed:
        return True
    return earlier is not None and targets_of(evidence, earlier) != targets_of(evidence, evidence.truth.sums)


def _figure_pairs(evidence: Evidence) -> Iterator[tuple[Fraction | int | None, Fraction | int | None]]:
    """Each figure in the earlier revision and now: the metrics, the day's sums, the queues' service levels."""
    earlier, now = evidence.truth.earlier_sums, evidence.truth.sums
    if earlier is None:
        return
    for label in FIGURES:
        yield figure(earlier.group, label), figure(now.group, label)
    for metric in ("occupancy", "adherence"):
        yield earlier.ratio(metric), now.ratio(metric)
    media = {*earlier.media, *now.media} if earlier.by_medium or now.by_medium else {""}
    for medium in media:
        old, today = (earlier.of_medium(medium), now.of_medium(medium)) if medium else (earlier, now)
        yield old.group.service_level, today.group.service_level
        yield old.group.abandonment, today.group.abandonment
        for queue in {*old.queues, *today.queues}:
            yield level(old.queues.get(queue)), level(today.queues.get(queue))


def _is_visible(earlier: Fraction | int | None, now: Fraction | int | None) -> bool:
    """Whether figures differ by a count, 0.1 % or a second."""
    if earlier is None or now is None:
        return earlier is not now
    least = Fraction(1, 1000) if max(abs(Fraction(earlier)), abs(Fraction(now))) <= 1 else Fraction(1)
    is_duration = isinstance(now, Fraction) and now > 1
    return abs(Fraction(now) - Fraction(earlier)) >= (1_000 if is_duration else least)


def _earlier_revision(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    yield from count_of(statement.values["revision"], evidence.truth.case.revision - 1)


def _changed(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    """A figure as the earlier revision had it, and as it is now."""
    earlier = evidence.truth.earlier_sums
    if earlier is None:
        yield Wrong("wrong change", "the earlier revision has no figures")
        return
    if statement.context["name"] == evidence.language.targets:
        yield from _targets_changed(statement, evidence, earlier)
        return
    for side, sums in (("before", earlier), ("now", evidence.truth.sums)):
        wrongs = [
            list(check) for check in _readings(statement.context["name"], statement.context[side], sums, evidence)
        ]
        yield from min(wrongs, key=len, default=[Wrong("wrong name", "no such figure")])


def _targets_changed(statement: Statement, evidence: Evidence, earlier: DaySums) -> Iterator[Wrong]:
    for side, sums in (("before", earlier), ("now", evidence.truth.sums)):
        right = targets_of(evidence, sums)
        if side == "before" and evidence.truth.is_completed and statement.context[side] == "–":
            continue
        if [int(number) for number in re.findall(r"\d+", statement.context[side])] != list(right):
            yield Wrong("wrong count", f"{right[0]} of {right[1]} targets missed")


def targets_of(evidence: Evidence, sums: DaySums) -> tuple[int, int]:
    """How many targets a day of such sums misses, of how many that have data."""
    statuses = [status for status in replace(evidence.truth, sums=sums).statuses if status not in ("no_data", "thin")]
    return statuses.count("missed") + statuses.count("watch"), len(statuses)


def _readings(name: str, text: str, sums: DaySums, evidence: Evidence) -> Iterator[Iterator[Wrong]]:
    """What is wrong with the figure, for each thing that its name may mean."""
    if name in evidence.language.metrics:
        metric = evidence.language.metrics[name]
        yield _ratio(text, sums.ratio(metric), evidence, metric)
    column = evidence.language.columns.get(name)
    if column in FIGURES:
        yield figure_is(evidence.language, text, str(column), figure(sums.group, str(column)))
    for queue in queue_names(evidence, name):
        yield _ratio(text, level(sums.queues.get(queue.id)), evidence, "service_level", queue)


def _ratio(
    text: str, exact: Fraction | None, evidence: Evidence, metric: str, queue: Queue | None = None
) -> Iterator[Wrong]:
    if text != "–":
        number = evidence.language.number(text)
        yield from value_is(evidence, metric, number, exact, queue) if metric in METRICS else percent_of(number, exact)
    elif exact is not None:
        yield Wrong("known figure not shown", str(float(exact)))


def _zone(statement: Statement, evidence: Evidence) -> Iterator[Wrong]:
    if statement.values["zone"] != evidence.truth.case.group.zone:
        yield Wrong("wrong zone", evidence.truth.case.group.zone)


CHECKS: Checks = {
    ("fact", "zone"): _zone,
    ("fact", "instant"): _instant,
    ("fact", "sources"): _sources,
    ("fact", "sources_incomplete"): _sources,
    ("fact", "sources_unknown"): _sources,
    ("foot", "sources_unknown"): _sources,
    ("fact", "no_figure"): _no_figure,
    ("warning", "not_known"): _not_known,
    ("fact", "source"): _source,
    ("fact", "previous_day"): _previous_day,
    ("fact", "no_contact_in"): _no_contact_in,
    ("half_hours", "forecast_above"): _forecast,
    ("half_hours", "forecast_below"): _forecast,
    ("half_hours", "forecast_exact"): _forecast,
    ("fact", "forecast_above"): _forecast,
    ("fact", "forecast_below"): _forecast,
    ("fact", "forecast_exact"): _forecast,
    ("fact", "one_weekday"): _one_weekday,
    ("fact", "one_weekday_of"): _one_weekday,
    ("foot", "one_weekday"): _one_weekday,
    ("foot", "one_weekday_of"): _one_weekday,
    ("fact", "weeks"): _weeks,
    ("fact", "weeks_of"): _weeks,
    ("corrected", "corrected"): _corrected,
    ("day", "day"): _day,
    ("warning", "lacks"): _lacks,
    ("warning", "lacks_other"): _lacks_other,
    ("warning", "pointer"): _lacks_something,
    ("foot", "sources"): _sources,
    ("foot", "sources_incomplete"): _sources,
    ("foot", "zone"): _zone,
    ("foot", "generated"): true,
    ("foot", "previous_day"): _previous_day,
    ("foot", "weeks"): _weeks,
    ("foot", "weeks_of"): _weeks,
    ("correction", "more"): true,
    ("decoration", "decoration"): _foot,
    ("revisions", "revisions"): _revisions,
    ("subject", "subject"): _subject,
    ("correction_head", "differs"): _differs,
    ("correction_head", "completes"): _completes,
    ("correction_head", "no_total_differs"): _only_totals_compared,
    ("correction_head", "parts_differ"): _parts_differ,
    ("correction_head", "nothing_differs"): _nothing_differs,
    ("correction_head", "change_unknown"): true,
    ("correction", "changed"): _changed,
    ("heading", "heading"): true,
}
