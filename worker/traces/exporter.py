"""Where spans go, and the ids that processes can calculate.

The OTLP exporter reads the standard variables, such as ``OTEL_EXPORTER_OTLP_ENDPOINT`` (OpenTelemetry specification,
"OpenTelemetry Protocol Exporter").
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, Literal

from worker.errors import SettingsError

Exporter = Literal["otlp", "console"]

_NAME = "standup"
_root_ids: ContextVar[tuple[int, int] | None] = ContextVar("root_ids", default=None)


@cache
def tracer(exporter: Exporter) -> Any:
    """Return a tracer of this process, with a provider of its own that sends spans in the background.

    Raises SettingsError if OpenTelemetry is not installed.
    """
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        resource = Resource.create({"service.name": _NAME})
        provider = TracerProvider(resource=resource, id_generator=_id_generator())
        provider.add_span_processor(_processor(exporter))
    except ImportError:
        raise SettingsError(
            "STANDUP_TRACES is set, and OpenTelemetry is not installed.",
            way_out='Install "standup-briefings[traces]" on all workers.',
        ) from None
    return provider.get_tracer(_NAME)


@contextmanager
def ids_of_root(trace_id: int, span_id: int) -> Iterator[None]:
    """Give a span that is started in this block, without a parent, these ids."""
    token = _root_ids.set((trace_id, span_id))
    try:
        yield
    finally:
        _root_ids.reset(token)


def _id_generator() -> Any:
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class RootIds(RandomIdGenerator):
        """Random ids, except for the root of a run."""

        def generate_trace_id(self) -> int:
            ids = _root_ids.get()
            return ids[0] if ids else int(super().generate_trace_id())

        def generate_span_id(self) -> int:
            ids = _root_ids.get()
            return ids[1] if ids else int(super().generate_span_id())

    return RootIds()


def _processor(exporter: Exporter) -> Any:
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

    if exporter == "console":
        return SimpleSpanProcessor(_console(ConsoleSpanExporter))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())


def _console(exporter: Callable[..., Any]) -> Any:
    """Return an exporter to the process's own standard output: Celery makes log lines of what goes to `sys.stdout`."""
    return exporter(out=sys.__stdout__, formatter=_line)


def _line(span: Any) -> str:
    text: str = span.to_json(indent=None)
    return f"{text}\n"
