"""Spans inside a step: each request to the platform, and each attempt at a delivery.

The tracer of the present step is a context variable, as the step's time is (`worker.step_time`). Outside of a step, or
if no traces are recorded, nothing happens here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

present_tracer: ContextVar[Any] = ContextVar("present_tracer", default=None)
"""What records the spans of the present step, None if nothing does."""

_FIRST_ERROR_STATUS = 400


@contextmanager
def request(method: str, route: str, organisation: str) -> Iterator[Callable[[int], None]]:
    """Record the block as a request to an organisation's API. Call what it gives with the status of the answer.

    ``route`` has placeholders in place of ids.
    """
    # names and attributes: OpenTelemetry, "Semantic conventions for HTTP spans", HTTP client
    attributes = {"http.request.method": method, "url.template": route, "standup.organisation": organisation}
    with _client_span(f"{method} {route}", attributes) as span:
        yield lambda status: _record_status(span, status)


@contextmanager
def delivery(channel: str, attempt: int) -> Iterator[None]:
    """Record the block as an attempt at a delivery over this kind of channel."""
    with _client_span(f"deliver by {channel}", {"standup.channel": channel, "standup.attempt": attempt}):
        yield


@contextmanager
def _client_span(name: str, attributes: Mapping[str, str | int]) -> Iterator[Any]:
    """Record the block, without the text of an error, which may contain names and addresses."""
    tracer = present_tracer.get()
    if tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind

    with (
        tracer.start_as_current_span(
            name, kind=SpanKind.CLIENT, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span,
        errors_recorded(span),
    ):
        yield span


@contextmanager
def errors_recorded(span: Any) -> Iterator[None]:
    """Record which kind of error ends the block."""
    try:
        yield
    except BaseException as error:
        record_error(span, getattr(error, "code", type(error).__name__))
        raise


def _record_status(span: Any, status: int) -> None:
    if span is None:
        return
    span.set_attribute("http.response.status_code", status)
    if status >= _FIRST_ERROR_STATUS:
        record_error(span, str(status))


def record_error(span: Any, kind: str) -> None:
    """Give a span the status ``ERROR``, and this kind of error."""
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, kind)
