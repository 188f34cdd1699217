"""The bench fails when it should and measures what it says. No test depends on how long something takes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest

from renderers import pdf
from renderers.words import speak
from tests.bench import measured_worker, render
from tests.bench.__main__ import report
from tests.bench.figures import Figure
from tests.bench.printing.days import full_variant, sample_variant
from tests.bench.printing.maker import Maker, MissingError
from tests.bench.printing.page import page
from tests.unit.renderers.conftest import SAMPLE
from tests.waiting import HANG_SECONDS

GOOD = Figure("P0", "good", 1, "ms", 2)
"""A figure that holds."""


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("P0", "late", 3, "ms", 2), "MISSED"),
        (Figure("P0", "few", 3, "", 4, "at least"), "MISSED"),
        (Figure("P0", "unknown", None, "ms", 2), "MISSING"),
        (Figure("P0", "unknown and unbounded", None, "ms"), "MISSING"),
    ],
)
def test_a_figure_that_does_not_hold_fails_the_run_and_is_named(figure, verdict, tmp_path, capsys):
    assert report([GOOD, figure], tmp_path / "bench.json") == 1
    line = next(line for line in capsys.readouterr().out.splitlines() if figure.name in line)
    assert verdict in line
    assert [figure["holds"] for figure in json.loads((tmp_path / "bench.json").read_text())] == [True, False]


def test_figures_that_hold_and_figures_for_comparison_pass(tmp_path):
    assert report([GOOD, Figure("P0", "shown", 9, "ms")], tmp_path / "bench.json") == 0


def test_without_a_browser_the_comparison_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    _, comparison, _ = render.beside_printers(["Chromium"], rounds=1)
    assert comparison.holds is False
    assert "Chromium is missing" in comparison.compared_with
    assert "apt-get install chromium" in comparison.compared_with


def test_a_library_that_cannot_be_loaded_is_missing_whatever_it_prints(tmp_path, monkeypatch):
    words = "cannot load library 'libpango-1.0-0'"
    (tmp_path / "weasyprint.py").write_text(f"print('-----')\nraise OSError({words!r})\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(MissingError, match="libpango") as failure:
        Maker("WeasyPrint")
    assert "apt-get install libpango-1.0-0" in str(failure.value)


@pytest.mark.system
@pytest.mark.parametrize("name", ["Chromium", "Chromium, kept running"])
def test_a_browser_prints_one_page_after_another(name):
    with Maker(name) as maker:
        documents = [maker.make(page(sample_variant(number))) for number in range(2)]
    assert [len(pypdfium2.PdfDocument(document.document)) for document in documents] == [render.PAGES] * 2
    assert len({document.document for document in documents}) == 2
    assert min(document.ms for document in documents) > 0
    assert documents[-1].megabytes > 0


def test_a_maker_that_fails_gives_no_figure():
    with Maker("pages") as maker, pytest.raises(RuntimeError, match="pages ended"):
        maker.make("not a briefing")


def test_a_maker_makes_what_the_system_makes_and_measures_it():
    with Maker("pages") as maker:
        result = maker.make(SAMPLE)
    assert result.document == pdf.render(SAMPLE, "both")
    assert result.ms > 0
    assert result.megabytes > 0


def test_a_full_day_has_the_pages_that_the_sample_lacks():
    words = " ".join(_words_of_pdf(pdf.render(full_variant(1), "both")))
    pages = (
        "Why service level was low One cause outside its usual range: 8% more contacts",
        "Today, Thursday 22 October",
        "What became of the points",
    )
    assert [page in words for page in pages] == [True] * 3


def test_what_helpers_use_counts_when_their_parent_has_ended(tmp_path):
    sampled = tmp_path / "sampled"
    helper = f"""
import pathlib, time
memory = bytearray(80_000_000)
while time.process_time() < 0.3 or not pathlib.Path({str(sampled)!r}).exists(): pass
"""
    middle = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {helper!r}])"
    program = f"""
        import os, pathlib, subprocess, sys, time
        from tests.bench.printing.meters import Descendants
        meter = Descendants()
        with meter:
            subprocess.run([sys.executable, "-c", {middle!r}], check=True)
            while meter.megabytes() < 76: time.sleep(0.01)
            pathlib.Path({str(sampled)!r}).touch()
            os.wait()
        print(meter.seconds(), meter.megabytes())
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    root = Path(__file__).parents[2]
    process = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=HANG_SECONDS)
    seconds, megabytes = map(float, process.stdout.split())
    assert seconds >= 0.3, "the helper worked until it had used that much"
    assert megabytes >= 76, "the helper held that much until it was sampled"


@pytest.mark.parametrize("day", [SAMPLE, sample_variant(7)], ids=["the sample", "another day"])
def test_the_web_page_has_the_words_of_our_pages(day):
    own_words, printed_words = _counted(_words_of_pdf(pdf.render(day, "both"))), _counted(_words_of_page(page(day)))
    cut = [word for word in (own_words - printed_words) if "…" in word]
    points = [speak(day.language).insight(insight) for insight in day.insights]
    # our wall page has a shorter first sentence of a point where there is no room for the whole one
    short = [word for point in points for word in point.short.split()]
    assert {word for word in (own_words - printed_words) if word not in cut + short} == set()
    surplus = printed_words - own_words
    whole = [word for word in surplus if any(word.startswith(part.partition("…")[0]) for part in cut)]
    # our wall page leaves out the last sentence of a point to talk about where there is no room for it
    talk = [word for point in points for word in point.detail.split()]
    # our phone page leaves out the last part of a queue's line where there is no room for it
    captions = [speak(day.language).queue_caption(line, is_short=True) for line in day.queues]
    of_queues = [word for caption in captions for word in ("· " + caption.rpartition(" · ")[2]).split()]
    assert {word for word in surplus if word not in whole + talk + of_queues} == set()


def _counted(words: list[str]) -> Counter[str]:
    """Without signs before figures: our file has them as text where the pages show a triangle."""
    return Counter(re.sub(r"^[+−-](?=\d)", "", word) for word in words)


def _words_of_pdf(document: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(document)
    return [word for document in pages for word in document.get_textpage().get_text_range().split()]


def _words_of_page(source: str) -> list[str]:
    text = _Text()
    text.feed(source)
    return " ".join(text.parts).split()


class _Text(HTMLParser):
    """What a page shows as text, apart at every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & {*self._inside}:
            self.parts.append(data)


def test_a_part_counts_without_the_parts_that_it_calls(monkeypatch):
    seconds = iter((0.0, 1.0, 4.0, 10.0))
    monkeypatch.setattr(measured_worker.time, "thread_time", lambda: next(seconds))
    for counter in ("SECONDS", "CALLS"):
        monkeypatch.setattr(measured_worker, counter, Counter())
    inner = measured_worker.measured_as("inner", lambda: "done")
    assert measured_worker.measured_as("outer", lambda: inner())() == "done"
    assert measured_worker.SECONDS == {"inner": 3.0, "outer": 7.0}
    assert measured_worker.CALLS == {"inner": 1, "outer": 1}
