"""What an operator types on the command line: groups and runs. Click completes both and suggests what was meant.

A group or run that does not exist is a mistake in the command, which ends it with exit status 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from click.shell_completion import CompletionItem
from redis.exceptions import RedisError

from worker.cli.arguments.days import DAYS, Days
from worker.cli.arguments.days import reporting_days as days_of
from worker.domain.groups import Group
from worker.domain.runs import Run, RunId
from worker.errors import SettingsError, StandupError
from worker.groupfiles.problems import nearest
from worker.state.runs import Runs
from worker.wiring import process, stores

Command = Callable[..., None]

RUNS_COMPLETED = 200
"""How many of the newest runs the shell's completion and the suggestions look at."""


class GroupType(click.ParamType):  # type: ignore[type-arg]  # not generic before click 8.5
    """The key of a group in the group files. The command gets the `Group`."""

    name = "group"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Group:
        """Return the group, or end the command with the mistake in its file or the groups that exist."""
        if isinstance(value, Group):
            return value
        groups = stores.groups()
        try:
            return groups.group(value)
        except SettingsError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the groups whose keys begin like this. Nothing if the settings have a mistake."""
        try:
            groups = stores.groups().file().groups
        except StandupError:
            return []
        return [CompletionItem(group.key, help=group.title) for group in groups if group.key.startswith(incomplete)]


class RunType(click.ParamType):  # type: ignore[type-arg]
    """A run's id. With ``existing`` the run must be in the ledger."""

    name = "run"

    def __init__(self, *, existing: bool) -> None:
        self._existing = existing

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> RunId:
        """Return the id, or end the command with the run that was probably meant."""
        if isinstance(value, RunId):
            return value
        try:
            run_id = RunId.parse(value)
        except ValueError as error:
            newest_run = next((run_id for run_id in self._newest_ids() if run_id.group == value), None)
            suggestion = f" Did you mean {newest_run}, the newest of this group?" if newest_run else ""
            self.fail(f"{error}.{suggestion}", param, ctx)
        if self._existing and stores.runs().get(run_id) is None:
            self.fail(f"There is no run {run_id}. {_suggestion(run_id, _newest_ids())}", param, ctx)
        return run_id

    def _newest_ids(self) -> list[RunId]:
        return _newest_ids() if self._existing else []

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the newest runs whose ids begin like this. Nothing if Redis does not answer."""
        process.answer_at_once()  # completion does not run the command group's own function
        try:
            newest_runs = stores.runs().newest(RUNS_COMPLETED)
        except (StandupError, RedisError):
            return []
        return [_completion(run) for run in newest_runs if str(run.id).startswith(incomplete)]


@dataclass(frozen=True, slots=True)
class RunRange:
    """One run, or the runs of a group on a range of days."""

    group: str
    run_id: RunId | None
    days: Days | None

    @property
    def is_range(self) -> bool:
        """Tell whether it was typed as a range."""
        return self.run_id is None

    def run_ids(self, group: Group, runs: Runs, now: datetime) -> list[RunId]:
        """Return the run, or the newest revision of each day of the range that has one."""
        if self.run_id:
            return [self.run_id]
        days = days_of(group, self.days, now)
        newest_runs = [runs.latest_revision(RunId(group.key, day)) for day in days]
        if run_ids := [run.id for run in newest_runs if run]:
            return run_ids
        raise click.BadParameter(f"{group.key} has no run on these days. `standup runs` lists the existing ones.")


class RunsType(RunType):
    """A run's id, or GROUP:FIRST..LAST. The command gets a `RunRange`."""

    name = "runs"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the runs, or end the command with what is expected."""
        if isinstance(value, RunRange):
            return value
        group, _, days_text = value.partition(":")
        if ".." in days_text:
            return RunRange(group, None, DAYS.convert(days_text, param, ctx))
        run_id = super().convert(value, param, ctx)
        return RunRange(run_id.group, run_id, None)


GROUP = GroupType()
EXISTING_RUN = RunType(existing=True)
RUNS = RunsType(existing=False)


def days_and_groups_of(flag: str) -> Callable[[Command], Command]:
    """Return a decorator that adds --date and --group to a command, which go with the flag for many runs."""

    def add(command: Command) -> Command:
        with_groups = click.option(
            "--group", "groups", multiple=True, metavar="KEY", type=GROUP, help=f"With {flag}: only this group."
        )(command)
        return click.option(
            "--date",
            "days",
            type=DAYS,
            metavar="DAY|FIRST..LAST",
            help=f"With {flag}: the reporting day, or a range. Default: each group's last one.",
        )(with_groups)

    return add


def refuse_both_or_neither(argument: object, is_flagged: bool, flag: str, *, has_its_options: bool) -> None:
    """End the command unless it names a run or has the flag for all of them. ``has_its_options``: of the flag."""
    if bool(argument) == is_flagged:
        raise click.UsageError(f"Expected either RUN or {flag}.")
    if has_its_options and not is_flagged:
        raise click.UsageError(f"--date and --group go with {flag}.")


def refuse_unless_known(key: str, *, is_stored: bool) -> None:
    """End the command if a group is neither in the group files nor stored, as a group that was removed may be."""
    if not is_stored:
        GROUP.convert(key, None, None)


def _completion(run: Run) -> CompletionItem:
    return CompletionItem(str(run.id), help=" ".join(filter(None, (run.state.value, run.code))))


def _newest_ids() -> list[RunId]:
    return [run.id for run in stores.runs().newest(RUNS_COMPLETED)]


def _suggestion(wrong: RunId, run_ids: Iterable[RunId]) -> str:
    """Suggest the run of the same or a similarly named group whose day and revision are nearest."""
    by_group: dict[str, list[RunId]] = {}
    for run_id in run_ids:
        by_group.setdefault(run_id.group, []).append(run_id)
    candidates = by_group.get(wrong.group) or by_group.get(nearest(wrong.group, by_group), [])
    if not candidates:
        return "`standup runs` lists the existing ones."
    return f"Did you mean {min(candidates, key=lambda run_id: _distance(run_id, wrong))}?"


def _distance(first: RunId, second: RunId) -> tuple[int, int]:
    return abs((first.reporting_day - second.reporting_day).days), abs(first.revision - second.revision)
