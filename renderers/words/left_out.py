"""What was left out to keep a message under the size limit."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from renderers.words.numbers import NumberWords
from worker.domain.groups import AppendixPart


class LeftOutWords(NumberWords):
    """The sentences about the rungs of the size ladder."""

    def without_behind(self, part: AppendixPart) -> str:
        """The PDF's table of all agents is left out."""
        return {
            "queues": self.say("the PDF's table of all queues is left out"),
            "half_hours": self.say("the PDF's table of all half-hours is left out"),
            "agents": self.say("the PDF's table of all agents is left out"),
            "source": self.say("the source's own PDF is left out"),
        }[part]

    def unreadable_source_pdf(self, fault: Literal["damaged", "locked", "empty", "no_library"]) -> str:
        """The source's own PDF has no pages and is left out."""
        return {
            "damaged": self.say("The source's own PDF cannot be read (it is damaged) and is left out."),
            "locked": self.say("The source's own PDF cannot be read (it is locked) and is left out."),
            "empty": self.say("The source's own PDF cannot be read (it has no pages) and is left out."),
            "no_library": self.say("The source's own PDF cannot be appended and is left out."),
        }[fault]

    def tight(self) -> str:
        """The workbook is packed tighter."""
        return self.say("the workbook is packed tighter")

    def without_workbook(self) -> str:
        """The workbook is too large to send."""
        return self.say("the workbook is too large to send")

    def summary_alone(self) -> str:
        """The documents are too large to send."""
        return self.say("the documents are too large to send: this message is all")

    def columns(self, sheet: str, headers: tuple[str, ...]) -> str:
        """The workbook's sheet Agents is without Queues, Goal."""
        names = ", ".join(self.say(header) for header in headers)
        return self.say("the workbook's sheet {sheet} is without {columns}", sheet=self.say(sheet), columns=names)

    def agents_on_target(self, hidden: int) -> str:
        """The workbook is without the 1,204 agents on target."""
        return self.many(
            "the workbook is without the {n} agent on target",
            "the workbook is without the {n} agents on target",
            hidden,
        )

    def by_link(self, ends_at: datetime | None) -> str:
        """The workbook is too large to send and waits behind the link, until 2026-10-27 08:00-05:00."""
        if ends_at is None:
            return self.say("the workbook is too large to send and waits behind the link")
        end_text = ends_at.isoformat(sep=" ", timespec="minutes")
        return self.say(
            "the workbook is too large to send and waits behind the link, until {instant}", instant=end_text
        )

    def to_fit(self, limit_bytes: int, rungs: tuple[str, ...]) -> str:
        """To keep the message under 8 MB, the workbook is packed tighter; it is without …"""
        size = self.decimal(limit_bytes / 1e6, 0 if limit_bytes % 1_000_000 == 0 else 1)
        return self.say("To keep the message under {size} MB: {rungs}.", size=size, rungs="; ".join(rungs))
