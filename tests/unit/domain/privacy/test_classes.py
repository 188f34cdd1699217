"""Every text has a class. A text without one is not sent."""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import pytest

from worker.domain import rows
from worker.domain.briefing import content as briefing
from worker.domain.groups import privacy
from worker.domain.groups.privacy import DataClass
from worker.domain.metrics import Reading
from worker.domain.rows import AgentDay, Rows

FROM_ROWS = (AgentDay("7f3c-1", "Marta Ruiz", ("Billing",)), AgentDay("7f3c-2", "Owen Blake"))


def shapes() -> list[type]:
    types = [value for module in (rows, briefing) for value in vars(module).values() if is_dataclass(value)]
    return [*{value for value in types if isinstance(value, type)}, Reading]


def holds_text(hint: Any) -> bool:
    if isinstance(hint, type):
        return hint is str and not issubclass(hint, enum.Enum)
    return any(isinstance(part, str) or part is object or holds_text(part) for part in get_args(hint))


@pytest.mark.parametrize("shape", sorted(shapes(), key=str), ids=lambda shape: shape.__name__)
def test_every_text_of_rows_and_briefings_is_classed(shape: type) -> None:
    hints = get_type_hints(shape)
    texts = {owner.name for owner in fields(shape) if holds_text(hints[owner.name])}
    assert not [name for name in texts if (shape.__name__, name) not in privacy.CLASSES]


def test_an_unclassified_text_counts_as_customer_contact_data() -> None:
    @dataclass(frozen=True)
    class Call:
        number: str
        place: datetime

    assert privacy.classes_in((Call("+49 30 901820", datetime(2026, 11, 20, tzinfo=UTC)),)) == {
        DataClass.CUSTOMER_CONTACT
    }
    assert privacy.mask(Call("+49 30 901820", date(2026, 11, 20)), {DataClass.CUSTOMER_CONTACT}).number == "Contact 1"  # type: ignore[arg-type]


def test_rows_with_agents_hold_agents_names_and_those_without_hold_none() -> None:
    assert privacy.classes_in(Rows((), (), FROM_ROWS)) == {DataClass.AGENT_NAME}
    assert privacy.classes_in(Rows((rows.Queue("q", "Billing"),), ())) == frozenset()


def test_masked_names_are_gone_and_rows_still_tellable_apart() -> None:
    masked = privacy.mask(Rows((), (), FROM_ROWS), {DataClass.AGENT_NAME})
    assert [owner.name for owner in masked.agents] == ["Agent 2", "Agent 4"]
    assert [owner.user_id for owner in masked.agents] == ["Agent 1", "Agent 3"]
    assert masked.agents[0].queues == ("Billing",)


def test_one_name_has_one_number_throughout_a_document() -> None:
    twice = (*FROM_ROWS, AgentDay("7f3c-1", "Marta Ruiz"))
    masked = privacy.mask(Rows((), (), twice), {DataClass.AGENT_NAME}).agents
    assert masked[0].name == masked[2].name != masked[1].name


def test_without_personal_data_masking_changes_nothing() -> None:
    whole = Rows((), (), FROM_ROWS)
    assert privacy.mask(whole, {DataClass.CUSTOMER_CONTACT}) is whole
