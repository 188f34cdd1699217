"""The checker finds false sentences about the day after: planted beside the plan that shows what is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.checker import planned, standups
from tests.checker.case import Case
from tests.checker.checker import check_passages, evidence_of
from tests.checker.documents.passage import Passage

ERRORS = "the contacts that came, half-hours 90.3% off (a perfect forecast: 13.6%)."
BAND = "inside the expected band."
PLANTED = (
    # 6, 8, 7 and 4 agents are missing from ten o'clock on
    ("shortage", "today", ("Riskiest: 10:00–11:30, up to 8 short.",), "wrong window"),
    ("shortage", "today", ("Riskiest: 10:00–12:00, up to 25 short.",), "wrong shortage"),
    ("shortage", "today", ("Riskiest: 10:00–12:00, 8 short.",), "wrong words"),
    ("shortage", "today", ("Riskiest: 10:00–12:00, about 8 short.",), "wrong words"),
    ("shortage", "today", ("No half-hour is short; tightest 10:30, 1 over.",), "shortage not said"),
    ("shortage", "today", ("At this size no half-hour can be called short.",), "called small"),
    # the halves of required agents sum to 553 contacts, against 520 of last Thursday
    ("shortage", "today", ("Forecast 5,530, +6% on last Thu.",), "wrong forecast"),
    ("shortage", "today", ("Forecast 553, −6% on last Thu.",), "wrong percentage"),
    ("shortage", "today", ("Forecast 553, +6% on last Wed.",), "wrong day"),
    ("shortage", "today", ("Forecast 553.",), "growth not said"),
    ("shortage", "today", ("3 off, 3 start later.",), "wrong count"),
    ("shortage", "today", ("4 off.",), "wrong count"),
    ("shortage", "today", ("No schedule is published for today.",), "wrong reason"),
    ("shortage", "today", ("Who is off or starts later is not known.",), "wrong reason"),
    ("shortage", "today", ("Goal ≥ 90%.",), "wrong goal"),
    (
        "shortage",
        "today",
        ("The plan does not say how many are required: calculated from its forecast.",),
        "called calculated",
    ),
    ("shortage", "today_head", ("Today, Wed 21 Oct",), "wrong day"),
    ("shortage", "today_head", ("Today, Thu 22 Oct (voice)",), "wrong medium"),
    ("several media planned", "today_head", ("Today, Thu 22 Oct",), "wrong medium"),
    ("several media planned", "today", ("Chat: up to 8 short, 10:00–12:00.",), "wrong shortage"),
    ("several media planned", "today", ("Chat: no half-hour is short; just enough at 07:00.",), "shortage not said"),
    ("shortage", "risk_title", ("The tightest half-hours",), "wrong title"),
    ("shortage", "risk_row", ("10:30", "37", "80", "72", "7 short", "66%"), "wrong shortage"),
    ("shortage", "risk_row", ("10:30", "37", "80", "71", "8 short", "66%"), "wrong count"),
    ("shortage", "risk_row", ("10:30", "37", "80", "72", "8 short", "70%"), "wrong percentage"),
    ("shortage", "risk_row", ("12:00", "29", "62", "59", "3 short", "76%"), "wrong half-hour"),
    ("shortage", "risk_line", ("10:30", "37 contacts, 72 people required, 80 scheduled: 8 short"), "wrong count"),
    ("shortage", "chart_label", ("8 short at 11:00",), "wrong time"),
    ("shortage", "today_people", ("Off today: 5",), "wrong count"),
    ("shortage", "today_people", ("Start later: 4",), "wrong count"),
    ("shortage", "person", ("Owen Blake", ""), "wrong person"),
    ("shortage", "person", ("Owen Blake", "09:00"), "wrong person"),
    ("shortage", "person", ("Noor Haddad", ""), "wrong person"),
    ("shortage", "today_cell", ("10:30", "voice", "short", "7"), "wrong figure"),
    ("shortage", "today_cell", ("10:30", "voice", "required", "–"), "wrong figure"),
    ("one half-hour short", "today", ("Riskiest: 11:30–12:00, up to 3 short.",), "wrong words"),
    ("none short", "today", ("Riskiest: 08:00–08:30, 1 short.",), "shortage of nothing"),
    ("none short", "today", ("No half-hour is short; tightest 08:30, 1 over.",), "wrong time"),
    ("none short", "today", ("No half-hour is short; tightest 08:00, 2 over.",), "wrong count"),
    ("none short", "today", ("About enough people all day; tightest at 08:00.",), "wrong words"),
    ("no schedule", "today", ("There is no forecast for today.",), "wrong reason"),
    ("no schedule", "today", ("No half-hour is short; just enough at 07:00.",), "shortage not said"),
    ("no forecast", "today", ("Expected: 520 contacts, average of the last 4 Thursdays.",), "wrong expectation"),
    ("no forecast", "today", ("Expected: 510 contacts, average of the last 3 Thursdays.",), "wrong count"),
    ("no forecast", "today", ("Expected: 510 contacts, average of the last 4 Wednesdays.",), "wrong day"),
    ("late answer", "today", ("Expected: 520 contacts, average of the last 4 Thursdays.",), "wrong expectation"),
    ("late answer", "today", ("Workforce management is not licensed.",), "wrong reason"),
    ("no licence", "today", ("No schedule is published for today.",), "wrong reason"),
    ("small group", "today", ("Riskiest: 07:30–08:00, 1 short.",), "shortage of nothing"),
    ("required not known", "today", ("Riskiest: 15:00–17:00, up to 4 short.",), "wrong words"),
    ("required not known", "today", ("Riskiest: 15:00–17:00, about 5 short.",), "wrong shortage"),
    ("other queues", "today", ("Forecast 553, +6% on last Thu.",), "compared with nothing"),
    ("other queues", "today", ("The plan covers other groups’ queues too: Complaints, Fraud.",), "wrong queues"),
    ("other queues", "today", ("Not in the plan: Billing.",), "wrong queues"),
    ("shortage", "today", ("Today will be a quiet day.",), "unknown statement"),
    # every half-hour is short, and the most contacts are lost from eleven to noon
    ("short all day", "today", ("Riskiest: 10:30–12:30, up to 4 short.",), "wrong words"),
    ("short all day", "today", ("Short all day, worst 07:00–09:00, up to 4 short.",), "wrong window"),
    ("short all day", "today", ("Short all day, worst 10:30–12:30, up to 5 short.",), "wrong shortage"),
    ("short all day", "today", ("Short all day, worst 10:30–12:30, about 4 short.",), "wrong words"),
    ("shortage", "today", ("Short all day, worst 10:00–12:00, up to 8 short.",), "wrong words"),
    ("something to move", "today", ("Could move from 10:00–12:00: 6 in training.",), "wrong activities"),
    (
        "something to move",
        "today",
        ("Could move from 10:00–12:00: 6 in training, 5 at a meal, 5 in meetings.",),
        "wrong activities",
    ),
    (
        "something to move",
        "today",
        ("Could move from 10:00–11:30: 6 in training, 5 at a meal, 3 in meetings.",),
        "wrong window",
    ),
    ("something to move", "today", ("Room: 13:00–15:00, at least 2 over.",), "wrong room"),
    ("something to move", "today", ("Room: 13:00–14:30, at least 3 over.",), "wrong room"),
    ("something to move", "today", ("No later half-hour has two to spare.",), "room not said"),
    ("nowhere to move", "today", ("Room: 07:00–09:00, at least 4 over.",), "wrong room"),
    ("first of two hours", "today", ("Riskiest: 02:00–03:00, up to 6 short.",), "wrong window"),
    ("first of two hours", "today", ("Riskiest: second 02:00–03:00, up to 6 short.",), "wrong window"),
    ("second of two hours", "today", ("Riskiest: first 02:00–second 02:00, up to 6 short.",), "wrong window"),
    ("across two hours", "today", ("Riskiest: 02:30–02:30, up to 6 short.",), "wrong window"),
    ("nobody required", "today", ("No schedule is published for today.",), "wrong reason"),
    ("nobody required", "today", ("At this size no half-hour can be called short.",), "called small"),
    ("no schedule", "today", ("The plan does not say how many are required.",), "wrong reason"),
    # the window costs ten contacts or more in both
    ("shortage", "talk", ("watch", "10:00–11:30 today is short of people", ""), "wrong window"),
    ("none short", "talk", ("watch", "10:00–12:00 today is short of people", ""), "shortage of nothing"),
    (
        "short all day",
        "talk",
        ("watch", "10:30–12:30 today is short of people", "135 contacts forecast, about 45% in time, goal ≥ 80%."),
        "wrong percentage",
    ),
    (
        "short all day",
        "talk",
        ("watch", "10:30–12:30 today is short of people", "136 contacts forecast, about 44% in time, goal ≥ 80%."),
        "wrong forecast",
    ),
    ("mostly short", "today", ("Riskiest: 07:00–09:00, up to 5 short.",), "wrong words"),
    ("short alike", "today", ("Short all day, worst 07:00–09:00, up to 2 short.",), "wrong words"),
    ("short alike", "today", ("Short all day: 3 short in each half-hour.",), "wrong shortage"),
    ("afternoon not known", "today", ("Short all day: 2 short in each half-hour.",), "shortage of nothing"),
    # the stand-up is at ten, and from eight to half past nine 3, 2 and 3 agents are missing
    ("short only before the stand-up", "today", ("Riskiest: 08:00–09:30, up to 3 short.",), "shortage of nothing"),
    (
        "short only before the stand-up",
        "today",
        ("No half-hour is short; just enough at 10:00.",),
        "shortage not said",
    ),
    (
        "short only before the stand-up",
        "today",
        ("After the stand-up, no half-hour is short; 08:00–09:30: 3 short.",),
        "wrong words",
    ),
    ("short only before the stand-up", "today", ("None is short after the stand-up; 08:00–09:00 is.",), "wrong window"),
    (
        "short only before the stand-up",
        "today",
        ("None is short after the stand-up; most before it are.",),
        "wrong words",
    ),
    ("all short before the stand-up", "today", ("None is short after the stand-up; 07:00–09:00 is.",), "wrong words"),
    (
        "all short before the stand-up",
        "today",
        ("None is short after the stand-up; most before it are.",),
        "wrong words",
    ),
    ("short only before the stand-up", "today", ("All half-hours are over at the stand-up.",), "called over"),
    ("short only before the stand-up", "risk_title", ("The tightest half-hours",), "wrong title"),
    ("short only before the stand-up", "risk_row", ("08:00", "9", "20", "17", "3 short", "76%"), "wrong half-hour"),
    ("worst before the stand-up", "today", ("Riskiest: 12:00–13:00, up to 4 short.",), "wrong words"),
    (
        "worst before the stand-up",
        "today",
        ("Riskiest from the stand-up: 08:00–09:30, up to 9 short.",),
        "wrong window",
    ),
    (
        "worst before the stand-up",
        "today",
        ("None is short after the stand-up; 08:00–09:30 is.",),
        "shortage of nothing",
    ),
    ("enough, then short", "today", ("Short all day, worst 11:30–13:30, up to 6 short.",), "wrong words"),
    ("enough, then short", "today", ("Short from 09:30 on, worst 11:30–13:30, up to 6 short.",), "wrong time"),
    ("mostly alike", "today", ("Mostly short, worst 07:00–09:00, 2 short.",), "wrong words"),
    ("mostly alike", "today", ("Mostly short: 2 short in 20 of 20 half-hours.",), "wrong half-hours"),
    ("then mostly alike", "today", ("From 10:00, 1 short in 20 of 23 half-hours.",), "wrong half-hours"),
    ("tightest before the stand-up", "today", ("No half-hour is short; tightest 12:30, 3 over.",), "wrong words"),
    ("tightest before the stand-up", "today", ("No half-hour is short; from 10:00 at least 4 over.",), "wrong count"),
    ("one missing all day", "talk", ("watch", "Today is short of people all day", ""), "wrong shortage"),
    ("one missing all day", "talk", ("watch", "07:00–09:00 today is one person short", ""), "wrong words"),
    ("one missing all day", "talk", ("watch", "Today is mostly one person short", ""), "wrong words"),
    (
        "one missing all day",
        "talk",
        ("watch", "Today is one person short all day", "1,200 contacts forecast, about 80% in time, goal ≥ 80%."),
        "wrong percentage",
    ),
    ("then mostly alike", "talk", ("watch", "Mostly one person short from 09:30 today", ""), "wrong time"),
    ("one missing", "talk", ("watch", "14:00–15:30 today is short of people", ""), "wrong shortage"),
    ("one missing", "talk", ("watch", "14:00–15:30 today is one person short", "What can move?"), "wrong question"),
    (
        "one missing all day",
        "talk",
        ("watch", "Today is one person short all day", "Who can help out then?"),
        "wrong question",
    ),
    ("one missing", "chart_label", ("up to 1 short at 14:00",), "wrong words"),
    # 603 contacts were forecast and 400 came
    *(
        (
            "forecast too high",
            "fact",
            ("Forecast", f"{bias} {ERRORS} {inside} of 34 half-hours {BAND}"),
            "wrong forecast",
        )
        for bias, inside in (("33.7% above", 0), ("50.8% below", 0), ("50.8% above", 33))
    ),
)


@pytest.fixture(scope="module")
def day() -> Callable[[str], Case]:
    days = {case.name.removesuffix(" en"): case for case in (*planned.cases("en"), *standups.cases("en"))}
    return lambda name: days[name]


@pytest.mark.parametrize(("name", "role", "parts", "kind"), PLANTED, ids=lambda value: str(value)[:60])
def test_it_notices_a_false_sentence_about_today(
    name: str, role: str, parts: tuple[str, ...], kind: str, day: Callable[[str], Case]
) -> None:
    report = check_passages([Passage("PDF page 3 (phone), today", role, parts)], evidence_of(day(name)))
    assert kind in {finding.kind for finding in report.findings}, report.findings


@pytest.mark.parametrize("document", ["chat card, today", "message, today", "message (HTML), today", "workbook, today"])
def test_it_notices_that_a_document_does_not_say_the_shortage(document: str, day: Callable[[str], Case]) -> None:
    passages = [Passage(document, "today", ("Forecast 553, +6% on last Thu. 4 off, 3 start later.",))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("shortage"))).findings}
    assert kinds == {"shortage not said"}


def test_it_notices_that_a_document_does_not_say_why_nothing_is_known(day: Callable[[str], Case]) -> None:
    passages = [Passage("message, today", "today", ("Expected: 510 contacts, average of the last 4 Thursdays.",))]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("no licence"))).findings}
    assert kinds == {"reason not said"}


@pytest.mark.parametrize("place", ["message, today", "message (HTML), today", "PDF page 5 (wall)", "chat card, x"])
def test_it_notices_a_person_on_the_wall_page_and_in_a_message(place: str, day: Callable[[str], Case]) -> None:
    passages = [
        Passage(place, "today", ("Riskiest: 10:00–12:00, up to 8 short.",)),
        Passage(place, "person", ("Marta Ruiz", "")),
    ]
    kinds = {finding.kind for finding in check_passages(passages, evidence_of(day("shortage"))).findings}
    assert "person named" in kinds
