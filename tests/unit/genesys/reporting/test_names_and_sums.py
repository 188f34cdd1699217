"""Names are names, whatever they are. Rows that add up others are recognised by their figures."""

from __future__ import annotations

import unicodedata

import pytest

from tests.unit.genesys.reporting.conftest import AGENTS, COUNTS, MEDIA, agents_in, csv_of, queues_in, sheet_of
from worker.errors import MalformedAnswer

BOTH = ("voice", "chat")


@pytest.mark.parametrize("name", ["NA", "Na", "None", "Null", "N/A", "-", "nan", "0", "Total", "TRUE", "#N/A", "inf"])
def test_a_queue_may_have_any_name_but_a_blank(name: str) -> None:
    rows = queues_in(csv_of(COUNTS, f"{name},10,8,7,2"), COUNTS, queues=[name])
    assert [(row.queue_id, row.offered) for row in rows.intervals] == [(name, 10)]


@pytest.mark.parametrize("name", ["NA", "None", "Null", "N/A", "-"])
def test_an_agent_may_have_any_name_but_a_blank(name: str) -> None:
    agents = agents_in(csv_of(AGENTS, f"{name},60,0,60,", "Bo,10,0,90,")).agents
    assert [agent.name for agent in agents] == [name, "Bo"]


@pytest.mark.parametrize(
    ("in_file", "in_order"),
    [
        (unicodedata.normalize("NFD", "Köln Service"), "Köln Service"),
        ("Köln Service", unicodedata.normalize("NFD", "Köln Service")),
        ("Support\u00a0", "Support"),
        ("Support", "Support\u00a0"),
        ("Key\u00a0Accounts", "Key Accounts"),
        ("Key  Accounts", "Key Accounts"),
        ("\u200bSupport", "Support"),
        ("Sup\u00adport", "Support"),
        ("\u202aSupport\u202c", "Support"),
        ("\u2067דרום\u2069", "דרום"),
        ("'=Продажи", "=Продажи"),
        ("'+1 Team", "+1 Team"),
        ("'-Rest", "-Rest"),
        ("'@home", "@home"),
        ('"=""0815"""', "0815"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_a_name_is_found_however_the_file_writes_it(in_file: str, in_order: str) -> None:
    rows = queues_in(csv_of(COUNTS, f"{in_file},10,8,7,2"), COUNTS, queues=[in_order])
    assert [row.queue_id for row in rows.intervals] == [in_order]


def test_two_queues_that_differ_only_in_spaces_are_not_confused() -> None:
    names = ["Support", "Support "]
    rows = queues_in(csv_of(COUNTS, "Support,1,1,1,0", "Support ,2,2,2,0"), COUNTS, queues=names)
    assert [(row.queue_id, row.offered) for row in rows.intervals] == [("Support", 1), ("Support ", 2)]


def test_a_numeric_name_in_a_workbook_is_a_name() -> None:
    rows = queues_in(sheet_of(COUNTS, [4711, 10, 8, 7, 2]), COUNTS, queues=["4711"])
    assert [row.offered for row in rows.intervals] == [10]


def test_a_long_name_is_cut_when_it_is_read() -> None:
    (agent,) = agents_in(csv_of(AGENTS, f"{'A' * 5000},60,0,60,")).agents
    assert len(agent.name) == 300


@pytest.mark.parametrize("label", ["", "All", "voice; chat", "Voice, Chat", "Total", "Alle Medien", "Gesamt"])
def test_a_row_that_adds_up_the_media_is_left_out(label: str) -> None:
    content = csv_of(MEDIA, "Support,voice,5,4,1", "Support,chat,7,7,0", f'Support,"{label}",12,11,1')
    rows = queues_in(content, MEDIA, media=BOTH)
    assert sum(row.offered or 0 for row in rows.intervals) == 12
    assert (len(rows.intervals), rows.gaps) == (2, ())


@pytest.mark.parametrize("label", ["", "All", "voice; chat"])
def test_a_row_of_all_media_that_does_not_add_up_is_refused(label: str) -> None:
    content = csv_of(MEDIA, "Support,voice,5,4,1", "Support,chat,7,7,0", f"Support,{label},15,14,1")
    with pytest.raises(MalformedAnswer, match=r"line 4: the row of 'Support' for the media .* is not the sum"):
        queues_in(content, MEDIA, media=BOTH)


def test_a_sum_over_media_that_the_group_does_not_take_is_left_out_too() -> None:
    content = csv_of(MEDIA, "Support,voice,5,4,1", "Support,email,7,7,0", "Support,All,12,11,1")
    rows = queues_in(content, MEDIA, media=("voice",))
    assert [(row.media_type, row.offered) for row in rows.intervals] == [("voice", 5)]


def test_the_only_row_of_a_queue_is_for_all_its_media() -> None:
    rows = queues_in(csv_of(MEDIA, "Support,All,12,11,1"), MEDIA, media=BOTH)
    assert [(row.media_type, row.offered) for row in rows.intervals] == [("all", 12)]


def test_a_row_of_several_media_for_a_group_of_one_is_refused() -> None:
    with pytest.raises(MalformedAnswer, match="'voice; chat', which the group does not all take"):
        queues_in(csv_of(MEDIA, "Support,voice; chat,12,11,1"), MEDIA, media=("voice",))


@pytest.mark.parametrize("label", ["Web chat", "WhatsApp", "unknown", "Sprache"])
def test_contacts_of_an_unknown_medium_are_reported(label: str) -> None:
    content = csv_of(MEDIA, "Support,voice,10,10,0", f"Support,{label},90,20,70")
    rows = queues_in(content, MEDIA, media=BOTH)
    assert [row.offered for row in rows.intervals] == [10]
    assert rows.gaps[0].kind == "partial"
    assert f"90 contacts of 'Support' under the medium {label!r}" in rows.gaps[0].detail


def test_a_sum_over_an_unknown_medium_is_recognised() -> None:
    content = csv_of(MEDIA, "Support,voice,10,10,0", "Support,Web chat,90,20,70", "Support,All,100,30,70")
    rows = queues_in(content, MEDIA, media=BOTH)
    assert ([row.offered for row in rows.intervals], len(rows.gaps)) == ([10], 1)


def test_a_known_medium_that_the_group_does_not_take_is_no_gap() -> None:
    rows = queues_in(csv_of(MEDIA, "Support,call,5,4,1", "Support,Email,7,7,0"), MEDIA, media=("voice",))
    assert ([row.media_type for row in rows.intervals], rows.gaps) == (["voice"], ())


def test_a_row_for_the_day_beside_half_hours_is_left_out() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned")
    lines = ["Support,2026-11-16 09:00,5,4,1", "Support,2026-11-16 09:30,7,7,0", "Support,,12,11,1"]
    rows = queues_in(csv_of(columns, *lines), columns)
    assert [row.offered for row in rows.intervals] == [5, 7]


def test_a_row_without_a_half_hour_that_does_not_add_up_is_refused() -> None:
    columns = ("queueName", "intervalStart", "offered", "answered", "abandoned")
    lines = ["Support,2026-11-16 09:00,5,4,1", "Support,,12,11,1"]
    with pytest.raises(MalformedAnswer, match="line 3: the queue 'Support' has a row without a half-hour"):
        queues_in(csv_of(columns, *lines), columns)


@pytest.mark.parametrize("name", ["Total", "Summe", "", "Gesamt:", "Итого", "Ana; Bo", "Alle Agenten"])
def test_a_sum_of_agents_is_no_agent(name: str) -> None:
    agents = agents_in(csv_of(AGENTS, "Ana,60,5,30,100", "Bo,40,5,70,200", f"{name},100,10,100,300")).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo"]


def test_a_sum_of_agents_without_a_word_for_it_is_recognised_by_two_columns() -> None:
    agents = agents_in(csv_of(AGENTS, "Ana,60,5,30,100", "Bo,40,5,70,200", "Kokku,100,10,100,300")).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo"]


def test_a_sum_may_come_first() -> None:
    agents = agents_in(csv_of(AGENTS, "Total,100,10,100,300", "Ana,60,5,30,100", "Bo,40,5,70,200")).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo"]


def test_sums_of_teams_and_of_all_are_no_agents() -> None:
    lines = ["Ana,60,5,30,100", "Bo,40,5,70,200", "Team A,100,10,100,300"]
    lines += ["Cy,1,1,1,10", "Di,2,2,2,20", "Team B,3,3,3,30", "Total,103,13,103,330"]
    agents = agents_in(csv_of(AGENTS, *lines)).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo", "Cy", "Di"]


def test_a_total_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(MalformedAnswer, match="line 4: 'Total' is no agent, and neither the sum nor the average"):
        agents_in(csv_of(AGENTS, "Ana,60,5,30,100", "Bo,40,5,70,200", "Total,120,10,100,300"))


def test_an_agent_whose_only_figure_happens_to_be_the_sum_stays_an_agent() -> None:
    columns = ("agentName", "idleSeconds")
    agents = agents_in(csv_of(columns, "Ana,60", "Bo,90", "Cy,150"), columns).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo", "Cy"]


@pytest.mark.parametrize("word", ["Celkem", "TOPLAM", "Yhteensä:", "总计"])
def test_a_total_in_another_language_is_no_agent_even_with_one_column(word: str) -> None:
    columns = ("agentName", "idleSeconds")
    agents = agents_in(csv_of(columns, "Ana,600", "Bo,900", f"{word},1500"), columns).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo"]


def test_two_agents_with_the_same_figures_stay_two() -> None:
    agents = agents_in(csv_of(AGENTS, "Ana,60,5,30,100", "Bo,60,5,30,100")).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo"]


def test_times_longer_than_the_day_are_refused_as_another_unit() -> None:
    with pytest.raises(MalformedAnswer, match="line 2: 9000000 s of 'Ana' are more than the window has"):
        agents_in(csv_of(AGENTS, "Ana,7200000,0,1800000,28800"))
    with pytest.raises(MalformedAnswer, match="line 2: 90000 s of 'Ana' are more than the window has"):
        agents_in(csv_of(AGENTS, "Ana,30000,30000,30000,28800"))


def test_a_row_without_an_agents_name_is_reported() -> None:
    rows = agents_in(csv_of(AGENTS, "Ana,60,5,30,100", "Bo,40,5,70,200", ",7,0,1,3"))
    assert [agent.name for agent in rows.agents] == ["Ana", "Bo"]
    assert "line 4: rows without an agent's name are left out (1)" in rows.gaps[0].detail


@pytest.mark.parametrize("name", ["Продажи-Север", "Support-Engineering", "キュー・サポート"])
def test_a_queue_under_a_similar_name_is_listed_as_unknown(name: str) -> None:
    rows = queues_in(csv_of(COUNTS, f"{name},10,8,7,2"), COUNTS)
    assert rows.unknown_names == {name}


def test_one_medium_under_two_spellings_is_not_counted_twice() -> None:
    content = csv_of(MEDIA, "Support,voice,5,4,1", "Support,Calls,5,4,1")
    with pytest.raises(MalformedAnswer, match="line 3: the queue 'Support' occurs twice for the same time"):
        queues_in(content, MEDIA, media=BOTH)


def test_rows_below_a_merged_name_are_reported() -> None:
    columns = ("queueName", "intervalStart", "offered")
    lines = ["Support,2026-11-16 09:00,5", ",2026-11-16 09:30,7", ",2026-11-16 10:00,8"]
    rows = queues_in(csv_of(columns, *lines), columns)
    assert [row.offered for row in rows.intervals] == [5]
    assert "rows without a queue's name (2), with 15 contacts" in rows.gaps[0].detail


def test_a_row_without_a_name_that_adds_up_all_queues_is_no_gap() -> None:
    columns = ("queueName", "offered")
    rows = queues_in(csv_of(columns, "Support,5", "Sales,7", ",12"), columns)
    assert ([row.offered for row in rows.intervals], rows.gaps) == ([5], ())


def test_more_contacts_in_time_than_answered_are_refused() -> None:
    with pytest.raises(MalformedAnswer, match="line 2: 12 contacts were answered in time, and only 10 were answered"):
        queues_in(csv_of(COUNTS, "Support,12,10,12,2"), COUNTS)


@pytest.mark.parametrize("name", ["Average", "Ø", "Durchschnitt:", "Mean"])
def test_an_average_of_agents_is_no_agent(name: str) -> None:
    lines = ["Ana,60,5,30,100", "Bo,40,6,70,200"]
    agents = agents_in(csv_of(AGENTS, *lines, f"{name},50,5.5,50,150")).agents
    assert [agent.name for agent in agents] == ["Ana", "Bo"]
    with pytest.raises(MalformedAnswer, match="is no agent"):
        agents_in(csv_of(AGENTS, *lines, f"{name},90,5.5,50,150"))


def test_a_file_of_agents_with_nothing_but_a_sum_is_refused() -> None:
    with pytest.raises(MalformedAnswer, match="line 2: 'Total' is no agent"):
        agents_in(csv_of(AGENTS, "Total,60,5,30,100"))


def test_sums_of_half_hours_and_of_the_day_are_no_agents() -> None:
    columns = ("agentName", "intervalStart", "idleSeconds", "interactingSeconds")
    nine = ["Ana,2026-11-16 09:00,60,5", "Bo,2026-11-16 09:00,40,7", "Total,2026-11-16 09:00,100,12"]
    ten = ["Ana,2026-11-16 10:00,6,5", "Bo,2026-11-16 10:00,4,7", "Total,2026-11-16 10:00,10,12"]
    agents = agents_in(csv_of(columns, *nine, *ten, "Total,,110,24"), columns).agents
    assert [(agent.name, agent.idle_ms) for agent in agents] == [("Ana", 66_000), ("Bo", 44_000)]


@pytest.mark.parametrize("name", ["Avg.", "Mean per agent", "Average:", "Durchschnitt pro Agent", "Median"])
def test_a_row_of_averages_is_no_agent_however_it_is_named(name: str) -> None:
    lines = ["Ana,10000,0,5000,28800", "Bo,9000,0,6000,27000", f"{name},9500,0,5500,27900"]
    assert [agent.name for agent in agents_in(csv_of(AGENTS, *lines)).agents] == ["Ana", "Bo"]


@pytest.mark.parametrize("name", ["Median", "Count", "Mean per agent"])
def test_another_statistic_is_refused(name: str) -> None:
    lines = ["Ana,10000,0,5000,28800", "Bo,9000,0,6000,27000", f"{name},2,0,2,2"]
    with pytest.raises(MalformedAnswer, match="is no agent, and neither the sum nor the average"):
        agents_in(csv_of(AGENTS, *lines))


def test_rows_of_the_least_and_the_largest_are_no_agents() -> None:
    lines = ["Ana,10000,0,5000,28800", "Bo,9000,0,6000,27000", "Min,9000,0,5000,27000", "Max,10000,0,6000,28800"]
    assert [agent.name for agent in agents_in(csv_of(AGENTS, *lines)).agents] == ["Ana", "Bo"]


def test_an_agent_may_be_called_max() -> None:
    lines = ["Ana,10000,0,5000,28800", "Bo,9000,0,6000,27000", "Max,10001,0,6000,28800"]
    assert [agent.name for agent in agents_in(csv_of(AGENTS, *lines)).agents] == ["Ana", "Bo", "Max"]


@pytest.mark.parametrize("name", ["Durchschnitt", "Average:", "Mittelwert der Gruppe"])
@pytest.mark.parametrize("figures", ["9500,0,5500,27900,1.5", "9500.4,0,5500,27900,1.50", "9500,,5500,27900,"])
def test_an_average_of_counts_need_not_be_whole(name: str, figures: str) -> None:
    lines = ["Ana,10000,0,5000,28800,1", "Bo,9000,0,6000,27000,2", f"{name},{figures}"]
    agents = agents_in(csv_of((*AGENTS, "exceptionCount"), *lines), (*AGENTS, "exceptionCount")).agents
    assert [(agent.name, agent.exceptions) for agent in agents] == [("Ana", 1), ("Bo", 2)]


def test_another_statistic_with_decimals_is_refused_for_what_it_is() -> None:
    lines = ["Ana,10000,0,5000,28800,1", "Bo,9000,0,6000,27000,2", "Deviation,500,0,500,900,0.5"]
    with pytest.raises(MalformedAnswer, match=r"'Deviation' is no agent.*Leave rows of sums and averages out"):
        agents_in(csv_of((*AGENTS, "exceptionCount"), *lines), (*AGENTS, "exceptionCount"))


def test_a_count_with_decimals_may_be_an_average() -> None:
    with pytest.raises(MalformedAnswer, match=r"'7\.5' makes no sense.*no rows of averages"):
        queues_in(csv_of(COUNTS, "Support,7.5,6.5,5.5,1"), COUNTS)


@pytest.mark.parametrize("word", ["Total", "Summe", "Итого:", ""])
def test_a_sum_may_have_its_word_in_the_place_of_the_half_hour(word: str) -> None:
    columns = ("queueName", "intervalStart", "offered", "answered")
    lines = ["Support,2026-11-16 09:00,10,8", "Support,2026-11-16 09:30,5,5"]
    rows = queues_in(csv_of(columns, *lines, f"Support,{word},15,13"), columns).intervals
    assert [row.offered for row in rows] == [10, 5]
    with pytest.raises(MalformedAnswer, match=r"has a row without a half-hour\. Leave rows of sums out"):
        queues_in(csv_of(columns, *lines, f"Support,{word},16,13"), columns)


def test_a_sum_of_agents_may_have_its_word_in_the_place_of_the_half_hour() -> None:
    columns = ("agentName", "intervalStart", "idleSeconds", "interactingSeconds")
    lines = ["Ana,2026-11-16 09:00,60,5", "Bo,2026-11-16 09:00,40,7", ",Gesamt,100,12"]
    assert [agent.name for agent in agents_in(csv_of(columns, *lines), columns).agents] == ["Ana", "Bo"]
