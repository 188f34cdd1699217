"""Encode rows and the figures of a day as JSON, for the steps of a run and for the history in Redis.

The same value gives the same bytes. Fields that are None are left out. ASCII escapes carry any name, even one that is
not valid Unicode. Increase `VERSION` with every change that cannot read older bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar, get_args

from worker.domain.briefing.content import Counts
from worker.domain.briefing.history import DayFigures, MediumFigures
from worker.domain.briefing.sums import QueueSums
from worker.domain.briefing.talking_points import talking_points_of
from worker.domain.metrics import Metric, Ratio
from worker.domain.rows import AgentDay, Gap, GapKind, Queue, QueueInterval, Rows, ServiceObjective, SourceNote
from worker.errors import MalformedAnswer

_T = TypeVar("_T")

VERSION = 1

_GAP_TEXTS = "gap_texts"
"""What the gaps were made from, in their order. It is beside the gaps, because a worker of the previous version refuses
a gap with a field that it does not know."""

_GAP_KINDS = frozenset(get_args(GapKind))


def encode_rows(rows: Rows) -> bytes:
    """Encode rows. Raise ValueError for a ratio that is not a finite number."""
    value = asdict(rows)
    texts = tuple({"text": gap.pop("text"), "values": gap.pop("values")} for gap in value["gaps"])
    if any(text["text"] for text in texts):
        value[_GAP_TEXTS] = texts
    return _encode("rows", value)


def decode_rows(data: bytes) -> Rows:
    """Decode rows. Raise `MalformedAnswer` if the bytes are damaged or of another version."""
    return _decode("rows", data, _rows)


def encode_figures(figures: DayFigures) -> bytes:
    """Encode the figures of a day: sums, ratios and queue ids, no names."""
    return _encode("figures", _without_quotients(asdict(figures)))


def decode_figures(data: bytes) -> DayFigures:
    """Decode the figures of a day. Raise `MalformedAnswer` if the bytes are damaged or of another version."""
    return _decode("figures", data, _figures)


def _without_quotients(value: Any) -> Any:
    """Leave out the values of ratios that are the quotient of their parts. They take a tenth of a stored day."""
    if not isinstance(value, Mapping):
        return value
    parts = {key: _without_quotients(part) for key, part in value.items()}
    numerator, denominator = parts.get("numerator"), parts.get("denominator")
    if denominator and numerator is not None and parts.get("value") == numerator / denominator:
        del parts["value"]
    return parts


def _encode(kind: str, value: Mapping[str, Any]) -> bytes:
    document = {"kind": kind, "version": VERSION, "value": _without_none(value)}
    return json.dumps(
        document, default=datetime.isoformat, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode("ascii")


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(part) for key, part in value.items() if part is not None}
    return [_without_none(part) for part in value] if isinstance(value, tuple) else value


def _decode(kind: str, data: bytes, build: Callable[[dict[str, Any]], _T]) -> _T:
    way_out = "Rerun the briefing to fetch its rows again." if kind == "rows" else "The briefing leaves this day out."
    try:
        document = json.loads(data)
        stored = document["kind"], document["version"]
        if stored == (kind, VERSION):
            return build(document["value"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedAnswer(f"Stored {kind} are damaged ({len(data)} bytes: {error!r}).", way_out=way_out) from error
    raise MalformedAnswer(
        f"Stored data is {stored[0]} of version {stored[1]}, expected {kind} of version {VERSION}.", way_out=way_out
    )


def _rows(value: dict[str, Any]) -> Rows:
    return Rows(
        queues=tuple(Queue(**queue) for queue in value["queues"]),
        intervals=tuple(_interval(interval) for interval in value["intervals"]),
        agents=tuple(AgentDay(**{**agent, "queues": tuple(agent["queues"])}) for agent in value["agents"]),
        gaps=tuple(_gaps(value)),
        notes=tuple(SourceNote(**note) for note in value["notes"]),
        service_level_seconds=value.get("service_level_seconds"),
        objectives=tuple(ServiceObjective(**objective) for objective in value.get("objectives", ())),
        fetched_at=_instant(value.get("fetched_at")),
    )


def _gaps(value: dict[str, Any]) -> Iterator[Gap]:
    """Yield the gaps. One of a kind that only a later version knows says what is not available, in its own words."""
    texts = value.get(_GAP_TEXTS) or [{}] * len(value["gaps"])
    for gap, text in zip(value["gaps"], texts, strict=True):
        kind = gap["kind"] if gap["kind"] in _GAP_KINDS else "unavailable"
        yield Gap(**{**gap, **text, "kind": kind})


def _interval(value: dict[str, Any]) -> QueueInterval:
    return QueueInterval(**{**value, "start": _instant(value.get("start"))})


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def _figures(value: dict[str, Any]) -> DayFigures:
    return DayFigures(
        counts=_counts(value["counts"]),
        ratios={Metric(metric): _ratio(ratio) for metric, ratio in value["ratios"].items()},
        queues=_queues(value),
        medium=value.get("medium", ""),
        media={medium: _medium_figures(figures) for medium, figures in value.get("media", {}).items()},
        whole=value.get("whole", True),
        points=talking_points_of(value["points"]) if "points" in value else None,
        **_sums(value),
    )


def _medium_figures(value: dict[str, Any]) -> MediumFigures:
    level, abandonment = (_ratio(value[name]) if name in value else None for name in ("service_level", "abandonment"))
    return MediumFigures(_counts(value["counts"]), level, abandonment, _queues(value), **_sums(value))


def _sums(value: dict[str, Any]) -> dict[str, Any]:
    """Return the sums, which a version before them did not store."""
    return {
        "sums": {queue_id: QueueSums(**sums) for queue_id, sums in value.get("sums", {}).items()},
        "half_hours": {start: tuple(contacts) for start, contacts in value.get("half_hours", {}).items()},
    }


def _ratio(stored: dict[str, Any]) -> Ratio:
    if "value" in stored:
        return Ratio(**stored)
    return Ratio(stored["numerator"] / stored["denominator"], **stored)


def _counts(value: dict[str, Any]) -> Counts:
    return Counts(**{name: value.get(name) for name in Counts.__dataclass_fields__})


def _queues(value: dict[str, Any]) -> dict[str, Ratio]:
    return {queue_id: _ratio(ratio) for queue_id, ratio in value["queues"].items()}
