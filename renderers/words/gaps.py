"""Say what rows lack, and what a source says about itself. Names from outside stay as they are."""

from __future__ import annotations

from collections.abc import Iterable

from renderers.words.readings import ReadingWords
from worker.domain.gap_texts import NOTE_NAMES, NOTE_STATES, PARTS, GapPart, GapText, values_in
from worker.domain.rows import Gap, SourceNote


class GapWords(ReadingWords):
    """The words about gaps and about requests to the source."""

    def gap_detail(self, gap: Gap) -> str:
        """Return what is missing. A gap without a template, as an earlier version stored them, stays in English."""
        if gap.text not in GapText.__members__:
            return self.clean(gap.detail)
        values = {name: self._part(value, PARTS.get(name, ())) for name, value in gap.values.items()}
        return self.clean(self.say(GapText[gap.text].value, **values))

    def source_name(self, note: SourceNote) -> str:
        """Say what was asked for: report Support, export of queues."""
        return self.clean(self._part(note.what, NOTE_NAMES))

    def source_status(self, note: SourceNote) -> str:
        """Say how a request ended."""
        return self.clean(self._part(note.status, NOTE_STATES))

    def _part(self, value: str, parts: Iterable[GapPart]) -> str:
        """Translate our own words in a value. A value that none of the parts gives stays as it is."""
        for part in parts:
            if (values := values_in(part, value)) is not None:
                return self.say(part.value, **values)
        return value
