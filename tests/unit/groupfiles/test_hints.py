"""A line that is not valid TOML is answered with what its author probably meant."""

from __future__ import annotations

import pytest

from tests.unit.groupfiles.conftest import Read


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("zone = Europe/Berlin", 'zone = "Europe/Berlin"'),
        ("title = Süd  # the south", 'title = "Süd"'),
        ("enabled = True", "enabled = true"),
        ("title = “Support”", 'title = "Support"'),
        ("standup_at = 08:30", '"08:30"'),
        ('deliver.email = "a" "b"', ""),
        ("queues = [Billing]", ""),
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


def test_an_open_header_with_a_key_in_order_keeps_what_the_parser_says(read: Read) -> None:
    (problem,) = read('[groups.one\ntitle = "T"\n').problems
    assert problem.expected.startswith("valid TOML")
