"""`standup init`: ask for what a first briefing needs, write it down, check it, and send a preview.

dialog        the questions, in their order
questions     one question, asked until its answer can be used
organisation  the names of the queues, and which of them an operator means
files         the text of the group file, and the settings in `.env`
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from worker.cli.init import dialog, files
from worker.settings import sources

GROUPS_FOLDER = Path("groups")
_GROUPS = "STANDUP_GROUPS"


@click.command(short_help="Set up the first group in this folder, by questions.")
@click.option("--no-preview", is_flag=True, help="Send no preview to the address of the group.")
def init(no_preview: bool) -> None:
    """Ask for region, client, queues, mail server and recipient, and write `.env` and a group file.

    The group file goes into the folder STANDUP_GROUPS, or into `groups` in this folder if that is not set. Settings
    that the environment or `.env` has already are kept and not asked for. Then it runs `standup doctor` for the group,
    and sends the last business day's briefing to its address as a preview.
    """
    answers = dialog.Answers(sources.variables())
    folder = files.groups_folder(answers.get(_GROUPS), GROUPS_FOLDER)
    group = dialog.ask_for_all(answers, folder)
    path = folder / f"{group.key}.toml"
    new_folder = {} if answers.get(_GROUPS) else {_GROUPS: str(folder.absolute())}
    files.write(path, group, answers.new | new_folder, sources.ENV_FILE)
    click.echo(f"\nWritten: {path} and {sources.ENV_FILE}, which only you can read.")
    if names := sources.only_in_environment():
        click.echo(f"Not written, because this shell has them: {', '.join(names)}. Worker and beat need them too.")
    click.echo("Now `standup doctor` checks everything. Worker and beat are missing until you start them.\n")
    _standup("doctor", "--group", group.key)
    if not no_preview:
        click.echo(f"\nThe last business day's briefing, as a preview for {group.email}:")
        _standup("preview", group.key, "--to", group.email)
    click.echo(
        "\nStart these two in this folder, and the group gets its briefing every morning:"
        "\n  celery -A worker worker"
        "\n  celery -A beat_schedule beat"
        "\n`standup plan` shows when. docs/groups.md describes everything that a group file can say."
    )


def _standup(*arguments: str) -> None:
    """Run another command, which reads the new `.env` as every program does. Its own output says what is wrong."""
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "worker.cli", *arguments], check=False)  # noqa: S603  # our own command
