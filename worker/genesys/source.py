"""What the sources have in common: an `Order` goes in, an `ExportJob` is kept between steps, `Rows` come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from worker.domain.rows import Rows, Window


@dataclass(frozen=True, slots=True)
class Order:
    """What one run needs from its source.

    ``name`` is unique for the run's day, so that an export job can be found again. ``queues`` are names or ``id:…``.
    ``report`` is the text of the report definition (source `reporting` only) and ``report_path`` where it stood.
    ``source_pdf`` asks for the source's own PDF too (source `exports` only).
    """

    name: str
    window: Window
    zone: str
    queues: tuple[str, ...]
    media: tuple[str, ...]
    management_units: tuple[str, ...] = ()
    report: str | None = None
    report_path: str | None = None
    source_pdf: bool = False


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What was started at the source; JSON-able, kept with the run, so that any worker can go on with it.

    ``ids`` are the source's own. ``progress`` is a short word for the operator, e.g. ``RUNNING 40 %``. ``dispensable``:
    when its time is up, the rows can be collected without it, and the gap is said. ``memory`` is the source's own.
    """

    source: str
    state: Literal["running", "done"]
    ids: Mapping[str, str] = field(default_factory=dict)
    progress: str = ""
    dispensable: bool = False
    memory: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class WithPdf(Protocol):
    """A source that can make a PDF of its own."""

    def pdf(self, order: Order, job: ExportJob) -> bytes | None:
        """The PDF of a job that is done; None where the order asks for none, or the source has not made one."""


class Source(Protocol):
    """One way to get a window's rows. Every method may raise errors of `worker.errors`; none waits for the job."""

    def start(self, order: Order) -> ExportJob:
        """Start what has to run at the source and come back at once."""

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once how the job stands. "Not there yet" (404, 503) is a running job; a failed one is `ExportFailed`."""

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Fetch the rows of a job that is done."""


class Answers(Protocol):
    """Keeps answers of the source for a while, so that a step that is done again asks nothing twice."""

    def get(self, key: str) -> object | None:
        """The kept JSON value, or None when there is none or it has expired."""

    def put(self, key: str, value: object, lifetime_seconds: float) -> None:
        """Keep a JSON value."""
