"""An answer that cannot be used is told with the reason, and the question is asked again."""

from __future__ import annotations

import re
from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner

from worker.cli.init import dialog
from worker.cli.init.organisation import matching_queues
from worker.cli.init.questions import ask, one_of

QUEUES = ("Billing DE", "Billing EN", "Tech, second line", "Tech")


def test_a_question_is_repeated_until_its_answer_can_be_used() -> None:
    @click.command()
    def command() -> None:
        click.echo(f"taken: {ask('Encrypted by', one_of('tls', 'none'))}")

    output = CliRunner().invoke(command, input="ssl\ntls\n").output
    assert output.count("Encrypted by: ") == 2
    assert "One of tls, none, please." in output
    assert output.endswith("taken: tls\n")


@pytest.mark.parametrize(
    ("text", "queues"),
    [
        ("Billing DE", ("Billing DE",)),
        ("Tech, second line", ("Tech, second line",)),
        ("billing en, Tech", ("Billing EN", "Tech")),
        ("second, second line", ("Tech, second line",)),
    ],
)
def test_queues_are_named_whole_or_by_a_part(text: str, queues: tuple[str, ...]) -> None:
    assert matching_queues(text, QUEUES) == queues


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("billing", '"billing" is in the names of 2 queues: Billing DE, Billing EN.'),
        ("Sales", 'No queue has "Sales" in its name.'),
        (" , ", "Please name at least one queue."),
        ("?", "Billing DE, Billing EN, Tech, Tech, second line."),
    ],
)
def test_a_name_that_is_not_one_queue_is_answered_with_names(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        matching_queues(text, QUEUES)
    assert " ".join(str(raised.value).split()).startswith(sentence)


def test_hundreds_of_queues_are_not_all_listed() -> None:
    with pytest.raises(ValueError, match="and 288 more"):
        matching_queues("?", [f"Queue {number}" for number in range(300)])


@pytest.mark.parametrize(
    ("accept", "text"),
    [
        (dialog.domain, "mypurecloud"),
        (dialog.domain, "https://api.mypurecloud.de"),
        (dialog.port, "0"),
        (dialog.port, "٥"),
        (dialog.address, "ana"),
        (dialog.recipient, "ana"),
        (dialog.recipient, "Ana <ana@example.com>"),
        (dialog.zone_name, "Berlin"),
        (dialog.mail_server, "smtp://mail.example.com"),
        (dialog.mail_server, "mail.example.com:25"),
        (dialog.time_of_day, "24:00"),
        (dialog.time_of_day, "8:60"),
        (dialog.time_of_day, "830"),
        (dialog.country_code, "Germany"),
    ],
)
def test_an_answer_of_another_form_is_refused(accept: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match=r".{10}"):
        accept(text)


@pytest.mark.parametrize(
    ("accept", "text", "answer"),
    [
        (dialog.time_of_day, "8:30", "08:30"),
        (dialog.time_of_day, "08:30", "08:30"),
        (dialog.domain, "MyPureCloud.de", "mypurecloud.de"),
        (dialog.country_code, "de", "DE"),
    ],
)
def test_an_answer_is_brought_into_its_form(accept: Callable[[str], str], text: str, answer: str) -> None:
    assert accept(text) == answer


@pytest.mark.parametrize(
    ("accept", "text", "suggestion"),
    [
        (dialog.zone_name, "Berlin", "Did you mean Europe/Berlin?"),
        (dialog.zone_name, "new york", "Did you mean America/New_York?"),
        (dialog.country_code, "Germany", "Expected DE"),
    ],
)
def test_an_answer_that_cannot_be_used_suggests_what_was_meant(
    accept: Callable[[str], str], text: str, suggestion: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(suggestion)):
        accept(text)
