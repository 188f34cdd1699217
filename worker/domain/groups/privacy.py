"""Decide who may read what, from the class of personal data and the secrecy of a channel.

Every text of rows and briefings has a class. A text without one counts as a customer's contact, so that a new field is
never sent by oversight. docs/privacy.md shows the decision as a table.
"""

from __future__ import annotations

import enum
import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

T = TypeVar("T")


class DataClass(enum.StrEnum):
    """What a text says about people."""

    NONE = "none"
    AGENT_NAME = "agent_name"
    CUSTOMER_CONTACT = "customer_contact"


class Secrecy(enum.IntEnum):
    """Who can read what a channel carries.

    ``open``: anyone on the way. ``transport``: the receiver's server, over a verified connection, or a server on this
    machine. ``sealed``: only the reader, by certificate or by a password that is sent another way.
    """

    OPEN = 0
    TRANSPORT = 1
    SEALED = 2


class Verdict(enum.StrEnum):
    """What happens to a class of data on a channel."""

    CARRY = "carry"
    MASK = "mask"
    REFUSE = "refuse"


Policy = Literal["refuse", "mask", "allow"]
"""A group's ``personal_data``. It is None if the group does not set it."""

REQUIRED_SECRECY: Mapping[DataClass, Secrecy] = {
    DataClass.NONE: Secrecy.OPEN,
    DataClass.AGENT_NAME: Secrecy.TRANSPORT,
    DataClass.CUSTOMER_CONTACT: Secrecy.SEALED,
}
"""The least secrecy with which a class may be sent, if the group allows it."""


def decide(data_class: DataClass, secrecy: Secrecy, policy: Policy | None) -> Verdict:
    """Carry, mask or refuse. Without a policy, agents are masked and customers' contacts are refused."""
    if data_class is DataClass.NONE:
        return Verdict.CARRY
    if policy == "allow":
        return Verdict.CARRY if secrecy >= REQUIRED_SECRECY[data_class] else Verdict.REFUSE
    if policy == "mask" or (policy is None and data_class is DataClass.AGENT_NAME):
        return Verdict.MASK
    return Verdict.REFUSE


_ABOUT_NO_PERSON: Mapping[str, str] = {
    "Queue": "id name",
    "QueueInterval": "queue_id media_type stated",
    "AgentDay": "queues",
    "Gap": "kind detail metric text values",
    "ServiceObjective": "queue_id medium",
    "SourceNote": "what id status",
    "Change": "kind",
    "MediumReading": "medium",
    "Tile": "medium",
    "MediumLine": "medium",
    "QueueLine": "name medium",
    "AgentLine": "queues",
    "Insight": "kind figures",
    "Reading": "reason",
    "Completeness": "media_without_contacts",
    "IncompleteFigure": "name medium",
    "PartWithoutFigure": "queue medium",
    "RevisedFigure": "kind name medium",
    "Subject": "run_id group_key group_title zone language",
    "Briefing": "run_id group_key group_title zone language",
    "ForecastOfMedium": "medium",
    "MediumToday": "medium",
    "TalkingPoint": "kind metric medium queue_id start end",
    "PointOutcome": "name",
    "OpenPoint": "name",
    "Outlook": "foreign_queues uncovered_queues",
    "Notice": "run_id group_key group_title zone language kind holiday_name",
}
_NAMES_AGENTS: Mapping[str, str] = {"AgentDay": "user_id name", "AgentLine": "name", "PersonToday": "name"}

CLASSES: Mapping[tuple[str, str], DataClass] = {
    (owner, name): data_class
    for table, data_class in ((_ABOUT_NO_PERSON, DataClass.NONE), (_NAMES_AGENTS, DataClass.AGENT_NAME))
    for owner, names in table.items()
    for name in names.split()
}
"""(type, field) → class, for every field of `rows` and `briefing.content` that holds text."""

_MASKS = {DataClass.AGENT_NAME: "Agent", DataClass.CUSTOMER_CONTACT: "Contact"}


def class_of(owner: type, field: str) -> DataClass:
    """Return the class of a field's text. A field without a class counts as a customer's contact."""
    return CLASSES.get((owner.__name__, field), DataClass.CUSTOMER_CONTACT)


def classes_in(content: object) -> frozenset[DataClass]:
    """Return the classes of all texts in a briefing, a notice or rows, without ``none``."""
    return frozenset(_classes(content)) - {DataClass.NONE}


def _classes(value: object) -> Iterator[DataClass]:
    if is_dataclass(value):
        for field in fields(value):
            part = getattr(value, field.name)
            if _has_text(part):
                yield class_of(type(value), field.name)
            else:
                yield from _classes(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _classes(part)


def _has_text(value: object) -> bool:
    """Return whether a value is text or directly contains some."""
    if isinstance(value, str):
        return bool(value) and not isinstance(value, enum.Enum)
    if isinstance(value, Mapping):
        return any(map(_has_text, value.values()))
    return isinstance(value, tuple) and bool(value) and any(map(_has_text, value))


def mask(content: T, classes: Iterable[DataClass]) -> T:
    """Replace every name of these classes by a numbered one, such as "Agent 7".

    One name has the same number everywhere. Numbers follow the order of appearance.
    """
    masked: T = _Mask(frozenset(classes)).apply(content)
    return masked


class _Mask:
    def __init__(self, classes: frozenset[DataClass]) -> None:
        self._classes = classes
        self._numbers: dict[DataClass, dict[str, int]] = {data_class: {} for data_class in DataClass}

    def apply(self, value: Any) -> Any:
        if isinstance(value, tuple):
            parts = tuple(map(self.apply, value)) if any(map(is_dataclass, value)) else value
            return value if all(map(operator.is_, parts, value)) else parts
        if not is_dataclass(value) or isinstance(value, type):
            return value
        old_values = ((field.name, getattr(value, field.name)) for field in fields(value))
        changes = {name: new for name, old in old_values if (new := self._field(type(value), name, old)) is not old}
        return replace(value, **changes) if changes else value

    def _field(self, owner: type, name: str, value: Any) -> Any:
        if not _has_text(value):
            return self.apply(value)
        data_class = class_of(owner, name)
        return self._texts(data_class, value) if data_class in self._classes else value

    def _texts(self, data_class: DataClass, value: Any) -> Any:
        if isinstance(value, str):
            numbers = self._numbers[data_class]
            return f"{_MASKS[data_class]} {numbers.setdefault(value, len(numbers) + 1)}"
        if isinstance(value, Mapping):
            return {key: self._texts(data_class, part) for key, part in value.items()}
        return tuple(self._texts(data_class, part) for part in value) if isinstance(value, tuple) else value
