"""The checker finds each kind of sentence that was once false: planted beside the rows that show what is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.checker import awkward
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.documents.passage import Passage


@dataclass(frozen=True)
class Planted:
    """A passage that is false of a day, and the kind of falsehood."""

    day: str
    role: str
    parts: tuple[str, ...]
    kind: str


def _talk(day: str, head: str, detail: str, kind: str) -> Planted:
    return Planted(day, "talk", ("missed", head, detail), kind)


PLANTED = (
    # 34 offered, of which 30 were answered the next day; 24 count, and all of them were answered in time
    Planted(
        "over midnight", "queue", ("on_target", "Billing", "100.0%", "", "10 of 34 not in time"), "wrong denominator"
    ),
    Planted("over midnight", "figure", ("Not in time", "10", "29.4% of offered"), "wrong count"),
    # three answers after 40 s and of 200 s each; the day before 58 after 9 s
    Planted("few answers", "figure", ("Avg answer", "0:40", "+0:31 vs Tue"), "average of few contacts compared"),
    Planted("few answers", "figure", ("Avg handle", "3:20", "no change vs Tue"), "average of few contacts compared"),
    # 105 offered, of which ten flowed out; 5 of the 95 that count were late
    Planted("flowed out", "queue", ("on_target", "Billing", "94.7%", "", "15 of 105 not in time"), "wrong denominator"),
    Planted(
        "flowed out", "queue", ("on_target", "Billing", "94.7%", "", "0.0% abandoned"), "percentage without its counts"
    ),
    Planted(
        "flowed out", "queue", ("on_target", "Billing", "94.7%", "", "0 of 95 abandoned (0.0%)"), "wrong denominator"
    ),
    Planted(
        "flowed out",
        "queue",
        ("on_target", "Billing", "94.7%", "", "5 not in time, 0 abandoned of 105"),
        "wrong denominator",
    ),
    # nothing was offered; 20 contacts of the day before were answered
    Planted(
        "more answers than contacts",
        "tile",
        ("Service level", "100.0%", "on_target:On target", "goal ≥ 80%"),
        "wrong percentage",
    ),
    _talk("one contact", "Occupancy above its band", "100.0% against 75–85%.", "advice after a few contacts"),
    # one half-hour has a level, on target; another has contacts of which none counts
    Planted(
        "over midnight", "half_hours", ("Every half-hour with contacts was on target, all 1 of them.",), "all of one"
    ),
    Planted(
        "over midnight", "half_hours", ("No half-hour was under target.",), "half-hours without a level are hidden"
    ),
    # one half-hour of 8 at 0%, two of 20 at 50%, another at 100%
    Planted("equal half-hours", "half_hours", ("The lowest was 50% at 10:00.",), "wrong superlative"),
    Planted("equal half-hours", "half_hours", ("The lowest was 50%, first at 10:00.",), "wrong superlative"),
    Planted(
        "equal half-hours", "half_hours", ("Few contacts aside, the lowest was 50% at 10:00.",), "wrong superlative"
    ),
    Planted(
        "equal half-hours",
        "half_hours",
        ("Few contacts aside, the lowest was 50%, first at 12:00.",),
        "wrong superlative",
    ),
    # half of 88 are late at ten; at eleven only four are offered, and 28 are answered, all of them late
    Planted(
        "late answers to earlier calls",
        "half_hours",
        ("Lowest in 10:00–10:30: 50% at 10:00.",),
        "wrong superlative",
    ),
    _talk("equal half-hours", "10:00–10:30 was the weak spot", "", "superlative of several"),
    _talk("just under in a half-hour", "10:00–10:30 was under target", "", "a stretch within chance"),
    # 9 late contacts at three in the morning and 14 late ones of 40 at noon
    _talk(
        "thin half-hours",
        "03:00–03:30 was the weak spot",
        "0% service level over 9 contacts in 30 minutes.",
        "thin half-hours chosen",
    ),
    Planted("thin half-hours", "half_hours", ("The lowest was 0% at 03:00.",), "thin half-hours chosen"),
    # 40 of 100 not in time, all of them in the hour from eleven: 0 % there, and 0 % in both of its half-hours
    Planted("correction", "half_hours", ("Lowest in 10:00–11:00: 0% at 11:00.",), "wrong time"),
    Planted("correction", "half_hours", ("3 of 4 half-hours were under target.",), "wrong count"),
    Planted("correction", "half_hours", ("2 of 5 half-hours were under target.",), "wrong denominator"),
    # 120 of Billing's 300 contacts and 70 of the 100 of Sales were not in time: the biggest queue was named every day
    _talk(
        "biggest is not the worst",
        "Billing",
        "63% of all contacts not answered in time (120 of 190) came from this queue.",
        "unknown statement",
    ),
    _talk(
        "biggest is not the worst",
        "Billing",
        "40% not answered in time (120 of 300), elsewhere 70% (70 of 100).",
        "not a costly queue",
    ),
    _talk(
        "biggest is not the worst",
        "Sales",
        "70% not answered in time (70 of 100), elsewhere 40% (119 of 300).",
        "wrong count",
    ),
    # both queues have 90 %; on the other days there is no second queue with ten contacts
    _talk(
        "tied best",
        "Well done: Billing",
        "The highest service level of the 2 queues with at least 10 contacts.",
        "no single best queue",
    ),
    _talk(
        "only one queue",
        "Well done: Billing",
        "The highest service level of the 1 queues with at least 10 contacts.",
        "no single best queue",
    ),
    _talk(
        "best queue is thin",
        "Well done: Billing",
        "88.8% service level, 107 contacts offered. "
        "The highest service level of the 2 queues with at least 10 contacts.",
        "no single best queue",
    ),
    # 90 of the 95 contacts that count were in time, 105 were offered
    _talk("flowed out", "Well done: Billing", "85.7% service level, 105 contacts offered.", "wrong percentage"),
    _talk(
        "flowed out",
        "Well done: Sales",
        "The highest service level of the 2 queues with at least 10 contacts.",
        "not the best queue",
    ),
    # 250 contacts, and 100, 100, 100 and 400 on the four weekdays before
    _talk(
        "volume against weeks",
        "43% more contacts than usual",
        "Usual: 175, the average of this weekday over 3 weeks.",
        "wrong number of weeks",
    ),
    # 12 and 13 on the weekdays before, 12.5 on average
    _talk(
        "volume against small weeks",
        "820% more contacts than usual",
        "Usual: 13, the average of this weekday over 2 weeks.",
        "wrong percentage",
    ),
    # 90 contacts after 6 and 9 on the weekdays before, too few to compare with
    _talk(
        "thin days before",
        "1,100% more contacts than usual",
        "Usual: 8, the average of this weekday over 2 weeks.",
        "compared with a thin day",
    ),
    _talk("volume against weeks", "150% more contacts than usual", "Does it go on today?", "wrong percentage"),
    # 92.9 % after 96 % on the day before and on the only weekday that is known
    _talk(
        "fell on target",
        "Well done: Service level",
        "92.9% against a goal of ≥ 80%.",
        "praise for a metric that fell",
    ),
    _talk(
        "fell on target",
        "Service level down 3.1 points",
        "Also below the average of this weekday over 1 week.",
        "average of one day",
    ),
    # 75 % of 40 contacts after 46 % of 120
    _talk("rose on a quiet day", "Service level up 29.2 points", "What helped?", "praise for a goal not met"),
    _talk("rose on a quiet day", "Service level up 29.2 points", "What helped?", "praise after a quiet day"),
    _talk("fell on target", "Abandonment: target missed", "0.0% against a goal of ≤ 5%.", "wrong status"),
    # of two half-hours under target one had nine contacts
    Planted("thin half-hours", "half_hours", ("2 of 2 half-hours were under target.",), "wrong count"),
    Planted("thin half-hours", "half_hours", ("2 half-hours had few contacts.",), "wrong count"),
    Planted("thin half-hours", "half_hours", ("No half-hour has enough contacts to be judged.",), "wrong verdict"),
    # voice met both targets; the one chat, which waited, has no verdict
    Planted("thin medium", "verdict", ("missed", "1 of 6 targets missed", ""), "wrong denominator"),
    Planted("thin medium", "verdict", ("on_target", "All 6 targets of the group met", ""), "wrong denominator"),
    Planted("thin medium", "tile", ("Service level (chat)", "0.0%", "missed:Missed", "goal ≥ 80%"), "wrong status"),
    # six contacts after a hundred a day, with an occupancy of 89.3 %: nothing of such a day is judged
    Planted("thin day", "verdict", ("missed", "3 of 3 targets missed", ""), "wrong denominator"),
    Planted("thin day", "verdict", ("missed", "Target missed", ""), "wrong count"),
    Planted("just under", "verdict", ("no_data", "Too few contacts to judge", ""), "wrong verdict"),
    Planted("thin day", "tile", ("Service level", "33.3%", "missed:Missed", "goal ≥ 80%"), "wrong status"),
    Planted("thin day", "figure", ("Offered", "6", "−94.0% vs Tue"), "compared with a thin day"),
    Planted("thin medium", "verdict", ("on_target", "", "Service level: too few contacts to judge."), "wrong status"),
    _talk(
        "thin days before",
        "Abandonment: 10 days on target",
        "Business days in a row, this one included.",
        "streak over thin days",
    ),
    # 50 % in time; the day before is known, the three days before that are not
    Planted(
        "days between unknown",
        "verdict",
        (
            "missed",
            "1 of 3 targets missed",
            "Service level: off target on 2 of the last 4 days.",
        ),
        "days between are not known",
    ),
    # the three days before the last are known
    Planted("day before not known", "tile_note", ("Service level", "no earlier day yet"), "known day called unknown"),
    Planted("one contact", "tile_note", ("Service level", "day before not known"), "unknown day called known"),
    Planted("thin day before", "tile_note", ("Service level", "day before not known"), "known day called unknown"),
    # a difference is said in points
    Planted("thin day before", "tile_change", ("Service level", "Wed avg ▼ 29.0 pp worse"), "unknown statement"),
    # 71 of 100 in time, after days of 3, 100, 100 and 7 contacts
    Planted(
        "thin day before", "tile_change", ("Service level", "Tue 20 ▼ 29.0 points worse"), "compared with a thin day"
    ),
    Planted("thin day before", "tile_change", ("Service level", "Wed avg ▼ 29.0 points worse"), "wrong change"),
    Planted(
        "thin day before",
        "verdict",
        (
            "missed",
            "1 of 2 targets missed",
            "Service level: off target on 1 of the last 4 days.",
        ),
        "compared with a thin day",
    ),
    Planted(
        "thin day before",
        "verdict",
        ("missed", "1 of 2 targets missed", "Service level 71.0%, goal ≥ 80%. The lowest of the last 4 business days."),
        "unknown statement",
    ),
    Planted(
        "thin day before",
        "verdict",
        ("missed", "1 of 2 targets missed", "Service level is unusually low."),
        "news without evidence",
    ),
    # occupancy below its band on a day that missed its service level
    _talk(
        "idle but late",
        "Occupancy below its band",
        "50.0% against 75–85%. Is there room for coaching or back-office work?",
        "advice conflicts with the day",
    ),
    # 79.7 % with a goal of 80 %
    Planted("just under", "verdict", ("on_target", "All 4 targets of the group met", ""), "wrong count"),
    Planted("just under", "tile", ("Service level", "79.7%", "on_target:On target", "goal ≥ 80%"), "wrong status"),
    Planted(
        "looks like the goal",
        "tile",
        ("Service level", "80.0%", "watch:Just missed", "goal ≥ 80%"),
        "looks like the goal it misses",
    ),
    # the verdict says "just missed", so the tile says so too
    Planted("just under", "tile", ("Service level", "79.7%", "watch:Watch", "goal ≥ 80%"), "wrong status"),
    # more contacts than usual is no target that was met, and praise is nothing to raise
    Planted(
        "volume against weeks",
        "talk",
        ("on_target", "43% more contacts than usual", "Does it go on today?"),
        "wrong sign",
    ),
    # 13 of 16 in time: 81.25 %
    Planted(
        "half rounded", "tile", ("Service level", "81.2%", "on_target:On target", "goal ≥ 80%"), "half is rounded down"
    ),
    # 9,996 of 10,000 in time, and 4 that hung up
    Planted(
        "almost all", "tile", ("Service level", "100.0%", "on_target:On target", "goal ≥ 80%"), "almost all called all"
    ),
    Planted("almost all", "tile", ("Abandonment", "0.0%", "on_target:On target", "goal ≤ 5%"), "a few called none"),
    # 239 of 300 in time in one half-hour: 79.67 %
    Planted(
        "just under in a half-hour", "half_hours", ("The lowest was 80% at 10:00.",), "looks like the goal it misses"
    ),
    # 20 contacts that were offered the day before were answered after midnight
    Planted("more answers than contacts", "figure", ("Not in time", "-20", "– of offered"), "negative count"),
    # half of the voice contacts and all e-mails in time
    Planted(
        "several media", "tile", ("Service level", "80.0%", "on_target:On target", "goal ≥ 80%"), "media are blended"
    ),
    # the abandoned contacts of one half-hour are not known
    Planted("blank figures", "tile", ("Abandonment", "0.0%", "on_target:On target", "goal ≤ 5%"), "wrong percentage"),
    # 60 of Billing's contacts took 3:20 each, and the times of the 40 of Sales are not known
    Planted("blank answers", "figure", ("Avg handle", "3:20", ""), "wrong duration"),
    Planted("blank answers", "figure", ("Avg answer", "0:05", ""), "wrong duration"),
    Planted(
        "blank answers",
        "warning",
        ("Not known, because a part is missing: Average handle, Average answer.",),
        "wrong gap",
    ),
    Planted("blank figures", "fact", ("Not known", "Average handle: no figure for Sales."), "wrong part"),
    Planted("blank figures", "fact", ("Sources", "1 source, all complete"), "wrong verdict"),
    Planted("own targets", "queue", ("missed", "Billing", "85.0%", "", "goal ≥ 80%"), "wrong goal"),
    Planted("own targets", "queue", ("missed", "Sales", "60.0%", "", "goal ≥ 60%"), "wrong status"),
    Planted(
        "volume against one week",
        "tile_change",
        ("Service level", "Wed avg ▼ 1.0 points worse"),
        "one day called an average",
    ),
    Planted("medium without contacts", "fact", ("Medium", "No contact in voice, email."), "wrong medium"),
    Planted(
        "own target missed",
        "talk",
        (
            "missed",
            "Sales",
            "40% not answered in time (40 of 100), elsewhere 0% (0 of 100). Its goal: ≥ 80%.",
        ),
        "wrong goal",
    ),
    Planted("one contact", "warning", ("Not available: Adherence.",), "wrong gap"),
    # late answers moved to another half-hour, and two agents' times were swapped
    Planted(
        "correction of half-hours",
        "correction_head",
        ("Nothing changed: all figures are as in rev 1.",),
        "unknown statement",
    ),
    # offered, answered and others changed
    Planted("correction", "correction_head", ("6 figures differ from rev 1.",), "unknown statement"),
    Planted(
        "correction",
        "correction_head",
        ("No total differs from rev 1. Only totals were compared.",),
        "wrong count",
    ),
    Planted("correction of half-hours", "correction_head", ("No figure differs from rev 1.",), "wrong parts"),
    Planted(
        "correction of half-hours",
        "correction_head",
        ("Changed: 2 half-hours (14:00, 16:00), 2 agents. No total differs from rev 1.",),
        "wrong parts",
    ),
)


@pytest.fixture(scope="module")
def day() -> Callable[[str], Case]:
    days = {case.name.removesuffix(" en"): case for case in awkward.cases("en")}
    return lambda name: days[name]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.day}: {planted.kind}")
def test_it_notices_a_sentence_that_is_false(planted: Planted, day: Callable[[str], Case]) -> None:
    passage = Passage("message, here", planted.role, planted.parts)
    report = check_passages([passage], evidence_of(day(planted.day)))
    assert planted.kind in {finding.kind for finding in report.findings}, report.findings


def test_it_notices_that_the_queue_that_did_worse_is_not_named(day: Callable[[str], Case]) -> None:
    passages = [Passage("message, talk", "talk", ("missed", "12:00–13:30 was the weak spot", ""))]
    report = check_passages(passages, evidence_of(day("biggest is not the worst")))
    assert ("costly queue is hidden", "Sales") in {(finding.kind, finding.right) for finding in report.findings}


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("From", "2026-10-21T00:00:00+02:00"),
        ("Sources", "1 source, all complete Queue intervals 3f9c0a1b · 133 rows · complete"),
    ],
)
def test_it_notices_operators_details_in_a_message(label: str, line: str, day: Callable[[str], Case]) -> None:
    passages = [Passage("message, Where this comes from", "fact", (label, line))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("one contact"))).findings}
    assert "technical text before a supervisor" in kinds


@pytest.mark.parametrize("document", ["message,", "message (HTML),"])
def test_it_notices_a_lack_that_a_message_tells_twice(document: str, day: Callable[[str], Case]) -> None:
    detail = "No management unit is named for this group, so adherence is not known."
    passages = [
        Passage(f"{document} warning", "warning", ("Not available: Adherence.",)),
        Passage(f"{document} Agents", "agents", ("No adherence data",)),
        Passage(
            f"{document} facts",
            "fact",
            ("Not available", f"Adherence, {detail}"),
        ),
    ]
    case = day("no adherence")
    lost = tuple(replace(gap, text="") for gap in case.rows.gaps)
    case = replace(case, rows=replace(case.rows, gaps=lost))
    for said_twice in (passages[:2], [passages[0], passages[2]], passages[2:]):
        kinds = {finding.kind for finding in check_passages(said_twice, evidence_of(case)).findings}
        assert "gap is repeated" in kinds
    assert not check_passages(passages[:1], evidence_of(case)).findings


@pytest.mark.parametrize("place", ["message, queues", "PDF page 2 (phone), queues", "PDF page 3 (wall), queues"])
def test_it_notices_a_thin_queue_that_is_called_missed(place: str, day: Callable[[str], Case]) -> None:
    passages = [Passage(place, "queue", ("missed", "Sales", "0.0%", "", "1 of 1 not in time"))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("thin queue first"))).findings}
    assert kinds >= {"wrong status", "thin queue is not marked"}


def test_it_notices_a_thin_queue_among_those_below_target(day: Callable[[str], Case]) -> None:
    passages = [Passage("message, queues", "queues", ("2 of 2 under the 80% service-level target",))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("thin queue first"))).findings}
    assert kinds == {"wrong count", "wrong denominator"}


def test_it_notices_a_missed_medium_without_its_half_hours(day: Callable[[str], Case]) -> None:
    passages = [Passage("message, talk", "talk", ("on_target", "Well done: Service level (voice)", ""))]
    report = check_passages(passages, evidence_of(day("missed medium")))
    kinds = {(finding.kind, finding.right) for finding in report.findings}
    assert ("half-hours of a missed medium are hidden", "chat") in kinds


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Voice: Every half-hour with contacts was on target, all 10 of them.", "capital after a colon"),
        ("Chat comes first because it has the most contacts.", "wrong medium"),
    ],
)
def test_it_notices_a_false_sentence_about_a_medium(sentence: str, kind: str, day: Callable[[str], Case]) -> None:
    passages = [Passage("message, The day", "half_hours", (sentence,))]
    report = check_passages(passages, evidence_of(day("missed medium")))
    assert kind in {finding.kind for finding in report.findings}


def test_it_notices_a_list_in_another_order(day: Callable[[str], Case]) -> None:
    rows = [("on_target", "Sales", "100.0%"), ("missed", "Billing", "60.0%")]
    passages = [Passage("message, queues", "queue", (*row, "", "")) for row in rows]
    case = day("several queues")
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(case)).findings}
    assert "list is not in the order of its heading" in kinds


def test_it_notices_a_thin_queue_above_others(day: Callable[[str], Case]) -> None:
    rows = [("missed", "Sales", "0.0%"), ("missed", "Billing", "66.7%")]
    passages = [Passage("message, queues", "queue", (*row, "", "")) for row in rows]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("thin queue first"))).findings}
    assert "thin queue above others" in kinds


def test_it_notices_a_correction_that_does_not_say_what_changed(day: Callable[[str], Case]) -> None:
    passages = [Passage("PDF page 1 (phone), head", "corrected", ("Corrected, rev 2",))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("correction"))).findings}
    assert kinds == {"correction does not say what changed"}


def test_it_notices_a_verdict_that_changed_silently(day: Callable[[str], Case]) -> None:
    passages = [Passage("message, What changed", "correction", ("Adherence", "–", "96.9%"))]
    report = check_passages(passages, evidence_of(day("correction of data")))
    assert "verdict changed silently" in {finding.kind for finding in report.findings}


def test_it_notices_a_correction_that_names_no_figure(day: Callable[[str], Case]) -> None:
    passages = [Passage("PDF page 1 (phone), verdict", "correction_line", ("At least 6 figures differ from rev 1.",))]
    report = check_passages(passages, evidence_of(day("correction")))
    assert "correction names no figure" in {finding.kind for finding in report.findings}


def test_it_notices_two_documents_that_disagree(day: Callable[[str], Case]) -> None:
    values = ("79.96%", "80.0%")
    passages = [
        Passage(place, "tile", ("Service level", value, "watch:Just missed", "goal ≥ 80%"))
        for place, value in zip(("message, metrics", "workbook, metrics"), values, strict=True)
    ]
    report = check_passages(passages, evidence_of(day("looks like the goal")))
    assert "two statements disagree" in {finding.kind for finding in report.findings}
