"""An answer that cannot be used is told with the reason, and the question is asked again."""

from __future__ import annotations

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
        (dialog.zone_name, "Berlin"),
        (dialog.time_of_day, "8:30"),
        (dialog.time_of_day, "24:00"),
        (dialog.country_code, "Germany"),
    ],
)
def test_an_answer_of_another_form_is_refused(accept: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match=r".{10}"):
        accept(text)
