"""The decision is the table in docs/privacy.md, row by row."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from worker.domain.groups.privacy import DataClass, Policy, Secrecy, Verdict, decide

PAGE = Path(__file__).parents[4] / "docs" / "privacy.md"
POLICIES: tuple[Policy | None, ...] = (None, "refuse", "mask", "allow")
ROW = re.compile(r"\| `(none|agent_name|customer_contact)` \| `(open|transport|sealed)` \|(.*)\|")


def table() -> dict[tuple[DataClass, Secrecy, Policy | None], Verdict]:
    """Every cell of the page's table."""
    cells = {}
    for data_class, secrecy, verdicts in ROW.findall(PAGE.read_text("utf-8")):
        for policy, verdict in zip(POLICIES, verdicts.split("|"), strict=True):
            cells[DataClass(data_class), Secrecy[secrecy.upper()], policy] = Verdict(verdict.strip(" *"))
    return cells


@pytest.mark.parametrize("case", list(itertools.product(DataClass, Secrecy, POLICIES)), ids=str)
def test_each_decision_is_the_one_in_the_documented_table(case: tuple[DataClass, Secrecy, Policy | None]) -> None:
    assert decide(*case) is table()[case]


@pytest.mark.parametrize("data_class", [DataClass.AGENT_NAME, DataClass.CUSTOMER_CONTACT])
def test_personal_data_needs_encryption_and_the_groups_permission(data_class: DataClass) -> None:
    for secrecy, policy in itertools.product(Secrecy, POLICIES):
        if secrecy is Secrecy.OPEN or policy != "allow":
            assert decide(data_class, secrecy, policy) is not Verdict.CARRY
