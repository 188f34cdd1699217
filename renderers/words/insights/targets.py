"""Talk about targets missed, met, and met for days."""

from __future__ import annotations

from renderers.words.insights.talk import Figures, Talk
from renderers.words.summaries import SummaryWords
from worker.domain.metrics import Metric


class TargetTalk(SummaryWords):
    """The talking points about targets."""

    def _on_target_streak(self, figures: Figures) -> Talk:
        name = self.in_medium(self.metric(Metric(figures["metric"])), figures.get("medium"))
        days = figures["days"]
        if figures.get("may_be_longer"):
            head = self.say("{metric}: at least {n} days on target", metric=name, n=days)
        else:
            head = self.many("{metric}: {n} day on target", "{metric}: {n} days on target", days, metric=name)
        return head, [self.say("Business days in a row, this one included."), self.say("Well done.")]

    def _target_missed(self, figures: Figures) -> Talk:
        name = self.in_medium(self.metric(Metric(figures["metric"])), figures.get("medium"))
        head = self.say("{metric}: target missed", metric=name)
        return head, [self._against_goal(figures), *self._contacts_off_target(figures), *self._missed_on_days(figures)]

    def _contacts_off_target(self, figures: Figures) -> list[str]:
        """46 contacts short."""
        if "contacts_off_target" not in figures:
            return []
        return [f"{self.contacts_off_target(Metric(figures['metric']), figures['contacts_off_target'])}."]

    def _missed_on_days(self, figures: Figures) -> list[str]:
        """Off target on 8 of the last 10 days: of a goal that is missed on most days, and so told once a week."""
        if "missed_days" not in figures:
            return []
        counts = {"missed": figures["missed_days"], "days": figures["days"]}
        return [self.say("Off target on {missed} of the last {days} days.", **counts)]

    def _target_met(self, figures: Figures) -> Talk:
        name = self.in_medium(self.metric(Metric(figures["metric"])), figures.get("medium"))
        return self.say("Well done: {name}", name=name), [self._against_goal(figures)]

    def _against_goal(self, figures: Figures) -> str:
        metric, goal = Metric(figures["metric"]), figures["goal"]
        value = self.percent(figures["value"], 1, *(goal if isinstance(goal, tuple) else (goal,)))
        return self.say("{value} against a goal of {goal}.", value=value, goal=self.aim(metric, goal))

    def _all_targets_met(self, _: Figures) -> Talk:
        return self.say("All targets of the group met"), [
            self.say("Say thank you."),
        ]
