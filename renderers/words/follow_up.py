"""What became of the talking points of the previous business day."""

from __future__ import annotations

from datetime import date

from renderers.words.readings import ReadingWords, edges_of_goal
from renderers.words.verdict import Sentence
from worker.domain.briefing.content import FollowUp, OpenPoint, OpenPoints, Outcome, PointOutcome
from worker.domain.briefing.talking_points import TalkingPoint
from worker.domain.briefing.usual_content import Measure, Place
from worker.domain.metrics import Metric, Status

_STATUSES = {
    Outcome.AGAIN: Status.MISSED,
    Outcome.BETTER: Status.NOT_JUDGED,
    Outcome.GONE: Status.ON_TARGET,
    Outcome.CANNOT_TELL: Status.THIN,
}
"""The sign of each outcome. A figure that is better still misses its target, so it has no tick."""


class FollowUpWords(ReadingWords):
    """The sentences about earlier talking points."""

    def follow_up_heading(self, follow_up: FollowUp) -> str:
        """What became of the points of Tue 20 Oct."""
        return self.say("What became of the points of {day}", day=self.short_day(follow_up.day))

    def follow_up(self, follow_up: FollowUp, day: date) -> tuple[Sentence, ...]:
        """Return a sentence for each point, with its figures then and on ``day``."""
        return tuple(self._outcome(outcome, follow_up.day, day) for outcome in follow_up.points)

    def open_points_heading(self, points: OpenPoints) -> str:
        """Still open from Tue 20 Oct."""
        return self.say("Still open from {day}", day=self.short_day(points.day))

    def open_points(self, points: OpenPoints) -> tuple[Sentence, ...]:
        """Return a sentence for each point, with its figure of that day."""
        return tuple(self._open_point(point, points.day) for point in points.points)

    def _open_point(self, point: OpenPoint, day: date) -> Sentence:
        head = self.say("Open: {point}", point=self._point(point.point, point.name))
        value = point.point.value
        if value is None:
            return Sentence(Status.NOT_JUDGED, head, ())
        figure = self.say("{figure} on {day}.", day=self.day_of_month(day), figure=self._figure(point.point, value))
        return Sentence(Status.NOT_JUDGED, head, (figure,))

    def outcome(self, outcome: Outcome) -> str:
        """Again, Better, Gone, Cannot tell."""
        return {
            Outcome.AGAIN: self.say("Again"),
            Outcome.BETTER: self.say("Better"),
            Outcome.GONE: self.say("Gone"),
            Outcome.CANNOT_TELL: self.say("Cannot tell"),
        }[outcome]

    def _outcome(self, outcome: PointOutcome, day: date, next_day: date) -> Sentence:
        head = self.say("{outcome}: {point}", outcome=self._result(outcome), point=self._followed_point(outcome))
        sentences = [self._figures(outcome.point, day, next_day, outcome.value)]
        if outcome.outcome is Outcome.BETTER:
            sentences.append(self.say("Back inside its usual range."))
        elif outcome.is_outside:
            sentences.append(self.say("Outside its usual range, but not unusual."))
        elif outcome.is_goal_changed:
            sentences.append(self.say("The goal has changed since."))
        elif outcome.outcome is Outcome.CANNOT_TELL:
            sentences.append(self.say("Too little is known to compare."))
        return Sentence(_STATUSES[outcome.outcome], head, tuple(filter(None, sentences)))

    def _result(self, outcome: PointOutcome) -> str:
        """Return the outcome. A figure that is outside its usual range and not unusual has a word of its own."""
        return self.say("Still outside") if outcome.is_outside else self.outcome(outcome.outcome)

    def _followed_point(self, outcome: PointOutcome) -> str:
        """Return the point, or only its metric if that is better: "off target" would read as the opposite."""
        point = outcome.point
        if outcome.outcome is Outcome.BETTER and point.metric is not None:
            return self.in_medium(self.metric(Metric(point.metric)), point.medium)
        return self._point(point, outcome.name)

    def _point(self, point: TalkingPoint, queue: str) -> str:
        queue_name = self.clean(queue) if queue else self.say("a queue")
        window = self.clock_span(point.start or "", point.end or "")
        texts = {
            "worst_run": lambda: self.say("{window} under target", window=window),
            "target_missed": lambda: self.say("{metric} off target", metric=self.metric(Metric(point.metric or ""))),
            "costly_queues": lambda: self.say("{queue} under target", queue=queue_name),
            "agents_under_floor": lambda: self.say(
                "agents under {floor} adherence", floor=self.round_percent(point.floor or 0)
            ),
            "occupancy_high": lambda: self.say("occupancy above its band"),
            "occupancy_low": lambda: self.say("occupancy below its band"),
            "service_level_change": lambda: self.say("service level unusually low"),
            "volume_high": lambda: self.say("more contacts than usual"),
            "silent_hours": lambda: self.say("{window} without a contact", window=window),
            "figure_unusual": lambda: self._unusual_point(point),
            "queue_unusual": lambda: self._unusual_in_queue(point, queue),
        }
        return self.in_medium(texts[point.kind](), point.medium)

    def _unusual_in_queue(self, point: TalkingPoint, queue: str) -> str:
        """Long handle time in Billing: the name last, where a page with too little room cuts it."""
        name = self.clean(queue) if queue else self.say("a queue")
        return {
            ("service_level", Place.UNUSUALLY_LOW): lambda: self.say("low service level in {queue}", queue=name),
            ("offered", Place.UNUSUALLY_LOW): lambda: self.say("few contacts in {queue}", queue=name),
            ("offered", Place.UNUSUALLY_HIGH): lambda: self.say("many contacts in {queue}", queue=name),
            ("handle_time", Place.UNUSUALLY_LOW): lambda: self.say("short handle time in {queue}", queue=name),
            ("handle_time", Place.UNUSUALLY_HIGH): lambda: self.say("long handle time in {queue}", queue=name),
        }[point.metric or "", Place(point.place or "")]()

    def _unusual_point(self, point: TalkingPoint) -> str:
        """Handle time unusually long, as a part of a sentence."""
        return {
            ("service_level", Place.UNUSUALLY_LOW): lambda: self.say("service level unusually low"),
            ("abandonment", Place.UNUSUALLY_HIGH): lambda: self.say("abandonment unusually high"),
            ("offered", Place.UNUSUALLY_LOW): lambda: self.say("unusually few contacts"),
            ("offered", Place.UNUSUALLY_HIGH): lambda: self.say("unusually many contacts"),
            ("handle_time", Place.UNUSUALLY_LOW): lambda: self.say("handle time unusually short"),
            ("handle_time", Place.UNUSUALLY_HIGH): lambda: self.say("handle time unusually long"),
            ("speed_of_answer", Place.UNUSUALLY_HIGH): lambda: self.say("answers unusually slow"),
            ("occupancy", Place.UNUSUALLY_LOW): lambda: self.say("occupancy unusually low"),
            ("occupancy", Place.UNUSUALLY_HIGH): lambda: self.say("occupancy unusually high"),
            ("adherence", Place.UNUSUALLY_LOW): lambda: self.say("adherence unusually low"),
        }[point.metric or "", Place(point.place or "")]()

    def _figures(self, point: TalkingPoint, day: date, next_day: date, value: float | None) -> str:
        """Tue 20: 40%, Wed 21: 85%. Nothing where the figure of the second day is not known."""
        if point.value is None or value is None:
            return ""
        first_text, second_text = (self._figure(point, figure) for figure in (point.value, value))
        days = self.day_of_month(day), self.day_of_month(next_day)
        return self.say(
            "{day}: {before}, {next_day}: {after}.", day=days[0], before=first_text, next_day=days[1], after=second_text
        )

    def _figure(self, point: TalkingPoint, value: float) -> str:
        if point.kind == "agents_under_floor":
            return self.many("{n} agent", "{n} agents", int(value))
        if point.kind in ("volume_high", "silent_hours") or point.metric == Measure.OFFERED:
            return self.many("{n} contact", "{n} contacts", int(value))
        if point.metric in (Measure.HANDLE_TIME, Measure.SPEED_OF_ANSWER):
            return self.average_time(1000 * value)
        return self.percent(value, 1, *edges_of_goal(point.goal))
