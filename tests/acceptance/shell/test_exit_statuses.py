"""Every command has the same exit statuses: docs/shell.md lists them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from tests.acceptance.installation import DAY, Installation, group
from tests.waiting import HANG_SECONDS
from worker.cli import COMMANDS, main
from worker.cli.arguments.days import REPORTING_DAY
from worker.cli.demo.processes import python
from worker.cli.starting import NO_WORKER

DOCUMENT = (Path(__file__).parents[3] / "docs" / "shell.md").read_text("utf-8")

WRONG_GROUP = {
    "plan": ("--group", "suport"),
    "run": ("suport",),
    "rerun": (f"suport:{DAY}",),
    "resend": (f"suport:{DAY}",),
    "runs": ("--group", "suport"),
    "explain": (f"suport:{DAY}",),
    "preview": ("suport",),
    "pause": ("suport",),
    "resume": ("suport",),
    "doctor": ("--group", "suport"),
    "forget": ("suport", "--before", str(DAY)),
}
"""The arguments of each command that takes a group or a run, with a group that does not exist."""

WITHOUT_GROUP = {"init", "groups", "notices", "metrics", "recover-ledger", "board", "demo"}


@pytest.fixture(scope="module")
def installation(shared_installation: Installation) -> Installation:
    """One group in the group file, one run of it in the ledger, and no worker."""
    shared_installation.configure(
        GROUPS=str(shared_installation.folder / "groups.toml"),
        REDIS_URL=shared_installation.redis_url,
        ARTIFACTS=str(shared_installation.folder / "artifacts"),
    )
    shared_installation.write_groups({"support": group("Support", "Q1")})
    printed = shared_installation.standup("run", "support", "--date", str(DAY), expect=NO_WORKER)
    assert "No worker answered within 20 s" in printed
    return shared_installation


def load(name: str) -> click.Command:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


def test_every_command_is_tried_and_described() -> None:
    assert set(WRONG_GROUP) | WITHOUT_GROUP == set(COMMANDS)
    assert set(re.findall(r"^\| `standup ([\w-]+)", DOCUMENT, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("command", WRONG_GROUP)
def test_an_unknown_group_ends_with_2_and_a_suggestion(installation: Installation, command: str) -> None:
    assert "Did you mean support" in installation.standup(command, *WRONG_GROUP[command], expect=2)
    assert [str(run.id) for run in installation.runs.newest()] == [f"support:{DAY}"]


@pytest.mark.parametrize("command", sorted(WRONG_GROUP.keys() - {"plan", "runs", "doctor"}))
def test_a_command_without_its_group_or_run_ends_with_2(command: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        load(command).main([], standalone_mode=False)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_ends_with_2(command: str) -> None:
    with pytest.raises(click.NoSuchOption) as caught:
        load(command).make_context(command, ["--sorted"])
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("command", sorted({*WRONG_GROUP, "metrics"} - {"plan", "doctor"}))
def test_a_redis_that_is_away_ends_with_1(installation: Installation, command: str) -> None:
    environment = os.environ | installation.environment | {"STANDUP_REDIS_URL": "redis://127.0.0.1:1/0"}
    arguments = [argument.replace("suport", "support") for argument in WRONG_GROUP.get(command, ())]
    ended = subprocess.run(
        python("-m", "worker.cli", command, *arguments), env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "Redis does not answer at 127.0.0.1:1/0 (ConnectionError). Check STANDUP_REDIS_URL" in ended.stderr


@pytest.mark.parametrize("command", [("run", "support", "--date", str(DAY - timedelta(days=1))), ("pause", "support")])
def test_a_full_redis_is_called_full(installation: Installation, command: tuple[str, ...]) -> None:
    installation.redis.config_set("maxmemory", 1)
    try:
        printed = installation.standup(*command, expect=1)
    finally:
        installation.redis.config_set("maxmemory", 0)
    assert printed.startswith("Error: Redis is full and takes no writes. Give it more memory (maxmemory).")


@pytest.mark.parametrize("command", ["runs", "run"])
def test_a_redis_that_refuses_the_password_is_not_called_silent(installation: Installation, command: str) -> None:
    url = installation.redis_url.replace("redis://", "redis://someone:wrong@")
    ended = subprocess.run(
        python("-m", "worker.cli", command, *(["support"] if command == "run" else [])),
        env=os.environ | installation.environment | {"STANDUP_REDIS_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: Redis refuses the user name or password. Correct them in STANDUP_REDIS_URL")


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("rerun", "--failed"), "In the groups that can run: no run failed or was missed."),
        (("resend", "--all"), "In the groups that can run: every run has reached everyone"),
        (("recover-ledger",), "In the groups that can run: every run whose message is stored has its record"),
    ],
)
def test_a_group_that_cannot_run_is_named_by_commands_for_all_groups(
    installation: Installation, command: tuple[str, ...], sentence: str
) -> None:
    file = installation.folder / "groups.toml"
    sound_text = file.read_text("utf-8")
    try:
        file.write_text(f"{sound_text}\n[groups.sick]\nzone = 1\n", "utf-8")
        printed = installation.standup(*command, expect=1)
        if command != ("recover-ledger",):
            assert "groups.sick" not in installation.standup(*command, "--group", "support")
    finally:
        file.write_text(sound_text, "utf-8")
    assert "groups.sick.zone: found 1" in printed
    assert "The runs of these groups are left out." in printed
    assert sentence in printed


def test_a_number_of_runs_beyond_all_bounds_ends_with_2(installation: Installation) -> None:
    assert "is not in the range" in installation.standup("runs", "--limit", "9" * 20, expect=2)


def test_a_plan_without_any_group_says_so_and_ends_with_1(installation: Installation, tmp_path: Path) -> None:
    ended = subprocess.run(
        python("-m", "worker.cli", "plan"),
        env=os.environ | installation.environment | {"STANDUP_GROUPS": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "No stand-ups in these days.\n")
    assert "found no group, expected at least one [groups.<key>]" in ended.stderr


def test_an_unknown_command_ends_with_2_and_a_suggestion(installation: Installation) -> None:
    assert 'no command "rnus". Did you mean runs?' in installation.standup("rnus", expect=2)
    assert 'There is no command "xyz". The commands are: init, ' in installation.standup("xyz", expect=2)


def test_a_run_that_is_not_there_is_answered_with_the_nearest_day(installation: Installation) -> None:
    output = installation.standup("explain", "support:2020-01-01", expect=2)
    assert f"There is no run support:2020-01-01. Did you mean support:{DAY}?" in output
    output = installation.standup("explain", "support", expect=2)
    assert "is not a run: expected GROUP:DAY" in output
    assert f"Did you mean support:{DAY}" in output


@pytest.mark.parametrize("command", ["explain", "rerun", "resend", "run", "preview"])
@pytest.mark.parametrize("words", [["support:yestreday"], ["support", "yestreday"]])
def test_a_misspelt_day_ends_every_command_with_2_and_the_same_suggestion(
    installation: Installation, command: str, words: list[str]
) -> None:
    output = installation.standup(command, *words, expect=2)
    assert "'yestreday': expected YYYY-MM-DD, last, today, yesterday" in output
    assert "Did you mean yesterday?" in output


@pytest.mark.parametrize(
    "words",
    [[f"support:{DAY}"], ["support", str(DAY)], ["support", f"{DAY:%A}"], ["support:yesterday"], ["support:last"]],
)
def test_a_run_is_found_by_a_word_for_its_day(installation: Installation, words: list[str]) -> None:
    assert f"support:{DAY}" in installation.standup("explain", *words)


def test_a_word_for_a_day_without_a_run_is_answered_with_the_nearest_run(installation: Installation) -> None:
    output = installation.standup("explain", "support:tomorrow", expect=2)
    assert f"Did you mean support:{DAY}?" in output


@pytest.fixture
def mondays_only(installation: Installation) -> Iterator[Installation]:
    """The group has stand-ups on Mondays only."""
    installation.write_groups({"support": group("Support", "Q1", workdays=["mon"])})
    yield installation
    installation.write_groups({"support": group("Support", "Q1")})


@pytest.mark.parametrize("command", [("run", "support", "--date"), ("run", "support"), ("rerun", "support")])
def test_a_range_without_a_workday_ends_with_2(mondays_only: Installation, command: tuple[str, ...]) -> None:
    saturday = DAY - timedelta(days=DAY.weekday() + 2)
    words = f"{saturday}..{saturday + timedelta(days=1)}"
    assert f"{words} has no workday of support, which are mon" in mondays_only.standup(*command, words, expect=2)


@pytest.mark.parametrize("command", ["explain", "rerun", "resend", "run", "preview"])
def test_a_day_with_a_hyphen_is_no_option(installation: Installation, command: str) -> None:
    output = installation.standup(command, "support", "-400d..today", expect=2)
    assert "No such option" not in output
    assert "expected one day, not a range" in output or "at most 92 days" in output


def test_a_day_that_is_given_twice_ends_with_2(installation: Installation) -> None:
    output = installation.standup("run", "support:yesterday", "--date", "yesterday", expect=2)
    assert "The day is given twice" in output
    assert "unexpected extra argument" in installation.standup("explain", "support:last", "yesterday", expect=2)


def test_the_runs_of_a_group_that_was_removed_can_be_listed(installation: Installation) -> None:
    installation.write_groups({"other": group("Other", "Q1")})
    try:
        assert f"support:{DAY}" in installation.standup("runs", "--group", "support")
        assert installation.standup("runs", "--group", "other", "--json") == "[]\n"
    finally:
        installation.write_groups({"support": group("Support", "Q1")})


@pytest.fixture
def heeded_interrupts() -> Iterator[None]:
    """Let the programs that a test starts heed Ctrl-C.

    A shell without job control starts background jobs that ignore it, and so does all that they start
    (POSIX.1-2017, XCU 2.11).
    """
    earlier_handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, earlier_handler)


@pytest.mark.usefixtures("heeded_interrupts")
@pytest.mark.parametrize("command", [("runs", "--watch"), ("explain", f"support:{DAY}", "--follow")])
def test_ctrl_c_ends_with_130_and_one_line(installation: Installation, command: tuple[str, ...]) -> None:
    program = subprocess.Popen(
        python("-m", "worker.cli", *command),
        env=os.environ | installation.environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert f"support:{DAY}" in program.stdout.readline()
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=HANG_SECONDS)
    assert (program.returncode, errors) == (130, "Interrupted.\n")


def test_the_version_is_that_of_the_package(installation: Installation) -> None:
    assert installation.standup("--version") == f"standup {version('standup-briefings')}\n"


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("pla", ["plan"]),
        ("run sup", ["support"]),
        ("plan --group s", ["support"]),
        ("runs --group s", ["support"]),
        ("run support --date yes", ["yesterday"]),
        ("explain sup", [f"support:{DAY}"]),
        ("rerun sup", [f"support:{DAY}"]),
        ("explain other", []),
        ("explain support :", [str(DAY), *REPORTING_DAY.words]),
        ("explain support : yes", ["yesterday"]),
        ("explain support : 2", [str(DAY)]),
        ("explain support", [f"support:{DAY}"]),
        ("rerun support yes", ["yesterday"]),
        ("run support : la", ["last"]),
        ("preview support la", ["last"]),
        ("preview support last la", []),
        ("explain support : last y", []),
    ],
)
def test_commands_groups_runs_and_days_are_completed(
    installation: Installation, typed: str, completed: list[str]
) -> None:
    words = {"_STANDUP_COMPLETE": "bash_complete", "COMP_WORDS": f"standup {typed}"}  # bash splits at each colon
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("standup"))],
        env=os.environ | installation.environment | words | {"COMP_CWORD": str(len(typed.split()))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line.partition(",")[2] for line in ended.stdout.split()] == completed
    assert ended.stderr == ""
