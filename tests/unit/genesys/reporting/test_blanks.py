"""A blank cell is zero where the counts beside it say so. Else the figure is not known, for all rows."""

from __future__ import annotations

import pytest

from tests.unit.genesys.reporting.conftest import AGENTS, COUNTS, agents_in, csv_of, queues_in
from worker.domain.briefing.counts import counts
from worker.domain.metrics import abandonment, adherence, occupancy, service_level
from worker.genesys.tables.columns import Statements

HALF_HOURS = ("queueName", "intervalStart", "offered", "answered", "answeredInServiceLevel", "abandoned")


def lines_of(*cells: str) -> list[str]:
    return [f"Support,2026-11-16 {9 + number // 2:02}:{number % 2 * 30:02},{line}" for number, line in enumerate(cells)]


def read(*cells: str, blank: str | None = None):  # type: ignore[no-untyped-def]
    return queues_in(csv_of(HALF_HOURS, *lines_of(*cells)), HALF_HOURS, statements=Statements(blank=blank))


def test_a_blank_that_the_counts_prove_to_be_zero_is_zero() -> None:
    rows = read("10,10,10,", "10,5,2,5")
    assert [row.abandoned for row in rows.intervals] == [0, 5]
    assert abandonment(rows.intervals).value == pytest.approx(5 / 20)
    assert service_level(rows.intervals).value == pytest.approx(12 / 20)
    assert rows.gaps == ()


def test_a_blank_that_the_counts_contradict_is_unknown_for_the_whole_group() -> None:
    rows = read("10,7,7,", "10,5,2,5")
    assert [row.abandoned for row in rows.intervals] == [None, 5]
    assert abandonment(rows.intervals) is None
    assert service_level(rows.intervals) is None
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [("partial", "abandonment"), ("partial", "service_level")]
    assert "The file, line 2: the column abandoned has no figure" in rows.gaps[0].detail
    assert 'state "blank": "zero"' in rows.gaps[0].detail


def test_a_contact_that_is_answered_in_the_next_half_hour_does_not_disprove_zero() -> None:
    rows = read("10,9,9,", ",1,,", "10,10,10,", "10,5,2,5")
    assert rows.gaps == ()
    assert [(row.offered, row.answered, row.abandoned) for row in rows.intervals] == [
        (10, 9, 0),
        (0, 1, 0),
        (10, 10, 0),
        (10, 5, 5),
    ]


def test_a_contact_that_no_half_hour_answers_makes_the_blank_beside_it_unknown() -> None:
    rows = read("10,10,10,", "10,9,9,", "10,10,10,", "10,5,2,5")
    assert abandonment(rows.intervals) is None
    assert [row.abandoned for row in rows.intervals] == [0, None, 0, 5]


def test_a_contact_left_over_in_a_row_without_blanks_is_not_hidden_by_one() -> None:
    rows = read("10,10,10,", "10,7,5,2", "10,9,9,1", "10,10,10,")
    assert [row.abandoned for row in rows.intervals] == [0, 2, 1, 0]


def test_more_contacts_ended_than_offered_make_a_blank_offer_unknown() -> None:
    rows = read("10,10,10,", ",2,2,", "10,10,10,")
    assert abandonment(rows.intervals) is None


def test_contacts_that_wait_at_midnight_do_not_disprove_zero() -> None:
    lines = [f"Support,2026-11-16 {cells}" for cells in ("00:00,5,6,6,", "12:00,8,8,8,", "23:30,9,7,7,")]
    rows = queues_in(csv_of(HALF_HOURS, *lines), HALF_HOURS)
    assert [row.abandoned for row in rows.intervals] == [0, 0, 0]


def test_queues_are_balanced_one_by_one() -> None:
    lines = ["Support,2026-11-16 09:00,10,9,9,", "Billing,2026-11-16 09:30,10,11,9,", *lines_of("", "", "5,5,5,")[2:]]
    rows = queues_in(csv_of(HALF_HOURS, *lines), HALF_HOURS, queues=["Support", "Billing"])
    abandoned = {(row.queue_id, row.abandoned) for row in rows.intervals}
    assert abandoned == {("Support", None), ("Support", 0), ("Billing", 0)}


TWO_QUEUES = (
    "Support,2026-11-16 09:00,10,10,10,",
    "Support,2026-11-16 09:30,10,5,2,5",
    "Billing,2026-11-16 09:00,10,7,7,",
    "Billing,2026-11-16 09:30,8,6,6,2",
)


def read_two(*lines: str):  # type: ignore[no-untyped-def]
    rows = queues_in(csv_of(HALF_HOURS, *lines), HALF_HOURS, queues=["Support", "Billing"])
    return rows, {name: [row for row in rows.intervals if row.queue_id == name] for name in ("Support", "Billing")}


def test_a_blank_that_one_queue_contradicts_leaves_the_others_known() -> None:
    rows, queues = read_two(*TWO_QUEUES)
    assert [row.abandoned for row in queues["Support"]] == [0, 5]
    assert [row.abandoned for row in queues["Billing"]] == [None, 2]
    assert service_level(queues["Billing"]) is None
    assert service_level(queues["Support"]).value == pytest.approx(12 / 20)
    assert [(gap.kind, gap.metric) for gap in rows.gaps] == [("partial", "abandonment"), ("partial", "service_level")]
    assert "line 4: the column abandoned has no figure" in rows.gaps[0].detail
    assert "figures of 'Billing' and of the group are not known" in rows.gaps[0].detail


def test_a_group_is_not_known_if_one_of_its_queues_is_not() -> None:
    rows, _ = read_two(*TWO_QUEUES)
    assert abandonment(rows.intervals) is None
    assert service_level(rows.intervals) is None
    assert counts(rows.intervals).abandoned is None
    assert counts(rows.intervals).offered == 38


def test_a_queue_whose_day_does_not_add_up_is_no_evidence_for_another() -> None:
    lines = ["Support,2026-11-16 09:00,10,10,,1", *TWO_QUEUES[2:]]
    _, queues = read_two(*lines)
    assert [row.service_level_numerator for row in queues["Support"]] == [None]


def test_a_row_that_shows_no_contacts_makes_its_columns_unknown_for_all_queues() -> None:
    columns = (*HALF_HOURS, "handled")
    lines = [
        "Support,2026-11-16 09:00,10,10,10,,10",
        "Billing,2026-11-16 09:00,10,7,7,,",
        "Billing,2026-11-16 11:00,,,,,3",
    ]
    rows = queues_in(csv_of(columns, *lines), columns, queues=["Support", "Billing"])
    sums = counts(rows.intervals)
    assert (sums.offered, sums.answered, sums.abandoned) == (None, None, None)
    assert rows.gaps
    assert all("figures of 'Billing', 'Support' and of the group are not known" in gap.detail for gap in rows.gaps)


def test_a_count_without_a_figure_in_one_queue_leaves_the_others_known() -> None:
    rows, queues = read_two(*TWO_QUEUES[:2], "Billing,2026-11-16 09:00,10,7,7,#N/A")
    assert [row.abandoned for row in queues["Support"]] == [0, 5]
    assert [row.abandoned for row in queues["Billing"]] == [None]
    assert "'#N/A' in the column abandoned is no figure, so its figures of 'Billing'" in rows.gaps[0].detail


def test_a_blank_handle_time_of_contacts_is_not_zero() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned", "handled", "averageHandleSeconds")
    content = csv_of(columns, *lines_of("10,10,,10,", "10,5,5,5,200"))
    assert [row.handle_ms for row in queues_in(content, columns).intervals] == [None, None]
    with_statement = queues_in(content, columns, statements=Statements(blank="zero"))
    assert [row.handle_ms for row in with_statement.intervals] == [0, 1_000_000]


def test_a_blank_of_a_row_without_contacts_proves_nothing() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned")
    rows = queues_in(csv_of(columns, *lines_of("0,0,", "10,7,")), columns)
    assert [row.abandoned for row in rows.intervals] == [0, None]


def test_a_blank_count_is_unknown_if_the_file_lacks_the_counts_that_would_prove_it() -> None:
    columns = ("queueName", "intervalStart", "offered", "abandoned")
    rows = queues_in(csv_of(columns, *lines_of("10,10", "10,", "5,5")), columns)
    assert [row.abandoned for row in rows.intervals] == [10, None, 5]
    assert counts(rows.intervals).abandoned is None


def test_a_blank_beside_a_proven_one_is_zero_if_the_file_writes_no_zeros() -> None:
    rows = read("10,10,,", "10,5,2,5")
    assert [row.service_level_numerator for row in rows.intervals] == [0, 2]


def test_a_blank_in_a_column_that_writes_zeros_is_not_known() -> None:
    rows = read("10,10,,", "10,5,0,5")
    assert [row.service_level_numerator for row in rows.intervals] == [None, None]
    assert [gap.metric for gap in rows.gaps] == ["service_level"]


def test_a_definition_may_state_that_blank_means_zero() -> None:
    rows = read("10,7,7,", "10,5,,5", blank="zero")
    assert [(row.service_level_numerator, row.abandoned) for row in rows.intervals] == [(7, 0), (0, 5)]
    assert rows.gaps == ()


def test_a_definition_may_state_that_blank_means_unknown() -> None:
    rows = read("10,10,10,", "10,5,2,5", blank="unknown")
    assert abandonment(rows.intervals) is None
    assert [gap.metric for gap in rows.gaps] == ["abandonment", "service_level"]


@pytest.mark.parametrize("cell", ["NaN", "#N/A", "-"])
def test_a_count_without_a_figure_makes_the_sum_unknown(cell: str) -> None:
    rows = read(f"10,7,7,{cell}", "10,5,2,5")
    assert abandonment(rows.intervals) is None
    assert [gap.metric for gap in rows.gaps] == ["abandonment", "service_level"]


def test_a_blank_idle_half_hour_does_not_change_the_sums() -> None:
    rows = read("10,8,8,2", ",,,")
    assert [row.offered for row in rows.intervals] == [10]
    assert rows.gaps == ()


def test_a_blank_average_beside_contacts_makes_the_average_unknown() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned", "averageAnswerSeconds")
    rows = queues_in(csv_of(columns, *lines_of("90,90,0,", "10,10,0,20")), columns)
    assert [row.answer_ms for row in rows.intervals] == [None, None]
    assert "averageAnswerSeconds" in rows.gaps[0].detail
    with_statement = queues_in(
        csv_of(columns, *lines_of("90,90,0,", "10,10,0,20")), columns, statements=Statements(blank="zero")
    )
    assert [row.answer_ms for row in with_statement.intervals] == [0, 200_000]


def test_a_blank_average_without_contacts_is_zero() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned", "averageAnswerSeconds")
    rows = queues_in(csv_of(columns, *lines_of("2,0,2,", "10,10,0,20")), columns)
    assert [row.answer_ms for row in rows.intervals] == [0, 200_000]


def test_a_part_of_an_agents_time_that_is_blank_makes_the_occupancy_unknown() -> None:
    rows = agents_in(csv_of(AGENTS, "Ana,3600,,3600,", "Bo,3600,60,3600,"))
    assert occupancy(rows.agents) is None
    assert [gap.metric for gap in rows.gaps] == ["occupancy"]
    with_statement = agents_in(
        csv_of(AGENTS, "Ana,3600,,3600,", "Bo,3600,60,3600,"), statements=Statements(blank="zero")
    )
    assert occupancy(with_statement.agents).value == pytest.approx(7200 / 14460)


def test_an_agent_without_a_schedule_is_no_gap() -> None:
    columns = ("agentName", "scheduledSeconds", "exceptionSeconds")
    rows = agents_in(csv_of(columns, "Ana,28800,2880", "Bo,,"), columns)
    assert adherence(rows.agents).value == pytest.approx(0.9)
    assert rows.gaps == ()


def test_blank_exceptions_of_a_schedule_make_the_adherence_unknown() -> None:
    columns = ("agentName", "scheduledSeconds", "exceptionSeconds")
    rows = agents_in(csv_of(columns, "Ana,28800,2880", "Bo,28800,"), columns)
    assert adherence(rows.agents) is None
    assert [gap.metric for gap in rows.gaps] == ["adherence"]


def test_a_whole_column_of_blanks_is_unknown() -> None:
    rows = queues_in(csv_of(COUNTS, "Support,10,7,5,"), COUNTS)
    assert [row.abandoned for row in rows.intervals] == [None]
    assert [gap.metric for gap in rows.gaps] == ["abandonment", "service_level"]


def test_an_average_without_a_figure_is_unknown_even_if_blank_means_zero() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned", "averageAnswerSeconds")
    content = csv_of(columns, *lines_of("90,90,0,NaN", "10,10,0,20", "0,0,0,NaN"))
    rows = queues_in(content, columns, statements=Statements(blank="zero"))
    assert [row.answer_ms for row in rows.intervals] == [None, None, 0]


@pytest.mark.parametrize("cell", ["", "-", "k. A."])
def test_an_offer_of_zero_proves_that_no_contact_was_answered_in_time(cell: str) -> None:
    rows = read("10,8,7,2", f"0,{cell},{cell},{cell}")
    assert service_level(rows.intervals).value == pytest.approx(7 / 10)
    assert rows.gaps == ()


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "Err:502"])
def test_a_half_hour_of_error_values_is_lost_and_not_idle(cell: str) -> None:
    rows = read("10,8,7,2", f"{cell},{cell},{cell},{cell}")
    assert abandonment(rows.intervals) is None
    assert service_level(rows.intervals) is None
    assert f"The file, line 3: '{cell}' in the column offered" in rows.gaps[0].detail


@pytest.mark.parametrize("blank", [None, "zero"])
def test_an_agent_of_error_values_makes_the_occupancy_unknown(blank: str | None) -> None:
    lines = ["Ana,10000,0,5000,28800", "Bo,#N/A,#N/A,#N/A,#N/A"]
    agents = agents_in(csv_of(AGENTS, *lines), statements=Statements(blank=blank))  # type: ignore[arg-type]
    assert occupancy(agents.agents) is None
    assert "'#N/A' in the column interactingSeconds" in agents.gaps[0].detail


def test_an_agent_without_figures_was_absent() -> None:
    agents = agents_in(csv_of(AGENTS, "Ana,10000,0,5000,28800", "Bo,-,-,-,-"))
    assert [agent.name for agent in agents.agents] == ["Ana"]
    assert agents.gaps == ()
