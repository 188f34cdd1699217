"""Run all targets for a time, each for its share: ``python -m tests.fuzz --seconds 120``.

New inputs are kept in ``out/fuzz``, and faults in ``out/fuzz/faults``. An input that was a fault belongs into the
corpus, where a test reads it from then on.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

from tests.fuzz.targets import CORPUS, TARGETS

LONGEST_INPUT = 4096
MEGABYTES = 1024
"""More memory than this is a fault."""

SECONDS_PER_INPUT = 10
_WORD = re.compile(rb"[A-Za-z][A-Za-z0-9_.-]{2,30}")

STARTING_SECONDS = 300
"""How long a program may take beyond its time, before it is ended."""


def main() -> int:
    """Return 1 if a target has a fault, 2 without atheris."""
    arguments = _arguments()
    if importlib.util.find_spec("atheris") is None:
        sys.stderr.write(
            "atheris is not installed. It has wheels for Python 3.11 to 3.13 on Linux (x86-64): "
            "pip install --require-hashes -r requirements-fuzz.txt\n"
        )
        return 2
    names = arguments.only or list(TARGETS)
    seconds = max(arguments.seconds // len(names), 1)
    faulty = [name for name in names if _run(name, seconds, arguments.out) != 0]
    for name in faulty:
        sys.stdout.write(f"{name}: a fault, see {arguments.out}/faults and {arguments.out}/{name}.log\n")
    sys.stdout.write(f"{len(names) - len(faulty)} of {len(names)} readers without a fault in {seconds} s each\n")
    return 1 if faulty else 0


def _run(name: str, seconds: int, folder: Path) -> int:
    """Run one target and return the exit code of its program."""
    new_inputs, faults = folder / name, folder / "faults"
    for directory in (new_inputs, faults):
        directory.mkdir(parents=True, exist_ok=True)
    words = folder / f"{name}.dict"
    words.write_text("".join(f'"{word}"\n' for word in sorted(_words_of(name))), encoding="ascii")
    command = [
        *(sys.executable, "-m", "tests.fuzz.one", name),
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST_INPUT}",
        f"-timeout={SECONDS_PER_INPUT}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-dict={words}",
        f"-artifact_prefix={faults / name}-",
        *map(str, (new_inputs, CORPUS / name)),
    ]
    with (folder / f"{name}.log").open("wb") as log:
        try:
            return subprocess.run(
                command, stdout=log, stderr=log, timeout=seconds + SECONDS_PER_INPUT + STARTING_SECONDS, check=False
            ).returncode
        except subprocess.TimeoutExpired:
            return 1


def _words_of(name: str) -> set[str]:
    """Return the words of the corpus, so that keys and headers are exchanged as a whole."""
    contents = (path.read_bytes() for path in (CORPUS / name).iterdir())
    return {word.decode("ascii") for content in contents for word in _WORD.findall(content)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=int, default=120, help="how long in all")
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    parser.add_argument("--only", action="append", choices=TARGETS, help="a target, repeatable")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
