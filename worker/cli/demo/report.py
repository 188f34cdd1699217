"""What the demo leaves behind: the documents by name, the summary, and a verdict on each group."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from worker.cli.demo.cast import REFUSED, Part
from worker.cli.demo.morning import Stage
from worker.domain.calendar.business_day import window_of
from worker.domain.runs import Run, RunState
from worker.state.files.artifacts import of_run
from worker.wiring import stores


@dataclass(frozen=True, slots=True)
class Line:
    """One group of the summary. ``seconds`` run from claim to end, ``files`` are relative to the demo's folder."""

    group: str
    zone: str
    reporting_day: str
    window_start: str
    window_end: str
    source: str
    requests: int
    status: str
    expected_status: str
    seconds: float | None
    files: list[str]
    story: str

    @property
    def as_scripted(self) -> bool:
        """Whether the group's morning ended as the script has it."""
        return self.status == self.expected_status


def gather(stage: Stage) -> list[Line]:
    """Copy the documents, write ``summary.json`` and come back with a line a group."""
    (stage.folder / "documents").mkdir(exist_ok=True)
    lines = [_line(stage, role, stage.run_of(role)) for role in stage.roles]
    summary = json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False)
    (stage.folder / "summary.json").write_text(summary + "\n", encoding="utf-8")
    return lines


def _line(stage: Stage, role: Part, run: Run | None) -> Line:
    player = role.player
    window = window_of(role.yesterday, role.local_now.tzinfo)  # type: ignore[arg-type] # a ZoneInfo, made by the cast
    ended = run.finished_at if run else None
    return Line(
        group=player.key,
        zone=role.zone,
        reporting_day=role.yesterday.isoformat(),
        window_start=window.start.isoformat(),
        window_end=window.end.isoformat(),
        source=player.source,
        requests=run.requests if run else 0,
        status=run.state.value if run else "never begun",
        expected_status=player.expected.value,
        seconds=round((ended - run.created_at).total_seconds(), 1) if run and ended else None,
        files=_documents(stage, run) if run else [],
        story=player.story,
    )


def _documents(stage: Stage, run: Run) -> list[str]:
    """Copy the run's documents into one folder. The source's own PDF gets the group into its name."""
    folder = Path(stores.artifacts().place(of_run(run.id, "")))
    files = sorted(file for file in folder.glob("*") if file.suffix in (".pdf", ".xlsx"))
    names = [file.name if run.id.group in file.name else f"{run.id.group}-{file.name}" for file in files]
    for file, name in zip(files, names, strict=True):
        shutil.copy2(file, stage.folder / "documents" / name)
    return [f"documents/{name}" for name in names]


def mail_errors(stage: Stage) -> list[str]:
    """Return a sentence for each mailbox that did not get exactly the expected number of messages."""
    arrived_counts = Counter(_recipient(path) for path in (stage.folder / "mail").glob("*.eml"))
    expected = {
        address: int(address != REFUSED and role.player.expected != RunState.FAILED)
        for role in stage.roles
        for address in role.player.addressees
    }
    return [
        f"{address} got {arrived_counts[address]} messages, expected {count}"
        for address, count in expected.items()
        if arrived_counts[address] != count
    ]


def _recipient(path: Path) -> str:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.lower().startswith("x-envelope-to:"):
            return line.partition(":")[2].strip().strip("<>")
    return ""
