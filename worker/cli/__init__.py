"""The `standup` command. Each subcommand has a file.

init/       set up a first group by questions: `.env`, a group file, doctor, a preview
groups      show the supervisor groups and every mistake in their files
plan        show the next stand-ups: windows, clock changes, holidays
run         create a group's briefing for a day or for a range of days, once
rerun       make a run again as its next revision, or say what that would change
resend      send a run again to those who did not get it
runs        list the newest runs and their state
explain     show everything that happened in a run
preview     make a group's documents and message without sending them
pause       `pause` and `resume`: no briefings for a group for some time
doctor      check everything that a morning needs, and say how to fix what is wrong
notices     `notices` and `metrics`: serve the endpoint for notices of finished exports, or print the Prometheus metrics
recover_ledger  restore the records of a day after Redis was emptied
board       serve the web page "This morning"
forget      delete a group's stored days before a date, and show that they are gone
demo/       run a whole morning on this machine
starting    what run and rerun share: is a worker there, and how did the runs end
failed_runs  what rerun --failed and resend --all share: the runs that ended badly
unsent      make what would be sent for a day, without a run
arguments/  what an operator types: groups, runs and days
output      how all of them print: tables, JSON, problems

The module of a command is imported when the command is used, so that `standup plan` does not load what the demo needs.
"""

from __future__ import annotations

import importlib
import re
from typing import Any

import click
from click.shell_completion import add_completion_class
from kombu.exceptions import OperationalError
from redis.exceptions import AuthenticationError, OutOfMemoryError, RedisError, ResponseError

from worker.cli.arguments.bash import ColonComplete
from worker.cli.arguments.days import without_option_sign
from worker.errors import StandupError
from worker.groupfiles.problems import nearest

COMMANDS = {
    "init": "worker.cli.init",
    "groups": "worker.cli.groups",
    "plan": "worker.cli.plan",
    "run": "worker.cli.run",
    "rerun": "worker.cli.rerun",
    "resend": "worker.cli.resend",
    "runs": "worker.cli.runs",
    "explain": "worker.cli.explain",
    "preview": "worker.cli.preview",
    "pause": "worker.cli.pause",
    "resume": "worker.cli.pause",
    "doctor": "worker.cli.doctor",
    "notices": "worker.cli.notices",
    "metrics": "worker.cli.notices",
    "recover-ledger": "worker.cli.recover_ledger",
    "board": "worker.cli.board",
    "forget": "worker.cli.forget",
    "demo": "worker.cli.demo",
}
"""Subcommand → the module with the click command of that name, with an underscore for a hyphen."""

SECTIONS = {
    "When something is wrong": ("doctor", "runs", "explain", "board"),
    "Make and send briefings": ("run", "rerun", "resend", "preview"),
    "Groups": ("init", "groups", "plan", "pause", "resume"),
    "Stored data": ("forget", "recover-ledger"),
    "Servers, figures, demo": ("notices", "metrics", "demo"),
}
"""How `standup --help` shows the subcommands."""

_COLUMN_GAPS = len("    ") + len("  ")
"""The spaces before and between the columns of the list of commands."""

_FIRST_LOOK = """\b
On a bad morning:
  standup doctor             what is wrong with the installation
  standup runs               which groups have their briefing
  standup explain RUN        why one does not, and the command that fixes it
  standup rerun --failed     after the fix: continue all that failed
  standup resend --all       after the fix: send to all who were not reached"""


_PIPELINE = re.compile(r"^Command # \d+ \(.*?\) of pipeline caused error: ", re.DOTALL)
"""What redis-py adds before the server's answer to a command of several."""


class _Interrupted(click.ClickException):
    """Ctrl-C. The exit status is 128 + SIGINT, as shells have it."""

    exit_code = 130

    def show(self, file: Any = None) -> None:
        """Print one line, without the word "Error"."""
        click.echo("Interrupted.", file=file, err=True)


class _Commands(click.Group):
    """The subcommands, imported on use. An error of ours ends with one sentence and exit status 1.

    docs/shell.md lists the exit statuses.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the subcommands in sections, all in one column."""
        width = max(map(len, COMMANDS))
        room = formatter.width - width - _COLUMN_GAPS
        for title, names in SECTIONS.items():
            with formatter.section(title):
                commands = [(name.ljust(width), self.get_command(ctx, name)) for name in names]
                formatter.write_dl([(name, command.get_short_help_str(room)) for name, command in commands if command])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name.replace("-", "_"))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            suggestion = f"Did you mean {near}?" if near else f"The commands are: {', '.join(COMMANDS)}."
            ctx.fail(f'There is no command "{args[0]}". {suggestion}')
        return super().resolve_command(ctx, [args[0], *map(without_option_sign, args[1:])])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _Interrupted("") from None
        except StandupError as error:
            raise click.ClickException(str(error)) from None
        except ResponseError as error:
            raise click.ClickException(_refusal(error)) from None
        except (RedisError, OperationalError) as error:
            if isinstance(error, AuthenticationError) or isinstance(error.__cause__, AuthenticationError):
                raise click.ClickException(
                    "Redis refuses the user name or password. Correct them in STANDUP_REDIS_URL, and in "
                    "STANDUP_BROKER_URL if it is set."
                ) from None
            raise click.ClickException(_silence(error)) from None


def _refusal(error: ResponseError) -> str:
    if isinstance(error, OutOfMemoryError) or "'maxmemory'" in str(error):
        return "Redis is full and takes no writes. Give it more memory (maxmemory). `standup doctor` examines it."
    text = _PIPELINE.sub("", str(error)).rstrip(".")
    return f"Redis refuses: {text}. Check STANDUP_REDIS_URL. `standup doctor` examines the server."


def _silence(error: Exception) -> str:
    from worker.wiring import process

    is_of_broker = isinstance(error, OperationalError)
    name = "STANDUP_BROKER_URL" if is_of_broker and process.settings().broker_url else "STANDUP_REDIS_URL"
    return (
        f"Redis does not answer at {process.redis_place(of_broker=is_of_broker)} ({type(error).__name__}). "
        f"Check {name} and whether the server runs."
    )


add_completion_class(ColonComplete)


@click.group(cls=_Commands, epilog=_FIRST_LOOK, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="standup-briefings", prog_name="standup", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Yesterday's figures, in every supervisor's hands before the morning stand-up."""
    from worker.wiring import process

    if ctx.invoked_subcommand != "notices":  # a server of other programs, which waits for Redis as workers do
        process.answer_at_once()
