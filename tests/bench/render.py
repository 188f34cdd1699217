"""P3: pages and workbook, beside WeasyPrint and headless Chromium printing the same content.

Each contender has a process of its own, which says what one more document takes once it is warm, in CPU time of all its
threads, and how much memory it had at its peak. Chromium starts anew for each document, as it does when told to print.
"""

from __future__ import annotations

import dataclasses
import json
import pickle
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.figures import Figure
from tests.bench.printed import page
from tests.unit.renderers.conftest import SAMPLE
from worker.domain.briefing import Briefing

TIMES_FASTER = 20.0
MOST_MEGABYTES = 60.0
MOST_WORKBOOK_MS = 100.0
ROUNDS = 5

_OURS = """
from renderers import pdf
make = lambda: pdf.render(briefing, "both")
"""
_WORKBOOK = """
from renderers import xlsx
make = lambda: xlsx.render(briefing)
"""
_WEASYPRINT = """
import weasyprint
from tests.bench.printed import page
source = page(briefing)
make = lambda: weasyprint.HTML(string=source).write_pdf()
"""
_MEASURE = """
import json, pickle, sys, time
with open(sys.argv[1], "rb") as file:
    briefing = pickle.load(file)
{make}
made = make()
took = []
for _ in range({rounds}):
    began = time.process_time()
    make()
    took.append((time.process_time() - began) * 1000)
# not getrusage: its peak is inherited from whoever started this process
status = open("/proc/self/status").read()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({{"ms": sorted(took)[len(took) // 2], "mb": peak, "bytes": len(made)}}))
"""


def figures() -> list[dict[str, Any]]:
    """As ``{row, name, value, unit, bound, side, compared_with, holds}``."""
    return [dataclasses.asdict(each) | {"holds": each.holds} for each in measure()]


def measure() -> Iterator[Figure]:
    """All of P3; a contender that is not installed is left out."""
    ours, book = _measured(_OURS, SAMPLE), _measured(_WORKBOOK, many(20, 50))
    yield Figure("P3", "phone and A4 pages of a group, CPU", ours["ms"], "ms")
    for name, other in _others():
        said = f"{name} takes {other['ms']:,.0f} ms, {other['mb']:.0f} MB, {other['bytes'] / 1000:.0f} kB"
        yield Figure("P3", f"times faster than {name}", other["ms"] / ours["ms"], "", TIMES_FASTER, "at least", said)
    yield Figure("P3", "peak memory of a process that renders pages", ours["mb"], "MB", MOST_MEGABYTES)
    yield Figure("P3", "workbook of 20 queues and 50 agents, CPU", book["ms"], "ms", MOST_WORKBOOK_MS)
    yield Figure("P3", "bytes of the phone and A4 pages", ours["bytes"] / 1000, "kB")
    yield Figure("P3", "bytes of the workbook", book["bytes"] / 1000, "kB")
    large = _measured(_WORKBOOK, many(400, 5_000), rounds=1)
    said = f"{large['ms']:,.0f} ms, {large['bytes'] / 1000:,.0f} kB"
    yield Figure(
        "P3", "peak memory of a workbook of 400 queues and 5,000 agents", large["mb"], "MB", compared_with=said
    )


def many(queues: int, agents: int) -> Briefing:
    """The sample day, its queues and agents over and over."""
    of = SAMPLE
    return dataclasses.replace(
        of,
        queues=tuple(dataclasses.replace(of.queues[at % len(of.queues)], name=f"Queue {at}") for at in range(queues)),
        agents=tuple(dataclasses.replace(of.agents[at % len(of.agents)], name=f"Agent {at}") for at in range(agents)),
    )


def _others() -> Iterator[tuple[str, dict[str, float]]]:
    if find_spec("weasyprint"):
        yield "WeasyPrint", _measured(_WEASYPRINT, SAMPLE, rounds=3)
    if shutil.which("chromium"):
        yield "Chromium", _chromium()


def _measured(make: str, briefing: Briefing, rounds: int = ROUNDS) -> dict[str, float]:
    """The CPU time of one more document (ms), the peak memory (MB) and the document's size, in a fresh process."""
    with tempfile.NamedTemporaryFile() as file:
        pickle.dump(briefing, file)
        file.flush()
        command = [sys.executable, "-c", _MEASURE.format(make=make, rounds=rounds), file.name]
        ran = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _chromium(rounds: int = 3) -> dict[str, float]:
    """As `_measured`; the memory is that of its largest process."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page(SAMPLE), encoding="utf-8")
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
        ]
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", source.as_uri()]
        took = []
        for _ in range(rounds):
            before = _children_seconds()
            subprocess.run(command, capture_output=True, check=True, timeout=120)
            took.append((_children_seconds() - before) * 1000)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return {"ms": median(took), "mb": peak, "bytes": float(made.stat().st_size)}


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    json.dump(figures(), sys.stdout, indent=2)
