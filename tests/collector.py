"""An OpenTelemetry collector: receives OTLP over HTTP at a real socket, and decodes what arrives."""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ReceivedSpan

from tests.receivers import HttpReceiver

PATH = "/v1/traces"


@dataclass(frozen=True)
class Span:
    """A span as it arrived. ``parent_id`` is empty for a root, ``error`` for a span whose status is not ``ERROR``."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: str
    begun_ns: int
    ended_ns: int
    error: str
    attributes: dict[str, str]


class Collector:
    """The spans that have arrived. Programs find it by ``environment``."""

    def __init__(self) -> None:
        self._receiver = HttpReceiver()
        self.environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": self._receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}

    def stop(self) -> None:
        self._receiver.stop()

    def spans(self) -> list[Span]:
        """Return all spans that have arrived, in their order of ending."""
        return [
            _span(span)
            for request in self._receiver.requests_to(PATH)
            for resource in ExportTraceServiceRequest.FromString(request.body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def all_text(self) -> str:
        """Return all that has arrived, as text, to look for what must not be in it."""
        bodies = [request.body for request in self._receiver.requests_to(PATH)]
        return "\n".join(str(MessageToDict(ExportTraceServiceRequest.FromString(body))) for body in bodies)


def _span(span: ReceivedSpan) -> Span:
    return Span(
        span.name,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        ReceivedSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        span.start_time_unix_nano,
        span.end_time_unix_nano,
        span.status.message if span.status.code == span.status.STATUS_CODE_ERROR else "",
        {attribute.key: _text(attribute.value) for attribute in span.attributes},
    )


def _text(value: object) -> str:
    field = value.WhichOneof("value")  # type: ignore[attr-defined]
    return str(getattr(value, field))


def tree(spans: list[Span]) -> dict[str, list[str]]:
    """Return the names of the spans below each span, by the path of names that leads to it. All must hang together."""
    by_id = {span.span_id: span for span in spans}
    assert len(by_id) == len(spans), "two spans have the same id"

    def path(span: Span) -> str:
        return f"{path(by_id[span.parent_id])}/{span.name}" if span.parent_id else span.name

    children: dict[str, list[str]] = {}
    for span in sorted(spans, key=lambda span: span.begun_ns):
        children.setdefault(path(by_id[span.parent_id]) if span.parent_id else "", []).append(span.name)
    return children
