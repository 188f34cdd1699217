"""Group files that are broken on purpose: only their own groups stop, and the file and line are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.groupfiles.conftest import DEFAULTS, HEALTHY, Read
from worker.groupfiles import source, statements, tomltext

SICK = """\
[groups.sick]
zone = "Europe/Berlin"
standup_at = "08:30"
"""

HOSTILE_LINES = {
    "nested": ("title = " + "[" * 1_000, "nested too deeply"),
    "nested and closed": ("title = " + "[" * 200 + "]" * 200, "nested too deeply"),
    "nested tables": ("title = " + "{a=" * 60 + "1" + "}" * 60, "nested too deeply"),
    "digits": ("lead_minutes = " + "9" * 5_000, "a number with too many digits"),
    "hexadecimal digits": ("lead_minutes = 0x" + "f" * 4_000, "a number with too many digits"),
    "octal digits in a list": ("queues = [[0o" + "7" * 6_000 + "]]", "a number with too many digits"),
    "binary digits": ("calendar = { path = 0b" + "1" * 15_000 + " }", "a number with too many digits"),
    "an integer of 65 bits": ("lead_minutes = 18446744073709551616", "a number with too many digits"),
    "megabyte": (f'title = "{"a" * 1_000_000}"', "a line of more than 20000 characters"),
    "dotted": (".".join(["a"] * 5_000) + " = 1", "a key of more than 50 parts"),
    "quoted dots": (".".join(['" "'] * 2_000) + " = 1", "a key of more than 50 parts"),
    "NUL": ('title = "a\0b"', "Illegal character"),
    "lone surrogate": (b'title = "\xed\xa0\x80"', "a byte that is not UTF-8"),
    "escaped surrogate": (r'title = "\ud800"', "not a Unicode scalar value"),
    "unclosed text": ('title = """', "Unterminated string"),
    "unclosed array": ("queues = [", "Invalid value"),
    "half an escape": ('title = """a\\', "Unterminated string"),
}


@pytest.mark.parametrize(("line", "complaint"), HOSTILE_LINES.values(), ids=HOSTILE_LINES)
def test_a_hostile_line_stops_only_its_group_and_is_named(line: str | bytes, complaint: str, read: Read) -> None:
    lines_above = (DEFAULTS + HEALTHY + SICK).encode()
    group_file = read(lines_above + (line if isinstance(line, bytes) else line.encode()))
    [problem] = group_file.problems
    assert [group.key for group in group_file.groups] == ["healthy"]
    assert (problem.line, problem.key, problem.groups) == (lines_above.count(b"\n") + 1, "groups.sick", ("sick",))
    assert complaint in problem.expected
    assert len(str(problem)) < 500
    assert str(problem).isprintable()


@pytest.mark.parametrize("line", ["groups = 0x", "x = 0x", "[defaults]\nlead_minutes = 0x"])
def test_a_long_integer_outside_of_groups_is_named(line: str, read: Read) -> None:
    [problem] = read(f"{line}{'f' * 4_000}\n").problems
    assert problem.line == 1 + line.count("\n")
    assert "a number with too many digits" in problem.expected


def test_a_group_after_an_unclosed_text_still_runs(read: Read) -> None:
    group_file = read(DEFAULTS + SICK + 'title = """\n' + HEALTHY)
    assert [group.key for group in group_file.groups] == ["healthy"]


def test_a_header_inside_a_text_of_many_lines_is_no_header_in_a_valid_file(read: Read) -> None:
    group_file = read(DEFAULTS + HEALTHY.replace('"Healthy"', '"""\n[groups.other]\n"""'))
    assert [group.title for group in group_file.groups] == ["[groups.other]\n"]


def test_groups_that_contradict_each_other_name_a_line(read: Read) -> None:
    group_file = read("groups.healthy = 1\n" + DEFAULTS + HEALTHY)
    assert not group_file.groups
    assert group_file.problems
    assert all(problem.line for problem in group_file.problems)


@pytest.mark.parametrize("line", ["x = = 1", 'x = """', "[groups.sick0]", "x = [", 'x = "\0"'])
def test_the_parsers_work_grows_with_the_file_and_not_with_its_mistakes(
    line: str, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed_characters = 0

    def counted_load(text: str) -> dict[str, object]:
        nonlocal parsed_characters
        parsed_characters += len(text)
        return statements.load(text)

    monkeypatch.setattr(tomltext, "load", counted_load)
    text = DEFAULTS + HEALTHY + "".join(SICK.replace("sick", f"sick{n}") + f"{line}\n" for n in range(400))
    assert read(text).problems
    assert parsed_characters < 8 * len(text)


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 10)
    path = tmp_path / "groups.toml"
    path.write_text(DEFAULTS)
    [problem] = source.read_source(path).problems
    assert problem.found == "more than 10 bytes"


def test_the_name_of_a_file_may_be_no_utf_8(read: Read) -> None:
    group_file = read(**{"healthy": DEFAULTS + HEALTHY, "k\udcf6ln": SICK, "\udcff": "[groups.sick]\n"})
    assert [group.key for group in group_file.groups] == ["healthy"]
    text = "\n".join(map(str, group_file.problems))
    assert "/k\N{REPLACEMENT CHARACTER}ln.toml:1" in text
    assert "with this name at " in text
    text.encode()
