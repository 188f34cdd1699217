"""What the columns of reports say about people."""

from __future__ import annotations

import pytest

from worker.domain.groups.privacy import DataClass
from worker.genesys.reporting.columns import COLUMNS, CUSTOMER_CONTACTS, class_of


def test_only_the_agent_name_column_holds_personal_data() -> None:
    named_columns = {column: class_of(column) for column in COLUMNS if class_of(column) is not DataClass.NONE}
    assert named_columns == {"agentName": DataClass.AGENT_NAME}


@pytest.mark.parametrize("column", ["ani", "customerPhone", "wrapUpNote"])
def test_a_column_without_a_class_counts_as_a_customers_contact(column: str) -> None:
    assert class_of(column) is DataClass.CUSTOMER_CONTACT


def test_no_column_with_customer_contact_data_can_be_requested() -> None:
    assert not {column.lower() for column in COLUMNS} & CUSTOMER_CONTACTS
