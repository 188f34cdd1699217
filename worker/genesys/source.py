"""The interface of the three sources: an `Order` goes in, an `ExportJob` is stored between steps, `Rows` come out.

The plan of a day has an interface of its own, because it is the same for all sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from worker.domain.rows import Rows, Window
from worker.domain.today.plan import TodayPlan


@dataclass(frozen=True, slots=True)
class Order:
    """What one run needs from its source.

    ``name`` is unique for the run's day, so that an export job can be found again. ``queues`` are names or ``id:…``.
    ``report`` is the text of the report definition (source `reporting` only) and ``report_path`` is its file.
    ``source_pdf`` also asks for the source's own PDF. ``today`` is the day of the stand-up, if its plan is asked for.
    ``is_last_attempt``: another temporary error would end the run, so optional figures become a gap instead.
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
    today: Window | None = None
    is_last_attempt: bool = False


@dataclass(frozen=True, slots=True)
class ExportJob:
    """A job that was started at the source. It can be stored as JSON with the run, so any worker can continue it.

    ``ids`` are the source's own. ``progress`` is a short text for the operator, e.g. ``RUNNING 40 %``. If the job is
    ``dispensable``, the rows can be collected without it when its time is up, with a gap. ``memory`` is the source's
    own.
    """

    source: str
    state: Literal["running", "done"]
    ids: Mapping[str, str] = field(default_factory=dict)
    progress: str = ""
    dispensable: bool = False
    memory: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class WithPdf(Protocol):
    """A source that has a PDF of its own."""

    def pdf(self, order: Order, job: ExportJob) -> bytes | None:
        """Return the PDF of a finished job, or None if the order asks for none or the source has made none."""


class PlanSource(Protocol):
    """Gets the plan of a stand-up's day."""

    def plan(self, order: Order, *, give_up: bool = False) -> TodayPlan:
        """Return the plan of ``order.today``, in which everything that is not known is stated.

        Raises `NotYet` while a part of it is still to come, unless ``give_up`` is set.
        """


class Source(Protocol):
    """One way to get a window's rows. Every method may raise errors of `worker.errors`. None waits for the job."""

    def start(self, order: Order) -> ExportJob:
        """Start what has to run at the source, and return at once."""

    def look(self, order: Order, job: ExportJob) -> ExportJob:
        """Ask once for the job's state. 404 and 503 mean "still running". A failed job raises `ExportFailed`."""

    def collect(self, order: Order, job: ExportJob) -> Rows:
        """Fetch the rows of a finished job."""
