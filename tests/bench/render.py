"""P3: pages and workbook, beside WeasyPrint and headless Chromium printing the same content.

Each maker of documents has a process of its own. They take turns with one day after another, no two alike, so that no
memory of the last one helps, and a machine that is busy for a moment slows none of them alone. CPU time is that of all
threads and processes: what a core is kept busy for, however many there are. Starting is not in it, except for a browser
that is started for each document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from statistics import median

import pypdfium2

from tests.bench.figures import Figure
from tests.bench.printing.days import full_variant, many, sample_variant
from tests.bench.printing.maker import Made, Maker, MissingError
from tests.bench.printing.page import page
from tests.unit.renderers.conftest import SAMPLE
from worker.domain.briefing.content import Briefing

TIMES_FASTER = 20.0
MOST_MEGABYTES = 60.0
MOST_PAGES_MS, MOST_WORKBOOK_MS, MOST_DOCUMENTS_MS = 35.0, 30.0, 60.0
WARMING, ROUNDS = 2, 9
PAGES, GROUPS = 5, 200

OURS = "pages"
PRINTERS: dict[str, tuple[str, float | None]] = {
    "WeasyPrint": ("WeasyPrint", TIMES_FASTER),
    "Chromium": ("Chromium, started for each document", TIMES_FASTER),
    "headless shell": ("Chromium's headless shell, likewise", None),
    "Chromium, kept running": ("Chromium, kept running", None),
    "headless shell, kept running": ("Chromium's headless shell, kept running", None),
}
"""How each is shown, and the promise. The last three are no part of it and are there for comparison: the
shell is a browser with everything left out that printing can do without, and a browser that is kept running prints
fastest, but is one more service to look after."""


def measure() -> Iterator[Figure]:
    """All of P3."""
    yield from beside_printers(PRINTERS)
    yield from _full_days()
    yield _after_a_morning()
    yield from _sizes()
    yield from _workbook()
    yield _large("pages and full tables", "PDF with full tables")
    yield _large("workbook", "workbook")


def beside_printers(names: Collection[str], rounds: int = ROUNDS) -> Iterator[Figure]:
    """Our pages, and how many times faster they are made. A printer that is missing yields a figure that says so."""
    reasons = {}
    with ExitStack() as stack:
        makers = [stack.enter_context(Maker(OURS))]
        for name in names:
            try:
                makers.append(stack.enter_context(Maker(name)))
            except MissingError as error:
                reasons[name] = str(error)
        results = _in_turn(makers, rounds)
    pages = results[OURS]
    yield Figure("P3", "phone and A4 pages of a group, CPU", pages.ms, "ms")
    for name in names:
        title, bound = PRINTERS[name]
        times = results[name].ms / pages.ms if name in results else None
        comparison = _summary(results[name]) if name in results else reasons[name]
        yield Figure("P3", f"times faster than {title}", times, "", bound, "at least", comparison)
    yield Figure("P3", "bytes of the phone and A4 pages", len(pages.document) / 1000, "kB")


def _in_turn(makers: Sequence[Maker], rounds: int) -> dict[str, Made]:
    """What each takes for one more document: the median time, the peak memory, the last document."""
    results: dict[str, list[Made]] = {maker.name: [] for maker in makers}
    for number in range(WARMING + rounds):
        day = sample_variant(number)
        printed = page(day)
        for maker in makers:
            results[maker.name].append(maker.make(day if maker.name == OURS else printed))
    for name, documents in results.items():
        _check_pages(name, documents[-1].document)
    return {name: _median(documents[WARMING:]) for name, documents in results.items()}


def _check_pages(name: str, document: bytes) -> None:
    pages = len(pypdfium2.PdfDocument(document))
    if pages != PAGES:
        raise ValueError(f"{name} printed {pages} pages instead of {PAGES}: no comparison of the same content")


def _full_days() -> Iterator[Figure]:
    """A group's documents on days with every page: the PDF, and all together."""
    with ExitStack() as stack:
        makers = [stack.enter_context(Maker(name)) for name in (OURS, "workbook", "message")]
        for maker in makers:
            maker.make(full_variant(0))
        days = [full_variant(number) for number in range(1, ROUNDS + 1)]
        medians = {maker.name: median(maker.make(day).ms for day in days) for maker in makers}
    yield Figure("P3", "eight pages with a plan and a Why page, CPU", medians[OURS], "ms", MOST_PAGES_MS)
    documents_ms = sum(medians.values())
    yield Figure("P3", "the same with workbook and message, CPU", documents_ms, "ms", MOST_DOCUMENTS_MS)


def _after_a_morning() -> Figure:
    """The peak memory of a process that has rendered for many groups: what it keeps of each must not add up."""
    with Maker(OURS) as maker:
        *_, last = (maker.make(full_variant(number)) for number in range(GROUPS))
    return Figure("P3", f"peak memory after the pages of {GROUPS} groups", last.megabytes, "MB", MOST_MEGABYTES)


def _sizes() -> Iterator[Figure]:
    for maker, title in (("phone pages", "phone pages"), ("A4 page", "A4 page"), ("message", "message, HTML and text")):
        yield Figure("P3", f"bytes of the {title}", len(_last_of(maker, SAMPLE, 1).document) / 1000, "kB")


def _workbook() -> Iterator[Figure]:
    book = _last_of("workbook", many(20, 50), ROUNDS)
    yield Figure("P3", "workbook of 20 queues and 50 agents, CPU", book.ms, "ms", MOST_WORKBOOK_MS)
    yield Figure("P3", "bytes of that workbook", len(book.document) / 1000, "kB")


def _large(maker: str, title: str) -> Figure:
    """The peak memory of a document that has all of thousands of rows."""
    document = _last_of(maker, many(400, 5_000), 1)
    comparison = f"{document.ms:,.0f} ms, {len(document.document) / 1000:,.0f} kB"
    return Figure(
        "P3",
        f"peak memory of a {title} of 400 queues and 5,000 agents",
        document.megabytes,
        "MB",
        compared_with=comparison,
    )


def _last_of(name: str, briefing: Briefing, rounds: int) -> Made:
    """The last of some documents, with the median time."""
    with Maker(name) as maker:
        results = [maker.make(briefing) for _ in range(rounds)]
    return _median(results)


def _median(documents: Sequence[Made]) -> Made:
    """Return the last document with the median time."""
    return Made(median(document.ms for document in documents), *documents[-1][1:])


def _summary(document: Made) -> str:
    return f"{document.ms:,.0f} ms, {document.megabytes:,.0f} MB, {len(document.document) / 1000:,.0f} kB"
