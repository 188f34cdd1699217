"""Groups and options on the command line. Click completes them and suggests what was meant.

A group that does not exist is a mistake in the command, which ends it with exit status 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from worker.cli.arguments.days import REPORTING_DAYS
from worker.domain.groups import Group
from worker.errors import SettingsError, StandupError
from worker.wiring import stores

Command = Callable[..., None]


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


GROUP = GroupType()


def days_and_groups_of(flag: str) -> Callable[[Command], Command]:
    """Return a decorator that adds --date and --group to a command, which go with the flag for many runs."""

    def add(command: Command) -> Command:
        with_groups = click.option(
            "--group", "groups", multiple=True, metavar="KEY", type=GROUP, help=f"With {flag}: only this group."
        )(command)
        return click.option(
            "--date",
            "days",
            type=REPORTING_DAYS,
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
