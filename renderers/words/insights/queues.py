"""Talk about queues that were costly, unusual or the best."""

from __future__ import annotations

from renderers.words.insights.talk import HEAD_LIMIT, Figures, Talk
from renderers.words.names import shorten_name
from renderers.words.summaries import SummaryWords
from renderers.words.usual import UsualWords
from worker.domain.metrics import Metric


class QueueTalk(SummaryWords, UsualWords):
    """The talking points about queues."""

    def _costly_queues(self, figures: Figures) -> Talk:
        names, suffixes = self._costly_names(figures)
        comparison = self.many(
            "{share} not answered in time ({late} of {all}), elsewhere{medium} {other_share} "
            "({other_late} of {other_all}).",
            "Together {share} not answered in time ({late} of {all}), elsewhere{medium} {other_share} "
            "({other_late} of {other_all}).",
            len(names),
            medium=suffixes[-1],
            late=self.count(figures["late"]),
            all=self.count(figures["counted"]),
            other_late=self.count(figures["other_late"]),
            other_all=self.count(figures["other_counted"]),
            **self._late_shares(figures),
        )
        return self._joined([name + suffix for name, suffix in zip(names, suffixes, strict=True)]), [
            comparison,
            *self._own_goal(figures),
        ]

    def _own_goal(self, figures: Figures) -> list[str]:
        """Its goal: ≥ 90%. Nothing for a queue with the same goal as the group."""
        if "own_goal" not in figures:
            return []
        return [self.say("Its goal: {goal}.", goal=self.aim(Metric.SERVICE_LEVEL, figures["own_goal"]))]

    def _costly_names(self, figures: Figures) -> tuple[list[str], list[str]]:
        """Return the names, and what follows each: its medium, only behind the last where all have the same."""
        names = [self.clean(name) for name in figures["names"]]
        suffixes = [self.in_medium("", medium) for medium in figures.get("media") or [None] * len(names)]
        if len(set(suffixes)) == 1:
            suffixes = [*[""] * (len(names) - 1), suffixes[0]]
        return names, suffixes

    def _short_costly_queues(self, figures: Figures) -> str:
        return self.say("{share} not answered in time, elsewhere {other_share}.", **self._late_shares(figures))

    def _late_shares(self, figures: Figures) -> dict[str, str]:
        return {
            "share": self.percent(figures["late"] / figures["counted"], 0),
            "other_share": self.percent(figures["other_late"] / figures["other_counted"], 0),
        }

    def _best_queue(self, figures: Figures) -> Talk:
        level = self.percent(figures["service_level"], 1, figures["goal"])
        offered = self.count(figures["offered"])
        best = self.say(
            "The highest service level of the {queues} queues with at least {number} contacts.",
            queues=self.count(figures["queues"]),
            number=self.count(figures["fewest_contacts"]),
        )
        return (
            self._praised_queue(figures),
            [
                self.say("{level} service level, {offered} contacts offered.", level=level, offered=offered),
                best,
                *self._own_goal(figures),
            ],
        )

    def _praised_queue(self, figures: Figures, limit: int | None = None) -> str:
        name, suffix = self.clean(figures["name"]), self.in_medium("", figures.get("medium"))
        if limit is not None:
            name = shorten_name(name, limit - len(self.say("Well done: {name}", name=suffix)))
        return self.say("Well done: {name}", name=name + suffix)

    def _short_praised_queue(self, figures: Figures) -> str:
        return self._praised_queue(figures, HEAD_LIMIT)

    def _queue_unusual(self, figures: Figures) -> Talk:
        name = self.in_medium(self.clean(figures["name"]), figures.get("medium"))
        return self._unusual_queue(name, figures), [self.unusual_value(figures), self.question_on_unusual(figures)]

    def _unusual_queue(self, name: str, figures: Figures) -> str:
        return self.unusual_queue_head(name, figures["measure"], figures["usual"].place)

    def _short_unusual_queue(self, figures: Figures) -> str:
        suffix = self.in_medium("", figures.get("medium"))
        room = HEAD_LIMIT - len(self._unusual_queue(suffix, figures))
        return self._unusual_queue(shorten_name(self.clean(figures["name"]), room) + suffix, figures)

    def _joined(self, names: list[str]) -> str:
        """Join one or two names with "and"."""
        return names[0] if len(names) == 1 else self.say("{one} and {other}", one=names[0], other=names[1])

    def _short_costly_names(self, figures: Figures) -> str:
        """Join the names. Cut each in its middle to an equal share where they are too long for a line."""
        names, suffixes = self._costly_names(figures)
        room = HEAD_LIMIT - len(self._joined(suffixes))
        share = room // len(names)
        spare = sum(max(share - len(name), 0) for name in names)
        short = [shorten_name(name, share + spare) + suffix for name, suffix in zip(names, suffixes, strict=True)]
        return self._joined(short)
