"""What the words for queues and agents share: how many were missed, and what a cut list leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from renderers.words.names import with_direction_marks
from renderers.words.numbers import MISSING
from renderers.words.verdict import VerdictWords
from worker.domain.metrics import Reading, Status


class ListWords(VerdictWords):
    """The words of any list."""

    def row_span(self, first: int, last: int, total: int) -> str:
        """29–56 of 412: the rows of a long table that are on a page."""
        return self.say(
            "{first}–{last} of {all}", first=self.count(first), last=self.count(last), all=self.count(total)
        )

    def more_in_workbook(self, hidden: int) -> str:
        """+ 12 more in the workbook: the line below a list that was cut."""
        return self.say("+ {number} more in the workbook", number=self.count(hidden))

    def some_names(self, names: Sequence[str], most: int = 2) -> str:
        """Billing EN · Retention · + 3: two of several names, and how many more there are."""
        parts = [with_direction_marks(self.clean(name)) for name in names[:most]]
        return " · ".join([*parts, f"+ {len(names) - most}"] if len(names) > most else parts) or MISSING

    def and_others(self, text: str, readings: Sequence[Reading]) -> str:
        """4 of 12 under target, 2 with few contacts: what is said, with the numbers of those that it leaves out."""
        unknown = sum(reading.ratio is None for reading in readings)
        not_judged = sum(reading.status is Status.NOT_JUDGED for reading in readings)
        thin = sum(reading.status is Status.THIN for reading in readings)
        if not_judged:
            text += self.say(", {number} without a target", number=self.count(not_judged))
        if thin:
            text += self.say(", {number} with few contacts", number=self.count(thin))
        return text + self.say(", {number} without data", number=self.count(unknown)) if unknown else text


def number_missed(readings: Iterable[Reading]) -> int:
    """Return how many readings are off target."""
    return sum(reading.status.is_off_target for reading in readings)
