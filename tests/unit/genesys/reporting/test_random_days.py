"""Random days in random dialects: every figure that is read is the true one, or it is said to be unknown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.unit.genesys.reporting.conftest import NOTHING_STATED, csv_of, queues_in, sheet_of
from worker.domain.metrics import abandonment, service_level
from worker.errors import MalformedAnswer
from worker.genesys.reporting.queue_rows import QueueRows
from worker.genesys.tables.columns import Statements

COLUMNS = (
    "queueName",
    "intervalStart",
    "mediaType",
    "offered",
    "answered",
    "answeredInServiceLevel",
    "abandoned",
    "serviceLevel",
    "abandonmentRate",
    "handled",
    "averageHandleSeconds",
    "averageAnswerSeconds",
)
COUNTS = ("offered", "answered", "answeredInServiceLevel", "abandoned", "handled")
SEEDS = range(200)


@dataclass
class Dialect:
    """How an export writes a file."""

    random: random.Random
    delimiter: str = field(init=False)
    decimal: str = field(init=False)
    grouped: bool = field(init=False)
    scale: float = field(init=False)
    sign: str = field(init=False)
    digits: int = field(init=False)
    blank_zeros: bool = field(init=False)
    no_figure: str = field(init=False)
    clock: bool = field(init=False)

    def __post_init__(self) -> None:
        choose = self.random.choice
        self.delimiter = choose(",;\t")
        self.decimal = choose(".,")
        self.grouped = choose([True, False])
        self.scale = choose([1, 100])
        self.sign = choose(["", "", "%", " %"]) if self.scale == 100 else ""
        self.digits = choose([1, 2, 3, 4])
        self.blank_zeros = choose([True, False])
        self.no_figure = choose(["", "-", "NaN", "#DIV/0!"])
        self.clock = choose([True, False])

    def count(self, value: int) -> str:
        if value == 0 and self.blank_zeros:
            return ""
        return f"{value:,}".replace(",", "." if self.decimal == "," else ",") if self.grouped else str(value)

    def number(self, value: float, digits: int) -> str:
        text = f"{value:,.{digits}f}" if self.grouped else f"{value:.{digits}f}"
        return text.translate(str.maketrans(".,", ",.")) if self.decimal == "," else text

    def ratio(self, part: int, whole: int) -> str:
        if whole == 0:
            return self.no_figure
        return self.number(part / whole * self.scale, self.digits) + self.sign

    def average(self, value: float) -> str:
        if self.clock:
            whole = round(value)
            return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
        return self.number(value, self.digits)


def half_hours(chance: random.Random, busy: int) -> Iterator[dict[str, int]]:
    """Counts of some half-hours. Sometimes a contact is abandoned in a later one than it was offered in."""
    for _ in range(chance.randint(1, 4)):
        offered = chance.randint(0, busy)
        abandoned = min(offered, chance.randint(0, max(1, offered // 4)))
        answered = offered - abandoned
        shifted = chance.choice([0, 0, 0, 1])
        yield {
            "offered": offered,
            "answered": answered,
            "answeredInServiceLevel": chance.randint(0, answered),
            "abandoned": abandoned + shifted,
            "handled": answered,
        }


def line_of(dialect: Dialect, queue: str, start: str, medium: str, counts: dict[str, int]) -> list[str]:
    whole = counts["answered"] + counts["abandoned"]
    handle, answer = 312.456 + counts["offered"], 12.5
    return [
        queue,
        start,
        medium,
        *(dialect.count(counts[column]) for column in COUNTS[:4]),
        dialect.ratio(counts["answeredInServiceLevel"], whole),
        dialect.ratio(counts["abandoned"], counts["offered"]),
        dialect.count(counts["handled"]),
        dialect.average(handle) if counts["handled"] else dialect.no_figure,
        dialect.average(answer) if counts["answered"] else dialect.no_figure,
    ]


def random_day(seed: int) -> tuple[bytes, list[dict[str, int]], bool]:
    """A file, the true counts of the half-hours of Support, and whether blanks stand for zeros."""
    chance = random.Random(seed)
    dialect = Dialect(chance)
    truth: list[dict[str, int]] = []
    lines: list[list[str]] = []
    busy = chance.choice([3, 20, 400, 3000])
    for queue in chance.sample(["Support", "Night desk", "NA"], 3):
        start = datetime(2026, 11, 16, 9)
        for counts in half_hours(chance, busy):
            media = [{key: value // 2 for key, value in counts.items()}]
            media.append({key: value - media[0][key] for key, value in counts.items()})
            start_text = start.isoformat(" ")
            for name, part in zip(("voice", "chat"), media, strict=True):
                lines += [line_of(dialect, queue, start_text, name, part)]
            if chance.random() < 0.5:
                lines.append(line_of(dialect, queue, start_text, chance.choice(["", "All", "voice; chat"]), counts))
            if queue == "Support":
                truth.append(counts)
            start += timedelta(minutes=30)
    if chance.random() < 0.3:
        chance.shuffle(lines)
    if chance.random() < 0.2 and not dialect.grouped and dialect.decimal == ".":
        return sheet_of(COLUMNS, *lines), truth, dialect.blank_zeros
    quoted = [dialect.delimiter.join(f'"{cell}"' for cell in line) for line in lines]
    return csv_of(COLUMNS, *quoted, delimiter=dialect.delimiter), truth, dialect.blank_zeros


def total(rows: QueueRows, name: str) -> int | None:
    values = [getattr(row, name) for row in rows.intervals]
    return None if None in values else sum(values)


def read(content: bytes, statements: Statements = NOTHING_STATED) -> QueueRows | str:
    """What is read, or the error."""
    try:
        return queues_in(content, COLUMNS, media=("voice", "chat"), statements=statements)
    except MalformedAnswer as error:
        return str(error)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_figure_of_a_random_day_is_wrong(seed: int) -> None:
    content, truth, _ = random_day(seed)
    rows = read(content)
    if isinstance(rows, str):
        assert "makes no sense" not in rows
        return
    expected = {key: sum(counts[key] for counts in truth) for key in COUNTS}
    for name in ("offered", "answered", "abandoned", "handled"):
        assert total(rows, name) in (None, expected[name])
    rate, level = abandonment(rows.intervals), service_level(rows.intervals)
    if rate and rate.numerator is not None:
        assert rate.value == pytest.approx(expected["abandoned"] / expected["offered"])
    if level and level.numerator is not None:
        whole = expected["answered"] + expected["abandoned"]
        assert level.value == pytest.approx(expected["answeredInServiceLevel"] / whole)
    for row in rows.intervals:
        if row.handle_ms and row.handled:
            assert row.handle_ms / row.handled / 1000 == pytest.approx(312 + (row.offered or 0), abs=1.5)


@pytest.mark.parametrize("seed", SEEDS[:60])
def test_a_random_day_is_read_completely_if_its_blanks_are_stated(seed: int) -> None:
    content, truth, blank_zeros = random_day(seed)
    rows = read(content, Statements(blank="zero" if blank_zeros else None))
    if isinstance(rows, str):
        assert "could have a decimal sign or thousands" in rows
    else:
        assert total(rows, "offered") == sum(counts["offered"] for counts in truth)
