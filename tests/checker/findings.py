"""What the checker reports: a statement that is false, contradicts another one, or that no pattern knows."""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN = "unknown statement"


@dataclass(frozen=True, slots=True)
class Finding:
    """One false statement: what kind of falsehood, where it is, its text, and what is right."""

    kind: str
    place: str
    text: str
    right: str

    def __str__(self) -> str:
        return f"{self.kind} · {self.place}: {self.text!r} → {self.right}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one briefing: how many statements were checked, and what is wrong with them."""

    statements: int
    findings: tuple[Finding, ...]

    @property
    def unknown(self) -> int:
        """How many statements no pattern knows."""
        return sum(finding.kind == UNKNOWN for finding in self.findings)

    @property
    def false(self) -> int:
        """How many statements are false."""
        return len(self.findings) - self.unknown
