"""The sentences about a low service level and its causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from renderers.words.rounding import half_up
from renderers.words.why.waterfall import MINUS, WaterfallWords, rounded_to_sum
from worker.domain.why.content import ExplainedFactor, NotExplained, Why


class WhyWords(WaterfallWords):
    """The sentences about a low service level and its causes."""

    def why_title(self) -> str:
        """Return the head of the page."""
        return self.say("Why service level was low")

    def why_summary(self, explanation: Why) -> tuple[str, ...]:
        """Return the conclusion, and how much of the change it is about."""
        if explanation.causes:
            causes = [self.cause(explanation.factor(factor)) for factor in explanation.causes]
            head = (
                self.say("One cause outside its usual range: {cause}.", cause=causes[0])
                if len(causes) == 1
                else self.say("Two causes: {cause}, {other}.", cause=causes[0], other=causes[1])
            )
            return head, self._share_of_causes(explanation)
        if explanation.is_mostly_unexplained:
            return (self.say("Cannot be explained from these figures."),)
        return self.say("No single cause."), self.say("No factor outside its usual range explains enough of it.")

    def _share_of_causes(self, explanation: Why) -> str:
        part = sum(explanation.factor(factor).part or 0.0 for factor in explanation.causes)
        number, text = _whole_points(part), self._whole_part(part)
        if len(explanation.causes) > 1:
            return self.many(
                "Together they cost about {part} point.", "Together they cost about {part} points.", number, part=text
            )
        return self.many("It cost about {part} point.", "It cost about {part} points.", number, part=text)

    def _whole_part(self, part: float) -> str:
        """Return points of a fall in whole numbers. A part that raised the service level does not come here."""
        whole = half_up(abs(100 * part))
        return self.decimal(float(whole), 0) if whole else self.say("less than 1")

    def why_talk(self, explanation: Why) -> tuple[str, list[str]]:
        """Return the talking point: how far the service level is down, and why."""
        head = self.say(
            "Service level {number} points below average", number=self.decimal(abs(100 * explanation.change), 0)
        )
        question = self.say("Does it go on today?")
        return head, [*self._why_sentences(explanation), question]

    def _why_sentences(self, explanation: Why) -> Iterator[str]:
        if explanation.causes:
            yield self._named_causes([explanation.factor(factor) for factor in explanation.causes])
            yield from self._brought_back(explanation)
        elif explanation.is_mostly_unexplained:
            yield (
                self.say("Contacts, handle time and mix explain less than half of it.")
                if not explanation.is_staffing_known
                else self.say("Contacts, handle time, agent hours and mix explain less than half of it.")
            )
        else:
            parts = ", ".join(f"{name} {points}" for name, points in self._parts_in_words(explanation))
            yield self.say("No single cause: {parts}.", parts=parts)
        if explanation.causes and not explanation.is_staffing_known:
            yield self.say("The rest is staffing or chance.")

    def _named_causes(self, factors: Sequence[ExplainedFactor]) -> str:
        first = factors[0]
        number = _whole_points(first.part or 0.0)
        parts = {"part": self._whole_part(first.part or 0.0), "cause": self.cause(first)}
        if len(factors) == 1:
            return self.many("About {part} point from {cause}.", "About {part} points from {cause}.", number, **parts)
        return self.many(
            "About {part} point from {cause}, {other_part} from {other}.",
            "About {part} points from {cause}, {other_part} from {other}.",
            number,
            other_part=self._whole_part(factors[1].part or 0.0),
            other=self.cause(factors[1]),
            **parts,
        )

    def _brought_back(self, explanation: Why) -> Iterator[str]:
        """Say how much all else raised the service level, where the causes cost more than it is down by."""
        rest = explanation.change - sum(explanation.factor(factor).part or 0.0 for factor in explanation.causes)
        if half_up(100 * rest) >= 1:
            yield self.say("All else brought back about {part}.", part=self._whole_part(rest))

    def _parts_in_words(self, explanation: Why) -> Iterator[tuple[str, str]]:
        """Yield each known factor and the rest, in whole points that sum to the whole points of the change."""
        factors = [factor for factor in explanation.factors if factor.part is not None]
        exact_parts = [100 * (factor.part or 0.0) for factor in factors] + [100 * explanation.unexplained]
        whole = rounded_to_sum(exact_parts, int(half_up(100 * explanation.change)))
        rest = self.say("not explained") if explanation.is_staffing_known else self.say("staffing or chance")
        names = [*(self._short_name(factor.factor) for factor in factors), rest]
        for name, points in zip(names, whole, strict=True):
            yield name, ("+" if points > 0 else MINUS if points < 0 else "") + self.decimal(abs(points), 0)

    def why_notes(self, explanation: Why) -> tuple[str, ...]:
        """Return what a reader must know of the method."""
        of_agents = (
            self.say("Agent hours are time, not head count: they hold absence, meetings and breaks alike.")
            if explanation.is_staffing_known
            else self.say("Agents’ time is not known, so the rest may be staffing or chance.")
        )
        return (
            self.say(
                "The parts add up to the total. Each is the share of the change that a model of waiting gives to it."
            ),
            self.say("A cause is named only if it lies outside its own usual range and explains enough of the change."),
            of_agents,
        )

    def not_explained(self, reason: NotExplained) -> str:
        """Say why a low service level is not explained."""
        reasons = {
            NotExplained.FEW_CONTACTS: self.say("Not explained: fewer than 150 contacts."),
            NotExplained.NO_THRESHOLD: self.say("Not explained: within how many seconds is in time is not known."),
            NotExplained.INCOMPLETE_DAY: self.say("Not explained: counts or handle times of the day are missing."),
            NotExplained.FEW_DAYS: self.say("Not explained: too few earlier days have all counts and handle times."),
            NotExplained.MEDIUM: self.say("Not explained: only calls and chats can be."),
        }
        return reasons[reason]


def _whole_points(part: float) -> int:
    """Return the number by which a sentence says "point" or "points": 1 for "less than 1" too."""
    return max(1, int(half_up(abs(100 * part))))
