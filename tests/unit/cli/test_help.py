"""What `standup --help` shows in 80 columns."""

from __future__ import annotations

from click.testing import CliRunner

from worker.cli import COMMANDS, SECTIONS, main


def shown_help() -> list[str]:
    return CliRunner().invoke(main, ["--help"], terminal_width=80).output.splitlines()


def test_each_command_is_in_one_section() -> None:
    assert sorted(name for names in SECTIONS.values() for name in names) == sorted(COMMANDS)


def test_no_command_is_cut() -> None:
    lines = shown_help()
    assert not [line for line in lines[1:] if line.endswith("...")]
    assert all(len(line) <= 80 for line in lines)


def test_what_to_type_on_a_bad_morning_is_last() -> None:
    assert [line.split()[:2] for line in shown_help()[-5:]] == [
        ["standup", name] for name in ("doctor", "runs", "explain", "rerun", "resend")
    ]
