"""Ask for known vulnerabilities of the locked packages, by pip-audit, and say for which there was no answer.

pip-audit ends with 0 if the registry knows none of the packages, as a mirror without its JSON pages does. Such an audit
has checked nothing, so it does not count as passed here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-sandbox.lock", "requirements-dev.lock")

CLEAN, VULNERABLE, UNANSWERED = 0, 1, 2
"""Exit statuses. The last: the audit could not be done, or not for all packages."""


@dataclass(frozen=True)
class Report:
    """What the audits of all lock files found. ``unanswered``: packages, or lock files, and why nothing is known."""

    checked: int
    vulnerable: Sequence[str]
    unanswered: Sequence[str]

    def lines(self) -> Iterator[str]:
        """Yield the report for people."""
        yield from (f"vulnerable: {sentence}" for sentence in self.vulnerable)
        if self.unanswered:
            yield f"could not ask for {len(self.unanswered)}, the first: {self.unanswered[0]}"
        yield f"{self.checked} packages checked, {len(self.vulnerable)} known vulnerabilities"

    def exit_status(self, *, allow_offline: bool) -> int:
        """Return the exit status of the audit."""
        if self.vulnerable:
            return VULNERABLE
        return UNANSWERED if self.unanswered and not allow_offline else CLEAN


def audit() -> Report:
    """Audit all lock files."""
    return report_of({lock: ask(ROOT / lock) for lock in LOCKS})


def report_of(answers: dict[str, tuple[str, str]]) -> Report:
    """Return the report of pip-audit's standard output and standard error for each lock file."""
    checked: set[str] = set()
    vulnerable: list[str] = []
    unanswered: list[str] = []
    for lock, (output, errors) in answers.items():
        packages = _packages(output)
        if packages is None:
            unanswered.append(f"{lock}: {(errors.strip().splitlines() or ['no answer'])[-1]}")
            continue
        for package in packages:
            if "skip_reason" in package:
                unanswered.append(f"{package['name']}: {package['skip_reason']}")
                continue
            checked.add(f"{package['name']} {package['version']}")
            vulnerable.extend(_sentence(package, finding) for finding in package["vulns"])
    return Report(len(checked), sorted(set(vulnerable)), unanswered)


def ask(lock: Path) -> tuple[str, str]:
    """Return what pip-audit writes to standard output and standard error about a lock file."""
    options = ("--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off", "--timeout", "20")
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), *options]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.stdout, ended.stderr


def _packages(output: str) -> list[dict[str, Any]] | None:
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return packages


def _sentence(package: dict[str, Any], finding: dict[str, Any]) -> str:
    fixed = ", ".join(finding.get("fix_versions", ())) or "no version yet"
    return f"{package['name']} {package['version']}: {finding['id']}, fixed in {fixed}"
