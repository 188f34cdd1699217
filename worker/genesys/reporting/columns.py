"""The columns that report definitions may ask for, and what they say about people."""

from __future__ import annotations

from worker.domain.groups.privacy import DataClass
from worker.genesys.tables.columns import Kind

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
"""What report definitions may ask for, by id."""

MAY_EXCEED_ONE = frozenset({"abandonmentRate"})
"""Ratios that can be above 100 %: a contact may be abandoned in another half-hour than it was offered in."""

_TEXTS: dict[str, DataClass] = {
    "queueName": DataClass.NONE,
    "mediaType": DataClass.NONE,
    "agentName": DataClass.AGENT_NAME,
}

CUSTOMER_CONTACTS = frozenset(
    {
        "ani",
        "dnis",
        "addressfrom",
        "addressto",
        "callerid",
        "callernumber",
        "calledparty",
        "customeremail",
        "customername",
        "customernumber",
        "customerphone",
        "emailaddress",
        "phonenumber",
        "remotename",
        "remotenumber",
        "remoteparticipant",
    }
)
"""Columns that the platform's reports have for customers' numbers, addresses and names, in small letters."""


def class_of(column: str) -> DataClass:
    """What a column says about people; a text without a class counts as a customer's contact."""
    if COLUMNS.get(column, "text") != "text":
        return DataClass.NONE
    return _TEXTS.get(column, DataClass.CUSTOMER_CONTACT)


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
