"""A run's tree of spans: the run as its root, and below it a span for each attempt at a step.

The ids of trace and root are made from the run's id, so processes that know nothing of each other add to the same tree.
The worker that ends the run records the root. A run that was resumed after its end has a further span for that part,
below the root, and the later steps are below it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worker.domain.runs import Event, Run, RunId, RunState, Step
from worker.traces import exchanges, exporter

Report = Callable[[str], None]
"""Records how the attempt ended."""

_BAD_STATES = (RunState.FAILED, RunState.MISSED)


def _ignore(_: str) -> None:
    """Record nothing."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What a run did without an end between. Only the first part of most runs exists: it is the root."""

    run_id: RunId
    begun_at: datetime | None
    is_first: bool

    @property
    def trace_id(self) -> int:
        return int.from_bytes(_digest(str(self.run_id))[:16])

    @property
    def root_id(self) -> int:
        return int.from_bytes(_digest(str(self.run_id))[16:24])

    @property
    def span_id(self) -> int:
        return self.root_id if self.is_first else int.from_bytes(_digest(f"{self.run_id} {self.begun_at}")[:8])


class Traces:
    """Records spans with one exporter, or nothing if it is None. ``timeline`` returns the events of a run."""

    def __init__(
        self, destination: exporter.Exporter | None, timeline: Callable[[RunId], Iterable[Event]] = lambda _: ()
    ) -> None:
        self._tracer = exporter.tracer(destination) if destination else None
        self._timeline = timeline

    @contextmanager
    def step(self, run_id: RunId, step: Step) -> Iterator[Report]:
        """Record the block as an attempt at a step. Call what it gives with the outcome."""
        if self._tracer is None:
            yield _ignore
            return
        part = self._present_part(run_id)
        token = exchanges.present_tracer.set(self._tracer)
        try:
            with (
                self._tracer.start_as_current_span(
                    step.value,
                    self._context(part.trace_id, part.span_id),
                    attributes=_attributes(run_id) | {"standup.step": step.value},
                    record_exception=False,
                    set_status_on_exception=False,
                ) as span,
                exchanges.errors_recorded(span),
            ):
                yield lambda outcome: _record_outcome(span, outcome)
        finally:
            exchanges.present_tracer.reset(token)

    def run_ended(self, run: Run | None) -> None:
        """Record the run itself, or its part since it was resumed. None is a deleted run, of which nothing remains."""
        if self._tracer is None or run is None:
            return
        part = self._present_part(run.id)
        attributes = _attributes(run.id) | {
            "standup.state": run.state.value,
            "standup.source": run.source,
            "standup.requests": run.requests,
        }
        context = self._context() if part.is_first else self._context(part.trace_id, part.root_id)
        with exporter.ids_of_root(part.trace_id, part.span_id):
            span = self._tracer.start_span(
                "run" if part.is_first else "run resumed",
                context,
                attributes=attributes,
                start_time=_nanoseconds(part.begun_at or run.created_at),
            )
        if run.state in _BAD_STATES:
            exchanges.record_error(span, run.code or run.state.value)
        span.end(_nanoseconds(run.finished_at) if run.finished_at else None)

    def _present_part(self, run_id: RunId) -> _Part:
        """Return what the run does since it was begun, resumed or sent again. Only these events belong to no step."""
        beginnings = [event.time for event in self._timeline(run_id) if not event.step]
        return _Part(run_id, beginnings[-1] if beginnings else None, len(beginnings) < 2)

    def _context(self, trace_id: int = 0, span_id: int = 0) -> Any:
        """Return the context of children of this span, which another process may record. Without ids: of a root."""
        from opentelemetry import trace
        from opentelemetry.context import Context

        if not trace_id:
            return Context()
        parent = trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=self._flags(trace_id))
        return trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())

    def _flags(self, trace_id: int) -> Any:
        """Return whether the trace is recorded, as ``OTEL_TRACES_SAMPLER`` decides by its id for the root."""
        from opentelemetry import trace

        assert self._tracer is not None  # noqa: S101 - the callers have looked
        decision = self._tracer.sampler.should_sample(None, trace_id, "run").decision
        return trace.TraceFlags(trace.TraceFlags.SAMPLED if decision.is_sampled() else trace.TraceFlags.DEFAULT)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _attributes(run_id: RunId) -> dict[str, str | int]:
    return {"standup.run": str(run_id), "standup.group": run_id.group}


def _nanoseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000) * 1_000_000


def _record_outcome(span: Any, outcome: str) -> None:
    span.set_attribute("standup.outcome", outcome)
    if outcome.startswith("failed"):
        exchanges.record_error(span, outcome.removeprefix("failed: "))
