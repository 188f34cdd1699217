"""A corrected briefing lists what changed, with both figures, on the page, in the message and in the workbook."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pypdfium2
import pytest

from renderers import pdf, render_message, xlsx
from renderers.words import CorrectionText, RevisedText, speak
from worker.domain.briefing.content import ChangedParts, Correction, RevisedFigure, TargetCount

CHANGES = (
    RevisedFigure("metric", "service_level", 0.7692, 0.775),
    RevisedFigure("metric", "adherence", None, 0.908),
    RevisedFigure("count", "offered", 5401, 5438),
    RevisedFigure("count", "average_handle_ms", 341_000.0, 344_000.0),
    RevisedFigure("queue", "Billing <EN>", 0.7010, 0.7012),
)
SHOWN = (
    RevisedText("Service level", "76.9%", "77.5%"),
    RevisedText("Adherence", "–", "90.8%"),
    RevisedText("Offered", "5,401", "5,438"),
    RevisedText("Average handle", "5:41", "5:44"),
    RevisedText("Billing <EN>", "70.10%", "70.12%"),
)
STARTS = (datetime(2026, 10, 21, 10, tzinfo=UTC), datetime(2026, 10, 21, 10, 30, tzinfo=UTC))
NOTHING = "No total differs from rev 1. Only totals were compared."
UNKNOWN = "What changed is not known: no earlier revision has figures."

EN = speak("en")


@pytest.fixture
def corrected(make_briefing):
    return lambda changes=CHANGES: make_briefing(revision=2, correction=Correction(1, changes))


def page_texts(briefing, pages):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf.render(briefing, pages))]


def about_rows(briefing):
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(briefing)))["About"]
    return list(sheet.iter_rows(max_col=2, values_only=True))


def test_a_first_revision_corrects_nothing(briefing):
    assert EN.correction(briefing) is None
    assert render_message(briefing).text.count("WHAT CHANGED") == 0


def test_both_figures_are_shown_with_as_many_places_as_tell_them_apart(corrected):
    assert EN.correction(corrected()) == CorrectionText("At least 5 figures differ from rev 1.", SHOWN, "")


def test_a_figure_does_not_look_like_the_goal_that_it_misses(corrected):
    changes = (
        RevisedFigure("metric", "service_level", 0.7794, 0.79974),
        RevisedFigure("metric", "occupancy", 0.85996, 0.87),
        RevisedFigure("queue", "Billing", 0.8, 0.80004),
    )
    briefing = corrected(changes)
    line = replace(briefing.queues[0], name="Billing", medium=None)
    texts = EN.correction(replace(briefing, queues=(line,))).changes
    assert [(text.earlier, text.now) for text in texts] == [
        ("77.9%", "79.97%"),
        ("85.996%", "87.0%"),
        ("80.000%", "80.004%"),
    ]


def test_a_long_list_is_cut_and_says_so(corrected):
    correction = EN.correction(corrected(CHANGES * 4), most=3)
    assert (len(correction.changes), correction.rest) == (3, "+ 17 more")


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_message_lists_what_changed(corrected, part):
    message = getattr(render_message(corrected()), part)
    assert "76.9% →" in message
    assert "At least 5 figures differ from rev 1." in message
    assert ("Billing <EN>" if part == "text" else "Billing &lt;EN&gt;") in message


def test_page_one_says_what_changed_in_three_lines_and_a_later_page_lists_it(corrected):
    first, *rest = page_texts(corrected(), "phone")
    lines = "At least 5 figures differ from rev 1. Changed: Service level 77.5% (was 76.9%), "
    assert lines in " ".join(first.split())
    (changes,) = [page for page in rest if "What changed" in page]
    assert all(text in changes for row in SHOWN for text in (row.label, row.earlier, row.now))
    (wall,) = page_texts(corrected(), "a4")
    assert "Service level 77.5% (was 76.9%)" in wall


def test_the_workbook_lists_all_of_it(corrected):
    rows = about_rows(corrected())
    assert ("Corrected, rev 2", "At least 5 figures differ from rev 1.") in rows
    assert [(revised.label, f"{revised.earlier} → {revised.now}") in rows for revised in SHOWN] == [True] * 5


@pytest.mark.parametrize(("correction", "sentence"), [(Correction(1, ()), NOTHING), (None, UNKNOWN)])
@pytest.mark.parametrize("pages", ["phone", "a4"])
def test_a_corrected_day_without_changed_totals_says_so_everywhere(make_briefing, correction, sentence, pages):
    briefing = make_briefing(revision=2, correction=correction)
    assert sentence in " ".join(" ".join(page_texts(briefing, pages)).split())
    message = render_message(briefing)
    assert sentence in message.text
    assert sentence in message.html
    assert ("Corrected, rev 2", sentence) in about_rows(briefing)


def test_a_changed_number_of_missed_targets_comes_first(make_briefing):
    correction = Correction(1, CHANGES, (TargetCount(2, 3), TargetCount(2, 4)))
    briefing = make_briefing(revision=2, correction=correction)
    text = EN.correction(briefing)
    assert text.head == "At least 6 figures differ from rev 1."
    assert text.changes[0] == RevisedText("Targets missed", "2 of 3", "2 of 4")
    first, *_ = page_texts(briefing, "phone")
    assert "Changed: Targets missed 2 of 4 (was 2 of 3), " in " ".join(first.split())
    assert "Targets missed: 2 of 3 → 2 of 4" in render_message(briefing).text


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_one_names_a_figure_even_where_its_label_is_long(make_briefing, language):
    changes = (RevisedFigure("metric", "service_level", 0.76921, 0.76922, "callback"), *CHANGES)
    briefing = make_briefing(revision=2, correction=Correction(1, changes), language=language)
    first, *_ = page_texts(briefing, "phone")
    line = " ".join(first.split())
    assert "76.922%" in line or "76,922" in line


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (ChangedParts(), "No figure differs from rev 1."),
        (
            ChangedParts(STARTS, agents=1),
            "Changed: 2 half-hours (10:00, 10:30), 1 agent. No total differs from rev 1.",
        ),
        (
            ChangedParts(STARTS * 3, queues=2, gaps=True),
            "Changed: 6 half-hours, 2 queues, what is missing. No total differs from rev 1.",
        ),
    ],
)
def test_a_correction_without_changed_totals_names_the_parts_that_changed(make_briefing, parts, sentence):
    briefing = make_briefing(revision=2, correction=Correction(1, (), parts=parts))
    assert EN.correction(briefing).head == sentence
    assert EN.correction_line(briefing, lambda _: True) == sentence


def test_page_one_says_how_many_figures_differ_and_names_the_most_important(make_briefing):
    changes = (RevisedFigure("metric", "service_level", 0.769, 0.775), RevisedFigure("count", "late", 1_551, 1_544))
    briefing = make_briefing(revision=2, correction=Correction(1, changes))
    assert EN.correction_lines(briefing, lambda line: len(line) < 90) == (
        "At least 2 figures differ from rev 1.",
        "Changed: Service level 77.5% (was 76.9%), Not in time 1,544 (was 1,551).",
    )
    unchanged = make_briefing(revision=2, correction=Correction(1, (), parts=ChangedParts()))
    assert EN.correction_lines(unchanged, lambda _: True) == ("No figure differs from rev 1.",)
    assert EN.correction_lines(make_briefing(), lambda _: True) == ()


def test_a_line_that_is_too_short_for_the_times_counts_the_half_hours(make_briefing):
    briefing = make_briefing(revision=2, correction=Correction(1, (), parts=ChangedParts(STARTS)))
    line = EN.correction_line(briefing, lambda line: len(line) < 60)
    assert line == "Changed: 2 half-hours. No total differs from rev 1."


def test_a_revision_that_completes_the_day_says_that_the_one_before_had_no_verdict(make_briefing):
    completed = Correction(1, CHANGES, (None, TargetCount(2, 3)))
    text = EN.correction(make_briefing(revision=2, correction=completed))
    assert text.head == "Data that rev 1 lacked has arrived."
    assert text.changes[0] == RevisedText("Targets missed", "–", "2 of 3")
    assert EN.now_and_before(text.changes[0]) == "Targets missed 2 of 3 (was not known)"
