"""The `standup` command: one file a subcommand.

groups     the supervisor groups and what is wrong in their files
plan       the next stand-ups: windows, clock changes, holidays
run        has a group's briefing of a day, once
rerun      makes and sends a run anew, as its next revision
resend     sends a run again to those who did not get it
runs       the newest runs and how they stand
explain    the whole story of a run
preview    a group's documents and message, without sending them
doctor     whether everything is in order, and what to do where it is not
notices    the endpoint that takes notices of finished exports
metrics    the metrics, for Prometheus
forget     deletes what is kept of a group before a date, and shows that it is gone
demo       a whole morning on this machine

A command's module is imported when it is asked for, so that `standup plan` does not wait for what the demo needs.
"""

from __future__ import annotations

import importlib
from typing import Any

import click
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError, ResponseError

from worker.errors import StandupError

COMMANDS = {
    "groups": "worker.cli.groups",
    "plan": "worker.cli.plan",
    "run": "worker.cli.run",
    "rerun": "worker.cli.run",
    "resend": "worker.cli.resend",
    "runs": "worker.cli.runs",
    "explain": "worker.cli.explain",
    "preview": "worker.cli.preview",
    "doctor": "worker.cli.doctor",
    "notices": "worker.cli.notices",
    "metrics": "worker.cli.notices",
    "forget": "worker.cli.forget",
    "demo": "worker.cli.demo",
}
"""Subcommand → the module that has a click command of that name."""


class _Commands(click.Group):
    """The subcommands, imported late; our own errors end as one sentence and exit status 1, without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StandupError as error:
            raise click.ClickException(str(error)) from None
        except ResponseError as error:
            raise click.ClickException(
                f"Redis refuses: {error}. Check STANDUP_REDIS_URL; `standup doctor` looks at the server."
            ) from None
        except (RedisError, OperationalError) as error:
            raise click.ClickException(
                f"Redis does not answer ({type(error).__name__}). Check STANDUP_REDIS_URL, and that the server runs."
            ) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Yesterday's figures, in every supervisor's hands before the morning stand-up."""
