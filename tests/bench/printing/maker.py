"""A process that makes documents on request, seen from the bench, and how to install one that is missing."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from worker.domain.briefing.content import Briefing

_ROOT = Path(__file__).parents[3]
_PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_WAYS = {
    "WeasyPrint": f"it comes with requirements-dev.lock and needs Debian's libraries: apt-get install {_PANGO}",
    "Chromium": "apt-get install chromium",
    "headless shell": "apt-get install chromium-headless-shell",
}


class Made(NamedTuple):
    """A document, the CPU milliseconds that it took, and its maker's megabytes at the peak so far."""

    ms: float
    megabytes: float
    document: bytes


class MissingError(Exception):
    """A maker that cannot be used on this machine: which, why, and how to get it."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name} is missing ({reason}): {_WAYS.get(name.partition(',')[0], 'make .venv/installed')}")


class Maker:
    """One of `child.MAKERS`, started at once. Leaving the ``with`` block ends it.

    :raises MissingError: if what it needs is not there
    """

    def __init__(self, name: str) -> None:
        self.name = name
        command = [sys.executable, "-m", "tests.bench.printing.child", name]
        self._process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if reason := self._answer():
            self.__exit__()
            raise MissingError(name, reason)

    def __enter__(self) -> Maker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def make(self, content: Briefing | str) -> Made:
        """A document of the briefing, or of the web page's text."""
        assert self._process.stdin
        pickle.dump(content, self._process.stdin)
        self._process.stdin.flush()
        return Made(*self._answer())

    def _answer(self) -> Any:
        assert self._process.stdout
        try:
            return pickle.load(self._process.stdout)  # noqa: S301 - from a process of ours
        except EOFError:
            raise RuntimeError(f"{self.name} ended at work. Its output is above.") from None
