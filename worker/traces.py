"""OpenTelemetry traces: a span for each attempt at a step, all of a run in one trace. Off unless a setting asks for it.

The trace's id is made from the run's id, so that processes that know nothing of each other add to the same trace. Spans
have the run's id, its group and the outcome, and nothing that people or queues are called. Without the setting,
OpenTelemetry is not imported. Its exporter reads the standard variables, such as ``OTEL_EXPORTER_OTLP_ENDPOINT``
(OpenTelemetry specification, "OpenTelemetry Protocol Exporter").
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

from worker.domain.runs import RunId, Step
from worker.errors import SettingsError

Exporter = Literal["otlp", "console"]
Report = Callable[[str], None]
"""Records how the attempt ended."""

_NAME = "standup"


def _ignore(_: str) -> None:
    """Record nothing."""


class Traces:
    """Records spans with one exporter, or nothing if it is None."""

    def __init__(self, exporter: Exporter | None) -> None:
        self._tracer = _tracer(exporter) if exporter else None

    @contextmanager
    def step(self, run_id: RunId, step: Step) -> Iterator[Report]:
        """Record the block as an attempt at a step. Call what it gives with the outcome."""
        if self._tracer is None:
            yield _ignore
            return
        attributes = {"standup.run": str(run_id), "standup.group": run_id.group, "standup.step": step.value}
        with self._tracer.start_as_current_span(step.value, _parent(run_id), attributes=attributes) as span:
            yield lambda outcome: _record(span, outcome)


def _record(span: Any, outcome: str) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("standup.outcome", outcome)
    if outcome.startswith("failed"):
        span.set_status(StatusCode.ERROR, outcome)


def _parent(run_id: RunId) -> Any:
    """Return the context of the run's root, which no process records: spans only share its ids."""
    from opentelemetry import trace

    digest = hashlib.sha256(str(run_id).encode()).digest()
    trace_id, span_id = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED)
    root = trace.SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(trace.NonRecordingSpan(root))


@cache
def _tracer(exporter: Exporter) -> Any:
    """Return a tracer of this process, with a provider of its own that sends spans in the background."""
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

        provider = TracerProvider(resource=Resource.create({"service.name": _NAME}))
        if exporter == "console":
            provider.add_span_processor(SimpleSpanProcessor(_console(ConsoleSpanExporter)))
        else:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    except ImportError:
        raise SettingsError(
            "STANDUP_TRACES is set, and OpenTelemetry is not installed.",
            way_out='Install "standup-briefings[traces]" on all workers.',
        ) from None
    return provider.get_tracer(_NAME)


def _console(exporter: Callable[..., Any]) -> Any:
    """Return an exporter to the process's own standard output: Celery makes log lines of what goes to `sys.stdout`."""
    return exporter(out=sys.__stdout__, formatter=_line)


def _line(span: Any) -> str:
    text: str = span.to_json(indent=None)
    return f"{text}\n"
