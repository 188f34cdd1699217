"""Write the sentence of an insight, by its kind."""

from __future__ import annotations

from collections.abc import Callable

from renderers.words.insights.day import DayTalk
from renderers.words.insights.half_hours import HalfHourTalk
from renderers.words.insights.queues import QueueTalk
from renderers.words.insights.talk import Figures, Talk
from renderers.words.insights.targets import TargetTalk
from renderers.words.verdict import Sentence
from worker.domain.briefing.content import Insight
from worker.domain.metrics import Status


class InsightWords(HalfHourTalk, QueueTalk, DayTalk, TargetTalk):
    """The sentences about insights."""

    def insight(self, insight: Insight) -> Sentence:
        """Return the sentence of an insight. Raise ValueError for a kind that has none."""
        if insight.kind not in _SENTENCES:
            raise ValueError(f"there is no sentence for insights of kind {insight.kind!r}: add one to renderers.words")
        head, sentences = _SENTENCES[insight.kind](self, insight.figures)
        if (medium := insight.figures.get("medium")) and insight.kind in _NAMES_MEDIUM_FIRST:
            sentences = [self.by_medium(sentences[0], str(medium)), *sentences[1:]]
        short = _SHORT[insight.kind](self, insight.figures) if insight.kind in _SHORT else ""
        short_head = _SHORT_HEADS[insight.kind](self, insight.figures) if insight.kind in _SHORT_HEADS else head
        return Sentence(insight.status, head, tuple(sentences), short, short_head)

    def sign_of_talk(self, status: Status) -> str:
        """What the shape beside a talking point says to a screen reader. It is no verdict on a target."""
        return self.say("Praise") if status is Status.ON_TARGET else self.say("To raise")


_SENTENCES: dict[str, Callable[[InsightWords, Figures], Talk]] = {
    "incomplete_data": InsightWords._incomplete_data,
    "worst_run": InsightWords._worst_run,
    "silent_hours": InsightWords._silent_hours,
    "today_short": InsightWords._today_short,
    "costly_queues": InsightWords._costly_queues,
    "agents_under_floor": InsightWords._agents_under_floor,
    "occupancy_high": InsightWords._occupancy_high,
    "occupancy_low": InsightWords._occupancy_low,
    "service_level_change": InsightWords._service_level_change,
    "service_level_low": InsightWords._service_level_low,
    "volume_high": InsightWords._volume_high,
    "figure_unusual": InsightWords._figure_unusual,
    "queue_unusual": InsightWords._queue_unusual,
    "best_queue": InsightWords._best_queue,
    "on_target_streak": InsightWords._on_target_streak,
    "target_met": InsightWords._target_met,
    "target_missed": InsightWords._target_missed,
    "all_targets_met": InsightWords._all_targets_met,
}
_SHORT: dict[str, Callable[[InsightWords, Figures], str]] = {
    "incomplete_data": InsightWords._short_incomplete_data,
    "costly_queues": InsightWords._short_costly_queues,
}
"""Shorter first sentences, for pages where the longest figures have no room."""
_SHORT_HEADS: dict[str, Callable[[InsightWords, Figures], str]] = {
    "costly_queues": InsightWords._short_costly_names,
    "best_queue": InsightWords._short_praised_queue,
    "queue_unusual": InsightWords._short_unusual_queue,
}
"""Heads with cut names, for pages where the whole names have no room."""
_NAMES_MEDIUM_FIRST = ("worst_run", "service_level_change", "service_level_low", "volume_high")
"""Kinds whose first sentence begins with the medium, on a day with several."""
KINDS = frozenset(_SENTENCES)
