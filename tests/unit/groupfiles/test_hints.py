"""A line that is not valid TOML is answered with what its author probably meant."""

from __future__ import annotations

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("zone = Europe/Berlin", 'zone = "Europe/Berlin"'),
        ("title = Süd  # the south", 'title = "Süd"  # the south'),
        ("enabled = True", "enabled = true"),
        ("title = “Support”", 'title = "Support"'),
        ("standup_at = 08:30", 'standup_at = "08:30"'),
        ("standup_at = 8:30  # early", 'standup_at = "08:30"  # early'),
        ("standup_at = 0830", 'standup_at = "08:30"'),
        ("lead_minutes = 045", "lead_minutes = 45"),
        ("queues = [Billing]", 'queues = ["Billing"]'),
        ('queues = [Billing DE, "Tech"; Sales]', 'queues = ["Billing DE", "Tech", "Sales"]'),
        ('queues = ["Billing" "Tech"]', 'queues = ["Billing", "Tech"]'),
        ('queues = ["Billing"; "Tech"]', 'queues = ["Billing", "Tech"]'),
        ('queues = ["Billing"', 'queues = ["Billing"]'),
        ('queues = "Billing"]', 'queues = ["Billing"]'),
        ('queues = ["Billing]', 'queues = ["Billing"]'),
        ("queues = [„Billing“]", 'queues = ["Billing"]'),
        ('title: "A"', 'title = "A"'),
        ("title: A team", 'title = "A team"'),
        ('title "A"', 'title = "A"'),
        ('title = "A', 'title = "A"'),
        ('title = "A";', 'title = "A"'),
        ("enabled = yes", "enabled = true"),
        ("// no charts", "# no charts"),
        ("targets.service_level = 80%", "targets.service_level = 0.8"),
        ("targets.service_level = 0,8", "targets.service_level = 0.8"),
        (r'report = "C:\new\x.json"', r"report = 'C:\new\x.json'"),
        ("queues = [", ""),
        ("title = = 1", ""),
    ],
)
def test_a_line_that_is_no_toml_is_answered_with_what_was_meant(read: Read, line: str, near: str) -> None:
    (problem,) = read(f"[groups.one]\n{line}\n").problems
    assert (problem.line, problem.meant) == (2, near)


@pytest.mark.parametrize(
    ("header", "near"),
    [
        ("[groups.münchen]", "[groups.munchen]"),
        ("[groups.Support Süd]", "[groups.support-sud]"),
        ("[groups.support/emea.deliver]", "[groups.support-emea.deliver]"),
        ("[groups.東京]", "[groups.support]"),
    ],
)
def test_a_header_with_other_letters_is_answered_with_the_form_of_a_key(read: Read, header: str, near: str) -> None:
    (problem,) = read(f'{header}\ntitle = "T"\n').problems
    assert (problem.line, problem.meant) == (1, near)
    assert "lower-case letters (a to z)" in problem.expected


@pytest.mark.parametrize(
    "header",
    ["groups.sick]", "groups.sick", "(groups.sick)", "{groups.sick}", "- [groups.sick]", "\ufeff[groups.sick]"],
)
def test_a_broken_header_stops_its_own_group_only_and_names_it(read: Read, header: str) -> None:
    group_file = read(f'{DEFAULTS}{HEALTHY}{header}\ntitle = "Sick"\nenabled = false\n')
    (problem,) = group_file.problems
    assert [(group.key, group.enabled) for group in group_file.groups] == [("healthy", True)]
    assert (problem.line, problem.meant) == ((DEFAULTS + HEALTHY).count("\n") + 1, "[groups.sick]")


@pytest.mark.parametrize("line", ["# groups.other", "// groups.other follows", "; [groups.other]"])
def test_a_comment_about_a_group_is_no_header(read: Read, line: str) -> None:
    group_file = read(f"{DEFAULTS}{HEALTHY}{line}\nenabled = false\n[groups.sick]\nx = = 1\n")
    assert not any(group.enabled for group in group_file.groups)


def test_an_open_header_with_a_key_in_order_keeps_what_the_parser_says(read: Read) -> None:
    (problem,) = read('[groups.one\ntitle = "T"\n').problems
    assert problem.expected.startswith("valid TOML")


@pytest.mark.parametrize(
    ("lines", "line", "near"),
    [
        ('queues = [\n  "Billing"\n  "Tech",\n]', 3, '"Billing",'),
        ('queues = [\n  "Billing",\n  Tech,\n]', 4, '"Tech",'),
        ('queues = [\n  "Billing",\n  "Tech"\n\n# to whom\ndeliver.email = ["a@example.com"]', 4, '"Tech"]'),
        ('queues = ["Billing"\nzone = "Europe/Berlin"', 2, 'queues = ["Billing"]'),
    ],
)
def test_the_line_of_a_list_that_is_wrong_is_named(read: Read, lines: str, line: int, near: str) -> None:
    (problem,) = read(f"[groups.one]\n{lines}\n").problems
    assert (problem.line, problem.meant) == (line, near)


@pytest.mark.parametrize(
    ("text", "line", "earlier"),
    [
        ('[groups.one]\ntitle = "A"\nqueues = ["Q"]\ntitle = "B"\n', 4, 2),
        ('[groups.one]\ntitle = "A"\n[groups.two]\ntitle = "B"\n[groups.one]\ntitle = "C"\n', 5, 1),
        ('[groups.one]\ndeliver.email = ["a@example.com"]\n[groups.one.deliver]\nslack = ["x"]\n', 3, 2),
        ('[groups.one]\nqueues = ["Q"]\nqueues = [\n  "R",\n]\n', 3, 2),
    ],
)
def test_a_key_that_is_there_twice_is_named_with_both_lines(read: Read, text: str, line: int, earlier: int) -> None:
    problem = next(problem for problem in read(text).problems if problem.key.startswith("groups.one"))
    assert (problem.line, problem.meant) == (line, "")
    assert problem.expected == f"each key and each table once. It is already in line {earlier}"
