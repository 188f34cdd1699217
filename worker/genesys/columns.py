"""The columns that report definitions may ask for: what they hold, and in which unit."""

from __future__ import annotations

from typing import Literal

Kind = Literal["text", "instant", "count", "percent", "seconds"]

COLUMNS: dict[str, Kind] = {
    "queueName": "text",
    "intervalStart": "instant",
    "mediaType": "text",
    "offered": "count",
    "answered": "count",
    "answeredInServiceLevel": "count",
    "abandoned": "count",
    "serviceLevel": "percent",
    "abandonmentRate": "percent",
    "occupancy": "percent",
    "averageHandleSeconds": "seconds",
    "averageAnswerSeconds": "seconds",
    "handled": "count",
    "agentName": "text",
    "interactingSeconds": "seconds",
    "communicatingSeconds": "seconds",
    "idleSeconds": "seconds",
    "scheduledSeconds": "seconds",
    "exceptionSeconds": "seconds",
    "exceptionCount": "count",
    "adherence": "percent",
}

QUEUE_ONLY = frozenset(
    {
        "mediaType",
        "offered",
        "answeredInServiceLevel",
        "abandoned",
        "serviceLevel",
        "abandonmentRate",
    }
)
"""Columns that make no sense in a report by agent: an offer belongs to the queue."""
