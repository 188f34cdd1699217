"""The entry of the `standup` command. It imports so little that Ctrl-C during the other imports is one line too."""

from __future__ import annotations

import sys


def main() -> None:
    """Import the commands and run one."""
    try:
        from worker.cli import main as commands
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    commands()
