"""A scenario file with a mistake is refused, and the message names file, key and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.scenario.file import ScenarioError, load
from sandbox.scenario.troubles import NotYet, RateLimit

CLIENT = '[[clients]]\nid = "standup"\nsecret = "s3cret"\n'
GROUP = CLIENT + '[groups.emea]\nzone = "Europe/Berlin"\nqueues = ["Billing"]\n'


def _write(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_short_scenario_gets_defaults(tmp_path: Path) -> None:
    scenario = load(_write(tmp_path, GROUP))
    assert (scenario.quota.per_minute, scenario.groups["emea"].minutes) == (300, (480, 1080))
    assert [queue.name for queue in scenario.groups["emea"].queues] == ["Billing"]


def test_trouble_is_read_by_kind(tmp_path: Path) -> None:
    trouble = 'trouble = [{kind = "not_yet", not_found = 2}, {kind = "rate_limit", times = 3, retry_after = 5}]\n'
    assert load(_write(tmp_path, GROUP + trouble)).groups["emea"].trouble == (
        NotYet(kind="not_yet", not_found=2, unavailable=1),
        RateLimit(kind="rate_limit", times=3, retry_after=5),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = 7\n", "clients: Field required"),
        (GROUP + "agent = 3\n", "groups.emea.agent: Extra inputs are not permitted (found 3)"),
        (GROUP + 'open = "18:00-08:00"\n', "groups.emea.open: Value error, expected hours that begin before they end"),
        (GROUP + 'open = "eight to six"\n', "groups.emea.open: Value error, expected hours such as 08:00-18:00"),
        (GROUP.replace("Europe/Berlin", "Europe/Atlantis"), "groups.emea.zone: Value error, expected an IANA zone"),
        (GROUP + 'trouble = [{kind = "earthquake"}]\n', "groups.emea.trouble.0: Input tag 'earthquake'"),
        (GROUP + 'trouble = [{kind = "slow_export"}]\n', "groups.emea.trouble.0.slow_export.seconds: Field required"),
        (GROUP + GROUP.removeprefix(CLIENT).replace("emea", "apac"), "queue 'Billing' occurs twice"),
        (CLIENT + CLIENT, "client 'standup' occurs twice"),
        (
            CLIENT + '[[calendars]]\nid = "uk"\nname = "UK"\nzone = "Europe/London"\ngroup = "emae"\n',
            "names the group 'emae', which does not exist",
        ),
        ("seed = \n", "not TOML: Invalid value (at line 1, column 8)"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(ScenarioError) as refusal:
        load(path)
    assert str(refusal.value).startswith(f"{path}: ")
    assert message in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nowhere\.toml: No such file"):
        load(tmp_path / "nowhere.toml")


def test_the_example_in_the_documentation_is_a_scenario(tmp_path: Path) -> None:
    document = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")
    example = document.partition("```toml\n")[2].partition("```")[0]
    assert set(load(_write(tmp_path, example)).groups) == {"support-emea"}
