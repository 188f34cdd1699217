"""What the columns of reports say about people."""

from __future__ import annotations

import pytest

from worker.domain.groups.privacy import DataClass
from worker.genesys.reporting.columns import COLUMNS, CUSTOMER_CONTACTS, class_of


def test_every_column_that_may_be_asked_for_has_its_class_said_and_only_one_names_anybody() -> None:
    named_columns = {column: class_of(column) for column in COLUMNS if class_of(column) is not DataClass.NONE}
    assert named_columns == {"agentName": DataClass.AGENT_NAME}


@pytest.mark.parametrize("column", ["ani", "customerPhone", "wrapUpNote"])
def test_a_column_without_a_class_counts_as_a_customers_contact(column: str) -> None:
    assert class_of(column) is DataClass.CUSTOMER_CONTACT


def test_no_column_of_customers_contacts_can_be_asked_for() -> None:
    assert not {column.lower() for column in COLUMNS} & CUSTOMER_CONTACTS
