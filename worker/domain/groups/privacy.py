"""Who may read what: classes of personal data, how far a channel keeps it secret, and the one decision between them.

Every text of rows and briefings has a class; one without is taken for a customer's contact, so that a new field never
leaves by oversight. docs/privacy.md shows the decision as a table.
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

    ``open``: anybody on the way · ``transport``: the receiver's server, over a verified connection, or a server on
    this machine · ``sealed``: the reader alone, by certificate or by a password that travels elsewhere
    """

    OPEN = 0
    TRANSPORT = 1
    SEALED = 2


class Verdict(enum.StrEnum):
    """What becomes of a class on a channel."""

    CARRY = "carry"
    MASK = "mask"
    REFUSE = "refuse"


Policy = Literal["refuse", "mask", "allow"]
"""A group's ``personal_data``; None where it says nothing."""

ENOUGH: Mapping[DataClass, Secrecy] = {
    DataClass.NONE: Secrecy.OPEN,
    DataClass.AGENT_NAME: Secrecy.TRANSPORT,
    DataClass.CUSTOMER_CONTACT: Secrecy.SEALED,
}
"""The least secrecy under which a class is carried, if the group allows it at all."""


def decide(of: DataClass, secrecy: Secrecy, policy: Policy | None) -> Verdict:
    """Carry, mask or refuse. Where the group says nothing, agents are masked and customers' contacts refused."""
    if of is DataClass.NONE:
        return Verdict.CARRY
    if policy == "allow":
        return Verdict.CARRY if secrecy >= ENOUGH[of] else Verdict.REFUSE
    if policy == "mask" or (policy is None and of is DataClass.AGENT_NAME):
        return Verdict.MASK
    return Verdict.REFUSE


_SAYS_NOTHING: Mapping[str, str] = {
    "Queue": "id name",
    "QueueInterval": "queue_id media_type stated",
    "AgentDay": "queues",
    "Gap": "kind detail metric",
    "SourceNote": "what id status",
    "Change": "kind",
    "QueueLine": "name",
    "AgentLine": "queues",
    "Insight": "kind figures",
    "Reading": "why",
    "Revised": "kind name",
    "Subject": "run_id group_key group_title zone language",
    "Briefing": "run_id group_key group_title zone language",
    "Notice": "run_id group_key group_title zone language kind holiday_name",
}
_NAMES_AGENTS: Mapping[str, str] = {"AgentDay": "user_id name", "AgentLine": "name"}

CLASSES: Mapping[tuple[str, str], DataClass] = {
    (owner, name): of
    for table, of in ((_SAYS_NOTHING, DataClass.NONE), (_NAMES_AGENTS, DataClass.AGENT_NAME))
    for owner, names in table.items()
    for name in names.split()
}
"""(type, field) → class, for every field of `rows` and `briefing` that holds text."""

_MASKS = {DataClass.AGENT_NAME: "Agent", DataClass.CUSTOMER_CONTACT: "Contact"}


def class_of(owner: type, field: str) -> DataClass:
    """The class of a field's text; a customer's contact where nobody has said."""
    return CLASSES.get((owner.__name__, field), DataClass.CUSTOMER_CONTACT)


def classes_in(matter: object) -> frozenset[DataClass]:
    """The classes of all texts in a briefing, a notice or rows; ``none`` is not counted."""
    return frozenset(_classes(matter)) - {DataClass.NONE}


def _classes(value: object) -> Iterator[DataClass]:
    if is_dataclass(value):
        for each in fields(value):
            held = getattr(value, each.name)
            if _has_text(held):
                yield class_of(type(value), each.name)
            else:
                yield from _classes(held)
    elif isinstance(value, tuple):
        for part in value:
            yield from _classes(part)


def _has_text(value: object) -> bool:
    """Whether a value is text, or holds some directly."""
    if isinstance(value, str):
        return bool(value) and not isinstance(value, enum.Enum)
    if isinstance(value, Mapping):
        return any(map(_has_text, value.values()))
    return isinstance(value, tuple) and bool(value) and any(map(_has_text, value))


def mask(matter: T, classes: Iterable[DataClass]) -> T:
    """The same with every name of these classes replaced by a number that is its own: "Agent 7".

    One name has one number throughout; numbers follow the order of appearance.
    """
    masked: T = _Mask(frozenset(classes)).over(matter)
    return masked


class _Mask:
    def __init__(self, classes: frozenset[DataClass]) -> None:
        self._classes = classes
        self._numbers: dict[DataClass, dict[str, int]] = {each: {} for each in DataClass}

    def over(self, value: Any) -> Any:
        if isinstance(value, tuple):
            parts = tuple(map(self.over, value)) if any(map(is_dataclass, value)) else value
            return value if all(map(operator.is_, parts, value)) else parts
        if not is_dataclass(value) or isinstance(value, type):
            return value
        held = ((each.name, getattr(value, each.name)) for each in fields(value))
        changes = {name: new for name, old in held if (new := self._field(type(value), name, old)) is not old}
        return replace(value, **changes) if changes else value

    def _field(self, owner: type, name: str, value: Any) -> Any:
        if not _has_text(value):
            return self.over(value)
        of = class_of(owner, name)
        return self._texts(of, value) if of in self._classes else value

    def _texts(self, of: DataClass, value: Any) -> Any:
        if isinstance(value, str):
            numbers = self._numbers[of]
            return f"{_MASKS[of]} {numbers.setdefault(value, len(numbers) + 1)}"
        if isinstance(value, Mapping):
            return {key: self._texts(of, part) for key, part in value.items()}
        return tuple(self._texts(of, part) for part in value) if isinstance(value, tuple) else value
