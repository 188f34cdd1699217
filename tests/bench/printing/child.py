"""A process that makes documents on request: ``python -m tests.bench.printing.child "WeasyPrint"``. Pickles both ways.

It reads a briefing, or a web page's text. It writes first why the maker cannot be used, "" if it can, and then for each
document CPU milliseconds, megabytes at the peak so far, and the document. Only what the maker needs is loaded.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from tests.bench.printing.meters import Descendants, Meter, Own
from worker.domain.groups import Pages, Table

Make = Callable[[Any], bytes]


@contextmanager
def _pages(pages: Pages, *tables: Table) -> Iterator[Make]:
    from renderers import pdf

    yield lambda briefing: pdf.render(briefing, pages, tables)


@contextmanager
def _workbook() -> Iterator[Make]:
    from renderers import xlsx

    yield xlsx.render


@contextmanager
def _message() -> Iterator[Make]:
    """HTML and text."""
    from renderers import render_message

    def render(briefing: Any) -> bytes:
        message = render_message(briefing)
        return f"{message.html}{message.text}".encode()

    yield render


@contextmanager
def _weasyprint() -> Iterator[Make]:
    """With tags, as our pages and Chromium's have them, and the fast way to cut fonts, which needs a library."""
    import weasyprint
    from weasyprint.text.ffi import harfbuzz_subset

    if harfbuzz_subset is None:
        raise OSError("no library harfbuzz-subset, without which it is slower than it need be")
    yield lambda page: bytes(weasyprint.HTML(string=page).write_pdf(pdf_tags=True))


def _started_anew(program: str) -> AbstractContextManager[Make]:
    from tests.bench.printing import browser

    return browser.started_anew(program)


def _kept_running(program: str) -> AbstractContextManager[Make]:
    from tests.bench.printing import browser

    return browser.kept_running(program)


MAKERS: dict[str, tuple[type[Meter], Callable[[], AbstractContextManager[Make]]]] = {
    "phone pages": (Own, lambda: _pages("phone")),
    "A4 page": (Own, lambda: _pages("a4")),
    "pages": (Own, lambda: _pages("both")),
    "pages and full tables": (Own, lambda: _pages("both", "queues", "half_hours", "agents")),
    "workbook": (Own, _workbook),
    "message": (Own, _message),
    "WeasyPrint": (Own, _weasyprint),
    "Chromium": (Descendants, lambda: _started_anew("chromium")),
    "Chromium, kept running": (Descendants, lambda: _kept_running("chromium")),
    "headless shell": (Descendants, lambda: _started_anew("chromium-headless-shell")),
    "headless shell, kept running": (Descendants, lambda: _kept_running("chromium-headless-shell")),
}


def main(name: str) -> None:
    """Serve until standard input ends."""
    answer, (kind, load) = _Answer(), MAKERS[name]
    meter = kind()
    with ExitStack() as stack:
        try:
            make = stack.enter_context(load())
        except (ImportError, OSError) as error:
            answer.give(str(error))
            return
        answer.give("")
        while (request := _next_request()) is not None:
            started_at = meter.seconds()
            with meter:
                document = make(request)
            answer.give(((meter.seconds() - started_at) * 1000, meter.megabytes(), document))
            if not gc.get_freeze_count():  # after the first document, as a render process does
                gc.collect()
                gc.freeze()


class _Answer:
    """Pickles on what was standard output. All other output goes to standard error from then on."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def give(self, content: object) -> None:
        pickle.dump(content, self._file)
        self._file.flush()


def _next_request() -> Any:
    try:
        return pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    except EOFError:
        return None


if __name__ == "__main__":
    main(sys.argv[1])
